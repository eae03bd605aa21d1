"""Deals of a file that can be taken and are hardly meant so: won, and yet nobody will be paid for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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


def doubts(outcome: Imported, rows: Iterable[RecordRow]) -> list[Doubt]:
    """Return what is doubtful about the deals of a file, as they would stand in the record.

    Args:
        outcome: What importing the file would come to; where a row is refused there is nothing to doubt yet.
        rows: The rows of the file.
    """
    if outcome.kind is not RecordKind.DEALS or outcome.kept is None:
        return []
    numbers = {str(each.record["id"]): each.number for each in rows if each.record is not None}
    won = {name: row for name, row in outcome.kept.rows.items() if row["stage"] == WON}
    found = {
        why: sorted(numbers[outcome.ids[name]] for name, row in won.items() if is_so(row))
        for why, is_so in _TESTS.items()
    }
    return [Doubt(why, each) for why, each in found.items() if each]


_TESTS: Mapping[Why, Callable[[Mapping[str, Any]], bool]] = {
    Why.HOLDER: lambda row: row["owner_id"] is None,
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


_SAID: Mapping[Why, Callable[[int], str]] = {Why.HOLDER: _holder}
