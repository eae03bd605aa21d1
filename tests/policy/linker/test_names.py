"""What people call values and rows of sections."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.engine import Policy, check, load
from policy.values import Language

POLICY = """\
policy: approval.named
title: {zh: 测试, en: Test}
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.kind: {type: string, one_of: [gift, loan], names: {NAMES}}
outputs: {stages: {type: list, of: stages, combine: union}}
hit_policy: collect
rules:
  - id: one
    when: {order.kind: gift}
    then: {stages: [lead]}
    because: {zh: "类别为{order.kind}", en: "a {order.kind}"}
stages: [{id: lead, label: {zh: 主管, en: team lead}, who: true}]
"""


def checked(tmp_path: Path, names: str) -> tuple[list[str], Policy | None]:
    file = tmp_path / "named.yaml"
    file.write_text(POLICY.replace("NAMES", names), "utf-8")
    prepared = check([file])
    found = next(iter(prepared.policies.values()), None)
    return [each.code for each in prepared.findings if each.grade == "error"], found


@pytest.mark.parametrize(
    ("language", "answer", "because"),
    [(Language.ZH, "须经一项审批：主管", "类别为礼品"), (Language.EN, "needs one approval: team lead", "a present")],
)
def test_explanations_say_names(tmp_path: Path, language: Language, answer: str, because: str) -> None:
    codes, policy = checked(tmp_path, "gift: {zh: 礼品, en: present}")
    assert codes == []
    assert policy is not None

    decision = policy.decide({"order": {"id": "o", "kind": "gift"}}, as_of="2026-03-01", explain=True)
    assert decision.explanation is not None
    said = decision.explanation.to_data(language)

    assert (said["answer"], said["because"]) == (answer, [because])
    assert decision.outcome == {"stages": ["lead"]}  # names change what is said, never what is decided


def test_a_name_of_no_value_is_an_error(tmp_path: Path) -> None:
    codes, _ = checked(tmp_path, "gifts: {zh: 礼品, en: present}, xyz: {zh: 无, en: none}")

    assert codes == ["name-of-no-value", "name-of-no-value"]
    near, far = (each for each in check([tmp_path / "named.yaml"]).findings if each.code == "name-of-no-value")
    assert "none of its values (did you mean `gift`?)" in near.text(Language.EN)
    assert far.text(Language.EN).endswith("none of its values")
    assert "`xyz` 起了名称，但它不是取值之一" in far.text(Language.ZH)


@pytest.mark.parametrize("declared", ["type: string", "type: list, of: string"])
def test_a_text_that_may_be_anything_has_names_for_some_values(tmp_path: Path, declared: str) -> None:
    file = tmp_path / "named.yaml"
    one = "type: string, one_of: [gift, loan]"
    file.write_text(POLICY.replace(one, declared).replace("when: {order.kind: gift}", 'when: "order.kind != null"')
                    .replace("NAMES", "gift: {zh: 礼品, en: present}"), "utf-8")  # fmt: skip
    prepared = check([file])
    assert [each.code for each in prepared.findings if each.grade == "error"] == []

    said = []
    for value in ("gift", "else"):
        kind = [value] if "list" in declared else value
        facts = {"order": {"id": "o", "kind": kind}}
        decision = prepared.policies["approval.named"].decide(facts, as_of="2026-03-01", explain=True)
        assert decision.explanation is not None
        said += decision.explanation.to_data(Language.ZH)["because"]

    assert said == ["类别为礼品", "类别为else"]


def test_numbers_have_no_names(tmp_path: Path) -> None:
    file = tmp_path / "named.yaml"
    text = POLICY.replace("type: string, one_of: [gift, loan]", "type: number, scale: 0")
    file.write_text(text.replace("order.kind: gift", "order.kind: 1").replace("NAMES", '"1": one'), "utf-8")

    assert [each.code for each in check([file]).findings if each.grade == "error"] == ["name-of-no-value"]


DERIVED = """\
policy: scorecard.named
title: Test
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.amount: {type: number, unit: CNY, scale: 2}
derived:
  order.twice: {is: order.amount * 2, label: {zh: 两倍金额, en: Twice the amount}}
  order.plain: order.amount * 3
  order.size: {policy: scorecard.size, take: size}
  order.own: {policy: scorecard.size, take: size, label: {zh: 规模, en: Its size}}
