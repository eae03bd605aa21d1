"""Where YAML's grammar stops to hold: said in our own words, and mended where quotes or a space are what is missing.

A mend is tried before it is offered: with it, the lines in question must read further than without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policy.yamltext.collector import Collector, Mend
from policy.yamltext.misread import TRUE_COMMENT, unbalanced
from policy.yamltext.parse import Fault, parse
from policy.yamltext.quoting import quoted

_LONGEST = 2_000
"""Code points of the lines in question beyond which no mend is looked for."""

_MOST_STARTS = 5
_MOST_ENDS = 8

_KINDS = (
    ("directive", re.compile(r"directive|incompatible")),
    ("tag", re.compile(r"(?:scanning|parsing) a tag|tag handle")),
    ("quote", re.compile(r"unexpected end of stream|unexpected document")),
    ("flow", re.compile(r"',' or '[]}]'|unclosed")),
    ("escape", re.compile(r"escape character|hexa?decimal number|Unicode character")),
    ("item", re.compile(r"sequence entries are not allowed")),
    ("key", re.compile(r"could not find expected ':'")),
    ("colon", re.compile(r"mapping values are not allowed")),
    ("block", re.compile(r"expected key|<block end>|'-' indicator")),
)
"""What the problem is, by what libyaml or PyYAML's own parser say."""

_STARTS = re.compile(r"(?:^ *(?:- +)+|:[ \t]+|[\[{,][ \t]*)(?=[^ \t])")
"""Where a value may begin in a line."""

_KEY_WITHOUT_SPACE = re.compile(r" *(?:- +)*[\w.\-\[\]]+(?P<colon>:(?=[^\s/])|\s*\uff1a[ \t]*)")
"""A key whose colon lacks its space, or is the full-width one."""

_PAIR = re.compile(r"[\w.\-\[\]]+:\s")

_SWALLOWS_A_KEY = re.compile(r",\s*[\w.\-\[\]]+:\s")
"""A span that holds another key is quoted only where nothing shorter helps."""

_HALF_OPEN = re.compile(r"\[[^\[\](){},#]*\.\.[^\[\](){},#]*[)\[]")
"""A range that begins with a bracket and does not end with its fellow."""

_Reach = tuple[int, int]
_END: _Reach = (1 << 30, 0)


def mend(text: str, fault: Fault, loader: Any) -> Mend | None:
    """Return a change that lets YAML read on past a fault, if one is found that does.

    Args:
        text: The text as it is read.
        fault: Where reading it stopped.
        loader: PyYAML's loader class.
    """
    if _kind(fault) in {"quote", "escape", "directive"}:
        return None
    certain = None
    if _kind(fault) in {"key", "colon"}:
        certain = _spaced_key(text, fault)
    if _kind(fault) == "flow":
        certain = _half_open_range(text, *fault.begun)
    if certain:
        return certain
    first = min(fault.flow, fault.begun[0]) if _kind(fault) == "flow" else fault.flow
    lines = text.split("\n", fault.line)[first - 1 : fault.line]
    if sum(map(len, lines)) > _LONGEST:
        return None
    here = (fault.line - first + 1, fault.column)
    if _reach(lines, loader)[0] != here:
        return None
    best = _best(lines, _candidates(lines, fault, first), here, loader)
    return None if best is None else Mend(best.line + first - 1, best.start, best.found, best.mended)


def _best(lines: list[str], candidates: Iterator[Mend], here: _Reach, loader: Any) -> Mend | None:
    """Return the change with which the lines read furthest and least is misread; of equals, the first."""
    best, best_gain = None, (False, here, 0)
    for each in candidates:
        reach, misread = _gain(lines, each, here, loader)
        gain = (not _SWALLOWS_A_KEY.search(each.found), reach, misread)
        if reach > here and (best is None or gain > best_gain):
            best, best_gain = each, gain
        if best_gain == (True, _END, 0):
            break
    return best


def explain(text: str, fault: Fault, collector: Collector) -> None:
    """Note the finding of a fault that has no mend."""
    kind = _kind(fault)
    begun = collector.place(*fault.begun)
    match kind:
        case "quote":
            collector.add("unclosed-quote", begun, 1, found=_word(text, *fault.begun)[:1])
        case "flow":
            _explain_bracket(text, fault, fault.begun, collector)
        case "" if fault.bracket and not text[fault.offset :].strip():
            _explain_bracket(text, fault, fault.bracket, collector)
        case "key" | "colon":
            _explain_colon(text, fault, collector)
        case "tag" | "directive":
            collector.add(kind, begun, found=_word(text, *fault.begun))
        case _:
            _explain_point(text, fault, collector)


def _explain_point(text: str, fault: Fault, collector: Collector) -> None:
    """Note what cannot stand where the problem is."""
    found = _word(text, fault.line, fault.column)
    place = collector.place(fault.line, fault.column)
    at = text.rfind("\\", 0, fault.offset + 1)
    match _kind(fault):
        case "escape":
            collector.add("bad-escape", collector.place(fault.line, fault.column - (fault.offset - at)), 2)
        case "item":
            collector.add("item-on-key-line", place, 1)
        case "block":
            collector.add("bad-indentation", place, len(found), found=found)
        case _ if text[fault.offset : fault.offset + 1] == "\t":
            collector.add("tab-indentation", place, 1)
        case _:
            collector.add("not-yaml", place, len(found), found=found)


