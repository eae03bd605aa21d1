"""Says what is wrong where an expression cannot be read, with a hint for the usual slips."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from policy.errors import ExpressionError, did_you_mean
from policy.feel.builtins import NAMES
from policy.feel.habits import CHOICE, NOT, WORDS, shown
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
    slip = _capitals(before, token) or _worded(text, tokens, at)
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
        named: dict[str, Said] = {"found": name, **_function(text, tokens, at)}
        return ExpressionError("feel-name-with-space", text, before.start, token.end, named)
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


def _worded(text: str, tokens: Sequence[Token], at: int) -> tuple[Token, str | Text] | None:
    """Return what is written in words, or as in other languages, where an operator stands here."""
    token, before = tokens[at], tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else token
    for word in (token, before):
        if word is not None and word.kind == "name" and word.text in WORDS:
            return word, WORDS[word.text]
    if before is not None and before.text == "not" and before.kind == "name":
        return _both(text, before, token), NOT
    if before is None or not _ends_operand(before):
        return None
    if token.text == "?" and any(each.text == ":" for each in tokens[at:]):
        return token, CHOICE
    if token.text == "not" and after.text == "in":
        return _both(text, token, after), "`not(… in …)`"
    return _is(text, tokens, at if token.text == "is" else at - 1)


def _is(text: str, tokens: Sequence[Token], at: int) -> tuple[Token, str] | None:
    """Return `is` or `is not`, with the sign that is meant."""
    if not at or tokens[at].text != "is" or not _ends_operand(tokens[at - 1]):
        return None
    negated = tokens[at + 1].text == "not"
    right = " null" if tokens[at + 1 + negated].text.lower() in ("null", "none") else ""
    return _both(text, tokens[at], tokens[at + negated]), f"`{'!=' if negated else '='}{right}`"


def _ends_operand(token: Token) -> bool:
    if token.kind == "name":
        return token.text not in KEYWORDS or token.text in ("true", "false", "null")
    return token.kind in ("number", "text", "at") or token.text in (")", "]", "}")


def _both(text: str, first: Token, last: Token) -> Token:
    return Token("name", normalised(text[first.start : last.end]), first.start, last.end)


def _function(text: str, tokens: Sequence[Token], at: int) -> dict[str, Said]:
    """Return the function that was probably meant where words before a bracket name none."""
    last = at
    while tokens[last + 1].kind == "name":
        last += 1
    if tokens[last + 1].text != "(":
        return {}
    return did_you_mean(normalised(text[tokens[at - 1].start : tokens[last].end]), NAMES)


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
        return "feel-unknown-character", {"found": shown(token.text)}
    return "feel-slip", {"found": token.text, "expected": meant if isinstance(meant, Text) else f"`{meant}`"}
