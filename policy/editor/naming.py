"""Where a document names the items of its lists by their id: what a new id has to change too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.editor.places import Where
from policy.yamltext import ListNode, MapNode, Node, ScalarNode

RULES = ("rules",)


def naming(root: MapNode, where: Where) -> Iterator[ScalarNode]:
    """Yield the scalars that name items of a list: hits for rules; outcomes, results and `late` for sections."""
    expected = _expected(root)
    if tuple(where) == RULES:
        for hits in hit_lists(root):
            yield from _scalars(hits)
        return
    rules = [rule for rule in _items(root.get("rules")) if isinstance(rule, MapNode)]
    given = [rule.get("then") for rule in rules] + [expect.get("outcome") for expect in expected]
    for output in _outputs_of(root, str(where[-1])):
        for outcome in given:
            yield from _scalars(outcome.get(output) if isinstance(outcome, MapNode) else None)
        yield from _scalars(_default(root, output))
    results = [result for each in expected if isinstance(result := each.get("result"), MapNode)]
    rows = [row for result in results for row in _items(result.get(str(where[-1]))) if isinstance(row, MapNode)]
    for row in rows:
        yield from _scalars(row.get("id"))
    if tuple(where) == ("stages",):
        for stage in (*_items(root.get("stages")), *rows):
            yield from _scalars(stage.get("late") if isinstance(stage, MapNode) else None)


def hit_lists(root: MapNode) -> Iterator[ListNode]:
    """Yield the lists of rules that tests expect to hit, under `each` one for each item."""
    for expect in _expected(root):
        yield from _lists(expect.get("hits"))


def _lists(node: Node | None) -> Iterator[ListNode]:
    if isinstance(node, ListNode):
        yield node
        for each in node.items:
            yield from _lists(each)


def _expected(root: MapNode) -> list[MapNode]:
    tests = [test for test in _items(root.get("tests")) if isinstance(test, MapNode)]
    return [each for test in tests if isinstance(each := test.get("expect"), MapNode)]


def _outputs_of(root: MapNode, section: str) -> list[str]:
    outputs = root.get("outputs")
    entries = outputs.entries if isinstance(outputs, MapNode) else ()
    typed_by = [(name.value, options.get("of")) for name, options in entries if isinstance(options, MapNode)]
    return [name for name, of in typed_by if isinstance(of, ScalarNode) and of.value == section]


def _default(root: MapNode, output: str) -> Node | None:
    """Return what an output is where no rule gives it."""
    outputs = root.get("outputs")
    options = outputs.get(output) if isinstance(outputs, MapNode) else None
    return options.get("default") if isinstance(options, MapNode) else None


def _items(node: Node | None) -> Sequence[Node]:
    return node.items if isinstance(node, ListNode) else ()


def _scalars(node: Node | None) -> list[ScalarNode]:
    listed = _items(node) if isinstance(node, ListNode) else [node]
    return [each for each in listed if isinstance(each, ScalarNode)]
