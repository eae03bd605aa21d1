"""Rows of a file that were not taken, one by one: refused, or left out, each with where it stands and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.tables import Refusal
from policy.tables.export import csv_lines
from policy.values import Text
from webadmin.imports import expecting, telling
from webadmin.imports.offered import Offered
from webadmin.jobs.importing import REFUSED
from webadmin.store import jobrows

PAGE = 50
"""Rows on a page."""

_BEGIN = "\ufeff"
"""By which spreadsheets know that letters are UTF-8."""


@dataclass(frozen=True, slots=True)
class Aside:
    """One row that was not taken, or one of the reasons why.

    Attributes:
        is_refused: Whether it is refused; else it is left out.
        why: The sentence, in the reader's language.
    """

    row: int
    sheet: str
    column: str
    is_refused: bool
    found: str
    expected: str
    why: str
    code: str


def aside(refused: Iterable[Refusal], left: Iterable[Refusal], offered: Offered) -> list[Aside]:
    """Return rows that were not taken, in the order of the file."""
    found = [_aside(each, offered, is_refused=True) for each in refused]
    found += [_aside(each, offered, is_refused=False) for each in left]
    return sorted(found, key=lambda each: each.row)


def _aside(each: Refusal, offered: Offered, *, is_refused: bool) -> Aside:
    why, found, expected = telling.sentence(each, offered), expecting.found(each), expecting.expected(each, offered)
    return Aside(each.row, each.sheet or "", each.column or "", is_refused, found, expected, why, each.code)


def noted(rows: Iterable[Mapping[str, Any]]) -> list[Refusal]:
    """Return rows that were not taken, as the audit entry of an import or its job keeps them."""
    return [_refusal(each) for each in rows]


def _refusal(kept: Mapping[str, Any]) -> Refusal:
    values = {name: _value(value) for name, value in kept["values"].items()}
    return Refusal(int(kept["row"]), kept["column"], kept.get("field"), kept["code"], values, kept["sheet"])


def _value(kept: Any) -> Any:
    """Return a value of a sentence as it was before it was kept as JSON."""
    if isinstance(kept, list):
        return tuple(map(_value, kept))
    if isinstance(kept, dict):
        return Text(kept["zh"], kept["en"])
    return int(kept) if isinstance(kept, Decimal) and kept == kept.to_integral_value() else kept


def of_job(connection: Connection, job: str, page: str, count: int, offered: Offered) -> Leaf:
    """Return the page of rows an address asks for, of those a job found and did not take.

    Args:
        connection: Where they are kept.
        job: The import.
        page: As it stands in the address.
        count: All rows there are, also those that are not told one by one.
        offered: The fields of its kind.
    """
    listed = jobrows.count(connection, job)
    number, pages = _which(listed, page)
    rows = jobrows.page(connection, job, after=(number - 1) * PAGE, limit=PAGE)
    return Leaf(_kept(rows, offered), number, pages, count, listed)


def all_of_job(connection: Connection, job: str, offered: Offered) -> Iterator[Aside]:
    """Yield all rows a job did not take, as far as they are told one by one."""
    for rows in jobrows.every(connection, job):
        yield from _kept(rows, offered)


def _kept(rows: Sequence[jobrows.Row], offered: Offered) -> list[Aside]:
    refusals = noted(each.body for each in rows)
    return [_aside(each, offered, is_refused=row.verdict == REFUSED) for row, each in zip(rows, refusals, strict=True)]


def table(rows: Iterable[Aside]) -> Iterator[str]:
    """Yield rows as CSV for spreadsheets; what they would take for a formula is kept from being one."""
    yield _BEGIN
    yield from csv_lines(
        {
            "sheet": each.sheet,
            "row": each.row,
            "column": each.column,
            "came_to": "refused" if each.is_refused else "left out",
            "found": each.found,
            "expected": each.expected,
            "code": each.code,
            "problem": expecting.unmarked(each.why),
        }
        for each in rows
    )


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of rows.

    Attributes:
        page, pages: From 1 on.
        count: All rows there are, also those that are not told one by one.
        listed: All rows that are told one by one, on whichever page.
    """

    rows: Sequence[Aside]
    page: int
    pages: int
    count: int
    listed: int


def leaf(rows: Sequence[Aside], page: str, count: int) -> Leaf:
    """Return the page of rows an address asks for; the nearest where there is no such."""
    number, pages = _which(len(rows), page)
    return Leaf(rows[(number - 1) * PAGE : number * PAGE], number, pages, count, len(rows))


def _which(rows: int, page: str) -> tuple[int, int]:
    """Return which page an address asks for, and how many there are."""
    pages = max(1, -(-rows // PAGE))
    return min(pages, max(1, int(page) if page.isdecimal() and len(page) < 6 else 1)), pages
