"""Rules that an earlier one masks are told, and no others."""

from __future__ import annotations

import pytest

from policy.engine import load
from policy.values import Text

POLICY = """\
policy: scorecard.masked
title: Test
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.amount: {type: number, unit: CNY, scale: 2}
  - order.kind: {type: string, one_of: [gift, loan]}
outputs: {points: {type: number, scale: 2}}
hit_policy: first
rules:
"""

RULES = [
    (["{order.amount: '> 1'}", "{order.kind: gift}", ""], []),
    (["", "{order.kind: gift}", ""], [("b", "a"), ("c", "a")]),
    (["{order.amount: '-'}", "{order.kind: gift}"], [("b", "a")]),
    (["{order.kind: gift}", "{order.amount: '> 1', order.kind: gift}"], [("b", "a")]),
    (["{order.amount: '> 1', order.kind: gift}", "{order.kind: gift}"], []),
    (["order.amount > 1", "order.amount > 1", "order.amount > 2"], [("b", "a"), ("c", "a")]),
    (["{order.amount: '> 1'}", "order.amount > 1"], [("b", "a")]),
    (["{order.amount: '>= 1.01'}", "order.amount > 1"], [("b", "a")]),  # nothing lies between 1 and 1.01
    (["{order.amount: '<= 5'}", "{order.amount: '> 5'}", "{order.kind: gift}"], [("c", "a、b")]),
    (["order.amount > 2 * 5", "order.amount > 11"], [("b", "a")]),
]


def text(conditions: list[str], hit_policy: str = "first") -> str:
    rows = [
        f"  - {{id: {name}, {f'when: {each}, ' if each else ''}then: {{points: 1}}}}\n"
        for name, each in zip("abc", conditions, strict=False)
    ]
    return POLICY.replace("hit_policy: first", f"hit_policy: {hit_policy}") + "".join(rows)


def names(found: object) -> str:
    return found.zh.replace("`", "") if isinstance(found, Text) else ""


@pytest.mark.parametrize(("conditions", "masked"), RULES)
def test_what_is_masked_is_told_with_what_masks_it(conditions: list[str], masked: list[tuple[str, str]]) -> None:
    found = [each for each in load(text(conditions)).findings if each.code == "rule-masked"]

    named = [(str(each.values["name"]), names(each.values["found"])) for each in found]
    assert named == masked
    assert {str(each.grade) for each in found} <= {"warning"}
    assert [each.place.line for each in found] == [11 + "abc".index(name) for name, _ in masked]


@pytest.mark.parametrize(("hit_policy", "output"), [("collect", ", combine: sum"), ("any", ""), ("unique", "")])
def test_where_not_the_first_decides_nothing_is_masked(hit_policy: str, output: str) -> None:
    made = load(text(["", "{order.kind: gift}"], hit_policy).replace("scale: 2}}", f"scale: 2{output}}}}}"))

    assert [each.code for each in made.findings if each.code == "rule-masked"] == []
