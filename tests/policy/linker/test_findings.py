"""Each mistake in a rule set is found, at its place, with its code and, where one is near, the right name."""

from __future__ import annotations

from textwrap import dedent

import pytest

from policy.engine import prepare
from policy.errors import Finding, Grade
from policy.messages import CATALOGUE, sentence
from policy.values import Language

VOCABULARY = dedent(
    """\
    vocabulary: 1
    fields:
      order.id: {type: string}
      order.amount: {type: number, unit: CNY, scale: 2, min: 0, max: 1000000}
      order.discount: {type: number, scale: 4, min: 0, max: 1}
      order.lines[].quantity: {type: number, scale: 0}
      customer.tier: {type: string, one_of: [A, B, C]}
      customer.city: {type: string}
      line.price: {type: number, unit: CNY, scale: 2}
      person.health: {class: forbidden}
    """
)

POLICY = dedent(
    """\
    policy: scorecard.test
    title: Test
    subject: {id: order.id}
    inputs:
      - order.id
      - order.amount
      - order.discount: {default: 0}
      - customer.tier: {optional: true}
      - customer.city
    derived:
      order.net: order.amount * (1 - order.discount)
    outputs:
      points: {type: number, scale: 1}
    hit_policy: first
    rules:
      - {id: big, when: order.net > 100, then: {points: 3}}
      - {id: tier, when: {customer.tier: A}, then: {points: "= order.net / 100"}}
      - {id: rest, then: {points: 0}}
    tests:
      - name: big
        as_of: 2026-01-01
        given: {order: {id: a, amount: 200}, customer: {city: Wuhan}}
        expect: {hits: [big], outcome: {points: 3}}
    """
)

OTHER = dedent(
    """\
    policy: scorecard.other
    title: Other
    subject: {id: customer.id}
    inputs:
      - customer.id: {type: string}
      - order.amount
    outputs:
      level: {type: number}
    rules:
      - {id: all, then: {level: 1}}
    """
)

MISTAKES = [
    ("order.amount\n", "order.amuont\n", "unknown-input", "order.amount"),
    ("{default: 0}", "{default: 0, optional: true}", "optional-with-default", None),
    ("{default: 0}", "{type: string}", "type-clash", None),
    ("{default: 0}", "{min: 0.9, max: 0.5}", "min-above-max", None),
    ("- customer.city", "- customer.city: {one_of: []}", "one-of-empty", None),
    ("{default: 0}", "{max: 2}", "refinement-widens", None),
    ("{default: 0}", "{scale: 6}", "refinement-widens", None),
    ("- customer.city", "- customer.city: {scale: 2}", "option-unfit", None),
    ("- customer.city", "- customer.city: {share: true}", "option-unfit", None),
    ("- order.amount", "- order.amount: {share: true}", "share-with-unit", None),
    ("- customer.city", "- person.health", "input-forbidden", None),
    ("- customer.city", "- manager.health: {type: string}", "input-forbidden", None),
    ("- customer.city", "- order.items: {type: list, of: lien}", "unknown-group", "line"),
    ("- customer.city", "- customer: {type: string}", "path-clash", None),
    ("subject: {id: order.id}", "subject: {id: order.idd}", "unknown-path", "order.id"),
    ("order.net: order.amount * (1 - order.discount)", "order.amount: order.discount", "derived-clash", None),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {is: order.amount * (1 - order.discuont), label: Net}",
        "feel-unknown-field",
        "discount",
    ),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.amount: {is: order.discount, label: Amount}",
        "derived-clash",
        None,
    ),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {is: order.amount > 1, share: true}",
        "derived-share",
        None,
    ),
    ("hit_policy: first", "hit_policy: first\ntime_zone: Asia/Shangai", "unknown-time-zone", None),
    ("hit_policy: first", "hit_policy: first\neach: {list: order.amount, as: line}", "each-no-list", None),
    ("points: {type: number, scale: 1}", "order: {type: number, scale: 1}", "name-clash", None),
    ("{type: number, scale: 1}", "{type: string, scale: 1}", "option-unfit", None),
    ("{type: number, scale: 1}", "{type: number, scale: 1, combine: sum}", "combine-without-collect", None),
    ("{type: number, scale: 1}", "{type: number, of: stagse}", "unknown-of", None),
    ("then: {points: 3}", "then: {pionts: 3}", "unknown-output", "points"),
    ("then: {points: 3}", "then: {}", "output-not-given", None),
    ('"= order.net / 100"', '"= customer.city"', "wrong-output-type", None),
    ("when: order.net > 100", "when: order.net + 100", "wrong-type", None),
    ("hit_policy: first", "hit_policy: priority", "order-without-values", None),
    ("{customer.tier: A}", "{customer.teir: A}", "unknown-column", "customer.tier"),
    ("{customer.tier: A}", "{customer.tier: AA}", "value-not-one-of", "A"),
    ("{customer.tier: A}", "{customer.tier: [A, E]}", "value-not-one-of", None),
    ("{customer.tier: A}", "{customer.city: Wuhan}", "bare-word", None),
    ("{customer.tier: A}", "{customer.tier: {is: A}}", "cell-mapping", None),
    ("{customer.tier: A}", "{customer.tier: []}", "cell-empty-list", None),
    ("{customer.tier: A}", "{customer.tier: [[A]]}", "cell-nested", None),
    ("{customer.tier: A}", '{customer.tier: ""}', "cell-empty", None),
    ("then: {points: 0}}", 'then: {points: 0}, because: "{order.nett}"}', "unknown-placeholder", "order.net"),
    ("{hits: [big]", "{hits: [bigg]", "unknown-rule", "big"),
    ("{hits: [big]", "{status: decideed, hits: [big]", "unknown-status", "decided"),
    ("outcome: {points: 3}", "outcome: {point: 3}", "unknown-output", "points"),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {policy: scorecard.othr, take: level}",
        "unknown-policy",
        "scorecard.other",
    ),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {policy: scorecard.other, take: lvel}",
        "unknown-take",
        "level",
    ),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {policy: scorecard.other, take: level, with: {custmer.id: order.id}}",
        "unknown-with",
        "customer.id",
    ),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {policy: scorecard.other, take: level, with: {customer.id: order.amount}}",
        "wrong-type",
        None,
    ),
    (
        "order.net: order.amount * (1 - order.discount)",
        "order.net: {policy: scorecard.test, take: points}",
        "ask-cycle",
        None,
    ),
]


