"""Conditions as trees: what is read is written back, and means the same whichever way it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import feel
from policy.conditions import Free, Group, How, Join, Line, Part, cell_of, normal, of_cells, read, text_of
from policy.conditions.lines import test as as_test
from policy.conditions.reading import names_of
from policy.errors import EvaluationError, Place
from policy.feel.types import BOOLEAN, DATE, DAYS, NUMBER, STRING, ContextType, ListType, Type
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.written import Cells, Entry, Items, Marks, Scalar
from tests.reference.expressions import SCOPE, Writer, scope_values

_TYPES: dict[Type, FieldType] = {
    NUMBER: FieldType.NUMBER,
    STRING: FieldType.STRING,
    BOOLEAN: FieldType.BOOLEAN,
    DATE: FieldType.DATE,
    DAYS: FieldType.DAYS_DURATION,
}
TIERS = ("A", "B", "客户")


def declared(types: dict[str, Type], prefix: str = "") -> dict[str, Field]:
    """Return the fields of a scope by path."""
    found: dict[str, Field] = {}
    for name, each in types.items():
        path = prefix + name
        if isinstance(each, ContextType):
            found.update(declared(dict(each.fields), f"{path}."))
        elif isinstance(each, ListType):
            found[path] = Field(path, FieldType.LIST, of=_TYPES.get(each.of))
        else:
            found[path] = Field(path, _TYPES[each])
    return found


FIELDS = declared(SCOPE)
FIELDS["客户.tier"] = replace(FIELDS["客户.tier"], one_of=TIERS)
AS_OF = date(2026, 3, 1)


def bare(part: Part) -> Part:
    """Return a part as if a person had just put it together."""
    if isinstance(part, Group):
        return replace(part, source="", parts=tuple(map(bare, part.parts)))
    return replace(part, source="")


def value_of(text: str, context: dict[str, Any]) -> Any:
    """Return what an expression is, or the code of what cannot be computed."""
    try:
        return feel.evaluate(text or "true", context, as_of=AS_OF, missing="unknown")
    except EvaluationError as error:
        return error.code


VALUES = {
    FieldType.NUMBER: st.sampled_from(
        ["0", "1", "-1", "0.10", "100000", "= n", "= order.rate * 2", "= if b then 1 else 2"]
    ),
    FieldType.STRING: st.sampled_from(["A", "B", "客户", "a b", 'say "x"', "back\\slash", "= s", "= 客户.tier"]),
    FieldType.DATE: st.sampled_from(["2026-01-01", "2024-02-29", "= d", '= today() + duration("P1M")']),
    FieldType.DAYS_DURATION: st.sampled_from(["P1D", "PT36H", "= t"]),
}
_ONE = [How.EQUAL, How.UNEQUAL]
_ORDERED = [How.LESS, How.AT_MOST, How.MORE, How.AT_LEAST, How.BETWEEN, How.FROM_BELOW, How.ABOVE_TO, How.INSIDE]
_MANY = [How.ONE_OF, How.NONE_OF]
_ALWAYS = [How.GIVEN, How.MISSING]
HOWS = {
    FieldType.NUMBER: [*_ONE, *_ORDERED, *_MANY, *_ALWAYS],
    FieldType.STRING: [*_ONE, *_MANY, How.CONTAINS, How.STARTS, How.ENDS, *_ALWAYS],
    FieldType.BOOLEAN: [How.TRUE, How.FALSE, *_ALWAYS],
    FieldType.DATE: [*_ONE, *_ORDERED, *_MANY, How.LAST_DAYS, How.DAYS_AGO, How.NEXT_DAYS, How.DAYS_AHEAD, *_ALWAYS],
    FieldType.DAYS_DURATION: [*_ONE, *_ORDERED, *_ALWAYS],
    FieldType.LIST: [How.CONTAINS, *_ALWAYS],
}


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """Draw a line as the form can make it."""
    field = FIELDS[draw(st.sampled_from([each for each in FIELDS if each != "order.lines"]))]
    how = draw(st.sampled_from(HOWS[field.type]))
    if how in {How.LAST_DAYS, How.DAYS_AGO, How.NEXT_DAYS, How.DAYS_AHEAD}:
        return Line(field.path, how, (draw(st.sampled_from(["0", "1", "90"])),))
    values = VALUES.get(field.of or field.type, st.nothing())
    counts = {**dict.fromkeys(_ORDERED[4:], 2), **dict.fromkeys([*_ALWAYS, How.TRUE, How.FALSE], 0)}
    most = 3 if how in _MANY else counts.get(how, 1)
    return Line(
        field.path,
        how,
        tuple(draw(st.lists(values, min_size=min(most, counts.get(how, 1)), max_size=most))) if most else (),
    )


FREES = st.sampled_from(
    ["count(xs) > 2", "n + 1 > order.rate", "some x in xs satisfies x > 1", "if b then n > 1 else false", "(n) = 1"]
).map(Free)
TREES = st.recursive(
    lines() | FREES,
    lambda below: st.builds(Group, st.sampled_from(list(Join)), st.lists(below, min_size=0, max_size=3).map(tuple)),
    max_leaves=12,
)
GROUPS = TREES.map(lambda part: part if isinstance(part, Group) else Group(Join.ALL, (part,)))


def folded(group: Group) -> Group:
    """Return a tree as it is read: the denial of one line that has an opposite is that opposite, brackets are gone."""
    parts = tuple(_folded(each) for each in group.parts)
    made = replace(group, parts=parts)
    if len(parts) == 1 and isinstance(parts[0], Group) and made.join is not Join.NONE:
        return parts[0]
    only = _denied(made)
    return Group(Join.ALL, (only,)) if only is not None else made


def _folded(part: Part) -> Part:
    if isinstance(part, Group):
        made = folded(part)
        return made.parts[0] if len(made.parts) == 1 and made.join is not Join.NONE else made
    if isinstance(part, Line):
        return part
    found = read(part.text, FIELDS)
    return found.parts[0] if len(found.parts) == 1 and found.join is not Join.NONE else found


def _denied(group: Group) -> Line | None:
    only = group.parts[0] if group.join is Join.NONE and len(group.parts) == 1 else None
    turned = {How.ONE_OF: How.NONE_OF, How.TRUE: How.FALSE}.get(only.how) if isinstance(only, Line) else None
    return replace(only, how=turned) if isinstance(only, Line) and turned is not None else None


@settings(max_examples=400)
@given(GROUPS)
def test_what_a_form_says_is_read_back_from_what_is_written(group: Group) -> None:
    text = text_of(group, FIELDS)

    assert read(text, FIELDS) == folded(normal(group)), text


@settings(max_examples=300)
@given(GROUPS, st.integers(0, 2**32))
def test_a_written_tree_means_what_its_parts_mean(group: Group, seed: int) -> None:
    context = scope_values(Random(seed))

    assert value_of(text_of(group, FIELDS), context) == meaning(normal(group), context)


def meaning(part: Part, context: dict[str, Any]) -> Any:
    """Return what a part means, its parts counted in three-valued logic here."""
    if not isinstance(part, Group):
        return value_of(text_of(Group(Join.ALL, (part,)), FIELDS), context)
    found = [meaning(each, context) for each in part.parts]
    if part.join is Join.ALL:
        return False if False in found else None if None in found else True
    some = True if True in found else None if None in found else False
    return some if part.join is Join.ANY else None if some is None else not some


@settings(max_examples=600)
@given(st.randoms(use_true_random=False), st.integers(0, 2**32))
def test_any_text_is_kept_and_means_the_same_when_it_is_written_anew(random: Any, seed: int) -> None:
    text = Writer(random).draw("boolean", 5)
    group = read(text, FIELDS)
    context = scope_values(Random(seed))

    assert text_of(group, FIELDS) == text
    again = text_of(bare(group), FIELDS)  # type: ignore[arg-type]
    before, after = value_of(text, context), value_of(again, context)
    # `b = true` and `b` differ only where `b` is no boolean, which facts of the declared type cannot be
    assert before == after or not isinstance(before, bool | None), again


@given(lines(), st.integers(0, 2**32))
def test_a_line_means_the_same_as_a_cell(line: Line, seed: int) -> None:
    context = scope_values(Random(seed))
    value: Any = context
    for name in line.path.split("."):
        value = None if value is None else value[name]
    test = as_test(line, FIELDS, names_of(FIELDS))

    held = feel.unary_test(test, value, context, as_of=AS_OF, missing="unknown")

    assert held == value_of(text_of(Group(Join.ALL, (line,)), FIELDS), context), test


def scalar(text: str) -> Scalar:
    return Scalar(text, True, Marks("x", ((0, 1, 1),)))


def cells(path: str, cell: Any) -> Cells:
    place = Place("x", 1, 1)
    value = scalar(cell) if isinstance(cell, str) else Items(tuple(map(scalar, cell)), place)
    return Cells((Entry(path, place, value),), place)


@given(lines())
def test_a_cell_is_read_back_from_what_is_written(line: Line) -> None:
    cell = cell_of(line, FIELDS)

    assert of_cells(cells(line.path, cell), FIELDS).parts == (line,), cell


@pytest.mark.parametrize(
    ("path", "cell", "line"),
    [
        ("n", "5", Line("n", How.EQUAL, ("5",))),
        ("n", ["1", "2"], Line("n", How.ONE_OF, ("1", "2"))),
        ("n", "> 5", Line("n", How.MORE, ("5",))),
        ("n", "[1..5)", Line("n", How.FROM_BELOW, ("1", "5"))),
        ("n", "null", Line("n", How.MISSING)),
        ("n", "not(null)", Line("n", How.GIVEN)),
        ("n", "< 1, > 5", Line("n", How.TEST, ("< 1, > 5",))),
        ("n", "-", Line("n", How.TEST, ("-",))),
        ("n", "? > order.rate", Line("n", How.TEST, ("? > order.rate",))),
        ("n", "> (", Line("n", How.TEST, ("> (",))),
        ("客户.tier", "A", Line("客户.tier", How.EQUAL, ("A",))),
        ("客户.tier", 'not("A", "B")', Line("客户.tier", How.NONE_OF, ("A", "B"))),
        ("s", '"Shanghai"', Line("s", How.EQUAL, ("Shanghai",))),
        ("s", "= 客户.tier", Line("s", How.EQUAL, ("= 客户.tier",))),
        ("b", "false", Line("b", How.FALSE)),
        ("d", "2026-01-01", Line("d", How.EQUAL, ("2026-01-01",))),
        ("d", '>= today() - duration("P90D")', Line("d", How.LAST_DAYS, ("90",))),
        ("order.tags", 'list contains(?, "A")', Line("order.tags", How.CONTAINS, ("A",))),
        ("unknown", "> 5", Line("unknown", How.MORE, ("5",))),
    ],
)
def test_cells_are_lines(path: str, cell: Any, line: Line) -> None:
    assert of_cells(cells(path, cell), FIELDS).parts == (line,)


@pytest.mark.parametrize(
    ("text", "at", "change", "expected"),
    [
        ('n > 1 and  s = "A" // why', 0, Line("n", How.MORE, ("2",)), 'n > 2 and  s = "A" // why'),
        ('n > 1 /* a */ and (b or s = "A")', 0, None, '(b or s = "A")'),
        ("n > 1 and /* a */ b and d != null", 2, None, "n > 1 and /* a */ b"),
        ('n>1 or b and s="A"', 0, Line("n", How.LESS, ("1",)), 'n < 1 or b and s="A"'),
        ("not(b or n>1)", 1, Line("n", How.MORE, ("2",)), "not(b or n > 2)"),
    ],
)
def test_only_what_was_changed_is_rewritten(text: str, at: int, change: Line | None, expected: str) -> None:
    group = read(text, FIELDS)
    parts = list(group.parts)
    if change is None:
        del parts[at]
    else:
        parts[at] = replace(change, source=parts[at].source)

    assert text_of(replace(group, parts=tuple(parts)), FIELDS) == expected


def test_what_cannot_be_read_stays_as_it_is() -> None:
    group = read("n > > 1", FIELDS)

    assert group.parts == (Free("n > > 1"),)
    assert text_of(group, FIELDS) == "n > > 1"


def test_six_levels_are_read_and_written() -> None:
    text = 'not(b and (n > 1 or b and (n < 5 or not(s = "A" or d = null))))'

    made = text_of(bare(read(text, FIELDS)), FIELDS)  # type: ignore[arg-type]

    assert read(made, FIELDS) == read(text, FIELDS)


def test_a_remark_swallows_nothing() -> None:
    group = Group(
        Join.ANY, (Free("count(xs) > 1 // many"), Group(Join.ALL, (Free("count(xs) > 2 // x"), Line("b", How.TRUE))))
    )

    text = text_of(group, FIELDS)

    assert len(read(text, FIELDS).parts) == 2
    assert value_of(text, {"xs": [1, 2, 3], "b": True}) is True
