"""The stretch of text that belongs to each item of a list and each pair of a mapping, and changes of their order.

Inside brackets a region is the item itself. On lines of its own it is whole lines: the comment lines right above
it, the item, what follows it on its last line, and comment lines below that are indented deeper than it. What lies
between regions (commas, blank lines, comments that stand apart) belongs to nobody and stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.editor.splices import Splice
from policy.yamltext import ListNode, MapNode, Node


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions of a list's items or a mapping's pairs.

    Attributes:
        text: The document.
        flow: True inside brackets.
        indent: Spaces before an item that stands on lines of its own.
        spans: Start and end offset of each region, in order.
    """

    text: str
    flow: bool
    indent: int
    spans: tuple[tuple[int, int], ...]

    def moved(self, index: int, to: int) -> list[Splice]:
        """Return the change that moves one item, the others keeping their order.

        Args:
            index: Where it is.
            to: Where it will be.
        """
        order = list(range(len(self.spans)))
        order.insert(to, order.pop(index))
        return [Splice(*self.spans[slot], self._of(item)) for slot, item in enumerate(order) if slot != item]

    def removed(self, index: int) -> list[Splice]:
        """Return the change that takes one of several items out, with what parted it from its neighbour."""
        start, end = self.spans[index]
        if index:
            gap = self.spans[index - 1][1], start
            whole, apart = Splice(gap[0], end, ""), [self._parting(*gap, last=True), Splice(start, end, "")]
        else:
            gap = end, self.spans[1][0]
            whole, apart = Splice(start, gap[1], ""), [Splice(start, end, ""), self._parting(*gap, last=False)]
        return apart if "#" in self.text[slice(*gap)] else [whole]

    def added(self, index: int, written: str) -> Splice:
        """Return the change that puts an item in.

        Args:
            index: Where it will be; the list holds at least one item.
            written: The item as it stands on one line, or on several with their indentation.
        """
        parting, written = (", ", written) if self.flow else ("\n", " " * self.indent + written)
        if index:
            end = self.spans[index - 1][1]
            return Splice(end, end, parting + written)
        start = self.spans[0][0]
        return Splice(start, start, written + parting)

    def begin(self, index: int, item: Node) -> int:
        """Return where an item begins without the comment lines above it."""
        if self.flow:
            return item.start
        return max(self.spans[index][0], self.text.rfind("\n", 0, _dash(self.text, item.start)) + 1)

    def _of(self, index: int) -> str:
        return self.text[slice(*self.spans[index])]

    def _parting(self, start: int, end: int, *, last: bool) -> Splice:
        """Return the removal of what parts two items, and not of the comments beside it."""
        mark = "," if self.flow else "\n"
        at = self.text.rfind(mark, start, end) if last and not self.flow else self.text.find(mark, start, end)
        return Splice(at, at + 1, "")


def items(text: str, node: ListNode) -> Regions:
    """Return the regions of a list's items."""
    if node.flow:
        return Regions(text, node.flow, 0, tuple((item.start, item.end) for item in node.items))
    starts = [_dash(text, item.start) for item in node.items]
    return _lines(text, starts, [item.end for item in node.items])


def pairs(text: str, node: MapNode) -> Regions:
    """Return the regions of a mapping's pairs."""
    if node.flow:
        return Regions(text, node.flow, 0, tuple((key.start, value.end) for key, value in node.entries))
    return _lines(text, [key.start for key, _ in node.entries], [value.end for _, value in node.entries])


def _dash(text: str, start: int) -> int:
    """Return the offset of the dash before an item, which may stand on an earlier line."""
    begin = text.rfind("\n", 0, start) + 1
    if "-" in text[begin:start]:
        return text.rindex("-", begin, start)
    while text[begin:].lstrip(" ")[:1] != "-":
        begin = text.rfind("\n", 0, begin - 1) + 1
    return text.index("-", begin)


def _lines(text: str, starts: Sequence[int], ends: Sequence[int]) -> Regions:
    first = text.rfind("\n", 0, starts[0]) + 1
    indent = starts[0] - first
    own_lines = text[first : starts[0]].isspace() or not indent
    spans: list[tuple[int, int]] = []
    bound = 0
    for start, end in zip(starts, ends, strict=True):
        begin = _above(text, start - indent, bound) if own_lines else start
        finish = _below(text, end, indent)
        spans.append((begin, finish))
        bound = finish + 1
    return Regions(text, flow=False, indent=indent, spans=tuple(spans))


def _above(text: str, begin: int, bound: int) -> int:
    """Return where the comment lines right above a line begin."""
    while begin > bound:
        before = text.rfind("\n", 0, begin - 1) + 1
        if before < bound or not text[before:begin].lstrip(" ").startswith("#"):
            break
        begin = before
    return begin


def _below(text: str, end: int, indent: int) -> int:
    """Return the end of the line on which an item ends, or of the deeper comment lines below it."""
    finish = text.index("\n", end)
    while True:
        after = text.find("\n", finish + 1)
        line = text[finish + 1 : after]
        if after < 0 or not line.startswith(" " * (indent + 1)) or not line.lstrip(" ").startswith("#"):
            return finish
        finish = after
