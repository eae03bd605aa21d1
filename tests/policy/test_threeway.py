"""Two texts made from the same one: what only one has changed is taken over, the rest is asked, bytes stay."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy import editor
from policy.editor.grafting import merged
from policy.editor.outline import Outline, meaning
from policy.editor.threeway import Part, Side, Sort, Three
from policy.errors import SourceError
from policy.yamltext import ListNode, Node, canonical

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {path.name: canonical(path.read_text("utf-8")) for path in sorted((ROOT / "rules").rglob("*.yaml"))}

BASE = """\
policy: scorecard.small
subject: {id: order.id}
title: Small          # a name
inputs: [order.amount]
outputs: {size: {type: string}}
hit_policy: first
rules:
  # the first one
  - {id: large, when: {order.amount: ">= 100"}, then: {size: large}}  # beside
  - id: middle
    when: {order.amount: ">= 50"}
    then: {size: middle}

  - {id: small, then: {size: small}}
"""


@cache
def outlined(text: str) -> Outline:
    """Return the outline of a text that many edits begin from."""
    return Outline(text)


def three(theirs: str, mine: str, base: str = BASE) -> tuple[Three, list[Part]]:
    held = Three(outlined(base), Outline(theirs), Outline(mine))
    return held, held.parts()


def result(theirs: str, mine: str, side: Side = Side.THEIRS, base: str = BASE) -> str:
    held, parts = three(theirs, mine, base)
    return merged(held, parts, {at: side for at, each in enumerate(parts) if each.by is Side.BOTH})


def places(theirs: str, mine: str, base: str = BASE) -> list[tuple[str, str, str]]:
    return [(each.by, each.sort, "/".join(each.path)) for each in three(theirs, mine, base)[1]]


def test_two_cells_of_the_same_line_are_both_changed() -> None:
    theirs = BASE.replace("size: large}}", "size: huge}}")
    mine = BASE.replace(">= 100", ">= 200")

    assert places(theirs, mine) == [
        ("mine", "value", "rules/large/when/order.amount"),
        ("theirs", "value", "rules/large/then/size"),
    ]
    assert result(theirs, mine) == theirs.replace(">= 100", ">= 200")


@pytest.mark.parametrize(("side", "counts"), [(Side.THEIRS, ">= 300"), (Side.MINE, ">= 200")])
def test_of_the_same_cell_the_chosen_version_counts(side: Side, counts: str) -> None:
    theirs, mine = BASE.replace(">= 100", ">= 300"), BASE.replace(">= 100", ">= 200")

    held, parts = three(theirs, mine)

    assert [(each.by, each.before, each.theirs, each.mine) for each in parts] == [
        (Side.BOTH, '">= 100"', '">= 300"', '">= 200"')
    ]
    assert merged(held, parts, {0: side}) == BASE.replace(">= 100", counts)


def test_rows_both_have_added_both_stand_theirs_first() -> None:
    row = '  - {{id: {0}, when: {{order.amount: ">= 70"}}, then: {{size: {0}}}}}\n'
    end = "    then: {size: middle}\n"
    theirs = BASE.replace(end, end + row.format("first"))
    mine = BASE.replace(end, end + "  # why\n" + row.format("second"))

    assert result(theirs, mine) == BASE.replace(end, end + row.format("first") + "  # why\n" + row.format("second"))


def test_rows_of_the_same_id_can_both_stand() -> None:
    row = "  - {{id: new, then: {{size: {0}}}}}\n"
    theirs, mine = BASE + row.format("one"), BASE + row.format("two")

    held, parts = three(theirs, mine)

    assert [(each.sort, each.can_both) for each in parts] == [(Sort.ITEM, True)]
    assert merged(held, parts, {0: Side.MINE}) == mine
    assert merged(held, parts, {0: Side.BOTH}) == theirs + "  - {id: new-2, then: {size: two}}\n"


def test_a_rule_one_has_taken_out_and_the_other_changed_is_asked_about() -> None:
    mine = editor.remove_rule(BASE, "large")
    theirs = BASE.replace(">= 100", ">= 300")

    held, parts = three(theirs, mine)

    assert [(each.by, each.path, each.mine) for each in parts] == [(Side.BOTH, ("rules", "large"), None)]
    assert "id: large" not in merged(held, parts, {0: Side.MINE})
    assert merged(held, parts, {0: Side.THEIRS}) == theirs


def test_an_order_one_has_changed_is_taken_over_with_the_other_ones_cells() -> None:
    mine = editor.move_rule(BASE, "small", to=0)
    theirs = BASE.replace(">= 50", ">= 60")

    assert result(theirs, mine) == mine.replace(">= 50", ">= 60")


def test_an_order_both_have_changed_is_asked_about() -> None:
    mine, theirs = editor.move_rule(BASE, "small", to=0), editor.move_rule(BASE, "large", to=1)

    assert places(theirs, mine) == [("both", "order", "rules")]
    assert result(theirs, mine, Side.MINE) == mine
    assert result(theirs, mine, Side.THEIRS) == theirs


def test_comments_are_changes_too() -> None:
    mine = BASE.replace("# beside", "# mine").replace("  - id: middle", "  # added\n  - id: middle")
    theirs = BASE.replace("# the first one", "# theirs").replace(">= 100", ">= 300")

    assert result(theirs, mine) == theirs.replace("# beside", "# mine").replace("  - id: mid", "  # added\n  - id: mid")
    both = BASE.replace("# beside", "# theirs")
    assert ("both", "comment", "rules/large") in places(both, mine)
    assert "# mine" in result(both, mine, Side.MINE)


def test_both_that_say_the_same_are_no_question() -> None:
    theirs, mine = BASE.replace(">= 100", ">= 300"), BASE.replace('">= 100"', "'>= 300'")

    assert places(theirs, mine) == []


def test_texts_without_a_common_beginning_are_held_against_each_other() -> None:
    assert places(BASE, BASE.replace(">= 100", ">= 200"), "{}\n") == [("both", "item", "rules/large")]


@st.composite
def edits(draw: st.DrawFn, text: str) -> str:
    """Return a text with one to three random edits."""
    for _ in range(draw(st.integers(1, 3))):
        outline = Outline(text)
        places, lists = _inside(outline)
        try:
            if draw(st.booleans()) or not lists:
                value = draw(st.sampled_from(["> 0.2", "x: y", "B", "甲乙", ["A", "B"], "one\ntwo", None]))
                text = editor.set_value(text, draw(st.sampled_from(places)), value)
            else:
                where, count = draw(st.sampled_from(lists))
                one, other = draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))
                text = draw(st.sampled_from([_removed, _moved, _added]))(text, where, one, other)
        except SourceError:
            continue
    return text


def _removed(text: str, where: tuple[str | int, ...], one: int, _other: int) -> str:
    return editor.remove_item(text, where, one)


def _moved(text: str, where: tuple[str | int, ...], one: int, other: int) -> str:
    return editor.move_item(text, where, one, to=other)


def _added(text: str, where: tuple[str | int, ...], one: int, other: int) -> str:
    return editor.add_item(text, where, {"id": f"new-{other % 2}", "then": {"a": one}}, after=one)


def _inside(outline: Outline) -> tuple[list[tuple[str | int, ...]], list[tuple[tuple[str | int, ...], int]]]:
    values: list[tuple[str | int, ...]] = []
    lists: list[tuple[tuple[str | int, ...], int]] = []

    def walk(path: tuple[str, ...], steps: tuple[str | int, ...], node: Node) -> None:
        names = outline.names(path, node)
        if names is None:
            values.append(steps)
            return
        if isinstance(node, ListNode) and len(names) > 1:
            lists.append((steps, len(names)))
        for name in names:
            found = outline.find((*path, name))
            assert found is not None
            walk((*path, name), found.steps, found.node)

    walk((), (), outline.document.root)
    return values, lists


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(TEXTS)))
def test_every_part_has_the_version_that_counts(data: st.DataObject, name: str) -> None:
    base = TEXTS[name]
    theirs, mine = data.draw(edits(base)), data.draw(edits(base))
    held, parts = three(theirs, mine, base)
    side = data.draw(st.sampled_from([Side.THEIRS, Side.MINE]))

    text = Outline(merged(held, parts, dict.fromkeys(range(len(parts)), side)))

    for part in parts:
        if part.sort in {Sort.VALUE, Sort.ITEM}:
            source = {Side.MINE: held.mine, Side.THEIRS: held.theirs}[side if part.by is Side.BOTH else part.by]
            there, here = source.find(part.path), text.find(part.path)
            assert meaning(there and there.node) == meaning(here and here.node), part  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(TEXTS)))
def test_what_nobody_else_has_changed_comes_out_as_it_was_written(data: st.DataObject, name: str) -> None:
    base = TEXTS[name]
    mine = data.draw(edits(base))

    assert merged(*three(base, mine, base), {}, mine) == canonical(mine)
    assert merged(*three(mine, base, base), {}) == canonical(mine)
