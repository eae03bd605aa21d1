"""What conditions test, cut into cells between which no condition tells apart.

A dimension is a field, or an expression by what it says. Its cells are numbered; a set of them is a bit mask, so
that sets meet, join and are denied as whole numbers. A number with a scale and a day have steps, and between two
steps there is nothing; other numbers are dense, and a cut lies before or after one of them. The last cell of what
may be missing is "missing".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, Inexact
from typing import Any

from policy.feel.extents import EXACT
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.values import DIGITS, LARGEST_EXPONENT

Cut = tuple[Any, int]
"""A value, and 0 for the place before it, 1 for the place after it."""

Span = tuple[Cut | None, Cut | None]
"""From one cut to another; None: without end."""

_FINEST = 60
"""Digits beyond which a number is not turned into steps."""


@dataclass(frozen=True, slots=True)
class Other:
    """Stands for every text that no condition names."""


OTHER = Other()


@dataclass(slots=True, eq=False)
class Dimension:
    """One thing that conditions test.

    Attributes:
        key: Tells it from the others.
        of: The field, or what an expression gives as a field of its own.
        path: How conditions name it; empty for an expression without a name.
        certain: Whether every value of the field can stand in facts, whatever the others are.
        members: All values, where they are few; None: an order of values, or any text.
        may_miss: Whether it can be missing.
        cuts: The cuts that conditions make, in steps where it has them.
        texts: The texts that conditions name.
    """

    key: Hashable
    of: Field
    path: str
    certain: bool
    members: tuple[Any, ...] | None
    may_miss: bool
    cuts: set[Any] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    _cells: list[Any] = field(default_factory=list)
    _edges: list[Any] = field(default_factory=list)
    _places: dict[Any, int] = field(default_factory=dict)

    @property
    def has_steps(self) -> bool:
        """Say whether there is nothing between a value and the next."""
        return self.of.type is FieldType.DATE or (self.of.type is FieldType.NUMBER and self.of.scale is not None)

    @property
    def is_ordered(self) -> bool:
        """Say whether its cells are stretches of an order."""
        return self.members is None and self.of.type in (FieldType.NUMBER, FieldType.DATE)

    def step(self, cut: Cut) -> Any:
        """Return a cut as this dimension counts: the first step after it, or the cut itself."""
        value, after = cut
        if isinstance(value, date):
            return value.toordinal() + after
        if not self.has_steps:
            return cut
        scaled = EXACT.scaleb(value, self.of.scale or 0)
        if after:
            return int(scaled.to_integral_value(ROUND_FLOOR)) + 1
        return int(scaled.to_integral_value(ROUND_CEILING))

    def mention(self, spans: Iterable[Span], texts: Iterable[Any]) -> None:
        """Note where a condition cuts, and what it names."""
        if self.is_ordered:
            self.cuts.update(self.step(end) for span in spans for end in span if end is not None)
        elif self.members is None:
            self.texts.update(texts)

    def seal(self) -> None:
        """Make the cells; nothing is mentioned afterwards."""
        if self.is_ordered:
            low, high = self._ends()
            inner = sorted(cut for cut in self.cuts if (low is None or cut > low) and (high is None or cut < high))
            self._edges = inner
            self._cells = list(zip([low, *inner], [*inner, high], strict=True))
        else:
            self._cells = list(self.members) if self.members is not None else [*sorted(self.texts), OTHER]
            self._places = {each: at for at, each in enumerate(self._cells)}

    def _ends(self) -> tuple[Any, Any]:
        low, high = self.of.min, self.of.max
        if self.of.type is FieldType.DATE:
            low, high = low or date.min, high or date.max
        return (
            None if low is None else self.step((low, 0)),
            None if high is None else self.step((high, 1)),
        )

    def __len__(self) -> int:
        """Count the cells, "missing" among them."""
        return len(self._cells) + self.may_miss

    @property
    def missing(self) -> int:
        """Return the mask of "missing", 0 where it cannot be."""
        return (1 << len(self._cells)) if self.may_miss else 0

    @property
    def given(self) -> int:
        """Return the mask of all values."""
        return (1 << len(self._cells)) - 1

    @property
    def full(self) -> int:
        """Return the mask of everything."""
        return (1 << len(self)) - 1

    def spanning(self, spans: Iterable[Span]) -> int:
        """Return the mask of the values in any of some spans."""
        found = 0
        for low, high in spans:
            if self.is_ordered:
                first = 0 if low is None else self._at(self.step(low))
                last = len(self._cells) if high is None else self._at(self.step(high))
                found |= (1 << last) - (1 << first) if last > first else 0
            else:
                found |= sum(1 << at for at, each in enumerate(self._cells) if _within(each, low, high))
        return found

    def _at(self, step: Any) -> int:
        """Return the number of the first cell that begins at or after a step."""
        low, high = self._cells[0][0], self._cells[-1][1]
        if low is not None and step <= low:
            return 0
        if high is not None and step >= high:
            return len(self._cells)
        return bisect_left(self._edges, step) + 1

    def among(self, values: Iterable[Any]) -> int:
        """Return the mask of some values."""
        if self.is_ordered:
            return self.spanning(((value, 0), (value, 1)) for value in values)
        found = 0
        for each in values:
            at = self._places.get(each)
            found |= 0 if at is None else 1 << at
        return found

    def runs(self, mask: int) -> Iterator[tuple[Any, Any]]:
        """Yield the stretches of an order that a mask covers: from a step, inclusive, to another, exclusive."""
        for low, high in runs_of(mask):
            yield self._cells[low][0], self._cells[high - 1][1]

    @property
    def ends(self) -> tuple[Any, Any]:
        """Return where an order begins and ends."""
        return self._cells[0][0], self._cells[-1][1]

    def cell(self, value: Any) -> int:
        """Return the mask of the cell that one value lies in, 0 where the field cannot have it; None: missing."""
        if value is None:
            return self.missing
        if self.is_ordered:
            return 1 << bisect_right(self._edges, self.step((value, 0)))
        return self.among([value]) or (self.among([OTHER]) if self.members is None else 0)

    def stretches(self) -> Iterator[tuple[int, Any]]:
        """Yield the cells of an order by number, each with the value it begins at; None: it has no beginning."""
        for at, (low, _) in enumerate(self._cells):
            yield at, None if low is None else self.value(low)

    def value(self, step: Any) -> Any:
        """Return the value that a step, or a cut, stands before."""
        if self.of.type is FieldType.DATE:
            return date.fromordinal(step)
        return EXACT.scaleb(Decimal(step), -(self.of.scale or 0)) if self.has_steps else step[0]

    def values(self, mask: int) -> list[Any]:
        """Return the values a mask covers, `OTHER` among them, where it has no order."""
        return [each for at, each in enumerate(self._cells) if mask >> at & 1]

    def example(self, mask: int) -> Any:
        """Return one value of those a mask covers, None for "missing" alone.

        Raises:
            NoValueError: no number of 34 digits lies there.
        """
        at = (mask & -mask).bit_length() - 1
        if at == len(self._cells):
            return None
        cell = self._cells[at]
        if self.is_ordered:
            return self._inside(*cell)
        return self._unnamed() if cell is OTHER else cell

    def _unnamed(self) -> str:
        return next(
            name for name in ("other", *(f"other-{n}" for n in range(2, len(self.texts) + 3))) if name not in self.texts
        )

    def _inside(self, low: Any, high: Any) -> Any:
        if not self.has_steps:
            return _between(low, high)
        if self.of.type is FieldType.DATE:
            return self.value(_likely_day(low, high))
        return self.value(low if low is not None else 0 if high is None or high > 0 else high - 1)


class NoValueError(ValueError):
    """Between two cuts there is no number that facts could hold."""


def runs_of(mask: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of bits that are set, from one, inclusive, to another, exclusive."""
    at = 0
    while mask:
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        length = (~mask & (mask + 1)).bit_length() - 1
        yield at + skip, at + skip + length
        mask >>= length
        at += skip + length


