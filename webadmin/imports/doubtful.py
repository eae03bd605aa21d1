"""Deals of a file that can be taken and are hardly meant so: won, and yet nobody will be paid for them, or not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import ngettext

from policy.tables import RecordKind, RecordRow
from webadmin.filters import number
from webadmin.roster.imported import Imported
from webadmin.roster.winning import WON

FIRST = 20
"""Rows that are named."""


class Why(StrEnum):
    """What is doubtful about a deal that was won."""

    HOLDER = "holder"
    DAY = "day"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Deals that are doubtful for the same reason.

    Attributes:
        rows: Their rows, in the order of the file; the header is row 1.
    """

    why: Why
    rows: Sequence[int]

    @property
    def said(self) -> str:
        """Return what is doubtful, in the reader's language."""
        return _SAID[self.why](len(self.rows))


def doubts(outcome: Imported, rows: Iterable[RecordRow], today: date) -> list[Doubt]:
    """Return what is doubtful about the deals of a file, as they would stand in the record.

    Args:
        outcome: What importing the file would come to; where a row is refused there is nothing to doubt yet.
        rows: The rows of the file.
        today: What is closed later is not closed yet.
    """
    if outcome.kind is not RecordKind.DEALS or outcome.kept is None:
        return []
    numbers = {str(each.record["id"]): each.number for each in rows if each.record is not None}
    won = {name: row for name, row in outcome.kept.rows.items() if row["stage"] == WON}
    found = {
        why: sorted(numbers[outcome.ids[name]] for name, row in won.items() if is_so(row, today))
        for why, is_so in _TESTS.items()
    }
    return [Doubt(why, each) for why, each in found.items() if each]


_TESTS: Mapping[Why, Callable[[Mapping[str, Any], date], bool]] = {
    Why.HOLDER: lambda row, _: row["owner_id"] is None,
    Why.DAY: lambda row, _: row["closed_on"] is None,
    Why.AHEAD: lambda row, today: row["closed_on"] is not None and row["closed_on"] > today,
}


def _holder(count: int) -> str:
    return str(
        ngettext(
            "%(count)s deal that was won would be held by nobody, so nobody is paid for it. Does a column say who "
            "holds it? Take that for “Held by”.",
            "%(count)s deals that were won would be held by nobody, so nobody is paid for them. Does a column say who "
            "holds them? Take that for “Held by”.",
            count,
            count=number(count),
        )
    )


def _day(count: int) -> str:
    return str(
        ngettext(
            "%(count)s deal that was won has no day it was closed on, so it counts in no quarter.",
            "%(count)s deals that were won have no day they were closed on, so they count in no quarter.",
            count,
            count=number(count),
        )
    )


def _ahead(count: int) -> str:
    return str(
        ngettext(
            "%(count)s deal is said to be won and is closed on a day still to come: it counts from that day on.",
            "%(count)s deals are said to be won and are closed on a day still to come: they count from then on.",
            count,
            count=number(count),
        )
    )


_SAID: Mapping[Why, Callable[[int], str]] = {Why.HOLDER: _holder, Why.DAY: _day, Why.AHEAD: _ahead}
