"""Quarters of calendar years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST, LATEST = 2000, 2999
"""First and last year a statement can be asked for."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a calendar year, half-open: `since` is its first day, `until` the first day after it."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter a day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """Read `2026-Q3`; None where it is none, or lies too far away for a statement."""
        found = re.fullmatch(r"([0-9]{4})-Q([1-4])", text, re.ASCII)
        if found is None or not EARLIEST <= int(found[1]) <= LATEST:
            return None
        return cls(int(found[1]), int(found[2]))

    @property
    def name(self) -> str:
        """Return what it is called: `2026-Q4`."""
        return f"{self.year}-Q{self.number}"

    @property
    def since(self) -> date:
        """Return its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def until(self) -> date:
        """Return the first day after it."""
        return self.after.since

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.until - timedelta(1)

    @property
    def after(self) -> Quarter:
        """Return the next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """Return the one before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)
