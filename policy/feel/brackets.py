"""Reads what begins with a bracket: lists, ranges, contexts, and what stands after `in`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel.lexer import KEYWORDS
from policy.values import Text

if TYPE_CHECKING:
    from policy.feel.parser import Parser

_EXPRESSION = Text(zh="一个表达式", en="an expression")
_GOES_ON = frozenset([".", "[", "+", "-", "*", "/", "**"])
_SIGNS = frozenset(["=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**"])
_ENDS_RANGE = frozenset([")", "]", ",", "}", ".", "..", ":", "", *_SIGNS, *KEYWORDS])
_ENDS_RANGE -= {"if", "for", "some", "every", "function", "true", "false", "null"}


def bracketed(parser: Parser) -> n.Node:
    """Read what begins with a bracket, or `?`.

    Raises:
        ExpressionError: nothing that can be read begins here, or its bracket is not closed.
    """
    token = parser.token
    if token.text == "(":
        return _parenthesised(parser)
    if token.text == "[":
        return _list_or_range(parser)
    if token.text == "]" and parser.tokens[parser.at + 1].text not in _ENDS_RANGE:
        parser.go()
        return _range(parser, token.start, parser.expression(), included=False)
    if token.text == "{":
        return _context(parser)
    if token.text == "?":
        parser.go()
        return n.Subject(token.start, token.end)
    raise parser.unexpected(_EXPRESSION)


def _parenthesised(parser: Parser) -> n.Node:
    """Read an expression in brackets, a range or a test."""
    start = parser.expect("(").start
    node = parser.expression()
    if parser.token.text == "..":
        return _range(parser, start, node, included=False)
    parser.expect(")")
    return node


def _list_or_range(parser: Parser) -> n.Node:
    """Read what begins with `[`."""
    start = parser.expect("[").start
    items: list[n.Node] = []
    while not parser.skip("]"):
        if items:
            if parser.token.text != ",":
                raise parser.unexpected(Text(zh="`,` 或 `]`", en="`,` or `]`"))
            parser.go()
        items.append(parser.expression())
        if len(items) == 1 and parser.token.text == "..":
            return _range(parser, start, items[0], included=True)
    return parser.grown(n.ListLiteral(tuple(items), start, parser.passed))


def _range(parser: Parser, start: int, low: n.Node, *, included: bool) -> n.Node:
    """Read the rest of a range from `..` on."""
    parser.expect("..")
    outside, parser.closing = parser.closing, True
    high = parser.binary(4)
    parser.closing = outside
    closing = parser.token.text
    if closing not in (")", "]", "["):
        raise parser.unexpected(Text(zh="`]`、`)` 或 `[`", en="`]`, `)` or `[`"))
    parser.go()
    return parser.grown(n.Range(low, high, included, closing == "]", start, parser.passed))


def ends_range(parser: Parser, node: n.Node) -> bool:
    """Say whether `[`, which after the operand `node` would begin a filter, closes a range here."""
    after = parser.tokens[parser.at + 1].text
    return after in _ENDS_RANGE or (after == "[" and isinstance(node, n.Literal))


def _context(parser: Parser) -> n.Node:
    """Read a context."""
    start = parser.expect("{").start
    entries: list[n.Entry] = []
    while not parser.skip("}"):
        if entries:
            if parser.token.text != ",":
                raise parser.unexpected(Text(zh="`,` 或 `}`", en="`,` or `}`"))
            parser.go()
        begin = parser.token.start
        key = parser.key()
        entries.append(n.Entry(key, parser.expression(), begin, parser.passed))
    return parser.grown(n.ContextLiteral(tuple(entries), start, parser.passed))


def members(parser: Parser) -> tuple[n.Node, ...]:
    """Read what stands after `in`."""
    if parser.token.text != "(" or parser.token.kind != "sign":
        return (parser.compared() if parser.compares() else parser.binary(4),)
    start = parser.go().start
    found = [parser.test()]
    if parser.token.text == "..":
        return (_range(parser, start, found[0], included=False),)
    while parser.skip(","):
        found.append(parser.test())
    parser.expect(")")
    if len(found) == 1 and parser.token.text in _GOES_ON and parser.token.kind == "sign":
        return (parser.binary(4, parser.postfix(found[0])),)
    return tuple(found)
