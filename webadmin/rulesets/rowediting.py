"""Changes of a reference table as its pages ask for them: rows, cells, columns and the title.

A row has no id in the text. Pages know it by a name made of its first day and its key; a row that has been renamed or
moved since is looked for in the states before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import groupby
from typing import Any

from policy import editor
from policy.editor import Value
from policy.model.document import FieldOptions, FieldType, ReferenceDocument, ReferenceRow
from policy.model.written import Entries, Items, Raw, Scalar
from policy.reader import read
from policy.values import Text
from webadmin.rulesets import typed
from webadmin.rulesets.editing import Change, ChangedError, MissingError, written
from webadmin.rulesets.known import Giving

ROWS, COLUMNS = ("rows",), ("columns",)
FROM, UNTIL = "from", "until"
"""Columns every row has: its first day, and the first day it is no longer in effect."""

_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")
_COLUMN = re.compile(r"[^\W\d]\w*")
_LABELS = ("label.zh", "label.en")

Earlier = Callable[[], Iterable[str]]
"""Texts the draft had before, the newest first."""


class ColumnError(Exception):
    """A column cannot be added or taken out.

    Attributes:
        why: `name`, `taken` or `key`.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def names(document: ReferenceDocument) -> list[str]:
    """Return what pages know the rows by; of rows that are alike none is called as either was alone."""
    plain = [_identity(document, each) for each in document.rows]
    counted, seen = Counter(plain), Counter[str]()
    found = []
    for each in plain:
        seen[each] += 1
        found.append(each if counted[each] == 1 else f"{each}-{seen[each]}-{counted[each]}")
    return found


def _identity(document: ReferenceDocument, row: ReferenceRow) -> str:
    key = [written(row.cells[name]) if name in row.cells else "" for name in document.key]
    return sha256("\n".join([row.from_.isoformat(), *key]).encode()).hexdigest()[:12]


def giving(name: str, options: FieldOptions) -> Giving:
    """Return how what stands in a column is typed."""
    choices = tuple(each.text for each in options.one_of or () if isinstance(each, Scalar))
    of = FieldType(options.of) if options.of in set(FieldType) else None
    kind = options.type or FieldType.STRING
    return Giving(name, kind, of, choices, options.unit, options.label, options.names or {})


def all_changed(text: str, asked: Sequence[Change], today: date, earlier: Earlier) -> str:
    """Return a table with several changes made.

    Cells and rows at the end that are asked for together are made at once: a block is pasted with one change for each.

    Args:
        text: The document.
        asked: What to do; rows that are added are known as `+1`, `+2` and so on.
        today: First day of a row that is added, where that is free.
        earlier: Gives texts the draft had before, to find a row by what it was called then.

    Raises:
        SourceError: the result would not read; carries the findings.
        ChangedError: somebody else has changed the same part.
        MissingError: the row or the column is not there any more, or this cannot be done to a table.
        ColumnError: a column cannot be added or taken out.
    """
    for is_block, changes in groupby(asked, _is_block):
        if is_block:
            text = _Block(_table(text), today, earlier).made(text, list(changes))
            continue
        for each in changes:
            document = _table(text)
            if each.what not in _CHANGES:
                raise MissingError
            text = _CHANGES[each.what](_Asked(text, document, each, today, earlier))
    return text


def _is_block(change: Change) -> bool:
    return change.what == "row" or (change.what == "add" and not change.rule)


def _table(text: str) -> ReferenceDocument:
    document = read(text).document
    if not isinstance(document, ReferenceDocument):
        raise MissingError
    return document


def place_of(document: ReferenceDocument, name: str, earlier: Earlier) -> int:
    """Return the position of a row, also where it was called otherwise when its reader saw it.

    Raises:
        MissingError: it is not there any more.
    """
    now = names(document)
    if name in now:
        return now.index(name)
    for text in earlier():
        before = read(text).document
        if isinstance(before, ReferenceDocument) and name in (then := names(before)):
            return _followed(_lines(before), _lines(document), then.index(name))
    raise MissingError


def _lines(document: ReferenceDocument) -> list[tuple[Any, ...]]:
    return [
        (each.from_, each.until, tuple((name, written(raw)) for name, raw in each.cells.items()))
        for each in document.rows
    ]


