"""Numbers that are straight lines over one other number, piece by piece: what nested `min` and `max` come to.

`min(x, 100) * 0.05 + max(x - 100, 0) * 0.07` is `0.05x` up to 100 and `0.07x - 2` from there on: one comparison
instead of two, one multiplication and one addition. The lines meet where one ends and the next begins, so that it does
not matter which of them gives the value there. Only for numbers of known extent, where every order of operations gives
the same value, and only under rounding, which gives every value its decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from itertools import pairwise

from policy.feel.extents import EXACT, Extent, extent_of, fitting, product, sum_of

_MOST = 16
_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Line:
    """`slope * x + rest`."""

    slope: Decimal
    rest: Decimal

    def at(self, x: Decimal) -> Decimal:
        """Return its value."""
        return EXACT.add(EXACT.multiply(self.slope, x), self.rest)

    def extent(self, x: Extent) -> Extent | None:
        """Return the extent of its value, computed as it is written; None where that may round."""
        slope, rest = extent_of(self.slope), extent_of(self.rest)
        if slope is None or rest is None or not self.slope:
            return rest if not self.slope else None
        scaled = product(slope, x)
        return scaled if scaled is None or not self.rest else sum_of(scaled, rest)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A number as lines over `x`.

    Attributes:
        x: Python name of the number they are over; empty for a constant.
        over: Extent of it.
        bounds: Where one line ends and the next begins, rising.
        lines: One more than bounds.
    """

    x: str
    over: Extent
    bounds: tuple[Decimal, ...]
    lines: tuple[Line, ...]

    @property
    def spans(self) -> list[Extent]:
        """Return the extent of `x` for each line."""
        ends = (self.over.low, *self.bounds, self.over.high)
        return [replace(self.over, low=low, high=high) for low, high in pairwise(ends)]

    def extent(self) -> Extent | None:
        """Return the extent of the number, computed as it is written; None where that may round."""
        found = [line.extent(span) for line, span in zip(self.lines, self.spans, strict=True)]
        known = [each for each in found if each is not None]
        if len(known) < len(found):
            return None
        low, high = min(each.low for each in known), max(each.high for each in known)
        signed = any(each.signed_zero for each in known)
        return fitting(Extent(max(each.places for each in known), low, high, signed))

    def source(self, constant: Callable[[Decimal], str]) -> str:
        """Write it; `constant` gives the source of a number known now."""
        lines = [_written(line, self.x, constant) for line in self.lines]
        return _chosen(lines, [f"{self.x} < {constant(each)}" for each in self.bounds])


def variable(x: str, over: Extent) -> Pieces:
    """Return the number of a name."""
    return Pieces(x, over, (), (Line(_ONE, _ZERO),))


def fixed(value: Decimal) -> Pieces:
    """Return a number known now."""
    return Pieces("", Extent(0, value, value), (), (Line(_ZERO, value),))


def combined(sign: str, one: Pieces | None, other: Pieces | None) -> Pieces | None:
    """Return `one sign other` for `+`, `-`, `*`, `min` and `max`; None where that is not made of a few lines over one name."""
    if one is None or other is None or (one.x and other.x and one.x != other.x):
        return None
    try:
        found = _combined(sign, *_aligned(one, other))
    except DecimalException:  # a number too long to go on with, or lines that cross where no decimal is
        return None
    return found if found is not None and len(found.lines) <= _MOST else None


def _aligned(one: Pieces, other: Pieces) -> tuple[Pieces, Pieces]:
    """Return both over the same name and cut at the same bounds."""
    whole = one if one.x else other
    bounds = tuple(sorted({*one.bounds, *other.bounds}))
    aligned = []
    for each in (one, other):
        starts = (whole.over.low, *bounds)
        lines = tuple(each.lines[sum(bound <= start for bound in each.bounds)] for start in starts)
        aligned.append(Pieces(whole.x, whole.over, bounds, lines))
    return aligned[0], aligned[1]


def _combined(sign: str, one: Pieces, other: Pieces) -> Pieces | None:
    if sign in ("min", "max"):
        return _extreme(one, other, least=sign == "min")
    lines = [_line(sign, *both) for both in zip(one.lines, other.lines, strict=True)]
    known = [each for each in lines if each is not None]
    return _joined(one, list(one.bounds), known) if len(known) == len(lines) else None


def _line(sign: str, one: Line, other: Line) -> Line | None:
    if sign == "*":
        if other.slope:
            one, other = other, one
        return None if other.slope else Line(EXACT.multiply(one.slope, other.rest), EXACT.multiply(one.rest, other.rest))
    compute = EXACT.add if sign == "+" else EXACT.subtract
    return Line(compute(one.slope, other.slope), compute(one.rest, other.rest))


def _extreme(one: Pieces, other: Pieces, *, least: bool) -> Pieces:
    """Return the smaller or the larger: where two lines cross, one piece becomes two."""
    starts: list[Decimal] = []
    lines: list[Line] = []
    for span, first, second in zip(one.spans, one.lines, other.lines, strict=True):
        begin, end = (EXACT.compare(second.at(x), first.at(x)) for x in (span.low, span.high))
        in_order = (first, second) if ((begin or end) >= 0) is least else (second, first)
        starts.append(span.low)
        lines.append(in_order[0])
        if begin and end and begin != end:
            starts.append(_crossing(first, second))
            lines.append(in_order[1])
    return _joined(one, starts[1:], lines)


def _joined(pieces: Pieces, bounds: Sequence[Decimal], lines: Sequence[Line]) -> Pieces:
    """Return pieces with other lines; where neighbours are the same line, they become one piece."""
    kept = [at for at in range(len(bounds)) if lines[at] != lines[at + 1]]
    return replace(pieces, bounds=tuple(bounds[at] for at in kept), lines=(lines[0], *(lines[at + 1] for at in kept)))


def _crossing(one: Line, other: Line) -> Decimal:
    return EXACT.divide(EXACT.subtract(other.rest, one.rest), EXACT.subtract(one.slope, other.slope))


def _written(line: Line, x: str, constant: Callable[[Decimal], str]) -> str:
    if not line.slope:
        return constant(line.rest)
    scaled = x if line.slope == 1 else f"{x} * {constant(line.slope)}"
    return f"{scaled} + {constant(line.rest)}" if line.rest else scaled


def _chosen(values: Sequence[str], tests: Sequence[str]) -> str:
    """Write the choice of one value, by as few tests as halving takes."""
    if not tests:
        return values[0]
    at = len(tests) // 2
    below, above = _chosen(values[: at + 1], tests[:at]), _chosen(values[at + 1 :], tests[at + 1 :])
    return f"({below} if {tests[at]} else {above})"
