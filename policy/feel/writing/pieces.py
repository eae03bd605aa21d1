"""Numbers that are straight lines over one other number, piece by piece: what nested `min` and `max` come to.

`min(x, 100) * 0.05 + max(x - 100, 0) * 0.07` is `0.05x` up to 100 and `0.07x - 2` from there on: one comparison
instead of two, one multiplication and one addition. The lines meet where one ends and the next begins, so that it does
not matter which of them gives the value there. Only for numbers of known extent, where every order of operations gives
the same value, and only under rounding, which gives every value its decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from itertools import pairwise
from typing import NamedTuple

from policy.feel.extents import EXACT, Extent, extent_of, fitting, product, sum_of

_MOST = 16
_ZERO, _ONE = Decimal(0), Decimal(1)


class Line(NamedTuple):
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
        x: Python name of the number they are over.
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
        return [Extent(self.over.places, low, high, self.over.signed_zero) for low, high in pairwise(ends)]

    def extent(self) -> Extent | None:
        """Return the extent of the number, computed as it is written; None where that may round."""
        found = [line.extent(span) for line, span in zip(self.lines, self.spans, strict=True)]
        known = [each for each in found if each is not None]
        if len(known) < len(found):
            return None
        low, high = min(each.low for each in known), max(each.high for each in known)
        signed = any(each.signed_zero for each in known)
        return fitting(Extent(max(each.places for each in known), low, high, signed))

    @property
    def is_plain(self) -> bool:
        """Say whether nothing is multiplied in it."""
        return all(line.slope in (_ZERO, _ONE) for line in self.lines)

    def times(self, factor: Decimal) -> Pieces | None:
        """Return it times a constant; None where that is not exact."""
        return combined("*", self, factor)

    def source(self, constant: Callable[[Decimal], str]) -> str:
        """Write it, so that it has no exponent above 0 where `x` has none.

        Args:
            constant: Gives the source of a number known now.
        """
        lines = [_written(line, self.x, lambda value: constant(_unfolded(value))) for line in self.lines]
        return _chosen(lines, [f"{self.x} < {constant(each)}" for each in self.bounds])


def variable(x: str, over: Extent) -> Pieces:
    """Return the number of a name."""
    return Pieces(x, over, (), (Line(_ONE, _ZERO),))


def combined(sign: str, one: Pieces | Decimal | None, other: Pieces | Decimal | None) -> Pieces | None:
    """Return `one sign other` for `+`, `-`, `*`, `min` and `max` of pieces and constants, one of them pieces.

    None where one is neither, they are over different names, or the result has too many pieces or is not exact.
    """
    whole = one if isinstance(one, Pieces) else other
    if one is None or other is None or not isinstance(whole, Pieces):
        return None
    if isinstance(other, Pieces) and other.x != whole.x:
        return None
    try:
        found = _combined(sign, *_aligned(whole, one, other))
    except DecimalException:  # a number too long to go on with, or lines that cross where no decimal is
        return None
    return found if found is not None and len(found.lines) <= _MOST else None


def _aligned(whole: Pieces, one: Pieces | Decimal, other: Pieces | Decimal) -> tuple[Pieces, Pieces]:
    """Return both over the same name and cut at the same bounds."""
    bounds = whole.bounds
    if isinstance(one, Pieces) and isinstance(other, Pieces) and one.bounds != other.bounds:
        bounds = tuple(sorted({*one.bounds, *other.bounds}))
    return _cut(whole, one, bounds), _cut(whole, other, bounds)


def _cut(whole: Pieces, each: Pieces | Decimal, bounds: tuple[Decimal, ...]) -> Pieces:
    if isinstance(each, Decimal):
        lines = (Line(_ZERO, each),) * (len(bounds) + 1)
    elif each.bounds == bounds:
        return each
    else:
        starts = (whole.over.low, *bounds)
        lines = tuple(each.lines[sum(bound <= start for bound in each.bounds)] for start in starts)
    return Pieces(whole.x, whole.over, bounds, lines)


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
        return (
            None if other.slope else Line(EXACT.multiply(one.slope, other.rest), EXACT.multiply(one.rest, other.rest))
        )
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
    if not bounds:
        return Pieces(pieces.x, pieces.over, (), tuple(lines))
    kept = [at for at in range(len(bounds)) if lines[at] != lines[at + 1]]
    kept_lines = (lines[0], *(lines[at + 1] for at in kept))
    return Pieces(pieces.x, pieces.over, tuple(bounds[at] for at in kept), kept_lines)


def _crossing(one: Line, other: Line) -> Decimal:
    return EXACT.divide(EXACT.subtract(other.rest, one.rest), EXACT.subtract(one.slope, other.slope))


def _written(line: Line, x: str, constant: Callable[[Decimal], str]) -> str:
    if not line.slope:
        return constant(line.rest)
    scaled = x if line.slope == 1 else f"{x} * {constant(line.slope)}"
    return f"{scaled} + {constant(line.rest)}" if line.rest else scaled


def _unfolded(value: Decimal) -> Decimal:
    """Return a number without exponent above 0: 50, not 5E+1."""
    exponent = value.as_tuple().exponent
    return EXACT.quantize(value, _ONE) if isinstance(exponent, int) and exponent > 0 else value


def _chosen(values: Sequence[str], tests: Sequence[str]) -> str:
    """Write the choice of one value, by as few tests as halving takes."""
    if not tests:
        return values[0]
    at = len(tests) // 2
    below, above = _chosen(values[: at + 1], tests[:at]), _chosen(values[at + 1 :], tests[at + 1 :])
    return f"({below} if {tests[at]} else {above})"
