"""Regular expressions of XPath on RE2: never slower than linear in the text.

The flag `x` and class subtraction (`[A-Z-[OI]]`) are translated; what RE2 has no match for (back-references) is
refused with a reason.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from policy.feel.problems import fail

_FLAGS = frozenset("smixq")
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.never_capture = False
_SPACES = " \t\n\r"
_LONGEST = 2000
_REPLACED = re.compile(r"\\(.)|\$(\d+)|([\\$])|([^\\$]+)", re.DOTALL)
_CLASSES = {"i": "_:A-Za-z\u00c0-\u02ff\u0370-\u1fff", "c": "-._:A-Za-z0-9\u00b7\u00c0-\u02ff\u0370-\u1fff"}


def compiled(pattern: str, flags: str) -> Any:
    """Return the compiled pattern; None with a reason when it or a flag cannot be carried out."""
    made = _compiled(pattern, flags)
    if isinstance(made, str):
        return fail("feel-pattern", found=pattern[:80], reason=made)
    return made


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    if not _FLAGS.issuperset(flags):
        return f"flag {flags}"
    if len(pattern) > _LONGEST:
        return f"{len(pattern)} > {_LONGEST}"
    try:
        text = re2.escape(pattern) if "q" in flags else _translated(pattern, free="x" in flags)
        return re2.compile("".join(f"(?{flag})" for flag in "smi" if flag in flags) + text, _OPTIONS)
    except (re2.error, ValueError) as error:
        return str(error.args[0] if not isinstance(error.args[0], bytes) else error.args[0].decode())


def _translated(pattern: str, *, free: bool) -> str:
    written: list[str] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            escape = pattern[at : at + 2]
            if escape[1:].isdigit():
                msg = f"back-reference {escape}"
                raise ValueError(msg)
            written.append(escape)
            at += 2
        elif sign == "[":
            inside, at = _class(pattern, at, free=free)
            written.append(inside)
        elif free and sign in _SPACES:
            at += 1
        else:
            written.append(sign)
            at += 1
    return "".join(written)


def _class(pattern: str, at: int, *, free: bool) -> tuple[str, int]:
    begin = at
    at += 1
    if pattern[at : at + 1] == "^":
        at += 1
    inside: list[str] = []
    while at < len(pattern) and pattern[at] != "]":
        if pattern[at] == "\\":
            if pattern[at + 1 : at + 2].isdigit():
                msg = f"back-reference {pattern[at : at + 2]}"
                raise ValueError(msg)
            inside.append(pattern[at : at + 2])
            at += 2
        elif pattern[at] == "-" and pattern[at + 1 : at + 2] == "[":
            without, at = _class(pattern, at + 1, free=free)
            negated = pattern[begin + 1 : begin + 2] == "^"
            return _difference("".join(inside), without, negated=negated), at + 1
        elif pattern[at] == "[":
            msg = "missing `-` before `[`"
            raise ValueError(msg)
        else:
            inside.append(pattern[at])
            at += 1
    caret = "^" if pattern[begin + 1 : begin + 2] == "^" else ""
    return f"[{caret}{''.join(inside)}]", at + 1


def _difference(inside: str, without: str, *, negated: bool) -> str:
    kept = re2.compile(f"[{'^' if negated else ''}{inside}]", _OPTIONS)
    dropped = re2.compile(without, _OPTIONS)
    spans = _spans(kept, dropped)
    if not spans:
        return r"[^\x{0}-\x{10FFFF}]"
    return "[" + "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in spans) + "]"


def _spans(kept: Any, dropped: Any) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for code in [*range(0xD800), *range(0xE000, 0x11000)]:
        letter = chr(code)
        if kept.fullmatch(letter) and not dropped.fullmatch(letter):
            if spans and spans[-1][1] == code - 1:
                spans[-1] = (spans[-1][0], code)
            else:
                spans.append((code, code))
    return spans


def replacement(text: str, groups: int, *, literal: bool) -> Any:
    """Read a replacement: texts, and numbers of groups after `$`; None with a reason when it is malformed."""
    if literal:
        return [text]
    parts: list[str | int] = []
    for found in _REPLACED.finditer(text):
        escaped, number, odd, plain = found.groups()
        if plain is not None:
            parts.append(plain)
        elif number is not None:
            parts += _group(number, groups)
        elif odd is not None or escaped not in ("\\", "$"):
            return fail("feel-replacement", found=text[:80])
        else:
            parts.append(escaped)
    return parts


def _group(number: str, groups: int) -> list[str | int]:
    digits = number
    while len(digits) > 1 and int(digits) > groups:
        digits = digits[:-1]
    rest = number[len(digits) :]
    group: list[str | int] = [int(digits)] if int(digits) <= groups else []
    return group + ([rest] if rest else [])


def replaced(pattern: Any, written: list[str | int], text: str) -> str:
    """Return the text with every match replaced."""
    parts: list[str] = []
    at = 0
    for found in pattern.finditer(text):
        parts.append(text[at : found.start()])
        parts += [each if isinstance(each, str) else found.group(each) or "" for each in written]
        at = found.end()
    parts.append(text[at:])
    return "".join(parts)


def parts(pattern: Any, text: str) -> list[str]:
    """Split the text at every match."""
    found: list[str] = []
    at = 0
    for each in pattern.finditer(text):
        if each.end() > each.start():
            found.append(text[at : each.start()])
            at = each.end()
    found.append(text[at:])
    return found
