"""Built-in functions on days, times and durations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from policy.feel.builtins.registry import KNOWN, function
from policy.feel.operations import known_same, same
from policy.feel.problems import fail
from policy.feel.temporal import (
    DAY,
    LARGEST_OFFSET,
    SECOND,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    is_beyond_years,
    months_between,
    read_date,
    read_date_time,
    read_duration,
    read_time,
)
from policy.values import NUMBERS

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)  # fmt: skip


def unread(text: str, expected: str) -> Any:
    """Give the null of a text that is no day, time or duration, with the reason.

    Args:
        text: As written.
        expected: What it should have been, by its name in the language; `@` for any of them.
    """
    if is_beyond_years(text):
        return fail("feel-year-out-of-range")
    return fail("feel-not-temporal", found=text[:40], expected=expected)


def _day(value: Any) -> date:
    return value.day if value.__class__ is DateTime else value


def _read(text: str, read: Callable[[str], Any], expected: str) -> Any:
    value = read(text)
    return unread(text, expected) if value is None else value


def _whole(value: Decimal) -> int | None:
    return int(value) if value.adjusted() < 10 and value == value.to_integral_value() else None


@function("date(from: string|date|date and time) -> date")
def _date(value: Any) -> Any:
    return _read(value, read_date, "date") if value.__class__ is str else _day(value)


@function("date(year: number, month: number, day: number) -> date")
def _date_of(year: Decimal, month: Decimal, day: Decimal) -> Any:
    parts = [_whole(part) for part in (year, month, day)]
    try:
        return date(*(part if part is not None else 0 for part in parts))
    except (ValueError, OverflowError):
        if parts[0] is not None and not 1 <= parts[0] <= date.max.year:
            return fail("feel-year-out-of-range")
        return fail("feel-not-temporal", found=f"{year}-{month}-{day}", expected="date")


@function("time(from: string|time|date and time|date) -> time")
def _time(value: Any) -> Any:
    if value.__class__ is str:
        return _read(value, read_time, "time")
    if value.__class__ is date:
        return Time(0, 0)
    return value.clock if value.__class__ is DateTime else value


@function("time(hour: number, minute: number, second: number, offset?: days|null) -> time")
def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None) -> Any:
    hours, minutes = _whole(hour), _whole(minute)
    found = f"{hour}:{minute}:{second}"
    if hours is None or minutes is None or not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        return fail("feel-not-temporal", found=found, expected="time")
    nanos = (hours * 60 + minutes) * 60 * SECOND + int(NUMBERS.multiply(second, Decimal(SECOND)))
    if offset is None:
        return Time(nanos)
    if offset.nanos % SECOND or abs(offset.nanos) > LARGEST_OFFSET * SECOND:
        return fail("feel-not-temporal", found=f"{found} {offset}", expected="time")
    return Time(nanos, offset.nanos // SECOND)


@function("date and time(from: string|date and time|date) -> date and time")
def _date_and_time(value: Any) -> Any:
    if value.__class__ is str:
        return _read(value, read_date_time, "date and time")
    return DateTime(value, 0, 0) if value.__class__ is date else value


@function("date and time(date: date|date and time, time: time) -> date and time")
def _date_and_time_of(day: Any, clock: Time) -> DateTime:
    return DateTime(_day(day), clock.nanos, clock.offset, clock.zone)


@function("duration(from: string|days|months) -> any")
def _duration(value: Any) -> Any:
    return _read(value, read_duration, "duration") if value.__class__ is str else value


@function("years and months duration(from: date|date and time, to: date|date and time) -> months")
def _years_and_months(since: Any, until: Any) -> MonthsDuration:
    return MonthsDuration(months_between(_day(since), _day(until)))


@function("day of year(date: date|date and time) -> number")
def _day_of_year(value: Any) -> Decimal:
    return Decimal(_day(value).timetuple().tm_yday)


@function("day of week(date: date|date and time) -> string")
def _day_of_week(value: Any) -> str:
    return WEEKDAYS[_day(value).weekday()]


@function("month of year(date: date|date and time) -> string")
def _month_of_year(value: Any) -> str:
    return MONTHS[_day(value).month - 1]


@function("week of year(date: date|date and time) -> number")
def _week_of_year(value: Any) -> Decimal:
    return Decimal(_day(value).isocalendar().week)


@function("is(value1: any, value2: any) -> boolean")
def _is(one: Any, other: Any) -> bool:
    if one.__class__ is not other.__class__:
        return False
    if one.__class__ in (Time, DateTime):
        return _parts(one) == _parts(other)
    return same(one, other) is True


@function("is(value1: any, value2: any) -> boolean", KNOWN)
def _known_is(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    if one.__class__ in (Time, DateTime) or one.__class__ is not other.__class__:
        return _is(one, other)
    return known_same(one, other)


def _parts(value: Any) -> tuple[Any, ...]:
    day = value.day if value.__class__ is DateTime else None
    return day, value.nanos, value.offset, value.zone


# properties, read by paths

_Property = Callable[[Any], Any]


def _number(value: int) -> Decimal:
    return Decimal(value)


def _offset(value: Any) -> Any:
    offset = value.utc_offset
    return None if offset is None else DaysDuration(offset * SECOND)


def _part(amount: int, unit: int, around: int) -> Decimal:
    part = abs(amount) // unit % around
    return Decimal(-part if amount < 0 else part)


_CLOCK: dict[str, _Property] = {
    "hour": lambda value: _number(value.nanos // (3600 * SECOND)),
    "minute": lambda value: _number(value.nanos // (60 * SECOND) % 60),
    "second": lambda value: _number(value.nanos // SECOND % 60),
    "time offset": _offset,
    "timezone": lambda value: value.zone,
}
_CALENDAR: dict[str, _Property] = {
    "year": lambda value: _number(_day(value).year),
    "month": lambda value: _number(_day(value).month),
    "day": lambda value: _number(_day(value).day),
    "weekday": lambda value: _number(_day(value).isoweekday()),
}

PROPERTIES: dict[type, dict[str, _Property]] = {
    date: _CALENDAR,
    Time: _CLOCK,
    DateTime: {**_CALENDAR, **_CLOCK},
    DaysDuration: {
        "days": lambda value: _part(value.nanos, DAY, 10**20),
        "hours": lambda value: _part(value.nanos, 3600 * SECOND, 24),
        "minutes": lambda value: _part(value.nanos, 60 * SECOND, 60),
        "seconds": lambda value: _part(value.nanos, SECOND, 60),
    },
    MonthsDuration: {
        "years": lambda value: _part(value.months, 12, 10**20),
        "months": lambda value: _part(value.months, 1, 12),
    },
}
"""What a path can read of a temporal value, by its class."""
