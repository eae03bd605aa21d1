"""Built-in functions on ranges and their relations (Allen's), where a value counts as a range of one point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy.errors import ExpressionError
from policy.feel.builtins.conversion import read_number
from policy.feel.builtins.registry import BUILTINS, function
from policy.feel.lexer import Token, tokens, unquoted
from policy.feel.operations import at_most, less, same
from policy.feel.problems import fail
from policy.feel.temporal import read_temporal
from policy.feel.values import NO_BOUND, Range, price

_TEMPORAL = frozenset([("date",), ("time",), ("date", "and", "time"), ("duration",)])


def make_range(low: Any, high: Any, low_included: Any, high_included: Any) -> Range | None:
    """Give the range value of `[low..high]`; null where its ends do not order."""
    if low is not None and high is not None and low is not NO_BOUND and high is not NO_BOUND:
        ordered = at_most(low, high)
        if ordered is None:
            return None
    return Range(low, high, low_included, high_included)


@function("range(from: string) -> range")
def _range(text: str) -> Any:
    price(25 + len(text) // 2)
    span = _read(text)
    return fail("feel-not-a-range", found=text[:40]) if span is None else span


def _read(text: str) -> Range | None:
    try:
        parts = tokens(text.strip())[:-1]
    except ExpressionError:
        return None
    dots = [at for at, token in enumerate(parts) if token.text == ".."]
    if len(dots) != 1 or parts[0].text not in ("[", "(", "]") or parts[-1].text not in ("]", ")", "["):
        return None
    below, above = parts[1 : dots[0]], parts[dots[0] + 1 : -1]
    included = parts[0].text == "[", parts[-1].text == "]"
    low, high = (_end(each, needed=closed) for each, closed in zip((below, above), included, strict=True))
    return Range(low, high, *included) if _ordered(low, high) else None


def _ordered(low: Any, high: Any) -> bool:
    if low is None or high is None:
        return False
    if low is NO_BOUND or high is NO_BOUND:
        return low is not high
    return low.__class__ is high.__class__ and at_most(low, high) is True


def _end(parts: list[Token], *, needed: bool) -> Any:
    if not parts:
        return None if needed else NO_BOUND
    kinds = [token.kind for token in parts]
    if kinds in (["number"], ["sign", "number"]):
        return read_number("".join(token.text for token in parts))
    if kinds in (["text"], ["at"]):
        text = unquoted(parts[0].text)
        return text if kinds == ["text"] else read_temporal(text)
    words = tuple(token.text for token in parts[:-3])
    if words in _TEMPORAL and kinds[-3:] == ["sign", "text", "sign"] and parts[-3].text == "(":
        return BUILTINS[" ".join(words)][0].call(unquoted(parts[-2].text))
    return None


# relations: every argument becomes (low, high, low included, high included), each end with -1, 0 or 1 before it: where
# it has none, it lies before or after everything

_End = tuple[int, Any]
_Span = tuple[_End, _End, bool, bool]


def _span(value: Any) -> _Span:
    if value.__class__ is not Range:
        return (0, value), (0, value), True, True
    low = (-1, None) if value.low is NO_BOUND else (0, value.low)
    high = (1, None) if value.high is NO_BOUND else (0, value.high)
    return low, high, value.low_included, value.high_included


def _comparable(one: _Span, other: _Span) -> bool:
    ends = [end for span in (one, other) for side, end in span[:2] if side == 0]
    return all(end is not None and less(end, ends[0]) is not None for end in ends)


def _precedes(one: _End, other: _End) -> bool:
    return one[0] < other[0] if one[0] or other[0] else less(one[1], other[1]) is True


def _meet(one: _End, other: _End) -> bool:
    return one[0] == other[0] if one[0] or other[0] else same(one[1], other[1]) is True


def _relation(*texts: str) -> Callable[[Callable[[_Span, _Span], bool]], Callable[[_Span, _Span], bool]]:
    def enter(holds: Callable[[_Span, _Span], bool]) -> Callable[[_Span, _Span], bool]:
        """Enter a relation of two spans under all its signatures, and return it as it was."""

        def related(one: Any, other: Any) -> bool | None:
            """Say whether the relation holds; null with a reason where the bounds cannot be compared."""
            first, second = _span(one), _span(other)
            return holds(first, second) if _comparable(first, second) else fail("feel-not-comparable-ranges")

        for text in texts:
            function(text)(related)
        return holds

    return enter


@_relation(
    "before(range1: any, range2: any) -> boolean",
    "before(point1: any, point2: any) -> boolean",
    "before(point: any, range: any) -> boolean",
    "before(range: any, point: any) -> boolean",
)
def _before(one: _Span, other: _Span) -> bool:
    return _precedes(one[1], other[0]) or (_meet(one[1], other[0]) and not (one[3] and other[2]))


@_relation(
    "after(range1: any, range2: any) -> boolean",
    "after(point1: any, point2: any) -> boolean",
    "after(point: any, range: any) -> boolean",
    "after(range: any, point: any) -> boolean",
)
def _after(one: _Span, other: _Span) -> bool:
    return _before(other, one)


@_relation("meets(range1: range, range2: range) -> boolean")
def _meets(one: _Span, other: _Span) -> bool:
    return one[3] and other[2] and _meet(one[1], other[0])


@_relation("met by(range1: range, range2: range) -> boolean")
def _met_by(one: _Span, other: _Span) -> bool:
    return _meets(other, one)


@_relation("overlaps(range1: range, range2: range) -> boolean")
def _overlaps(one: _Span, other: _Span) -> bool:
    return not _before(one, other) and not _before(other, one)


def _starts_first(one: _Span, other: _Span) -> bool:
    return _precedes(one[0], other[0]) or (_meet(one[0], other[0]) and one[2] and not other[2])


def _ends_last(one: _Span, other: _Span) -> bool:
    return _precedes(other[1], one[1]) or (_meet(one[1], other[1]) and one[3] and not other[3])


@_relation("overlaps before(range1: range, range2: range) -> boolean")
def _overlaps_before(one: _Span, other: _Span) -> bool:
    return _overlaps(one, other) and _starts_first(one, other) and not _ends_last(one, other)


@_relation("overlaps after(range1: range, range2: range) -> boolean")
def _overlaps_after(one: _Span, other: _Span) -> bool:
    return _overlaps_before(other, one)


@_relation(
    "finishes(range1: any, range2: range) -> boolean",
    "finishes(point: any, range: range) -> boolean",
)
def _finishes(one: _Span, other: _Span) -> bool:
    return one[3] is other[3] and _meet(one[1], other[1]) and not _starts_first(one, other)


@_relation(
    "finished by(range1: range, range2: any) -> boolean",
    "finished by(range: range, point: any) -> boolean",
)
def _finished_by(one: _Span, other: _Span) -> bool:
    return _finishes(other, one)


@_relation(
    "includes(range1: range, range2: any) -> boolean",
    "includes(range: range, point: any) -> boolean",
)
def _includes(one: _Span, other: _Span) -> bool:
    return not _starts_first(other, one) and not _ends_last(other, one)


@_relation(
    "during(range1: any, range2: range) -> boolean",
    "during(point: any, range: range) -> boolean",
)
def _during(one: _Span, other: _Span) -> bool:
    return _includes(other, one)


@_relation(
    "starts(range1: any, range2: range) -> boolean",
    "starts(point: any, range: range) -> boolean",
)
def _starts(one: _Span, other: _Span) -> bool:
    return one[2] is other[2] and _meet(one[0], other[0]) and not _ends_last(one, other)


@_relation(
    "started by(range1: range, range2: any) -> boolean",
    "started by(range: range, point: any) -> boolean",
)
def _started_by(one: _Span, other: _Span) -> bool:
    return _starts(other, one)


@_relation(
    "coincides(range1: any, range2: any) -> boolean",
    "coincides(point1: any, point2: any) -> boolean",
)
def _coincides(one: _Span, other: _Span) -> bool:
    ends = _meet(one[0], other[0]) and _meet(one[1], other[1])
    return ends and one[2:] == other[2:]