def findings_of(text: str, *others: str) -> tuple[Finding, ...]:
    return prepare([text, *others]).findings


def test_the_base_is_sound() -> None:
    assert findings_of(POLICY, VOCABULARY, OTHER) == ()


@pytest.mark.parametrize(
    ("good", "bad", "code", "suggestion"), MISTAKES, ids=[f"{each[2]}-{index}" for index, each in enumerate(MISTAKES)]
)
def test_mistake(good: str, bad: str, code: str, suggestion: str | None) -> None:
    assert good in POLICY
    text = POLICY.replace(good, bad, 1)

    found = {finding.code: finding for finding in findings_of(text, VOCABULARY, OTHER)}

    assert code in found
    assert found[code].values.get("suggestion") == suggestion
    assert found[code].place.source == "<text>"
    for language in Language:
        assert "{" not in found[code].text(language).replace("{order.nett}", "")


def test_a_test_that_names_no_rule_fails_and_keeps_nothing_from_loading() -> None:
    prepared = prepare([POLICY.replace("{hits: [big]", "{hits: [bigg]"), VOCABULARY, OTHER])

    assert [(each.code, each.grade) for each in prepared.findings] == [("unknown-rule", Grade.WARNING)]
    report = prepared.policies["scorecard.test"].test()
    assert [each.path for result in report.results for each in result.differences] == ["hits[0]"]


def test_the_place_is_the_word_itself() -> None:
    text = POLICY.replace("{customer.tier: A}", "{customer.teir: A}")

    (finding,) = findings_of(text, VOCABULARY)

    line = text.splitlines()[finding.place.line - 1]
    assert line[finding.place.column - 1 :].startswith("customer.teir: A")


def test_a_mistake_inside_an_expression_is_placed_inside_it() -> None:
    text = POLICY.replace("order.net > 100", "order.net > order.amuont")

    (finding,) = findings_of(text, VOCABULARY)

    line = text.splitlines()[finding.place.line - 1]
    assert line[finding.place.column - 1 :].startswith(("order.amuont", "amuont"))
    assert finding.values["suggestion"] in ("amount", "order.amount")


