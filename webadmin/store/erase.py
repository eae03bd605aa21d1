"""Erases what the record says about a person, and leaves the chains whole.

Rows about the person are emptied: decisions whose subject or `about` the person is, events about the person, audit
entries of which the person is the object. Where the person is only mentioned (a candidate in a list, the owner in an
event of a customer, whoever approved something) the row stays, with an id of nobody in the place of every id and name;
it gets a new salt, and the digest of what is left stands in the audit entry of the erasure, so that it is proven from
then on. Files handed over for a job or being looked at are removed all, as nobody can tell what a workbook
holds, and their jobs end; so are the rows of jobs that came out of such files. Texts of policies are left alone, since
decisions are made by them; those that name the person are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, or_, select, true, update

from webadmin.ids import new_id
from webadmin.store import audit, jobs, naming
from webadmin.store.audit import Action
from webadmin.store.chain import Chain
from webadmin.store.emptying import Emptying
from webadmin.store.needles import Needles
from webadmin.store.personal import FREE
from webadmin.store.raw import raw
from webadmin.store.reasons import says_something
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act
from webadmin.store.tables import (
    ABSENCES,
    CUSTOMERS,
    DATED,
    DEALS,
    DRAFT_STATES,
    DRAFTS,
    EXTERNAL_IDS,
    IDEMPOTENCY,
    IMPORT_CHANGES,
    LOGINS,
    PEOPLE,
    POSITIONS,
    REVISIONS,
    SIGNALS,
    TEAMS,
    UPLOAD_PARTS,
    UPLOADS,
)
from webadmin.store.writer import Transaction

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Refusal(StrEnum):
    """Why nothing is erased."""

    UNKNOWN = "erase-unknown"
    AMBIGUOUS = "erase-ambiguous"
    REASON = "erase-reason"
    BLANK = "erase-blank"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure came to.

    Attributes:
        entry: Its audit entry.
        token: The id of nobody that stands where the person was named.
        emptied: Chain → rows emptied.
        redacted: Chain or table → rows the person was taken out of.
        removed: Table → rows removed.
        left: Documents whose text names the person; publish them without, if need be.
    """

    entry: str
    token: str
    emptied: Mapping[str, int]
    redacted: Mapping[str, int]
    removed: Mapping[str, int]
    left: tuple[str, ...]

    @property
    def tables(self) -> set[str]:
        """Return the tables in which something was changed."""
        return {*self.emptied, *self.redacted, *self.removed, "decision_terms", "event_terms"}


def erase(record: Record, person: str, reason: str, act: Act) -> Erased:
    """Erase a person, in one transaction; call `compact` afterwards, or the disk still holds what was there.

    Args:
        record: Where from.
        person: Own id, or what another system calls the person.
        reason: Why; it must not name the person.
        act: Who erases, and when.

    Raises:
        RefusedError: nobody is known by that, or several are, or the reason names the person or says nothing.
    """
    if not says_something(reason):
        raise RefusedError(Refusal.BLANK)
    return record.writer.write(lambda transaction: _Work(transaction, record, act).done(person, reason))


def rehearse(record: Record, person: str, reason: str, act: Act) -> Erased:
    """Return what erasing a person would come to, without its audit entry: it is done, and taken back.

    Raises:
        RefusedError: as for `erase`.
    """
    if not says_something(reason):
        raise RefusedError(Refusal.BLANK)

    def work(transaction: Transaction) -> None:
        raise _TakenBackError(_Work(transaction, record, act).done(person, reason))

    try:
        record.writer.write(work)
    except _TakenBackError as error:
        return error.erased
    raise AssertionError  # `work` always raises


class _TakenBackError(Exception):
    """Nothing of it is written."""

    def __init__(self, erased: Erased) -> None:
        super().__init__()
        self.erased = erased


