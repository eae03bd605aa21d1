"""New policies: from nothing, or as a copy that keeps every byte but id and title. What is made is a draft."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import Connection

from policy import editor
from policy.errors import Finding, SourceError
from policy.model.document import Kind, PolicyDocument, VocabularyDocument
from policy.reader import read
from policy.values import Text
from webadmin import library
from webadmin.library import Look
from webadmin.rulesets import blank, taking
from webadmin.rulesets.taking import Fields
from webadmin.store import drafts, published, revisions
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction

LONGEST = 60
"""Characters of a name behind the kind."""

LONGEST_TITLE = 200
VOCABULARY = "vocabulary"
CONSULTATION = "consultation"
MADE, COPIED = "made", "copied"
"""What is kept of how a draft began."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class TakenError(Exception):
    """There is a document of that id already.

    Attributes:
        free: The nearest id that is free.
    """

    def __init__(self, free: str) -> None:
        super().__init__(free)
        self.free = free


class UnfitError(Exception):
    """What would be made does not load.

    Attributes:
        findings: Why.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("unfit")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Source:
    """A policy that can be copied, as it is in effect, a draft, or as it was retired.

    Attributes:
        of: `live`, `draft` or the number of a revision.
    """

    name: str
    of: str
    title: Text | str

    @property
    def key(self) -> str:
        """Return what a form calls it."""
        return f"{self.name}@{self.of}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        name: Id of the new policy.
        source: `name@of` of what is copied; empty: from nothing.
        subject: Path of the id of what is decided about; empty: the usual one of the kind.
        inputs: Paths from the vocabulary.
    """

    name: str
    title: Text
    source: str = ""
    subject: str = ""
    inputs: tuple[str, ...] = ()


def is_name(text: str) -> bool:
    """Say whether a text can stand behind the kind in an id: lower case, digits, hyphens between them."""
    return len(text) <= LONGEST and _NAME.fullmatch(text) is not None


def near_name(text: str) -> str:
    """Return the name nearest to a text that is none; empty where nothing of it can stay."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-0123456789")[:LONGEST].strip("-")
    return plain if is_name(plain) else ""


def taken(record: Record, connection: Connection) -> set[str]:
    """Return the ids of all documents there are: published, proposed, drafted, or left out of the folder for errors."""
    written = {row.document for row in drafts.everything(connection)}
    return {*published.known(connection), *written, *record.catalogue.left}


def free(name: str, known: Collection[str]) -> str:
    """Return the nearest id that no document has."""
    if name not in known:
        return name
    stem = re.sub(r"-\d+$", "", name)[: len(name.partition(".")[0]) + LONGEST - 3]
    return next(each for each in (f"{stem}-{number}" for number in count(2)) if each not in known)


def sources(connection: Connection, act: Act) -> list[Source]:
    """Return what can be copied, by id: in effect first, then the draft."""
    found = []
    for listed in library.everything(connection, act.now, act.today):
        look = listed.look
        if look.kind is None:
            continue
        found.append(Source(look.name, look.of, look.title))
        if look.draft is not None and look.of != library.DRAFT:
            found.append(Source(look.name, library.DRAFT, look.title))
    return found


def source(connection: Connection, key: str, act: Act) -> Look | None:
    """Return the policy a form means by `name@of`, None where there is none."""
    name, _, of = revisions.sought(key).rpartition("@")
    look = library.look(connection, name, act.today, of) if library.kind_of(name) else None
    return look if look is not None and of else None


def fields(connection: Connection, act: Act) -> Fields:
    """Return the fields of the vocabulary in effect that a policy may take."""
    look = library.look(connection, VOCABULARY, act.today, library.LIVE)
    document = None if look is None else look.document
    return taking.choosable(document if isinstance(document, VocabularyDocument) else None)


def make(record: Record, wanted: Wanted, act: Act) -> int:
    """Make a draft of a new policy; return the number of its state.

    Args:
        record: Where drafts are kept.
        wanted: What is asked for; its id is well formed.
        act: Who asks, and when.

    Raises:
        TakenError: there is a document of that id.
        UnfitError: it would not load.
        BusyError: it could not be written.
    """
    with record.engine.connect() as connection:
        text = _copied(connection, wanted, act) if wanted.source else _blank(connection, wanted, act)

    def work(transaction: Transaction) -> int:
        transaction.flush()
        known = taken(record, transaction.connection)
        if wanted.name in known:
            raise TakenError(free(wanted.name, known))
        what = f"{COPIED} {wanted.source}" if wanted.source else MADE
        return drafts.begin(transaction, wanted.name, text, act, what=what[:200])

    return record.writer.write(work)


def _blank(connection: Connection, wanted: Wanted, act: Act) -> str:
    known = fields(connection, act)
    chosen = [path for path in wanted.inputs if path in known]
    subject = wanted.subject if wanted.subject in blank.subjects(known) else ""
    try:
        text = blank.text(wanted.name, wanted.title, subject, chosen, known)
    except SourceError as error:
        raise UnfitError(error.findings) from error
    look = library.draft_with(connection, wanted.name, text, act.today)
    if look.policy is None:
        raise UnfitError(look.errors)
    return blank.with_test(text, look.policy, act.today)


def _copied(connection: Connection, wanted: Wanted, act: Act) -> str:
    look = source(connection, wanted.source, act)
    if look is None:
        raise UnfitError(())
    try:
        text = editor.set_value(look.text, ("policy",), wanted.name)
        text = editor.set_title(text, wanted.title)
        return editor.set_value(text, (CONSULTATION,), None) if has_consultation(look) else text
    except SourceError as error:
        raise UnfitError(error.findings) from error


def has_consultation(look: Look) -> bool:
    """Say whether a policy carries a record of consultation: it is about that text, and not copied."""
    document = read(look.text, name=look.name).document
    if not isinstance(document, PolicyDocument) or document.kind is not Kind.PENALTY:
        return False
    return getattr(document.section, CONSULTATION, None) is not None
