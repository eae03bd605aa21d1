"""Writes decisions as tables: CSV and XLSX for spreadsheets, JSON Lines for programs.

A text that a spreadsheet would take for a formula is kept from being one: in CSV by an apostrophe in front of it, in
a workbook by what the spreadsheet itself uses for that. Numbers stay numbers, with the digits they have. Read again
through a mapping, a workbook gives the texts, numbers and days that were written; of a CSV file the same is true but
for that apostrophe, which is part of the text there. Lists and nested values come back as the text they are shown by.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any, TextIO

from policy.model.canonical import canonical_json
from policy.model.decision import Decision
from policy.tables import xlsxfile
from policy.tables.report import Row
from policy.tables.rowfile import LONGEST_CELL, refused
from policy.tables.workbook import LAST_ROW
from policy.values import plain

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full width ones
_LIST_JOINT = "; "
_LOOKED_AT = 1000
MORE = "more"
"""Name of the last column, for keys that come up late."""

_ALWAYS = ("row", "key", "policy", "as_of", "status", "hits", "missing")
_MOST_DIGITS = 15
"""Digits of a number that a spreadsheet keeps; longer ones are written as texts."""

_FIRST_YEAR = 1900
"""A spreadsheet knows no day before."""

_PIECE = 1 << 16
"""Characters of a piece of a CSV file, about."""

_UNPRINTABLE = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
"""Characters a workbook cannot hold, and the pictures that stand for them."""


def flat(row: Row, decision: Decision) -> dict[str, Any]:
    """Return a decision as one record of a table.

    Args:
        row: Where its facts came from.
        decision: The decision.

    Returns:
        `row`, `key`, `policy`, `as_of` and `status`; then every output as `outcome.<name>`, every part of the
        result as `result.<name>`, and `hits` and `missing`. What is no single value stays a list or mapping.
    """
    record: dict[str, Any] = {"row": row.number, "key": row.key, "policy": decision.policy}
    record |= {"as_of": decision.as_of, "status": str(decision.status)}
    if isinstance(decision.outcome, dict):
        record |= {f"outcome.{name}": value for name, value in decision.outcome.items()}
    elif decision.outcome is not None:
        record["outcome"] = decision.outcome
    if decision.result is not None:
        record |= {f"result.{name}": value for name, value in decision.result.to_data().items()}
    return {**record, "hits": decision.hits, "missing": decision.missing}


def write_csv(stream: TextIO, records: Iterable[Mapping[str, Any]], *, more: str = MORE) -> int:
    """Write records as CSV.

    A text that a spreadsheet would take for a formula gets an apostrophe in front. Lists of texts are joined by `; `,
    other nested values are JSON.

    Args:
        stream: A text file opened with `newline=""`; as `utf-8-sig`, so that spreadsheets read Chinese.
        records: Records; the keys of the first thousand make the columns, in order of appearance. Keys that come
            up later are written as JSON into a last column.
        more: Name of that column, which is there only where there are so many.

    Returns:
        Rows written, the header left out.
    """
    writer = csv.writer(stream)
    count = -1
    for row in _rows(records, more):
        writer.writerow(_of_csv(row))
        count += 1
    return count


def csv_lines(records: Iterable[Mapping[str, Any]], *, more: str = MORE) -> Iterator[str]:
    """Yield records as CSV, one record after the other; see `write_csv`."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in _rows(records, more):
        writer.writerow(_of_csv(row))
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()


def write_xlsx(
    stream: IO[bytes], records: Iterable[Mapping[str, Any]], *, sheet: str = "Fairlead", more: str = MORE
) -> int:
    """Write records as a workbook with one sheet; columns and nested values as `write_csv` has them.

    Numbers of up to 15 digits are numbers, longer ones texts, so that no digit is lost. Days are days from 1900 on,
    before that texts. Lines end by LF; characters a workbook cannot hold are replaced by their pictures (`␀`).

    Args:
        stream: A binary file.
        records: Records.
        sheet: Name of the sheet.
        more: See `write_csv`.

    Returns:
        Rows written, the header left out.

    Raises:
        TableError: a text is longer than a cell can hold, or there are more rows than a sheet can.
    """
    count = -1

    def counted() -> Iterator[list[str]]:
        """Yield the rows of cells, and count them."""
        nonlocal count
        for cells in _cells(records, sheet, more):
            count += 1
            yield cells

    for piece in xlsxfile.pieces(counted(), sheet):
        stream.write(piece)
    return count


