"""Values of lines, between what a person types and FEEL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from policy.conditions.tokens import Stretch
from policy.conditions.tree import is_formula
from policy.errors import ExpressionError
from policy.feel import nodes as n
from policy.feel import parse
from policy.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from policy.model import reading
from policy.model.document import FieldType
from policy.model.fields import Field

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_LOOSE = (
    *(n.Both, n.Either, n.Comparison, n.Between, n.In, n.If, n.For),
    *(n.Quantified, n.FunctionLiteral, n.UnaryTest, n.InstanceOf),
)
"""Expressions that need brackets where an operand stands."""

_MAKERS = {
    FieldType.DATE: "date",
    FieldType.TIME: "time",
    FieldType.DATE_TIME: "date and time",
    FieldType.DAYS_DURATION: "duration",
    FieldType.MONTHS_DURATION: "duration",
}
"""The function that makes a value of a text, for the types that need one."""

_VALUES: dict[FieldType, type] = {
    FieldType.STRING: str,
    FieldType.NUMBER: Decimal,
    FieldType.DATE: date,
    FieldType.TIME: Time,
    FieldType.DATE_TIME: DateTime,
    FieldType.DAYS_DURATION: DaysDuration,
    FieldType.MONTHS_DURATION: MonthsDuration,
}


def type_of(field: Field) -> FieldType:
    """Return the type of what a field is compared with: its own, or that of a list's items; `context`: not known."""
    if field.type is not FieldType.LIST:
        return field.type
    return FieldType.CONTEXT if field.of is None or field.of is FieldType.LIST else field.of


def fits(value: str, field: Field) -> bool:
    """Say whether a literal is one of a field's type; whether the field allows it is the engine's to say."""
    kind = type_of(field)
    if kind is FieldType.NUMBER:
        return bool(_NUMBER.fullmatch(value))
    if kind is FieldType.BOOLEAN:
        return value in {"true", "false"}
    if kind in _MAKERS:
        found, problems = reading.from_text(Field("?", kind), value)
        return not problems and found is not None
    return bool(value)


def feel(value: str, field: Field, names: Iterable[str] = (), *, operand: bool = True) -> str:
    """Write a value as FEEL.

    Args:
        value: A literal of the field's type, or a formula.
        field: The field it is compared with.
        names: Declared names, for the parser.
        operand: Whether it stands beside a sign, where a loose expression needs brackets.
    """
    kind = type_of(field)
    if kind is FieldType.CONTEXT or is_formula(value):
        formula = value if kind is FieldType.CONTEXT else value.lstrip()[1:].strip()
        return bracketed(formula) if operand and is_loose(formula, names) else formula
    if kind is FieldType.STRING:
        return quoted(value)
    return f"{_MAKERS[kind]}({quoted(value)})" if kind in _MAKERS else value


def typed(node: n.Node, written: Stretch, field: Field) -> str:
    """Return an expression as the value of a line: a literal of the field's type as typed, else a formula."""
    kind = type_of(field)
    bare = written.inner()
    if kind is FieldType.CONTEXT:
        return bare.source
    literal = _literal(node, bare, kind)
    if literal is None or literal != literal.strip() or not fits(literal, field) or is_formula(literal):
        return f"= {bare.source}"
    return literal if "\n" not in literal and "\r" not in literal else f"= {bare.source}"


def _literal(node: n.Node, written: Stretch, kind: FieldType) -> str | None:
    if isinstance(node, n.Call):
        return _made(node, kind)
    if kind is FieldType.NUMBER:
        return written.source
    if isinstance(node, n.Literal) and kind is FieldType.BOOLEAN and isinstance(node.value, bool):
        return written.source
    if not isinstance(node, n.Literal) or type(node.value) is not _VALUES.get(kind):
        return None
    # of a temporal literal the text between the quotes, as its author wrote it
    return str(node.value) if kind is FieldType.STRING else written.source.partition('"')[2].rstrip('"')


def _made(call: n.Call, kind: FieldType) -> str | None:
    """Return the text of `date("…")` and its like."""
    name = call.function.name if isinstance(call.function, n.Name) else ""
    argument = call.arguments[0] if len(call.arguments) == 1 else None
    fit = kind in _MAKERS and name == _MAKERS[kind] and call.names is None
    return argument.value if fit and isinstance(argument, n.Literal) and isinstance(argument.value, str) else None


def value_of(formula: str, field: Field, names: Iterable[str]) -> str:
    """Return FEEL as the value of a line: a literal where it is one, else a formula, also one that cannot be read."""
    try:
        node = parse(formula, {part for path in names for part in path.split(".")})
    except ExpressionError:
        return formula if type_of(field) is FieldType.CONTEXT else f"= {formula.strip()}"
    return typed(node, Stretch.of(formula), field)


def quoted(text: str) -> str:
    r"""Write a text as FEEL.

    Example:
        >>> print(quoted('a "b" \\'))
        "a \"b\" \\"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'


def bracketed(text: str) -> str:
    """Put brackets around an expression; a remark to the end of its line does not swallow the last one."""
    return f"({text}\n)" if "//" in text else f"({text})"


def is_loose(formula: str, names: Iterable[str]) -> bool:
    """Say whether an expression needs brackets beside a sign."""
    try:
        return isinstance(parse(formula, names), _LOOSE) and not Stretch.of(formula).is_wrapped()
    except ExpressionError:
        return False
