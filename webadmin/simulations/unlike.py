"""Who is away by the record otherwise than a plan supposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.totals import Load
from webadmin.reassigning.whatif import Away
from webadmin.store import absences
from webadmin.store.absences import Away as Absent


@dataclass(frozen=True, slots=True)
class Unlike:
    """Somebody who is away by the record otherwise than a plan supposes.

    Attributes:
        supposed: None where the plan supposes nothing of it.
        recorded: As far as they are not over.
        gets: How many customers the plan gives them.
    """

    person: str
    supposed: Away | None
    recorded: Sequence[Absent]
    gets: int = 0


def unlike(connection: Connection, plan: Plan, everybody: Sequence[Load]) -> list[Unlike]:
    """Return who of those who are supposed to be away, or are given customers, is away by the record otherwise."""
    gets = {each.before.person: each.gets for each in everybody if each.gets}
    recorded = absences.from_on(connection, plan.day, {*plan.whatif.away, *gets})
    found = [
        Unlike(name, away, recorded.get(name, ()))
        for name, away in sorted(plan.whatif.away.items())
        if all((each.since, each.until) != (away.since, away.until) for each in recorded.get(name, ()))
    ]
    return found + [Unlike(name, None, recorded[name], count) for name, count in gets.items() if name in recorded]