def test_without_a_vocabulary_that_alone_is_said_and_what_does_not_follow_from_it() -> None:
    text = POLICY.replace("hit_policy: first", "hit_policy: frist").replace("order.net > 100", "order.nett > 100")

    found = findings_of(text)

    assert [(each.code, each.place.line) for each in found] == [("no-vocabulary", 5), ("unknown-word", 14)]
    assert (found[0].values["name"], found[0].values["count"]) == ("order.id", 5)


def test_without_a_vocabulary_inputs_with_types_of_their_own_are_enough() -> None:
    text = OTHER.replace("order.amount", "order.amount: {type: number}")

    assert [each.code for each in findings_of(text)] == []


def test_all_mistakes_come_at_once() -> None:
    text = POLICY.replace("{customer.tier: A}", "{customer.teir: A}").replace("then: {points: 3}", "then: {pionts: 3}")

    assert {finding.code for finding in findings_of(text, VOCABULARY)} == {
        "unknown-column",
        "unknown-output",
        "output-not-given",
    }


def test_asking_in_a_circle_names_the_way() -> None:
    asks = POLICY.replace(
        "order.net: order.amount * (1 - order.discount)", "order.net: {policy: scorecard.other, take: level}"
    )
    back = OTHER.replace("outputs:", "derived: {x: {policy: scorecard.test, take: points}}\noutputs:")

    ways = {finding.values["found"] for finding in findings_of(asks, back, VOCABULARY) if finding.code == "ask-cycle"}

    assert ways == {
        "scorecard.test → scorecard.other → scorecard.test",
        "scorecard.other → scorecard.test → scorecard.other",
    }


def test_two_vocabularies_are_one_too_many() -> None:
    assert [finding.code for finding in findings_of(POLICY, VOCABULARY, VOCABULARY)] == ["vocabulary-twice"]


def test_two_policies_of_one_id_are_one_too_many() -> None:
    assert [finding.code for finding in findings_of(POLICY, POLICY, VOCABULARY)] == ["document-twice"]


def test_inherited_inputs_clash_by_type() -> None:
    asks = POLICY.replace(
        "order.net: order.amount * (1 - order.discount)", "order.net: {policy: scorecard.other, take: level}"
    )
    other = OTHER.replace(
        "- customer.id: {type: string}", "- customer.id: {type: string}\n  - customer.city: {type: number}"
    )
    other = other.replace("customer.city: {type: number}", "customer.town: {type: number}")
    asks = asks.replace("- customer.city", "- customer.city\n  - customer.town: {type: string}")

    assert "input-clash" in {finding.code for finding in findings_of(asks, other, VOCABULARY)}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_sentence_stands_in_both_languages(code: str) -> None:
    message = CATALOGUE[code]

    assert message.en.strip()
    assert message.zh.strip()


LONG = '"' + "a" * 50 + '"'

REFUSED = [
    (f'string length(replace(replace(replace({LONG}, "a", {LONG}), "a", {LONG}), "a", {LONG})) > 0', 22, 271),
    ('customer.city = "" and matches(customer.city, "(a+)+$(")', 68, 9),
    ('matches(customer.city, "(?=a)b")', 45, 8),
    ('matches(customer.city, "a", "z")', 50, 3),
    ('split(customer.city, "[") = []', 43, 3),
    ('replace(customer.city, "a", "$") = ""', 50, 3),
    ("order.net > 500,000", 34, 7),
    ("order.net > 1 AND order.net < 5", 36, 3),
    ("NOT order.net > 1", 22, 3),
]
"""Condition, column and length of its finding."""


CODES = [
    "feel-string-too-long",
    *["feel-bad-pattern"] * 4,
    "feel-bad-replacement",
    "feel-thousands",
    *["feel-slip"] * 2,
]


@pytest.mark.parametrize(("code", "refused"), list(zip(CODES, REFUSED, strict=True)))
def test_what_cannot_be_carried_out_is_found_where_it_stands(code: str, refused: tuple[str, int, int]) -> None:
    condition, column, length = refused
    text = POLICY.replace("when: order.net > 100", f"when: '{condition}'")

    found = findings_of(text, VOCABULARY, OTHER)

    assert [(each.code, each.place.line, each.place.column, each.length) for each in found] == [
        (code, 16, column, length)
    ]
    assert found[0].text(Language.ZH) != found[0].text(Language.EN)


