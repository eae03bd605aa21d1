"""Meaning: missing is unknown, undetermined, statuses, hit policies, outcomes, rounding, `each`, time."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest

import policy
from tests.acceptance.support import DAY, FLAG, decide, document, errors, exact, facts, said, truth

NUM = {"type": "number", "scale": 4}
OPT = {**NUM, "optional": True}
STR = {"type": "string"}
OPT_STR = {"type": "string", "optional": True}
OPT_BOOL = {"type": "boolean", "optional": True}
OPT_LIST = {"type": "list", "of": "string", "optional": True}

# --- missing is unknown

MISSING: list[tuple[Any, str]] = [
    ("a = 1", "unknown"),
    ("a != 1", "unknown"),
    ("1 = a", "unknown"),
    ("a < 1", "unknown"),
    ("a <= 1", "unknown"),
    ("a > 1", "unknown"),
    ("a >= 1", "unknown"),
    ("a = a", "unknown"),
    ("a != a", "unknown"),
    ("a = b", "unknown"),
    ("a != b", "unknown"),
    ("not(a = 1)", "unknown"),
    ("a between 1 and 5", "unknown"),
    ("a in [1..5]", "unknown"),
    ("a in (1, 2)", "unknown"),
    ("not(a in (1, 2))", "unknown"),
    ("a + 1 > 0", "unknown"),
    ("a * 0 = 0", "unknown"),
    ("-a < 0", "unknown"),
    ("abs(a) >= 0", "unknown"),
    ('list contains(l, "x")', "unknown"),
    ('not(list contains(l, "x"))', "unknown"),
    ('list contains(["x"], t)', "unknown"),
    ("t in l", "unknown"),
    ('"x" in l', "unknown"),
    ('t in ("A", "B")', "unknown"),
    ("if a > 1 then true else false", "unknown"),
    ("if a > 1 then false else false", "unknown"),
    ("f", "unknown"),
    ("not(f)", "unknown"),
    ("f = true", "unknown"),
    ("f = false", "unknown"),
    # only an explicit test for null is definite
    ("a = null", "true"),
    ("null = a", "true"),
    ("a != null", "false"),
    ("null != a", "false"),
    ("not(a = null)", "false"),
    ("l = null", "true"),
    ("t != null", "false"),
    ("f = null", "true"),
    ("a = null or a > 1", "true"),
    ("a != null and a > 1", "false"),
    ("if a = null then true else false", "true"),
    ("if a = null then true else a > 1", "true"),
    # three-valued
    ("a > 1 and false", "false"),
    ("false and a > 1", "false"),
    ("a > 1 and true", "unknown"),
    ("true and a > 1", "unknown"),
    ("a > 1 or true", "true"),
    ("true or a > 1", "true"),
    ("a > 1 or false", "unknown"),
    ("a > 1 and b > 1", "unknown"),
    ("a > 1 or b > 1", "unknown"),
    ("a > 1 or not(a > 1)", "unknown"),
    # cells
    ({"a": 1}, "unknown"),
    ({"a": "> 1"}, "unknown"),
    ({"a": "not(1)"}, "unknown"),
    ({"a": "not(> 1)"}, "unknown"),
    ({"a": [1, 2]}, "unknown"),
    ({"a": "[1..5]"}, "unknown"),
    ({"a": "null"}, "true"),
    ({"a": "not(null)"}, "false"),
    ({"a": "-"}, "true"),
    ({"t": '"A"'}, "unknown"),
    ({"t": 'not("A")'}, "unknown"),
    ({"f": True}, "unknown"),
    ({"f": False}, "unknown"),
    ({"a": "> 1", "k": "> 5"}, "false"),
    ({"a": "> 1", "k": "< 5"}, "unknown"),
    ({"a": ["null", "> 5"]}, "true"),
    ({"a": "null, > 5"}, "true"),
    ({"t": "? in l"}, "unknown"),
    ({"k": "= a"}, "unknown"),
    ({"k": "> a"}, "unknown"),
    ({"k": "[0..a]"}, "unknown"),
]


@pytest.mark.parametrize(("condition", "expected"), MISSING)
def test_missing_is_unknown(condition: Any, expected: str) -> None:
    inputs = {"a": OPT, "b": OPT, "t": OPT_STR, "f": OPT_BOOL, "l": OPT_LIST, "k": NUM}
    assert truth(condition, inputs, {"k": 1}) == expected


KLEENE = {"true": 1, "unknown": 0, "false": -1}
NAMES = {number: name for name, number in KLEENE.items()}


@pytest.mark.parametrize(("left", "right"), list(product(KLEENE, repeat=2)))
def test_and_or_not_are_kleene(left: str, right: str) -> None:
    inputs = {"p": OPT_BOOL, "q": OPT_BOOL}
    known = {"true": True, "false": False}
    given = {name: known[side] for name, side in (("p", left), ("q", right)) if side in known}
    assert truth("p and q", inputs, given) == NAMES[min(KLEENE[left], KLEENE[right])]
    assert truth("p or q", inputs, given) == NAMES[max(KLEENE[left], KLEENE[right])]
    assert truth("not(p)", inputs, given) == NAMES[-KLEENE[left]]
    assert truth("not(p and q)", inputs, given) == truth("not(p) or not(q)", inputs, given)


QUANTIFIED: list[tuple[str, list[dict[str, Any]], str]] = [
    ("every i in items satisfies i.v > 1", [{"v": 2}, {"v": 3}], "true"),
    ("every i in items satisfies i.v > 1", [{"v": 2}, {}], "unknown"),
    ("every i in items satisfies i.v > 1", [{"v": 0}, {}], "false"),
    ("every i in items satisfies i.v > 1", [{}, {"v": 0}], "false"),
    ("every i in items satisfies i.v > 1", [], "true"),
    ("some i in items satisfies i.v > 1", [{"v": 2}, {}], "true"),
    ("some i in items satisfies i.v > 1", [{}, {"v": 2}], "true"),
    ("some i in items satisfies i.v > 1", [{"v": 0}, {}], "unknown"),
    ("some i in items satisfies i.v > 1", [{"v": 0}], "false"),
    ("some i in items satisfies i.v > 1", [], "false"),
    ("some i in items satisfies i.v = null", [{"v": 0}, {}], "true"),
]


@pytest.mark.parametrize(("condition", "items", "expected"), QUANTIFIED)
def test_quantifiers_are_three_valued(condition: str, items: list[dict[str, Any]], expected: str) -> None:
    inputs = {"items": {"type": "list"}, "items[].v": OPT}
    assert truth(condition, inputs, {"items": items}) == expected


def test_two_missing_teams_are_not_the_same_team() -> None:
    assert truth("a.team = b.team", {"a.team": OPT_STR, "b.team": OPT_STR}, {}) == "unknown"


def test_a_missing_grade_does_not_fall_to_the_last_row() -> None:
    grade = {"type": "string", "one_of": ["A", "B"], "optional": True}
    rules = [{"id": "top", "when": {"g": "A"}, "then": {"r": "yes"}}, {"id": "rest", "then": {"r": "no"}}]
    decision = decide(document({"g": grade}, outputs=FLAG, hit_policy="first", rules=rules))
    assert decision.status == "undetermined"
    assert decision.outcome is None
    assert decision.missing == ["g"]


def test_an_explicit_null_in_the_facts_is_missing() -> None:
    assert truth("a = null", {"a": OPT}, {"a": None}) == "true"
    assert truth("a > 1", {"a": OPT}, {"a": None}) == "unknown"


def test_a_default_stands_in_for_what_is_missing() -> None:
    assert truth("a = 7", {"a": {**NUM, "default": 7}}, {}) == "true"
    assert truth("a = 7", {"a": {**NUM, "default": 7}}, {"a": 8}) == "false"


def test_missing_inside_derived_values_stays_unknown() -> None:
    assert truth("net > 1", {"a": OPT}, {}, derived={"net": "a * 2"}) == "unknown"
    assert truth("net = null", {"a": OPT}, {}, derived={"net": "a * 2"}) == "true"


def test_derived_values_see_the_ones_above() -> None:
    assert truth("c = 8", {"a": NUM}, {"a": 2}, derived={"b": "a * 2", "c": "b * 2"}) == "true"


def test_derived_values_do_not_see_the_ones_below() -> None:
    text = document(
        {"a": NUM},
        derived={"c": "b * 2", "b": "a * 2"},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "then": {"r": "yes"}}],
    )
    assert any(f.place.line == 9 for f in errors(text)), said(errors(text))


def test_a_derived_value_may_not_read_itself() -> None:
    assert errors(
        document(
            {"a": NUM},
            derived={"b": "b * 2"},
            outputs=FLAG,
            hit_policy="first",
            rules=[{"id": "t", "then": {"r": "yes"}}],
        )
    )


def test_a_derived_value_may_not_take_the_name_of_an_input() -> None:
    assert errors(
        document(
            {"a": NUM}, derived={"a": "1"}, outputs=FLAG, hit_policy="first", rules=[{"id": "t", "then": {"r": "yes"}}]
        )
    )


def test_a_long_chain_of_derived_values() -> None:
    chain = {f"d{i}": f"d{i - 1} + 1" if i else "a" for i in range(300)}
    assert truth("d299 = 300", {"a": NUM}, {"a": 1}, derived=chain) == "true"


def test_derived_values_that_nobody_reads_do_no_harm() -> None:
    assert truth("a = 0", {"a": NUM}, {"a": 0}, derived={"share": "1 / a"}) == "true"


def test_dividing_by_zero_is_unknown_and_not_an_answer() -> None:
    assert truth("10 / a > 3", {"a": NUM}, {"a": 0}) == "unknown"


# --- undetermined under each hit policy


LEVELS = {"type": "string", "one_of": ["x", "y", "z"]}


def table(
    hit_policy: str,
    conditions: list[str],
    outputs: dict[str, Any],
    thens: list[dict[str, Any]],
    given: dict[str, Any],
    **keys: Any,
) -> Any:
    """Decide with rules a, b, c …; p, q, s are optional booleans."""
    rules = [
        {"id": "abcdef"[i], **({"when": condition} if condition else {}), "then": then}
        for i, (condition, then) in enumerate(zip(conditions, thens, strict=True))
    ]
    inputs = {"p": OPT_BOOL, "q": OPT_BOOL, "w": OPT_BOOL, "n": {"type": "number", "optional": True}}
    return decide(document(inputs, outputs=outputs, hit_policy=hit_policy, rules=rules, **keys), given)


V = {"v": LEVELS}
XYZ = [{"v": "x"}, {"v": "y"}, {"v": "z"}]

UNDETERMINED: list[tuple[str, str, list[str], list[dict[str, Any]], dict[str, Any], str, Any]] = [
    # policy, conditions, thens, facts, status, outcome
    ("unknown below a first hit", "first", ["p", "q"], XYZ[:2], {"p": True}, "decided", {"v": "x"}),
    ("unknown above a first hit", "first", ["p", "q"], XYZ[:2], {"q": True}, "undetermined", None),
    ("unknown above, same outcome", "first", ["p", "q"], [XYZ[0], XYZ[0]], {"q": True}, "decided", {"v": "x"}),
    ("all unknown, same outcome, then a default row", "first", ["p", "q", ""], [XYZ[0]] * 3, {}, "decided", {"v": "x"}),
    ("all unknown, no last row", "first", ["p", "q"], [XYZ[0]] * 2, {}, "undetermined", None),
    ("nothing unknown, nothing hit", "first", ["p", "q"], XYZ[:2], {"p": False, "q": False}, "no_hit", None),
    ("unique: a hit and an unknown", "unique", ["p", "q"], XYZ[:2], {"p": True}, "undetermined", None),
    ("unique: a hit and a false", "unique", ["p", "q"], XYZ[:2], {"p": True, "q": False}, "decided", {"v": "x"}),
    ("unique: two hits", "unique", ["p", "q"], XYZ[:2], {"p": True, "q": True}, "conflict", None),
    (
        "unique: two hits of one mind are a conflict too",
        "unique",
        ["p", "q"],
        [XYZ[0]] * 2,
        {"p": True, "q": True},
        "conflict",
        None,
    ),
    (
        "unique: two hits and an unknown stay a conflict",
        "unique",
        ["p", "q", "w"],
        XYZ,
        {"p": True, "q": True},
        "conflict",
        None,
    ),
    ("any: two hits of one mind", "any", ["p", "q"], [XYZ[0]] * 2, {"p": True, "q": True}, "decided", {"v": "x"}),
    ("any: two hits that disagree", "any", ["p", "q"], XYZ[:2], {"p": True, "q": True}, "conflict", None),
    ("any: unknown of the same mind", "any", ["p", "q"], [XYZ[0]] * 2, {"p": True}, "decided", {"v": "x"}),
    ("any: unknown of another mind", "any", ["p", "q"], XYZ[:2], {"p": True}, "undetermined", None),
    ("any: unknown alone", "any", ["p", "q"], [XYZ[0]] * 2, {"q": False}, "undetermined", None),
    ("priority: the best has hit", "priority", ["p", "q"], XYZ[:2], {"p": True}, "decided", {"v": "x"}),
    ("priority: a better one is unknown", "priority", ["p", "q"], XYZ[:2], {"q": True}, "undetermined", None),
    (
        "priority: order of rules does not matter",
        "priority",
        ["p", "q"],
        [XYZ[2], XYZ[0]],
        {"p": True, "q": True},
        "decided",
        {"v": "x"},
    ),
    (
        "priority: an unknown that is equal",
        "priority",
        ["p", "q"],
        [XYZ[1], XYZ[1]],
        {"p": True},
        "decided",
        {"v": "y"},
    ),
]


@pytest.mark.parametrize(("why", "hit_policy", "conditions", "thens", "given", "status", "outcome"), UNDETERMINED)
def test_undetermined_means_that_the_outcome_could_change(  # noqa: PLR0913, PLR0917
    why: str,
    hit_policy: str,
    conditions: list[str],
    thens: list[dict[str, Any]],
    given: dict[str, Any],
    status: str,
    outcome: Any,
) -> None:
    decision = table(hit_policy, conditions, V, thens, given)
    assert (decision.status, decision.outcome) == (status, outcome), why


def test_undetermined_names_what_was_missing() -> None:
    assert table("first", ["p", "q"], V, XYZ[:2], {"q": True}).missing == ["p"]
    assert set(table("unique", ["p", "q", "w"], V, XYZ, {"q": True}).missing) == {"p", "w"}


def test_an_unknown_that_does_not_matter_is_not_undetermined_and_hits_stay() -> None:
    decision = table("first", ["p", "q"], V, XYZ[:2], {"p": True})
    assert decision.hits == ["a"]
    assert decision.missing == []


def test_a_conflict_names_its_hits_and_has_no_outcome() -> None:
    decision = table("unique", ["p", "q", "w"], V, XYZ, {"p": True, "q": False, "w": True})
    assert (decision.status, decision.hits, decision.outcome, decision.result) == ("conflict", ["a", "c"], None, None)


@pytest.mark.parametrize("hit_policy", ["unique", "any", "priority", "first", "rule order", "output order", "collect"])
def test_on_unknown_skip_counts_unknown_as_false(hit_policy: str) -> None:
    decision = table(hit_policy, ["p", "q"], V, XYZ[:2], {"q": True}, on_unknown="skip")
    assert decision.status == "decided"
    assert decision.hits == ["b"]
    expected: Any = {"rule order": [{"v": "y"}], "output order": [{"v": "y"}], "collect": {"v": ["y"]}}.get(
        hit_policy, {"v": "y"}
    )
    assert decision.outcome == expected


@pytest.mark.parametrize("hit_policy", ["unique", "any", "priority", "first", "rule order", "output order", "collect"])
def test_on_unknown_skip_with_nothing_else_is_no_hit(hit_policy: str) -> None:
    assert table(hit_policy, ["p"], V, XYZ[:1], {}, on_unknown="skip").status == "no_hit"


@pytest.mark.parametrize("hit_policy", ["unique", "any", "priority", "first", "rule order", "output order", "collect"])
def test_nothing_hit_without_default_is_no_hit(hit_policy: str) -> None:
    decision = table(hit_policy, ["p"], V, XYZ[:1], {"p": False})
    assert (decision.status, decision.hits, decision.result) == ("no_hit", [], None)


@pytest.mark.parametrize("hit_policy", ["unique", "any", "priority", "first", "collect"])
def test_nothing_hit_with_a_default_is_decided(hit_policy: str) -> None:
    given = {"v": {**LEVELS, "default": "z"}}
    if hit_policy == "collect":
        given = (
            {"v": {**LEVELS, "combine": "list", "default": []}}
            if errors(document({}, outputs=given, hit_policy="collect", rules=[{"id": "a", "then": {"v": "x"}}]))
            else given
        )
    decision = table(hit_policy, ["p"], given, XYZ[:1], {"p": False})
    assert decision.status == "decided"


def test_one_output_without_default_is_enough_for_no_hit() -> None:
    outputs = {"v": {**LEVELS, "default": "z"}, "u": {"type": "number"}}
    assert table("first", ["p"], outputs, [{"v": "x", "u": 1}], {"p": False}).status == "no_hit"


def test_a_default_applies_to_each_output_that_no_hit_gave() -> None:
    outputs = {"v": {**LEVELS, "default": "z"}, "u": {"type": "number", "scale": 0, "default": 9}}
    assert table("first", ["p"], outputs, [{"v": "x"}], {"p": True}).outcome == {"v": "x", "u": 9}
    assert table("first", ["p"], outputs, [{"u": 1}], {"p": True}).outcome == {"v": "z", "u": 1}
    assert table("first", ["p"], outputs, [{"u": 1}], {"p": False}).outcome == {"v": "z", "u": 9}


def test_a_null_in_a_required_output_is_undetermined_never_zero_pay() -> None:
    decision = table("first", [""], {"pay": {"type": "number", "scale": 2}}, [{"pay": "= n * 0.05"}], {})
    assert (decision.status, decision.outcome, decision.missing) == ("undetermined", None, ["n"])


def test_a_null_in_an_optional_output_is_decided() -> None:
    decision = table(
        "first", [""], {"pay": {"type": "number", "scale": 2, "optional": True}}, [{"pay": "= n * 0.05"}], {}
    )
    assert (decision.status, decision.outcome) == ("decided", {"pay": None})


def test_a_null_beside_a_default_is_not_the_default() -> None:
    """A default applies to an output no hit gave; here a hit gave it, and it came to nothing."""
    decision = table("first", [""], {"pay": {"type": "number", "scale": 2, "default": 0}}, [{"pay": "= n * 0.05"}], {})
    assert decision.status == "undetermined"


def test_a_null_among_summed_values_is_undetermined() -> None:
    outputs = {"pay": {"type": "number", "scale": 2, "combine": "sum", "default": 0}}
    decision = table("collect", ["", "p"], outputs, [{"pay": 1}, {"pay": "= n"}], {"p": True})
    assert decision.status == "undetermined"
    assert decision.missing == ["n"]


def test_an_if_on_an_unknown_does_not_take_the_else_branch() -> None:
    decision = table("first", [""], {"pay": {"type": "number", "scale": 2}}, [{"pay": "= if n > 1 then 10 else 0"}], {})
    assert decision.status == "undetermined"


# --- rule order, output order, priority with several outputs


def test_rule_order_lists_all_hits_in_order_of_the_document() -> None:
    decision = table("rule order", ["p", "q", "w"], V, [XYZ[2], XYZ[0], XYZ[1]], {"p": True, "q": False, "w": True})
    assert (decision.outcome, decision.hits) == ([{"v": "z"}, {"v": "y"}], ["a", "c"])


def test_output_order_lists_all_hits_best_first() -> None:
    decision = table("output order", ["p", "q", "w"], V, [XYZ[2], XYZ[0], XYZ[1]], {"p": True, "q": True, "w": True})
    assert decision.outcome == [{"v": "x"}, {"v": "y"}, {"v": "z"}]


def test_output_order_compares_left_to_right_and_keeps_ties_in_rule_order() -> None:
    outputs = {"v": LEVELS, "u": {"type": "string", "one_of": ["hi", "lo"]}, "n": {"type": "number", "scale": 0}}
    thens = [
        {"v": "y", "u": "hi", "n": 1},
        {"v": "x", "u": "lo", "n": 2},
        {"v": "x", "u": "hi", "n": 3},
        {"v": "x", "u": "hi", "n": 4},
    ]
    rules = [{"id": "abcd"[i], "then": then} for i, then in enumerate(thens)]
    decision = decide(document({}, outputs=outputs, hit_policy="output order", rules=rules))
    assert [each["n"] for each in decision.outcome] == [3, 4, 2, 1]


def test_priority_compares_left_to_right() -> None:
    outputs = {"v": LEVELS, "u": {"type": "string", "one_of": ["hi", "lo"]}}
    thens = [{"v": "y", "u": "hi"}, {"v": "x", "u": "lo"}, {"v": "x", "u": "hi"}]
    rules = [{"id": "abc"[i], "then": then} for i, then in enumerate(thens)]
    assert decide(document({}, outputs=outputs, hit_policy="priority", rules=rules)).outcome == {"v": "x", "u": "hi"}


def test_rule_order_with_an_unknown_is_undetermined() -> None:
    assert table("rule order", ["p", "q"], V, XYZ[:2], {"p": True}).status == "undetermined"
    assert table("output order", ["p", "q"], V, XYZ[:2], {"p": True}).status == "undetermined"


def test_rule_order_applies_defaults_to_each_hit() -> None:
    outputs = {"v": LEVELS, "u": {"type": "number", "scale": 0, "default": 9}}
    decision = table("rule order", ["p", "q"], outputs, [{"v": "x", "u": 1}, {"v": "y"}], {"p": True, "q": True})
    assert decision.outcome == [{"v": "x", "u": 1}, {"v": "y", "u": 9}]


@pytest.mark.parametrize("written", ["frist", "UNIQUE", "rule-order", "collect sum"])
def test_an_unknown_hit_policy_is_refused(written: str) -> None:
    assert errors(document({}, outputs=V, hit_policy=written, rules=[{"id": "a", "then": {"v": "x"}}]))


def test_without_hit_policy_two_hits_conflict() -> None:
    """DMN's default is unique."""
    assert (
        decide(document({}, outputs=V, rules=[{"id": "a", "then": {"v": "x"}}, {"id": "b", "then": {"v": "x"}}])).status
        == "conflict"
    )