def _explain_bracket(text: str, fault: Fault, begun: tuple[int, int], collector: Collector) -> None:
    """Note a bracket that is not closed: where it opens, and what stands where it should be closed."""
    opened = _word(text, *begun)[:1]
    column = fault.column if fault.line == begun[0] else 1
    found = _word(text, fault.line, column)
    expected = "]" if opened == "[" else "}"
    place = collector.place(*begun)
    collector.add("unclosed-bracket", place, 1, opened=opened, found=found, line=fault.line, expected=expected)


def _explain_colon(text: str, fault: Fault, collector: Collector) -> None:
    """Note that a line has no colon, or that it is indented deeper than the complete line above it."""
    lines = text.split("\n", fault.line)
    above = fault.begun[0] if _kind(fault) == "key" else _line_above(lines, fault.line)
    written = lines[above - 1]
    found = _word(text, above, len(written) - len(written.lstrip()) + 1)
    if ": " in written or written.endswith(":"):
        first = lines[fault.line - 1]
        column = len(first) - len(first.lstrip()) + 1
        found = _word(text, fault.line, column)
        collector.add("bad-indentation", collector.place(fault.line, column), len(found), found=found)
    else:
        collector.add("no-colon", collector.place(above, written.find(found) + 1), len(found), found=found)


def _half_open_range(text: str, line: int, column: int) -> Mend | None:
    """Return the quoting of a range such as `[1..5)`, whose bracket YAML would wait for to be closed."""
    lines = text.split("\n", line)
    written = _HALF_OPEN.match(lines[line - 1], column - 1) if line <= len(lines) else None
    return Mend(line, column - 1, written[0], quoted(written[0])) if written else None


def _spaced_key(text: str, fault: Fault) -> Mend | None:
    lines = text.split("\n", fault.line)
    above = fault.begun[0] if _kind(fault) == "key" else _line_above(lines, fault.line)
    key = _KEY_WITHOUT_SPACE.match(lines[above - 1])
    return Mend(above, key.start("colon"), key["colon"], ": ") if key else None


def _line_above(lines: list[str], line: int) -> int:
    """Return the number of the last line before `line` that holds something, or its own."""
    return next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), line)


def _candidates(lines: list[str], fault: Fault, first: int) -> Iterator[Mend]:
    """Yield quotings of values near a fault, the nearest first; lines count from 1 within `lines`."""
    here, begun = fault.line - first + 1, fault.begun[0] - first + 1
    starts = _starts(lines, here, fault.column)
    if begun >= 1 and begun != here:
        starts += _starts(lines, begun, len(lines[begun - 1]))
    if begun >= 1 and lines[begun - 1][: fault.begun[1] - 1].strip():
        starts.append((begun, fault.begun[1] - 1))
    for line, start in starts:
        for end in _ends(lines[line - 1], start):
            found = lines[line - 1][start:end].rstrip()
            if _is_value(found) and not _is_pair(lines[line - 1][:start], found):
                yield Mend(line, start, found, quoted(found))


def _starts(lines: list[str], line: int, before: int) -> list[tuple[int, int]]:
    """Return where values begin in a line, the last one before a column first."""
    starts = [match.end() for match in _STARTS.finditer(lines[line - 1]) if match.end() < before]
    return [(line, start) for start in starts[: -_MOST_STARTS - 1 : -1]]


def _ends(line: str, start: int) -> list[int]:
    ends = [match.start() for match in re.finditer(r"[,\]}]", line[start:])][:_MOST_ENDS]
    comment = TRUE_COMMENT.search(line, start)
    return [start + end for end in ends] + ([comment.start()] if comment else []) + [len(line)]


def _is_value(found: str) -> bool:
    """Say whether quotes may be what is missing: not at a stray or open bracket, unless it bounds a range."""
    if not found or found.startswith(("- ", ",", ":")) or found.endswith(","):
        return False
    if unbalanced(found):
        return ".." in found and found[0] in "[]("
    return found[0] not in "[{" or ".." in found or not found.endswith(("]", "}"))


def _is_pair(before: str, found: str) -> bool:
    """Say whether what stands there is a key with its value."""
    return before.rstrip()[-1:] != ":" and _PAIR.match(found) is not None


def _gain(lines: list[str], change: Mend, here: _Reach, loader: Any) -> tuple[_Reach, int]:
    """Return how far the lines read with a change, and how little is then misread (higher is better)."""
    mended = list(lines)
    line = mended[change.line - 1]
    mended[change.line - 1] = line[: change.start] + change.mended + line[change.start + len(change.found) :]
    (reached, column), misread = _reach(mended, loader)
    moved = len(change.mended) - len(change.found)
    on_its_line = reached == change.line == here[0]
    return (reached, column - moved if on_its_line else column), -misread


def _reach(lines: list[str], loader: Any) -> tuple[_Reach, int]:
    collector = Collector("")
    fault = parse("\n".join(lines).rstrip("\n") + "\n", collector, loader).fault
    return (fault.line, fault.column) if fault else _END, len(collector.findings)


def _kind(fault: Fault) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(fault.problem)), "")


def _word(text: str, line: int, column: int) -> str:
    """Return what stands at a place, up to the next space, 20 code points at most; `…` stands for the end."""
    lines = text.split("\n", line)
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    return (rest.split() or ["…"])[0][:20]
