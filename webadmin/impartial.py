"""Who had a part in what is contested, and so does not answer it: somebody else hears the appeal.

A part is taken by whoever opened a case or asked for a decision, carried a change out (by hand, by a plan or by a
file), loaded a deal, or answered the same before; and by whoever holds the customer, who could gain from the answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from webadmin.access.circle import circle_of
from webadmin.access.members import Member, member_of
from webadmin.access.rights import Right
from webadmin.contested import POLICIES
from webadmin.ids import is_id
from webadmin.roster.quarters import Quarter
from webadmin.signals import cases
from webadmin.store import contests, dated, logins, standing
from webadmin.store.changes import NEW
from webadmin.store.contests import Contested, Part, Query, Sort, Verdict
from webadmin.store.dated import Of, written
from webadmin.store.decisions import term
from webadmin.store.tables import DEALS, DECISION_TERMS, DECISIONS, EVENT_TERMS, EVENTS

MOST = 200
"""Contests that are looked through for what somebody had a part in, and for earlier answers; the newest ones."""

_MOVED = "customer_changed"
_GIVING = "assignment."


Parts = Mapping[str, Part]
"""Who had a part, as the record calls whoever acted, or by the id of a person → which."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an answer.

    Attributes:
        count: How many somebody may answer.
        own: Those, the newest first.
        stuck: Those nobody may answer, as whoever could had a part in them.
    """

    count: int
    own: Sequence[Contested]
    stuck: Sequence[Contested]


def parts(connection: Connection, about: Contested, today: date) -> Parts:
    """Return who had a part in what is contested; of several parts of one the first one."""
    found: dict[str, Part] = {}
    for who, part in _parts(connection, about, today):
        found.setdefault(who, part)
    return found


def part_of(member: Member, involved: Parts) -> Part | None:
    """Return which part somebody had; None for none."""
    own = None if member.person is None else involved.get(member.person)
    return involved.get(member.actor) or own


def barred(connection: Connection, member: Member, found: Sequence[Contested], today: date) -> dict[str, Parts]:
    """Return those of some contests that wait and that somebody had a part in, by their ids, with who else had."""
    waiting = [each for each in found if each.answer is None]
    every = {each.id: parts(connection, each, today) for each in waiting} if member.may(Right.ANSWER) else {}
    return {name: involved for name, involved in every.items() if part_of(member, involved) is not None}


def waiting(connection: Connection, member: Member, query: Query, today: date) -> Waiting:
    """Return what of a query somebody may answer, and what nobody may.

    What is beyond the newest `MOST` is not looked through: it counts as what they may answer.
    """
    found = contests.search(connection, query, MOST)
    out = barred(connection, member, found, today)
    stuck = [each for each in found if each.id in out and not answering(connection, each, out[each.id], today)]
    own = [each for each in found if each.id not in out]
    return Waiting(contests.count(connection, query) - len(out), own, stuck)


def answering(connection: Connection, about: Contested, involved: Parts, today: date) -> list[Member]:
    """Return who may answer: open logins with the right that see whoever contests, are it not, and had no part."""
    every = [member_of(row) for row in logins.everybody(connection) if row.disabled_at is None]
    able = [
        each
        for each in every
        if each.may(Right.ANSWER)
        and each.person != about.person
        and each.actor != about.actor
        and part_of(each, involved) is None
    ]
    seeing = [each for each in able if circle_of(connection, each, today).sees(Of.PERSON, about.person)]
    return sorted(seeing, key=lambda each: (each.sees_everybody, each.name))


def _parts(connection: Connection, about: Contested, today: date) -> Iterator[tuple[str, Part]]:
    match about.sort:
        case Sort.CASE:
            yield from _of_case(connection, cases.find(connection, about.of))
        case Sort.SIGNAL:
            opened = cases.opened(connection, [about.of] if is_id(about.of) else [])
            yield from _of_case(connection, opened.get(about.of))
        case Sort.CUSTOMER:
            yield from _of_customer(connection, about, today)
        case Sort.DEAL | Sort.MISSING | Sort.LINE | Sort.POINTS:
            yield from _of_quarter(connection, about)
    yield from ((actor, Part.ANSWERED) for actor in _answerers(connection, about))


def _of_case(connection: Connection, case: cases.Case | None) -> Iterator[tuple[str, Part]]:
    if case is not None:
        yield case.actor, Part.OPENED
        yield from ((actor, Part.DECIDED) for actor in _askers(connection, term("subject", case.id), ""))


def _of_customer(connection: Connection, about: Contested, today: date) -> Iterator[tuple[str, Part]]:
    """Yield who gave the customer to whoever contests or took it from them, and who holds it now."""
    spans = dated.lines(connection, Of.CUSTOMER, [about.of], ["owner"]).get((about.of, "owner"), ())
    own = [span for span in spans if span.value == written(about.person) and span.since <= today]
    days = {day for span in own[-1:] for day in (span.since, span.until) if day is not None}
    yield from ((actor, Part.MOVED) for actor in _movers(connection, about.of, days))
    given = term("subject", about.of)
    yield from ((actor, Part.DECIDED) for actor in _askers(connection, given, _GIVING))
    owner = standing.owner_of(connection, about.of, today)
    if owner is not None and owner != about.person:
        yield owner, Part.GAINS


def _movers(connection: Connection, customer: str, days: Collection[date]) -> set[str]:
    """Return who made a customer change hands from one of some days on."""
    rows = select(EVENT_TERMS.c.row_id).where(EVENT_TERMS.c.term == term("customer.id", customer))
    chosen = select(EVENTS.c.body).where(EVENTS.c.id.in_(rows), EVENTS.c.body.is_not(None))
    told = [json.loads(body) for body in connection.execute(chosen.where(EVENTS.c.type == _MOVED)).scalars()]
    wanted = {day.isoformat() for day in days}
    return {each["actor"] for each in told if _is_handing_over(each["event"]["data"], wanted)}


def _is_handing_over(data: Mapping[str, Any], days: Collection[str]) -> bool:
    return data["field"] in ("owner", NEW) and data["effective_on"] in days


def _of_quarter(connection: Connection, about: Contested) -> Iterator[tuple[str, Part]]:
    """Yield who asked for the decision on record pay or points come from, and who loaded the deal."""
    name, _, which = about.of.partition(" ")
    quarter = Quarter.read(name)
    policy = POLICIES.get(about.sort, POLICIES[Sort.LINE])
    if quarter is not None:
        subject = term("subject", about.person)
        yield from ((actor, Part.DECIDED) for actor in _askers(connection, subject, policy, quarter))
    if about.sort in (Sort.DEAL, Sort.MISSING):
        joined = DEALS.join(EVENTS, EVENTS.c.id == DEALS.c.event_id)
        chosen = select(EVENTS.c.body).select_from(joined).where(DEALS.c.id == which, EVENTS.c.body.is_not(None))
        yield from ((json.loads(body)["actor"], Part.LOADED) for body in connection.execute(chosen).scalars())


def _askers(connection: Connection, about: str, policy: str, quarter: Quarter | None = None) -> set[str]:
    """Return who asked for the decisions on record that a term finds: of some policies, for days of a quarter."""
    rows = select(DECISION_TERMS.c.decision_id).where(DECISION_TERMS.c.term == about)
    chosen = select(DECISIONS.c.actor, DECISIONS.c.as_of).where(DECISIONS.c.id.in_(rows))
    found = connection.execute(chosen.where(DECISIONS.c.policy.startswith(policy))).all()
    return {row.actor for row in found if quarter is None or quarter.since <= _day(row.as_of) < quarter.until}


def _day(as_of: str) -> date:
    return date.fromisoformat(as_of[:10])


def _answerers(connection: Connection, about: Contested) -> set[str]:
    """Return who answered the same before, what was taken back left out."""
    earlier = contests.search(connection, Query(people=[about.person], waits=False), MOST)
    given = [each.answer for each in earlier if each.key == about.key and each.id < about.id]
    return {each.actor for each in given if each is not None and each.verdict is not Verdict.WITHDRAWN}
