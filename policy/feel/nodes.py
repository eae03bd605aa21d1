"""The tree of an expression: what the parser makes, and every compiler and the checker read.

Each node has `start` and `end`, offsets in code points into the text it was parsed from (half-open). Nodes are
immutable and compare by identity, so a table may be keyed by node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal as Choice

from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time

Scalar = Decimal | str | bool | date | Time | DateTime | DaysDuration | MonthsDuration | None
"""What a literal can be."""

ArithmeticSign = Choice["+", "-", "*", "/", "**"]
ComparisonSign = Choice["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A number, text, `true`, `false`, `null` or a temporal value after `@`."""

    value: Scalar
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class BadLiteral:
    """A literal after `@` that is no temporal value; it means null.

    Attributes:
        text: What stands between the quotes.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A variable or function, its spaces normalised."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The value a cell tests, `?`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """`source.name`; `at` is where the name begins."""

    source: Node
    name: str
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """`source[test]`, by position or by condition."""

    source: Node
    test: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """`function(arguments)`; `names` has one name per argument, or is None when they go by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Negation:
    """`-operand`."""

    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic:
    """`left sign right`."""

    sign: ArithmeticSign
    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """`left sign right`."""

    sign: ComparisonSign
    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """Two or more parts joined by `and`."""

    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """Two or more parts joined by `or`."""

    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """`if test then yes else no`."""

    test: Node
    yes: Node
    no: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class In:
    """`value in tests`: true when any of them holds."""

    value: Node
    tests: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class UnaryTest:
    """`sign operand`, a comparison without its left side; as a value it is a range open at one end."""

    sign: ComparisonSign
    operand: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Tests:
    """A cell: tests joined by commas, maybe inside `not(…)`; no tests at all is `-`, which anything passes."""

    tests: tuple[Node, ...]
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """`[low..high]` with its ends open or included."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class ListLiteral:
    """`[items]`."""

    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One `key: value` of a context."""

    key: str
    value: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class ContextLiteral:
    """`{entries}`; an entry sees those before it."""

    entries: tuple[Entry, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """`name in source`, or `name in source..to`, of a loop."""

    name: str
    source: Node
    to: Node | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class For:
    """`for each, … return result`."""

    each: tuple[Each, ...]
    result: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Quantified:
    """`some` or `every` `each, … satisfies test`."""

    every: bool
    each: tuple[Each, ...]
    test: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class TypeExpression:
    """A type as written: its name, the types in angle brackets, their names in a context, the function's result."""

    name: str
    of: tuple[TypeExpression, ...] = ()
    keys: tuple[str, ...] = ()
    result: TypeExpression | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class InstanceOf:
    """`value instance of type`."""

    value: Node
    type: TypeExpression
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """One parameter of a function definition."""

    name: str
    type: TypeExpression | None


@dataclass(frozen=True, slots=True, eq=False)
class FunctionLiteral:
    """`function(parameters) body`; `external` ones are read but not carried out."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool
    start: int
    end: int


Node = (
    Literal
    | BadLiteral
    | Name
    | Subject
    | Path
    | Filter
    | Call
    | Negation
    | Arithmetic
    | Comparison
    | Both
    | Either
    | If
    | Between
    | In
    | UnaryTest
    | Tests
    | Range
    | ListLiteral
    | ContextLiteral
    | For
    | Quantified
    | InstanceOf
    | FunctionLiteral
)


_CHILDREN: dict[type, tuple[str, ...]] = {
    Path: ("source",),
    Filter: ("source", "test"),
    Call: ("function", "arguments"),
    Negation: ("operand",),
    Arithmetic: ("left", "right"),
    Comparison: ("left", "right"),
    Both: ("parts",),
    Either: ("parts",),
    If: ("test", "yes", "no"),
    Between: ("value", "low", "high"),
    In: ("value", "tests"),
    UnaryTest: ("operand",),
    Tests: ("tests",),
    Range: ("low", "high"),
    ListLiteral: ("items",),
    InstanceOf: ("value",),
    FunctionLiteral: ("body",),
}


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below `node`, in order of text."""
    if isinstance(node, ContextLiteral):
        yield from (entry.value for entry in node.entries)
    elif isinstance(node, For | Quantified):
        for each in node.each:
            yield each.source
            if each.to is not None:
                yield each.to
        yield node.result if isinstance(node, For) else node.test
    else:
        for name in _CHILDREN.get(type(node), ()):
            below = getattr(node, name)
            if isinstance(below, tuple):
                yield from below
            else:
                yield below


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and everything below it, a node before its children."""
    yield node
    for child in children(node):
        yield from walk(child)
