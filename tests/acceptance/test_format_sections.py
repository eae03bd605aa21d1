"""What each part of a document may name, and what the declarations of fields, outputs and tests mean."""

from __future__ import annotations

from typing import Any

import pytest

import policy
from tests.acceptance.support import (
    DAY,
    FLAG,
    decide,
    document,
    errors,
    exact,
    facts,
    findings,
    reference,
    render,
    said,
    truth,
    vocabulary,
)
from tests.acceptance.test_kinds import APPROVAL, ASSIGN, CASE, PLAN, manager

NUM = {"type": "number", "scale": 2}
STR = {"type": "string"}
ALWAYS = [{"id": "t", "then": {"r": "yes"}}]


def with_rule(base: dict[str, Any], when: str) -> str:
    first, *rest = base["rules"]
    return render({**base, "rules": [{**first, "when": when}, *rest]})


# --- names a kind provides, only where it provides them


@pytest.mark.parametrize(
    ("base", "when"),
    [
        (APPROVAL, 'approver.role = "lead"'),
        (ASSIGN, "manager.level > 1"),
        (PLAN, "credited > 5"),
        (PLAN, "earned > 5"),
        (PLAN, "measure > 5"),
    ],
)
def test_rules_do_not_see_what_the_section_provides(base: dict[str, Any], when: str) -> None:
    assert errors(with_rule(base, when))


@pytest.mark.parametrize(
    ("base", "when"),
    [(APPROVAL, "stages = []"), (ASSIGN, "need_level > 1"), (PLAN, "counts > 0"), (CASE, "measures = []")],
)
def test_rules_only_produce_outputs(base: dict[str, Any], when: str) -> None:
    assert errors(with_rule(base, when))


@pytest.mark.parametrize(
    "change",
    [
        {"credit": "earned * 1"},
        {"credit": "credited * 1"},
        {"measure": "earned / person.quota"},
        {"measure": "credit.amount"},
        {"bands": {**PLAN["bands"], "base": "earned"}},
    ],
)
def test_a_section_sees_only_what_is_worked_out_before(change: dict[str, Any]) -> None:
    assert errors(render({**PLAN, **change}))


def test_sections_see_derived_values_and_outputs() -> None:
    plan = {**PLAN, "derived": {"target": "person.quota * 1"}, "measure": "credited / target"}
    given = {"person": {"id": "p", "quota": 100000}, "credits": [{"amount": 120000}]}
    assert policy.load(render(plan)).decide(given, as_of=DAY).result.to_data()["total"] == 3200


def test_sections_may_look_up_reference_tables() -> None:
    table = reference(
        "pay", ["person"], {"person": STR, "base": NUM}, [{"from": "2026-01-01", "person": "p", "base": 500}]
    )
    plan = {**PLAN, "adjustments": [{"id": "cap", "at_most": '3 * lookup("pay", person.id).base'}]}
    given = {"person": {"id": "p", "quota": 100000}, "credits": [{"amount": 120000}]}
    loaded = policy.load(render(plan), others=[table])
    decision = loaded.decide(given, as_of=DAY)
    assert decision.result.to_data()["total"] == 1500
    assert "reference/pay" in decision.closure
    early = loaded.decide(given, as_of="2025-12-31")
    assert early.status == "undetermined"
    assert any("pay" in each for each in early.missing)


def test_what_a_section_misses_is_named() -> None:
    inputs = [
        {path: ({**how, "optional": True} if path == "person.quota" else how) for path, how in each.items()}
        for each in PLAN["inputs"]
    ]
    decision = policy.load(render({**PLAN, "inputs": inputs})).decide(
        {"person": {"id": "p"}, "credits": [{"amount": 5}]}, as_of=DAY
    )
    assert (decision.status, decision.missing, decision.outcome, decision.result) == (
        "undetermined",
        ["person.quota"],
        None,
        None,
    )


