"""The one text of plain data: equal data give equal bytes.

Keys are sorted by code points, nothing is padded with spaces, text is not escaped beyond what JSON asks, decimals
are JSON numbers in plain notation with the digits they have (who wants them shorter or padded does that before).
Days, times and durations are their ISO texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.values import plain


def canonical_json(value: Any) -> str:
    """Write plain data as its canonical JSON text.

    Args:
        value: Mappings with text keys, lists, tuples, texts, decimals, integers, booleans, None, days, and the
            temporal values of expressions; nested as one likes.

    Raises:
        TypeError: something else is in it, a binary float for instance, or a number that is not finite.

    Example:
        >>> canonical_json({"b": [Decimal("1234.50"), Decimal("1E+3")], "a": date(2026, 3, 1)})
        '{"a":"2026-03-01","b":[1234.50,1000]}'
    """
    write = _WRITERS.get(type(value))
    return _other(value) if write is None else write(value)


def _other(value: Any) -> str:
    """Write a subclass of what is known, an enumeration's member for instance."""
    if isinstance(value, str):
        return encode_basestring(str.__str__(value))
    if isinstance(value, Mapping):
        return _mapping(value)
    msg = f"`{value!r:.60}` has no canonical text"
    raise TypeError(msg)


def _mapping(value: Mapping[Any, Any]) -> str:
    for key in value:
        if not isinstance(key, str):
            msg = f"the key `{key!r:.60}` is not a text"
            raise TypeError(msg)
    return "{" + ",".join([f"{encode_basestring(key)}:{canonical_json(value[key])}" for key in sorted(value)]) + "}"


def _list(value: list[Any] | tuple[Any, ...]) -> str:
    return "[" + ",".join([canonical_json(item) for item in value]) + "]"


def _number(value: Decimal) -> str:
    if not value.is_finite():
        msg = f"`{value}` is not finite and has no canonical text"
        raise TypeError(msg)
    return plain(value)


def _boolean(value: bool) -> str:  # noqa: FBT001 - it is the value itself
    return "true" if value else "false"


def _quoted(value: object) -> str:
    return f'"{value}"'


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: encode_basestring,
    Decimal: _number,
    bool: _boolean,
    type(None): lambda _: "null",
    int: str,
    dict: _mapping,
    list: _list,
    tuple: _list,
    date: _quoted,
    Time: _quoted,
    DateTime: _quoted,
    DaysDuration: _quoted,
    MonthsDuration: _quoted,
}