# --- collect


def collected(declared: dict[str, Any], values: list[Any], extra: dict[str, Any] | None = None) -> Any:
    rules = [{"id": f"r{i}", "then": {"v": value}} for i, value in enumerate(values)]
    return decide(document(extra or {}, outputs={"v": declared}, hit_policy="collect", rules=rules))


N = {"type": "number", "scale": 1}
COLLECT: list[tuple[str, dict[str, Any], list[Any], Any]] = [
    ("list is the default", N, [3, 1, 3], [3, 1, 3]),
    ("list", {**N, "combine": "list"}, [3, 1], [3, 1]),
    ("sum", {**N, "combine": "sum"}, [3, 1, 0.5], exact("4.5")),
    ("sum of negatives", {**N, "combine": "sum"}, [3, -5], exact("-2")),
    ("min", {**N, "combine": "min"}, [3, 1, 2], 1),
    ("max", {**N, "combine": "max"}, [3, 1, 2], 3),
    ("count", {**N, "combine": "count"}, [3, 3, 2], 3),
    ("union of members in declared order", {**LEVELS, "combine": "union"}, ["z", "x", "z"], ["x", "z"]),
    (
        "union of lists in declared order",
        {"type": "list", "of": "string", "one_of": ["x", "y", "z"], "combine": "union"},
        [["z"], ["y", "x"], ["z"]],
        ["x", "y", "z"],
    ),
    ("union with nothing", {"type": "list", "of": "string", "one_of": ["x", "y"], "combine": "union"}, [[]], []),
]


