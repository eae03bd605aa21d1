"""Which people, teams, regions, levels and grades a case belongs to, as the roster stood on its day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


class Grouping:
    """Looks up what cases belong to; made once for many.

    A case belongs to the people it is about; where it is about a customer alone, to whoever held that customer on the
    day.

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

    def learn(self, connection: Connection, cases: Collection[Mapping[str, Any]]) -> None:
        """Learn what other systems call the people and customers of some cases, given by their facts."""
        for of in (Of.PERSON, Of.CUSTOMER):
            names = {name for facts in cases for name in self._about(facts, of)}
            new = [name for name in names if (of, name) not in self._own]
            known = naming.named(connection, of, new)
            self._own |= {(of, name): known[name].id if name in known else name for name in new}

    def key(self, facts: Mapping[str, Any]) -> str:
        """Return what a case is called: its subject; empty where it has none."""
        found = [each for each in self._terms(facts) if each.startswith("subject=")]
        return found[0].partition("=")[2] if found else ""

    def who(self, facts: Mapping[str, Any]) -> list[str]:
        """Return the people and customers a case is about, as terms."""
        return [each for each in self._terms(facts) if each.partition("=")[0] in (Of.PERSON, Of.CUSTOMER)]

    def groups(self, facts: Mapping[str, Any], as_of: str) -> dict[str, tuple[str, ...]]:
        """Return what a case belongs to: `person`, `team`, `region`, `level`, `tier`, `month` → ids or values."""
        day = day_for(as_of)
        customers = self._seen(facts, Of.CUSTOMER)
        people = self._seen(facts, Of.PERSON) or self._owners(customers, day)
        found = {"person": people, "month": (day.isoformat()[:7],)}
        for attribute in _OF_PERSON:
            found[attribute] = self._values(self._people, people, attribute, day)
        found["tier"] = self._values(self._customers, customers, "tier", day)
        return {name: values for name, values in found.items() if values}

    def _seen(self, facts: Mapping[str, Any], of: Of) -> tuple[str, ...]:
        own = (self._own.get((of, each), each) for each in self._about(facts, of))
        return tuple(dict.fromkeys(each for each in own if self._circle.sees(of, each)))

    def _owners(self, customers: Collection[str], day: date) -> tuple[str, ...]:
        held = self._values(self._customers, customers, "owner", day)
        return tuple(each for each in held if self._circle.sees(Of.PERSON, each))

    def _values(self, lines: Lines, names: Collection[str], attribute: str, day: date) -> tuple[str, ...]:
        spans = (value_on(lines.get((name, attribute), ()), day) for name in names)
        return tuple(dict.fromkeys(str(dated.read(each)) for each in spans if each is not None))

    def _about(self, facts: Mapping[str, Any], of: Of) -> list[str]:
        return [each.partition("=")[2] for each in self._terms(facts) if each.startswith(f"{of}=")]

    def _terms(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        nothing: dict[str, Any] = {"policy": "", "status": "", "hits": [], "outcome": None}
        return decisions.terms(self._subject, nothing, facts)
