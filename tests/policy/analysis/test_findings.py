"""What is told of rules together: code, place, words in both languages, an example that is one, a row that mends it."""

from __future__ import annotations

import pytest

from policy.analysis import Issue, facts_of
from policy.engine import Policy, load, prepare
from policy.errors import Finding, Grade
from policy.values import Language

POLICY = """\
policy: scorecard.told
title: Told
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.net: {type: number, unit: CNY, scale: 2, min: 0, label: {zh: 订单净额, en: Net amount}}
  - order.paid: {type: boolean, optional: true, label: {zh: 已付, en: Paid}}
  - customer.tier: {type: string, one_of: [A, B, C], names: {A: {zh: 甲, en: first}}, label: {zh: 客户等级, en: Tier}}
  - customer.since: {type: date, optional: true}
  - customer.city: {type: string}
  - order.share: {type: number, scale: 4, min: 0, max: 1, label: {zh: 折扣, en: Discount}}
derived: {order.double: order.net * 2}
outputs: {points: {type: number, scale: 0}}
hit_policy: unique
rules:
"""


def policy(*conditions: str, hit_policy: str = "unique", points: str = "1234567", more: str = "") -> Policy:
    """Return a policy with rules a, b, … of these conditions."""
    given = zip("abcdefg", conditions, points, strict=False)
    rows = "".join(
        f"  - {{id: {name}, {f'when: {when}, ' if when else ''}then: {{points: {each}}}}}\n"
        for name, when, each in given
    )
    return load(POLICY.replace("unique", hit_policy) + rows + more)


def issues(made: Policy, code: str) -> list[Issue]:
    return [each for each in made.analysis.issues if each.finding.code == code]


def only(made: Policy, code: str) -> Issue:
    found = issues(made, code)
    assert len(found) == 1, made.findings
    return found[0]


def texts(finding: Finding) -> tuple[str, str]:
    return finding.text(Language.ZH), finding.text(Language.EN)


def test_an_overlap_names_both_rules_and_an_example() -> None:
    made = policy('{order.net: ">= 500000"}', "{customer.tier: [A, B]}", '{order.net: "< 500000", customer.tier: C}')

    told = only(made, "rules-overlap")

    assert told.rules == ("b", "a")
    assert (told.finding.place.line, told.finding.place.column) == (17, 5)
    assert told.finding.grade is Grade.WARNING
    zh, en = texts(told.finding)
    assert "订单净额 = 500,000 CNY 且客户等级 = 甲" in zh
    assert "`b` and `a` hold at once, for example Net amount = 500,000 CNY and Tier = first" in en
    decision = made.decide(facts_of(made.rule_set, told.example or {}), as_of="2026-01-01")
    assert str(decision.status) == "conflict"


def test_rules_that_meet_nowhere_between_two_steps_leave_no_gap_and_do_not_overlap() -> None:
    made = policy('{order.net: "<= 5"}', '{order.net: ">= 5.01"}')

    assert made.findings == ()


def test_a_gap_is_told_in_words_with_the_row_that_closes_it() -> None:
    made = policy('{order.net: "< 500000"}', '{order.net: ">= 500000", customer.tier: [A, C]}')

    told = only(made, "rules-gap")

    assert told.finding.place.line == 15
    assert told.finding.brief(Language.EN) == (
        "no rule holds, for example where Net amount = 500,000 CNY and Tier = B, and there is no default; "
        "add a rule for it, or a default to the outputs"
    )
    assert told.finding.text(Language.EN).endswith("; all of it: Net amount ≥ 500,000 CNY and Tier = B")
    assert told.finding.ranges(Language.EN) == "Net amount ≥ 500,000 CNY and Tier = B"
    assert "订单净额 ≥ 500,000 CNY 且客户等级 = B" in told.finding.text(Language.ZH)
    assert told.cells == {"order.net": ">= 500000", "customer.tier": "B"}
    closed = policy('{order.net: "< 500000"}', '{order.net: ">= 500000", customer.tier: [A, C]}',
                    '{order.net: ">= 500000", customer.tier: B}')  # fmt: skip
    assert closed.findings == ()


