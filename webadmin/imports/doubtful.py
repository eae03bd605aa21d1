"""What of a file can be taken and is hardly meant so: won deals nobody is paid for, and what lies in days to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from flask_babel import ngettext
from sqlalchemy import Connection

from policy.tables import RecordKind, RecordMapping, RecordRow
from webadmin.filters import number
from webadmin.roster.references import SORTS, Known
from webadmin.roster.winning import WON
from webadmin.store import dated, deals
from webadmin.store.dated import Of
from webadmin.store.deals import Deal

FIRST = 20
"""Rows that are named."""


class Why(StrEnum):
    """What is doubtful about a deal, a person or a customer."""

    HOLDER = "holder"
    DAY = "day"
    AHEAD = "ahead"
    LOST = "lost"
    OPEN = "open"
    OPENED = "opened"
    HIRED = "hired"
    SINCE = "since"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Rows that are doubtful for the same reason.

    Attributes:
        rows: Their rows, in the order of the file, as `rowfile` counts.
    """

    why: Why
    rows: Sequence[int]

    @property
    def said(self) -> str:
        """Return what is doubtful, in the reader's language."""
        return _SAID[self.why](len(self.rows))


def doubts(
    connection: Connection, mapping: RecordMapping, rows: Iterable[RecordRow], since: date, today: date
) -> list[Doubt]:
    """Return what is doubtful about the deals, people or customers of a file, as they would stand in the record.

    Rows that are refused are looked at, too, as far as they can be read, so that all is told at once.

    Args:
        connection: To the record: what a file does not tell of a deal stays as it was.
        mapping: What the file holds, and whose ids these are.
        rows: Its rows.
        since: From when on that holds of which a row says no day.
        today: What is dated later has not happened yet.
    """
    told = [each for each in rows if isinstance(_read(each).get("id"), str)]
    found: Mapping[Why, list[int]] = {}
    if mapping.into is RecordKind.DEALS:
        found = _deals(connection, mapping, told, today)
    elif mapping.into is RecordKind.PEOPLE:
        found = _people(told, today)
    elif mapping.into is RecordKind.CUSTOMERS:
        found = {Why.ABSENT: _given_ahead(connection, mapping, told, max(since, today), today)}
    return [Doubt(why, each) for why, each in found.items() if each]


def _deals(
    connection: Connection, mapping: RecordMapping, told: Sequence[RecordRow], today: date
) -> Mapping[Why, list[int]]:
    known = on_record(connection, mapping.source, [_read(each)["id"] for each in told])
    stand = [(each.number, _standing(each, known.get(_read(each)["id"]))) for each in told]
    return {why: [number for number, deal in stand if is_so(deal, today)] for why, is_so in _TESTS.items()}


def _people(told: Sequence[RecordRow], today: date) -> Mapping[Why, list[int]]:
    """Return rows of people who are hired, or of whom something holds, from a day to come on."""
    hired = [each.number for each in told if _is_ahead(_read(each).get("hired_on"), today)]
    later = [each.number for each in told if _is_ahead(_read(each).get("since"), today)]
    return {Why.HIRED: hired, Why.SINCE: later}


def _given_ahead(
    connection: Connection, mapping: RecordMapping, told: Sequence[RecordRow], since: date, today: date
) -> list[int]:
    """Return rows of customers given to somebody who is there only from a later day on."""
    owners = {each.number: _read(each).get("owner") for each in told}
    names = [each for each in owners.values() if isinstance(each, str)]
    ids = Known(mapping.source)
    ids.look_up(connection, _PERSON, names)
    ids.look_up_names(connection, _PERSON, [each for each in names if ids.own(_PERSON, each) is None])
    own = {name: ids.own(_PERSON, name) or next(iter(ids.called(_PERSON, name)), None) for name in names}
    begins = dated.first_days(connection, Of.PERSON, [each for each in own.values() if each is not None])

    def is_early(row: RecordRow) -> bool:
        begin = begins.get(own.get(owners[row.number] or "") or "")
        day = _read(row).get("since")
        return begin is not None and begin > max(today, day if isinstance(day, date) else since)

    return [each.number for each in told if is_early(each)]


