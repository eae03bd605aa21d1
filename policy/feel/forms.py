"""Reads the forms of expressions that begin with a word, and types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.feel import nodes as n
from policy.feel.lexer import KEYWORDS, normalised
from policy.values import Text

if TYPE_CHECKING:
    from policy.feel.parser import Parser

_NAME = Text(zh="一个名称", en="a name")


def condition(parser: Parser) -> n.Node:
    """Read `if … then … else …`."""
    start = parser.go().start
    test = parser.expression()
    parser.expect("then")
    yes = parser.expression()
    parser.expect("else")
    no = parser.expression()
    return parser.grown(n.If(test, yes, no, start, parser.passed))


def loop(parser: Parser) -> n.Node:
    """Read `for … return …`."""
    start = parser.go().start
    each = _iterations(parser)
    parser.expect("return")
    result = parser.expression()
    return parser.grown(n.For(each, result, start, parser.passed))


def quantified(parser: Parser) -> n.Node:
    """Read `some` or `every … satisfies …`."""
    every = parser.token.text == "every"
    start = parser.go().start
    each = _iterations(parser)
    parser.expect("satisfies")
    test = parser.expression()
    return parser.grown(n.Quantified(every, each, test, start, parser.passed))


def _iterations(parser: Parser) -> tuple[n.Each, ...]:
    found: list[n.Each] = []
    while not found or parser.skip(","):
        start = parser.token.start
        name = _variable(parser)
        source = parser.expression()
        to = parser.binary(4) if parser.skip("..") else None
        found.append(n.Each(name, source, to, start, parser.passed))
    return tuple(found)


def _variable(parser: Parser) -> str:
    first = parser.token
    while parser.token.text != "in" or parser.token is first:
        if parser.token.kind not in ("name", "number") or parser.token.text in KEYWORDS:
            raise parser.unexpected("`in`" if parser.token is not first else _NAME)
        parser.go()
    name = parser.bound(first.start, parser.passed)
    parser.go()
    return name


def function(parser: Parser) -> n.Node:
    """Read a function definition."""
    start = parser.go().start
    parser.expect("(")
    parameters: list[n.Parameter] = []
    while not parser.skip(")"):
        if parameters:
            parser.expect(",")
        parameters.append(_parameter(parser))
    external = parser.skip("external")
    body = parser.expression()
    return parser.grown(n.FunctionLiteral(tuple(parameters), body, external, start, parser.passed))


def _parameter(parser: Parser) -> n.Parameter:
    first = parser.token
    while parser.token.kind in ("name", "number"):
        parser.go()
    if parser.token is first:
        raise parser.unexpected(_NAME)
    name = parser.bound(first.start, parser.passed)
    return n.Parameter(name, type_expression(parser) if parser.skip(":") else None)


def type_expression(parser: Parser) -> n.TypeExpression:
    """Read a type as `instance of` and parameters write it."""
    parser.deeper()
    start = parser.token.start
    name = _type_name(parser)
    of: list[n.TypeExpression] = []
    keys: list[str] = []
    if parser.skip("<"):
        while not parser.skip(">"):
            if of:
                parser.expect(",")
            if name == "context":
                keys.append(parser.key())
            of.append(type_expression(parser))
    result = type_expression(parser) if name == "function" and parser.skip("->") else None
    parser.depth -= 1
    return n.TypeExpression(name, tuple(of), tuple(keys), result, start, parser.passed)


def _type_name(parser: Parser) -> str:
    start = parser.token.start
    for words in (["date", "and", "time"], ["days", "and", "time", "duration"], ["years", "and", "months", "duration"]):
        if [token.text for token in parser.tokens[parser.at : parser.at + len(words)]] == words:
            parser.go(len(words))
            return normalised(parser.text[start : parser.passed])
    if parser.token.kind != "name":
        raise parser.unexpected(Text(zh="一个类型名", en="the name of a type"))
    parser.go()
    while parser.token.text == "." and parser.tokens[parser.at + 1].kind == "name":
        parser.go(2)
    return normalised(parser.text[start : parser.passed])