@pytest.mark.parametrize(
    ("conditions", "said", "cells"),
    [
        (["{order.net: '[100..200)'}"], "Net amount < 100 CNY or Net amount ≥ 200 CNY", {"order.net": "< 100, >= 200"}),
        (["{order.share: '<= 0.2'}"], "Discount > 20%", {"order.share": "> 0.2"}),
        (["{customer.city: '\"bern\"'}"], "customer.city is not bern", {"customer.city": 'not("bern")'}),
        (["{order.paid: true}"], "Paid = no", {"order.paid": "false"}),
        (["{order.paid: 'not(null)'}"], "Paid is missing", {"order.paid": "null"}),
        (
            ["customer.since = null or customer.since < date('2026-03-01')".replace("'", '"')],
            "customer.since ≥ 2026-03-01",
            {"customer.since": '>= date("2026-03-01")'},
        ),
    ],
)
def test_every_sort_of_field_is_said_and_written(conditions: list[str], said: str, cells: dict[str, str]) -> None:
    told = only(policy(*conditions), "rules-gap")

    assert said in told.finding.text(Language.EN)
    assert told.cells == cells


def test_a_gap_that_a_test_expects_is_meant() -> None:
    case = """\
tests:
  - name: nobody decides about B
    as_of: 2026-01-01
    given: {order: {id: o, net: 1, share: 0}, customer: {tier: B, city: x}}
    expect: {status: no_hit}
"""
    assert policy("{customer.tier: [A, C]}", more=case).findings == ()
    assert len(issues(policy("{customer.tier: A}", more=case.replace("no_hit", "decided")), "rules-gap")) == 1


def test_with_a_default_a_gap_is_no_finding_but_known() -> None:
    text = (
        POLICY.replace("scale: 0}}", "scale: 0, default: 0}}")
        + "  - {id: a, when: {customer.tier: A}, then: {points: 1}}\n"
    )
    made = load(text)

    assert made.findings == ()
    assert made.analysis.otherwise is not None
    assert made.analysis.otherwise.zh == "客户等级 = B 或 C"


def test_what_is_missing_leaves_open_and_is_no_gap_unless_it_is_skipped() -> None:
    rows = ["{order.paid: true}", "{order.paid: false}"]
    skipping = load(POLICY.replace("rules:\n", "on_unknown: skip\nrules:\n") + "".join(
        f"  - {{id: r{at}, when: {when}, then: {{points: 1}}}}\n" for at, when in enumerate(rows)
    ))  # fmt: skip

    assert policy(*rows).findings == ()
    assert only(skipping, "rules-gap").cells == {"order.paid": "null"}


def test_derived_values_are_told_as_possible_only() -> None:
    made = policy("{order.double: '<= 100'}", "{order.double: '>= 100'}")
    gap = policy("{order.double: '< 100'}", "{order.double: '> 100'}")

    assert only(made, "rules-may-overlap").finding.grade is Grade.NOTE
    assert "order.double = 100" in only(gap, "rules-may-gap").finding.text(Language.ZH)
    assert not issues(made, "rules-overlap")


def test_of_expressions_nobody_could_be_told_nothing_is_said() -> None:
    assert policy("order.net > order.share", "order.net <= order.share").findings == ()
    assert policy("'starts with(customer.city, \"b\")'", "{customer.tier: A}").findings == ()


def test_opposite_comparisons_of_two_fields_are_known_to_be() -> None:
    never = policy("order.net > order.share and order.share >= order.net", "")

    assert [each.rules for each in issues(never, "rule-never")] == [("a",)]


def test_under_any_only_rules_that_do_not_agree_overlap() -> None:
    agreeing = policy("{order.net: '> 5'}", "{order.net: '> 7'}", "{order.net: '<= 5'}", hit_policy="any", points="222")
    differing = policy("{order.net: '> 5'}", "{order.net: '> 7'}", "{order.net: '<= 5'}", hit_policy="any")

    assert agreeing.findings == ()
    assert only(differing, "rules-overlap").rules == ("b", "a")


def test_a_rule_that_never_holds_is_told_once() -> None:
    made = policy("order.net > 5 and order.net < 3", "")
    known = policy("{order.share: '> 1'}", "")

    assert only(made, "rule-never").finding.place.line == 16
    assert [each.code for each in known.findings] == ["cell-out-of-bounds"]


