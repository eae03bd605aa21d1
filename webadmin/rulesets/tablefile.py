"""The rules of a policy as a file for spreadsheets: one row for each rule, one column for each column of the table.

A heading says in brackets what its column is, so that a file can be read again whatever its labels say: `[id]`,
`[when]` for a condition that is no row of cells, `[when: order.amount]`, `[then: stages]`, `[because: zh]`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask_babel import gettext

from policy.tables.csvfile import CsvFile
from policy.tables.document import Encoding
from policy.tables.export import write_csv, write_xlsx
from policy.tables.opening import is_workbook
from policy.tables.rowfile import Record, RowFile
from policy.tables.workbook import SheetFile
from policy.values import Language
from webadmin.filters import own
from webadmin.library import Look
from webadmin.rulesets import grid, saidgrid
from webadmin.rulesets.grid import Box, Grid, Line
from webadmin.rulesets.table import Column

CONTENT = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a file is saved as → its type."""

_HEADING = re.compile(r"\[(id|when|when: ?[^\]]+(?:\[\][^\]]*)*|then: ?[^\]]+|because: ?(?:zh|en))\]\s*$")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")  # noqa: RUF001 - the full width signs are guarded too

Key = tuple[str, str]
"""What a column holds, as the boxes of a grid have it: `rename`, `when`, `cell`, `then` or `because`, and of what."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Attributes:
        number: As the spreadsheet counts it.
        cells: What stands there, by column.
        faults: Columns that could not be read, with the reason; `None` for the whole row.
    """

    number: int
    cells: Mapping[Key, str]
    faults: Mapping[Key | None, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read.

    Attributes:
        headings: As they stand there, by column.
        unknown: Headings that are no column, with their number from 1.
        rows: Those below the headings that hold something.
    """

    headings: Mapping[Key, str]
    unknown: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]


def laid_out(look: Look, language: Language) -> Grid:
    """Return the rules of a policy with what each cell says in words."""
    return grid.grid(look, saidgrid.words(look, language, source=False))


def written(look: Look, language: Language, kind: str, *, in_words: bool) -> bytes:
    """Write the rules of a policy as a file.

    Args:
        look: At the policy.
        language: Of labels and words.
        kind: `csv` or `xlsx`.
        in_words: Whether cells say what they mean; else they have what is written in the text.
    """
    found = laid_out(look, language)
    headings = dict(_headings(found))
    records = [
        {headings[key]: _text(box, in_words=in_words) for key, box in boxes(line).items()} for line in found.lines
    ]
    whole = [{heading: record.get(heading, "") for heading in headings.values()} for record in records]
    if kind == "csv":
        text = io.StringIO(newline="")
        write_csv(text, whole)
        return f"\ufeff{text.getvalue()}".encode()
    body = io.BytesIO()
    write_xlsx(body, whole)
    return body.getvalue()


def boxes(line: Line) -> dict[Key, Box]:
    """Return the boxes of a rule by what they hold."""
    return {(each.name, each.part): each for each in line.boxes}


def says(box: Box) -> str:
    """Return what a box says in words, as plain text."""
    if box.is_flag and box.value in ("true", "false"):
        return str(gettext("yes") if box.value == "true" else gettext("no"))
    named = dict(box.choices).get(box.value) if box.shape == "choice" else None
    if named is not None:
        return str(own(named))
    return unescape(box.words.striptags()) if box.words is not None else box.value


def _text(box: Box, *, in_words: bool) -> str:
    return says(box) if in_words and box.name in ("cell", "when", "then") else box.value


def _headings(found: Grid) -> Iterator[tuple[Key, str]]:
    """Yield the columns of a file, from left to right."""
    yield ("rename", ""), f"{gettext('Rule')} [id]"
    if any(line.condition is not None for line in found.lines):
        yield ("when", ""), f"{gettext('Condition')} [when]"
    for column in found.inputs:
        yield ("cell", column.name), f"{_label(column)} [when: {column.name}]"
    for column in found.outputs:
        yield ("then", column.name), f"{_label(column)} [then: {column.name}]"
    for language in ("zh", "en"):
        yield ("because", language), f"{gettext('Because')} [because: {language}]"


def _label(column: Column) -> str:
    return str(own(column.label)) if column.label else column.name


def read(content: bytes, name: str) -> Sheet:
    """Read a file.

    Args:
        content: What it holds: a workbook, or CSV as UTF-8 or as a Chinese spreadsheet writes it.
        name: What it is called.

    Raises:
        TableError: it cannot be read; says where.
    """
    with NamedTemporaryFile(suffix=Path(name).suffix[:10]) as file:
        file.write(content)
        file.flush()
        return _sheet(_opened(Path(file.name), content))


def _opened(path: Path, content: bytes) -> RowFile:
    if is_workbook(path):
        return SheetFile(path)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return CsvFile(path, Encoding.UTF_16 if content[:2] in (b"\xff\xfe", b"\xfe\xff") else Encoding.GB18030)
    return CsvFile(path)


def _sheet(file: RowFile) -> Sheet:
    keys = [_key(each) for each in file.header]
    unknown = tuple((at, text) for at, (text, key) in enumerate(zip(file.header, keys, strict=True), 1) if key is None)
    rows = [_row(record, keys) for record in file.rows()]
    headings = {key: text for key, text in zip(keys, file.header, strict=True) if key is not None}
    return Sheet(headings, unknown, tuple(each for each in rows if each.faults or any(each.cells.values())))


def _key(heading: str) -> Key | None:
    found = _HEADING.search(heading)
    if found is None:
        return None
    what, _, part = (each.strip() for each in found[1].partition(":"))
    if what == "id":
        return "rename", ""
    return ("cell" if what == "when" and part else what), part


def _row(record: Record, keys: Iterable[Key | None]) -> Row:
    if record.code is not None:
        return Row(
            record.number, {}, {None: gettext("This row cannot be read: its cells are not those of the headings.")}
        )
    cells = {key: _GUARDED.sub("", text.strip(), count=1) for key, text in zip(keys, record.cells, strict=True) if key}
    unread = gettext("This cell holds a formula or an error: put the value there.")
    named = list(keys)
    faults: dict[Key | None, str] = {key: unread for at in record.faults if (key := named[at]) is not None}
    return Row(record.number, cells, faults)