def _within(value: Any, low: Cut | None, high: Cut | None) -> bool:
    return (low is None or (value, 0) >= low) and (high is None or (value, 1) <= high)


_LIKELY = date(2026, 1, 1).toordinal()
"""A day people would give as an example."""


def _likely_day(low: int, high: int) -> int:
    """Return a day of a stretch: its own first day, unless that is the calendar's."""
    return low if low > 1 else min(high - 1, _LIKELY)


def _between(low: Cut | None, high: Cut | None) -> Decimal:
    """Return a number between two cuts."""
    try:
        found = _beyond(low, high) if low is None or high is None else _inner(low, high)
    except Inexact:
        raise NoValueError from None
    if len(found.normalize(EXACT).as_tuple().digits) > DIGITS:
        raise NoValueError
    return found


def _inner(low: Cut, high: Cut) -> Decimal:
    if not low[1]:
        return Decimal(low[0])
    return Decimal(high[0]) if high[1] else EXACT.divide(EXACT.add(low[0], high[0]), Decimal(2))


def _beyond(low: Cut | None, high: Cut | None) -> Decimal:
    if low is not None:
        value, after = low
        return EXACT.add(value, Decimal(1)) if after else value
    if high is None:
        return Decimal(0)
    value, after = high
    if value > 0:
        return Decimal(0)
    return value if after else EXACT.subtract(value, Decimal(1))


def is_countable(value: Decimal) -> bool:
    """Say whether a number is of a size that cuts can be counted with."""
    return abs(value.adjusted()) <= _FINEST < LARGEST_EXPONENT
