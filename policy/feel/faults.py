"""Says what is wrong where an expression cannot be read, with a hint for the usual slips."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from policy.errors import ExpressionError
from policy.feel.lexer import KEYWORDS, SLIPS, Token, normalised
from policy.feel.nodes import Node
from policy.messages import Said
from policy.values import Text

DEEPEST_NESTING = 100
"""Levels of an expression at most, the links of a chain such as `a + b + c` counted."""

_GROUPED = re.compile(r"(?<![\w.])[0-9]{1,3}(?:,[0-9]{3})+(?![\w,])")
"""A number as people group its digits."""

_DOUBLED = {"==": "=", "<>": "!=", "=<": "<=", "=>": ">=", "++": "+", "&&": "and"}


def unexpected(text: str, tokens: Sequence[Token], at: int, expected: str | Text) -> ExpressionError:
    """Return the error for the token at `at`, where `expected` should stand."""
    token = tokens[at]
    before = tokens[at - 1] if at else None
    if before is not None and before.end == token.start and before.text + token.text in _DOUBLED:
        found = before.text + token.text
        return ExpressionError(
            "feel-slip", text, before.start, token.end, {"found": found, "expected": f"`{_DOUBLED[found]}`"}
        )
    slip = _capitals(before, token)
    if slip is not None:
        written, meant = slip
        values: dict[str, Said] = {"found": written.text, "expected": meant}
        return ExpressionError("feel-slip", text, written.start, written.end, values)
    grouped = _grouped(text, tokens, at)
    if grouped is not None:
        return grouped
    words = [each for each in (before, token) if each is not None and each.kind == "name" and each.text not in KEYWORDS]
    if before is not None and len(words) == 2:
        name = normalised(text[before.start : token.end])
        return ExpressionError("feel-name-with-space", text, before.start, token.end, {"found": name})
    code, values = _said(token, expected)
    return ExpressionError(code, text, token.start, token.end, values)


def refuse_thousands(text: str, tokens: Sequence[Token], at: int, comparisons: Container[str]) -> None:
    """Refuse `500,000` and `> 1,500`, which would be read as two numbers.

    Raises:
        ExpressionError: the number at `at` is written so.
    """
    if tokens[at + 1].text != ",":
        return
    compared = at > 0 and tokens[at - 1].text in comparisons
    if compared or tokens[at + 2].text.startswith("000"):
        error = _thousands(text, tokens[at].start)
        if error is not None:
            raise error


def _thousands(text: str, start: int) -> ExpressionError | None:
    number = _GROUPED.match(text, start)
    if number is None:
        return None
    values: dict[str, Said] = {"found": number[0], "expected": number[0].replace(",", "")}
    return ExpressionError("feel-thousands", text, start, number.end(), values)


def _grouped(text: str, tokens: Sequence[Token], at: int) -> ExpressionError | None:
    if tokens[at].text != "," or not at or tokens[at - 1].kind != "number":
        return None
    return _thousands(text, tokens[at - 1].start)


def _capitals(before: Token | None, token: Token) -> tuple[Token, str | Text] | None:
    """Return the word of the two that is an operator but for its capitals, with what is meant."""
    for word in (token, before):
        if word is None or word.kind != "name" or word.text == word.text.lower():
            continue
        if word.text.lower() in KEYWORDS:
            return word, f"`{word.text.lower()}`"
        if word.text.lower() == "not":
            return word, "`not(…)`"
    return None


def too_deep(node: Node) -> ExpressionError:
    """Return the error for an expression that is nested deeper than Python goes."""
    return ExpressionError("feel-too-deep", "", node.start, node.end, {"expected": DEEPEST_NESTING})


def _said(token: Token, expected: str | Text) -> tuple[str, dict[str, Said]]:
    if token.kind == "end":
        return "feel-unexpected-end", {"expected": expected}
    if token.kind != "odd":
        return "feel-unexpected", {"found": token.text, "expected": expected}
    meant = SLIPS.get(token.text)
    if meant is None:
        return "feel-unknown-character", {"found": token.text}
    return "feel-slip", {"found": token.text, "expected": meant if isinstance(meant, Text) else f"`{meant}`"}
