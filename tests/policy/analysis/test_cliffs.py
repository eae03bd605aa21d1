"""Thresholds where a little more brings less, or much more at once, are told with the numbers on both sides."""

from __future__ import annotations

import pytest

from policy.engine import load
from policy.errors import Finding
from policy.values import Language

PLAN = """\
policy: incentive.plan
title: Plan
subject: {{id: person.id}}
period: month
inputs:
  - person.id: {{type: string}}
  - person.quota: {{type: number, unit: CNY, scale: 2}}
  - person.credit: {{type: number, unit: CNY, scale: 2}}
outputs: {{counts: {{type: number, scale: 2, default: 1}}}}
hit_policy: first
rules:
  - {{id: all, then: {{counts: 1}}}}
credit: person.credit
measure: {measure}
bands:
  method: {method}
  base: {base}
  rows:
{rows}"""

CARD = """\
policy: scorecard.card
title: Card
subject: {id: customer.id}
inputs:
  - customer.id: {type: string}
  - customer.revenue: {type: number, unit: CNY, scale: 2, min: 0, label: {zh: 成交额, en: Revenue}}
outputs: {points: {type: number, scale: 0, combine: sum, default: 0}, grade: {type: string, one_of: [A, B, C, D]}}
hit_policy: collect
rules:
"""


def plan(
    method: str, *rows: str, base: str = "person.quota", measure: str = "credited / person.quota"
) -> list[Finding]:
    listed = "".join(f"    - {{from: {row.split()[0]}, rate: {row.split()[1]}}}\n" for row in rows)
    text = PLAN.format(method=method, base=base, measure=measure, rows=listed)
    return [each for each in load(text).findings if each.code.startswith("band-")]


def card(rules: list[str], grades: str = "") -> list[Finding]:
    rows = "".join(f"  - {{id: r{at}, {rule}}}\n" for at, rule in enumerate(rules))
    listed = grades and f"grades:\n  of: points\n  give: grade\n  rows: {grades}\n"
    text = CARD if grades else CARD.replace(", grade: {type: string, one_of: [A, B, C, D]}", "")
    return [each for each in load(text + rows + listed).findings if each.code != "rules-gap"]


def test_a_whole_rate_jumps_and_the_amounts_on_both_sides_are_named() -> None:
    (jump,) = plan("whole", "0 0.01", "500000 0.05", base="1", measure="credited")

    assert (jump.code, str(jump.grade), jump.place.line) == ("band-jump", "note", 20)
    assert "达到 500000 起全部按 5% 计，之前按 1%：以基数 1 计，差一点为 5,000.00，达到即为 25,000.00" in jump.text(
        Language.ZH
    )
    assert "5,000.00 just below and 25,000.00 from there" in jump.text(Language.EN)


def test_of_a_base_that_is_computed_an_example_is_taken() -> None:
    (jump,) = plan("whole", "0 0.02", "1 0.03")

    assert "with a base of 100,000, 2,000.00 just below and 3,000.00 from there" in jump.text(Language.EN)


@pytest.mark.parametrize(
    ("method", "rows", "codes"),
    [
        ("marginal", ["0 0.02", "1 0.05", "2 0.01"], []),  # a slice pays less, but never takes back
        ("whole", ["0 0.05", "1 0.03"], ["band-fall"]),
        ("whole", ["0 0.05", "1 0.05"], []),
        ("interpolated", ["0 0.01", "1 0.05"], []),
        ("interpolated", ["0 0.05", "1 0.04"], []),  # sinking rates, rising pay
        ("interpolated", ["0 0.10", "1 0.01"], ["band-sinks"]),
    ],
)
def test_only_what_pays_less_for_more_is_a_warning(method: str, rows: list[str], codes: list[str]) -> None:
    found = plan(method, *rows)

    assert [each.code for each in found] == codes
    assert {str(each.grade) for each in found} <= {"warning"}


def test_pay_that_sinks_between_two_rows_is_told_from_its_peak() -> None:
    (sinks,) = plan("interpolated", "0 0.10", "1 0.01")

    assert "between ≈ 0.555556 and 1 whoever sells more earns less" in sinks.text(Language.EN)
    assert "2,777.78 at first and 1,000.00 in the end" in sinks.text(Language.EN)


def test_a_grade_that_falls_with_more_points_is_told_at_its_row() -> None:
    rule = ['when: {customer.revenue: "> 5"}, then: {points: 50}']
    rows = "[{from: 0, value: D}, {from: 40, value: C}, {from: 60, value: A}, {from: 80, value: B}]"

    (fall,) = card(rule, rows)

    assert (fall.code, str(fall.grade)) == ("grade-fall", "warning")
    assert "从" not in fall.text(Language.ZH)
    assert "达到 80 起等级为 `B`，反而不如之前的 `A`" in fall.text(Language.ZH)
    assert card(rule, rows.replace("value: A", "value: X").replace("value: B", "value: A").replace("X", "B")) == []


def test_points_that_turn_are_told_and_points_that_rise_are_not() -> None:
    rising = [f'when: {{customer.revenue: "{cell}"}}, then: {{points: {points}}}'
              for cell, points in (("[100..200)", 10), ("[200..500)", 20), (">= 500", 30))]  # fmt: skip
    typo = [rising[0], rising[1].replace("points: 20", "points: 2"), rising[2]]
    hole = [rising[0], rising[1].replace("[200", "[201"), rising[2]]

    assert card(rising) == []
    assert [each.text(Language.ZH).partition("，")[0] for each in card(typo)] == ["成交额到 200 CNY 时得分由 10 变为 2"]
    assert [each.code for each in card(hole)] == ["points-turn"]
    computed = [*rising, 'when: {customer.revenue: "[1..2]"}, then: {points: "= customer.revenue * 2"}']
    assert card(computed) == []
