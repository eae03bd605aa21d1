"""What is different between two texts, by meaning."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from policy import editor
from policy.model.comparison import Difference, What, differences
from policy.model.document import Document
from policy.reader import read
from policy.values import Text

TEXT = """\
policy: scorecard.size  # a comment
title: {zh: 规模, en: Size}
subject: {id: customer.id}
inputs:
  - customer.id: {type: string}
  - customer.staff: {type: number}
outputs:
  size: {type: string, one_of: [large, small]}
hit_policy: first
rules:
  - {id: one, when: {customer.staff: ">= 100"}, then: {size: large}, because: {zh: 大, en: large}}
  - {id: two, when: customer.staff > 50, then: {size: small}}
  - {id: three, when: {customer.staff: "-"}, then: {size: small}}
  - {id: four, then: {size: small}}
tests:
  - {name: big, as_of: 2026-03-01, given: {customer: {id: c1, staff: 200}}, expect: {outcome: {size: large}}}
"""


def document(text: str) -> Document:
    found = read(text).document
    assert found is not None
    return found


def compared(changed: str) -> list[Difference]:
    return differences(document(TEXT), document(changed))


def test_the_same_meaning_is_no_difference() -> None:
    other = TEXT.replace("  # a comment", "").replace("{zh: 大, en: large}", '{en: "large", zh: "大"}')

    assert compared(other) == []


def test_a_cell() -> None:
    assert compared(editor.set_cell(TEXT, "one", "customer.staff", ">= 250")) == [
        Difference(What.CHANGED, ("rules", "one", "when", "customer.staff"), ">= 100", ">= 250")
    ]


def test_texts_in_each_language_and_a_condition() -> None:
    changed = editor.set_because(TEXT, "one", Text("大的", "large"))
    changed = editor.set_when(changed, "two", "customer.staff > 60")

    assert compared(changed) == [
        Difference(What.CHANGED, ("rules", "one", "because", "zh"), "大", "大的"),
        Difference(What.CHANGED, ("rules", "two", "when"), "customer.staff > 50", "customer.staff > 60"),
    ]


def test_a_condition_that_becomes_cells() -> None:
    changed = editor.set_when(TEXT, "two", {"customer.staff": "> 50"})

    assert set(compared(changed)) == {
        Difference(What.CHANGED, ("rules", "two", "when"), "customer.staff > 50", ""),
        Difference(What.CHANGED, ("rules", "two", "when", "customer.staff"), "", "> 50"),
    }


def test_a_rule_added_removed_and_moved() -> None:
    changed = editor.copy_rule(TEXT, "one", "new")
    changed = editor.remove_rule(changed, "two")
    changed = editor.move_rule(changed, "four", to=0)

    found = compared(changed)

    assert [(each.what, each.path) for each in found] == [
        (What.MOVED, ("rules", "four")),
        (What.ADDED, ("rules", "new")),
        (What.REMOVED, ("rules", "two")),
    ]
    assert (found[0].before, found[0].after) == ("4", "1")
    assert found[1].after == "then.size: large, when.customer.staff: >= 100, because.zh: 大, because.en: large"


def test_only_what_was_moved_is_called_moved() -> None:
    assert [each.path[-1] for each in compared(editor.move_rule(TEXT, "one", to=3))] == ["one"]
    assert [each.path[-1] for each in compared(editor.move_rule(TEXT, "three", to=1))] in (["two"], ["three"])


def test_outputs_inputs_and_tests() -> None:
    changed = TEXT.replace("one_of: [large, small]", "one_of: [large, small, tiny]").replace("staff: 200", "staff: 300")
    changed = changed.replace("  - customer.staff: {type: number}\n", "  - customer.staff: {type: number, scale: 0}\n")

    assert {(each.path, each.before, each.after) for each in compared(changed)} == {
        (("outputs", "size", "one_of"), "large, small", "large, small, tiny"),
        (("inputs", "customer.staff", "options", "scale"), "", "0"),
        (("tests", "big", "given", "customer", "staff"), "200", "300"),
    }


def test_a_new_document_is_added_whole() -> None:
    found = differences(None, document(TEXT))

    assert {each.what for each in found} == {What.ADDED, What.CHANGED}
    assert Difference(What.CHANGED, ("title", "en"), "", "Size") in found
    assert [each.path for each in found if each.path[0] == "rules"] == [
        ("rules", name) for name in ("one", "two", "three", "four")
    ]


def test_a_vocabulary() -> None:
    before = document("vocabulary: 1\nfields: {a: {type: string}, b: {type: number}}\n")
    after = document("vocabulary: 1\nfields: {a: {type: string, label: A}, c: {type: number}}\n")

    assert {(each.what, each.path) for each in differences(before, after)} == {
        (What.CHANGED, ("fields", "a", "label", "zh")),
        (What.CHANGED, ("fields", "a", "label", "en")),
        (What.ADDED, ("fields", "c")),
        (What.REMOVED, ("fields", "b")),
    }


@pytest.mark.parametrize("name", ["approval/order", "penalty/order-diversion", "incentive/quarterly"])
def test_shipped_policies_differ_from_nothing_but_what_was_changed(rules: Path, name: str) -> None:
    text = (rules / f"{name}.yaml").read_text("utf-8")
    before = document(text)
    chance = random.Random(name)
    names = [str(rule.id) for rule in before.rules]  # type: ignore[union-attr]

    assert differences(before, before) == []
    for _ in range(10):
        which, to = chance.choice(names), chance.randrange(len(names))
        found = differences(before, document(editor.move_rule(text, which, to=to)))
        assert {each.what for each in found} <= {What.MOVED}
        assert len(found) == (names.index(which) != to)


SOME, NONE, UNSAID = "outcome: {sizes: [large]}, hits: [one]", "outcome: {sizes: []}, hits: [one]", "hits: [one]"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (SOME, NONE, ("large", "[]")),
        (NONE, SOME, ("[]", "large")),
        (NONE, UNSAID, ("[]", "")),
        (UNSAID, NONE, ("", "[]")),
    ],
)
def test_none_is_another_thing_than_nothing(before: str, after: str, said: tuple[str, str]) -> None:
    found = differences(*(document(TEXT.replace("outcome: {size: large}", each)) for each in (before, after)))

    assert found == [Difference(What.CHANGED, ("tests", "big", "expect", "outcome", "sizes"), *said)]


def test_a_test_that_misses_nothing_is_another_than_one_that_does_not_say() -> None:
    assert compared(TEXT.replace("outcome: {size: large}", "outcome: {size: large}, missing: []")) == [
        Difference(What.CHANGED, ("tests", "big", "expect", "missing"), "", "[]")
    ]


def test_a_test_whose_name_alone_is_another_is_the_same_test() -> None:
    half = TEXT.replace("name: big", "name: {zh: 大, en: big}")
    renamed = TEXT.replace("name: big", "name: huge")

    assert compared(renamed) == [
        Difference(What.CHANGED, ("tests", "huge", "name", "zh"), "big", "huge"),
        Difference(What.CHANGED, ("tests", "huge", "name", "en"), "big", "huge"),
    ]
    assert differences(document(half), document(half.replace("en: big", "en: huge"))) == [
        Difference(What.CHANGED, ("tests", "huge", "name", "en"), "big", "huge")
    ]


def test_a_test_with_another_name_and_another_expectation_is_known_by_its_facts() -> None:
    changed = TEXT.replace("name: big", "name: small").replace("{size: large}}}", "{size: small}}}")

    assert {(each.what, each.path) for each in compared(changed)} == {
        (What.CHANGED, ("tests", "small", "name", "zh")),
        (What.CHANGED, ("tests", "small", "name", "en")),
        (What.CHANGED, ("tests", "small", "expect", "outcome", "size")),
    }


def test_where_two_tests_have_the_facts_of_one_that_is_gone_none_is_taken_for_it() -> None:
    one = TEXT[TEXT.index("  - {name: big") :]
    changed = TEXT.replace(one, one.replace("big", "new") + one.replace("big", "newer"))

    assert [(each.what, each.path) for each in compared(changed)] == [
        (What.ADDED, ("tests", "new")),
        (What.ADDED, ("tests", "newer")),
        (What.REMOVED, ("tests", "big")),
    ]


def test_a_rule_whose_id_alone_is_another_is_the_same_rule() -> None:
    assert compared(editor.rename_rule(TEXT, "one", "first")) == [
        Difference(What.CHANGED, ("rules", "first", "id"), "one", "first")
    ]
    alike = editor.rename_rule(
        TEXT.replace('- {id: three, when: {customer.staff: "-"}, ', "- {id: three, "), "four", "new"
    )
    assert differences(document(alike.replace("new", "four")), document(alike)) == [
        Difference(What.CHANGED, ("rules", "new", "id"), "four", "new")
    ], "a rule that stays with the same contents is not in question"
