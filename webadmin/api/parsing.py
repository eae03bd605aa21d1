"""Reads JSON strictly and exactly, within bounds that are checked before anything is built.

Numbers are decimals as written. Keys that occur twice, numbers that are not finite or too large, too many keys,
halves of characters and nesting beyond the bound are refused, each with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from itertools import islice
from typing import Any

import msgspec

from policy.model import decoding
from policy.model.reading import DEEPEST, Repeating, pointed
from policy.model.words import shown
from policy.values import DIGITS, LARGEST_EXPONENT, Text
from webadmin.api.problems import MOST_ERRORS, Fault, ProblemError

DEEPEST_BODY = DEEPEST + 4
"""Levels of a body: facts as deep as the engine takes them, in an item of a batch."""

MOST_KEYS = 50_000
"""Keys of all objects of a body together: a batch of 1,000 items may have 50 each; facts of one decision have some
hundred, with long lists some thousand."""

MOST_VALUES = 200_000
"""Commas and colons a body may have, those in texts included: so many members and items, and some more."""

LONGEST_NUMBER = DIGITS + LARGEST_EXPONENT
"""Characters of the longest number the engine takes, written out."""

_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_HALF = re.compile("[\ud800-\udfff]")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_TOO_LONG = b"0" * (LONGEST_NUMBER + 1)


def check_size(body: bytes) -> None:
    """Refuse a body with too many values or a number that is too long, by its signs alone.

    Raises:
        ProblemError: it is.
    """
    if len(body) <= LONGEST_NUMBER:
        return
    if (found := body.count(b",") + body.count(b":")) > MOST_VALUES:
        zh = f"有 {found} 个逗号和冒号，成员和列表项过多：最多允许 {MOST_VALUES} 个，请分成几次请求"
        en = f"found {found} commas and colons, so too many members and items: expected at most {MOST_VALUES}"
        raise _bad("json-too-many", zh, f"{en}; send it in several requests")
    if body.count(b":") > MOST_KEYS and (found := _TEXTS.sub(b"", body).count(b":")) > MOST_KEYS:
        raise _bad(
            "json-too-many-keys",
            f"正文共有 {found} 个键，最多允许 {MOST_KEYS} 个：请分成几次请求",
            f"the body has {found} keys, expected at most {MOST_KEYS}: send it in several requests",
        )
    if _has_long_number(body) and _has_long_number(_TEXTS.sub(b"", body)):
        raise _bad(
            "json-number",
            f"有一个数字超过 {LONGEST_NUMBER} 位：最多允许这么多位",
            f"a number has more than {LONGEST_NUMBER} digits, expected at most that many",
        )


def _has_long_number(body: bytes) -> bool:
    return _TOO_LONG in body.translate(_DIGITS)  # much faster than a pattern, which looks at every place


def parsed(body: bytes) -> Any:
    """Parse a body.

    Returns:
        Numbers are decimals, but whole ones may be integers.

    Raises:
        ProblemError: it is not JSON, or something in it is not taken; carries all of that, but for slips in the syntax.
    """
    check_size(body)
    try:
        value = _DECODER.decode(body)
        if _members(value) == decoding.members(body):  # no key occurs twice
            return value
    except (*_FAILURES, DecimalException):
        pass  # read slowly, to say why
    return _slowly(body)


_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_FAILURES = (msgspec.MsgspecError, UnicodeError, RecursionError)


def _slowly(body: bytes) -> Any:
    try:
        value, is_unfit = _loaded(body.decode())
    except UnicodeDecodeError as error:
        raise _encoding(body, error.start) from None
    except json.JSONDecodeError as error:
        raise _syntax(error) from None
    except RecursionError:
        raise _too_deep() from None
    _members(value)
    if is_unfit or b"\\ud" in body or b"\\uD" in body:
        first = tuple(islice((_fault(*each) for each in _unfit(value, "")), MOST_ERRORS + 1))
        if first:
            raise ProblemError("json", faults=first)
    return value


def _members(value: Any) -> int:
    """Count the members of all objects in a value.

    Raises:
        ProblemError: it is nested too deep.
    """
    count, depth, level = 0, 0, [value] if isinstance(value, dict | list) else []
    while level:
        depth += 1
        if depth > DEEPEST_BODY:
            raise _too_deep()
        below: list[Any] = []
        for each in level:
            inside = each.values() if isinstance(each, dict) else each
            count += len(each) if isinstance(each, dict) else 0
            below += [one for one in inside if isinstance(one, dict | list)]
        level = below
    return count


def _too_deep() -> ProblemError:
    return _bad(
        "json-too-deep",
        f"嵌套超过 {DEEPEST_BODY} 层，最多允许这么多层",
        f"nested deeper than {DEEPEST_BODY} levels, expected at most that many",
    )


@dataclass(frozen=True, slots=True)
class _Unfit:
    """Stands where something is written that is not taken.

    Attributes:
        code: What it is.
        found: As it was written, or how many.
    """

    code: str
    found: str


def _loaded(text: str) -> tuple[Any, bool]:
    """Return what a text says, with an `_Unfit` in place of what is not taken, and whether there is any such thing.

    Raises:
        json.JSONDecodeError: it is not JSON.
    """
    unfit: list[_Unfit] = []

    def noted(code: str, found: object) -> _Unfit:
        unfit.append(_Unfit(code, str(found)))
        return unfit[-1]

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            noted("json-key-twice", "")
            return Repeating(pairs)
        return found

    def number(written: str) -> Decimal | _Unfit:
        try:
            return Decimal(written)
        except DecimalException:
            return noted("json-number", written)

    def load(read_number: Callable[[str], object]) -> Any:
        return json.loads(
            text,
            object_pairs_hook=made,
            parse_float=read_number,
            parse_int=Decimal,
            parse_constant=lambda written: noted("json-not-finite", written),
        )

    try:
        return load(Decimal), bool(unfit)
    except DecimalException:  # the quick way names no place
        return load(number), True


def _unfit(value: Any, pointer: str) -> Iterator[tuple[str, _Unfit]]:
    """Yield what is not taken, each with its pointer, in the order it is written."""
    if isinstance(value, _Unfit):
        yield pointer, value
    elif isinstance(value, str):
        if _HALF.search(value):
            yield pointer, _Unfit("json-surrogate", value)
    elif isinstance(value, Repeating):
        yield from ((pointed(pointer, name), _Unfit("json-key-twice", name)) for name in value.twice)
    for name, below in _below(value):
        if isinstance(name, str) and not name.isascii() and _HALF.search(name):
            yield pointed(pointer, name), _Unfit("json-surrogate", name)
        # Numbers and plain texts are not looked into: there may be a hundred thousand of them.
        if isinstance(below, dict | list | _Unfit) or (isinstance(below, str) and not below.isascii()):
            yield from _unfit(below, pointed(pointer, name))


def _below(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


_SENTENCES = {
    "json-key-twice": Text("键 `{found}` 出现了两次，应只出现一次", "the key `{found}` occurs twice, expected once"),
    "json-not-finite": Text(
        "此处是 `{found}`，JSON 中没有这种数字；应为有限数，或 null",
        "found `{found}`, which is no number of JSON; expected a finite number, or null",
    ),
    "json-number": Text(
        f"数字 `{{found}}` 过大或过小，指数应在 ±{LARGEST_EXPONENT} 之内",
        f"the number `{{found}}` is too large or too small, expected an exponent within ±{LARGEST_EXPONENT}",
    ),
    "json-surrogate": Text(
        "文本 `{found}` 含有半个字符（孤立代理项），应为完整字符",
        "the text `{found}` holds half of a character (a lone surrogate), expected whole characters",
    ),
}


def _fault(pointer: str, unfit: _Unfit) -> Fault:
    found, text = shown(unfit.found), _SENTENCES[unfit.code]
    detail = Text(text.zh.format(found=found), text.en.format(found=found))
    return Fault(unfit.code, detail, pointer=_written(pointer))


def _written(text: str) -> str:
    """Return a text with halves of characters as JSON's own escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _encoding(body: bytes, start: int) -> ProblemError:
    """Return the problem of a byte that is not UTF-8, with the pointer where the rest can be read."""
    byte = f"0x{body[start]:02X}"
    zh = f"第 {start + 1} 个字节（{byte}）不是 UTF-8，应为 UTF-8 文本"
    return _bad("json-encoding", zh, f"byte {start + 1} ({byte}) is not UTF-8, expected text in UTF-8", _pointer(body))