def test_under_priority_the_better_outcome_masks() -> None:
    text = POLICY.replace("scale: 0}}", "scale: 0, one_of: [3, 2, 1]}}").replace("unique", "priority")
    rows = [("order.net > 5", 1), ("order.net > 3", 3), ("", 2)]
    made = load(text + "".join(
        f"  - {{id: r{at}, {f'when: {when}, ' if when else ''}then: {{points: {points}}}}}\n"
        for at, (when, points) in enumerate(rows)
    ))  # fmt: skip

    assert [each.rules for each in issues(made, "rule-masked")] == [("r0", "r1")]


def test_what_is_too_much_is_said_and_nothing_claimed() -> None:
    choices = " and ".join(
        f'(ends with(customer.city, "d{n}") or starts with(customer.city, "c{n}"))' for n in range(40)
    )
    made = policy(f"'{choices}'", "{customer.tier: A}")

    assert "some conditions" in only(made, "analysis-bounded").finding.text(Language.EN)
    assert not issues(made, "rules-gap")


def test_numbers_of_every_size_are_exact_or_left_alone() -> None:
    long = "1234567890123456789012345678901234"
    made = policy(f"order.net > -{long} and order.net < -{long[:-1]}3", "")
    dense = load(
        POLICY.replace("scale: 2, min: 0,", "") + "  - {id: a, when: 'order.net <= 1E-59', then: {points: 1}}\n"
        "  - {id: b, when: 'order.net >= 1E+59', then: {points: 1}}\n"
    )

    assert [each.rules for each in issues(made, "rule-never")] == [("a",)]
    assert not issues(dense, "rules-overlap")


def test_more_fields_and_expressions_than_are_told_apart_are_said_to_be() -> None:
    made = policy("'" + " or ".join(f'starts with(customer.city, "c{n}")' for n in range(301)) + "'")

    assert only(made, "analysis-bounded").finding.grade is Grade.NOTE


def test_many_findings_of_a_code_are_counted() -> None:
    rows = "".join(f"  - {{id: r{at}, when: {{order.net: '> {at}'}}, then: {{points: 1}}}}\n" for at in range(120))
    made = load(POLICY + rows)

    assert len(issues(made, "rules-overlap")) == 50
    assert only(made, "analysis-more").finding.values["found"] == 119


def test_gaps_are_at_most_five_and_more_are_hinted_at() -> None:
    made = policy(*(f"{{order.net: '{n}', order.share: '<= 0.{n}'}}" for n in range(7)))

    said = only(made, "rules-gap").finding.text(Language.ZH)
    assert said.count("；或") == 4
    assert "；等等" in said


def test_stretches_of_one_field_stand_in_brackets_beside_others_and_are_few() -> None:
    made = policy(*(f"{{order.net: '[{n}..{n}.5]'}}" for n in range(6)), "{customer.tier: A}")

    said = only(made, "rules-gap").finding.text(Language.EN)
    assert "(Net amount > 0.5 CNY and < 1 CNY or " in said
    assert "; and others) and Tier = B or C" in said


def test_examples_of_items_stand_in_their_list() -> None:
    text = """\
policy: incentive.items
title: Items
subject: {id: person.id}
period: month
each: {list: credits, as: credit}
inputs:
  - person.id: {type: string}
  - credits: {type: list}
  - credits[].amount: {type: number, scale: 2}
outputs: {counts: {type: number, scale: 2}}
hit_policy: first
rules:
  - {id: big, when: {credit.amount: "> 10"}, then: {counts: 1}}
credit: credit.amount * counts
"""
    made = load(text)

    told = only(made, "rules-gap")

    facts = facts_of(made.rule_set, told.example or {})
    assert facts["credits"] == [{"amount": 0}]
    assert str(made.decide(facts, as_of="2026-01-01").status) == "no_hit"


def test_with_errors_nothing_is_analysed() -> None:
    found = prepare([POLICY + "  - {id: a, when: {customer.teir: A}, then: {points: 1}}\n"]).findings

    assert {each.code for each in found} == {"unknown-column"}