@pytest.mark.parametrize(("why", "declared", "values", "expected"), COLLECT)
def test_collect_combines(why: str, declared: dict[str, Any], values: list[Any], expected: Any) -> None:
    decision = collected(declared, values)
    assert decision.status == "decided"
    assert decision.outcome == {"v": expected}, why


def test_collect_combines_every_output_by_itself() -> None:
    outputs = {"t": {**N, "combine": "sum"}, "m": {**N, "combine": "max"}, "l": {**LEVELS, "combine": "union"}}
    rules = [
        {"id": "a", "then": {"t": 1, "m": 5, "l": "y"}},
        {"id": "b", "then": {"t": 2, "m": 4, "l": "x"}},
        {"id": "c", "then": {"t": 3}},
    ]
    assert decide(document({}, outputs=outputs, hit_policy="collect", rules=rules)).outcome == {
        "t": 6,
        "m": 5,
        "l": ["x", "y"],
    }


def test_collect_min_and_max_of_dates() -> None:
    for combine, day in (("min", "2026-01-05"), ("max", "2026-02-01")):
        decision = collected({"type": "date", "combine": combine}, ["2026-02-01", "2026-01-05"])
        assert str(decision.outcome["v"]) == day


def test_collect_with_default_and_no_hit() -> None:
    declared = {**N, "combine": "sum", "default": 0}
    decision = decide(
        document(
            {"a": NUM},
            outputs={"v": declared},
            hit_policy="collect",
            rules=[{"id": "r", "when": "a > 1", "then": {"v": 1}}],
        ),
        {"a": 0},
    )
    assert (decision.status, decision.outcome, decision.hits) == ("decided", {"v": 0}, [])


