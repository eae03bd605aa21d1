"""Bars of load or value before and after, load against capacity, as numbers a drawing is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from webadmin.reassigning.proposal import Load

WIDTH = 320
"""Units a bar of the greatest load or capacity is long."""

ROW = 44
"""Units from one person to the next."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One person's bars: lengths, numbers and place; `full` is where the capacity ends, None for none."""

    person: str
    top: int
    before: int
    after: int
    full: int | None
    was: Decimal
    now: Decimal
    is_over: bool


def of_load(loads: Sequence[Load]) -> list[Bar]:
    """Return a bar of load for each person."""
    rows = [(each.before.person, each.before.load, each.load, each.before.capacity) for each in loads]
    return _bars(rows)


def of_value(loads: Sequence[Load]) -> list[Bar]:
    """Return a bar of value for each person."""
    return _bars([(each.before.person, each.before.value, each.value, None) for each in loads])


def _bars(rows: Sequence[tuple[str, Decimal, Decimal, Decimal | None]]) -> list[Bar]:
    most = max([Decimal(1), *(max(was, now, full or Decimal()) for _, was, now, full in rows)])

    def long(value: Decimal) -> int:
        return max(0, round(WIDTH * value / most))

    return [
        Bar(
            person,
            ROW * place,
            long(was),
            long(now),
            None if full is None else long(full),
            was,
            now,
            full is not None and now > full,
        )
        for place, (person, was, now, full) in enumerate(rows)
    ]