def _followed(before: Sequence[Any], after: Sequence[Any], at: int) -> int:
    """Return where an item of a list has gone: among the same neighbours, or to where the same stands now."""
    for tag, start, end, to, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if start <= at < end and (tag == "equal" or (tag == "replace" and end - start == stop - to)):
            return to + at - start
    if before[at] in after:
        return after.index(before[at])
    raise MissingError


@dataclass(slots=True)
class _Block:
    """Cells and added rows that are written at once."""

    document: ReferenceDocument
    today: date
    earlier: Earlier
    cells: dict[str, dict[int, Value | None]] = field(default_factory=dict)
    added: list[dict[str, Value]] = field(default_factory=list)

    def made(self, text: str, changes: Iterable[Change]) -> str:
        for each in changes:
            if each.what == "add":
                self._add()
            else:
                self._set(each)
        for column, values in self.cells.items():
            text = editor.set_items(text, ROWS, column, values)
        if self.added and not self.document.rows:
            text, self.added = editor.add_item(text, ROWS, self.added[0]), self.added[1:]
        return editor.add_items(text, ROWS, self.added)

    def _add(self) -> None:
        rows = self.document.rows
        key = _key(self.document, rows[-1]) if rows else {}
        if self.added:
            key = {name: value for name, value in self.added[-1].items() if name in self.document.key}
        taken = [each.from_ for each in rows if _key(self.document, each) == key]
        taken += [_as_day(each[FROM]) for each in self.added]
        self.added.append({FROM: _free(taken, self.today).isoformat(), **key})

    def _set(self, change: Change) -> None:
        value = _value(self.document, change)
        number = change.rule.removeprefix("+") if change.rule.startswith("+") else ""
        if number.isdecimal() and 0 < int(number) <= len(self.added):
            row = self.added[int(number) - 1]
            row.pop(change.part, None)
            if value is not None:
                row[change.part] = value
            return
        at = place_of(self.document, change.rule, self.earlier)
        now = standing(self.document.rows[at], change.part)
        if change.was is not None and now not in (change.was, change.value):
            raise ChangedError(now)
        if value is not None or now:
            self.cells.setdefault(change.part, {})[at] = value


def standing(row: ReferenceRow, column: str) -> str:
    """Return what stands in a cell, as the document has it."""
    if column == FROM:
        return row.from_.isoformat()
    if column == UNTIL:
        return row.until.isoformat() if row.until is not None else ""
    return written(row.cells[column]) if column in row.cells else ""


def _value(document: ReferenceDocument, change: Change) -> Value | None:
    wanted = change.value.strip()
    if change.part in (FROM, UNTIL):
        # A first day is refused by the reader where it is missing.
        return _day(wanted) or (None if change.part == UNTIL else "")
    if change.part not in document.columns:
        raise MissingError
    column = giving(change.part, document.columns[change.part])
    if not wanted:
        return None
    return typed.outcome(_day(wanted) if column.type is FieldType.DATE else wanted, column)


def _day(text: str) -> str:
    """Return a day as the document writes it; what is none stays as it was typed."""
    found = _DAY.fullmatch(text)
    return text if found is None else f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"


def _as_day(value: Value) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return date.min


def _key(document: ReferenceDocument, row: ReferenceRow) -> dict[str, Value]:
    return {name: _plain(row.cells[name]) for name in document.key if name in row.cells}


def _plain(raw: Raw) -> Value:
    match raw:
        case Scalar():
            return editor.typed(raw.text) if raw.plain else raw.text
        case Items():
            return [_plain(each) for each in raw.items]
        case Entries():
            return {each.key: _plain(each.value) for each in raw.entries}