def xlsx_pieces(records: Iterable[Mapping[str, Any]], *, sheet: str = "Fairlead", more: str = MORE) -> Iterator[bytes]:
    """Yield a workbook piece by piece, while its records are still being made; see `write_xlsx`.

    Raises:
        TableError: as there; what was yielded before is no whole workbook.
    """
    return xlsxfile.pieces(_cells(records, sheet, more), sheet)


def csv_pieces(records: Iterable[Mapping[str, Any]], *, more: str = MORE) -> Iterator[bytes]:
    """Yield a CSV file piece by piece, in UTF-8 with a mark of it; see `write_csv`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    for row in _rows(records, more):
        writer.writerow(_of_csv(row))
        if text.tell() > _PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _of_csv(row: Iterable[Any]) -> list[str]:
    return [_guarded(each) if isinstance(each, str) else _written(each) for each in row]


def _cells(records: Iterable[Mapping[str, Any]], sheet: str, more: str) -> Iterator[list[str]]:
    for number, row in enumerate(_bounded(records, sheet, more), 1):
        yield [_cell(value, (sheet, number, at)) for at, value in enumerate(row, 1)]


def _bounded(records: Iterable[Mapping[str, Any]], sheet: str, more: str) -> Iterator[list[Any]]:
    """Yield the rows of records, as many as a sheet can hold."""
    for number, row in enumerate(_rows(records, more), 1):
        if number > LAST_ROW:
            raise refused("table-too-many-rows", sheet, number, expected=LAST_ROW - 1)
        yield row


def write_jsonl(stream: TextIO, records: Iterable[Mapping[str, Any]]) -> int:
    """Write records as canonical JSON, one per line.

    Returns:
        Lines written.
    """
    count = 0
    for record in records:
        stream.write(canonical_json(record) + "\n")
        count += 1
    return count


def _rows(records: Iterable[Mapping[str, Any]], more: str) -> Iterator[list[Any]]:
    """Yield the header, then the cells of each record: texts, numbers, booleans, days, and None for nothing."""
    remaining = iter(records)
    first = [dict(record) for record in islice(remaining, _LOOKED_AT)]
    columns = list(dict.fromkeys(name for record in first for name in record)) or list(_ALWAYS)
    if len(first) == _LOOKED_AT:
        columns.append(more)
    yield list(columns)
    for record in chain(first, remaining):
        late = {name: value for name, value in record.items() if name not in columns}
        yield [_single(record.get(name)) if name != more else _single(late or None) for name in columns]


def _single(value: Any) -> Any:
    """Return a value that fits one cell."""
    if value is None or isinstance(value, str | bool | int | Decimal) or type(value) is date:
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return _LIST_JOINT.join(value)
    text = canonical_json(value)
    return text[1:-1] if text.startswith('"') else text


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _written(value: Any) -> str:
    """Write what is no text: nothing, a number, a boolean or a day."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return plain(value)
        case _:
            return str(value)


def _printable(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNPRINTABLE)


def _cell(value: Any, place: tuple[str, int, int]) -> str:
    """Return the cell of a value.

    Args:
        value: The value.
        place: Name of the sheet, row and column.

    Raises:
        TableError: a text is longer than a cell can hold.
    """
    if value is None or value == "":
        return xlsxfile.EMPTY
    if isinstance(value, bool):
        return xlsxfile.flag(value)
    if isinstance(value, date) and value.year >= _FIRST_YEAR:
        return xlsxfile.day(value)
    text = _printable(value) if isinstance(value, str) else _written(value)
    if len(text) > LONGEST_CELL:
        raise refused("table-cell-too-long", *place, found=len(text), expected=LONGEST_CELL)
    if isinstance(value, int | Decimal) and len(Decimal(value).normalize().as_tuple().digits) <= _MOST_DIGITS:
        return xlsxfile.number(text)  # the digits as they are
    return xlsxfile.text(text, is_quoted=isinstance(value, str) and text.startswith(_FORMULA_STARTS))
