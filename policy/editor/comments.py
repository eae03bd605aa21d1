"""The comments of a text, each with the part it stands above or beside.

Lines of comments belong to the part that comes next, the rest of a line to the part that begins on it. What stands
after the last part belongs to the whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from policy.editor.outline import Outline, Path
from policy.editor.splices import Splice
from policy.yamltext import MapNode, Node, ScalarNode


class Where(StrEnum):
    """Where a comment stands."""

    ABOVE = "above"
    BESIDE = "beside"
    END = "end"


At = tuple[Path, Where]
"""A part, and where its comment stands."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or several lines of one.

    Attributes:
        said: Its text without indentation, with its `#`.
        start: Offset where it begins; of lines where the first line does.
        end: Offset after it; of lines after the last line's break.
    """

    said: str
    start: int
    end: int


def comments(outline: Outline) -> dict[At, Comment]:
    """Return the comments of a text."""
    parts = sorted(_parts(outline, (), outline.document.root), key=lambda part: (part[0], len(part[1])))
    starts = [start for start, _ in parts]
    found: dict[At, Comment] = {}
    for line, start, end in _written(outline):
        own = outline.text[line:start].strip() == ""
        at = _owner(outline.text, parts, starts, line, own=own)
        begin, finish = (line, end + 1) if own else (start, end)
        before = found.get(at)
        if before is not None and outline.text[before.end : begin].strip():
            continue  # within a value of several lines: it goes where the value goes
        said = outline.text[start:end].rstrip()
        found[at] = Comment(f"{before.said}\n{said}", before.start, finish) if before else Comment(said, begin, finish)
    return found


def commented(outline: Outline, at: At, said: str | None) -> list[Splice]:
    """Return the change that gives a part a comment, or takes it away; none where the part is not there."""
    path, where = at
    before, found = comments(outline).get(at), outline.find(path)
    if found is None:
        return []
    text = outline.text
    if where is Where.BESIDE:
        if before is not None:
            start = len(text[: before.start].rstrip(" ")) if said is None else before.start
            return [Splice(start, before.end, said or "")]
        begin = found.node.start if found.key is None else found.key.start
        end = text.index("\n", begin)
        return [Splice(end, end, f"  {said}")] if said else []
    begin = (
        len(text) if where is Where.END else _line_of(text, found.node.start if found.key is None else found.key.start)
    )
    begin, finish = (begin, begin) if before is None else (before.start, before.end)
    indent = 0 if where is Where.END else _indent(text, begin)
    lines = "" if said is None else "".join(f"{' ' * indent}{line}\n" for line in said.split("\n"))
    return [Splice(begin, finish, lines)]


def _parts(outline: Outline, path: Path, node: Node) -> Iterator[tuple[int, Path]]:
    names = outline.names(path, node)
    for name in names or ():
        found = outline.find((*path, name))
        if found is not None:
            yield (found.node.start if found.key is None else found.key.start), (*path, name)
            yield from _parts(outline, (*path, name), found.node)


def _owner(text: str, parts: list[tuple[int, Path]], starts: list[int], line: int, *, own: bool) -> At:
    if own:
        after = bisect_right(starts, line)
        return (parts[after][1], Where.ABOVE) if after < len(parts) else ((), Where.END)
    finish = text.find("\n", line)
    first = bisect_right(starts, line - 1)
    if first < len(parts) and starts[first] < finish:
        return parts[first][1], Where.BESIDE
    return (parts[first - 1][1] if first else ()), Where.BESIDE


def _written(outline: Outline) -> Iterator[tuple[int, int, int]]:
    """Yield every comment: offset of its line, of its sign, and of the end of the line."""
    spans = sorted(_scalars(outline.document.root))
    begins = [start for start, _ in spans]
    line = 0
    while line < len(outline.text):
        end = outline.text.index("\n", line)
        at = outline.text.find("#", line, end)
        while at >= 0:
            held = bisect_right(begins, at) - 1
            covered = held >= 0 and at < spans[held][1]
            if not covered and (at == line or outline.text[at - 1] in " \t"):
                yield line, at, end
                break
            at = outline.text.find("#", at + 1, end)
        line = end + 1


def _scalars(node: Node) -> Iterator[tuple[int, int]]:
    if isinstance(node, ScalarNode):
        yield node.start, node.end
        return
    if isinstance(node, MapNode):
        for key, value in node.entries:
            yield key.start, key.end
            yield from _scalars(value)
        return
    for item in node.items:
        yield from _scalars(item)


def _line_of(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _indent(text: str, line: int) -> int:
    rest = text[line:]
    return len(rest) - len(rest.lstrip(" "))
