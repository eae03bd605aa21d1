"""Writes arithmetic on numbers of known types: one check for null, one for overflow, and no calls but the operations.

Everything that can make a chain of operations null comes first, as guards: `null if a is None or b is None else
(a * b)`. What the guards bind the rest can use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policy.feel import extents as ex
from policy.feel import nodes as n
from policy.feel import operations as op
from policy.feel import types as t
from policy.feel.extents import Extent
from policy.feel.writing import pieces as lines
from policy.feel.writing.code import Code
from policy.feel.writing.folding import folded
from policy.feel.writing.pieces import Pieces

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

ANY_OPERATIONS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "+": ("_add", op.add),
    "-": ("_subtract", op.subtract),
    "*": ("_multiply", op.multiply),
    "/": ("_divide", op.divide),
    "**": ("_power", op.power),
}
"""What carries out each sign on values of any type: its name in generated source, and the function."""

_SIGNS = frozenset("+-*/")
_EXTREMES = {"min": "<", "max": ">"}
_EXTENTS: dict[str, Callable[[Extent, Extent], Extent | None]] = {
    "+": ex.sum_of,
    "-": ex.difference,
    "*": ex.product,
    "min": ex.least,
    "max": ex.greatest,
}
_CALENDAR = Decimal((date.max - date.min).days)
_DAYS = Extent(0, -_CALENDAR, _CALENDAR)
_Guards = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number under way.

    Attributes:
        guards: Conditions under which it is null, in order, each with the source of that null.
        source: Its source where none of them holds.
        sign: The operation that may have made it infinite; empty where it is surely finite.
        constant: Its value where that is known already.
        extent: What is known of its value; where anything is, it is computed without rounding.
        pieces: The same number as lines over one name, or a constant, where that was asked for.
        divided: Of a number divided by a constant, the number and the constant.
    """

    guards: _Guards
    source: str
    sign: str = ""
    constant: Decimal | None = None
    extent: Extent | None = None
    pieces: Pieces | Decimal | None = None
    divided: tuple[Figure, Decimal] | None = None


def is_variable(emitter: Emitter, node: n.Name) -> bool:
    """Say whether the name of a function called is a variable, not a built-in function."""
    # the checker visits a function's name only where it is not the built-in one
    return node in emitter.types or emitter.is_bound(node.name)


def are_numbers(emitter: Emitter, *nodes: n.Node) -> bool:
    """Say whether all of them are known to be numbers, or null."""
    return all(isinstance(emitter.type_of(node), t.NumberType) for node in nodes)


def guarded(guards: _Guards, source: str) -> Code:
    """Write a value that is null where a guard holds."""
    written: list[str] = []
    last = None
    for condition, null in guards:
        if null == last:
            written[-1] += f" or {condition}"
        else:
            written.append(f"{null} if {condition}")
        last = null
    return Code(f"({' else '.join([*written, source])})", definite=not guards)


def write_figure(emitter: Emitter, node: n.Node) -> Code:
    """Write arithmetic, `min` or `max` of numbers, or the days from one day to another."""
    figures = Figures(emitter)
    figure = figures.finite(figures.of(node, "None"))
    if figure.constant is not None:
        return emitter.constant(figure.constant)
    return guarded(figure.guards, figure.source)


def write_compared(emitter: Emitter, sign: str, nodes: tuple[n.Node, n.Node], null: str) -> Code | None:
    """Write a comparison of numbers of which one is computed; None for any other."""
    if not are_numbers(emitter, *nodes) or not any(_is_computed(emitter, node) for node in nodes):
        return None
    figures = Figures(emitter)
    left, right = (figures.finite(figures.of(node, null)) for node in nodes)
    return guarded((*left.guards, *right.guards), f"{left.source} {sign} {right.source}")


def _is_computed(emitter: Emitter, node: n.Node) -> bool:
    if isinstance(node, n.Arithmetic):
        return node.sign in _SIGNS and are_numbers(emitter, node.left, node.right)
    if isinstance(node, n.Negation):
        return are_numbers(emitter, node.operand)
    return _is_extreme(emitter, node) or is_days_between(emitter, node)


def _is_extreme(emitter: Emitter, node: n.Node) -> bool:
    name, arguments = _extreme_of(node)
    if name not in _EXTREMES or len(arguments) != 2 or not are_numbers(emitter, *arguments):
        return False
    return isinstance(node, n.Call) and isinstance(node.function, n.Name) and not is_variable(emitter, node.function)


def _extreme_of(node: n.Node) -> tuple[str, tuple[n.Node, ...]]:
    if isinstance(node, n.Call) and isinstance(node.function, n.Name) and node.names is None:
        return node.function.name, node.arguments
    return "", ()


def is_days_between(emitter: Emitter, node: n.Node) -> bool:
    """Say whether it is the number of days from one day to another."""
    if not isinstance(node, n.Path) or node.name != "days" or not isinstance(node.source, n.Arithmetic):
        return False
    ends = (node.source.left, node.source.right)
    return node.source.sign == "-" and all(isinstance(emitter.type_of(end), t.DateType) for end in ends)


