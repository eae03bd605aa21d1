"""What the parts of a text are called when several texts are held against each other, and what each of them means.

Items of a list are known by their id, `from` or name; rows of a reference table by their key columns and `from`. A list
whose items have no names of their own is one value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.editor.places import Document, known_by
from policy.reader.scalars import is_number
from policy.yamltext import ListNode, MapNode, Node, ScalarNode

Path = tuple[str, ...]
"""What leads to a part: keys of mappings, names of items."""

Meaning = object
"""What a node means: equal for two nodes that say the same."""

_OPEN_LISTS = frozenset({("inputs",)})
"""Lists that are told item by item although their items are single values."""


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a text.

    Attributes:
        steps: Its path with positions in place of the names of items.
        key: Of a pair its key; None for an item, and for the whole.
        holder: What it stands in; None for the whole.
        inside: Whether it stands inside brackets.
    """

    node: Node
    steps: tuple[str | int, ...] = ()
    key: ScalarNode | None = None
    holder: Node | None = None
    inside: bool = False

    @property
    def index(self) -> int:
        """Return its place in what it stands in, from 0."""
        if isinstance(self.holder, ListNode):
            return int(self.steps[-1])
        entries = self.holder.entries if isinstance(self.holder, MapNode) else ()
        return next((at for at, (key, _) in enumerate(entries) if key is self.key), 0)


class Outline:
    """A text with names for all its parts.

    Attributes:
        text: Canonical text.
    """

    def __init__(self, text: str) -> None:
        self.document = Document(text)
        self.text = self.document.text
        key = self.document.root.get("key")
        columns = key.items if isinstance(key, ListNode) else ()
        self._columns = [each.value for each in columns if isinstance(each, ScalarNode)]
        self._names: dict[int, dict[str, int] | None] = {}
        self._found: dict[Path, Found | None] = {(): Found(self.document.root)}

    def find(self, path: Sequence[str]) -> Found | None:
        """Return a part, None where there is none."""
        whole = tuple(path)
        if whole not in self._found:  # walks go down step by step, so what it stands in is known already
            holder = self.find(whole[:-1])
            self._found[whole] = None if holder is None else self._below(holder, whole[:-1], whole[-1])
        return self._found[whole]

    def names(self, path: Path, node: Node) -> list[str] | None:
        """Return what the parts of a node are called, in order; None where it is one value."""
        if isinstance(node, MapNode):
            return [key.value for key, _ in node.entries]
        if isinstance(node, ScalarNode):
            return None
        places = self._places(path, node)
        return None if places is None else list(places)

    def at(self, line: int, column: int) -> Path:
        """Return the innermost part that stands at a place, both counted from 1; the whole where there is none."""
        offset = sum(map(len, self.text.splitlines(keepends=True)[: line - 1])) + column - 1
        path: Path = ()
        while (step := self._step(path, offset)) is not None:
            path = (*path, step)
        return path

    def _step(self, path: Path, offset: int) -> str | None:
        """Return the part of a part that an offset lies in."""
        found = self.find(path)
        below = (
            [] if found is None else [(name, self.find((*path, name))) for name in self.names(path, found.node) or ()]
        )
        spans = [(name, (each.key or each.node).start, each.node.end) for name, each in below if each is not None]
        return next((name for name, start, end in spans if start <= offset < max(end, start + 1)), None)

    def said(self, node: Node) -> str:
        """Return a node as it is written, further lines moved to the left."""
        first, *rest = self.text[node.start : node.end].rstrip("\n").split("\n")
        depth = node.column - 1
        return "\n".join([first, *(line[min(depth, len(line) - len(line.lstrip(" "))) :] for line in rest)])

    def _below(self, found: Found, path: Path, step: str) -> Found | None:
        node = found.node
        inside = found.inside or (not isinstance(node, ScalarNode) and node.flow)
        if isinstance(node, MapNode):
            entry = node.entry(step)
            return None if entry is None else Found(entry[1], (*found.steps, step), entry[0], node, inside)
        at = None if isinstance(node, ScalarNode) else (self._places(path, node) or {}).get(step)
        if at is None or not isinstance(node, ListNode):
            return None
        return Found(node.items[at], (*found.steps, at), None, node, inside)

    def _places(self, path: Path, node: ListNode) -> dict[str, int] | None:
        if node.start not in self._names:
            names = self._of_items(path, node)
            self._names[node.start] = None if names is None else {name: at for at, name in enumerate(names)}
        return self._names[node.start]

    def _of_items(self, path: Path, node: ListNode) -> list[str] | None:
        if all(isinstance(each, ScalarNode) for each in node.items) and path not in _OPEN_LISTS and node.items:
            return None
        names = [self._name(path, each) for each in node.items]
        found = [each for each in names if each]
        return found if len(set(found)) == len(names) else None

    def _name(self, path: Path, item: Node) -> str:
        if path == ("rows",) and self._columns and isinstance(item, MapNode):
            cells = [item.get(each) for each in (*self._columns, "from")]
            return " · ".join(each.value for each in cells if isinstance(each, ScalarNode))
        own = known_by(item)
        told = item.get("name") if own is None and isinstance(item, MapNode) else None
        if isinstance(told, MapNode):  # a test may be named in both languages
            return " · ".join(value.value for _, value in told.entries if isinstance(value, ScalarNode))
        return "" if own is None else own.value


def meaning(node: Node | None) -> Meaning:
    """Return what a node means: quotes that change nothing, comments and the order of keys are left out."""
    if node is None:
        return None
    if isinstance(node, ScalarNode):
        literal = not node.style and (is_number(node.value) or node.value in {"true", "false"} or node.is_null)
        return (node.value, literal)
    if isinstance(node, ListNode):
        return tuple(map(meaning, node.items))
    pairs: Mapping[str, Meaning] = {key.value: meaning(value) for key, value in node.entries}
    return frozenset(pairs.items())
