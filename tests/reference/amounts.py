"""Random formulas of amounts: nested `min`, `max` and rounding over declared numbers, and facts on their edges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from random import Random
from typing import Any

from policy.feel.extents import Extent
from policy.feel.types import DATE, NUMBER, Type

_WIDE = Context(prec=99, rounding=ROUND_HALF_EVEN)

EXTENTS: Mapping[str, Extent] = {
    "amount": Extent(2, Decimal(0), Decimal(100_000_000)),
    "change": Extent(2, Decimal(-1_000_000), Decimal(1_000_000)),
    "loss": Extent(1, Decimal(-5000), Decimal(0)),
    "share": Extent(4, Decimal(0), Decimal(1)),
    "days": Extent(0, Decimal(0), Decimal(720)),
    "vast": Extent(2, Decimal(0), Decimal("9E+31")),
}
"""What is declared of numbers: decimals, least and greatest value."""

TYPES: Mapping[str, Type] = {**dict.fromkeys(EXTENTS, NUMBER), "other": NUMBER, "late": DATE, "early": DATE}
"""All names; `other` is a number of which nothing is declared."""

CONSTANTS = (
    *("0", "1", "2", "3", "7", "100", "365", "720", "5000", "100000", "500000", "99999.99", "100000.01", "1000000"),
    *("0.5", "0.05", "0.07", "0.1", "0.10", "0.0333", "0.333333", "0.0001", "1.005", "2.500", "-1", "-3", "-0.05"),
    *(
        "0.3333333333333333333333333333333333",
        "9999999999999999999999999999999999",
        "1000000000000000000000",
        "2 ** 60",
        "100 / 0.5",
    ),
)
ROUNDINGS = ("round half up", "round half down", "round up", "round down", "floor", "ceiling", "decimal")
_OTHERS = (Decimal("1E+6100"), Decimal("-1E-6100"), Decimal("1." + "3" * 33), Decimal("-0.00"), Decimal("12.5"), None)
_DATES = (None, date(1, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 21), date(9999, 12, 31))


def drawn(random: Random) -> str:
    """Draw a formula, most of them rounded and mostly over one name."""
    text = _figure(random, random.choice(list(EXTENTS)), random.randint(1, 5))
    way = random.random()
    if way < 0.1:
        return text
    if way < 0.2:
        return f"{text} {random.choice(('<', '<=', '>', '>=', '=', '!='))} {random.choice(CONSTANTS)}"
    return _rounded(random, text)


def _rounded(random: Random, text: str) -> str:
    name = random.choice((*ROUNDINGS, *["round half up"] * 6))
    if name in ("floor", "ceiling") and random.random() < 0.5:
        return f"{name}({text})"
    return f"{name}({text}, {random.choice((0, 1, 2, 2, 2, 4, 11, 12))})"


def _figure(random: Random, focus: str, depth: int) -> str:
    if depth == 0 or random.random() < 0.1:
        way = random.random()
        if way < 0.6:
            return focus
        return random.choice(CONSTANTS) if way < 0.95 else random.choice((*EXTENTS, "other", "(late - early).days"))
    if random.random() < 0.06:
        return (
            f"{_figure(random, focus, depth - 1)} / {random.choice(('365', '3', '0.7', '-2', '8', '1000000', focus))}"
        )
    one, two = (_figure(random, focus, random.randrange(depth)) for _ in range(2))
    if random.random() < 0.05:
        return _rounded(random, one)
    written = random.choice(("min({}, {})", "max({}, {})", "({}) + ({})", "({}) - ({})", "({}) * ({})", "-({})"))
    return written.format(one, two) if random.random() < 0.8 else f"({one}) * {random.choice(CONSTANTS)}"


def facts(random: Random) -> dict[str, Any]:
    """Draw values as facts have them: padded to their scale, within their bounds, zero without a sign."""
    found = {name: None if random.random() < 0.05 else _value(random, each) for name, each in EXTENTS.items()}
    return {
        **found,
        "other": random.choice(_OTHERS),
        "late": random.choice(_DATES),
        "early": random.choice(_DATES),
    }


def _value(random: Random, extent: Extent) -> Decimal:
    unit = Decimal((0, (1,), -extent.places))
    way = random.random()
    if way < 0.3:
        near = random.choice((extent.low, extent.high))
    elif way < 0.7:
        near = Decimal(random.choice([each for each in CONSTANTS if " " not in each]))
    else:
        size = random.randint(0, extent.digits)
        near = _WIDE.multiply(Decimal(random.randint(-(10**size), 10**size)), unit)
    moved = _WIDE.add(near, _WIDE.multiply(unit, random.choice((-1, 0, 0, 1))))
    held = min(max(moved, extent.low), extent.high)
    return held.quantize(unit, context=_WIDE) or Decimal(0).quantize(unit)
