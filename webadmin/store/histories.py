"""How somebody or something stood and changed: dated rows as pages read them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from policy.values import Text
from webadmin.store import dated, naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.tables import TEAMS
from webadmin.store.things import REFERENCES


@dataclass(frozen=True, slots=True)
class Held:
    """A value and when it held, half-open.

    Attributes:
        value: Plain data; of a person a `Named`, of a team its name.
        until: First day it no longer held; None: it holds without end.
    """

    attribute: str
    value: Any
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def history(connection: Connection, of: Of, name: str, hidden: Collection[str] = ()) -> list[Held]:
    """Return every value of one thing by attribute, the newest first; `hidden` attributes are left out."""
    found = [
        Held(attribute, dated.read(span.value), span.since, span.until)
        for (_, attribute), spans in sorted(dated.lines(connection, of, [name]).items())
        if attribute not in hidden
        for span in reversed(spans)
    ]
    teams = team_names(connection)
    owners = {each.value for each in found if REFERENCES.get((of, each.attribute)) is Of.PERSON}
    people = naming.named(connection, Of.PERSON, owners)
    return [_resolved(of, each, teams, people) for each in found]


def _resolved(of: Of, held: Held, teams: dict[str, Text], people: dict[str, Named]) -> Held:
    aim = REFERENCES.get((of, held.attribute))
    if aim is None:
        return held
    known: Any = people if aim is Of.PERSON else teams
    return Held(held.attribute, known.get(held.value, held.value), held.since, held.until)


def team_names(connection: Connection) -> dict[str, Text]:
    """Return what every team is called."""
    columns = TEAMS.c
    rows = connection.execute(select(columns.id, columns.name, columns.name_en))
    return {row.id: Text(row.name, row.name_en or row.name) for row in rows}
