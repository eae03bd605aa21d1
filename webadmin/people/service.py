"""People on a day with their load, and one person with everything that held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select

from policy.engine import Policies
from policy.model.document import FieldClass
from policy.values import Language, Text
from webadmin import paging
from webadmin.access.circle import Circle
from webadmin.people.forms import Wish
from webadmin.reassigning import carrying
from webadmin.reassigning.carrying import Carried
from webadmin.roster.pay import Eyes
from webadmin.signals import cases, seeing
from webadmin.signals.cases import Case
from webadmin.signals.concerning import concerning
from webadmin.store import dated, histories, naming, standing
from webadmin.store.absences import away_on
from webadmin.store.dated import Of, written
from webadmin.store.decisions import term
from webadmin.store.histories import Held
from webadmin.store.naming import Named
from webadmin.store.signals import Kept
from webadmin.store.tables import ABSENCES, DATED

PAY = ("monthly_wage", "quota", "quota_currency")
"""What only readers of pay see."""

_ATTRIBUTES = ("team", "role", "status", "region", "level", "capacity", "quota", "quota_currency")
MOST_SIGNALS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a day.

    Attributes:
        held: Attribute → value, as far as it is known.
        load: What the customers held weigh.
        customers: How many they are.
    """

    who: Named
    held: dict[str, Any]
    team: Text | str | None
    load: Decimal
    is_away: bool
    customers: int

    @property
    def room(self) -> Decimal | None:
        """Return what could still be carried, below zero where it is too much; None without a capacity."""
        capacity = self.held.get("capacity")
        return capacity - self.load if isinstance(capacity, Decimal) else None