def test_collect_sum_with_an_unknown_that_adds_nothing_is_decided() -> None:
    """Giving the unknown condition either value leaves the sum at 5."""
    outputs = {"v": {**N, "combine": "sum"}}
    assert table("collect", ["", "p"], outputs, [{"v": 5}, {"v": 0}], {}).outcome == {"v": 5}


def test_collect_sum_with_an_unknown_that_adds_is_undetermined() -> None:
    outputs = {"v": {**N, "combine": "sum"}}
    assert table("collect", ["", "p"], outputs, [{"v": 5}, {"v": 1}], {}).status == "undetermined"


def test_collect_sum_with_two_unknowns_that_only_together_cancel() -> None:
    outputs = {"v": {**N, "combine": "sum"}}
    assert table("collect", ["", "p", "q"], outputs, [{"v": 5}, {"v": 1}, {"v": -1}], {}).status == "undetermined"


def test_collect_max_with_a_smaller_unknown_is_decided() -> None:
    outputs = {"v": {**N, "combine": "max"}}
    assert table("collect", ["", "p"], outputs, [{"v": 5}, {"v": 4}], {}).outcome == {"v": 5}
    assert table("collect", ["", "p"], outputs, [{"v": 5}, {"v": 6}], {}).status == "undetermined"


def test_collect_min_with_a_larger_unknown_is_decided() -> None:
    outputs = {"v": {**N, "combine": "min"}}
    assert table("collect", ["", "p"], outputs, [{"v": 5}, {"v": 6}], {}).outcome == {"v": 5}
    assert table("collect", ["", "p"], outputs, [{"v": 5}, {"v": 4}], {}).status == "undetermined"


