"""Reads the text of a condition as a tree; what is no group and no line stays as written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from policy.conditions.literals import typed
from policy.conditions.tokens import Stretch
from policy.conditions.tree import CALLS, DAYS, RANGES, SIGNS, Free, Group, How, Join, Line, Part
from policy.errors import ExpressionError
from policy.feel import nodes as n
from policy.feel import parse
from policy.feel.lexer import Token
from policy.feel.reading import static_path
from policy.feel.temporal import read_duration
from policy.model.document import FieldType
from policy.model.fields import Field

_BY_SIGN = {sign: how for how, sign in SIGNS.items()}
_BY_CALL = {name: how for how, name in CALLS.items()}
_BY_DAYS = {each: how for how, each in DAYS.items()}
_BY_ENDS = {(low == "[", high == "]"): how for how, (low, high) in RANGES.items()}
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def read(text: str, fields: Mapping[str, Field]) -> Group:
    """Read a condition.

    Args:
        text: FEEL; one that cannot be read is a single part as written.
        fields: What lines may name, by the path conditions know them by.

    Example:
        >>> read('order.net >= 500000 or vip', {}).join
        <Join.ANY: 'any'>
    """
    names = names_of(fields)
    try:
        node = parse(text, names)
    except ExpressionError:
        return Group(Join.ALL, (Free(text, text),) if text.strip() else (), text)
    whole = Stretch.of(text)
    part = Trees(fields).part(node, whole)
    if isinstance(part, Group):
        return replace(part, source=text, start=0)
    return Group(Join.ALL, (part,), text)


def names_of(fields: Mapping[str, Field]) -> frozenset[str]:
    """Return every single name in the paths of fields, for the parser."""
    return frozenset(name for path in fields for name in path.split("."))


class Trees:
    """Makes parts of the nodes of one condition."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields

    def part(self, node: n.Node, written: Stretch) -> Part:
        """Return a node as a group, a line, or as written."""
        bare = written.inner()
        source, start = written.source, written.start
        if isinstance(node, n.Both | n.Either):
            join = Join.ALL if isinstance(node, n.Both) else Join.ANY
            return Group(join, self._parts(node, bare), source, start)
        line = self.line(node, bare)
        if line is not None:
            return replace(line, source=source, start=start)
        denied = _denied(node)
        if denied is not None:
            return Group(Join.NONE, self._none_of(denied, _inside(bare, 1)), source, start)
        return Free(bare.source, source, start)

    def line(self, node: n.Node, written: Stretch) -> Line | None:
        """Return a comparison of a field as a line, None where it is something else."""
        match node:
            case n.Name() | n.Path():
                return self._flag(node, How.TRUE)
            case n.Comparison():
                return self._comparison(node, written)
            case n.Between():
                return self._between(node, written)
            case n.In():
                return self._among(node, written)
            case n.Call():
                return self._call(node, written)
            case _:
                return None

    def _parts(self, node: n.Both | n.Either, written: Stretch) -> tuple[Part, ...]:
        word = "and" if isinstance(node, n.Both) else "or"
        gaps = [(one.end, two.start) for one, two in zip(node.parts, node.parts[1:], strict=False)]
        cuts = [_sign(written, word, *gap) for gap in gaps]
        begins = [written.start, *(each.end for each in cuts)]
        ends = [*(each.start for each in cuts), written.end]
        pieces = [written.between(begin, end) for begin, end in zip(begins, ends, strict=True)]
        return tuple(self.part(part, piece) for part, piece in zip(node.parts, pieces, strict=True))

    def _none_of(self, node: n.Node, written: Stretch) -> tuple[Part, ...]:
        if isinstance(node, n.Either) and not written.is_wrapped():
            return self._parts(node, written)
        return (self.part(node, written),)

    def _field(self, node: n.Node) -> tuple[str, Field] | None:
        path = ".".join(static_path(node) or ())
        return (path, self.fields[path]) if path in self.fields else None

    def _flag(self, node: n.Node, how: How) -> Line | None:
        found = self._field(node)
        return Line(found[0], how) if found and found[1].type is FieldType.BOOLEAN else None

    def _comparison(self, node: n.Comparison, written: Stretch) -> Line | None:
        sign = _sign(written, node.sign, node.left.end, node.right.start)
        left, right = written.between(written.start, sign.start), written.between(sign.end, written.end)
        found, value, other, turned = self._field(node.left), node.right, right, node.sign
        if found is None:
            found, value, other, turned = self._field(node.right), node.left, left, _TURNED[node.sign]  # type: ignore[assignment]
        if found is None or (other is right and left.is_wrapped()) or isinstance(value, n.UnaryTest | n.Range):
            return None
        return compared(found[0], found[1], turned, value, other)

    def _between(self, node: n.Between, written: Stretch) -> Line | None:
        found = self._field(node.value)
        if found is None:
            return None
        word = _sign(written, "between", node.value.end, node.low.start)
        middle = _sign(written, "and", node.low.end, node.high.start)
        low = written.between(word.end, middle.start)
        high = written.between(middle.end, written.end)
        ends = (typed(node.low, low, found[1]), typed(node.high, high, found[1]))
        return Line(found[0], How.BETWEEN, ends)

    def _among(self, node: n.In, written: Stretch) -> Line | None:
        found = self._field(node.value)
        if found is None or found[1].type is FieldType.LIST:
            return None
        path, field = found
        word = _sign(written, "in", node.value.end, written.end)
        rest = written.between(word.end, written.end)
        if len(node.tests) == 1 and isinstance(node.tests[0], n.Range):
            found_range = node.tests[0]
            return ranged(path, field, found_range, rest.between(found_range.start, found_range.end))
        if not rest.is_wrapped():
            return None
        inside = Stretch(rest.text, rest.tokens[1:-1])
        if not all(map(is_value, node.tests)):
            return Line(path, How.TEST, (inside.source,))
        return many(path, field, How.ONE_OF, node.tests, inside)

    def _call(self, node: n.Call, written: Stretch) -> Line | None:
        denied = _denied(node)
        if denied is not None:
            line = self.line(denied, _inside(written, 1).inner())
            turned = {How.ONE_OF: How.NONE_OF, How.TRUE: How.FALSE}.get(line.how) if line is not None else None
            return replace(line, how=turned) if line is not None and turned is not None else None
        found = self._field(node.arguments[0]) if node.arguments else None
        return called(found[0], found[1], node, written) if found is not None else None


