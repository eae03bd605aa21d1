"""Edits by form or table: the changed node is spliced, and comments, order and every other byte stay."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

import policy
from policy import editor
from tests.acceptance.support import said
from tests.acceptance.test_format_text import GRADED, PLAIN, STAGED

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
# A table with remarks everywhere.
policy: scorecard.t
title: {zh: 测试, en: A test}   # the title
owner: o
language: 1
subject: {id: s.id, about: [s.id]}

inputs:
  - s.id: {type: string}
  - x: {type: number, scale: 2}     # the size
  - tier: {type: string, one_of: [A, B, NO]}

outputs: {r: {type: string, one_of: [no, yes]}}
hit_policy: first
rules:
  # about the first
  - {id: first, when: {x: "> 5", tier: [A, B]}, then: {r: yes}, because: {zh: "一", en: "one"}}   # after the first
  - id: second
    when:
      x: "[1..5]"      # a range
      tier: B
    then:
      r: no

  # about the last
  - {id: last, then: {r: no}}
# the end
"""


def sections(text: str) -> tuple[str, dict[str, str], str]:
    """Cut a text into what comes before the rules, each rule's own lines, and what comes after."""
    begin = text.index("\nrules:\n") + len("\nrules:\n")
    after = re.search(r"^(?![ \n#])", text[begin:], re.MULTILINE)
    end = begin + after.start() if after else len(text)
    rules: dict[str, str] = {}
    name = ""
    for line in text[begin:end].splitlines(keepends=True):
        start = re.match(r"  - (?:\{)?id: ([a-z0-9-]+)", line)
        if start:
            name = start.group(1)
        rules[name] = rules.get(name, "") + line
    return text[:begin], rules, text[end:]


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


def test_a_cell_changes_and_nothing_else() -> None:
    assert editor.set_cell(TABLE, "first", "x", "> 6") == TABLE.replace('"> 5"', '"> 6"')
    assert editor.set_cell(TABLE, "second", "tier", "A") == TABLE.replace("tier: B\n", "tier: A\n")


def test_a_cell_that_yaml_would_misread_is_quoted() -> None:
    for cell in ("[100..500]", "> 0.2", "[1..5)", "not(5)", "? in [1, 2]", "-", "null"):
        changed = policy.load(editor.set_cell(TABLE, "first", "x", cell))
        assert changed.rule_set
    changed = policy.load(editor.set_cell(TABLE, "first", "tier", "NO"))
    assert changed.decide({"s": {"id": "1"}, "x": 6, "tier": "NO"}, as_of="2026-03-01").hits == ["first"]


def test_a_cell_may_be_taken_out_and_added() -> None:
    without = editor.set_cell(TABLE, "first", "tier", None)
    assert policy.load(without).decide({"s": {"id": "1"}, "x": 6, "tier": "NO"}, as_of="2026-03-01").hits == ["first"]
    assert sections(without)[1]["second"] == sections(TABLE)[1]["second"]
    assert policy.load(editor.set_cell(without, "first", "tier", "A")).decide(
        {"s": {"id": "1"}, "x": 6, "tier": "NO"}, as_of="2026-03-01"
    ).hits == ["last"]


def test_a_title_changes_and_its_comment_stays() -> None:
    changed = editor.set_title(TABLE, policy.Text(zh="新", en="New: a title, with signs # and more"))
    assert policy.load(changed).title == policy.Text(zh="新", en="New: a title, with signs # and more")
    assert [(a, b) for a, b in zip(TABLE.splitlines(), changed.splitlines(), strict=True) if a != b].__len__() == 1
    assert "# the title" in changed


@pytest.mark.parametrize(
    "title",
    [
        "NO",
        "012",
        "1:30",
        "2026-01-01",
        "true",
        "null",
        "~",
        "- x",
        "a: b",
        "# x",
        "'",
        '"',
        "{a}",
        "[a]",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "x\ny",
        " x ",
        "订单",
        "a\\b",
    ],
)
def test_any_title_comes_back_as_it_was_typed(title: str) -> None:
    assert policy.load(editor.set_title(TABLE, title)).title.en == title


def test_copy_and_remove_is_nothing() -> None:
    for rule in ("first", "second", "last"):
        copied = editor.copy_rule(TABLE, rule, "copy")
        assert list(sections(copied)[1]).index("copy") == list(sections(copied)[1]).index(rule) + 1
        assert editor.remove_rule(copied, "copy") == TABLE


def test_add_and_remove_is_nothing() -> None:
    added = editor.add_rule(TABLE, {"id": "new", "when": {"x": "> 9"}, "then": {"r": "yes"}}, before="first")
    assert policy.load(added).decide({"s": {"id": "1"}, "x": 10, "tier": "A"}, as_of="2026-03-01").hits == ["new"]
    assert editor.remove_rule(added, "new") == TABLE


