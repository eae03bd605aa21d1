"""Nodes → the dataclasses of a document, by their grammar; every finding is noted, and what fails is None.

What fails is left out where the rest can still be looked at: a rule, a test, a key that is not required. Such a
document only serves to find what else is wrong; it is never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from policy.model.document import (
    Ask,
    Each,
    EventOptions,
    FieldOptions,
    InputItem,
    OutputOptions,
    PolicyDocument,
    ReferenceRow,
    Worked,
)
from policy.reader.leaves import Leaves
from policy.reader.sections import CHECKS, NOT_CARRIED_OUT
from policy.reader.shapes import ExpressionOr, Key, Leaf, ListOf, MapOf, Record, Shape, Word, record
from policy.values import Text
from policy.yamltext import ListNode, MapNode, Node, ScalarNode

_LIST = Text(zh="列表", en="a list")
_MAPPING = Text(zh="映射（键: 值）", en="a mapping (key: value)")
_INPUT = Text(zh="字段路径，或 {路径: {选项}}", en="a field's path, or {path: {options}}")


_WHOLE: frozenset[type[Any]] = frozenset(
    {EventOptions, FieldOptions, OutputOptions, InputItem, Ask, Worked, Each, ReferenceRow}
)
"""Parts of which nothing may be left out: what is said of their names elsewhere would look wrong."""

_NEEDED: Mapping[type[Any], set[str]] = {PolicyDocument: {"derived", "each", "section"}}
"""Keys that are not required, but of which the same is true."""


class Reading:
    """Reads the records of one text."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves

    def value(self, shape: Shape, node: Node, key: Key | None = None) -> Any:
        """Return the value of a node, or None after a finding.

        Args:
            shape: What is expected.
            node: What stands there.
            key: The key it stands under, with its bounds.
        """
        match shape:
            case _ if isinstance(node, ScalarNode) and node.is_null:
                self._leaves.null(node)
                return None
            case Leaf():
                return self._leaves.read(shape, node, key)
            case Word():
                return self._word(shape.words, node)
            case ListOf():
                return self._list(shape.item, node, key)
            case MapOf():
                return self._map(shape, node, key)
            case _:
                return self._record_or_other(shape, node)

    def fields(self, grammar: Record, node: MapNode, others: Mapping[str, str]) -> dict[str, Any]:
        """Return the values of a mapping's keys, by field; findings name missing and unknown keys.

        Args:
            grammar: The keys.
            node: The mapping.
            others: Keys of other kinds of policy, with their kind.
        """
        values: dict[str, Any] = {}
        for name, value in node.entries:
            if self._leaves.full:
                break
            key = grammar.keys.get(name.value)
            if key is not None:
                values[key.field] = self.value(key.shape, value, key)
            elif grammar.rest is None:
                self._unknown_key(grammar, name, others)
            if name.value in NOT_CARRIED_OUT.get(grammar.of, ()):
                self._leaves.find("not-carried-out", name, found=name.value)
        for key in grammar.keys.values():
            if key.required and node.get(key.name) is None:
                self._leaves.find("missing-key", node, expected=key.name)
        return values

    def built(self, grammar: Record, node: MapNode, values: Mapping[str, Any]) -> Any:
        """Return the dataclass of a mapping's values, checked in itself; None where a key it needs failed."""
        needed = {key.field for key in grammar.keys.values() if key.required or grammar.of in _WHOLE}
        needed |= _NEEDED.get(grammar.of, set())
        failed = {name for name, value in values.items() if value is None}
        missing = any(key.required and key.field not in values for key in grammar.keys.values())
        if missing or failed & needed:
            return None
        made = grammar.of(**{name: value for name, value in values.items() if name not in failed})
        for check in CHECKS.get(grammar.of, ()) if not failed else ():
            for code, where, said in check(made):
                self._leaves.find(code, _led(node, where), **said)
        return made

    def _unknown_key(self, grammar: Record, name: ScalarNode, others: Mapping[str, str]) -> None:
        if name.value in others:
            self._leaves.find("key-of-other-kind", name, found=name.value, expected=others[name.value])
            return
        known = tuple(grammar.keys)
        suggestion = self._leaves.near(name.value, known)
        self._leaves.find("unknown-key", name, found=name.value, expected=known, **suggestion)

    def _record_or_other(self, shape: Record | ExpressionOr, node: Node) -> Any:
        if isinstance(shape, Record):
            return self._input(node) if shape.of is InputItem else self._record(shape, node)
        if isinstance(node, MapNode):
            return self._record(shape.chosen([name.value for name, _ in node.entries]), node)
        return self._leaves.expression(node)

    def _record(self, grammar: Record, node: Node) -> Any:
        if not isinstance(node, MapNode):
            self._leaves.wrong(_MAPPING, node)
            return None
        values = self.fields(grammar, node, {})
        if grammar.rest is not None:
            rest = [(name.value, value) for name, value in node.entries if name.value not in grammar.keys]
            values[grammar.rest] = {name: self._leaves.raw(value) for name, value in rest}
        values["place"] = self._leaves.place(node)
        if "places" in grammar.of.__dataclass_fields__:
            values["places"] = {name.value: self._leaves.place(name) for name, _ in node.entries}
        return self.built(grammar, node, values)

    def _input(self, node: Node) -> InputItem | None:
        if isinstance(node, ScalarNode):
            path, place = self._leaves.read(Leaf.PATH, node), self._leaves.place(node)
            return InputItem(path, FieldOptions(place), place) if path else None
        if not isinstance(node, MapNode) or len(node.entries) != 1:
            self._leaves.wrong(_INPUT, node)
            return None
        name, value = node.entries[0]
        path, options = self._leaves.read(Leaf.PATH, name), self.value(record(FieldOptions), value)
        return InputItem(path, options, self._leaves.place(name)) if path and options else None

    def _list(self, item: Shape, node: Node, key: Key | None) -> tuple[Any, ...] | None:
        if not isinstance(node, ListNode):
            self._leaves.wrong(_LIST, node)
            return None
        if not self._is_enough(node, len(node.items), key):
            return None
        items = tuple(None if self._leaves.full else self.value(item, each) for each in node.items)
        if isinstance(item, Record):
            self._find_doubles([_known_by(item, each) for each in node.items], "duplicate-id")
        else:
            self._find_doubles(node.items, "duplicate-item")
        sound = tuple(each for each in items if each is not None)
        may_leave_out = isinstance(item, Record) and item.of not in _WHOLE and bool(sound)
        return sound if may_leave_out or len(sound) == len(items) else None

    def _map(self, shape: MapOf, node: Node, key: Key | None) -> dict[str, Any] | None:
        if not isinstance(node, MapNode):
            self._leaves.wrong(_MAPPING, node)
            return None
        if not self._is_enough(node, len(node.entries), key):
            return None
        names = [self._leaves.read(shape.name, name) for name, _ in node.entries]
        values = {name.value: self.value(shape.value, value) for name, value in node.entries}
        return values if all(names) and all(value is not None for value in values.values()) else None

    def _is_enough(self, node: Node, count: int, key: Key | None) -> bool:
        if key and key.least and count < key.least:
            self._leaves.find("too-few", node, found=count, expected=key.least)
            return False
        return True

    def _find_doubles(self, nodes: Iterable[Node | None], code: str) -> None:
        lines: dict[str, int] = {}
        for node in nodes:
            if isinstance(node, ScalarNode) and node.value in lines:
                self._leaves.find(code, node, found=node.value, first=lines[node.value])
            elif isinstance(node, ScalarNode):
                lines[node.value] = node.line

    def _word(self, words: type[StrEnum], node: Node) -> StrEnum | None:
        known = tuple(map(str, words))
        if not isinstance(node, ScalarNode):
            self._leaves.wrong(Text(zh="、".join(known), en=", ".join(known)), node)
            return None
        if node.value in known:
            return words(node.value)
        suggestion = self._leaves.near(node.value, known)
        self._leaves.find("unknown-word", node, found=node.value, expected=known, **suggestion)
        return None


def _known_by(grammar: Record, item: Node) -> Node | None:
    """Return what an item of a list is known by: its id, or the path of an input."""
    if not isinstance(item, MapNode):
        return item
    if grammar.of is InputItem:
        return item.entries[0][0] if item.entries else None
    return item.get("id")


def _led(node: Node, where: Iterable[str | int]) -> Node:
    """Return the node to which keys and positions lead."""
    for step in where:
        if isinstance(step, str) and isinstance(node, MapNode):
            node = node.get(step) or node
        elif isinstance(step, int) and isinstance(node, ListNode):
            node = node.items[step]
    return node
