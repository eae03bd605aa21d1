"""What people type into a cell, as the document writes it: numbers with separators and percent, yes and no, lists.

What cannot be understood is kept as it was typed: the findings of the draft say what is wrong with it, at its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from policy import editor
from policy.conditions import is_formula
from policy.editor import Cell, Value
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.values import plain
from webadmin.filling.controls import flag, number
from webadmin.rulesets.known import Giving

_PIECES = re.compile(r'("(?:[^"\\]|\\.)*")')
_DAYS = re.compile(r"(?<![\w-])(\d{4}-\d{2}-\d{2})(?![\w-])")
_NUMBERS = re.compile(r"(?<![\w@])(?<!\d[.,])\d[\d,]*(?:\.\d+)?(?:[ ]?%)?(?![\w%@])")
_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!=", "\N{MINUS SIGN}": "-", "、": ","})
_COMMAS = re.compile(r"[,，、;；]")


def cell(text: str, field: Field | None) -> Cell:
    """Return what a condition of a cell means.

    Args:
        text: What was typed, not empty.
        field: What the cell is about; None where that is not known.
    """
    of = None if field is None else field.type
    choices = tuple(map(str, field.one_of or ())) if field is not None else ()
    parts = _parts(text)
    if choices and len(parts) > 1 and all(each in choices for each in parts):
        return parts
    if of is FieldType.BOOLEAN:
        return _flag(text)
    if of in {FieldType.NUMBER, FieldType.DATE, FieldType.DATE_TIME}:
        return _tidy(text, of)
    return text


def outcome(text: str, output: Giving) -> Value:
    """Return what a rule is to give, of the type of its output: several values with commas where that is a list.

    Args:
        text: What was typed, not empty.
        output: What it is given for.
    """
    if is_formula(text):
        return text
    if output.type is FieldType.LIST and output.shape != "raw":
        inside = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        return [_literal(each, output.of) for each in _parts(inside) if each]
    return _literal(text, output.type)


def _parts(text: str) -> list[str]:
    return [each.strip().strip('"') for each in _COMMAS.split(text)]


def _literal(text: str, of: str | None) -> Value:
    if of == FieldType.NUMBER:
        return _number(text)
    if of == FieldType.BOOLEAN:
        return _flag(text)
    return text if of in _TEXTS else editor.typed(text)


_TEXTS: Sequence[str] = (FieldType.STRING, FieldType.DATE)


def _number(text: str) -> Decimal | str:
    try:
        return number(text)
    except ValueError:
        return text


def _flag(text: str) -> bool | str:
    try:
        return flag(text)
    except ValueError:
        return text


def _tidy(text: str, of: FieldType) -> str:
    """Return a condition as FEEL writes it; what stands in quotes stays."""
    pieces = _PIECES.split(text)
    return "".join(piece if at % 2 else _plain(piece, of) for at, piece in enumerate(pieces))


def _plain(piece: str, of: FieldType) -> str:
    found = unicodedata.normalize("NFKC", piece).translate(_SIGNS)
    if of is FieldType.NUMBER:
        return _NUMBERS.sub(lambda each: _digits(each[0]), found)
    # A day alone is one to the document; beside a comparison FEEL wants it said.
    alone = of is not FieldType.DATE or _DAYS.fullmatch(found.strip())
    return found if alone else _DAYS.sub(r'date("\1")', found)


def _digits(text: str) -> str:
    """Return a number without separators and percent; what only looks like one stays: `1,2` are two."""
    if "," not in text and not text.endswith("%"):
        return text
    found = _number(text)
    return found if isinstance(found, str) else plain(found)
