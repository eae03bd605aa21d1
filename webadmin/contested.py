"""What can be contested about somebody, and what stands there: kept when it is contested, worked out again later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from policy.runtime.showing import ALL_CLASSES
from policy.values import Language
from webadmin.ids import is_id
from webadmin.roster import pay, points
from webadmin.roster.pay import STATEMENT, Eyes, Statement
from webadmin.roster.points import SCORECARD
from webadmin.roster.quarters import Quarter
from webadmin.signals import cases
from webadmin.signals.cases import Case
from webadmin.signals.concerning import concerns, terms_of
from webadmin.store import dated, signals
from webadmin.store.contests import Seen, Sort
from webadmin.store.dated import Of, written
from webadmin.store.record import Record
from webadmin.store.tables import REVISIONS

_EYES = Eyes(Language.EN, frozenset(ALL_CLASSES))

POLICIES: Mapping[Sort, str] = {Sort.LINE: STATEMENT, Sort.DEAL: STATEMENT, Sort.POINTS: SCORECARD}
"""What is worked out by a policy → which."""


@dataclass(frozen=True, slots=True)
class About:
    """Who contests something, of what sort, and which: see `webadmin.store.contests.Contested`."""

    person: str
    sort: Sort
    of: str


def stands(record: Record, connection: Connection, about: About, today: date) -> Seen | None:
    """Return what stands of something somebody can contest; None where it is not about them, or not there."""
    match about.sort:
        case Sort.CUSTOMER:
            return _customer(connection, about, today)
        case Sort.SIGNAL:
            return _signal(connection, about)
        case Sort.CASE:
            return _case(connection, about)
        case Sort.POINTS:
            return _points(record, connection, about, today)
        case Sort.LINE | Sort.DEAL | Sort.MISSING:
            return _of_statement(record, connection, about, today)


def revision(connection: Connection, sort: Sort, digest: str | None) -> int | None:
    """Return the number of the revision something was worked out by; None where there is none, or it is not kept."""
    columns = REVISIONS.c
    chosen = select(columns.number).where(columns.document == POLICIES.get(sort, ""), columns.digest == digest)
    found: int | None = connection.execute(chosen).scalar_one_or_none()
    return found


def _customer(connection: Connection, about: About, today: date) -> Seen | None:
    """Return since when a customer is, or was, somebody's; what lies ahead is left out."""
    spans = dated.lines(connection, Of.CUSTOMER, [about.of], ["owner"]).get((about.of, "owner"), ())
    own = [span for span in spans if span.value == written(about.person) and span.since <= today]
    if not own:
        return None
    last = own[-1]
    return Seen(since=last.since, until=None if last.covers(today) else last.until)


def _signal(connection: Connection, about: About) -> Seen | None:
    kept = signals.find(connection, about.of) if is_id(about.of) else None
    if kept is None or not concerns(connection, kept, about.person):
        return None
    return Seen(state=str(kept.finding.state))


def _case(connection: Connection, about: About) -> Seen | None:
    case = cases.find(connection, about.of)
    if case is None or not is_about(connection, case, about.person):
        return None
    is_decided = case.id in cases.decided(connection, [case.id])
    return Seen(state=str(cases.State.DECIDED if is_decided else cases.State.OPEN))


def is_about(connection: Connection, case: Case, person: str) -> bool:
    """Say whether a case is about somebody: by its signal, or because it names them."""
    kept = signals.find(connection, case.signal) if is_id(case.signal) else None
    if kept is not None and concerns(connection, kept, person):
        return True
    named = cases.naming(connection, terms_of(connection, person))
    return any(each.id == case.id for each in named.values())


def _points(record: Record, connection: Connection, about: About, today: date) -> Seen | None:
    quarter, _, name = about.of.partition(" ")
    read = Quarter.read(quarter)
    found = None if read is None else points.points(record, connection, about.person, read, today, _EYES)
    if found is None or not found.has(name):
        return None
    given: Mapping[Any, Any] = {} if found.made is None else found.made.why.get("given", {})
    digest = None if found.made is None else found.made.policy.digest
    for (_item, rule), (_reason, values) in given.items():
        if rule == name:
            return Seen(next((each for each in values.values() if isinstance(each, Decimal)), None), policy=digest)
    value, unit = next((value, field.unit) for field, value in found.known if field.path == name)
    return Seen(value if isinstance(value, Decimal) else None, unit, policy=digest)


def _of_statement(record: Record, connection: Connection, about: About, today: date) -> Seen | None:
    quarter, _, name = about.of.partition(" ")
    read = Quarter.read(quarter)
    if read is None or read.since > today:
        return None
    found = pay.statement(record, connection, about.person, read, today, _EYES)
    if about.sort is Sort.MISSING:
        is_there = any(each.id == name for each in found.facts.won)
        return None if is_there else Seen(Decimal(len(found.facts.deals)))
    return _line(found, name) if about.sort is Sort.LINE else _deal(found, name)


@dataclass(frozen=True, slots=True)
class Listed:
    """A deal said to be missing that stands on the statement.

    Attributes:
        row: In its list, from 1.
        counts: Whether it stands among those that count, not among those that were won and do not.
    """

    deal: str
    row: int
    counts: bool


def listed(record: Record, connection: Connection, about: About, today: date) -> Listed | None:
    """Return where a deal said to be missing stands on the statement; None where it does not, or there is none."""
    quarter, _, name = about.of.partition(" ")
    read = Quarter.read(quarter) if about.sort is Sort.MISSING else None
    if read is None or read.since > today:
        return None
    facts = pay.statement(record, connection, about.person, read, today, _EYES).facts
    for counts, found in ((True, facts.deals), (False, [each for each, _bar in facts.barred])):
        row = next((row for row, each in enumerate(found, 1) if each.id == name), None)
        if row is not None:
            return Listed(name, row, counts)
    return None


def _line(found: Statement, name: str) -> Seen | None:
    if found.made is None or found.made.result is None:
        return None
    result = found.made.result
    line = next((each for each in result.lines if each.id == name), None)
    return None if line is None else Seen(line.amount, result.currency, policy=found.made.policy.digest)


def _deal(found: Statement, name: str) -> Seen | None:
    digest = None if found.made is None else found.made.policy.digest
    for index, each in enumerate(found.facts.deals):
        if each.id == name:
            return Seen(each.amount, found.currency(each), found.share(index), policy=digest)
    barred = next(((each, bar) for each, bar in found.facts.barred if each.id == name), None)
    if barred is None:
        return None
    return Seen(barred[0].amount, found.currency(barred[0]), state=str(barred[1]), policy=digest)