def test_collect_union_with_an_unknown_that_is_there_already_is_decided() -> None:
    outputs = {"v": {**LEVELS, "combine": "union"}}
    assert table("collect", ["", "p"], outputs, [XYZ[0], XYZ[0]], {}).outcome == {"v": ["x"]}
    assert table("collect", ["", "p"], outputs, [XYZ[0], XYZ[1]], {}).status == "undetermined"


def test_collect_count_and_list_with_an_unknown_are_undetermined() -> None:
    for combine in ("count", "list"):
        outputs = {"v": {**N, "combine": combine}}
        assert table("collect", ["", "p"], outputs, [{"v": 5}, {"v": 5}], {}).status == "undetermined"


def test_collect_where_the_unknown_decides_between_hit_and_no_hit() -> None:
    outputs = {"v": {**N, "combine": "sum"}}
    assert table("collect", ["p"], outputs, [{"v": 0}], {}).status == "undetermined"


def test_with_a_default_the_only_unknown_may_not_matter() -> None:
    """Hit or not, the sum is 0: the outcome cannot change."""
    outputs = {"v": {**N, "combine": "sum", "default": 0}}
    decision = table("collect", ["p"], outputs, [{"v": 0}], {})
    assert (decision.status, decision.outcome) == ("decided", {"v": 0})