class Figures:
    """Writes the figures of one expression; what a guard has looked at is not looked at again."""

    def __init__(self, emitter: Emitter, *, as_pieces: bool = False) -> None:
        """Begin.

        Args:
            emitter: What writes everything else.
            as_pieces: Whether to keep what is a line over one name, piece by piece, as such too.
        """
        self._emitter = emitter
        self._as_pieces = as_pieces
        self._known: dict[str, str] = {}

    def of(self, node: n.Node, null: str) -> Figure:
        """Write a number; `null` is the source of what it gives where it is a name or call that is null."""
        if not _is_computed(self._emitter, node):
            return self._leaf(self._emitter.emit(node), null)
        if isinstance(node, n.Arithmetic):
            return self._operation(node)
        if isinstance(node, n.Negation):
            return self._negation(node)
        return self._days_between(node) if isinstance(node, n.Path) else self._extreme(node)

    def finite(self, figure: Figure) -> Figure:
        """Look whether a number is still one."""
        if not figure.sign or figure.extent is not None:
            return figure
        name = self._emitter.fresh("_t")
        guard = (f"not ({name} := {figure.source}).is_finite()", f"_overflown({figure.sign!r})")
        return Figure((*figure.guards, guard), name)

    def _leaf(self, code: Code, null: str) -> Figure:
        if code.definite:
            return self._definite(code)
        guards: _Guards = ()
        if code.source not in self._known:
            self._known[code.source] = self._emitter.fresh("_t")
            guards = ((f"({self._known[code.source]} := {code.source}) is None", null),)
        name, extent = self._known[code.source], code.extent
        pieces = None if extent is None or not self._as_pieces else lines.variable(name, extent)
        return Figure(guards, name, extent=extent, pieces=pieces)

    def _definite(self, code: Code) -> Figure:
        value = code.constant if code.is_constant else None
        if value.__class__ is not Decimal:
            return Figure((), code.source, extent=code.extent)
        pieces = value if self._as_pieces else None
        return Figure((), code.source, "", value, ex.extent_of(value), pieces)

    def _known_of(self, sign: str, *figures: Figure) -> tuple[Extent | None, Pieces | None]:
        """Return what is known of an operation on two figures."""
        one, other = figures
        if sign not in _EXTENTS or one.extent is None or other.extent is None:
            return None, None
        extent = _EXTENTS[sign](one.extent, other.extent)
        return extent, None if extent is None else lines.combined(sign, one.pieces, other.pieces)

    def _operation(self, node: n.Arithmetic) -> Figure:
        null = f"_fail('feel-null-operand', sign={node.sign!r})"
        left, right = (self.of(each, null) for each in (node.left, node.right))
        if left.constant is not None and right.constant is not None:
            name, function = ANY_OPERATIONS[node.sign]
            codes = [self._emitter.constant(each) for each in (left.constant, right.constant)]
            return self._leaf(folded(self._emitter, name, function, *codes), "None")
        if node.sign == "/":
            right = self._divisor(right)
        guards = (*left.guards, *right.guards)
        self._emitter.reckons = True
        source = f"({left.source} {node.sign} {right.source})"
        extent, pieces = self._known_of(node.sign, left, right)
        divided = (left, right.constant) if node.sign == "/" and right.constant is not None else None
        return Figure(guards, source, node.sign, None, extent, pieces, divided)

    def _divisor(self, figure: Figure) -> Figure:
        figure = self.finite(figure)
        if figure.constant:
            return figure
        first, again = self._emitter.twice(Code(figure.source))
        return Figure((*figure.guards, (f"not {first}", "_fail('feel-division-by-zero')")), again)

    def _negation(self, node: n.Negation) -> Figure:
        inside = self.of(node.operand, "_fail('feel-wrong-operand', sign='-', found='null')")
        if inside.constant is not None:
            return self._leaf(
                folded(self._emitter, "_negate", op.negate, self._emitter.constant(inside.constant)), "None"
            )
        self._emitter.reckons = True
        extent = None if inside.extent is None else ex.negative(inside.extent)
        pieces = lines.combined("-", Decimal(0), inside.pieces)
        return Figure(inside.guards, f"(-{inside.source})", inside.sign, None, extent, pieces)

    def _extreme(self, node: n.Node) -> Figure:
        name, arguments = _extreme_of(node)
        null = f"_fail('feel-null-operand', sign={name!r})"
        one, other = (self.finite(self.of(each, null)) for each in arguments)
        first, again = self._emitter.twice(Code(one.source))
        second, once_more = self._emitter.twice(Code(other.source))
        # the second is looked at first: of two equal numbers the first is given
        chosen = f"({once_more} if {second} {_EXTREMES[name]} {first} else {again})"
        extent, pieces = self._known_of(name, one, other)
        return Figure((*one.guards, *other.guards), chosen, extent=extent, pieces=pieces)

    def _days_between(self, node: n.Path) -> Figure:
        difference = node.source
        ends = (difference.left, difference.right) if isinstance(difference, n.Arithmetic) else ()
        late, early = (self._leaf(self._emitter.emit(end), "_fail('feel-null-operand', sign='-')") for end in ends)
        days = f"_whole[{late.source}.toordinal() - {early.source}.toordinal()]"
        return Figure((*late.guards, *early.guards), days, extent=_DAYS)
