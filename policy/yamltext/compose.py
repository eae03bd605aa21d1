"""A text's nodes with every finding YAML can give: the entrance of the package.

A line YAML cannot read is mended, a bounded number of times, and the whole is read again, so that one slip does
not hide the rest; places are those of the text as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from policy.yamltext.collector import Collector, Mend, around, shown
from policy.yamltext.nodes import Node
from policy.yamltext.parse import LOADER, parse
from policy.yamltext.syntax import explain, mend

MOST_MENDS = 20
"""Lines mended at most, to read on."""

MOST_REREAD = 1 << 16
"""Code points read again at most after mends: it keeps the refusal of a text that YAML cannot read quick."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A text taken apart.

    Attributes:
        root: Its node; None when the text could not be read to its end.
        text: The text the nodes' offsets count in: the author's, with what had to be mended mended.
        collector: The findings so far; takes those of later readers.
    """

    root: Node | None
    text: str
    collector: Collector


def compose(text: str, name: str, loader: Any = LOADER) -> Composed:
    """Take a canonical text apart.

    Args:
        text: Canonical text.
        name: What places call it.
        loader: PyYAML's loader class, libyaml's where there is one.

    Returns:
        Its nodes and findings; there is a root or a finding of grade error, or both.
    """
    mends: list[Mend] = []
    spent = 0
    while True:
        collector = Collector(name, tuple(mends))
        parsed = parse(text, collector, loader)
        if parsed.fault is None:
            break
        change = mend(text, parsed.fault, loader) if len(mends) < MOST_MENDS else None
        if change is None:
            explain(text, parsed.fault, collector)
            break
        text = _mended(text, change)
        mends.append(change)
        spent += parsed.fault.offset
        if spent > MOST_REREAD:
            break
    _note_mends(text, mends, collector)
    if parsed.root is None and not collector.findings:
        collector.add("empty-document", collector.place(1, 1))
    return Composed(parsed.root, text, collector)


def _mended(text: str, change: Mend) -> str:
    lines = text.split("\n", change.line)
    line = lines[change.line - 1]
    lines[change.line - 1] = line[: change.start] + change.mended + line[change.start + len(change.found) :]
    return "\n".join(lines)


def _note_mends(text: str, mends: list[Mend], collector: Collector) -> None:
    lines = text.split("\n", max((change.line for change in mends), default=0))
    for number, change in enumerate(mends):
        place = Collector(collector.name, mends[:number]).place(change.line, change.start + 1)
        code, found = _said(change)
        line, end = lines[change.line - 1], change.start + len(change.mended)
        mended = around(line[: change.start], line[change.start : end], line[end:])
        collector.add(code, place, len(change.found), found=shown(found), mended=mended)


def _said(change: Mend) -> tuple[str, str]:
    """Return the code of a mend's finding, and what it names."""
    if change.mended == ": ":
        return "colon-without-space", change.found
    value, comment, rest = change.found.partition(" #")
    return ("cut-by-comment", f"#{rest}") if comment and value else ("unreadable-value", change.found)