DAY = "day: {type: date, optional: true}"

HINTS = [
    ("{order.paid: yes}", "cell-boolean", "true"),
    ("{order.paid: False}", "cell-boolean", "false"),
    ("{order.day: 2026-02-30}", "cell-not-a-day", "2026-03-01"),
    ("{order.day: 2026/01/01}", "cell-not-a-day", "2026-03-01"),
    ('{order.day: "> 2026-01-01"}', "feel-bare-date", 'date("2026-01-01")'),
    ('{order.day: "not(2026-01-01)"}', "feel-bare-date", 'date("2026-01-01")'),
    ('{order.day: "> 2026-02-30"}', "feel-no-day", 'date("2026-03-01")'),
    ('{order.amount: "> 1,500"}', "feel-thousands", "1500"),
    ("{order.amount: [100..500]}", "range-as-list", '"[100..500]"'),
    ("{order.discount: 0.123456}", "value-scale", "at most 4"),
    ('{order.discount: "> 0.123456"}', "value-scale", "at most 4"),
    ("{order.discount: 5}", "cell-out-of-bounds", "between `0` and `1`"),
    ('{order.discount: "[1.5..2]"}', "cell-out-of-bounds", "between `0` and `1`"),
    ('{order.discount: "< 0"}', "cell-out-of-bounds", "between `0` and `1`"),
    ("{order.amount: [5, -1]}", "cell-out-of-bounds", "between `0` and `1000000`"),
    ("{order.amount: 200000-500000}", "cell-reckoned", "only the value -300000 fits"),
    ("{order.net: 200000 - 500000}", "cell-reckoned", "`[200000..500000]`"),
    ("{order.net: 1 / 0}", "feel-zero-divisor", "another divisor"),
    ('{order.net: "1, 50 * 2"}', "cell-reckoned", "only the value 100 fits"),
]


@pytest.mark.parametrize(("cells", "code", "hint"), HINTS)
def test_a_cell_that_means_something_else_gets_one_finding_with_a_hint(cells: str, code: str, hint: str) -> None:
    more = "".join(f"  - order.{each}\n" for each in ("amount", "paid: {type: boolean, optional: true}", DAY))
    text = POLICY.replace("  - order.amount\n", more).replace("when: order.net > 100", f"when: {cells}")

    found = findings_of(text, VOCABULARY, OTHER)

    assert [each.code for each in found] == [code]
    assert hint in found[0].text(Language.EN)


@pytest.mark.parametrize(
    "cells",
    [
        *('{order.discount: "not(5)"}', '{order.discount: ">= 1"}', "{order.discount: 0.5000}"),
        *("{order.net: order.amount - 5}", "{order.net: -5}", '{order.net: "> 500 - 200"}'),
    ],
)
def test_a_cell_that_can_hold_gets_no_finding(cells: str) -> None:
    found = findings_of(POLICY.replace("when: order.net > 100", f"when: {cells}"), VOCABULARY, OTHER)

    assert [each for each in found if each.code != "rule-masked"] == []


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("order.net", "此处得出数字，应为布尔值"),
        ("order.net >", "表达式到此结束，而这里还应有一个表达式"),
        ("order.net > 1)", "此处应为表达式的结尾，却是 `)`"),
        ("(order.net > 1", "表达式到此结束，而这里还应有 `)`"),
        ("order.net ! 1", "表达式中不使用 `!`，请写 `not(…)` 或 `!=`"),
    ],
)
def test_chinese_sentences_are_set_as_chinese(condition: str, said: str) -> None:
    found = findings_of(POLICY.replace("when: order.net > 100", f"when: '{condition}'"), VOCABULARY, OTHER)

    assert [each.text(Language.ZH) for each in found] == [said]


def test_a_user_s_words_stay_as_they_are_in_chinese() -> None:
    assert (
        sentence("unknown-key", {"found": "客户 名", "expected": ("a",)}, Language.ZH)
        == "未知的键 `客户 名`；此处可用：a"
    )


def test_every_item_of_a_cell_gets_its_finding() -> None:
    text = POLICY.replace("when: order.net > 100", "when: {customer.city: [Wuhan, Suzhou, [Kunming]]}")

    assert [each.code for each in findings_of(text, VOCABULARY, OTHER)] == ["bare-word", "bare-word", "cell-nested"]
