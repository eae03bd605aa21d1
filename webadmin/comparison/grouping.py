"""Which people, teams, regions, levels and grades a case belongs to, as the roster stood on its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from policy.model.document import Subject
from webadmin.access.circle import Circle
from webadmin.decisions.service import day_for
from webadmin.store import dated, decisions, naming
from webadmin.store.dated import Lines, Of
from webadmin.store.spans import value_on

_OF_PERSON = ("team", "region", "level")
_OF_CUSTOMER = ("tier", "owner")

_MOST_DAYS = 10_000
"""Days that are kept as read."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a case is about.

    Attributes:
        key: What it is called: its subject; empty where it has none.
        people: As the facts name them.
        customers: The same.
    """

    key: str
    people: tuple[str, ...]
    customers: tuple[str, ...]

    def terms(self) -> list[str]:
        """Return the people and customers as terms."""
        whom = ((Of.CUSTOMER, self.customers), (Of.PERSON, self.people))
        return [f"{of}={name}" for of, names in whom for name in names]


class Grouping:
    """Looks up what cases belong to; made once for many.

    A case belongs to the people it names, whom its readers see in it anyway; where it is about a customer alone, to
    whoever held that customer on the day. Teams, regions and levels are told of the people the reader sees.

    Args:
        connection: Where the roster is read from, once.
        subject: What the policy decides about.
        circle: Whom the reader sees; of others nothing is looked up.
    """

    def __init__(self, connection: Connection, subject: Subject, circle: Circle) -> None:
        self._subject = subject
        self._circle = circle
        self._people = dated.lines(connection, Of.PERSON, attributes=_OF_PERSON)
        self._customers = dated.lines(connection, Of.CUSTOMER, attributes=_OF_CUSTOMER)
        self._own: dict[tuple[Of, str], str] = {}
        self._days: dict[str, date] = {}

    def about(self, facts: Mapping[str, Any]) -> About:
        """Return whom and what a case is about, by its facts."""
        nothing: dict[str, Any] = {"policy": "", "status": "", "hits": [], "outcome": None}
        found: dict[str, list[str]] = {"subject": [], Of.PERSON: [], Of.CUSTOMER: []}
        for each in decisions.terms(self._subject, nothing, facts):
            sort, _, value = each.partition("=")
            if sort in found:
                found[sort].append(value)
        return About(next(iter(found["subject"]), ""), tuple(found[Of.PERSON]), tuple(found[Of.CUSTOMER]))

    def learn(self, connection: Connection, cases: Iterable[About]) -> None:
        """Learn what other systems call the people and customers of some cases."""
        named = list(cases)
        for of, names in (
            (Of.PERSON, {name for each in named for name in each.people}),
            (Of.CUSTOMER, {name for each in named for name in each.customers}),
        ):
            new = [name for name in names if (of, name) not in self._own]
            known = naming.named(connection, of, new)
            self._own |= {(of, name): known[name].id if name in known else name for name in new}

    def groups(self, about: About, as_of: str) -> dict[str, tuple[str, ...]]:
        """Return what a case belongs to: `person`, `team`, `region`, `level`, `tier`, `month` → ids or values."""
        day = self._day(as_of)
        customers = self._seen(about.customers, Of.CUSTOMER)
        named = tuple(dict.fromkeys(self._own.get((Of.PERSON, each), each) for each in about.people))
        people = self._seen(about.people, Of.PERSON) if named else self._owners(customers, day)
        found = {"person": named or people, "month": (day.isoformat()[:7],)}
        for attribute in _OF_PERSON:
            found[attribute] = self._values(self._people, people, attribute, day)
        found["tier"] = self._values(self._customers, customers, "tier", day)
        return {name: values for name, values in found.items() if values}

    def outside(self, people: Iterable[str]) -> frozenset[str]:
        """Return those among people whom the reader may not see beyond being named."""
        return frozenset(each for each in people if not self._circle.sees(Of.PERSON, each))

    def _day(self, as_of: str) -> date:
        if as_of not in self._days:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            self._days[as_of] = day_for(as_of)
        return self._days[as_of]

    def _seen(self, names: Iterable[str], of: Of) -> tuple[str, ...]:
        own = (self._own.get((of, each), each) for each in names)
        return tuple(dict.fromkeys(each for each in own if self._circle.sees(of, each)))

    def _owners(self, customers: Iterable[str], day: date) -> tuple[str, ...]:
        held = self._values(self._customers, customers, "owner", day)
        return tuple(each for each in held if self._circle.sees(Of.PERSON, each))

    def _values(self, lines: Lines, names: Iterable[str], attribute: str, day: date) -> tuple[str, ...]:
        spans = (value_on(lines.get((name, attribute), ()), day) for name in names)
        return tuple(dict.fromkeys(str(dated.read(each)) for each in spans if each is not None))
