"""Lines of a condition that is a row of cells: one for each column, all of which must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from policy.conditions.lines import is_literal, test
from policy.conditions.literals import fits, quoted, type_of
from policy.conditions.reading import called, compared, is_value, many, names_of, ranged
from policy.conditions.tokens import Stretch
from policy.conditions.tree import Group, How, Join, Line, normal
from policy.errors import ExpressionError
from policy.feel import nodes as n
from policy.feel import parse_tests
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.written import Cells, Entries, Items, Raw, Scalar

Typed = str | bool | int | Decimal | Sequence["Typed"]
"""What stands in a cell, as the editor of documents takes it."""


def of_cells(cells: Cells, fields: Mapping[str, Field]) -> Group:
    """Read a row of cells: a line for each, in order."""
    names = names_of(fields)
    lines = (_line(each.key, each.value, _field(each.key, fields), names) for each in cells.cells)
    return Group(Join.ALL, tuple(lines))


def cells_of(group: Group, fields: Mapping[str, Field]) -> dict[str, Typed] | None:
    """Return a condition as a row of cells by column, None where it cannot be one."""
    wanted = normal(group)
    lines = [each for each in wanted.parts if isinstance(each, Line)]
    if wanted.join is not Join.ALL or len(lines) < len(wanted.parts):
        return None
    if len({each.path for each in lines}) < len(lines):
        return None
    return {each.path: cell_of(each, fields) for each in lines}


def cell_of(line: Line, fields: Mapping[str, Field]) -> Typed:
    """Write a line as a cell: literals as the table has them, anything else as unary tests."""
    field = _field(line.path, fields)
    plain = field.type is not FieldType.LIST and line.how in {How.EQUAL, How.ONE_OF}
    if plain and all(is_literal(each, field) for each in line.values):
        texts = [_literal(each, field) for each in line.values]
        return texts[0] if line.how is How.EQUAL else texts
    return test(line, fields, names_of(fields))


def _literal(value: str, field: Field) -> str:
    if type_of(field) is not FieldType.STRING:
        return value
    return value if value in (field.one_of or ()) else quoted(value)


def _field(path: str, fields: Mapping[str, Field]) -> Field:
    return fields.get(path) or Field(path, FieldType.CONTEXT)


def _line(path: str, raw: Raw, field: Field, names: frozenset[str]) -> Line:
    if isinstance(raw, Entries):
        return Line(path, How.TEST, ("",))
    if isinstance(raw, Items):
        return _listed(path, [each for each in raw.items if isinstance(each, Scalar)], field, names)
    text = raw.text.strip()
    if text == "-" or field.type is FieldType.LIST:
        return _tests(path, text, field, names) if text != "-" else Line(path, How.TEST, ("-",))
    if _is_literal(raw, text, field):
        if field.type is FieldType.BOOLEAN:
            return Line(path, How.TRUE if text == "true" else How.FALSE)
        return Line(path, How.EQUAL, (text,))
    return _tests(path, text, field, names)


def _is_literal(raw: Scalar, text: str, field: Field) -> bool:
    kind = type_of(field)
    if kind is FieldType.STRING:
        return raw.text in (field.one_of or ()) and text == raw.text and not text.startswith("=")
    return kind is not FieldType.CONTEXT and fits(text, field)


def _listed(path: str, items: Sequence[Scalar], field: Field, names: frozenset[str]) -> Line:
    values = [_line(path, each, field, names) for each in items]
    if values and all(each.how is How.EQUAL for each in values):
        return Line(path, How.ONE_OF, tuple(each.values[0] for each in values))
    texts = [
        quoted(each.text.strip()) if _is_text(each, field) else each.text.strip() for each in items if each.text.strip()
    ]
    return Line(path, How.TEST, (", ".join(texts),))


def _is_text(raw: Scalar, field: Field) -> bool:
    return type_of(field) is FieldType.STRING and raw.text in (field.one_of or ())


def _tests(path: str, text: str, field: Field, names: frozenset[str]) -> Line:
    written = Line(path, How.TEST, (text,))
    if field.type is FieldType.LIST and text in (field.one_of or ()):
        return Line(path, How.TEST, (quoted(text),))
    try:
        tests = parse_tests(text, names)
    except ExpressionError:
        return written
    return _line_of(path, tests, Stretch.of(text), field) or written


def _line_of(path: str, tests: n.Tests, whole: Stretch, field: Field) -> Line | None:
    if tests.negated:
        inside = Stretch(whole.text, whole.tokens[2:-1])
        if len(tests.tests) == 1 and _is_null(tests.tests[0]):
            return Line(path, How.GIVEN)
        fit = field.type is not FieldType.LIST and all(map(is_value, tests.tests))
        return many(path, field, How.NONE_OF, tests.tests, inside) if fit else None
    if len(tests.tests) != 1:
        fit = field.type is not FieldType.LIST and bool(tests.tests) and all(map(is_value, tests.tests))
        return many(path, field, How.ONE_OF, tests.tests, whole) if fit else None
    return _single(path, tests.tests[0], whole, field)


def _single(path: str, found: n.Node, whole: Stretch, field: Field) -> Line | None:
    if whole.is_wrapped() and is_value(found) and field.type is not FieldType.LIST:
        return many(path, field, How.ONE_OF, (found,), whole.inner())
    match found:
        case n.UnaryTest() if not whole.is_wrapped():
            return compared(path, field, found.sign, found.operand, Stretch(whole.text, whole.tokens[1:]))
        case n.Range() if found.start == whole.start:
            return ranged(path, field, found, whole)
        case n.Call() if found.arguments and isinstance(found.arguments[0], n.Subject):
            return called(path, field, found, whole)
        case n.Literal():
            line = compared(path, field, "=", found, whole)
            formula = line is not None and line.how is How.EQUAL and not is_literal(line.values[0], field)
            return None if formula else line
        case _:
            return None


def _is_null(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and node.value is None
