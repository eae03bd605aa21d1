"""Says what is wrong where an expression cannot be read, with a hint for the usual slips."""

from __future__ import annotations

from collections.abc import Sequence

from policy.errors import ExpressionError
from policy.feel.lexer import KEYWORDS, SLIPS, Token, normalised
from policy.feel.nodes import Node
from policy.messages import Said
from policy.values import Text

DEEPEST_NESTING = 100
"""Levels of an expression at most, the links of a chain such as `a + b + c` counted."""

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
    words = [each for each in (before, token) if each is not None and each.kind == "name" and each.text not in KEYWORDS]
    if before is not None and len(words) == 2:
        name = normalised(text[before.start : token.end])
        return ExpressionError("feel-name-with-space", text, before.start, token.end, {"found": name})
    code, values = _said(token, expected)
    return ExpressionError(code, text, token.start, token.end, values)


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