@pytest.mark.parametrize(("combine", "declared"), [("sum", LEVELS), ("sum", {"type": "boolean"}), ("total", N)])
def test_a_combine_that_makes_no_sense_is_refused(combine: str, declared: dict[str, Any]) -> None:
    assert errors(
        document(
            {}, outputs={"v": {**declared, "combine": combine}}, hit_policy="collect", rules=[{"id": "a", "then": {}}]
        )
    )


# --- rounding


ROUNDED: list[tuple[str, str, int, str]] = [
    ("half up", "= 0.125", 2, "0.13"),
    ("half up, negative away from zero", "= -0.125", 2, "-0.13"),
    ("half even would give 0.12", "= 0.1250", 2, "0.13"),
    ("below half", "= 0.1249999", 2, "0.12"),
    ("to whole", "= 2.5", 0, "3"),
    ("to whole, half even would give 2", "= 5 / 2", 0, "3"),
    ("thirds", "= 100 / 3", 2, "33.33"),
    ("two thirds", "= 200 / 3", 2, "66.67"),
    ("not twice", "= 0.4445 + 0.00005", 2, "0.44"),
]


@pytest.mark.parametrize(("why", "formula", "scale", "expected"), ROUNDED)
def test_computed_values_are_rounded_half_up_once(why: str, formula: str, scale: int, expected: str) -> None:
    decision = decide(
        document(
            {},
            outputs={"v": {"type": "number", "scale": scale}},
            hit_policy="first",
            rules=[{"id": "a", "then": {"v": formula}}],
        )
    )
    assert decision.outcome == {"v": exact(expected)}, why


