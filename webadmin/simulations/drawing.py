"""Bars of load or value before and after, load against capacity, as shares of the longest: a drawing fits any width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from webadmin.reassigning.totals import Load

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Bar:
    """One person's bars: lengths and numbers.

    Attributes:
        before: Per cent of the longest bar or greatest capacity, to a tenth; `after` alike.
        full: Where the capacity ends, per cent too; None for none.
    """

    person: str
    before: Decimal
    after: Decimal
    full: Decimal | None
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

    def long(value: Decimal) -> Decimal:
        return max(Decimal(), 100 * value / most).quantize(_TENTH)

    return [
        Bar(
            person,
            long(was),
            long(now),
            None if full is None else long(full),
            was,
            now,
            full is not None and now > full,
        )
        for person, was, now, full in rows
    ]
