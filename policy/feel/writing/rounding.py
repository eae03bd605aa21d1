"""Writes the rounding functions whose scale is known.

Of a number of known extent the rounded one is finite and, but for zero, the same whichever way it is computed: it is
written the shortest way. Of any other the result is looked at, and what is no number, or zero, is left to the slow way.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from policy.feel import extents as ex
from policy.feel import nodes as n
from policy.feel.extents import Extent
from policy.feel.figures import ROUNDING, TO_WHOLE
from policy.feel.writing.code import Code
from policy.feel.writing.figures import Figure, Figures, are_numbers, guarded
from policy.feel.writing.pieces import Pieces
from policy.feel.writing.quotients import write_quotient

if TYPE_CHECKING:
    from policy.feel.compiler import Emitter

_UNITS = {Decimal(scale): Decimal((0, (1,), -scale)) for scale in range(12)}


def write_rounded(emitter: Emitter, name: str, nodes: tuple[n.Node, ...]) -> Code | None:
    """Write a rounding function whose scale is known; None for any other."""
    if name not in ROUNDING or not are_numbers(emitter, *nodes):
        return None
    scale = emitter.emit(nodes[1]).constant if len(nodes) == 2 else Decimal(0)
    if scale.__class__ is not Decimal or scale not in _UNITS:
        return None
    null = f"_fail('feel-null-argument', function={name!r}, parameter='n')"
    figure = Figures(emitter, as_pieces=True).of(nodes[0], null)
    if figure.constant is not None:
        return None
    unit = _UNITS[scale]
    source, extent = _quotient(emitter, name, figure, unit) or _exact(emitter, name, figure, unit) or (None, None)
    if source is None:
        source = _looked_at(emitter, name, figure, scale)
    return replace(guarded(figure.guards, source), definite=False, extent=extent)


def _looked_at(emitter: Emitter, name: str, figure: Figure, scale: Decimal) -> str:
    first, again = emitter.twice(Code(figure.source))
    exactly, done = emitter.constant(scale).source, emitter.fresh("_t")
    # zeros are left to the slow way, which gives them no sign
    fast = f"{done} if ({done} := {_rounding(emitter, name, first, _UNITS[scale])}) and {done}.is_finite()"
    return f"{fast} else _rounded_slowly({name!r}, {again}, {exactly})"


def _rounding(emitter: Emitter, name: str, source: str, unit: Decimal) -> str:
    rounding = f"_{name.replace(' ', '_')}_to"
    emitter.namespace[rounding] = ROUNDING[name]
    return f"{rounding}({source}, {emitter.constant(unit).source})"


def _exact(emitter: Emitter, name: str, figure: Figure, unit: Decimal) -> tuple[str, Extent] | None:
    """Write the rounding of a number of known extent; None for any other."""
    extent = figure.extent
    rounded = None if extent is None else ex.rounded(extent, unit)
    if extent is None or rounded is None:
        return None
    in_units = _in_units(emitter, name, figure.pieces, unit) if isinstance(figure.pieces, Pieces) else None
    written, is_natural = in_units or (_rounding(emitter, name, figure.source, unit), extent.is_natural)
    # a zero has no sign
    zero = "" if is_natural else f" or {emitter.constant(ex.EXACT.multiply(unit, Decimal(0))).source}"
    return f"{written}{zero}", rounded


def _in_units(emitter: Emitter, name: str, pieces: Pieces, unit: Decimal) -> tuple[str, bool] | None:
    """Write the rounding of pieces: counted in units, rounded to a whole number of them, and back."""
    counted = pieces if pieces.is_plain else pieces.times(Decimal(10 ** -unit.adjusted()))
    extent = None if counted is None else counted.extent()
    if counted is None or extent is None:
        return None
    source = counted.source(lambda value: emitter.constant(value).source)
    if pieces.is_plain:
        return _rounding(emitter, name, source, unit), extent.is_natural
    whole = f"_{name.replace(' ', '_')}_whole"
    emitter.namespace[whole] = TO_WHOLE[name]
    back = "" if unit == 1 else f" * {emitter.constant(unit).source}"
    return f"{whole}({source}){back}", extent.is_natural


def _quotient(emitter: Emitter, name: str, figure: Figure, unit: Decimal) -> tuple[str, None] | None:
    """Write the rounding half up of a number of known extent divided by a constant; None for any other."""
    if figure.divided is None or name != "round half up":
        return None
    above, divisor = figure.divided
    if above.extent is None:
        return None
    written = write_quotient(
        above.source,
        above.extent,
        divisor,
        unit,
        lambda value: emitter.constant(value).source,
        emitter.fresh("_t"),
    )
    return None if written is None else (written, None)
