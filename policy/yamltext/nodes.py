"""The nodes of a YAML text: what stands where, before anything has a meaning.

Offsets count code points of the text from 0, lines and columns count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One scalar.

    Attributes:
        value: Its text, without quoting; empty where nothing is written.
        style: Its quote or block indicator: one of `"`, `'`, `|`, `>`; empty when plain.
        start: Offset where it begins, at its quote or indicator.
        end: Offset after its last code point.
        line: Line where it begins.
        column: Column where it begins.
    """

    value: str
    style: str
    start: int
    end: int
    line: int
    column: int

    @property
    def is_null(self) -> bool:
        """Say whether it is YAML's own null."""
        return not self.style and self.value in {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list; `flow` when written in brackets. `start` and `end` bound its first and last code point."""

    items: tuple[Node, ...]
    flow: bool
    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping with unique keys; `flow` when written in braces."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    flow: bool
    start: int
    end: int
    line: int
    column: int

    def entry(self, key: str) -> tuple[ScalarNode, Node] | None:
        """Return the key and the value of `key`."""
        return next((entry for entry in self.entries if entry[0].value == key), None)

    def get(self, key: str) -> Node | None:
        """Return the value of `key`."""
        entry = self.entry(key)
        return entry and entry[1]


Node = ScalarNode | ListNode | MapNode
