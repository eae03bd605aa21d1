"""The splices that set, add and take out parts of a document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from policy.editor.places import Document, Where, not_found, position
from policy.editor.regions import items, pairs
from policy.editor.splices import Splice
from policy.editor.writing import Value, flow, pair, scalar
from policy.reader.scalars import is_number
from policy.values import Text, plain
from policy.yamltext import ListNode, MapNode, Node, ScalarNode, quoted

_WIDEST = 120
"""Columns an item is written on one line with; a longer one gets a line for each of its keys."""

_STEP = 2
"""Spaces by which a new line is indented under its key."""


def setting(document: Document, where: Where, value: Value) -> list[Splice]:
    """Return the change that gives a part a value; keys that are missing on the way are added.

    Raises:
        SourceError: an item of a list, or something that cannot have keys, is missing on the way.
    """
    chain = document.chain(where)
    missing = where[len(chain) - 1 :]
    inside = any(not isinstance(node, ScalarNode) and node.flow for node in chain[: len(where)])
    if not missing:
        return _changed(document.text, chain[-1], value, -1 if inside else _indent(chain[-2:]))
    first, *rest = missing
    holder = chain[-1]
    if not isinstance(holder, MapNode) or not all(isinstance(step, str) for step in missing):
        raise not_found(first, holder)
    for step in reversed(rest):
        value = {str(step): value}
    return _with_pair(document.text, holder, str(first), value)


def removing(document: Document, where: Where) -> list[Splice]:
    """Return the change that takes a key or an item out.

    Raises:
        SourceError: nothing is there.
    """
    holder, last = document.node(where[:-1]), where[-1]
    if isinstance(holder, ListNode):
        index, regions, empty = position(holder, last), items(document.text, holder), "[]"
    elif isinstance(holder, MapNode) and (entry := holder.entry(str(last))):
        index, regions, empty = holder.entries.index(entry), pairs(document.text, holder), "{}"
    else:
        raise not_found(last, holder)
    return regions.removed(index) if len(regions.spans) > 1 else replaced(document.text, holder, empty)


def adding(document: Document, where: Where, item: Value, index: int | None) -> list[Splice]:
    """Return the change that puts an item into a list, which is begun where there is none.

    Args:
        document: The document.
        where: The list.
        item: The item.
        index: Where it will be; None: at the end.
    """
    chain = document.chain(where)
    if len(chain) <= len(where):
        return _begun(document, where, item)
    node = document.list(where)
    if not node.items:
        return replaced(document.text, node, f"[{flow(item)}]")
    regions = items(document.text, node)
    written = flow(item) if node.flow else _item(item, regions.indent)
    return [regions.added(len(node.items) if index is None else index, written)]


def _begun(document: Document, where: Where, item: Value) -> list[Splice]:
    holder = document.node(where[:-1])
    if not isinstance(holder, MapNode) or not isinstance(where[-1], str):
        raise not_found(where[-1], holder)
    if holder.flow or not holder.entries:
        return _with_pair(document.text, holder, where[-1], [item])
    regions = pairs(document.text, holder)
    indent = regions.indent + _STEP
    written = f"{flow(where[-1])}:\n{' ' * indent}{_item(item, indent)}"
    return [regions.added(len(holder.entries), written)]


def _item(item: Value, indent: int) -> str:
    """Write an item after a dash: on one line, or, where that is long, its keys on lines of their own."""
    line = f"- {flow(item)}"
    if not isinstance(item, Mapping) or (len(item) > 1 and indent + len(line) <= _WIDEST):
        return line
    below = indent + _STEP
    keys = [f"{flow(key)}: {scalar(value, None, below + _STEP)}" for key, value in item.items()]
    return "- " + f"\n{' ' * below}".join(keys)


def _with_pair(text: str, node: MapNode, key: str, value: Value) -> list[Splice]:
    if not node.entries:
        return replaced(text, node, f"{{{pair(key, value)}}}")
    if node.flow and text[node.start] != "{":
        return [Splice(node.start, node.end, f"{{{text[node.start : node.end]}, {pair(key, value)}}}")]
    regions = pairs(text, node)
    written = pair(key, value) if node.flow else f"{flow(key)}: {scalar(value, None, regions.indent + _STEP)}"
    return [regions.added(_place_of(node, key), written)]


def _place_of(node: MapNode, key: str) -> int:
    """Return where a new key goes: a condition after its id, everything else at the end."""
    first = node.entries[0][0].value
    return 1 if key == "when" and first == "id" else len(node.entries)


def _changed(text: str, node: Node, value: Value, indent: int) -> list[Splice]:
    """Return the change from a node to a value; where both hold the same keys or as many items, only what differs."""
    if isinstance(value, Text) and isinstance(node, MapNode):
        value = {"zh": value.zh, "en": value.en}
    if _is_same(node, value):
        return []
    if (
        isinstance(node, MapNode)
        and isinstance(value, Mapping)
        and {key.value for key, _ in node.entries} == set(value)
    ):
        inner = -1 if node.flow or indent < 0 else node.column - 1 + _STEP
        return [each for key, below in node.entries for each in _changed(text, below, value[key.value], inner)]
    beside = text[node.end : text.index("\n", node.end)].strip()
    written = quoted(value) if isinstance(value, str) and "\n" in value and beside else scalar(value, node, indent)
    return replaced(text, node, written)


def replaced(text: str, node: Node, written: str) -> list[Splice]:
    """Return the change that writes something in the place of a node; after lines, on the line of its key."""
    start = node.start
    if not isinstance(node, ScalarNode) and not node.flow:
        before = text[:start].rstrip(" \n")
        start = start if "#" in before[before.rfind("\n") + 1 :] else len(before)
    parted = start > 0 and text[start - 1] in ":-"
    return [Splice(start, node.end, f" {written}" if parted else written)]


def _indent(ends: list[Node]) -> int:
    """Return the spaces before further lines of a text that stands in the last node."""
    holder = ends[0]
    return holder.column - 1 + _STEP


def _is_same(node: Node, value: Value) -> bool:
    match value:
        case bool():
            return isinstance(node, ScalarNode) and not node.style and node.value == ("true" if value else "false")
        case int() | Decimal():
            return isinstance(node, ScalarNode) and not node.style and node.value == plain(Decimal(value))
        case str():
            return isinstance(node, ScalarNode) and node.value == value and _is_text(node)
        case Text():
            return value.zh == value.en and _is_same(node, value.zh)
        case Mapping():
            entries = node.entries if isinstance(node, MapNode) else ()
            keys = [key.value for key, _ in entries]
            return keys == list(value) and all(_is_same(below, value[key.value]) for key, below in entries)
        case _:
            below = node.items if isinstance(node, ListNode) else None
            return below is not None and len(below) == len(value) and all(map(_is_same, below, value))


def _is_text(node: ScalarNode) -> bool:
    return bool(node.style) or not (is_number(node.value) or node.value in {"true", "false"} or node.is_null)