def compared(path: str, field: Field, sign: str, value: n.Node, written: Stretch) -> Line | None:
    """Return a comparison with one value as a line, None for one with nothing that only FEEL can say."""
    if isinstance(value, n.Literal) and value.value is None:
        how = {"=": How.MISSING, "!=": How.GIVEN}.get(sign)
        return Line(path, how) if how is not None else None
    if field.type is FieldType.LIST:
        return None
    flag = value.value if isinstance(value, n.Literal) and field.type is FieldType.BOOLEAN else None
    if isinstance(flag, bool) and sign == "=":
        return Line(path, How.TRUE if flag else How.FALSE)
    days = _days(value) if field.type is FieldType.DATE else None
    if days is not None and (sign, days[0]) in _BY_DAYS:
        return Line(path, _BY_DAYS[sign, days[0]], (days[1],))
    return Line(path, _BY_SIGN[sign], (typed(value, written, field),))


def ranged(path: str, field: Field, found: n.Range, written: Stretch) -> Line | None:
    """Return a test against a range as a line."""
    how = _BY_ENDS[found.low_included, found.high_included]
    if field.type is FieldType.LIST or written.tokens[0].text not in "([" or written.tokens[-1].text not in ")]":
        return None
    middle = _sign(written, "..", found.low.end, found.high.start)
    inside = Stretch(written.text, written.tokens[1:-1])
    low, high = inside.between(inside.start, middle.start), inside.between(middle.end, inside.end)
    return Line(path, how, (typed(found.low, low, field), typed(found.high, high, field)))


def many(path: str, field: Field, how: How, tests: Iterable[n.Node], written: Stretch) -> Line:
    """Return values with commas between them as a line."""
    pieces = written.split(lambda token: token.text == "," and token.kind == "sign")
    values = tuple(typed(test, piece, field) for test, piece in zip(tests, pieces, strict=True))
    return Line(path, how, values)


def called(path: str, field: Field, node: n.Call, written: Stretch) -> Line | None:
    """Return a call that asks what a text or a list holds as a line; its first argument is the field."""
    name = node.function.name if isinstance(node.function, n.Name) else ""
    how = How.CONTAINS if name == "list contains" and field.type is FieldType.LIST else None
    if field.type is FieldType.STRING:
        how = _BY_CALL.get(name)
    if how is None or len(node.arguments) != 2 or node.names is not None:
        return None
    pieces = _inside(written, len(name.split())).split(lambda token: token.text == "," and token.kind == "sign")
    return Line(path, how, (typed(node.arguments[1], pieces[1], field),))


def is_value(test: n.Node) -> bool:
    """Say whether a test is a value to be equal to."""
    if isinstance(test, n.UnaryTest | n.Range | n.ListLiteral) or (isinstance(test, n.Literal) and test.value is None):
        return False
    return not any(isinstance(each, n.Subject) for each in n.walk(test))


def _denied(node: n.Node) -> n.Node | None:
    is_not = isinstance(node, n.Call) and isinstance(node.function, n.Name) and node.function.name == "not"
    fit = isinstance(node, n.Call) and is_not and len(node.arguments) == 1 and node.names is None
    return node.arguments[0] if isinstance(node, n.Call) and fit else None


def _inside(written: Stretch, words: int) -> Stretch:
    """Return what stands between the brackets of a call whose name has so many words."""
    return Stretch(written.text, written.tokens[words + 1 : -1])


def _sign(written: Stretch, text: str, start: int, end: int) -> Token:
    return next(each for each in written.tokens if each.text == text and start <= each.start < end)


def _days(node: n.Node) -> tuple[str, str] | None:
    """Return which way, and how many days, for `today()` with whole days added or taken away."""
    if not isinstance(node, n.Arithmetic) or node.sign not in ("+", "-"):
        return None
    today, span = node.left, node.right
    if not (isinstance(today, n.Call) and isinstance(today.function, n.Name) and today.function.name == "today"):
        return None
    text = _duration(span)
    digits = text[1:-1] if text and text.startswith("P") and text.endswith("D") else ""
    fit = digits.isascii() and digits.isdecimal() and str(int(digits)) == digits and read_duration(text or "")
    return (node.sign, digits) if fit else None


def _duration(node: n.Node) -> str | None:
    if not isinstance(node, n.Call) or not isinstance(node.function, n.Name) or node.function.name != "duration":
        return None
    only = node.arguments[0] if len(node.arguments) == 1 and node.names is None else None
    return only.value if isinstance(only, n.Literal) and isinstance(only.value, str) else None
