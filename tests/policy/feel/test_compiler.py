"""What compilers of rule sets rely on: one Python expression each, one namespace, declared types, two readings."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest

from policy import feel
from policy.errors import EvaluationError, ExpressionError
from policy.feel import DateTime, evaluate, parse, parse_tests
from policy.feel.checker import Checked, check
from policy.feel.compiler import Emitter
from policy.feel.types import DATE, NUMBER, STRING, ContextType, ListType, StringType, Type

LINE = ContextType({"qty": NUMBER, "sku": STRING})
SCOPE: dict[str, Type] = {
    "order": ContextType({"amount": NUMBER, "since": DATE, "lines": ListType(LINE)}),
    "tier": StringType(("A", "B")),
}
SOURCES = {("order", "amount"): "s.v1", ("order", "since"): "s.v2", ("order", "lines"): "s.v3", ("tier",): "s.v4"}

PARAMETERS = ("s", "env")


class Facts:
    """Values as compilers hold them: attributes by number."""

    def __init__(self, amount: Any = None, since: Any = None, lines: Any = None, tier: Any = None) -> None:
        self.v1, self.v2, self.v3, self.v4 = amount, since, lines, tier


class Around:
    """A day without a time, and tables that answer with what they were asked."""

    today = date(2026, 3, 1)
    now: DateTime | None = None

    def lookup(self, name: str, keys: tuple[Any, ...]) -> Any:
        return {"name": name, "keys": list(keys)}


def emitter(missing: Literal["null", "unknown"] = "unknown") -> Emitter:
    return Emitter(missing=missing, resolve=SOURCES.get, parameters=PARAMETERS)


def run(source: str, made: Emitter, facts: Facts, around: Any = None) -> Any:
    """Evaluate a source as compilers embed it."""
    return made.function(f"return {source}")(facts, around or Around())


def value(text: str, facts: Facts, missing: Literal["null", "unknown"] = "unknown", around: Any = None) -> Any:
    made = emitter(missing)
    return run(made.expression(check(parse(text), SCOPE)), made, facts, around)


@pytest.mark.parametrize(
    "text",
    ['order.amount > 1 and tier = "A"', "for l in order.lines return l.qty", "{a: 1, b: a}.b", "order.lines[qty > 1]"],
)
def test_the_source_is_one_expression(text: str) -> None:
    source = emitter().expression(check(parse(text), SCOPE))

    ast.parse(source, mode="eval")
    assert "\n" not in source


def test_known_types_are_compared_without_a_call() -> None:
    source = emitter().expression(check(parse('order.amount >= 100 and tier in ("A", "B")'), SCOPE))

    assert not any(isinstance(node, ast.Call) for node in ast.walk(ast.parse(source, mode="eval")))


def test_expressions_share_one_namespace() -> None:
    made = emitter()
    sources = [made.expression(check(parse(f"order.amount + {number}"), SCOPE)) for number in (1, 2)]

    assert run(f"[{', '.join(sources)}]", made, Facts(Decimal(10))) == [11, 12]


def test_constants_are_computed_beforehand() -> None:
    source = emitter().expression(check(parse('order.since + duration("P1D") * 2 > date("2026-01-01")'), SCOPE))

    assert "duration" not in source
    assert "_multiply" not in source


def test_the_longest_path_is_asked_first_then_shorter_ones() -> None:
    asked: list[tuple[str, ...]] = []

    def resolve(path: tuple[str, ...]) -> str | None:
        asked.append(path)
        return "s.v5" if path == ("order",) else None

    made = Emitter(missing="unknown", resolve=resolve, parameters=PARAMETERS)
    source = made.expression(check(parse("order.deep.amount"), {"order": ContextType({})}))

    assert asked == [("order", "deep", "amount"), ("order", "deep"), ("order",)]
    facts = Facts()
    facts.v5 = {"deep": {"amount": Decimal(7)}}  # type: ignore[attr-defined]
    assert run(source, made, facts) == 7


CELLS: list[tuple[str, Any, bool | None]] = [
    ("> 5", Decimal(6), True),
    ("> 5", None, None),
    ("-", None, True),
    ("null", None, True),
    ("not(null)", None, False),
    ("not(5)", None, None),
    ("5, null", None, True),
    ("[1..order.amount)", Decimal(9), False),
    ("order.lines.qty", Decimal(3), True),
]


@pytest.mark.parametrize(("cell", "subject", "holds"), CELLS)
def test_cell(cell: str, subject: Any, holds: bool | None) -> None:
    made = emitter()
    source = made.test(check(parse_tests(cell), SCOPE, subject=NUMBER), "s.v1 if s.v1 is not None else None")

    facts = Facts(subject, None, [{"qty": Decimal(3), "sku": "x"}])

    assert run(source, made, facts) is holds


READINGS: list[tuple[str, Mapping[str, Any], Any, Any]] = [
    ('tier = "A"', {}, False, None),
    ('tier != "A"', {}, True, None),
    ("tier = null", {}, True, True),
    ("tier != null", {}, False, False),
    ('tier in ("A", null)', {}, True, True),
    ('tier in ("A", "B")', {}, False, None),
    ('not(tier = "A")', {}, True, None),
    ("order.amount > 1", {}, None, None),
    ("if order.amount > 1 then 1 else 2", {}, Decimal(2), None),
    ("order.lines[qty > 1]", {"lines": [{"qty": None}]}, [], None),
    ("order.lines[qty != null and qty > 1]", {"lines": [{"qty": None}]}, [], []),
    ("some l in order.lines satisfies l.qty = 1", {"lines": [{"qty": None}]}, False, None),
    ("list contains(order.lines.qty, 1)", {"lines": [{"qty": None}]}, False, None),
    ("list contains(order.lines.qty, null)", {"lines": [{"qty": None}]}, True, True),
    ("list contains([], order.amount)", {}, False, False),
    ("order.amount in order.lines.qty", {"lines": []}, False, False),
    ("order.amount in order.lines.qty", {"lines": [{"qty": Decimal(1)}]}, False, None),
    ("order.amount in order.lines.qty", {}, True, None),
    ("[order.amount] = [1]", {}, False, None),
    ("[order.amount, 2] = [1, 3]", {}, False, False),
]


@pytest.mark.parametrize(("text", "facts", "null", "unknown"), READINGS)
def test_both_readings_of_missing_data(text: str, facts: Mapping[str, Any], null: Any, unknown: Any) -> None:
    assert value(text, Facts(**facts), "null") == null
    assert value(text, Facts(**facts), "unknown") == unknown


def test_a_member_that_is_there_wins_over_a_missing_one() -> None:
    assert value("order.amount in (order.amount, 5)", Facts(Decimal(5))) is True
    assert value("list contains([null, 5], order.amount)", Facts(Decimal(5))) is True
    assert value("list contains([null, 4], order.amount)", Facts(Decimal(5))) is None


@pytest.mark.parametrize(
    "text", ["some l in order.lines satisfies today() > order.since", "order.lines[today() > order.since]"]
)
def test_a_loop_reads_what_is_around_it(text: str) -> None:
    assert value(text, Facts(since=date(2026, 1, 1), lines=[{"qty": Decimal(1)}]))
    assert not value(text, Facts(since=date(2026, 12, 1), lines=[{"qty": Decimal(1)}]))


@pytest.mark.parametrize("cell", ["some l in order.lines satisfies l.qty = ?", "count(order.lines[qty = ?]) = 1"])
def test_a_loop_reads_the_subject_of_a_cell(cell: str) -> None:
    made = emitter()
    source = made.test(check(parse_tests(cell), SCOPE, subject=NUMBER), "s.v1 if s.v1 is not None else None")

    holds = made.function(f"return {source}")

    assert [holds(Facts(Decimal(each), None, [{"qty": Decimal(3)}]), Around()) for each in (3, 4)] == [True, False]


def test_time_comes_from_the_surroundings() -> None:
    assert value("today() > order.since", Facts(since=date(2026, 1, 1))) is True
    with pytest.raises(EvaluationError) as caught:
        value("now()", Facts())
    assert caught.value.code == "now-without-time"


def test_lookup_hands_over_the_keys() -> None:
    checked = check(parse('lookup("rates", tier, 1)'), SCOPE, references={"rates": ContextType({})})
    made = emitter()
    source = made.expression(checked)

    assert run(source, made, Facts(tier="A")) == {"name": "rates", "keys": ["A", Decimal(1)]}
    assert run(source, made, Facts()) is None


def test_a_tree_without_types_is_compiled_as_well() -> None:
    made = emitter()

    assert run(made.expression(Checked(parse("order.amount * 2 = 4"), STRING)), made, Facts(Decimal(2))) is True


@pytest.mark.parametrize("around", ["[{}]", "for x in [1] return [{}]", "some x in [1] satisfies [{}] = [x]"])
def test_text_that_would_nest_python_too_deep_is_refused(around: str) -> None:
    text = around.format("{a: " * 95 + "1" + "}" * 95)

    with pytest.raises(ExpressionError) as caught:
        evaluate(text, {})
    assert caught.value.code == "feel-too-deep"


def test_compile_gives_a_function_of_a_context() -> None:
    function = feel.compile("net price * 2 + missing one", ["net price", "missing one"])

    assert function({"net price": Decimal(2), "missing one": Decimal(1)}) == 5
    assert function({"net price": Decimal(2)}) is None


def test_compile_takes_types() -> None:
    function = feel.compile('order.amount > 5 and tier = "A"', SCOPE)

    assert function({"order": {"amount": Decimal(6)}, "tier": "A"}) is True
    assert function({"order": {}, "tier": "A"}) is None
