"""The documents of the record as pages look at them: what is in effect today, a draft, or an earlier revision.

Whatever is looked at is prepared together with everything else that is in effect, as it would be were it published
today; the engine is asked once for each set of texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from policy.engine import NamedText, Policy, Prepared, TestReport, prepare
from policy.errors import Finding, Grade
from policy.model.document import Document, VocabularyDocument
from policy.reader import read
from policy.values import Text
from webadmin.ids import first_of
from webadmin.kept import Kept
from webadmin.store import drafts, published, revisions
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Effective, digest_of
from webadmin.store.tables import DECISIONS, PUBLICATIONS

TABLES = "reference/"
"""How the names of reference tables begin."""

LIVE, DRAFT = "live", "draft"
"""What can be looked at of a document, besides the number of a revision."""

VOCABULARY = Text("词汇表", "Vocabulary")
"""What people call the document of the fields all policies share; it has no title of its own."""

MONTH = timedelta(days=30)
MOST_SETS = 24


@dataclass(frozen=True, slots=True)
class Look:
    """One document as it is looked at.

    Attributes:
        name: Of the document.
        of: `live`, `draft`, or the number of a revision.
        prepared: It with everything else that is in effect.
        document: What reading it gives; None where it does not read.
        policy: The policy it is; None for other documents, and where it does not load.
        before: The policy in effect, whatever is looked at; None where there is none.
        live: What is in effect of it today; None for nothing.
        draft: The draft as it is; None for none.
        retired: The revision that left, since when and by whom, where it is retired today.
        retiring: The same where it will be, later on.
    """

    name: str
    of: str
    text: str
    prepared: Prepared
    document: Document | None
    policy: Policy | None
    before: Policy | None
    live: Effective | None
    draft: Row[Any] | None
    retired: Effective | None = None
    retiring: Effective | None = None

    @property
    def digest(self) -> str:
        """Return the digest of its text."""
        return digest_of(self.text)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings at its own text, in order of place."""
        return tuple(each for each in self.prepared.findings if each.place.source == self.name)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return those of them that keep it from loading."""
        return tuple(each for each in self.findings if each.grade is Grade.ERROR)

    @property
    def title(self) -> Text | str:
        """Return what people call it."""
        for each in (self.document, self.before.rule_set.document if self.before is not None else None):
            if each is not None:
                return title_of(each)
        return VOCABULARY if self.name == "vocabulary" else self.name

    @property
    def is_table(self) -> bool:
        """Say whether it is a reference table."""
        return self.name.startswith(TABLES)

    @property
    def kind(self) -> str | None:
        """Return the kind of a policy, None for other documents."""
        return kind_of(self.name)

    @property
    def report(self) -> TestReport | None:
        """Return what the policy's own tests say, None where it does not load."""
        return None if self.policy is None else report(self.policy)


@dataclass(frozen=True, slots=True)
class Listed:
    """One document in the list.

    Attributes:
        look: At what is in effect, at what was retired, or at the draft or newest revision of what never was.
        scheduled: Days from which other revisions will be in effect, with their numbers.
        decided: Decisions under it in the last 30 days.
        waiting: Ids of proposals that wait to be approved, the newest first.
    """

    look: Look
    scheduled: tuple[tuple[date, int], ...]
    decided: int
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """What is on its way for a document.

    Attributes:
        waiting: Rows of proposals that wait to be approved, the newest first.
        scheduled: Days from which other revisions will be in effect, with their numbers.
        aside: Closed proposals whose text is not in the draft, the newest first.
        asked: Proposals whose authors were asked for changes that the draft is for, the newest first.
    """

    waiting: tuple[Row[Any], ...]
    scheduled: tuple[tuple[date, int], ...]
    aside: tuple[Row[Any], ...]
    asked: tuple[Row[Any], ...]


def kind_of(name: str) -> str | None:
    """Return the kind of the policy of a name, None for the vocabulary and reference tables."""
    kind, point, _ = name.partition(".")
    return kind if point else None


def look(connection: Connection, name: str, day: date, of: str = "") -> Look | None:
    """Return a document as it is looked at, None where there is none.

    Args:
        connection: To the record.
        name: Of the document.
        day: What is in effect on.
        of: `live`, `draft` or the number of a revision; empty: what is in effect, else what was retired, else the
            draft, else the newest revision (proposed, or in effect on a later day).
    """
    return _look(connection, _Days.of(connection, day), name, drafts.find(connection, name), of)


def everything(connection: Connection, now: datetime, day: date) -> list[Listed]:
    """Return every document with its state, by name."""
    days = _Days.of(connection, day)
    written = {row.document: row for row in drafts.everything(connection)}
    counted, scheduled = _decided(connection, now - MONTH), _scheduled(connection, day)
    waiting = _waiting(connection)
    found = []
    for name in sorted({*days.effective, *days.retired, *written, *scheduled, *waiting}):
        seen = _look(connection, days, name, written.get(name), "")
        if seen is not None:
            more = tuple(waiting.get(name, ()))
            found.append(Listed(seen, tuple(scheduled.get(name, ())), counted.get(name, 0), more))
    return found


def titles(connection: Connection, day: date) -> dict[str, Text]:
    """Return what people call each document in effect, by its name."""
    digests = {each.document: each.digest for each in revisions.in_effect(connection, day).values()}
    return {each.place.source: title_of(each) for each in _prepared(connection, digests, {}).policies.documents}


