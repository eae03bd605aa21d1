r"""Writes regular expressions of XPath as those of RE2.

What only RE2 knows (`(?i)`, `\b`, `\x41`) is refused, as XPath asks, with a reason that
`policy.feel.builtins.patterns` puts into both languages; so are back-references, which RE2 does not know.
"""

from __future__ import annotations

import re
from typing import NoReturn

from policy.feel.builtins.blocks import BLOCKS, FURTHER, INITIAL, LAST, Span, of_category

_SPACES = " \t\n\r"
_MEMBER = re.compile(r"\\[pP]\{[^}]*\}|\\.|[^\\]", re.DOTALL)
_LONGEST_SHOWN = 20
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_CLASSES = frozenset("dDwWsSiIcCpP")
_RE2: dict[str, list[Span]] = {
    "d": [(48, 57)],
    "w": [(48, 57), (65, 90), (95, 95), (97, 122)],
    "s": [(9, 10), (12, 13), (32, 32)],
}
_NAMES: dict[str, list[Span]] = {"i": INITIAL, "c": [*INITIAL, *FURTHER]}


def translated(pattern: str, *, free: bool, dots: bool) -> str:
    """Return the pattern as RE2 reads it.

    Args:
        pattern: As XPath reads it.
        free: Whether white space means nothing (the flag `x`).
        dots: Whether a point matches the end of a line as well (the flag `s`).

    Raises:
        ValueError: it is none of XPath's, or beyond RE2; the sentence begins like one of RE2's.
    """
    if free:
        pattern = _packed(pattern)
    written: list[str] = []
    at = 0
    while at < len(pattern):
        sign, begin = pattern[at], at
        if sign == "\\":
            member, at = _escape(pattern, at)
            spans = _own(member)
            written.append(member if spans is None else _written(spans))
        elif sign == "[":
            inside, at = _class(pattern, at)
            written.append(inside)
        else:
            at += 1
            written.append(r"[^\n\r]" if sign == "." and not dots else sign)
            if sign == "(" and pattern[at : at + 1] == "?" and pattern[at + 1 : at + 2] != ":":
                _refuse("invalid perl operator", pattern[begin : at + 2])
    return "".join(written)


def _refuse(why: str, what: str) -> NoReturn:
    msg = f"{why}: {what[:_LONGEST_SHOWN]}"
    raise ValueError(msg)


def _packed(pattern: str) -> str:
    """Return the pattern without white space outside of classes."""
    kept: list[str] = []
    depth, escaped = 0, False
    for sign in pattern:
        if sign in _SPACES and not depth:
            continue
        kept.append(sign)
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        else:
            depth = max(0, depth + (sign == "[") - (sign == "]"))
    return "".join(kept)


# escapes


def _escape(pattern: str, at: int) -> tuple[str, int]:
    """Return the escape that begins at a backslash, and the place after it."""
    sign = pattern[at + 1 : at + 2]
    if sign.isdigit():
        _refuse("back-reference", pattern[at : at + 2])
    if sign.isalnum() and sign not in _CONTROLS and sign not in _CLASSES:
        _refuse("invalid escape sequence", pattern[at : at + 2])
    if sign not in ("p", "P"):
        return pattern[at : at + 2], at + 2
    end = pattern.find("}", at)
    if pattern[at + 2 : at + 3] != "{" or end < 0:
        _refuse("invalid character class", pattern[at:])
    return pattern[at : end + 1], end + 1


def _own(member: str) -> list[Span] | None:
    """Return the code points of an escape that RE2 does not know, or knows otherwise; None for all others."""
    if member[1:].lower() in _NAMES:
        return _side(member, _NAMES[member[1].lower()])
    if member[1:2] not in ("p", "P") or member[2:5] != "{Is":
        return None
    block = BLOCKS.get(member[5:-1])
    return _refuse("invalid character class", member) if block is None else _side(member, [block])


