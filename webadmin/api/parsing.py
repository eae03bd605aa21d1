"""Reads JSON strictly and exactly, within bounds that are checked before anything is built.

Numbers are decimals as written. Keys that occur twice, numbers that are not finite, halves of characters and
nesting beyond the bound are refused, each with its place.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, DecimalException
from typing import Any

from policy.model.reading import DEEPEST, Repeating, pointed
from policy.values import DIGITS, LARGEST_EXPONENT, Text
from webadmin.api.problems import Fault, ProblemError

DEEPEST_BODY = DEEPEST + 4
"""Levels of a body: facts as deep as the engine takes them, in an item of a batch."""

MOST_VALUES = 200_000
"""Commas and colons a body may have, those in texts included: so many members and items, and some more."""

LONGEST_NUMBER = DIGITS + LARGEST_EXPONENT
"""Characters of the longest number the engine takes, written out."""

_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]')
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_TOO_LONG = b"0" * (LONGEST_NUMBER + 1)


def check_size(body: bytes) -> None:
    """Refuse a body with too many values or a number that is too long, by its signs alone.

    Raises:
        ProblemError: it is.
    """
    if len(body) <= LONGEST_NUMBER:
        return
    if body.count(b",") + body.count(b":") > MOST_VALUES:
        raise _bad(
            "json-too-many",
            f"成员和列表项过多：最多 {MOST_VALUES}",
            f"too many members and items: at most {MOST_VALUES}",
        )
    if _has_long_number(body) and _has_long_number(_TEXTS.sub(b"", body)):
        raise _bad(
            "json-number", f"数字过长：最多 {LONGEST_NUMBER} 位", f"a number has more than {LONGEST_NUMBER} digits"
        )


def _has_long_number(body: bytes) -> bool:
    return _TOO_LONG in body.translate(_DIGITS)  # much faster than a pattern, which looks at every place


def _check_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= DEEPEST_BODY:
        return
    depth = 0
    for found in _BRACKETS.finditer(body):
        sign = found[0]
        depth += 1 if sign in b"[{" else -1 if sign in b"]}" else 0
        if depth > DEEPEST_BODY:
            raise _bad("json-too-deep", f"嵌套超过 {DEEPEST_BODY} 层", f"nested deeper than {DEEPEST_BODY} levels")


def parsed(body: bytes) -> Any:
    """Parse a body.

    Raises:
        ProblemError: it is not JSON, or has keys twice.
    """
    check_size(body)
    _check_depth(body)
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_object, parse_float=_number, parse_int=_number, parse_constant=_constant
        )
    except UnicodeDecodeError as error:
        place = error.start + 1
        raise _bad("json-encoding", f"第 {place} 个字节不是 UTF-8", f"byte {place} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _syntax(error) from None
    except RecursionError:
        raise _bad(
            "json-too-deep", f"嵌套超过 {DEEPEST_BODY} 层", f"nested deeper than {DEEPEST_BODY} levels"
        ) from None
    faults = _twice(value, "")
    if faults:
        raise ProblemError("json", faults=tuple(faults))
    return value


def _syntax(error: json.JSONDecodeError) -> ProblemError:
    line, column = error.lineno, error.colno
    there = error.doc[error.pos : error.pos + 1]
    seen = f"`{there}`" if there.isprintable() and there else "…"
    return _bad(
        "json-syntax",
        f"第 {line} 行第 {column} 列：{seen} 处不符合 JSON 语法",
        f"line {line}, column {column}: not JSON at {seen}",
    )


def _bad(code: str, zh: str, en: str) -> ProblemError:
    return ProblemError("json", faults=(Fault(code, Text(zh, en), pointer=""),))


def _constant(written: str) -> Decimal:
    raise _bad("json-not-finite", f"`{written}` 不是 JSON 数字", f"`{written}` is no number of JSON")


def _number(written: str) -> Decimal:
    try:
        return Decimal(written)
    except DecimalException:
        shown = written if len(written) < 40 else f"{written[:39]}…"
        raise _bad("json-number", f"数字 `{shown}` 过大", f"the number `{shown}` is too large") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Repeating(pairs)


def _twice(value: Any, pointer: str) -> list[Fault]:
    """Return the keys that occur twice, each with its pointer."""
    found: list[Fault] = []
    waiting = [(value, pointer)]
    while waiting:
        here, at = waiting.pop()
        if isinstance(here, dict):
            if isinstance(here, Repeating):
                found += [_twice_at(pointed(at, name), name) for name in here.twice]
            waiting += [(below, pointed(at, name)) for name, below in here.items() if isinstance(below, dict | list)]
        elif isinstance(here, list):
            waiting += [(below, f"{at}/{index}") for index, below in enumerate(here) if isinstance(below, dict | list)]
    return found


def _twice_at(pointer: str, name: str) -> Fault:
    shown = name.encode("utf-8", "backslashreplace").decode()[:60]
    detail = Text(f"键 `{shown}` 出现了两次", f"the key `{shown}` occurs twice")
    return Fault("json-key-twice", detail, pointer=pointer.encode("utf-8", "backslashreplace").decode())