@dataclass(slots=True)
class _Work:
    transaction: Transaction
    record: Record
    act: Act
    redacted: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)

    @property
    def connection(self) -> Connection:
        return self.transaction.connection

    def done(self, person: str, reason: str) -> Erased:
        self.transaction.flush()
        own, needles = known_by(self.connection, person, new_id(self.act.now))
        if needles.are_in(reason):
            raise RefusedError(Refusal.REASON)
        left = tuple(self._texts(needles))
        emptying = Emptying(self.connection, self.record.catalogue, needles)
        for chain in Chain:
            emptying.chain(chain)
        if own is not None:
            self._person(own, needles.token)
        self._answers(needles, emptying.touched())
        self._signals(needles)
        for table, columns in FREE.items():
            self._redact(table, columns, needles)
        if own is None and not (emptying.touched() or self.redacted or self.removed):
            raise RefusedError(Refusal.UNKNOWN, found=person)
        if files := jobs.take_back(self.transaction, self.act.now):
            self.removed["job_files"] += files
        if rows := jobs.remove_rows_of_files(self.transaction):
            self.removed["job_rows"] += rows
        self._remove(UPLOAD_PARTS, true())
        self._remove(UPLOADS, true())
        what = {"reason": reason, "rows": emptying.digests, "removed": dict(self.removed)}
        entry = audit.note(self.transaction, self.act.now, self.act.actor, Action.ERASED, needles.token, what)
        self.transaction.flush()
        emptying.sign(entry)
        self.connection.execute(update(PEOPLE).where(PEOPLE.c.id == needles.token).values(erased_by=entry))
        redacted = self.redacted + emptying.redacted
        return Erased(entry, needles.token, dict(emptying.emptied), dict(redacted), dict(self.removed), left)

    def _texts(self, needles: Needles) -> Iterator[str]:
        """Yield the documents whose text names the person."""
        for table in (REVISIONS, DRAFTS, DRAFT_STATES):
            for document, text in self.connection.execute(
                select(table.c.document, table.c.text).where(needles.may_be_in(table.c.text))
            ):
                if needles.replaced(text) != text:
                    yield document

    def _person(self, own: str, token: str) -> None:
        """Put nobody in the place of the person, and remove what is dated of the person."""
        created = self.connection.execute(select(PEOPLE.c.created_at).where(PEOPLE.c.id == own)).scalar_one()
        empty = {"name": None, "name_en": None, "email": None, "erased_by": None}
        self.connection.execute(insert(PEOPLE).values(id=token, created_at=created, **empty))
        self.connection.execute(update(DEALS).where(DEALS.c.owner_id == own).values(owner_id=token))
        self._remove(DATED, (DATED.c.of == "person") & (DATED.c.of_id == own))
        self._remove(ABSENCES, ABSENCES.c.person_id == own)
        self._remove(IMPORT_CHANGES, (IMPORT_CHANGES.c.of == "person") & (IMPORT_CHANGES.c.of_id == own))
        self._remove(LOGINS, LOGINS.c.person_id == own)
        self._remove(EXTERNAL_IDS, (EXTERNAL_IDS.c.of == "person") & (EXTERNAL_IDS.c.own_id == own))
        self._remove(PEOPLE, PEOPLE.c.id == own)

    def _remove(self, table: Table, condition: Any) -> None:
        count = self.connection.execute(delete(table).where(condition)).rowcount
        if count:
            self.removed[table.name] += count

    def _answers(self, needles: Needles, touched: set[str]) -> None:
        """Remove answers kept for repeated calls that hold the person, or a decision that was about the person."""
        columns = IDEMPOTENCY.c
        for client, key, response in self.connection.execute(
            select(columns.client_id, columns.key, columns.response)
        ).all():
            if needles.are_in(response) or needles.are_in(key) or not touched.isdisjoint(_ID.findall(response)):
                self._remove(IDEMPOTENCY, (columns.client_id == client) & (columns.key == key))

    def _signals(self, needles: Needles) -> None:
        """Remove signals about the person; who looks at events just now begins anew, without the person."""
        self._remove(SIGNALS, SIGNALS.c.key.in_(needles.ids))
        self.connection.execute(update(POSITIONS).values(turn=POSITIONS.c.turn + 1))

    def _redact(self, table: Table, names: Sequence[str], needles: Needles) -> None:
        """Take the person out of the texts of a table that is no chain's."""
        for name in names:
            column = table.c[name]
            keys: list[Column[Any]] = list(table.primary_key.columns)
            for row in self.connection.execute(
                select(*(raw(key) for key in keys), column).where(needles.may_be_in(column))
            ).all():
                without = needles.in_text(row[-1])
                if without != row[-1]:
                    same = [key == value for key, value in zip(keys, row[:-1], strict=True)]
                    self.connection.execute(update(table).where(*same).values({name: without}))
                    self.redacted[table.name] += 1
                    if table is CUSTOMERS and name in ("name", "name_en"):
                        naming.renew(self.connection, table, [row[0]])


def known_by(connection: Connection, person: str, token: str) -> tuple[str | None, Needles]:
    """Return the own id of a person, None where only other systems' facts name one, and what the person is known by.

    Raises:
        RefusedError: several people are called that by different systems.
    """
    columns = EXTERNAL_IDS.c
    foreign = select(columns.own_id).where(columns.of == "person", columns.external == person).distinct()
    owns = set(connection.execute(foreign).scalars())
    owns |= set(connection.execute(select(PEOPLE.c.id).where(PEOPLE.c.id == person)).scalars())
    if len(owns) > 1:
        raise RefusedError(Refusal.AMBIGUOUS, found=person)
    if not owns:
        alone = frozenset({person})
        return None, Needles(alone, frozenset(), frozenset(), token, _others(connection, alone))
    own = owns.pop()
    row = connection.execute(
        select(PEOPLE.c.name, PEOPLE.c.name_en, PEOPLE.c.email, PEOPLE.c.erased_by).where(PEOPLE.c.id == own)
    ).one()
    if row.erased_by is not None:
        raise RefusedError(Refusal.UNKNOWN, found=person)
    mine = (columns.of == "person") & (columns.own_id == own)
    ids = {own, *connection.execute(select(columns.external).where(mine)).scalars()}
    logins = connection.execute(select(LOGINS.c.name).where(LOGINS.c.person_id == own)).scalars()
    names = {each for each in (row.name, row.name_en, row.email) if each and not _is_shared(connection, each, own)}
    others = _others(connection, ids)
    return own, Needles(frozenset(ids), frozenset(names), frozenset(logins), token, others)


def _others(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Return the ids of others that contain one of a person's."""
    found: set[str] = set()
    for column in (PEOPLE.c.id, CUSTOMERS.c.id, TEAMS.c.id, DEALS.c.id, EXTERNAL_IDS.c.external):
        holding = or_(*(column.contains(each, autoescape=True) for each in sorted(ids)))
        found |= set(connection.execute(select(column).where(holding)).scalars())
    return frozenset(found - set(ids))


def _is_shared(connection: Connection, name: str, own: str) -> bool:
    """Say whether somebody else or a customer is called the same, whom an erasure must leave alone."""
    people = select(PEOPLE.c.id).where(PEOPLE.c.id != own, or_(PEOPLE.c.name == name, PEOPLE.c.name_en == name))
    customers = select(CUSTOMERS.c.id).where(or_(CUSTOMERS.c.name == name, CUSTOMERS.c.name_en == name))
    return connection.execute(people.union_all(customers).limit(1)).first() is not None
