"""What people contest, and what they are answered: two types of events, kept like every other and never changed.

An answer names the event it answers; what is contested again is another event and waits for an answer of its own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select

from policy.model.events import EventType
from webadmin.ids import new_id
from webadmin.store import dated, events
from webadmin.store.changes import SOURCE
from webadmin.store.decisions import term
from webadmin.store.revisions import Act
from webadmin.store.tables import EVENT_TERMS, EVENTS
from webadmin.store.writer import Transaction

TYPE = "contested"
ANSWERED = "contest_answered"

_PATH, _WHO = "contest.id", "manager.id"


class Sort(StrEnum):
    """What can be contested."""

    CUSTOMER = "customer"
    LINE = "line"
    DEAL = "deal"
    MISSING = "missing-deal"
    POINTS = "points"
    SIGNAL = "signal"
    CASE = "case"


class Verdict(StrEnum):
    """How it comes out: `withdrawn` by whoever contested, the others by whoever answers."""

    UPHELD = "upheld"
    PARTLY = "partly"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """What somebody had to do with what is contested, for which they do not answer it."""

    OPENED = "opened"
    DECIDED = "decided"
    ANSWERED = "answered"
    MOVED = "moved"
    LOADED = "loaded"
    GAINS = "gains"


ANSWERS = (Verdict.UPHELD, Verdict.PARTLY, Verdict.DECLINED)
"""How somebody who answers can let it come out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody was answered: how it comes out, why, by whom and when."""

    verdict: Verdict
    statement: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands of something that can be contested; of each sort as much as there is of it.

    Attributes:
        amount: Of a line or a deal, points, or a value; of a missing deal how many count.
        unit: A currency, or another unit of the amount.
        share: Share of a deal that counts, a fraction.
        state: Of a signal or case; of a deal why it cannot count.
        since: Since when a customer is somebody's.
        until: Since when it no longer is.
        policy: Digest of the revision it was worked out by.
    """

    amount: Decimal | None = None
    unit: str | None = None
    share: Decimal | None = None
    state: str | None = None
    since: date | None = None
    until: date | None = None
    policy: str | None = None

    def to_data(self) -> dict[str, Any]:
        """Return it as an event has it; what it has not is left out."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        days = {name: value.isoformat() for name, value in given.items() if isinstance(value, date)}
        return {name: value for name, value in (given | days).items() if value is not None}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Seen:
        """Read it back."""
        known: dict[str, Any] = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        for name in {"since", "until"} & set(known):
            known[name] = date.fromisoformat(known[name])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Which deal is missing, in the words of whoever says so: its number, whose it is, and what it is worth.

    Attributes:
        amount: In units of `unit`, a currency.
    """

    deal: str | None = None
    customer: str | None = None
    amount: Decimal | None = None
    unit: str | None = None

    @property
    def name(self) -> str:
        """Return what tells it from others that are missing."""
        return self.deal or self.customer or ""

    def to_data(self) -> dict[str, Any]:
        """Return it as an event has it; what is not said is left out."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Contested:
    """Something that was contested.

    Attributes:
        id: Of the event.
        person: Who contests, and whom it is about.
        sort: One of `Sort`.
        of: Which: the id of a customer, signal or case; a line, rule or deal behind its quarter; else the quarter.
        statement: What they say.
        seen: What stood there then; None where that was not kept.
        actor: Who wrote it down.
        answer: None while it waits.
        claimed: Of a missing deal which it is; None where that was not kept.
    """

    id: str
    person: str
    sort: Sort
    of: str
    statement: str
    seen: Seen | None
    actor: str
    at: datetime
    answer: Answer | None
    claimed: Claimed | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Return what it is about: sort and which."""
        return str(self.sort), self.of


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody contests: one of `Sort`, and which; what they say; what stands there; which deal is missing."""

    sort: str
    of: str
    statement: str
    seen: Seen
    claimed: Claimed | None = None


def knows(sort: EventType, name: str) -> bool:
    """Say whether the vocabulary's type of what is contested knows one of `Sort`."""
    field = sort.field("sort")
    return field is not None and (field.one_of is None or name in field.one_of)


def contest(transaction: Transaction, sort: EventType, person: str, claim: Claim, act: Act) -> str:
    """Record that somebody contests something; return the event's id there.

    Of what stands there, what the vocabulary does not declare is not kept.

    Args:
        transaction: What it happens in.
        sort: The type of the event, as the vocabulary of today declares it.
        person: Who contests, and whom it is about.
        claim: What, and why.
        act: Who writes it down, and when.

    Raises:
        FactsError: the vocabulary asks for something else.
    """
    name = f"contested-{new_id(act.now)}"
    data: dict[str, Any] = {"manager": {"id": person}, "sort": claim.sort, "object": claim.of}
    data["statement"] = claim.statement
    for group, told in (("seen", claim.seen), ("claimed", claim.claimed)):
        given = {} if told is None else told.to_data()
        declared = {path: value for path, value in given.items() if sort.field(f"{group}.{path}") is not None}
        data |= {group: declared} if declared else {}
    event = {"id": name, "source": SOURCE, "type": TYPE, "subject": person, "time": act.now.isoformat()}
    events.append(transaction, {**event, "data": sort.read(data)}, actor=act.actor, now=act.now)
    return name


