"""Where each code point of a scalar's value stands in the document, for every way YAML writes scalars.

The value of a quoted, folded or multi-line scalar is shorter than what is written: line ends fold into
spaces, escapes shrink. A run begins wherever value and document stop going on in step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy.model.written import Marks
from policy.yamltext.nodes import ScalarNode

_FOLD = r"(?P<fold>[ \t]*\n(?:[ \t]*\n)*[ \t]*)"
_PIECES = {
    "": re.compile(rf"{_FOLD}|(?P<same>[^\n \t]+|[ \t]+)"),
    "'": re.compile(rf"(?P<escape>'')|{_FOLD}|(?P<same>[^'\n \t]+|[ \t]+)"),
    '"': re.compile(
        rf"(?P<joined>\\\n(?:[ \t]*\n)*[ \t]*)|(?P<escape>\\(?:x.{{2}}|u.{{4}}|U.{{8}}|.))|{_FOLD}"
        r"|(?P<same>[^\\\n \t]+|[ \t]+)"
    ),
}

_Start = tuple[int, int]
"""Offset in the value, offset in the document."""


def marks(name: str, text: str, node: ScalarNode) -> Marks:
    """Return the marks of a scalar's value.

    Args:
        name: What the document is called.
        text: The document.
        node: One of its scalars.
    """
    quoted = 1 if node.style in {"'", '"'} else 0
    written = node.end - node.start - 2 * quoted
    if len(node.value) == written and text.find("\n", node.start, node.end) < 0:
        return Marks(name, ((0, node.line, node.column + quoted),))
    starts = _block_starts(text, node) if node.style in {"|", ">"} else _flow_starts(text, node, quoted)
    return Marks(name, tuple(_runs(text, node, starts)) or ((0, node.line, node.column),))


def _runs(text: str, node: ScalarNode, starts: Iterator[_Start]) -> Iterator[tuple[int, int, int]]:
    line, begin = node.line, node.start - node.column + 1
    for offset, at in starts:
        line += text.count("\n", begin, at)
        begin = max(begin, text.rfind("\n", begin, at) + 1)
        yield offset, line, at - begin + 1


def _flow_starts(text: str, node: ScalarNode, quoted: int) -> Iterator[_Start]:
    at, end, offset, in_step = node.start + quoted, node.end - quoted, 0, False
    for piece in _PIECES[node.style].finditer(text, at, end):
        if piece.lastgroup == "same":
            if not in_step:
                yield offset, piece.start()
            offset += len(piece[0])
        else:
            starts = _written(piece)
            yield from enumerate(starts, offset)
            offset += len(starts)
        in_step = piece.lastgroup == "same"


def _written(piece: re.Match[str]) -> list[int]:
    """Return where each code point that an escape or folded line ends give is written."""
    if piece.lastgroup == "escape":
        return [piece.start()]
    breaks = [piece.start() + index for index, written in enumerate(piece[0]) if written == "\n"]
    if piece.lastgroup == "joined":
        return breaks[1:]
    return breaks[:-1] or breaks


def _block_starts(text: str, node: ScalarNode) -> Iterator[_Start]:
    at = text.find("\n", node.start, node.end) + 1 or node.end
    indent = _indent(text[at : node.end], node.value)
    offset, before, breaks = 0, "", list[int]()
    for written in text[at : node.end].split("\n"):
        line = written[indent:]
        if line:
            if node.style == ">" and len(breaks) > 1 and _folds(before) and _folds(line):
                breaks = breaks[1:]
            yield from enumerate(breaks, offset)
            offset += len(breaks)
            yield offset, at + indent
            offset, before, breaks = offset + len(line), line, [at + len(written)]
        else:
            breaks.append(at + len(written))
        at += len(written) + 1


def _folds(line: str) -> bool:
    return line != "" and line[0] not in " \t"


def _indent(block: str, value: str) -> int:
    """Return how far the lines of a block scalar are indented, from its first line that is not blank."""
    return _leading(block) - _leading(value)


def _leading(lines: str) -> int:
    first = len(lines) - len(lines.lstrip(" \n"))
    return first - (lines.rfind("\n", 0, first) + 1)
