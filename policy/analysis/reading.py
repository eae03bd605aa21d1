"""Reads conditions as tests of dimensions, joined by `and`, `or` and `not`.

What cannot be read so (two fields compared, arithmetic, functions, loops) is a dimension of its own, known by what
it says: `a > b` is one of three ways in which `a` and `b` stand to each other, anything else true or false.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal, DecimalException
from typing import Any

from policy import feel as language
from policy.analysis.dimensions import Dimension, Span, is_countable
from policy.errors import EvaluationError
from policy.feel import nodes as n
from policy.feel import types as t
from policy.feel.checker import Checked
from policy.model.document import FieldType
from policy.model.fields import Field, field_of
from policy.model.ruleset import Part, RuleSet
from policy.values import NUMBERS


@dataclass(frozen=True, slots=True)
class Test:
    """A test of one dimension: true for some values, false for the others, unknown for "missing".

    Attributes:
        null: Whether it asks for "missing" itself, which is never unknown.
    """

    __test__ = False

    dimension: Dimension
    spans: tuple[Span, ...] = ()
    values: frozenset[Any] = frozenset()
    null: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """Tests of which all must hold, or any."""

    all: bool
    parts: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Denied:
    """The opposite of what it holds."""

    part: Asked


@dataclass(frozen=True, slots=True)
class Known:
    """True, false or unknown whatever the facts are."""

    verdict: bool | None


Asked = Test | Joined | Denied | Known

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_WAYS = {"<": (-1,), "<=": (-1, 0), "=": (0,), "!=": (-1, 1), ">=": (0, 1), ">": (1,)}
_SIMPLE = (FieldType.NUMBER, FieldType.DATE, FieldType.STRING, FieldType.BOOLEAN)
_VALUES: dict[FieldType, type] = {
    FieldType.NUMBER: Decimal,
    FieldType.DATE: date,
    FieldType.STRING: str,
    FieldType.BOOLEAN: bool,
}
_ORDERED = (t.NumberType, t.DateType)
_RELATED = (*_ORDERED, t.StringType)
_COMPUTED = {"+": NUMBERS.add, "-": NUMBERS.subtract, "*": NUMBERS.multiply, "/": NUMBERS.divide}


class Reading:
    """Reads the conditions of one policy, and keeps the dimensions they test.

    Attributes:
        dimensions: By key, in order of first mention.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        self.dimensions: dict[Hashable, Dimension] = {}
        self._rule_set = rule_set
        self._fields = fields_of(rule_set)
        self._checked: list[tuple[Checked, str | None]] = []

    def condition(self, parts: Iterable[Part]) -> Asked:
        """Read a condition; its parts must all hold."""
        return Joined(all=True, parts=tuple(self._part(each) for each in parts))

    def _part(self, part: Part) -> Asked:
        self._checked.append((part.checked, part.subject))
        try:
            return self._read(part.checked.node)
        finally:
            self._checked.pop()

    def _type(self, node: n.Node) -> t.Type:
        checked, _ = self._checked[-1]
        return checked.subject if isinstance(node, n.Subject) else checked.types.get(node, t.ANY)

    def _read(self, node: n.Node) -> Asked:
        match node:
            case n.Literal(value=bool() | None as value):
                return Known(value)
            case n.Both() | n.Either():
                return Joined(all=isinstance(node, n.Both), parts=tuple(map(self._read, node.parts)))
            case n.Call(function=n.Name(name="not"), arguments=(inside,), names=None):
                return Denied(self._read(inside))
            case n.Comparison():
                return self._comparison(node)
            case n.Between():
                return self._between(node)
            case n.In():
                return self._any(node.value, node.tests, node)
            case n.Tests():
                return self._tests(node)
            case _:
                return self._truth(node)

    def _tests(self, node: n.Tests) -> Asked:
        if not node.tests:
            return Known(verdict=True)
        subject = n.Subject(node.start, node.start)
        found = self._any(subject, node.tests, node)
        return Denied(found) if node.negated else found

    def _any(self, value: n.Node, tests: tuple[n.Node, ...], whole: n.Node) -> Asked:
        found = [self._one(value, each) for each in tests]
        if None in found:
            bare = (
                n.Tests(tests, negated=False, start=whole.start, end=whole.end) if isinstance(whole, n.Tests) else whole
            )
            return self._opaque(bare)
        return Joined(all=False, parts=tuple(each for each in found if each is not None))

    def _one(self, value: n.Node, test: n.Node) -> Asked | None:
        """Read one test of a value; None where it cannot be read apart."""
        match test:
            case n.UnaryTest():
                return self._compared(test.sign, value, test.operand)
            case n.Range():
                return self._ranged(value, test)
            case n.ListLiteral() if test.items:
                listed = [self._equal(value, each) for each in test.items]
                return (
                    None
                    if None in listed
                    else Joined(all=False, parts=tuple(each for each in listed if each is not None))
                )
            case n.Literal(value=None):
                return self._compared("=", value, test)
            case _ if isinstance(value, n.Subject) and any(isinstance(each, n.Subject) for each in n.walk(test)):
                return self._read(test)
            case _:
                return self._equal(value, test)

    def _equal(self, value: n.Node, test: n.Node) -> Asked | None:
        known = constant(test)
        return (
            None
            if known is None or type(self._type(value)) in (t.ListType, t.AnyType)
            else self._compared("=", value, test)
        )

    def _ranged(self, value: n.Node, test: n.Range) -> Asked:
        low = self._compared(">=" if test.low_included else ">", value, test.low)
        high = self._compared("<=" if test.high_included else "<", value, test.high)
        return Joined(all=True, parts=(low, high))

    def _between(self, node: n.Between) -> Asked:
        return Joined(
            all=True, parts=(self._compared(">=", node.value, node.low), self._compared("<=", node.value, node.high))
        )

    def _comparison(self, node: n.Comparison) -> Asked:
        if constant(node.left) is not None or _is_null(node.left):
            return self._compared(_FLIPPED[node.sign], node.right, node.left)
        return self._compared(node.sign, node.left, node.right)

    def _compared(self, sign: str, left: n.Node, right: n.Node) -> Asked:
        if _is_null(right):
            return self._nothing(sign, left)
        value = constant(right)
        dimension = None if value is None else self._valued(left)
        if dimension is None or value is None or not _comparable(dimension, value, sign):
            return self._related(sign, left, right)
        test = _test(dimension, "=" if sign == "!=" else sign, value)
        dimension.mention(test.spans, test.values)
        return Denied(test) if sign == "!=" else test

    def _nothing(self, sign: str, left: n.Node) -> Asked:
        if sign not in ("=", "!="):
            return Known(None)
        dimension = self._valued(left)
        test = Test(dimension if dimension is not None else self._flag(("given", self._shape(left))), null=True)
        return Denied(test) if sign == "!=" else test

    def _related(self, sign: str, left: n.Node, right: n.Node) -> Asked:
        """Read how two values stand to each other, whatever they are."""
        of, other = self._type(left), self._type(right)
        shapes = self._shape(left), self._shape(right)
        related = type(of) is type(other) and isinstance(of, _RELATED)
        if not related or (isinstance(of, t.StringType) and sign not in ("=", "!=")):
            denied = {"!=": "=", ">=": "<", "<=": ">"}.get(sign)
            flag = self._flag(("compared", denied or sign, *shapes))
            test = Test(flag, values=frozenset({True}))
            return Denied(test) if denied else test
        if repr(shapes[0]) > repr(shapes[1]):
            sign, shapes = _FLIPPED[sign], (shapes[1], shapes[0])
        ways = self._dimension(("stands", *shapes), Field("", FieldType.NUMBER), "", members=(-1, 0, 1))
        return Test(ways, values=frozenset(_WAYS[sign]))

    def _truth(self, node: n.Node) -> Asked:
        """Read what is true or false by itself: a field, or an expression."""
        path = self._path(node)
        made = self._rule_set.derived.get(path) if path is not None else None
        if (
            isinstance(made, Part)
            and path not in self._rule_set.fields
            and isinstance(made.checked.type, t.BooleanType)
        ):
            return self._part(made)
        dimension = self._valued(node)
        if dimension is None or dimension.of.type is not FieldType.BOOLEAN:
            return self._opaque(node)
        return Test(dimension, values=frozenset({True}))

    def _opaque(self, node: n.Node) -> Asked:
        return Test(self._flag(self._shape(node)), values=frozenset({True}))

    def _flag(self, key: Hashable) -> Dimension:
        return self._dimension(key, Field("", FieldType.BOOLEAN), "", members=(False, True))

    def _valued(self, node: n.Node) -> Dimension | None:
        """Return the dimension of an expression's value; None where it has no plain value."""
        path = self._path(node)
        field = self._fields.get(path) if path is not None else None
        if field is not None and path is not None:
            if field.type not in _SIMPLE:
                return None
            certain = path not in self._rule_set.derived
            return self._dimension(path, field, path, members=_members(field), certain=certain)
        of = field_of("", self._type(node))
        if of.type not in _SIMPLE or isinstance(node, n.Literal):
            return None
        return self._dimension(("worked", self._shape(node)), of, "", members=_members(of))

    def _dimension(
        self,
        key: Hashable,
        of: Field,
        path: str,
        *,
        members: tuple[Any, ...] | None,
        certain: bool = False,
    ) -> Dimension:
        if key not in self.dimensions:
            self.dimensions[key] = Dimension(key, of, path, certain, members, not certain or of.optional)
        return self.dimensions[key]

    def _path(self, node: n.Node) -> str | None:
        if isinstance(node, n.Subject):
            return self._checked[-1][1]
        return dotted(node)

    def _shape(self, node: n.Node) -> Hashable:
        return shape(node, self._checked[-1][1])