def title_of(document: Document) -> Text:
    """Return what people call a document."""
    return VOCABULARY if isinstance(document, VocabularyDocument) else document.title


def written_title(connection: Connection, name: str, day: date) -> Text:
    """Return the title in the text a draft would begin from, else in the draft; the name where neither reads."""
    row = revisions.basis(connection, name, day) or drafts.find(connection, name)
    document = None if row is None else read(row.text, name=name).document
    return Text(name, name) if document is None else title_of(document)


def coming(connection: Connection, name: str, day: date) -> Coming:
    """Return what is on its way for a document."""
    waiting = [row for row in revisions.proposals(connection) if row.document == name]
    scheduled = _scheduled(connection, day).get(name, ())
    asked = () if drafts.find(connection, name) is None else tuple(revisions.asked(connection, name))
    return Coming(tuple(waiting), tuple(scheduled), tuple(drafts.aside(connection, name)), asked)


def draft_with(connection: Connection, name: str, text: str, day: date) -> Look:
    """Return a text as it would be as the draft of a document; nothing is kept of it."""
    return _made(connection, _Days.of(connection, day), name, text, DRAFT, drafts.find(connection, name))


def report(policy: Policy) -> TestReport:
    """Return what a policy's own tests say; they are run once for each policy."""
    found = _REPORTS.get(id(policy))
    if found is None or found[0] is not policy:
        found = (policy, policy.test())
        _REPORTS.keep(id(policy), found)
    return found[1]


@dataclass(frozen=True, slots=True)
class _Days:
    """How documents stand today: in effect, retired, or to be retired, each by name."""

    effective: Mapping[str, Effective]
    retired: Mapping[str, Effective]
    retiring: Mapping[str, Effective]

    @classmethod
    def of(cls, connection: Connection, day: date) -> _Days:
        stands = revisions.standing(connection, day)
        effective = {name: each for name, each in stands.items() if not each.retires}
        retired = {name: each for name, each in stands.items() if each.retires}
        return cls(effective, retired, revisions.retiring(connection, day))


def _look(connection: Connection, days: _Days, name: str, draft: Row[Any] | None, of: str) -> Look | None:
    live = days.effective.get(name)
    of = of or _usual(connection, days, name, draft)
    if of == DRAFT:
        return None if draft is None else _made(connection, days, name, draft.text, DRAFT, draft)
    if of == LIVE:
        text = None if live is None else revisions.texts(connection, {name: live.digest}).get(name)
        return None if text is None else _made(connection, days, name, text, LIVE, draft)
    if not (of.isascii() and of.isdecimal() and len(of) < 7):
        return None
    try:
        row = published.revision_of(connection, name, int(of))
    except RefusedError:
        return None
    return _made(connection, days, name, row.text, of, draft)


def _usual(connection: Connection, days: _Days, name: str, draft: Row[Any] | None) -> str:
    """Return what of a document is looked at unless something else is asked for."""
    if name in days.effective:
        return LIVE
    if name in days.retired:
        return str(days.retired[name].number)
    newest = None if draft is not None else next(iter(published.every(connection, name)), None)
    return DRAFT if newest is None else str(newest.number)


def _made(connection: Connection, days: _Days, name: str, text: str, of: str, draft: Row[Any] | None) -> Look:
    digests = {each.document: each.digest for each in days.effective.values()}
    live = _prepared(connection, digests, {})
    prepared = live if of == LIVE else _prepared(connection, {**digests, name: digest_of(text)}, {name: text})
    document = next((each for each in prepared.policies.documents if each.place.source == name), None)
    policies = (prepared.policies.get(name), live.policies.get(name))
    found = Look(name, of, text, prepared, document, *policies, days.effective.get(name), draft)
    return replace(found, retired=days.retired.get(name), retiring=days.retiring.get(name))


def _prepared(connection: Connection, digests: Mapping[str, str], own: Mapping[str, str]) -> Prepared:
    key = frozenset(digests.items())
    with _SETS.making(key):  # what is typed is looked at from several sides at once: it is prepared for all of them
        found = _SETS.get(key)
        if found is None:
            kept = {name: digest for name, digest in digests.items() if name not in own}
            texts = {**revisions.texts(connection, kept), **own}
            found = prepare(NamedText(name, text) for name, text in sorted(texts.items()))
            _SETS.keep(key, found)
    return found


def _decided(connection: Connection, since: datetime) -> dict[str, int]:
    columns = DECISIONS.c
    chosen = select(columns.policy, func.count()).where(columns.id >= first_of(since)).group_by(columns.policy)
    return {row[0]: row[1] for row in connection.execute(chosen)}


def _scheduled(connection: Connection, day: date) -> dict[str, list[tuple[date, int]]]:
    """Return what will be in effect from later days on; what was called off or overtaken is not."""
    columns = PUBLICATIONS.c
    found: dict[str, list[tuple[date, int]]] = {}
    days = connection.execute(select(columns.since).where(columns.since > day).distinct().order_by(columns.since))
    for since in days.scalars().all():
        before, after = (revisions.in_effect(connection, each) for each in (since - timedelta(1), since))
        for name, each in after.items():
            if each.since == since and (name not in before or before[name].digest != each.digest):
                found.setdefault(name, []).append((since, each.number))
    return found


def _waiting(connection: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in revisions.proposals(connection):
        found.setdefault(row.document, []).append(row.batch)
    return found


_SETS: Kept[Prepared] = Kept(MOST_SETS)
_REPORTS: Kept[tuple[Policy, TestReport]] = Kept(16 * MOST_SETS)
