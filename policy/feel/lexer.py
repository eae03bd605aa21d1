"""Splits the text of an expression into tokens.

Characters that no token begins with become tokens of kind "odd": a declared name may hold them, and where none does
the parser says what was probably meant.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple, NoReturn

from policy.errors import ExpressionError
from policy.messages import Said
from policy.values import Text

LONGEST_TEXT = 20_000
"""Code points of an expression at most."""

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "and",
        "or",
        "instance",
        "function",
        "true",
        "false",
        "null",
    ]
)
"""Words that are never taken for a name unless a declared name contains them."""


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: "number", "text", "at", "name", "sign", "odd" or "end".
        text: As written.
        start: Offset of its first code point.
        end: Offset after its last.
    """

    kind: str
    text: str
    start: int
    end: int


_SPACES = "\\s\u0085\u180e\u200b\ufeff"
_LETTERS = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3005-\u3007\u3021-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a"
    "\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_TOKEN = re.compile(
    rf"""
    (?P<space>[{_SPACES}]+|//[^\n]*|/\*.*?\*/)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<at>@[{_SPACES}]*"(?:[^"\\]|\\.)*")
    |(?P<name>[{_LETTERS}][{_LETTERS}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    |(?P<sign>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.?])
    |(?P<odd>&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:U([0-9A-Fa-f]{6})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")

_QUOTE = Text(zh='双引号 `"`', en='double quotes `"`')
SLIPS: dict[str, str | Text] = {
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": Text(zh="`not(…)` 或 `!=`", en="`not(…)` or `!=`"),
    "'": _QUOTE,
    "‘": _QUOTE,
    "’": _QUOTE,
    "“": _QUOTE,
    "”": _QUOTE,
    "「": _QUOTE,
    "」": _QUOTE,
    "，": ",",
    "、": ",",
    "；": ",",
    ";": ",",
    "：": ":",
    "。": ".",
    "（": "(",
    "）": ")",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "＝": "=",
    "≠": "!=",
    "＜": "<",
    "＞": ">",
    "≤": "<=",
    "≥": ">=",
    "＋": "+",
    "－": "-",
    "−": "-",
    "–": "-",
    "×": "*",
    "＊": "*",
    "÷": "/",
    "／": "/",
    "^": "**",
    "？": "?",
    "！": Text(zh="`not(…)` 或 `!=`", en="`not(…)` or `!=`"),
    "%": Text(zh="除以 100，例如 `x / 100`", en="a division by 100, as in `x / 100`"),
}
"""What people write by habit, and what the language writes instead."""


def tokens(text: str) -> list[Token]:
    """Split an expression; the last token is of kind "end".

    Raises:
        ExpressionError: it is too long, or a text or comment is not closed.
    """
    if len(text) > LONGEST_TEXT:
        _refuse("feel-too-long", text, 0, found=len(text), expected=LONGEST_TEXT)
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "space":
            continue
        if kind == "odd":
            _refuse_open(text, match.start())
        found.append(Token(kind, match[0], match.start(), match.end()))
    _refuse_open_comment(text, found)
    found.append(Token("end", "", len(text), len(text)))
    return found


def unquoted(token: str) -> str:
    """Return what a text token (with or without `@`) says, its escapes resolved; unknown escapes stay as they are."""
    inside = token[token.index('"') + 1 : -1]
    if "\\" not in inside:
        return inside
    joined = _ESCAPE.sub(_resolved, inside)
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), joined)


def normalised(text: str) -> str:
    """Return a name with every run of spaces as one space."""
    return " ".join(text.split())


def _resolved(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else escape[0]
    return _ESCAPED.get(escape[3], escape[0])


def _refuse(code: str, text: str, start: int, **values: Said) -> NoReturn:
    raise ExpressionError(code, text, start, len(text), values)


def _refuse_open(text: str, at: int) -> None:
    if text[at] == '"' or (text[at] == "@" and text[at + 1 :].lstrip().startswith('"')):
        _refuse("feel-text-not-closed", text, at, found=text[at : at + 20])


def _refuse_open_comment(text: str, found: list[Token]) -> None:
    for first, second in pairwise(found):
        if first.text == "/" and second.text[:1] == "*" and first.end == second.start:
            _refuse("feel-comment-not-closed", text, first.start)