def _pointer(body: bytes) -> str:
    """Return where the first byte that is not UTF-8 stands; empty where that cannot be known."""
    if b"\\ud" in body or b"\\uD" in body:
        return ""
    try:
        value, _ = _loaded(body.decode("utf-8", "surrogateescape"))
    except json.JSONDecodeError:
        return ""
    found = next((pointer for pointer, each in _unfit(value, "") if each.code == "json-surrogate"), "")
    return found.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _syntax(error: json.JSONDecodeError) -> ProblemError:
    if not error.doc.strip():
        return _bad("json-syntax", "正文是空的，应为 JSON", "the body is empty, expected JSON")
    line, column = error.lineno, error.colno
    if error.msg.startswith("Unterminated string"):
        zh, en = "此处开始的文本没有结束引号", "the text that begins here has no closing quote"
        return _bad("json-syntax", f"第 {line} 行第 {column} 列：{zh}", f"line {line}, column {column}: {en}")
    there = error.doc[error.pos : error.pos + 1]
    if there == "\ufeff":
        zh, en = "正文以字节顺序标记（BOM）开头：请去掉", "the body begins with a byte order mark: leave it out"
        return _bad("json-syntax", zh, en)
    if not there:
        zh, en = "正文在此处中断，JSON 不完整", "the body ends here, before the JSON is whole"
        return _bad("json-syntax", f"第 {line} 行第 {column} 列：{zh}", f"line {line}, column {column}: {en}")
    seen = f"`{there}`" if there.isprintable() else f"U+{ord(there):04X}"
    return _bad(
        "json-syntax",
        f"第 {line} 行第 {column} 列：{seen} 处不符合 JSON 语法",
        f"line {line}, column {column}: not JSON at {seen}",
    )


def _bad(code: str, zh: str, en: str, pointer: str = "") -> ProblemError:
    return ProblemError("json", faults=(Fault(code, Text(zh, en), pointer=pointer),))