def _side(member: str, spans: list[Span]) -> list[Span]:
    """Return the code points, or for an escape with a capital all the others."""
    return _without([(0, LAST)], spans) if member[1].isupper() else spans


# classes


def _class(pattern: str, begin: int) -> tuple[str, int]:
    spans, at = _spans(pattern, begin)
    if spans is not None:
        return _written(spans), at
    return "".join(map(_inside, _MEMBER.findall(pattern[begin:at]))), at


def _inside(member: str) -> str:
    """Write a member of a class."""
    spans = _own(member) if member[0] == "\\" else None
    return member if spans is None else _ranges(spans)


def _spans(pattern: str, begin: int) -> tuple[list[Span] | None, int]:
    """Return the code points of the class at `begin` where it subtracts another, and the place after it."""
    negated = pattern[begin + 1 : begin + 2] == "^"
    inside = at = begin + 1 + negated
    while at < len(pattern) and pattern[at] != "]":
        if pattern[at : at + 2] == "-[":
            without, after = _operand(pattern, at + 1)
            return _without(_listed(pattern[inside:at], negated=negated), without), after + 1
        if pattern[at] == "[":
            msg = "`[` in a class"
            raise ValueError(msg)
        at = _escape(pattern, at)[1] if pattern[at] == "\\" else at + 1
    if at == inside:
        msg = "a class of nothing"
        raise ValueError(msg)
    return None, at + 1


def _operand(pattern: str, begin: int) -> tuple[list[Span], int]:
    spans, at = _spans(pattern, begin)
    if spans is None:
        negated = pattern[begin + 1 : begin + 2] == "^"
        spans = _listed(pattern[begin + 1 + negated : at - 1], negated=negated)
    return spans, at


def _listed(inside: str, *, negated: bool) -> list[Span]:
    ends: list[str] = _MEMBER.findall(inside)
    spans: list[Span] = []
    at = 0
    while at < len(ends):
        if at + 2 < len(ends) and ends[at + 1] == "-":
            spans.append(_between(ends[at], ends[at + 2]))
            at += 2
        else:
            spans += _members(ends[at])
        at += 1
    return _without([(0, LAST)], spans) if negated else spans


def _between(low: str, high: str) -> Span:
    ends = [span for each in (low, high) for span in _members(each)]
    if len(ends) != 2 or any(first != last for first, last in ends) or ends[0] > ends[1]:
        _refuse("invalid character class range", f"{low}-{high}")
    return ends[0][0], ends[1][0]


def _members(member: str) -> list[Span]:
    """Return the code points of one member of a class."""
    sign = member[-1] if len(member) < 3 else "p"
    if len(member) == 1 or sign not in _CLASSES:
        point = ord(_CONTROLS.get(sign, sign) if len(member) > 1 else sign)
        return [(point, point)]
    own = _own(member)
    if own is not None:
        return own
    spans = _RE2.get(sign.lower()) or of_category(member[3:-1])
    return _side(member, spans) if spans else _refuse("a class that subtracts", member)


def _joined(spans: list[Span]) -> list[Span]:
    """Return the same code points in order, none twice."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _without(spans: list[Span], dropped: list[Span]) -> list[Span]:
    holes = _joined(dropped)
    found: list[Span] = []
    at = 0
    for first, last in _joined(spans):
        begin = first
        while at < len(holes) and holes[at][1] < begin:
            at += 1
        hole = at
        while hole < len(holes) and holes[hole][0] <= last:
            if holes[hole][0] > begin:
                found.append((begin, holes[hole][0] - 1))
            begin = holes[hole][1] + 1
            hole += 1
        if begin <= last:
            found.append((begin, last))
    return found


def _written(spans: list[Span]) -> str:
    return f"[{_ranges(spans)}]" if spans else rf"[^\x{{0}}-\x{{{LAST:X}}}]"


def _ranges(spans: list[Span]) -> str:
    return "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in spans)
