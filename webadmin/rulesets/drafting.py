"""What happens to drafts: begun, changed, merged, undone, given up and brought back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from policy.model.document import PolicyDocument
from webadmin import library
from webadmin.library import Look
from webadmin.rulesets import editing, rowediting, several
from webadmin.rulesets.editing import Change, ChangedError, HalfError, MissingError
from webadmin.rulesets.known import Known, known
from webadmin.rulesets.merging import Merge
from webadmin.store import drafts, revisions
from webadmin.store.drafts import StaleError
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction

LARGEST = 1 << 20
"""Bytes of a document; the engine refuses larger ones anyway."""

LOOKED_BACK = 20
"""States of a draft in which a row of a table is looked for that is called otherwise by now."""


class NoDraftError(Exception):
    """There is no draft of that name, and nothing it could begin from."""


class ConflictError(Exception):
    """Two people have changed the same to something else.

    Attributes:
        now: The draft as it is.
        since: Number of the state the text was made from.
        text: The text that was to be saved.
    """

    def __init__(self, now: Row[Any], since: int, text: str) -> None:
        super().__init__("conflict")
        self.now = now
        self.since = since
        self.text = text


@dataclass(frozen=True, slots=True)
class Made:
    """A draft that was changed.

    Attributes:
        version: Number of the state it is in.
        before: Its text before.
        text: Its text now.
    """

    version: int
    before: str
    text: str


def begin(record: Record, name: str, act: Act) -> int:
    """Begin a draft from what is in effect, retired, or proposed; return the number of its state.

    Raises:
        NoDraftError: there is no revision of that name, and no draft.
        BusyError: it could not be written.
    """

    def work(transaction: Transaction) -> int:
        found = drafts.find(transaction.connection, name)
        if found is not None:
            return int(found.version)
        from_ = revisions.basis(transaction.connection, name, act.today)
        if from_ is None:
            raise NoDraftError
        return drafts.begin(transaction, name, from_.text, act, from_.digest, "begun")

    return record.writer.write(work)


def begin_with(record: Record, name: str, text: str, act: Act) -> int:
    """Begin a draft with a text; return the number of its state.

    Raises:
        ConflictError: there is a draft, of another text.
        NoDraftError: there is no revision of that name, and never was a draft.
        BusyError: it could not be written.
    """

    def work(transaction: Transaction) -> int:
        found = drafts.find(transaction.connection, name)
        if found is not None and found.text != text:
            raise ConflictError(found, 0, text)
        from_ = revisions.basis(transaction.connection, name, act.today)
        if from_ is None and not drafts.was_begun(transaction.connection, name):
            raise NoDraftError
        return drafts.begin(transaction, name, text, act, None if from_ is None else from_.digest, "begun")

    return record.writer.write(work)


def others(record: Record, name: str, act: Act) -> list[str]:
    """Return who else has changed the draft of a document within the last day."""
    with record.engine.connect() as connection:
        return drafts.others(connection, name, act.actor, act.now - timedelta(1))


def change(record: Record, name: str, asked: Sequence[Change], since: int, act: Act) -> Made:
    """Make changes one after the other and save them as one state.

    They are made on the draft as it is, also where that is not the state they were asked for.

    Raises:
        BlockError: several were asked for and not all can be made.
        SourceError: the result would not read; carries the findings.
        ChangedError: somebody else has changed the same part.
        MissingError: a rule or row is not there any more, or this cannot be done to this document.
        HalfError: a reason in two languages would be left in one.
        ColumnError: a column of a table cannot be added or taken out.
        NoDraftError: there is no draft.
        BusyError: it could not be written.
    """

    def work(transaction: Transaction) -> Made:
        found = drafts.find(transaction.connection, name)
        if found is None:
            raise NoDraftError
        fresh = asked if found.version != since else [replace(each, was=None, over=each.was) for each in asked]
        text = _made(transaction.connection, found, fresh, act)
        what = f"{asked[0].what} {asked[0].rule}".strip() if len(asked) == 1 else f"several {len(asked)}"
        version = drafts.save(transaction, name, text, act, since=int(found.version), what=what[:200])
        return Made(version, str(found.text), text)

    return record.writer.write(work)


def _made(connection: Connection, found: Row[Any], asked: Sequence[Change], act: Act) -> str:
    """Return the text of a draft with changes made, by what its document is."""
    if library.kind_of(found.document) is not None:
        return several.all_changed(found.text, asked, _known(connection, found.document, found.text, act))

    def earlier() -> Iterator[str]:
        for version in range(int(found.version) - 1, max(int(found.version) - 1 - LOOKED_BACK, 0), -1):
            state = drafts.state(connection, found.document, version)
            if state is not None:
                yield state.text

    return rowediting.all_changed(found.text, asked, act.today, earlier)


def save(record: Record, name: str, text: str, since: int, act: Act, *, what: str = "text") -> tuple[int, bool]:
    """Save a text; where somebody else has changed something else meanwhile, both changes stay.

    Args:
        record: Where drafts are kept.
        name: Of the document.
        text: Its text.
        since: Number of the state the text was made from.
        act: Who saves, and when.
        what: What was done, in a word the pages know.

    Returns:
        Number of the state, and whether it is a merged one.

    Raises:
        ConflictError: both have changed the same; nothing is saved.
        NoDraftError: there is no draft any more.
        BusyError: it could not be written.
    """

    def work(transaction: Transaction) -> tuple[int, bool]:
        found = drafts.find(transaction.connection, name)
        if found is None:
            raise NoDraftError
        if found.version == since:
            return drafts.save(transaction, name, text, act, since=since, what=what), False
        base = drafts.state(transaction.connection, name, since)
        merge = Merge(None if base is None else base.text, found.text, text)
        if merge.both:
            raise ConflictError(found, since, text)
        return drafts.save(transaction, name, merge.text({}), act, since=int(found.version), what="merged"), True

    return record.writer.write(work)


def successor(record: Record, name: str, rule: str, since: int) -> str:
    """Return what a rule of an earlier state is called in the draft as it is: it may have been renamed.

    Args:
        record: Where drafts are kept.
        name: Of the document.
        rule: Id of the rule in the earlier state.
        since: Number of that state.

    Returns:
        Its id; empty where it is not there.
    """
    with record.engine.connect() as connection:
        before, now = drafts.state(connection, name, since), drafts.find(connection, name)
    old, new = (editing.names(each.text) if each is not None else [] for each in (before, now))
    if rule in new or rule not in old or len(old) != len(new):
        return rule if rule in new else ""
    there = new[old.index(rule)]
    return "" if there in old else there


def step(record: Record, name: str, since: int, act: Act, *, back: bool) -> int:
    """Undo or do again; return the number of the state the draft is in.

    Raises:
        StaleError: somebody else has changed it meanwhile.
        BusyError: it could not be written.
    """
    go = drafts.undo if back else drafts.redo
    return record.writer.write(lambda transaction: go(transaction, name, act, since=since))


def discard(record: Record, name: str, since: int, act: Act) -> None:
    """Give a draft up.

    Raises:
        StaleError: somebody else has changed it meanwhile.
        BusyError: it could not be written.
    """
    record.writer.write(lambda transaction: drafts.discard(transaction, name, act, since=since))


def bring_back(record: Record, name: str, version: int, act: Act) -> int:
    """Take a draft up again that was given up.

    Raises:
        StaleError: there is one again already, or that state is not kept.
        BusyError: it could not be written.
    """

    def work(transaction: Transaction) -> int:
        live = revisions.in_effect(transaction.connection, act.today).get(name)
        return drafts.bring_back(transaction, name, version, act, None if live is None else live.digest)

    return record.writer.write(work)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text came to while it is typed.

    Attributes:
        look: As it would be as the draft.
        passed: Tests that pass; None where it does not load.
        tests: All of them.
    """

    look: Look
    passed: int | None
    tests: int


def check(record: Record, name: str, text: str, act: Act) -> Checked:
    """Check a text as it is typed; nothing is kept."""
    with record.engine.connect() as connection:
        look = library.draft_with(connection, name, text, act.today)
    report = look.report
    if report is None:
        return Checked(look, None, 0)
    return Checked(look, sum(each.passed for each in report.results), len(report.results))


def _known(connection: Connection, name: str, text: str, act: Act) -> Known:
    look = library.draft_with(connection, name, text, act.today)
    if not isinstance(look.document, PolicyDocument):
        raise MissingError
    return known(look)


__all__ = [
    "ChangedError",
    "Checked",
    "ConflictError",
    "HalfError",
    "Made",
    "NoDraftError",
    "StaleError",
    "begin",
    "begin_with",
    "bring_back",
    "change",
    "check",
    "discard",
    "others",
    "save",
    "step",
]