def test_an_unknown_score_excludes_nobody_silently() -> None:
    """Without a fallback value: who cannot be scored is not ranked as if the score were 0, and it is said why."""
    inputs = [
        {
            path: ({**STR, "type": "number", "optional": True} if path == "managers[].years" else how)
            for path, how in each.items()
        }
        for each in ASSIGN["inputs"]
    ]
    given = {"customer": {"id": "c", "region": "east"}, "managers": [manager("a"), manager("b", years=3)]}
    decision = policy.load(render({**ASSIGN, "inputs": inputs})).decide(given, as_of=DAY)
    if decision.status == "decided":
        result = decision.result.to_data()
        assert [each["manager"] for each in result["ranked"]] == ["b"]
        assert "manager.years" in str(result["excluded"])
    else:
        assert decision.missing


def test_the_period_is_one_of_the_known() -> None:
    assert errors(render({**PLAN, "period": "fortnite"}))


# --- fields


def test_a_refinement_narrows_what_the_vocabulary_says() -> None:
    words = vocabulary({"x": {**NUM, "max": 100, "label": {"zh": "数", "en": "Number"}}})
    text = document(
        {"x": {"optional": True, "max": 50}},
        outputs=FLAG,
        hit_policy="first",
        rules=[{"id": "t", "when": "x = null", "then": {"r": "yes"}}],
    )
    loaded = policy.load(text, others=[words])
    assert loaded.decide(facts(), as_of=DAY).hits == ["t"]
    with pytest.raises(policy.FactsError):
        loaded.decide(facts(x=51), as_of=DAY)


def test_a_refinement_may_not_change_the_type() -> None:
    assert errors(document({"x": {"type": "string"}}, outputs=FLAG, rules=ALWAYS), vocabulary({"x": NUM}))


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "decimal"},
        {"type": "number", "scale": -1},
        {"type": "number", "scale": 1.5},
        {"type": "number", "scale": "two"},
        {"type": "number", "min": "low"},
        {"type": "number", "default": 0.125, "scale": 2},
        {"type": "number", "default": 11, "max": 10},
        {"type": "string", "one_of": ["a"], "default": "b"},
        {"type": "string", "one_of": "a"},
        {"type": "string", "class": "secret"},
        {"type": "number", "optional": "maybe"},
        {"type": "list", "of": "strings"},
        {"typ": "number"},
    ],
)
def test_a_broken_declaration_is_refused(declared: dict[str, Any]) -> None:
    assert errors(document({"x": declared}, outputs=FLAG, hit_policy="first", rules=ALWAYS))


TYPES: list[tuple[str, Any, str]] = [
    ("string", "a", 'x = "a"'),
    ("number", 5, "x = 5"),
    ("boolean", True, "x"),
    ("date", "2026-02-28", 'x + duration("P1D") = date("2026-03-01")'),
    ("time", "10:30:00", 'x > time("10:00:00")'),
    ("date-time", "2026-03-01T10:00:00+08:00", 'x = date and time("2026-03-01T02:00:00Z")'),
    ("days-duration", "P7D", 'x > duration("P6D")'),
    ("months-duration", "P1Y", 'x = duration("P12M")'),
    ("list, of string", ["a"], 'list contains(x, "a")'),
    ("list, of number", [1, 2], "sum(x) = 3"),
    ("list, of date", ["2026-03-01"], 'x[1] = date("2026-03-01")'),
    ("context", {"a": 1}, "x.a = 1"),
]


@pytest.mark.parametrize(("kind", "given", "condition"), TYPES)
def test_every_type_of_field(kind: str, given: Any, condition: str) -> None:
    name, _, of = kind.partition(", of ")
    assert truth(condition, {"x": {"type": name, **({"of": of} if of else {})}}, {"x": given}) == "true"


