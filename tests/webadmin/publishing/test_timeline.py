"""When publications count: from their approval or their first day on, until a later one takes their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from webadmin.publishing import timeline
from webadmin.publishing.timeline import Course
from webadmin.store.days import beginning

DAY = date(2026, 11, 3)
NOON = beginning(DAY) + timedelta(hours=12)
FIRST, SOON, LATER = date(2026, 10, 1), date(2026, 12, 1), date(2026, 12, 20)


@dataclass(frozen=True)
class Row:
    """A publication, as far as it matters when it counts."""

    seq: int
    number: int
    since: date
    until: date | None = None
    published_at: datetime = NOON
    digest: str = ""
    retires: bool = False


def told(*rows: Row, now: datetime = NOON) -> list[tuple[Course, list[tuple[date, date | None]], int | None]]:
    found = [Row(**{**vars(row), "digest": row.digest or str(row.number)}) for row in rows]
    counts = timeline.counted(found)  # type: ignore[arg-type]
    return [
        (
            timeline.course(row, counts, found, now),  # type: ignore[arg-type]
            [(each.since, each.until) for each in counts[row.seq].stretches],
            counts[row.seq].overtaken,
        )
        for row in found
    ]


OLD = Row(1, 1, FIRST, published_at=beginning(FIRST))


def test_a_later_one_takes_the_days_from_its_approval_on() -> None:
    assert told(OLD, Row(2, 2, DAY)) == [
        (Course.PAST, [(FIRST, DAY)], None),
        (Course.NOW, [(DAY, None)], None),
    ]


def test_what_is_to_come_ends_what_is_in_effect() -> None:
    assert told(OLD, Row(2, 2, LATER)) == [
        (Course.NOW, [(FIRST, LATER)], None),
        (Course.LATER, [(LATER, None)], None),
    ]


def test_what_is_overtaken_before_it_begins_never_is_in_effect() -> None:
    assert told(OLD, Row(2, 2, LATER), Row(3, 3, DAY)) == [
        (Course.PAST, [(FIRST, DAY)], None),
        (Course.NEVER, [], 3),
        (Course.NOW, [(DAY, None)], None),
    ]


def test_calling_off_lets_what_is_in_effect_go_on() -> None:
    assert told(OLD, Row(2, 2, LATER), Row(3, 1, LATER)) == [
        (Course.NOW, [(FIRST, LATER)], None),
        (Course.NEVER, [], 1),
        (Course.GOES_ON, [(LATER, None)], None),
    ]


def test_what_lasts_for_a_time_lets_the_one_before_come_back() -> None:
    assert told(OLD, Row(2, 2, SOON, LATER)) == [
        (Course.NOW, [(FIRST, SOON), (LATER, None)], None),
        (Course.LATER, [(SOON, LATER)], None),
    ]


def test_two_of_one_day_were_both_in_effect() -> None:
    early = Row(2, 2, DAY, published_at=NOON - timedelta(hours=1))

    assert told(OLD, early, Row(3, 3, DAY))[1] == (Course.PAST, [(DAY, DAY)], None)


@pytest.mark.parametrize("hours", [0, 1])
def test_what_was_approved_for_its_day_did_begin_whatever_came_the_same_instant(hours: int) -> None:
    same = Row(2, 2, DAY, published_at=NOON)

    assert told(same, Row(3, 3, DAY), now=NOON + timedelta(hours=hours))[0][0] is Course.PAST
