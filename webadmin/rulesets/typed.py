"""What people type into a cell, as the document writes it: numbers with separators, yes and no, lists, words.

What cannot be understood is kept as it was typed: the findings of the draft say what is wrong with it, at its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from policy import editor
from policy.conditions import is_formula
from policy.conditions.literals import quoted
from policy.editor import Cell, Value
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.values import plain
from webadmin.filling.controls import flag, number
from webadmin.rulesets import spoken
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
    if field is None:
        return text
    of = field.type
    if of is FieldType.STRING:
        return _chosen(text, field)
    if of is FieldType.BOOLEAN:
        return _flag(text)
    if of in {FieldType.NUMBER, FieldType.DATE}:
        tidy, said = _tidy(text, of), spoken.condition(text, field)
        return tidy if said is None or said.replace(" ", "") == tidy.replace(" ", "") else said
    return _tidy(text, of) if of is FieldType.DATE_TIME else text


def _chosen(text: str, field: Field) -> Cell:
    """Return a condition on a text by the names of its values; what is none stays as it was typed."""
    choices = {str(each): field.called(each) for each in field.one_of or ()} or field.names
    meant = spoken.values(text, choices)
    if meant is None or text in choices:
        return text
    found, is_negative = meant
    if is_negative or not field.one_of:
        said = ", ".join(map(quoted, found))
        return f"not({said})" if is_negative else said
    return found if len(found) > 1 else found[0]


def is_same(text: str, now: str) -> bool:
    """Say whether what stands in a cell is what was typed, but for spaces, quotes and the separators of numbers."""
    return _bare(text) == _bare(now)


def _bare(text: str) -> str:
    return re.sub(r"[\s\"',]", "", unicodedata.normalize("NFKC", text).translate(_SIGNS))


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
        if text.casefold() in _NOTHING and text not in output.choices:
            return []
        meant = _meant(inside, output)
        return [_literal(each, output.of, output.unit) for each in meant or _parts(inside) if each]
    meant = _meant(text, output)
    return _literal(meant[0] if meant and len(meant) == 1 else text, output.type, output.unit)


_NOTHING = ("无", "nothing")
"""How a table says that a list is empty."""


def _meant(text: str, output: Giving) -> list[str]:
    """Return the values that are typed by their names, none where something of it is no name."""
    choices = {each: output.names.get(each) for each in output.choices} or output.names
    meant = spoken.values(text, choices) if choices else None
    return [] if meant is None or meant[1] else meant[0]


def _parts(text: str) -> list[str]:
    return [each.strip().strip('"') for each in _COMMAS.split(text)]


def _literal(text: str, of: str | None, unit: str | None) -> Value:
    if of == FieldType.NUMBER:
        amount = spoken.amount(text, unit)
        return _number(text) if amount is None else amount
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