def answer(transaction: Transaction, sort: EventType, about: Contested, said: tuple[Verdict, str], act: Act) -> bool:
    """Record what somebody is answered, once.

    Args:
        transaction: What it happens in.
        sort: The type of the event, as the vocabulary of today declares it.
        about: What is answered.
        said: How it comes out, and why.
        act: Who answers, and when.

    Returns:
        Whether it was answered now; False where that had been done before.

    Raises:
        FactsError: the vocabulary asks for something else.
    """
    name = f"answer-{about.id}"  # of an answer and a withdrawal at once, one is kept
    data: dict[str, Any] = {"contest": {"id": about.id}, "manager": {"id": about.person}, "answered_by": act.actor}
    data |= {"verdict": str(said[0]), "statement": said[1]}
    event = {"id": name, "source": SOURCE, "type": ANSWERED, "subject": about.person, "time": act.now.isoformat()}
    return not events.append(transaction, {**event, "data": sort.read(data)}, actor=act.actor, now=act.now).known


def knows_withdrawal(sort: EventType) -> bool:
    """Say whether the vocabulary's type of answers knows that something is taken back."""
    field = sort.field("verdict")
    return field is not None and Verdict.WITHDRAWN in (field.one_of or ())


def withdraw(transaction: Transaction, sort: EventType, about: Contested, act: Act) -> bool:
    """Record that whoever contested something takes it back; return whether it waited for an answer until now.

    Raises:
        FactsError: the vocabulary asks for something else.
    """
    return answer(transaction, sort, about, (Verdict.WITHDRAWN, ""), act)


def of_person(connection: Connection, person: str) -> list[Contested]:
    """Return everything somebody has contested, the newest first."""
    return list(_read(connection, connection.execute(_chosen([person]).order_by(EVENTS.c.id.desc())).all()))


def find(connection: Connection, name: str) -> Contested | None:
    """Return what was contested with an event; None where there is no such event, or it was erased."""
    rows = connection.execute(_chosen(None).where(EVENTS.c.id == name)).all()
    return next(_read(connection, rows), None)


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        people: Contested by one of them; None: by anybody.
        but: Not by this person.
        waits: Whether it waits for an answer; None: both.
        before: Only what was told before this event.
    """

    people: Collection[str] | None = None
    but: str | None = None
    waits: bool | None = None
    before: str | None = None


def search(connection: Connection, query: Query, limit: int) -> list[Contested]:
    """Return what was contested, the newest first."""
    rows = [
        row
        for chosen in _narrowed(query)
        for row in connection.execute(chosen.order_by(EVENTS.c.id.desc()).limit(limit))
    ]
    return list(_read(connection, sorted(rows, key=lambda row: str(row.id), reverse=True)[:limit]))


def count(connection: Connection, query: Query) -> int:
    """Return how much was contested that fits."""
    parts = (select(func.count()).select_from(chosen.subquery()) for chosen in _narrowed(query))
    return sum(connection.execute(each).scalar_one() for each in parts)


def _narrowed(query: Query) -> Iterator[Select[Any]]:
    people = [None] if query.people is None else list(dated.chunks(sorted(query.people)))
    for part in people:
        chosen = _chosen(part)
        if query.but is not None:
            chosen = chosen.where(EVENTS.c.id.not_in(_by([query.but])))
        if query.waits is not None:
            chosen = chosen.where(~_is_answered() if query.waits else _is_answered())
        if query.before is not None:
            chosen = chosen.where(EVENTS.c.id < query.before)
        yield chosen


def _chosen(people: Iterable[str] | None) -> Select[Any]:
    columns = EVENTS.c
    chosen = select(columns.id, columns.time, columns.body).where(columns.type == TYPE, columns.body.is_not(None))
    return chosen if people is None else chosen.where(columns.id.in_(_by(people)))


def _by(people: Iterable[str]) -> Select[Any]:
    return select(EVENT_TERMS.c.row_id).where(EVENT_TERMS.c.term.in_([term(_WHO, each) for each in people]))


def _is_answered() -> ColumnElement[bool]:
    answers = EVENTS.alias()
    found = select(literal(1)).select_from(EVENT_TERMS.join(answers, answers.c.id == EVENT_TERMS.c.row_id))
    named = literal(f"{_PATH}=").concat(EVENTS.c.id)
    return found.where(EVENT_TERMS.c.term == named, answers.c.type == ANSWERED).correlate(EVENTS).exists()


def _read(connection: Connection, rows: Sequence[Any]) -> Iterator[Contested]:
    answers = _answers(connection, [row.id for row in rows])
    for row in rows:
        body = json.loads(row.body, parse_float=Decimal, parse_int=Decimal)
        data = body["event"]["data"]
        what = (data["manager"]["id"], Sort(data["sort"]), data["object"], data["statement"])
        seen = Seen.from_data(data["seen"]) if "seen" in data else None
        claimed = Claimed(**data["claimed"]) if "claimed" in data else None
        yield Contested(row.id, *what, seen, body["actor"], row.time, answers.get(row.id), claimed)


def _answers(connection: Connection, names: Sequence[str]) -> dict[str, Answer]:
    """Return the answers by what they answer; of several the first one stands."""
    found: dict[str, Answer] = {}
    for chunk in dated.chunks(names):
        wanted = {term(_PATH, each): each for each in chunk}
        chosen = select(EVENT_TERMS.c.term, EVENTS.c.time, EVENTS.c.body).join(
            EVENTS, EVENTS.c.id == EVENT_TERMS.c.row_id
        )
        chosen = chosen.where(EVENT_TERMS.c.term.in_(wanted), EVENTS.c.type == ANSWERED, EVENTS.c.body.is_not(None))
        for key, time, body in connection.execute(chosen.order_by(EVENTS.c.id)):
            told = json.loads(body)
            data = told["event"]["data"]
            given = Answer(Verdict(data["verdict"]), data["statement"], told["actor"], time)
            found.setdefault(wanted[key], given)
    return found