def fields_of(rule_set: RuleSet) -> dict[str, Field]:
    """Return fields by the path conditions know them by: inputs, derived values, those of the item under `each`."""
    found = {path: field for path, field in rule_set.fields.items() if "[]" not in path}
    each = rule_set.document.each
    if each is not None:
        begin = f"{each.list}[]."
        for path, field in rule_set.fields.items():
            if path.startswith(begin):
                found[f"{each.as_}.{path.removeprefix(begin)}"] = field
    for name, field in rule_set.made.items():
        found.setdefault(name, field)
    return found


def _members(of: Field) -> tuple[Any, ...] | None:
    if of.type is FieldType.BOOLEAN:
        return (False, True)
    return of.one_of


def _comparable(dimension: Dimension, value: Any, sign: str) -> bool:
    if type(value) is not _VALUES.get(dimension.of.type):
        return False
    if dimension.of.type in (FieldType.STRING, FieldType.BOOLEAN):
        return sign in ("=", "!=")
    return not isinstance(value, Decimal) or is_countable(value)


def _test(dimension: Dimension, sign: str, value: Any) -> Test:
    if dimension.of.type in (FieldType.STRING, FieldType.BOOLEAN):
        return Test(dimension, values=frozenset({value}))
    before, after = (value, 0), (value, 1)
    spans: dict[str, Span] = {
        "=": (before, after),
        "<": (None, before),
        "<=": (None, after),
        ">": (after, None),
        ">=": (before, None),
    }
    return Test(dimension, spans=(spans[sign],))