@dataclass(frozen=True, slots=True)
class People:
    """Who fits, and what can be chosen: teams by id, regions; `carried` tells what load is by.

    Attributes:
        lines: A page of them.
        count: How many there are in all.
    """

    lines: Sequence[Line]
    count: int
    teams: dict[str, Text]
    regions: Sequence[str]
    is_empty: bool
    carried: Carried

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return paging.pages(self.count)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer somebody holds, since when, and what it weighs; None where load is by tier."""

    who: Named
    tier: str | None
    load: Decimal | None
    since: date


@dataclass(frozen=True, slots=True)
class Seen:
    """One person: as the list has it, what held, customers, absences and signals.

    Attributes:
        carried: What load is by.
        cases: The cases opened because of these signals, by the signal.
        out_of_sight: Whether other signals concern the person, at customers whose signals the reader does not see.
    """

    line: Line
    carried: Carried
    history: Sequence[Held]
    customers: Sequence[Customer]
    absences: Sequence[Row[Any]]
    signals: Sequence[Kept]
    cases: Mapping[str, Case]
    out_of_sight: bool


def people(connection: Connection, policies: Policies, wish: Wish, circle: Circle, eyes: Eyes) -> People:
    """Return a page of the people who fit, of those the reader sees; `policies` are those in effect on the day."""
    seen = None if circle.is_all else circle.people
    load = carrying.carried(connection, policies, wish.day, seen)
    every = _lines(connection, wish.day, seen, eyes.classes, load)
    names = histories.team_names(connection)
    used = {each.held["team"] for each in every if "team" in each.held}
    below = standing.tree_on(connection, wish.day).below(wish.team) if wish.team else set()
    fitting = [
        each
        for each in every
        if naming.has_words(each.who, wish.name)
        and (not wish.team or each.held.get("team") in below)
        and wish.region in ("", each.held.get("region"))
        and wish.status in ("", each.held.get("status", "active"))
    ]
    regions = sorted({str(each.held["region"]) for each in every if "region" in each.held})
    shown = {name: text for name, text in names.items() if circle.is_all or name in used}
    first = paging.before(wish.page)
    lines = sorted(fitting, key=_key(wish.sort, eyes.language))[first : first + paging.PAGE]
    return People(lines, len(fitting), shown, regions, not every, load)


def _room(line: Line) -> tuple[bool, Decimal]:
    return line.room is None, -(line.room or Decimal())


def _over(line: Line) -> tuple[bool, Decimal]:
    return line.room is None, line.room or Decimal()


def _key(sort: str, language: Language) -> Callable[[Line], Any]:
    first: Callable[[Line], Any] = {
        "name": lambda _: (),
        "team": lambda each: str(each.held.get("team", "")),
        "load": lambda each: -each.load,
        "room": _room,
        "over": _over,
    }[sort]
    return lambda each: (first(each), naming.by_name(each.who, language))


def _lines(
    connection: Connection, day: date, ids: frozenset[str] | None, classes: frozenset[FieldClass], load: Carried
) -> list[Line]:
    wanted = [each for each in _ATTRIBUTES if each not in hidden(classes)]
    held = dated.values_on(connection, Of.PERSON, day, wanted, ids)
    named = naming.named(connection, Of.PERSON, held)
    away, teams = away_on(connection, day), histories.team_names(connection)
    counts = standing.counts(connection, day)
    return [
        Line(
            named[name],
            each,
            teams.get(each.get("team", "")),
            load.by.get(name, Decimal()),
            name in away,
            counts.get(name, 0),
        )
        for name, each in held.items()
        if name in named
    ]


def hidden(classes: frozenset[FieldClass]) -> tuple[str, ...]:
    """Return the attributes a reader of some classes does not see."""
    return () if FieldClass.PAY in classes else PAY


def person(
    connection: Connection, policies: Policies, name: str, day: date, circle: Circle, classes: frozenset[FieldClass]
) -> Seen | None:
    """Return one person on a day; None where there is none of that id.

    Args:
        connection: Where from.
        policies: Those in effect on the day.
        name: The id.
        day: The day.
        circle: Whom the reader sees.
        classes: Classes of values the reader sees.
    """
    who = naming.named(connection, Of.PERSON, [name]).get(name)
    if who is None or who.id != name:
        return None
    load = carrying.carried(connection, policies, day, (name,))
    line = next(iter(_lines(connection, day, frozenset((name,)), classes, load)), None)
    columns = ABSENCES.c
    absences = select(columns.since, columns.until).where(columns.person_id == name).order_by(columns.since.desc())
    return Seen(
        line or Line(who, {}, None, Decimal(), name in away_on(connection, day), 0),
        load,
        histories.history(connection, Of.PERSON, name, hidden(classes)),
        _customers(connection, name, day, load),
        list(connection.execute(absences)),
        *_signals(connection, name, circle),
    )


def _customers(connection: Connection, name: str, day: date, load: Carried) -> list[Customer]:
    columns = DATED.c
    chosen = select(columns.of_id, columns.since).where(
        columns.of == str(Of.CUSTOMER), columns.attribute == "owner", columns.value == written(name)
    )
    since = {row.of_id: row.since for row in connection.execute(dated.on(chosen, day))}
    tiers = dated.values_on(connection, Of.CUSTOMER, day, ["tier"], since)
    named = naming.named(connection, Of.CUSTOMER, since)
    found = [
        Customer(named[each], tiers.get(each, {}).get("tier"), load.of.get(each), begin)
        for each, begin in since.items()
    ]
    return sorted(found, key=lambda each: (each.tier or "~", each.who.id))


def _signals(connection: Connection, name: str, circle: Circle) -> tuple[list[Kept], dict[str, Case], bool]:
    """Return the newest signals that concern a person, of those the reader may open, with what cases were opened.

    The last value says whether there are signals the reader may not open.
    """
    every = concerning(connection, name, MOST_SIGNALS)
    keys = seeing.keys(connection, circle)
    found = [each for each in every if keys is None or term(each.unit.key_path, each.unit.key) in keys]
    return found, cases.opened(connection, [each.id for each in found]), len(found) < len(every)