outputs: {points: {type: number, scale: 2}}
hit_policy: first
rules:
  - {id: one, when: order.twice > 10 and order.size = "big", then: {points: 1}}
  - {id: two, when: {order.own: small}, then: {points: 2}}
"""

SIZE = """\
policy: scorecard.size
title: Size
subject: {id: order.id}
inputs:
  - order.id: {type: string}
  - order.amount: {type: number, unit: CNY, scale: 2}
outputs:
  size:
    type: string
    one_of: [big, small]
    label: {zh: 大小, en: Size}
    names: {big: {zh: 大, en: large}, small: {zh: 小, en: little}}
hit_policy: first
rules:
  - {id: big, when: {order.amount: "> 100"}, then: {size: big}}
  - {id: small, then: {size: small}}
"""


def test_derived_values_are_fields_with_labels() -> None:
    made = load(DERIVED, others=[SIZE]).rule_set.made

    assert {name: None if each.label is None else each.label.en for name, each in made.items()} == {
        "order.twice": "Twice the amount",
        "order.plain": None,
        "order.size": "Size",  # what is taken says what it is called
        "order.own": "Its size",
    }
    assert (made["order.twice"].type, made["order.twice"].unit) == ("number", "CNY")
    assert made["order.size"].one_of == ("big", "small")


@pytest.mark.parametrize(
    ("language", "twice", "size"),
    [(Language.ZH, "两倍金额 = 400", "大小 = 大"), (Language.EN, "Twice the amount = 400", "Size = large")],
)
def test_explanations_say_labels_of_derived_values(language: Language, twice: str, size: str) -> None:
    decision = load(DERIVED, others=[SIZE]).decide(
        {"order": {"id": "o", "amount": 200}}, as_of="2026-03-01", explain=True
    )
    assert decision.explanation is not None
    text = decision.explanation.to_text(language)

    assert twice in text
    assert size in text
    assert "`order.size`" not in text


def test_a_label_changes_no_decision() -> None:
    bare = DERIVED.replace("{is: order.amount * 2, label: {zh: 两倍金额, en: Twice the amount}}", "order.amount * 2")
    facts = {"order": {"id": "o", "amount": 3}}
    one, other = (load(each, others=[SIZE]).decide(facts, as_of="2026-03-01") for each in (DERIVED, bare))

    assert (one.hits, one.outcome, one.status) == (other.hits, other.outcome, other.status)


PART = "  order.part: {is: order.amount / order.twice, label: {zh: 占比, en: Part}, share: true}\n"
SHARE = DERIVED.replace("  order.plain: order.amount * 3\n", PART).replace(
    "order.twice > 10 and order.size", "order.part > 0.25 and order.size"
)


@pytest.mark.parametrize(("language", "said"), [(Language.ZH, "占比 = 50%"), (Language.EN, "Part = 50%")])
def test_a_share_is_read_as_per_cent_and_decides_the_same(language: Language, said: str) -> None:
    facts = {"order": {"id": "o", "amount": 200}}
    policies = [load(each, others=[SIZE]) for each in (SHARE, SHARE.replace(", share: true", ""))]
    one, other = (each.decide(facts, as_of="2026-03-01", explain=True) for each in policies)

    assert [each.rule_set.made["order.part"].is_share for each in policies] == [True, False]
    assert (one.hits, one.outcome) == (other.hits, other.outcome)
    assert one.explanation is not None
    assert other.explanation is not None
    assert said in one.explanation.to_text(language)
    assert said not in other.explanation.to_text(language)


@pytest.mark.parametrize(
    ("options", "is_share"),
    [
        ("scale: 2, min: -1, max: 9, share: true", True),
        ("scale: 2, min: -1, max: 9", False),
        ("scale: 2, min: 0, max: 1", True),
        ("scale: 2, min: 0, max: 1, share: false", False),
    ],
)
def test_a_field_says_itself_whether_it_is_a_share(options: str, is_share: bool) -> None:
    text = f"""\
policy: scorecard.part
title: {{zh: 占比, en: Part}}
subject: {{id: order.id}}
inputs:
  - order.id: {{type: string}}
  - order.part: {{type: number, {options}}}
outputs:
  points: {{type: number}}
rules:
  - {{id: more, when: {{order.part: "> 0.2"}}, then: {{points: 1}}}}
"""
    assert load(text).rule_set.fields["order.part"].is_share is is_share