def test_groups_in_lists() -> None:
    inputs = {
        "order.lines": {"type": "list"},
        "order.lines[].quantity": {"type": "number", "scale": 0, "min": 1},
        "order.lines[].price": NUM,
    }
    given = {"order": {"lines": [{"quantity": 2, "price": exact("1.50")}, {"quantity": 1, "price": 3}]}}
    assert truth("sum(for l in order.lines return l.quantity * l.price) = 6", inputs, given) == "true"
    assert truth("count(order.lines[quantity > 1]) = 1", inputs, given) == "true"
    assert truth("sum(order.lines.price) = 4.5", inputs, given) == "true"


# --- units


@pytest.mark.parametrize(
    ("formula", "fine"),
    [("a + b", False), ("a - b", False), ("a + c", True), ("a * 2", True), ("a * days", True), ("a + days", False)],
)
def test_adding_different_units_is_a_finding(formula: str, fine: bool) -> None:
    inputs = {
        "a": {**NUM, "unit": "CNY"},
        "b": {**NUM, "unit": "USD"},
        "c": {**NUM, "unit": "CNY"},
        "days": {"type": "number", "unit": "days"},
    }
    rules = [{"id": "t", "then": {"v": f"= {formula}"}}]
    found = findings(document(inputs, outputs={"v": {"type": "number", "scale": 4}}, hit_policy="first", rules=rules))
    assert bool(found) is not fine, said(found)


def test_a_unit_may_be_the_path_of_the_currency() -> None:
    inputs = {
        "o.currency": {"type": "string", "one_of": ["CNY", "USD"]},
        "o.amount": {**NUM, "unit": "o.currency"},
        "o.fee": {**NUM, "unit": "o.currency"},
    }
    assert truth("o.amount + o.fee = 3", inputs, {"o": {"currency": "USD", "amount": 1, "fee": 2}}) == "true"


# --- outputs


def test_an_output_the_rules_never_give_needs_a_default() -> None:
    text = document({}, outputs={**FLAG, "n": NUM}, hit_policy="first", rules=ALWAYS)
    assert errors(text) or findings(text) or decide(text).status == "no_hit"


@pytest.mark.parametrize("default", [0.125, "much", True])
def test_a_default_of_an_output_fits_its_type_and_scale(default: Any) -> None:
    assert errors(
        document(
            {}, outputs={"n": {**NUM, "default": default}}, hit_policy="first", rules=[{"id": "t", "then": {"n": 1}}]
        )
    )


@pytest.mark.parametrize(
    ("declared", "formula"),
    [
        ({"type": "string", "one_of": ["A", "B"]}, '= "C"'),
        ({"type": "string", "one_of": ["A", "B"]}, '= if a > 0 then "A" else "C"'),
    ],
)
def test_a_computed_value_beyond_one_of_is_no_outcome(declared: dict[str, Any], formula: str) -> None:
    text = document(
        {"a": NUM}, outputs={"v": declared}, hit_policy="first", rules=[{"id": "t", "then": {"v": formula}}]
    )
    if not errors(text):
        with pytest.raises(policy.PolicyError):
            policy.load(text).decide(facts(a=-1), as_of=DAY)


# --- tests that travel along


TESTED = document(
    {"x": NUM, "y": {**NUM, "optional": True}},
    outputs={"r": {"type": "string", "one_of": ["no", "yes"]}, "n": {**NUM, "default": 0}},
    hit_policy="first",
    rules=[
        {"id": "a", "when": {"x": "> 5"}, "then": {"r": "yes", "n": 1.5}},
        {"id": "b", "when": {"y": "> 5"}, "then": {"r": "yes"}},
        {"id": "c", "then": {"r": "no"}},
    ],
)


def passes_test(given: dict[str, Any], expect: dict[str, Any], **more: Any) -> bool:
    test = {"name": "one", "as_of": DAY, "given": {"s": {"id": "1"}, **given}, "expect": expect, **more}
    return bool(policy.load(TESTED + render({"tests": [test]})).test().passed)


