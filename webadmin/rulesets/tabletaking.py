"""What taking a file over would change in the rules of a draft: planned, carried out for a look, and told by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext
from sqlalchemy import Connection

from policy.errors import Finding, Grade, SourceError
from webadmin import library
from webadmin.filters import sentence
from webadmin.language import chosen
from webadmin.library import Look
from webadmin.rulesets import editing, several, tablefile
from webadmin.rulesets.editing import ANY, Change, ChangedError, HalfError, MissingError
from webadmin.rulesets.grid import Box, Grid
from webadmin.rulesets.known import known
from webadmin.rulesets.refusing import refused
from webadmin.rulesets.several import BlockError
from webadmin.rulesets.tablefile import Key, Row, Sheet

_ID: Key = ("rename", "")


class How(StrEnum):
    """What a file is to the rules there are: all of them as they shall be, or more of them."""

    REPLACE = "replace"
    APPEND = "append"


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a file from being taken over: a place in it, what stands there, and why."""

    row: int
    column: str
    said: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that would be different, or in which something is wrong: what it says before and after.

    Attributes:
        column: The heading as it stands in the file, `heading` what people call it.
    """

    column: str
    heading: str
    before: str
    after: str
    findings: tuple[Finding, ...]

    @property
    def is_wrong(self) -> bool:
        """Say whether what stands there keeps the text from loading."""
        return any(each.grade is Grade.ERROR for each in self.findings)


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a file: the rule it is, whether that is new, and its cells that would be different."""

    number: int
    rule: str
    is_new: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a file over would do; `changes` are carried out as they stand.

    Attributes:
        gone: Rules the file does not have.
        is_reordered: Whether rules that stay would stand in another order.
        others: Findings that would keep the draft from loading and stand in no cell of the file.
    """

    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    rows: tuple[Told, ...] = ()
    gone: tuple[str, ...] = ()
    is_reordered: bool = False
    others: tuple[Finding, ...] = ()


def preview(connection: Connection, look: Look, sheet: Sheet, how: How, day: date) -> Preview:
    """Return what taking a file over would change in a draft; nothing is kept.

    Args:
        connection: To what else is in effect.
        look: At the draft; its document reads.
        sheet: The file.
        how: Whether it stands for all rules.
        day: Today.
    """
    language = chosen()
    now = tablefile.laid_out(look, language)
    faults = tuple(_faults(sheet, now, how))
    if not sheet.rows or (how is How.REPLACE and _ID not in sheet.headings):
        return Preview(faults)
    sound = _sound(sheet, now) if faults else sheet
    plan = _Plan(now, sound, how)
    changes = tuple(each for each in plan.changes() if not faults or each.what not in ("remove", "move"))
    if len(changes) > editing.MOST:
        said = gettext("That is more than %(most)s changes at once: take the file over in parts.", most=editing.MOST)
        return Preview((*faults, Fault(1, "", said)))
    text, missed = _made(look, changes, plan, sound)
    if text is None:
        return Preview((*faults, *missed))
    after = tablefile.laid_out(library.draft_with(connection, look.name, text, day), language)
    told = tuple(_told(sound, plan, now, after))
    if faults or missed:
        return Preview(tuple(_in_order((*faults, *missed), told)))
    shown = {id(each) for row in told for cell in row.cells for each in cell.findings}
    others = [each for line in after.lines for each in line.findings if id(each) not in shown]
    return Preview((), changes, told, plan.gone, plan.is_reordered, (*others, *after.rest))


def _sound(sheet: Sheet, now: Grid) -> Sheet:
    """Return what of a file can be read, to tell what else is wrong with it."""
    columns = _known(now)
    headings = {key: text for key, text in sheet.headings.items() if key[1] in columns.get(key[0], {key[1]})}
    rows: dict[str, Row] = {}
    for row in sheet.rows:
        cells = {key: text for key, text in row.cells.items() if key in headings and key not in row.faults}
        if None not in row.faults and _ID not in row.faults:
            rows.setdefault(_id(row) or f"+{row.number}", Row(row.number, cells, row.faults))
    return Sheet(headings, (), tuple(rows.values()))


def _made(look: Look, changes: Sequence[Change], plan: _Plan, sheet: Sheet) -> tuple[str | None, tuple[Fault, ...]]:
    """Return the text with the changes made, those that cannot be left out, and why these cannot be."""
    try:
        return several.all_changed(look.text, changes, known(look)), ()
    except (SourceError, ChangedError, HalfError, MissingError) as error:
        return None, (
            _missed(sheet, plan.row_of(changes[0].rule), changes[0], refused(error, changes[0], look.text).said),
        )
    except BlockError as error:
        return error.text, tuple(
            _missed(sheet, plan.row_at(each.row), each.change, refused(each.error, each.change, look.text).said)
            for each in error.misses
        )


def _missed(sheet: Sheet, row: int, change: Change, said: str) -> Fault:
    return Fault(row, sheet.headings.get((change.what, change.part), ""), said, change.value)


def _in_order(faults: Sequence[Fault], told: Sequence[Told]) -> list[Fault]:
    """Return faults and what else is wrong in cells, by their rows; of one cell the fault alone."""
    there = {(each.row, each.column) for each in faults}
    wrong = [
        Fault(
            row.number,
            cell.column,
            " ".join(sentence(each) for each in cell.findings if each.grade is Grade.ERROR),
            cell.after,
        )
        for row in told
        for cell in row.cells
        if cell.is_wrong and (row.number, cell.column) not in there
    ]
    return sorted((*faults, *wrong), key=lambda each: each.row)


def _faults(sheet: Sheet, now: Grid, how: How) -> Iterator[Fault]:
    yield from _of_headings(sheet, now)
    if not sheet.rows:
        yield Fault(2, "", gettext("There are no rules in this file."))
    if how is How.REPLACE and _ID not in sheet.headings:
        yield Fault(1, "", gettext("The column [id] is missing: without it nobody knows which rule is which."))
    counted = Counter(map(_id, sheet.rows))
    for row in sheet.rows:
        yield from (
            Fault(row.number, sheet.headings.get(key, "") if key else "", why, row.cells.get(key, "") if key else "")
            for key, why in row.faults.items()
        )
        if _id(row) and counted[_id(row)] > 1:
            yield Fault(row.number, sheet.headings[_ID], gettext("Two rows have this name."), _id(row))


def _of_headings(sheet: Sheet, now: Grid) -> Iterator[Fault]:
    for at, heading in sheet.unknown:
        said = gettext("This is no column of the table. A heading ends with its column in brackets, as in a download.")
        yield Fault(1, heading or f"{at}", said)
    columns = _known(now)
    for (what, part), heading in sheet.headings.items():
        if part not in columns.get(what, {part}):
            yield Fault(1, heading, gettext("This policy has no such column."))


def _known(now: Grid) -> dict[str, set[str]]:
    """Return what columns there may be, by what they hold; all others are of one sort each."""
    asked = {column.name for column in now.inputs} | {path for _, members in now.free for path, _ in members}
    return {"cell": asked, "then": {column.name for column in now.outputs}}


def _id(row: Row) -> str:
    return row.cells.get(_ID, "")


class _Plan:
    """Changes that make the rules of a draft those of a file."""

    def __init__(self, now: Grid, sheet: Sheet, how: How) -> None:
        self._lines = {line.id: tablefile.boxes(line) for line in now.lines}
        self._sheet = sheet
        self._columns = {column.name for column in now.inputs}
        is_all = how is How.REPLACE
        self.kept = {row.number: _id(row) for row in sheet.rows if is_all and _id(row) in self._lines}
        self.gone = tuple(name for name in self._lines if is_all and name not in self.kept.values())
        self.new = [row for row in sheet.rows if row.number not in self.kept]
        stay = [name for name in self._lines if name not in self.gone]
        wanted = [self.kept.get(row.number, "") for row in sheet.rows] if is_all else stay
        self.is_reordered = [each for each in wanted if each] != stay
        self._stay = stay

    def row_of(self, rule: str) -> int:
        """Return the row of the file a rule that stays is in; the first where none is."""
        return next((number for number, name in self.kept.items() if name == rule), 1)

    def row_at(self, place: int) -> int:
        """Return the row of the file of the rule at a place of the table, new ones behind those there are."""
        there = list(self._lines)
        return self.row_of(there[place - 1]) if place <= len(there) else self.new[place - len(there) - 1].number

    def changes(self) -> Iterator[Change]:
        """Yield the changes, in the order they are made."""
        yield from self._added_columns()
        for at, row in enumerate(self.new, 1):
            yield Change("add", "", "", _id(row))
            yield from self._of_row(row, f"+{at}", {})
        for row in self._sheet.rows:
            if row.number in self.kept:
                yield from self._of_row(row, self.kept[row.number], self._lines[self.kept[row.number]])
        yield from (Change("remove", name) for name in self.gone)
        if self.gone or self.kept:
            yield from self._moves()

    def _moves(self) -> Iterator[Change]:
        """Yield the moves that put the rules into the order of the file; what is new stands at the end until then."""
        numbers = {row.number: f"+{at}" for at, row in enumerate(self.new, 1)}
        order = [*self._stay, *numbers.values()]
        for place, row in enumerate(self._sheet.rows):
            rule = self.kept.get(row.number) or numbers[row.number]
            if order[place] != rule:
                order.remove(rule)
                order.insert(place, rule)
                yield Change("move", rule, "", str(place + 1))

    def _added_columns(self) -> Iterator[Change]:
        used = {part for row in self._sheet.rows for (what, part), text in row.cells.items() if what == "cell" and text}
        yield from (Change("add-column", "", part) for part in sorted(used - self._columns))

    def _of_row(self, row: Row, rule: str, there: dict[Key, Box]) -> Iterator[Change]:
        """Yield what is different in a row: a condition as a whole comes before the cells that may stand for it."""
        differs = [
            (key, text) for key, text in row.cells.items() if key[0] != "rename" and self._differs(there, key, text)
        ]
        for (what, part), text in sorted(differs, key=lambda each: each[0][0] != "when"):
            if what == "because" and all(row.cells.get(("because", each)) == "" for each in ("zh", "en")):
                if part == "zh":
                    yield Change("because", rule, "", "")
                continue
            box = there.get((what, part))
            yield Change(what, rule, part, text, box.value if box is not None and rule in self._lines else None)

    def _differs(self, there: dict[Key, Box], key: Key, text: str) -> bool:
        box = there.get(key)
        if box is None:
            return bool(text) or key[0] == "then"
        return text.removeprefix(ANY if len(text) == 1 else "") not in (box.value, tablefile.says(box))


def _told(sheet: Sheet, plan: _Plan, now: Grid, after: Grid) -> Iterator[Told]:
    """Yield the rows of a file with the cells that would be different, each as the table would have it."""
    old, new = ({line.id: tablefile.boxes(line) for line in each.lines} for each in (now, after))
    added = iter([name for name in (line.id for line in after.lines) if name not in old])
    for row, name in _named(sheet.rows, plan, added):
        before, then = old.get(name, {}), new.get(name, {})
        cells = [
            Cell(sheet.headings.get(key, ""), _heading(sheet, key), _said(before.get(key)), _said(box), box.findings)
            for key, box in then.items()
            if key[0] != "rename" and ((_value(before.get(key)) != box.value) or box.is_wrong)
        ]
        if cells or name not in old:
            yield Told(row.number, name, name not in old, tuple(cells))


def _named(rows: Sequence[Row], plan: _Plan, added: Iterator[str]) -> Iterator[tuple[Row, str]]:
    for row in rows:
        yield row, plan.kept.get(row.number) or next(added, _id(row))


def _heading(sheet: Sheet, key: Key) -> str:
    return sheet.headings.get(key, key[1] or key[0]).rpartition(" [")[0] or key[1]


def _value(box: Box | None) -> str:
    return "" if box is None else box.value


def _said(box: Box | None) -> str:
    return "" if box is None else tablefile.says(box)