def _free(taken: Sequence[date], today: date) -> date:
    """Return the first day of a new row beside others: today, or the day after the last of them."""
    newest = max(taken, default=date.min)
    return today if newest < today else newest + timedelta(1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One change with what it is made on."""

    text: str
    document: ReferenceDocument
    change: Change
    today: date
    earlier: Earlier

    @property
    def place(self) -> int:
        """Return the position of the row it is about."""
        return place_of(self.document, self.change.rule, self.earlier)

    @property
    def wanted(self) -> str:
        return self.change.value.strip()

    def first_day(self, row: ReferenceRow) -> date:
        """Return the first day of a row of the same key."""
        key = _key(self.document, row)
        return _free([each.from_ for each in self.document.rows if _key(self.document, each) == key], self.today)


def _add(asked: _Asked) -> str:
    """Add a row below another, with its key and nothing else yet."""
    at = asked.place
    above = asked.document.rows[at]
    row: dict[str, Value] = {FROM: asked.first_day(above).isoformat(), **_key(asked.document, above)}
    return editor.add_item(asked.text, ROWS, row, after=at)


def _copy(asked: _Asked) -> str:
    """Copy a row right below itself, for another day."""
    at = asked.place
    source = asked.document.rows[at]
    day = asked.first_day(source)
    row: dict[str, Value] = {FROM: day.isoformat(), **{name: _plain(raw) for name, raw in source.cells.items()}}
    if source.until is not None and source.until > day:
        row[UNTIL] = source.until.isoformat()
    return editor.add_item(asked.text, ROWS, row, after=at)


def _move(asked: _Asked) -> str:
    here, last = asked.place, len(asked.document.rows) - 1
    to = here + {"up": -1, "down": 1}.get(asked.wanted, 0)
    to = min(max(to, 0), last)
    return asked.text if to == here else editor.move_item(asked.text, ROWS, here, to=to)


def _remove(asked: _Asked) -> str:
    return editor.remove_item(asked.text, ROWS, asked.place)


def _title(asked: _Asked) -> str:
    title = asked.document.title
    texts = {"zh": title.zh, "en": title.en, asked.change.part: asked.wanted}
    return editor.set_title(asked.text, Text(texts["zh"] or texts["en"], texts["en"] or texts["zh"]))


def _column(asked: _Asked) -> str:
    """Change what is declared of a column: its label in a language, type, unit, decimals, values, need."""
    name, part = asked.change.rule, asked.change.part
    options = asked.document.columns.get(name)
    if options is None or part not in PARTS:
        raise MissingError
    if part in _LABELS:
        return _labelled(asked, options)
    wanted: Value | None = asked.wanted or None
    if part == "one_of" and wanted is not None:
        listed = Giving(name, FieldType.LIST, options.type or FieldType.STRING, (), None, None)
        wanted = typed.outcome(asked.wanted, listed)
    elif part == "optional":
        wanted = True if wanted == "true" else None
    elif wanted is not None:
        wanted = editor.typed(asked.wanted) if part == "scale" else asked.wanted
    if wanted is None and getattr(options, part) is None:
        return asked.text
    return editor.set_value(asked.text, (*COLUMNS, name, part), wanted)


PARTS: Sequence[str] = (*_LABELS, "type", "unit", "scale", "one_of", "optional")
"""What of a column can be changed on its page; the text has the rest."""


def _labelled(asked: _Asked, options: FieldOptions) -> str:
    label = options.label or Text("", "")
    texts = {"zh": label.zh, "en": label.en, asked.change.part.removeprefix("label."): asked.wanted}
    where = (*COLUMNS, asked.change.rule, "label")
    if any(texts.values()):
        return editor.set_value(asked.text, where, Text(texts["zh"] or texts["en"], texts["en"] or texts["zh"]))
    return asked.text if options.label is None else editor.set_value(asked.text, where, None)


def _add_column(asked: _Asked) -> str:
    """Add a column; rows have nothing in it yet."""
    name = asked.change.part.strip()
    if not _COLUMN.fullmatch(name):
        raise ColumnError("name")
    if name in (FROM, UNTIL) or name in asked.document.columns:
        raise ColumnError("taken")
    kind = asked.wanted if asked.wanted in set(FieldType) else FieldType.STRING.value
    return editor.set_value(asked.text, (*COLUMNS, name), {"type": kind})


def _remove_column(asked: _Asked) -> str:
    """Take a column out, with what stands in it."""
    name = asked.change.rule
    if name not in asked.document.columns:
        raise MissingError
    if name in asked.document.key:
        raise ColumnError("key")
    held: dict[int, Value | None] = {at: None for at, row in enumerate(asked.document.rows) if name in row.cells}
    text = editor.set_items(asked.text, ROWS, name, held) if held else asked.text
    return editor.set_value(text, (*COLUMNS, name), None)


_CHANGES: Mapping[str, Callable[[_Asked], str]] = {
    "add": _add,
    "copy": _copy,
    "move": _move,
    "remove": _remove,
    "title": _title,
    "column": _column,
    "add-column": _add_column,
    "remove-column": _remove_column,
}

WHAT: Sequence[str] = ("row", *_CHANGES)
"""What can be asked of a table."""
