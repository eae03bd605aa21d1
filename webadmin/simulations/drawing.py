"""Bars of load before and after, against capacity, as numbers a drawing is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from webadmin.reassigning.proposing import Load

WIDTH = 320
"""Units a bar of the greatest load or capacity is long."""

ROW = 44
"""Units from one person to the next."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One person's bars: lengths, and where they stand; `full` is where the capacity ends, None for none."""

    load: Load
    top: int
    before: int
    after: int
    full: int | None


def bars(loads: Sequence[Load]) -> list[Bar]:
    """Return a bar for each person."""
    most = max([Decimal(1), *(max(each.before, each.after, each.capacity or Decimal()) for each in loads)])

    def long(value: Decimal) -> int:
        return round(WIDTH * value / most)

    return [
        Bar(
            each,
            ROW * place,
            long(each.before),
            long(each.after),
            None if each.capacity is None else long(each.capacity),
        )
        for place, each in enumerate(loads)
    ]
