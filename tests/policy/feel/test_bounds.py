"""Nothing an author writes can take long: every bound is an error with a code, and comes soon."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from time import process_time
from typing import Any, Literal

import pytest

from policy import feel
from policy.errors import EvaluationError, ExpressionError
from policy.feel import evaluate, to_text, unary_test
from tests import tck
from tests.patience import HANGS


def doubled(levels: int, form: str, first: str = "[1, 2]") -> str:
    """Return a context each entry of which holds the one before twice."""
    entries = "".join(f", a{number + 1}: {form.format(f'a{number}')}" for number in range(levels))
    return f"{{a0: {first}{entries}}}.a{levels}"


NESTED = doubled(60, "[{0}, {0}]")
REFUSED = {
    "for i in 1..1000000 return i": "feel-range-too-long",
    'for d in date("0001-01-01")..date("9999-12-31") return d': "feel-range-too-long",
    "for a in 1..1000, b in 1..1000 return 1": "feel-list-too-long",
    "some a in 1..100000 satisfies some b in 1..100000 satisfies false": "feel-too-many-steps",
    "for a in 1..100000 return for b in 1..100000 return 1": "feel-too-many-steps",
    "for i in 1..30000 return partial": "feel-too-many-steps",
    "{xs: for i in 1..50000 return i, n: for i in 1..100000 return sum(xs)}.n": "feel-too-many-steps",
    "{xs: for i in 1..50000 return i, n: for i in 1..100000 return concatenate(xs, xs)}.n": "feel-too-many-steps",
    "{xs: for i in 1..50000 return i, n: for i in 1..100000 return i in xs}.n": "feel-too-many-steps",
    doubled(60, "concatenate({0}, {0})"): "feel-list-too-long",
    doubled(60, "{0} + {0}", '"x"'): "feel-string-too-long",
    f"string({NESTED})": "feel-string-too-long",
    f"flatten({NESTED})": "feel-too-many-steps",
    f"flatten({doubled(60, '[{0}, {0}]', '[]')})": "feel-too-many-steps",
    "distinct values(for i in 1..5000 return [[i..i + 1]])": "feel-too-many-steps",
    "(function(g) g(g))(function(g) g(g))": "feel-recursion",
    "{f: function(g) g(g), r: f(f)}.r": "feel-recursion",
    'replace("' + "a" * 5000 + '", "a", "' + "b" * 5000 + '")': "feel-string-too-long",
    'string join(for i in 1..1000 return "' + "x" * 1000 + '")': "feel-string-too-long",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:50])
def test_a_bound_is_an_error_that_comes_soon(text: str) -> None:
    begin = process_time()
    with pytest.raises(EvaluationError) as caught:
        evaluate(text, {})

    assert caught.value.code == REFUSED[text]
    assert process_time() - begin < HANGS


@pytest.mark.parametrize(
    "text",
    [
        f"{NESTED} = {NESTED}",
        f"count({NESTED}.x)",
        f"{NESTED} instance of " + "list<" * 60 + "number" + ">" * 60,
        f"distinct values([{NESTED}, {NESTED}])",
        "2 ** 1e30",
        "9 ** 9 ** 9 ** 9",
        "exp(1e30)",
        "decimal(1e6144, 6176)",
        "modulo(1e6000, 3)",
        'matches("' + "a" * 10000 + 'b", "(a+)+$")',
        'matches("a", "(a{1000}){1000}")',
        'matches("x", "[\\\\w-[a-w]]")',
        "sort(for i in 1..100000 return -i)",
        " or ".join(["x = 1"] * 1500),
        "for a in 1..300, b in 1..300 return a * b",
        "{xs: for i in 1..600 return i, n: for i in 1..1000 return sum(xs)}.n",
        "not(" * 80 + "true" + ")" * 80,
        "x in (" * 40 + "1" + ") + 1" * 40,
        "x" + "[1]" * 98,
    ],
    ids=lambda text: text[:50],
)
def test_what_is_allowed_is_fast(text: str) -> None:
    begin = process_time()
    evaluate(text, {"x": 1})

    assert process_time() - begin < HANGS


DEEP = {
    "brackets": lambda levels: "(" * levels + "1" + ")" * levels,
    "conditions": lambda levels: "b and (b or (" * levels + "b" + "))" * levels,
    "operators": lambda levels: "b or b and 1 = 1 + 1 * 1 ** (" * levels + "1" + ")" * levels,
    "choices": lambda levels: "if b then " * levels + "1" + " else 2" * levels,
    "loops": lambda levels: "for a in [1] return " * levels + "1",
    "filters": lambda levels: "[1][" * levels + "1" + "]" * levels,
    "members": lambda levels: "1 in (" * levels + "1" + ")" * levels,
    "functions": lambda levels: "function(a) " * levels + "1",
    "contexts": lambda levels: "{a: " * levels + "1" + "}" * levels,
    "types": lambda levels: "1 instance of " + "list<" * levels + "number" + ">" * levels,
}


@pytest.mark.parametrize("form", DEEP)
def test_depth_is_read_or_refused_wherever_it_is_asked(form: str) -> None:
    """Python's own limit, which depends on the caller, is never what stops it."""
    for levels in (12, 40, 49, 60, 80, 95, 99, 120, 500):
        assert refused(DEEP[form](levels), {"b": True}, is_cell=False) is None or levels > 12


