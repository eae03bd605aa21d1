"""Reads the text of an expression or of a cell into a tree.

A name may hold spaces and signs where it is declared: the longest declared name wins. Names of built-in functions,
and those an expression binds itself (context entries, loop variables, parameters), count as declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NoReturn, TypeVar, get_args

from policy.errors import ExpressionError
from policy.feel import brackets, forms
from policy.feel import nodes as n
from policy.feel.builtins import NAMES as FUNCTION_NAMES
from policy.feel.declared import DeclaredNames
from policy.feel.faults import DEEPEST_NESTING, refuse_thousands, unexpected
from policy.feel.lexer import KEYWORDS, Token, normalised, tokens, unquoted
from policy.feel.temporal import read_temporal
from policy.messages import Said
from policy.values import DIGITS, LARGEST_EXPONENT, NUMBERS, Text, significant

_EXPRESSION = Text(zh="一个表达式", en="an expression")
_TEST = Text(zh="位置或条件", en="a position or a condition")
_NAME = Text(zh="一个名称", en="a name")
_END = Text(zh="表达式的结尾", en="the end of the expression")

COMPARISONS = frozenset(get_args(n.ComparisonSign))
"""The signs that compare."""

_ORDERING = COMPARISONS - {"=", "!="}
_LEVELS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys([*COMPARISONS, "between", "in"], 3),
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
}

_SMALLEST_EXPONENT = -LARGEST_EXPONENT
_EXPONENT_DIGITS = 8
_KNOWN = FUNCTION_NAMES | {"time offset", "start included", "end included"}


def parse(text: str, names: Iterable[str] = ()) -> n.Node:
    """Read an expression.

    Args:
        text: The expression.
        names: Declared names that hold spaces or signs; others do no harm.

    Raises:
        ExpressionError: it cannot be read; with its place.

    Example:
        >>> type(parse("order.amount > 1")).__name__
        'Comparison'
    """
    return _guarded(text, Parser(text, names).whole)


def parse_tests(text: str, names: Iterable[str] = ()) -> n.Tests:
    """Read a cell of a decision table: unary tests joined by commas, `not(…)` around them, or `-`.

    Args:
        text: The cell.
        names: Declared names that hold spaces or signs; others do no harm.

    Raises:
        ExpressionError: it cannot be read; with its place.
    """
    return _guarded(text, Parser(text, names).cell)


_Read = TypeVar("_Read")


def _guarded(text: str, read: Callable[[], _Read]) -> _Read:
    # how deep Python goes depends on who calls; what is too deep for it is too deep for a reader as well
    try:
        return read()
    except RecursionError:
        code = "feel-too-deep"
        raise ExpressionError(code, text, 0, len(text), {"expected": DEEPEST_NESTING}) from None


class Parser:
    """One pass over the tokens of one text.

    `policy.feel.forms` reads what begins with a word, `policy.feel.brackets` what begins with a bracket. Whatever reads
    raises `ExpressionError` where the text does not go on as it must.

    Attributes:
        closing: Whether the upper end of a range is read, which `[` may end.
    """

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.token = self.tokens[0]
        self.depth = 0
        self.closing = False
        self.heights: dict[n.Node, int] = {}
        self.names = DeclaredNames(frozenset(names) | _KNOWN)

    # the two entrances

    def whole(self) -> n.Node:
        """Read the whole text as an expression; `=` before it is a habit of spreadsheets, not a range.

        Raises:
            ExpressionError: it is none, or something follows it.
        """
        if self.token.text in ("=", "!="):
            raise self.unexpected(_EXPRESSION)
        node = self.expression()
        self.expect_end()
        return node

    def cell(self) -> n.Tests:
        """Read the whole text as a cell.

        Raises:
            ExpressionError: it is none; where it begins with `not(`, of the two readings the one that came further.
        """
        if [token.text for token in self.tokens] == ["-", ""]:
            return n.Tests((), negated=False, start=0, end=len(self.text))
        failed = None
        if self.token.text == "not" and self.tokens[1].text == "(":
            try:
                return self.negated()
            except ExpressionError as error:
                failed = error
            self.go(-self.at)
            self.depth, self.closing = 0, False
        try:
            tests = self.tests()
            self.expect_end()
        except ExpressionError as error:
            raise failed or error from None
        return n.Tests(tests, negated=False, start=0, end=len(self.text))

    def negated(self) -> n.Tests:
        """Read `not(…)` as the whole cell."""
        self.go(2)
        tests = self.tests()
        self.expect(")")
        self.expect_end()
        return n.Tests(tests, negated=True, start=0, end=len(self.text))

    # moving over the tokens

    def go(self, by: int = 1) -> Token:
        """Pass `by` tokens; return the first of them."""
        passed = self.token
        self.at += by
        self.token = self.tokens[self.at]
        return passed

    def skip(self, sign: str) -> bool:
        """Pass a sign or word if it stands here."""
        if self.token.text == sign and self.token.kind in ("sign", "name"):
            self.go()
            return True
        return False

    def expect(self, sign: str) -> Token:
        """Pass a sign or word that must stand here."""
        if self.token.text != sign or self.token.kind not in ("sign", "name"):
            expected = f"`{sign}`"
            raise self.unexpected(expected)
        return self.go()

    def expect_end(self) -> None:
        """Refuse anything after the expression."""
        if self.token.kind != "end":
            raise self.unexpected(_END)

    @property
    def passed(self) -> int:
        """Return the offset after the token passed last."""
        return self.tokens[self.at - 1].end

    def refuse(self, code: str, start: int, end: int, **values: Said) -> NoReturn:
        """Raise an error with its place."""
        raise ExpressionError(code, self.text, start, end, values)

    def unexpected(self, expected: str | Text) -> ExpressionError:
        """Return the error for the token that stands here."""
        return unexpected(self.text, self.tokens, self.at, expected)

    def deeper(self) -> None:
        """Count one level of nesting."""
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            self.refuse("feel-too-deep", self.token.start, self.token.end, expected=DEEPEST_NESTING)

    def grown(self, node: n.Node) -> n.Node:
        """Return the node, its height checked and kept."""
        height = 1 + max((self.heights.get(child, 1) for child in n.children(node)), default=0)
        if height > DEEPEST_NESTING:
            self.refuse("feel-too-deep", node.start, node.end, expected=DEEPEST_NESTING)
        self.heights[node] = height
        return node

    # operators

    def expression(self) -> n.Node:
        """Read one expression, which may be a comparison without its left side: a range."""
        self.deeper()
        outside, self.closing = self.closing, False
        node = self.range_test() if self.compares() else self.binary(1)
        self.closing = outside
        self.depth -= 1
        return node

    def range_test(self) -> n.Node:
        """Read a comparison without its left side, maybe compared with another range."""
        test = self.compared()
        return self.binary(3, test) if self.token.text in ("=", "!=") else test

    def binary(self, lowest: int, begun: n.Node | None = None) -> n.Node:
        """Read operators of at least a level, maybe after an operand read before."""
        left = self.unary() if begun is None else begun
        while True:
            sign = self.token.text if self.token.kind in ("sign", "name") else ""
            level = _LEVELS.get(sign, 0)
            if not level or level < lowest:
                return left
            left = self.grown(self.operation(left, sign, level))

    def operation(self, left: n.Node, sign: str, level: int) -> n.Node:
        """Read one operator and its right side."""
        if level <= 2:
            parts = [left]
            while self.skip(sign):
                parts.append(self.binary(level + 1))
            return (n.Either if sign == "or" else n.Both)(tuple(parts), left.start, self.passed)
        self.go()
        if sign == "between":
            low = self.binary(4)
            self.expect("and")
            high = self.binary(4)
            return n.Between(left, low, high, left.start, self.passed)
        if sign == "in":
            return n.In(left, brackets.members(self), left.start, self.passed)
        right = self.compared() if sign in ("=", "!=") and self.is_apart() else self.binary(level + 1)
        if level == 3:
            return n.Comparison(sign, left, right, left.start, self.passed)  # type: ignore[arg-type]
        return n.Arithmetic(sign, left, right, left.start, self.passed)  # type: ignore[arg-type]

    def is_apart(self) -> bool:
        """Say whether a test such as `> 1` stands here, and not a sign written in two."""
        return self.token.text in _ORDERING and self.token.start > self.passed

    def unary(self) -> n.Node:
        """Read an operand with the minus before it and the type test after it."""
        if self.token.text == "-" and self.token.kind == "sign":
            self.deeper()
            start = self.go().start
            operand = self.unary()
            self.depth -= 1
            return self.grown(n.Negation(operand, start, self.passed))
        node = self.postfix(self.primary())
        if self.token.text == "instance" and self.tokens[self.at + 1].text == "of":
            self.go(2)
            return self.grown(n.InstanceOf(node, forms.type_expression(self), node.start, self.passed))
        return node

    def postfix(self, node: n.Node) -> n.Node:
        """Read the paths, filters and calls after an operand."""
        while self.token.kind == "sign":
            if self.token.text == ".":
                self.go()
                at = self.token.start
                node = n.Path(node, self.member(), at, node.start, self.passed)
            elif self.token.text == "[" and not (self.closing and brackets.ends_range(self, node)):
                self.go()
                if self.token.text == "]":
                    raise self.unexpected(_TEST)
                test = self.expression()
                self.expect("]")
                node = n.Filter(node, test, node.start, self.passed)
            elif self.token.text == "(":
                node = self.call(node)
            else:
                break
            self.grown(node)
        return node

    def member(self) -> str:
        """Read the name after a point."""
        name = self.declared_name()
        if name is not None:
            return name
        if self.token.kind != "name":
            raise self.unexpected(_NAME)
        return self.go().text

    def call(self, function: n.Node) -> n.Node:
        """Read the arguments of a call."""
        self.expect("(")
        arguments: list[n.Node] = []
        names: list[str] = []
        while not self.skip(")"):
            if arguments:
                self.expect(",")
            name = self.label()
            if bool(name) != bool(names) and arguments:
                self.refuse("feel-mixed-arguments", self.token.start, self.token.end)
            if name:
                names.append(name)
            arguments.append(self.expression())
            if self.token.text not in (",", ")"):
                raise self.unexpected(Text(zh="`,` 或 `)`", en="`,` or `)`"))
        return n.Call(function, tuple(arguments), tuple(names) if names else None, function.start, self.passed)

    def label(self) -> str | None:
        """Read the name of a named argument, if there is one."""
        end = self.at
        while self.tokens[end].kind in ("name", "number"):
            end += 1
        if end == self.at or self.tokens[end].text != ":":
            return None
        name = normalised(self.text[self.token.start : self.tokens[end - 1].end])
        self.go(end - self.at + 1)
        return name

    # what stands by itself

    def primary(self) -> n.Node:
        """Read what stands by itself."""
        token = self.token
        name = self.declared_name()
        if name is not None:
            return n.Name(name, token.start, self.passed)
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            self.go()
            return n.Literal(unquoted(token.text), token.start, token.end)
        if token.kind == "at":
            return self.temporal()
        if token.kind == "name":
            return self.word()
        return brackets.bracketed(self)

    def declared_name(self) -> str | None:
        """Read the longest declared name of several tokens, if one stands here."""
        length = self.names.longest(self.tokens, self.at)
        if not length:
            return None
        start = self.token.start
        self.go(length)
        return normalised(self.text[start : self.passed])

    def number(self) -> n.Node:
        """Read a number."""
        token = self.go()
        refuse_thousands(self.text, self.tokens, self.at - 1, COMPARISONS)
        mantissa, _, exponent = token.text.lower().partition("e")
        value = Decimal(token.text if len(exponent) < _EXPONENT_DIGITS else f"{mantissa}e{LARGEST_EXPONENT * 2}")
        if value and not _SMALLEST_EXPONENT <= value.adjusted() <= LARGEST_EXPONENT:
            self.refuse("feel-number-too-large", token.start, token.end, found=token.text)
        if significant(value) > DIGITS:  # rounded, it would be another number than the one written
            self.refuse("feel-number-digits", token.start, token.end, found=significant(value), expected=DIGITS)
        return n.Literal(NUMBERS.plus(value), token.start, token.end)

    def temporal(self) -> n.Node:
        """Read a temporal literal after `@`."""
        token = self.go()
        text = unquoted(token.text)
        value = read_temporal(text)
        if value is None:
            return n.BadLiteral(text, token.start, token.end)
        return n.Literal(value, token.start, token.end)

    def word(self) -> n.Node:
        """Read what begins with a word."""
        token = self.token
        if token.text in ("true", "false", "null"):
            self.go()
            value = None if token.text == "null" else token.text == "true"
            return n.Literal(value, token.start, token.end)
        if token.text == "if":
            return forms.condition(self)
        if token.text == "for":
            return forms.loop(self)
        if token.text in ("some", "every"):
            return forms.quantified(self)
        if token.text == "function" and self.tokens[self.at + 1].text == "(":
            return forms.function(self)
        if token.text in KEYWORDS and token.text != "function":
            raise self.unexpected(_EXPRESSION)
        self.go()
        return n.Name(token.text, token.start, token.end)

    def key(self) -> str:
        """Read the name of an entry."""
        first = self.token
        if first.kind == "text":
            self.go()
            self.expect(":")
            name = unquoted(first.text)
            self.names.bind(name)
            return name
        while self.token.text != ":":
            if self.token.kind == "end" or self.token.text in ("：", "{", "}", ",", "(", ")", "[", "]"):
                raise self.unexpected("`:`" if self.token is not first else _NAME)
            self.go()
        if self.token is first:
            raise self.unexpected(_NAME)
        name = self.bound(first.start, self.passed)
        self.go()
        return name

    def bound(self, start: int, end: int) -> str:
        """Return a name of the text, declared from here on."""
        name = normalised(self.text[start:end])
        self.names.bind(name)
        return name

    # tests of a cell

    def tests(self) -> tuple[n.Node, ...]:
        """Read tests joined by commas."""
        found = [self.test()]
        while self.skip(","):
            found.append(self.test())
        return tuple(found)

    def test(self) -> n.Node:
        """Read one test."""
        return self.compared() if self.compares() else self.expression()

    def compares(self) -> bool:
        """Say whether a comparison without its left side stands here."""
        return self.token.kind == "sign" and self.token.text in COMPARISONS

    def compared(self) -> n.Node:
        """Read a comparison without its left side."""
        token = self.go()
        operand = self.binary(4)
        return self.grown(n.UnaryTest(token.text, operand, token.start, self.passed))  # type: ignore[arg-type]