def test_a_sum_is_rounded_once_and_not_term_by_term() -> None:
    """0.04 + 0.04 + 0.04 = 0.12, to one decimal 0.1; rounding each first would give 0.0."""
    assert collected({**N, "combine": "sum"}, ["= 0.04", "= 0.04", "= 0.04"]).outcome == {"v": exact("0.1")}


def test_sections_read_the_unrounded_value() -> None:
    """59.96 shows as 60.0 but stays below the row that begins at 60."""
    outputs = {"points": {**N, "combine": "sum"}, "grade": {"type": "string", "one_of": ["A", "B"]}}
    grades = {"of": "points", "give": "grade", "rows": [{"from": 0, "value": "B"}, {"from": 60, "value": "A"}]}
    decision = decide(
        document(
            {}, outputs=outputs, hit_policy="collect", rules=[{"id": "a", "then": {"points": "= 59.96"}}], grades=grades
        )
    )
    assert decision.outcome["points"] == 60
    assert decision.result.to_data()["grade"] == "B"


def test_decimals_are_exact() -> None:
    assert truth("0.1 + 0.2 = 0.3", {}, {}) == "true"
    assert truth("a * 3 = 0.3", {"a": NUM}, {"a": exact("0.1")}) == "true"
    assert (
        truth(
            "a = 12345678901234567890.0001",
            {"a": {"type": "number", "scale": 4}},
            {"a": exact("12345678901234567890.0001")},
        )
        == "true"
    )


# --- each


def each_document(**more: Any) -> str:
    keys: dict[str, Any] = {
        "each": {"list": "credits", "as": "credit"},
        "outputs": {"counts": {"type": "number", "scale": 2}},
        "hit_policy": "first",
        "rules": [
            {"id": "big", "when": {"credit.amount": "> 100"}, "then": {"counts": 1}},
            {"id": "small", "then": {"counts": "= 0.5"}},
        ],
    }
    return document({"credits": {"type": "list"}, "credits[].amount": OPT}, **{**keys, **more})


def test_each_runs_the_rules_once_per_item() -> None:
    decision = decide(each_document(), {"credits": [{"amount": 200}, {"amount": 50}, {"amount": 101}]})
    assert decision.hits == [["big"], ["small"], ["big"]]
    assert decision.outcome == [{"counts": 1}, {"counts": exact("0.5")}, {"counts": 1}]


def test_each_over_nothing_is_decided() -> None:
    decision = decide(each_document(), {"credits": []})
    assert (decision.status, decision.hits, decision.outcome) == ("decided", [], [])


def test_one_undetermined_item_makes_the_whole_undetermined() -> None:
    decision = decide(each_document(), {"credits": [{"amount": 200}, {}]})
    assert decision.status == "undetermined"
    assert len(decision.missing) == 1
    assert "amount" in decision.missing[0]


def test_an_item_that_is_not_declared_is_refused() -> None:
    with pytest.raises(policy.FactsError) as refused:
        decide(each_document(), {"credits": [{"amount": 1}, {"amuont": 2}, "x"]})
    assert [p.pointer for p in refused.value.problems] == ["/credits/1/amuont", "/credits/2"]


