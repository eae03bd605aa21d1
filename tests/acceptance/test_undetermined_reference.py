"""Undetermined, held against its definition: fill in every unknown condition both ways, see if the outcome changes."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policy
from tests.acceptance.support import DAY, document, facts

ORDER = ["x", "y", "z"]
RULES = 4
COLLECTS = ["list", "union", "sum", "min", "max", "count"]


def outcome(  # noqa: PLR0911 - one return for each hit policy
    hit_policy: str, combine: str, default: Any, values: list[Any], hits: list[int]
) -> tuple[str, Any]:
    """Return status and outcome for definite hits, by the book."""
    given_values = [values[i] for i in hits]
    if not hits:
        if default is None:
            return "no_hit", None
        return ("decided", default) if hit_policy not in {"rule order", "output order"} else ("skip", None)
    if hit_policy == "unique" and len(hits) > 1:
        return "conflict", None
    if hit_policy == "any" and len(set(given_values)) > 1:
        return "conflict", None
    if hit_policy in {"unique", "any", "first"}:
        return "decided", given_values[0]
    if hit_policy == "priority":
        return "decided", min(given_values, key=ORDER.index)
    if hit_policy == "rule order":
        return "decided", given_values
    if hit_policy == "output order":
        return "decided", sorted(given_values, key=ORDER.index)
    return "decided", collected(combine, given_values)


def collected(combine: str, values: list[Any]) -> Any:
    if combine == "union":
        return sorted(set(values), key=ORDER.index)
    return {"list": list, "sum": sum, "min": min, "max": max, "count": len}[combine](values)


def plain(hit_policy: str, decided: Any) -> Any:
    if decided is None:
        return None
    return [each["v"] for each in decided] if hit_policy in {"rule order", "output order"} else decided["v"]


def load(hit_policy: str, combine: str, default: Any, values: list[Any]) -> policy.Policy:
    output: dict[str, Any] = (
        {"type": "number", "scale": 0}
        if combine in {"sum", "min", "max", "count"}
        else {"type": "string", "one_of": ORDER}
    )
    if hit_policy == "collect":
        output["combine"] = combine
    if default is not None:
        output["default"] = default
    rules = [{"id": f"r{i}", "when": f"p{i}", "then": {"v": value}} for i, value in enumerate(values)]
    inputs = {f"p{i}": {"type": "boolean", "optional": True} for i in range(RULES)}
    return policy.load(document(inputs, outputs={"v": output}, hit_policy=hit_policy, rules=rules))


def check(hit_policy: str, combine: str, default: Any, values: list[Any]) -> None:
    """Try all 81 ways in which four conditions are true, false or unknown."""
    loaded = load(hit_policy, combine, default, values)
    for conditions in product([True, False, None], repeat=RULES):
        known = {f"p{i}": each for i, each in enumerate(conditions) if each is not None}
        ways = product(*[[each] if each is not None else [True, False] for each in conditions])
        possible = [
            outcome(hit_policy, combine, default, values, [i for i, each in enumerate(way) if each]) for way in ways
        ]
        if any(status == "skip" for status, _ in possible):
            continue  # a list of outcomes with a default and no hit: the text does not say which
        expected = possible[0] if all(each == possible[0] for each in possible) else ("undetermined", None)
        decision = loaded.decide(facts(**known), as_of=DAY)
        assert (str(decision.status), plain(hit_policy, decision.outcome)) == expected, (conditions, values)
        if decision.status == "undetermined":
            assert decision.missing
            assert set(decision.missing) <= {f"p{i}" for i, each in enumerate(conditions) if each is None}
        else:
            assert decision.missing == []


@pytest.mark.parametrize("hit_policy", ["unique", "any", "priority", "first", "rule order", "output order"])
@settings(max_examples=5)
@given(values=st.lists(st.sampled_from(ORDER), min_size=RULES, max_size=RULES), default=st.sampled_from([None, "y"]))
def test_single_hit_policies(hit_policy: str, values: list[str], default: str | None) -> None:
    check(hit_policy, "", default, values)


@pytest.mark.parametrize("combine", ["sum", "min", "max", "count"])
@settings(max_examples=8)
@given(values=st.lists(st.integers(-2, 2), min_size=RULES, max_size=RULES), default=st.sampled_from([None, 0]))
def test_collected_numbers(combine: str, values: list[int], default: int | None) -> None:
    check("collect", combine, default, values)


@pytest.mark.parametrize("combine", ["list", "union"])
@settings(max_examples=8)
@given(values=st.lists(st.sampled_from(ORDER), min_size=RULES, max_size=RULES))
def test_collected_texts(combine: str, values: list[str]) -> None:
    check("collect", combine, None, values)
