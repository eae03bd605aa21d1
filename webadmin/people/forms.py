"""What people are sought, as an address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webadmin import dayfields, paging

SORTS = ("name", "team", "load", "room", "over")
LONGEST = 60
_FILTERS = ("name", "team", "region", "status")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which people, on which day, in which order.

    Attributes:
        name: Words that the id or the names hold.
        sort: One of `SORTS`; `over` has those with least room first, or most too much.
        page: From 1.
        is_wrong: Whether the day could not be read; it is today's then.
    """

    day: date
    name: str = ""
    team: str = ""
    region: str = ""
    status: str = ""
    sort: str = "name"
    page: int = 1
    is_wrong: bool = False

    @property
    def asked(self) -> dict[str, str]:
        """Return the day and what is asked for, as the address says it."""
        said = {name: value for name in _FILTERS if (value := getattr(self, name))}
        return {"day": self.day.isoformat()} | said | ({} if self.sort == "name" else {"sort": self.sort})


def read(arguments: Mapping[str, str], today: date) -> Wish:
    """Read the filters of an address; what is too long is cut, a page that is none is the first."""
    day, is_wrong = day_of(arguments.get("day", ""), today)
    asked = {each: arguments.get(each, "").replace("\0", "").strip()[:LONGEST] for each in _FILTERS}
    sort = arguments.get("sort", "name")
    page = paging.read(arguments)
    return Wish(day, **asked, sort=sort if sort in SORTS else "name", page=page, is_wrong=is_wrong)


def day_of(text: str, today: date) -> tuple[date, bool]:
    """Return the day that was written, today where none was or it cannot be read; and whether it cannot."""
    if not text.strip():
        return today, False
    found = dayfields.read(text.strip())
    return (today, True) if found is None else (found, False)