def constant(node: n.Node) -> Any:
    """Return what an expression of constants gives: a number, text, boolean or day; None for anything else."""
    match node:
        case n.Literal(value=Decimal() | str() | bool() | date() as value):
            return value
        case n.Negation():
            value = constant(node.operand)
            return value.copy_negate() if isinstance(value, Decimal) else None
        case n.Arithmetic(sign="+" | "-" | "*" | "/"):
            return _computed(node.sign, constant(node.left), constant(node.right))
        case n.Call(function=n.Name(name="date"), arguments=(n.Literal(value=str() as text),), names=None):
            return _day(text)
        case _:
            return None


def _computed(sign: str, left: Any, right: Any) -> Decimal | None:
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    try:
        return _COMPUTED[sign](left, right)
    except DecimalException:
        return None


def _day(text: str) -> date | None:
    try:
        found = language.evaluate("date(text)", {"text": text})
    except EvaluationError:
        return None
    return found if type(found) is date else None


def _is_null(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and node.value is None


def dotted(node: n.Node) -> str | None:
    """Return the path an expression is; None for anything else."""
    if isinstance(node, n.Name):
        return node.name
    if isinstance(node, n.Path):
        source = dotted(node.source)
        return None if source is None else f"{source}.{node.name}"
    return None


def shape(thing: Any, subject: str | None) -> Hashable:
    """Return what an expression says, wherever it stands and however it is spaced; `?` is its column."""
    if isinstance(thing, n.Subject):
        return ("path", subject)
    path = dotted(thing) if isinstance(thing, n.Name | n.Path) else None
    if path is not None:
        return ("path", path)
    if is_dataclass(thing):
        inside = [getattr(thing, each.name) for each in fields(thing) if each.name not in ("start", "end", "at")]
        return (type(thing).__name__, *(shape(each, subject) for each in inside))
    if isinstance(thing, tuple):
        return tuple(shape(each, subject) for each in thing)
    return (type(thing).__name__, str(thing))
