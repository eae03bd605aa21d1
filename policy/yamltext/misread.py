"""What YAML reads without complaint, but differently from what stands there.

A text cut by ` #`, a value split at a comma inside brackets, a range taken for a list: each gets a finding that
says to put it in quotes, with the line put right. A comment after a complete value is a comment: the text
counts as cut where `#` touches the next letter, or where what is left of it has a quote or bracket open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy.yamltext.collector import Collector, around, shown
from policy.yamltext.nodes import Node, ScalarNode
from policy.yamltext.quoting import quoted

_COMMENT = re.compile(r"[ \t]+#(?P<body>.*)")
TRUE_COMMENT = re.compile(r"[ \t]+#(?=[ \t#]|$)")
_COMPLETE = re.compile(r"-?[0-9][0-9.]*|true|false")
_RANGE = re.compile(r".*[^.]\.\.[^.].*", re.DOTALL)
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+")
_MOST_PARTS = 12
"""Parts into which an expression in a list is split at most; beyond, nobody can tell what was meant."""


def unbalanced(text: str) -> bool:
    """Say whether a quote or a bracket stays open in `text`.

    Example:
        >>> unbalanced('name = "A'), unbalanced("f(a"), unbalanced("]1..5["), unbalanced('not("(")')
        (True, True, False, False)
    """
    pieces = text.split('"')
    outside = "".join(pieces[::2])
    opened = sum(map(outside.count, "([{"))
    return len(pieces) % 2 == 0 or opened != sum(map(outside.count, ")]}"))


class Misreadings:
    """Looks at nodes as they are put together, and notes those that were misread."""

    def __init__(self, text: str, collector: Collector) -> None:
        self._text = text
        self._collector = collector

    def scalar(self, node: ScalarNode) -> ScalarNode:
        """Return a plain value as meant: where a comment cuts it, the whole of it as if quoted."""
        if self._text[node.end : node.end + 1] not in {" ", "\t"}:
            return node
        comment = _COMMENT.match(self._text, node.end)
        if comment is None or not self._cuts(node.value, comment["body"]):
            return node
        line_end = comment.end()
        true_comment = TRUE_COMMENT.search(self._text, comment.start("body"), line_end)
        end = true_comment.start() if true_comment else line_end
        start = node.start if node.value else comment.start("body") - 1
        whole = self._text[start:end].rstrip()
        rest = self._text[node.end : end].strip()
        self._note("cut-by-comment", start, start + len(whole), found=rest)
        return ScalarNode(whole, '"', start, start + len(whole), node.line, node.column)

    def pairs(self, entries: Sequence[tuple[ScalarNode, Node]]) -> list[tuple[ScalarNode, Node]]:
        """Return the pairs of a mapping in braces, without those that a comma split off from the one before."""
        kept: list[tuple[ScalarNode, Node]] = []
        tails: dict[int, ScalarNode] = {}
        for key, value in entries:
            if kept and isinstance(kept[-1][1], ScalarNode) and ":" not in self._text[key.end : value.start + 1]:
                tails[len(kept) - 1] = key
            else:
                kept.append((key, value))
        for index, last in tails.items():
            self._split(kept[index][1], last)
        return kept

    def range(self, items: Sequence[Node], start: int, end: int) -> str | None:
        """Return the text of a list in brackets, from `start` to `end`, that is a range; None of any other."""
        first = items[0] if len(items) == 1 else None
        if not isinstance(first, ScalarNode) or first.style or not _RANGE.fullmatch(first.value):
            return None
        found = self._text[start:end]
        self._note("range-as-list", start, end, found=found)
        return found

    def items(self, items: Sequence[Node]) -> None:
        """Look at a list in brackets: an expression split at its commas."""
        for number, item in enumerate(items[:-1]):
            if isinstance(item, ScalarNode) and not item.style and unbalanced(item.value):
                self._rejoin(item, items[number + 1 : number + 1 + _MOST_PARTS])
                return

    def refuse(self, code: str, start: int, end: int) -> None:
        """Note what YAML takes for its own: a tag, an anchor or an alias."""
        self._note(code, start, end, found=self._text[start:end])

    def _rejoin(self, item: ScalarNode, others: Sequence[Node]) -> None:
        for other in others:
            if not unbalanced(self._text[item.start : other.end]):
                self._split(item, other)
                return

    def _split(self, value: Node, last: Node) -> None:
        found = self._text[value.start : last.end]
        if _GROUPED.fullmatch(found):
            begin = self._text.rfind("\n", 0, value.start) + 1
            place = self._collector.place(value.line, value.start - begin + 1)
            self._collector.add("feel-thousands", place, len(found), found=found, expected=found.replace(",", ""))
        else:
            self._note("split-at-comma", value.start, last.end, found=found)

    def _note(self, code: str, start: int, end: int, found: str) -> None:
        line = self._text.count("\n", 0, start) + 1
        begin = self._text.rfind("\n", 0, start) + 1
        place = self._collector.place(line, start - begin + 1)
        span = self._text[start:end]
        if "\n" in span:
            self._collector.add(code, place, found=shown(found))
            return
        line_end = self._text.index("\n", end)
        mended = around(self._text[begin:start], quoted(span), self._text[end:line_end])
        self._collector.add(code, place, len(span), found=shown(found), mended=mended)

    @staticmethod
    def _cuts(value: str, comment: str) -> bool:
        if _COMPLETE.fullmatch(value):
            return False
        return unbalanced(value) or comment[:1] not in {"", " ", "\t", "#"}