def test_a_spent_budget_does_not_outlive_its_evaluation() -> None:
    with pytest.raises(EvaluationError):
        evaluate("for a in 1..100000 return for b in 1..100000 return 1", {})

    assert evaluate("count(xs)", {"xs": [0] * 50_000}) == Decimal(50_000)
    assert evaluate("for x in xs return x", {"xs": [1, 2]}) == [1, 2]


FRAGMENTS = [
    *"()[]{}\".<=-*/+?,:@'\\，“🐎\t\n\x00",
    "..",
    "**",
    " and ",
    " in ",
    "not(",
    "null",
    " for i in ",
    "1e400",
    "9" * 50,
    "function(x) x",
    " instance of ",
    "//",
    "/*",
    "[A-Z-[O]]",
]


def mutated(text: str, random: Random, others: list[str]) -> str:
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(text) + 1)
        match random.randrange(5):
            case 0:
                text = text[:at] + random.choice(FRAGMENTS) + text[at:]
            case 1:
                text = text[:at] + text[at + random.randint(1, 5) :]
            case 2:
                other = random.choice(others)
                begin = random.randrange(len(other) + 1)
                text = text[:at] + other[begin : begin + random.randint(1, 15)] + text[at:]
            case 3:
                text = text[:at] + text[at : at + 10] * random.randint(1, 3) + text[at:]
            case _:
                digit = random.choice("0123456789")
                text = text.replace(digit, random.choice(["0", "-1", "1000000", "1e6000", "0.5"]))
    return text


def refused(text: str, inputs: dict[str, Any], *, is_cell: bool) -> ExpressionError | None:
    """Evaluate a text; return the error of its writing."""
    try:
        if is_cell:
            unary_test(text, 1, inputs, as_of=tck.AS_OF, problems=[])
        else:
            to_text(evaluate(text, inputs, as_of=tck.AS_OF, problems=[]))
    except ExpressionError as error:
        return error
    except EvaluationError:
        return None
    return None


@pytest.mark.skipif(not tck.cases(), reason="the texts are those of the DMN TCK")
def test_mutated_texts_neither_crash_nor_hang() -> None:
    random = Random(2026)
    cases: list[dict[str, Any]] = tck.cases()
    texts = [case["expr"] for case in cases]
    for _ in range(3000):
        case = random.choice(cases)
        text = mutated(case["expr"], random, texts)
        inputs = {name: tck.value(each) for name, each in case["inputs"].items()}
        begin = process_time()
        error = refused(text, inputs, is_cell=random.random() < 0.2)
        assert error is None or 0 <= error.start <= error.end <= len(text), json.dumps(text)
        assert process_time() - begin < HANGS, json.dumps(text)


def test_an_error_leaves_no_budget_in_force() -> None:
    with pytest.raises(EvaluationError):
        evaluate("for i in 1..300 return if i = 300 then today() else i", {})

    given = feel.from_python({"xs": list(range(90_000))})
    function = feel.compile("list contains(xs, -1)", ["xs"])
    for _ in range(40):
        assert function(given) is False


@pytest.mark.parametrize("missing", ["null", "unknown"])
def test_the_only_loop_of_an_expression_is_bounded_where_it_is_long(missing: Literal["null", "unknown"]) -> None:
    lists = {"xs": list(range(90_000)), "ys": list(range(90_000))}

    with pytest.raises(EvaluationError) as caught:
        evaluate("every x in xs satisfies not(list contains(ys, 0 - x - 1))", lists, missing=missing)
    assert caught.value.code == "feel-too-many-steps"


def test_constants_that_meet_a_bound_meet_it_when_evaluated_not_when_compiled() -> None:
    longer = '"' + "a" * 50 + '"'
    text = f'if x then string length(replace(replace(replace({longer}, "a", {longer}), "a", {longer}), "a", {longer}))'

    function = feel.compile(f"{text} else 0", ["x"])

    assert function({"x": False}) == 0
    with pytest.raises(EvaluationError) as caught:
        function({"x": True})
    assert caught.value.code == "feel-string-too-long"
