"""Writes one line of a condition: as an expression, or as the unary tests of a cell, where `?` is its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy.conditions.literals import bracketed, feel
from policy.conditions.tokens import Stretch
from policy.conditions.tree import CALLS, DAYS, RANGES, SIGNS, How, Line
from policy.errors import ExpressionError
from policy.feel import nodes as n
from policy.feel import parse, parse_tests
from policy.model.document import FieldType
from policy.model.fields import Field

_AMONG = (n.Both, n.Either, n.If, n.For, n.Quantified, n.FunctionLiteral, n.UnaryTest)
"""Expressions that need brackets among others."""


def expression(line: Line, fields: Mapping[str, Field], names: Iterable[str]) -> str:
    """Write a line as an expression."""
    field, path, how = _field(line, fields), line.path, line.how
    side = _side(line, field, names)
    if side is not None:
        return f"{path} in {side}" if how in RANGES else f"{path} {side}"
    if how is How.TEST:
        return _tests(path, line.values[0].strip(), names)
    if how in CALLS:
        return _call(line, field, names, path)
    bare = {How.TRUE: path, How.FALSE: f"not({path})", How.GIVEN: f"{path} != null", How.MISSING: f"{path} = null"}
    if how in bare:
        return bare[how]
    among = f"{path} in ({_listed(line, field, names)})"
    return f"not({among})" if how is How.NONE_OF else among


def test(line: Line, fields: Mapping[str, Field], names: Iterable[str]) -> str:
    """Write a line as unary tests."""
    field, how = _field(line, fields), line.how
    side = _side(line, field, names)
    if side is not None:
        return side.removeprefix("= ") if how is How.EQUAL and is_literal(line.values[0], field) else side
    if how is How.TEST:
        return line.values[0].strip()
    if how in CALLS:
        return _call(line, field, names, "?")
    bare = {How.TRUE: "true", How.FALSE: "false", How.GIVEN: "not(null)", How.MISSING: "null"}
    if how in bare:
        return bare[how]
    values = _listed(line, field, names)
    if how is How.NONE_OF:
        return f"not({values})"
    return values if len(line.values) > 1 else bracketed(values)


def is_literal(value: str, field: Field) -> bool:
    """Say whether a value is a literal of a known type."""
    known = field.type is not FieldType.CONTEXT and (field.type is not FieldType.LIST or field.of is not None)
    return known and not value.lstrip().startswith("=")


def standing(text: str, names: Iterable[str]) -> str:
    """Return an expression so that it can stand beside `and` and `or`."""
    try:
        node = parse(text, names)
    except ExpressionError:
        return text
    return bracketed(text) if isinstance(node, _AMONG) and not Stretch.of(text).is_wrapped() else text


def _field(line: Line, fields: Mapping[str, Field]) -> Field:
    return fields.get(line.path) or Field(line.path, FieldType.CONTEXT)


def _side(line: Line, field: Field, names: Iterable[str]) -> str | None:
    """Return what stands beside the field, None where a line is not written so."""
    how = line.how
    if how in SIGNS:
        return f"{SIGNS[how]} {feel(line.values[0], field, names)}"
    if how in RANGES:
        opening, closing = RANGES[how]
        low, high = (feel(each, field, names) for each in line.values)
        return f"{opening}{low}..{high}{closing}"
    if how in DAYS:
        sign, way = DAYS[how]
        return f'{sign} today() {way} duration("P{line.values[0]}D")'
    return None


def _call(line: Line, field: Field, names: Iterable[str], subject: str) -> str:
    name = "list contains" if field.type is FieldType.LIST else CALLS[line.how]
    return f"{name}({subject}, {feel(line.values[0], field, names, operand=False)})"


def _listed(line: Line, field: Field, names: Iterable[str]) -> str:
    return ", ".join(feel(each, field, names) for each in line.values)


def _tests(path: str, text: str, names: Iterable[str]) -> str:
    """Write unary tests as an expression."""
    try:
        tests = parse_tests(text, names)
    except ExpressionError:
        return f"{path} in ({text})"
    inside = _inside(text, tests)
    if not any(isinstance(each, n.Subject) for each in n.walk(tests)):
        made = f"{path} in {bracketed(inside.source)}"
    else:
        pieces = inside.split(lambda token: token.text == "," and token.kind == "sign")
        made = " or ".join(_asked(path, text, *each, names) for each in zip(tests.tests, pieces, strict=True))
        made = bracketed(made) if len(pieces) > 1 else made
    return f"not({made})" if tests.negated else made


def _inside(text: str, tests: n.Tests) -> Stretch:
    whole = Stretch.of(text)
    return Stretch(text, whole.tokens[2:-1]) if tests.negated else whole


def _asked(path: str, text: str, test: n.Node, piece: Stretch, names: Iterable[str]) -> str:
    """Write one unary test as an expression."""
    marks = sorted(each.start for each in n.walk(test) if isinstance(each, n.Subject))
    if not marks:
        return f"{path} in {bracketed(piece.source)}"
    made, at = "", piece.start
    for mark in marks:
        made += text[at:mark] + path
        at = mark + 1
    return standing(made + text[at : piece.end], names)