def test_a_rule_moves_with_the_comment_above_it() -> None:
    moved = editor.move_rule(TABLE, "last", to=0)
    assert [name for name in sections(moved)[1] if name] == ["last", "first", "second"]
    assert moved.index("# about the last") < moved.index("id: last") < moved.index("# about the first")
    assert sorted(comments(moved)) == sorted(comments(TABLE))


@pytest.mark.parametrize(
    "edit",
    [
        lambda: editor.set_cell(TABLE, "nobody", "x", "> 1"),
        lambda: editor.copy_rule(TABLE, "first", "last"),
        lambda: editor.copy_rule(TABLE, "first", "No Id"),
        lambda: editor.remove_rule(TABLE, "nobody"),
        lambda: editor.move_rule(TABLE, "first", to=9),
        lambda: editor.set_value(TABLE, ("nonsense", "x"), "1"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(edit: object) -> None:
    with pytest.raises(policy.SourceError):
        edit()  # type: ignore[operator]


@pytest.mark.parametrize("text", [PLAIN, STAGED, GRADED, TABLE])
def test_an_edit_of_crlf_gives_canonical_text(text: str) -> None:
    assert editor.set_title(text.replace("\n", "\r\n"), "Z") == editor.set_title(text, "Z")


def pick(chance: random.Random, text: str, rule: str, names: list[str]) -> tuple[str, str]:
    """Make one random edit of a rule; return its kind and the new text."""
    kind = chance.choice(["because", "copy", "remove", "move", "title", "rename"])
    if kind == "because":
        return kind, editor.set_because(
            text, rule, policy.Text(zh=f"理由 {chance.random()}: #", en=f"reason, {chance.random()}")
        )
    if kind == "copy":
        return kind, editor.copy_rule(text, rule, "a-copy-of-it")
    if kind == "remove":
        return kind, editor.remove_rule(text, rule)
    if kind == "move":
        return kind, editor.move_rule(text, rule, to=chance.randrange(len(names)))
    if kind == "rename":
        return kind, editor.rename_rule(text, rule, "another-name")
    return kind, editor.set_title(text, f"title {chance.random()}")


NAMES = [
    "approval/order",
    "approval/special-terms",
    "assignment/new-customer",
    "assignment/reclaim",
    "incentive/quarterly",
    "penalty/order-diversion",
    "scorecard/customer-value",
    "scorecard/manager-performance",
]


@pytest.mark.parametrize("name", NAMES)
def test_random_edits_of_the_shipped_policies_leave_every_other_byte(rules: Path, name: str) -> None:
    chance = random.Random(name)
    text = policy.load_folder(rules)[name.replace("/", ".")].text
    head, bodies, tail = sections(text)
    ids = [each for each in bodies if each]
    for _ in range(8):
        rule = chance.choice(ids)
        kind, edited = pick(chance, text, rule, ids)
        after_head, after, after_tail = sections(edited)
        if kind == "title":
            assert (after, after_tail) == (bodies, tail)
            continue
        assert after_head == head, kind
        others = [each for each in after if each in bodies and each != rule]
        kept = {
            each: [line for line in after[each].splitlines() if line.strip() and not line.strip().startswith("#")]
            for each in others
        }
        assert kept == {
            each: [line for line in bodies[each].splitlines() if line.strip() and not line.strip().startswith("#")]
            for each in others
        }, (kind, rule)
        if kind == "remove":
            assert after_tail == without(tail, rule), rule
        elif kind != "rename":
            assert after_tail == tail, (kind, rule)
        if kind in {"because", "copy", "move", "rename"}:
            assert sorted(set(comments(edited))) == sorted(set(comments(text))), (kind, rule)


def without(tests: str, rule: str) -> str:
    """Return tests that do not expect a rule to hit any more, where they expect others besides."""

    def left(found: re.Match[str]) -> str:
        ids = found[1].split(", ")
        kept = [each for each in ids if each != rule]
        return f"hits: [{', '.join(kept if len(ids) > 1 else ids)}]"

    return re.sub(r"hits: \[([a-z0-9, -]*)\]", left, tests)


@pytest.mark.parametrize("name", NAMES)
def test_edited_policies_still_load(rules: Path, name: str) -> None:
    others = [file for file in rules.rglob("*.yaml") if file != rules / f"{name}.yaml"]
    text = (rules / f"{name}.yaml").read_text(encoding="utf-8")
    chance = random.Random(name + "!")
    ids = [each for each in sections(text)[1] if each]
    rule = chance.choice(ids)
    edited = editor.set_title(editor.copy_rule(text, rule, "a-copy-of-it"), "T")
    try:
        loaded = policy.load(edited, others=others)
    except policy.SourceError as error:
        pytest.fail(said(list(error.findings)))
    assert loaded.title.zh == "T"