_PERSON = SORTS[RecordKind.PEOPLE]


def on_record(connection: Connection, source: str, names: Sequence[str]) -> dict[str, Deal]:
    """Return deals as they stand, by what a file of a system calls them; those that are not known are left out."""
    ids = Known(source)
    ids.look_up(connection, SORTS[RecordKind.DEALS], names)
    own = {name: ids.own(SORTS[RecordKind.DEALS], name) for name in names}
    known = deals.known(connection, [each for each in own.values() if each is not None])
    return {name: known[each] for name, each in own.items() if each in known}


def _read(row: RecordRow) -> Mapping[str, Any]:
    return row.read if row.record is None else row.record


_UNREAD: Final = object()
"""What stands for a value that is refused: nothing is said of it but the refusal."""


def _standing(row: RecordRow, was: Deal | None) -> dict[str, Any]:
    """Return a deal as it would stand: the stage, who holds it and its days."""
    told = _read(row)
    stand = {name: getattr(was, name, None) if told.get(name) is None else told[name] for name in _LOOKED}
    return {**stand, **{each.field: _UNREAD for each in row.problems if each.field in _LOOKED}}


_LOOKED = ("stage", "owner", "opened_on", "closed_on")


def _is_ahead(value: object, today: date) -> bool:
    return isinstance(value, date) and value > today


_TESTS: Mapping[Why, Callable[[Mapping[str, Any], date], bool]] = {
    Why.HOLDER: lambda deal, _: deal["stage"] == WON and deal["owner"] is None,
    Why.DAY: lambda deal, _: deal["stage"] == WON and deal["closed_on"] is None,
    Why.AHEAD: lambda deal, today: deal["stage"] == WON and _is_ahead(deal["closed_on"], today),
    Why.LOST: lambda deal, today: deal["stage"] == "lost" and _is_ahead(deal["closed_on"], today),
    Why.OPEN: lambda deal, today: deal["stage"] == "open" and _is_ahead(deal["closed_on"], today),
    Why.OPENED: lambda deal, today: _is_ahead(deal["opened_on"], today),
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


def _lost(count: int) -> str:
    return str(
        ngettext(
            "%(count)s deal is said to be lost and is closed on a day still to come.",
            "%(count)s deals are said to be lost and are closed on a day still to come.",
            count,
            count=number(count),
        )
    )


def _open(count: int) -> str:
    return str(
        ngettext(
            "%(count)s deal is said to be open and has a day it was closed on, which is still to come. Is it the day "
            "on which closing is expected? Then leave that column out.",
            "%(count)s deals are said to be open and have a day they were closed on, which is still to come. Is it the "
            "day on which closing is expected? Then leave that column out.",
            count,
            count=number(count),
        )
    )


def _opened(count: int) -> str:
    return str(
        ngettext(
            "%(count)s deal is opened on a day still to come.",
            "%(count)s deals are opened on a day still to come.",
            count,
            count=number(count),
        )
    )


def _hired(count: int) -> str:
    return str(
        ngettext(
            "%(count)s person is hired on a day still to come.",
            "%(count)s people are hired on a day still to come.",
            count,
            count=number(count),
        )
    )


def _since(count: int) -> str:
    return str(
        ngettext(
            "What %(count)s row says holds from a day still to come: until then it changes nothing.",
            "What %(count)s rows say holds from a day still to come: until then it changes nothing.",
            count,
            count=number(count),
        )
    )


def _absent(count: int) -> str:
    return str(
        ngettext(
            "%(count)s customer would be given to somebody who is there only from a day still to come.",
            "%(count)s customers would be given to somebody who is there only from a day still to come.",
            count,
            count=number(count),
        )
    )


_SAID: Mapping[Why, Callable[[int], str]] = {
    Why.HOLDER: _holder,
    Why.DAY: _day,
    Why.AHEAD: _ahead,
    Why.LOST: _lost,
    Why.OPEN: _open,
    Why.OPENED: _opened,
    Why.HIRED: _hired,
    Why.SINCE: _since,
    Why.ABSENT: _absent,
}
