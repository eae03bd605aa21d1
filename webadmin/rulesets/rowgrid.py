"""A reference table as a grid to be typed into, and what is declared of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy.errors import Finding
from policy.model.document import FieldOptions, FieldType, ReferenceDocument, ReferenceRow
from policy.model.written import Scalar
from policy.values import Text
from webadmin.library import Look
from webadmin.rulesets import rowediting
from webadmin.rulesets.editing import MOST
from webadmin.rulesets.grid import Box, Editor, editor_of
from webadmin.rulesets.refusing import Refused
from webadmin.rulesets.rowediting import FROM, UNTIL

TYPES = (FieldType.STRING, FieldType.NUMBER, FieldType.BOOLEAN, FieldType.DATE)
"""Types a column is given on its page; the text has the others."""

_DAY: Editor = ((), "date", None)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        is_key: Rows are known by it.
        values: Those that may stand in it, as they are typed; empty: any.
        findings: What is wrong with its declaration.
    """

    name: str
    label: Text | None
    type: FieldType
    unit: str | None
    scale: int | None
    values: str
    optional: bool
    is_key: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `called` tells it from the others to people who do not see where it stands."""

    id: str
    called: str
    cells: tuple[Box, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all that is wrong with it."""
        return tuple(finding for each in self.cells for finding in each.findings)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole table: its first cell is the first day, its last the day it ends.

    Attributes:
        rest: Errors that stand in no cell and at no column.
        missed: A change that was not made and has no cell here.
    """

    title: Text
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    rest: tuple[Finding, ...]
    missed: Refused | None
    most: int = MOST

    @property
    def holds_missed(self) -> bool:
        """Say whether something was typed in a cell that was not taken."""
        return any(each.missed is not None for line in self.lines for each in line.cells)


def columns(document: ReferenceDocument, findings: Sequence[Finding] = ()) -> tuple[Column, ...]:
    """Return the columns of a table in their order, with what is wrong with each."""
    at = _by_column(document, findings)
    return tuple(
        Column(
            name,
            each.label,
            each.type or FieldType.STRING,
            each.unit,
            each.scale,
            ", ".join(value.text for value in each.one_of or () if isinstance(value, Scalar)),
            bool(each.optional),
            name in document.key,
            tuple(at.get(name, ())),
        )
        for name, each in document.columns.items()
    )


def sheet(look: Look, missed: Refused | None = None) -> Sheet:
    """Lay the draft of a table out.

    Args:
        look: At the draft; its document reads.
        missed: A change that was not made: what was typed stays in its cell.
    """
    document = look.document
    if not isinstance(document, ReferenceDocument):
        msg = f"{look.name} is no reference table"
        raise TypeError(msg)
    editors = {FROM: _DAY, **{name: _editor(name, each) for name, each in document.columns.items()}, UNTIL: _DAY}
    remarks = _by_row(document, look.findings)
    named = zip(document.rows, rowediting.names(document), strict=True)
    lines = tuple(
        _line(document, row, name, editors, (remarks.get(at, ()), missed)) for at, (row, name) in enumerate(named)
    )
    shown = columns(document, look.findings)
    there = {id(each) for line in lines for each in line.findings} | {
        id(each) for column in shown for each in column.findings
    }
    is_held = any(each.missed is not None for line in lines for each in line.cells)
    rest = tuple(each for each in look.errors if id(each) not in there)
    return Sheet(document.title, shown, lines, rest, None if is_held else missed)


def called(document: ReferenceDocument, row: ReferenceRow) -> str:
    """Return what tells a row from the others: its first day and its key."""
    key = [rowediting.standing(row, name) for name in document.key]
    return " ".join([row.from_.isoformat(), *filter(None, key)])


def _editor(name: str, options: FieldOptions) -> Editor:
    return editor_of(rowediting.giving(name, options))


def _line(
    document: ReferenceDocument,
    row: ReferenceRow,
    name: str,
    editors: Mapping[str, Editor],
    said: tuple[Sequence[Finding], Refused | None],
) -> Line:
    findings, missed = said
    at = _by_cell(row, findings)
    asked = missed.change if missed is not None else None

    def box(column: str, editor: Editor) -> Box:
        is_here = asked is not None and (asked.what, asked.rule, asked.part) == ("row", name, column)
        value = rowediting.standing(row, column)
        names = document.columns[column].names if column in document.columns else None
        return Box("row", column, value, *editor, tuple(at.get(column, ())), missed if is_here else None, names or {})

    return Line(name, called(document, row), tuple(box(column, editor) for column, editor in editors.items()))


def _by_row(document: ReferenceDocument, findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Return the findings by the position of the row they stand in."""
    begin = [each.place for each in document.rows]
    last = max((place for place in map(_end, document.rows)), default=0)
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        here = [at for at, place in enumerate(begin) if place <= finding.place]
        if here and finding.place.line <= last:
            found.setdefault(here[-1], []).append(finding)
    return found


def _end(row: ReferenceRow) -> int:
    """Return the last line on which a cell of a row begins."""
    return max([row.place.line, *(raw.place.line for raw in row.cells.values())])


def _by_cell(row: ReferenceRow, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings of a row by the column they are about; of the row itself at its first day."""
    starts = {name: raw.place for name, raw in row.cells.items()}
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        at = next((name for name, place in starts.items() if place == finding.place), "")
        if not at and finding.code == "missing-cell":
            at = str(finding.values.get("name", ""))
        if not at and finding.code == "period-empty":
            at = UNTIL
        found.setdefault(at or FROM, []).append(finding)
    return found


def _by_column(document: ReferenceDocument, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings by the column in whose declaration they stand."""
    starts = sorted((each.place, name) for name, each in document.columns.items())
    rows = min((each.place for each in document.rows), default=None)
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        here = [name for place, name in starts if place <= finding.place]
        if here and (rows is None or finding.place < rows):
            found.setdefault(here[-1], []).append(finding)
    return found
