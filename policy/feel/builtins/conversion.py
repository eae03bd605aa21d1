"""Built-in functions that turn values of one sort into another, and the canonical text of every value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from policy.errors import EvaluationError
from policy.feel.builtins.registry import function
from policy.feel.problems import fail
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.feel.values import LONGEST_STRING, NO_BOUND, Function, Range, price, price_text
from policy.values import LARGEST_EXPONENT, NUMBERS, shortest

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_AT = (date, Time, DateTime, DaysDuration, MonthsDuration)


def to_text(value: Any) -> str:
    """Write a value as the function `string` does: numbers plain, lists and contexts as expressions.

    Raises:
        EvaluationError: the text grows longer than a text may be.

    Example:
        >>> to_text([Decimal("1.50"), "a", None])
        '[1.5, "a", null]'
    """
    if value.__class__ is str:
        return value
    parts: list[str] = []
    length = [0]
    _write(value, parts, length)
    price(length[0] // 3)
    return "".join(parts)


def _write(value: Any, parts: list[str], length: list[int]) -> None:
    if value.__class__ is list:
        parts.append("[")
        for number, each in enumerate(value):
            parts.append(", " if number else "")
            _write(each, parts, length)
        parts.append("]")
    elif value.__class__ is dict:
        parts.append("{")
        for number, (key, each) in enumerate(value.items()):
            parts.append((", " if number else "") + _key(key) + ": ")
            _write(each, parts, length)
        parts.append("}")
    else:
        parts.append(_scalar(value))
    length[0] += len(parts[-1])
    if length[0] > LONGEST_STRING:
        code = "feel-string-too-long"
        raise EvaluationError(code, found=length[0], expected=LONGEST_STRING)


def _key(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else f'"{key.translate(_ESCAPES)}"'


def _scalar(value: Any) -> str:
    written = _WRITTEN.get(value.__class__)
    return str(value) if written is None else written(value)


def _range(span: Range) -> str:
    if span.low is NO_BOUND:
        return f"({'<=' if span.high_included else '<'} {_end(span.high)})"
    if span.high is NO_BOUND:
        return f"({'>=' if span.low_included else '>'} {_end(span.low)})"
    opening, closing = "[" if span.low_included else "(", "]" if span.high_included else ")"
    return f"{opening}{_end(span.low)}..{_end(span.high)}{closing}"


def _end(value: Any) -> str:
    return f'@"{value}"' if value.__class__ in _AT else _scalar(value)


_WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    Decimal: shortest,
    str: lambda value: f'"{value.translate(_ESCAPES)}"',
    Range: _range,
    Function: lambda value: f"function {value.name}".rstrip(),
}


@function("string(from: any) -> string")
def _string(value: Any) -> Any:
    return fail("feel-null-argument", function="string", parameter="from") if value is None else to_text(value)


def read_number(text: str) -> Any:
    """Read a number; null with a reason when the text is none."""
    price_text(text)
    if not _NUMBER.fullmatch(text):
        return fail("feel-not-a-number", found=text[:40])
    value = Decimal(text)
    if value and abs(value.adjusted()) > LARGEST_EXPONENT:
        return fail("feel-not-a-number", found=text[:40])
    return NUMBERS.plus(value)


@function("number(from: string|number) -> number")
def _number(text: Any) -> Any:
    return text if text.__class__ is Decimal else read_number(text)


@function("number(from: string, grouping separator?: string|null, decimal separator?: string|null) -> number")
def _number_of(text: str, grouping: str | None = None, point: str | None = None) -> Any:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return fail("feel-separator", found=f"{grouping} {point}")
    if grouping is not None and grouping == point:
        return fail("feel-separator", found=str(grouping))
    plain = text if grouping is None else text.replace(grouping, "")
    if point == ",":
        plain = "x" if "." in plain else plain.replace(",", ".")
    return read_number(plain)
