"""What people are sought, as an address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webadmin import dayfields

SORTS = ("name", "team", "load", "room", "over")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """Which people, on which day, in which order.

    Attributes:
        name: Words that the id or the names hold.
        sort: One of `SORTS`; `over` has those with least room first, or most too much.
        is_wrong: Whether the day could not be read; it is today's then.
    """

    day: date
    name: str = ""
    team: str = ""
    region: str = ""
    status: str = ""
    sort: str = "name"
    is_wrong: bool = False


def read(arguments: Mapping[str, str], today: date) -> Wish:
    """Read the filters of an address; what is too long is cut."""
    day, is_wrong = day_of(arguments.get("day", ""), today)
    name, team, region, status = (
        arguments.get(each, "").replace("\0", "").strip()[:LONGEST] for each in ("name", "team", "region", "status")
    )
    sort = arguments.get("sort", "name")
    return Wish(day, name, team, region, status, sort if sort in SORTS else "name", is_wrong)


def day_of(text: str, today: date) -> tuple[date, bool]:
    """Return the day that was written, today where none was or it cannot be read; and whether it cannot."""
    if not text.strip():
        return today, False
    found = dayfields.read(text.strip())
    return (today, True) if found is None else (found, False)
