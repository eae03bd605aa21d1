"""The account managers a form about an assignment is filled with: as many as it takes, the likeliest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policies
from webadmin.access.circle import Circle
from webadmin.filling.typed import MOST_ROWS
from webadmin.reassigning.carrying import carried
from webadmin.roster import facts
from webadmin.store.dated import Of


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who is filled in.

    Attributes:
        managers: At most as many as a form takes, by id.
        of: How many there are of whom the reader may know.
    """

    managers: tuple[Mapping[str, Any], ...]
    of: int

    @property
    def is_cut(self) -> bool:
        """Say whether some are left out."""
        return len(self.managers) < self.of


def candidates(
    connection: Connection, policies: Policies, day: date, circle: Circle, customer: Mapping[str, Any]
) -> Candidates:
    """Return the account managers a form is filled with.

    Where there are more than a form takes, those who are there come first, then those who serve the customer's region,
    then those with most room.

    Args:
        connection: To the record.
        policies: In effect on the day: one of them says what everybody carries.
        day: The day.
        circle: Whom the reader may see.
        customer: What is known of the customer.
    """
    loads = carried(connection, policies, day, None if circle.is_all else circle.people).by
    seen = [each for each in facts.candidates(connection, day, loads).managers if circle.sees(Of.PERSON, each["id"])]
    first = sorted(seen, key=lambda each: _in_turn(each, customer.get("region")))[:MOST_ROWS]
    return Candidates(tuple(sorted(first, key=lambda each: str(each["id"]))), len(seen))


def _in_turn(manager: Mapping[str, Any], region: Any) -> tuple[bool, bool, Decimal, str]:
    is_there = manager["active"] and not manager["absent"]
    serves = region is not None and region in manager["regions"]
    return not is_there, not serves, manager["load"] - manager["capacity"], str(manager["id"])
