"""Whatever decimal context the caller has, answers are the same, and the caller has it still afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import ROUND_UP, Context, Decimal, getcontext, localcontext
from pathlib import Path
from typing import Any

import pytest

from policy import engine
from policy.engine import Policy
from policy.errors import EvaluationError
from policy.feel import compile as compiled
from policy.feel import evaluate, unary_test
from policy.feel.reckoning import RECKONING, reckon
from policy.feel.types import NUMBER, ContextType, ListType
from policy.model.canonical import canonical_json
from policy.model.instants import AsOf
from policy.runtime.decide import decide
from policy.runtime.explain import explain
from policy.values import Language

RULES = Path(__file__).parents[3] / "rules"
TRAPS = list(Context().traps)
HOSTILE = Context(prec=3, rounding=ROUND_UP, Emin=-9, Emax=9, traps=TRAPS)
LAX = Context(prec=60, rounding=ROUND_UP, traps=[])
THIRD = Decimal("0." + "3" * 34)
TYPES = {"a": NUMBER, "b": NUMBER, "rows": ListType(ContextType({"n": NUMBER}))}
VALUES: dict[str, Any] = {"a": Decimal(1000001), "b": Decimal(3), "rows": [{"n": Decimal(12345)}, {"n": THIRD}]}

ANSWERS = [
    ("a / b", "333333.6666666666666666666666666667"),
    ("-a * a", "-1000002000001"),
    ("a + b > 1000003", "True"),
    ("round half up(a / b, 2)", "333333.67"),
    ("sum(rows[n > 1].n)", "12345"),
    ("sum(rows.n)", "12345." + "3" * 29),
    ("for r in rows return r.n + a", "[Decimal('1012346'), Decimal('1000001." + "3" * 27 + "')]"),
    ("some r in rows satisfies r.n + a = 1012346", "True"),
    ("every r in rows satisfies r.n * a > a", "False"),
    ("if a - b > 0 then a * b else b", "3000003"),
]
"""Expressions that are written with operators where their types are known, and what they give."""


@pytest.mark.parametrize("around", [HOSTILE, LAX], ids=["hostile", "lax"])
@pytest.mark.parametrize("missing", ["null", "unknown"])
@pytest.mark.parametrize(("text", "answer"), ANSWERS)
def test_a_compiled_expression(text: str, answer: str, missing: Any, around: Context) -> None:
    function = compiled(text, TYPES, missing=missing)

    assert [str(each) for each in under(around, lambda: (function(VALUES), evaluate(text, VALUES)))] == [answer] * 2


def under(around: Context, run: Callable[[], Any]) -> Any:
    """Return what a call gives in a context, which stays the thread's and as it is."""
    with localcontext(around):
        before, seen = getcontext(), repr(getcontext())
        found = run()
        assert getcontext() is before
        assert repr(before)[: seen.index("flags")] == seen[: seen.index("flags")]
    return found


def test_compiling_and_cells() -> None:
    def run() -> Any:
        return compiled("a * (1 / 3)", TYPES)(VALUES), unary_test("> 1 / 3 * a", Decimal(333334), VALUES)

    assert under(HOSTILE, run) == (Decimal("333333.6666666666666666666666666666"), True)


def test_a_bound_that_is_met_leaves_the_context_too() -> None:
    function = compiled("for x in 1..100000 return for y in 1..100000 return x * y + a", TYPES)

    def run() -> Any:
        with pytest.raises(EvaluationError):
            function(VALUES)

    under(HOSTILE, run)


def test_a_function_called_when_its_evaluation_is_over() -> None:
    third = compiled("function(x: number) x / 3")({})

    assert under(HOSTILE, lambda: third.apply(Decimal(1))) == THIRD


def test_reckoning_inside_reckoning() -> None:
    assert reckon(lambda: reckon(getcontext) is RECKONING is getcontext())


POLICIES = engine.load_folder(RULES)


def told(policy: Policy) -> Iterator[str]:
    """Yield everything a policy says of its own tests."""
    zone = policy.rule_set.document.time_zone
    for case in policy.rule_set.cases:
        decided = decide(policy.program, case.given, AsOf.read(case.as_of, zone), case.events)
        yield canonical_json(decided.decision.to_data())
        for language in Language:
            yield explain(decided).to_text(language)
    yield repr(policy.test())


@pytest.mark.parametrize("around", [HOSTILE, LAX], ids=["hostile", "lax"])
@pytest.mark.parametrize("name", POLICIES)
def test_a_decision_and_its_explanation(name: str, around: Context) -> None:
    policy = POLICIES[name]

    assert under(around, lambda: list(told(policy))) == list(told(policy))


def test_threads_with_contexts_of_their_own() -> None:
    wanted = [list(told(policy)) for policy in POLICIES.values()]

    def run(around: Context) -> Any:
        return under(around, lambda: [list(told(policy)) for policy in POLICIES.values()])

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(run, [HOSTILE, LAX, HOSTILE, LAX])) == [wanted] * 4


def test_loading() -> None:
    loaded = under(HOSTILE, lambda: engine.load_folder(RULES))

    assert [list(told(policy)) for policy in loaded.values()] == [list(told(policy)) for policy in POLICIES.values()]
