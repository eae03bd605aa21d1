"""Finding a part of a document by the keys, ids and positions that lead to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy.errors import Finding, Place, SourceError
from policy.messages import Said
from policy.yamltext import ListNode, MapNode, Node, ScalarNode, canonical, compose

Where = Sequence[str | int]
"""What leads to a part from the top: keys of mappings; in lists the id of an item, or its position from 0.

An input is known by its path, a row of `bands` and `grades` by its `from`, a test by its name.
"""

_KNOWN_BY = ("id", "from", "name")


class Document:
    """A document that is being edited.

    Attributes:
        text: Its canonical text.
        root: Its top mapping.
    """

    def __init__(self, text: str) -> None:
        self.text = canonical(text)
        composed = compose(self.text, "<text>")
        if composed.collector.refused:
            raise SourceError(composed.collector.findings)
        if not isinstance(composed.root, MapNode):
            raise refused("unknown-document", None, expected=("policy", "vocabulary", "reference"))
        self.root = composed.root

    def chain(self, where: Where) -> list[Node]:
        """Return the nodes from the top to the last one that is there on the way to a part."""
        chain: list[Node] = [self.root]
        for step in where:
            below = _below(chain[-1], step)
            if below is None:
                break
            chain.append(below)
        return chain

    def node(self, where: Where) -> Node:
        """Return the node of a part.

        Raises:
            SourceError: nothing is there.
        """
        chain = self.chain(where)
        if len(chain) <= len(where):
            raise not_found(where[len(chain) - 1], chain[-1])
        return chain[-1]

    def list(self, where: Where) -> ListNode:
        """Return the list at a part.

        Raises:
            SourceError: there is no list.
        """
        node = self.node(where)
        if not isinstance(node, ListNode):
            raise not_found(where[-1], node)
        return node


def position(node: ListNode, which: str | int) -> int:
    """Return the position of a list's item.

    Raises:
        SourceError: there is no such item.
    """
    found = which if isinstance(which, int) else next(_positions(node, which), -1)
    if not 0 <= found < len(node.items):
        raise not_found(which, node)
    return found


def known_by(item: Node) -> ScalarNode | None:
    """Return the scalar a list's item is known by: its id, `from` or name, its only key, or itself."""
    if isinstance(item, MapNode):
        for key in _KNOWN_BY:
            value = item.get(key)
            if isinstance(value, ScalarNode):
                return value
        return item.entries[0][0] if len(item.entries) == 1 else None
    return item if isinstance(item, ScalarNode) else None


def refused(code: str, node: Node | None, **values: Said) -> SourceError:
    """Return the error of an edit that cannot be made."""
    place = Place("<text>", node.line, node.column) if node else Place("<text>", 1, 1)
    return SourceError([Finding(code, place, values)])


def not_found(which: str | int, inside: Node) -> SourceError:
    """Return the error that says a part is not there (any more)."""
    return refused("edit-not-found", inside, found=which)


def _positions(node: ListNode, known: str) -> Iterator[int]:
    for number, item in enumerate(node.items):
        own = known_by(item)
        if own is not None and own.value == known:
            yield number


def _below(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MapNode) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, ListNode):
        found = step if isinstance(step, int) else next(_positions(node, step), -1)
        return node.items[found] if 0 <= found < len(node.items) else None
    return None