def test_each_needs_a_list() -> None:
    assert errors(each_document(each={"list": "s.id", "as": "credit"}))
    assert errors(each_document(each={"list": "nothing", "as": "credit"}))


# --- time


def day_of(as_of: Any, **keys: Any) -> str:
    rules = [{"id": "a", "then": {"d": "= today()"}}]
    decision = policy.load(
        document({}, outputs={"d": {"type": "date"}}, hit_policy="first", rules=rules, **keys)
    ).decide(facts(), as_of=as_of)
    return str(decision.outcome["d"])


TIMES: list[tuple[Any, str | None, str]] = [
    ("2026-03-01", None, "2026-03-01"),
    (dt.date(2026, 3, 1), None, "2026-03-01"),
    ("2026-03-01T15:59:59Z", None, "2026-03-01"),
    ("2026-03-01T16:00:00Z", None, "2026-03-02"),
    ("2026-03-01T23:30:00-05:00", None, "2026-03-02"),
    ("2026-03-01T00:00:00+08:00", None, "2026-03-01"),
    ("2026-03-01T00:00:00+14:00", None, "2026-02-28"),
    ("2026-03-01T00:00:00Z", "America/New_York", "2026-02-28"),
    ("2026-03-01T04:59:59Z", "America/New_York", "2026-02-28"),
    ("2026-03-01T05:00:00Z", "America/New_York", "2026-03-01"),
    ("2026-07-01T04:00:00Z", "America/New_York", "2026-07-01"),
    ("2026-03-01T00:00:00Z", "UTC", "2026-03-01"),
    (dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC), None, "2026-03-02"),
    ("2025-12-31T16:00:00Z", None, "2026-01-01"),
]


@pytest.mark.parametrize(("as_of", "zone", "expected"), TIMES)
def test_today_comes_from_as_of_in_the_policys_zone(as_of: Any, zone: str | None, expected: str) -> None:
    assert day_of(as_of, **({"time_zone": zone} if zone else {})) == expected


@pytest.mark.parametrize(
    "as_of", ["2026-03-01T10:00:00", "yesterday", "2026-13-01", "2026-02-30", "", "01/03/2026", "2026-3-1", None]
)
def test_an_as_of_that_is_no_day_and_no_instant_is_refused(as_of: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        day_of(as_of)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        day_of(dt.datetime(2026, 3, 1, 10))  # noqa: DTZ001


NOW = document(
    {},
    outputs=FLAG,
    hit_policy="first",
    rules=[{"id": "a", "when": 'now() >= date and time("2026-03-01T12:00:00+08:00")', "then": {"r": "yes"}}],
)


def test_now_is_the_instant_of_as_of() -> None:
    assert policy.load(NOW).decide(facts(), as_of="2026-03-01T12:00:00+08:00").hits == ["a"]
    assert policy.load(NOW).decide(facts(), as_of="2026-03-01T04:00:00Z").hits == ["a"]
    assert policy.load(NOW).decide(facts(), as_of="2026-03-01T03:59:59Z").hits == []


def test_now_with_a_day_alone_is_an_error() -> None:
    with pytest.raises(policy.PolicyError):
        policy.load(NOW).decide(facts(), as_of="2026-03-01")


def test_an_unknown_time_zone_is_a_finding() -> None:
    assert errors(
        document(
            {}, time_zone="Asia/Shanghia", outputs=FLAG, hit_policy="first", rules=[{"id": "a", "then": {"r": "yes"}}]
        )
    )


def test_the_same_day_given_in_two_ways_decides_alike() -> None:
    text = document({}, outputs=FLAG, hit_policy="first", rules=[{"id": "a", "then": {"r": "yes"}}])
    loaded = policy.load(text)
    assert (
        loaded.decide(facts(), as_of=DAY).to_json()
        == loaded.decide(facts(), as_of=dt.date.fromisoformat(DAY)).to_json()
    )


@pytest.mark.parametrize("as_of", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_an_instant_whose_day_is_beyond_the_calendar_is_a_value_error(as_of: str) -> None:
    with pytest.raises((ValueError, policy.PolicyError)):
        day_of(as_of)


def test_a_missing_list_is_unknown_and_not_empty() -> None:
    """No list is not a list of nothing: otherwise a forgotten delivery of credits would be zero pay."""
    inputs = {"credits": {"type": "list", "optional": True}, "credits[].amount": NUM}
    keys: dict[str, Any] = {"each": {"list": "credits", "as": "credit"}, "outputs": {"counts": {"type": "number"}}}
    text = document(inputs, **keys, hit_policy="first", rules=[{"id": "all", "then": {"counts": 1}}])
    if not errors(text):
        decision = decide(text)
        assert (decision.status, decision.missing) == ("undetermined", ["credits"])
    assert decide(text, {"credits": []}).outcome == []
