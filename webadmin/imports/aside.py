"""Rows of a file that were not taken, one by one: refused, or left out, each with where it stands and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy.tables import Refusal
from policy.tables.export import csv_lines
from webadmin.imports import expecting, telling
from webadmin.imports.offered import Offered

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
    """Return rows that were left out, as the audit entry of an import has them."""
    return [
        Refusal(each["row"], each["column"], None, each["code"], _values(each["values"]), each["sheet"])
        for each in rows
    ]


def _values(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


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
    pages = max(1, -(-len(rows) // PAGE))
    number = min(pages, max(1, int(page) if page.isdecimal() and len(page) < 6 else 1))
    return Leaf(rows[(number - 1) * PAGE : number * PAGE], number, pages, count, len(rows))
