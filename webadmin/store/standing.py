"""How the roster stood on a day: who held a customer, who belonged to a team, who was there, who could see what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select

from webadmin.store import dated, logins
from webadmin.store.absences import away_on
from webadmin.store.audit import Action
from webadmin.store.dated import Lines, Of, written
from webadmin.store.roster import parents
from webadmin.store.spans import Span, joined
from webadmin.store.tables import AUDIT, DATED
from webadmin.store.things import LEADING
from webadmin.store.tree import Parents, Tree, borders

LOADS: Mapping[str, Decimal] = {"A": Decimal(5), "B": Decimal(3), "C": Decimal(2), "D": Decimal(1)}
"""Load a customer brings by tier, as `assignment.new-customer` weighs plain new ones; none without a tier."""


def owner_of(connection: Connection, customer: str, day: date) -> str | None:
    """Return who held a customer on a day, None where nobody did."""
    return _id_on(connection, Of.CUSTOMER, customer, "owner", day)


def team_of(connection: Connection, person: str, day: date) -> str | None:
    """Return the team of a person on a day, None where there was none."""
    return _id_on(connection, Of.PERSON, person, "team", day)


def _id_on(connection: Connection, of: Of, name: str, attribute: str, day: date) -> str | None:
    found: str | None = dated.values_on(connection, of, day, [attribute], [name]).get(name, {}).get(attribute)
    return found


def customers_of(connection: Connection, people: Iterable[str], day: date) -> list[str]:
    """Return the customers some people held on a day, in order of their ids."""
    return sorted(_holding(connection, Of.CUSTOMER, "owner", people, day))


def counts(connection: Connection, day: date) -> dict[str, int]:
    """Return how many customers each person held on a day; who held none is left out."""
    columns = DATED.c
    chosen = select(columns.value, func.count()).where(columns.of == str(Of.CUSTOMER), columns.attribute == "owner")
    rows = connection.execute(dated.on(chosen, day).group_by(columns.value))
    return {str(dated.read(owner)): count for owner, count in rows}


def _holding(connection: Connection, of: Of, attribute: str, values: Iterable[str], day: date) -> Iterator[str]:
    columns = DATED.c
    chosen = select(columns.of_id).where(columns.of == str(of), columns.attribute == attribute)
    for chunk in dated.chunks(written(value) for value in values):
        yield from connection.execute(dated.on(chosen.where(columns.value.in_(chunk)), day)).scalars()


def tree_on(connection: Connection, day: date) -> Tree:
    """Return the tree of teams of a day."""
    return Tree.on(parents(connection), day)


def members(connection: Connection, team: str, day: date, *, below: bool = True) -> list[str]:
    """Return the people of a team on a day, in order of their ids.

    Args:
        connection: Where from.
        team: The team.
        day: The day.
        below: Whether the teams that belong to it count, too.
    """
    teams = tree_on(connection, day).below(team) if below else {team}
    return sorted(_holding(connection, Of.PERSON, "team", teams, day))


def present(connection: Connection, day: date, team: str | None = None) -> list[str]:
    """Return who was at work on a day: had come, had not left and was not away.

    Args:
        connection: Where from.
        day: The day.
        team: Only of this team and those below it; None: of all.
    """
    known = dated.values_on(connection, Of.PERSON, day, ["status", "team", "role"])
    away = away_on(connection, day)
    here = {name for name, held in known.items() if held.get("status", "active") != "left" and name not in away}
    return sorted(here if team is None else here & set(members(connection, team, day)))


def loads(connection: Connection, day: date) -> dict[str, Decimal]:
    """Return the load every person had on a day by the tiers of the customers held; those without are left out."""
    found: dict[str, Decimal] = {}
    for held in dated.values_on(connection, Of.CUSTOMER, day, ["owner", "tier", "status"]).values():
        if "owner" in held and held.get("status", "active") == "active":
            found[held["owner"]] = found.get(held["owner"], Decimal()) + LOADS.get(held.get("tier", ""), Decimal())
    return found


class Because(StrEnum):
    """Why somebody can see a customer."""

    OWNER = "owner"
    TEAM = "team"


@dataclass(frozen=True, slots=True, order=True)
class Sight:
    """A customer somebody could see, from when to when, half-open, and why.

    Attributes:
        holder: Who held the customer.
    """

    customer: str
    since: date
    until: date | None
    because: Because
    holder: str


def visible(connection: Connection, person: str, since: date, until: date | None) -> list[Sight]:
    """Return the customers a person could see within a period.

    One's own; for leads, directors and the general manager also those of whoever was in their team or in one below it
    while they were.

    Args:
        connection: Where from.
        person: Who sees.
        since: First day of the period.
        until: First day after it; None: without end.
    """
    sights = list(_sights(connection, [Span(person, since, until)], Because.OWNER))
    people = dated.lines(connection, Of.PERSON, attributes=["team", "role"])
    led = _led(people, parents(connection), person, since, until)
    sights += [sight for sight in _sights(connection, led, Because.TEAM) if sight.holder != person]
    return sorted(_whole(sights), key=lambda sight: (sight.customer, sight.since, sight.because, sight.holder))


def _whole(sights: Iterable[Sight]) -> Iterator[Sight]:
    """Yield sights with pieces that touch made one."""
    pieces: dict[tuple[str, Because, str], list[Span[str]]] = {}
    for each in sights:
        key = (each.customer, each.because, each.holder)
        pieces.setdefault(key, []).append(Span(each.holder, each.since, each.until))
    for (customer, because, holder), spans in pieces.items():
        for span in joined(sorted(spans, key=lambda span: span.since)):
            yield Sight(customer, span.since, span.until, because, holder)


def _led(people: Lines, above: Parents, leader: str, since: date, until: date | None) -> list[Span[str]]:
    """Return whom somebody led, and when."""
    found: list[Span[str]] = []
    for begin, end in _pieces(since, until, borders(above)):
        tree = Tree.on(above, begin)
        roles = [span for span in _cut(people, leader, "role", begin, end) if span.value in map(written, LEADING)]
        for role in roles:
            for team in _cut(people, leader, "team", role.since, role.until):
                teams = {written(each) for each in tree.below(dated.read(team.value))}
                found += [
                    Span(name, span.since, span.until)
                    for name, attribute in people
                    if attribute == "team"
                    for span in _cut(people, name, "team", team.since, team.until)
                    if span.value in teams
                ]
    return found


def _pieces(since: date, until: date | None, days: Iterable[date]) -> Iterator[tuple[date, date | None]]:
    """Yield a period in pieces, cut at some days."""
    for day in days:
        if since < day and (until is None or day < until):
            yield since, day
            since = day
    yield since, until


def _cut(lines: Lines, name: str, attribute: str, since: date, until: date | None) -> list[Span[str]]:
    parts = (span.within(since, until) for span in lines.get((name, attribute), ()))
    return [part for part in parts if part is not None]


def _sights(connection: Connection, holders: list[Span[str]], because: Because) -> Iterator[Sight]:
    """Yield the customers some people held while they are looked at."""
    columns = DATED.c
    held: dict[str, list[tuple[str, Span[str]]]] = {}
    chosen = select(columns.of_id, columns.value, columns.since, columns.until)
    chosen = chosen.where(columns.of == str(Of.CUSTOMER), columns.attribute == "owner")
    for chunk in dated.chunks(written(span.value) for span in holders):
        for customer, value, since, until in connection.execute(chosen.where(columns.value.in_(chunk))):
            holder = dated.read(value)
            held.setdefault(holder, []).append((customer, Span(holder, since, until)))
    for looked in holders:
        for customer, span in held.get(looked.value, ()):
            part = span.within(looked.since, looked.until)
            if part is not None:
                yield Sight(customer, part.since, part.until, because, looked.value)


def reads(connection: Connection, actor: str, since: datetime, until: datetime) -> list[Row[Any]]:
    """Return the audit entries of what an actor has read within a period, the first one first."""
    columns = AUDIT.c
    chosen = select(columns.id, columns.recorded_at, columns.object, columns.body).where(
        columns.actor == actor,
        columns.action == str(Action.READ),
        columns.recorded_at >= since,
        columns.recorded_at < until,
    )
    return list(connection.execute(chosen.order_by(columns.id)))


def reads_of(connection: Connection, person: str, since: datetime, until: datetime) -> list[Row[Any]]:
    """Return the audit entries of what a person has read through any login within a period."""
    actors = [logins.actor_of(login.name) for login in logins.of_person(connection, person)]
    found = [row for actor in actors for row in reads(connection, actor, since, until)]
    return sorted(found, key=lambda row: str(row.id))