@pytest.mark.parametrize(
    ("given", "expect", "passes"),
    [
        ({"x": 6}, {"hits": ["a"]}, True),
        ({"x": 6}, {"hits": ["c"]}, False),
        ({"x": 6}, {"outcome": {"r": "yes"}}, True),
        ({"x": 6}, {"outcome": {"n": 1.50}}, True),
        ({"x": 6}, {"outcome": {"n": 1.51}}, False),
        ({"x": 6}, {"outcome": {"r": "no"}}, False),
        ({"x": 6}, {"status": "decided", "hits": ["a"], "outcome": {"r": "yes", "n": 1.5}}, True),
        ({"x": 1}, {"status": "undetermined", "missing": ["y"]}, True),
        ({"x": 1}, {"status": "undetermined", "missing": ["x"]}, False),
        ({"x": 1}, {"status": "decided"}, False),
        ({"x": 1, "y": 1}, {"hits": ["c"], "outcome": {"r": "no", "n": 0}}, True),
    ],
)
def test_expectations(given: dict[str, Any], expect: dict[str, Any], passes: bool) -> None:
    assert passes_test(given, expect) is passes


@pytest.mark.parametrize(
    "broken",
    [{"expct": {}}, {"as_of": "soon"}, {"expect": {"hit": ["a"]}}, {"expect": {"status": "perhaps"}}, {"given": 5}],
)
def test_broken_tests_are_findings(broken: dict[str, Any]) -> None:
    test = {"name": "one", "as_of": DAY, "given": {"s": {"id": "1"}, "x": 6}, "expect": {"hits": ["a"]}, **broken}
    assert errors(TESTED + render({"tests": [test]}))


def test_a_test_may_hold_dates_and_traps_of_yaml() -> None:
    when = 'd = date("2026-01-01") and land = "NO" and code = "012"'
    inputs = {"d": {"type": "date"}, "land": STR, "code": STR}
    rules = [{"id": "t", "when": when, "then": {"r": "yes"}}]
    given = "{s: {id: 1:30}, d: 2026-01-01, land: NO, code: 012}"
    test = f"tests:\n  - {{name: n, as_of: 2026-03-01, given: {given}, expect: {{hits: [t]}}}}\n"
    assert policy.load(document(inputs, outputs=FLAG, hit_policy="first", rules=rules) + test).test().passed


# --- notes, and what makes a document unfinished


@pytest.mark.parametrize("key", ["policy", "title", "subject", "inputs", "outputs", "rules"])
def test_what_a_policy_cannot_do_without(key: str) -> None:
    lines = document({"x": NUM}, outputs=FLAG, hit_policy="first", rules=ALWAYS).splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.lstrip('"').startswith(key))
    end = next((i for i in range(start + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    assert errors("".join(lines[:start] + lines[end:]))


def test_the_subject_names_inputs() -> None:
    text = document({"x": NUM}, outputs=FLAG, hit_policy="first", rules=ALWAYS)
    assert errors(text.replace('"id": "s.id", "about"', '"id": "s.idd", "about"'))
    assert errors(text.replace('"about": ["s.id"]', '"about": ["s.idd"]'))


def test_grades_of_findings_are_known() -> None:
    assert {
        f.grade
        for f in findings(
            render(
                {
                    **CASE,
                    "patterns": [
                        {
                            "id": "p",
                            "severity": "warn",
                            "key": "manager.id",
                            "count": {"event": "e", "at_least": 3, "within": "P7D"},
                        }
                    ],
                }
            )
        )
    } <= {"note", "warning"}


def test_notes_do_not_keep_a_policy_from_deciding() -> None:
    staged = [{**APPROVAL["stages"][0], "within": "P1D", "late": "director"}, *APPROVAL["stages"][1:]]
    given = {"order": {"id": "o", "amount": 1000}, "requester": {"id": "r", "team": "e"}}
    assert policy.load(render({**APPROVAL, "stages": staged})).decide(given, as_of=DAY).status == "decided"
