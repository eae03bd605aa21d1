"""Records written as workbooks: nothing becomes a formula, no digit is lost, and reading gives what was written."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from policy.feel.temporal import DaysDuration
from policy.tables import SheetFile, TableError, export, write_csv, write_xlsx
from policy.tables.export import csv_pieces, xlsx_pieces
from policy.tables.rowfile import LONGEST_CELL, Literal


def written(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "out.xlsx"
    with path.open("wb") as stream:
        assert write_xlsx(stream, records) == len(records)
    return path


def back(path: Path) -> list[tuple[str, ...]]:
    return [record.cells for record in SheetFile(path).rows()]


VALUES = [
    (None, "", False),
    (True, "true", True),
    (7, "7", True),
    (Decimal("-1.50"), "-1.5", True),
    (Decimal("9.70"), "9.7", True),
    (Decimal("1E+3"), "1000", True),
    (Decimal("123456789012.345"), "123456789012.345", True),
    (Decimal("1234567890123456.78"), "1234567890123456.78", False),
    (date(2026, 3, 1), "2026-03-01", True),
    (date(1899, 12, 31), "1899-12-31", False),
    ("00123", "00123", False),
    ("=1+1", "=1+1", False),
    ("#N/A", "#N/A", False),
    ("a\r\nb", "a\nb", False),
    ("\x00", "␀", False),
    (["lead", "director"], "lead; director", False),
    ([1, {"a": None}], '[1,{"a":null}]', False),
    (DaysDuration(-1), "-PT0.000000001S", False),
]


@pytest.mark.parametrize(("value", "cell", "is_literal"), VALUES, ids=[repr(case[1]) for case in VALUES])
def test_a_workbook_gives_back_what_was_written(tmp_path: Path, value: Any, cell: str, is_literal: bool) -> None:
    ((found, other),) = back(written(tmp_path, {"x": value, "y": 1}))

    assert (found, isinstance(found, Literal), other) == (cell, is_literal, "1")


SIGNS = ["=x", "+x", "-x", "@x", "\tx", "\rx", "\nx", "＝x", "＋x", "－x", "＠x"]  # noqa: RUF001 - full width ones


@pytest.mark.parametrize("text", SIGNS, ids=ascii)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    stream = io.StringIO(newline="")
    write_csv(stream, [{text: text}])
    cell = load_workbook(written(tmp_path, {"x": text})).worksheets[0]["A2"]

    assert "'" + text in stream.getvalue()
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_columns_are_those_of_a_csv_file(tmp_path: Path) -> None:
    path = written(tmp_path, {"a": 1}, {"b": 2, "=a": 3})

    assert SheetFile(path).header == ("a", "b", "=a")
    assert back(path) == [("1", "", ""), ("", "2", "3")]


def test_what_is_too_long_is_refused_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TableError, match="table-cell-too-long"):
        written(tmp_path, {"x": "y" * (LONGEST_CELL + 1)})
    monkeypatch.setattr(export, "LAST_ROW", 2)
    with pytest.raises(TableError, match="table-too-many-rows"):
        written(tmp_path, {"x": 1}, {"x": 2})


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(number=NUMBERS, text=TEXTS)
def test_numbers_and_texts_come_back_exactly(tmp_path: Path, number: Decimal, text: str) -> None:
    ((first, second),) = back(written(tmp_path, {"x": number, "y": text}))

    assert (Decimal(first), second) == (number, text)


def many(made: list[int]) -> Iterator[dict[str, Any]]:
    """Yield thousands of records that do not shrink, and note each that was asked for."""
    for number in range(20_000):
        made.append(number)
        yield {"number": number, "text": hashlib.sha256(str(number).encode()).hexdigest(), "sign": "=x"}


@pytest.mark.parametrize("pieces", [xlsx_pieces, csv_pieces], ids=["xlsx", "csv"])
def test_a_file_is_sent_while_its_records_are_made(pieces: Callable[..., Iterator[bytes]]) -> None:
    made: list[int] = []

    first = next(pieces(many(made)))

    assert len(first) < 1 << 18
    assert len(made) < 10_000, "the rest is not made yet"


def test_pieces_make_the_same_file(tmp_path: Path) -> None:
    stream, path = io.StringIO(newline=""), tmp_path / "out.xlsx"
    write_csv(stream, many([]))
    path.write_bytes(b"".join(xlsx_pieces(many([]))))

    assert b"".join(csv_pieces(many([]))) == stream.getvalue().encode("utf-8-sig")
    rows = back(path)
    assert len(rows) == 20_000
    assert rows[-1] == ("19999", hashlib.sha256(b"19999").hexdigest(), "=x", "")
    assert load_workbook(path).worksheets[0]["C2"].quotePrefix is True
