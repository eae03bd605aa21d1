"""Times, dates with times, and the two durations of expressions.

Plain days are `datetime.date`. The types here keep nanoseconds, and a distance from UTC either as a fixed offset
(seconds) or as the name of a time zone; a value with neither is local and is never compared with one that has.
Years go from 1 to 9999, as in Python's own dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from policy.errors import EvaluationError
from policy.values import NUMBERS

SECOND = 1_000_000_000
"""Nanoseconds in a second."""

DAY = 86_400 * SECOND
"""Nanoseconds in a day."""

LARGEST_OFFSET = 18 * 3600
"""Seconds; distances from UTC go no farther."""

_EPOCH = date(1970, 1, 1).toordinal()
_LAST = date.max.toordinal()

_CLOCK = r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
_TIME = re.compile(_CLOCK, re.ASCII)
_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A duration of days, hours, minutes and seconds.

    Attributes:
        nanos: Nanoseconds, negative for a duration backwards.
    """

    nanos: int

    @classmethod
    def of(cls, delta: timedelta) -> DaysDuration:
        """Take over Python's own duration."""
        return cls(((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds) * 1000)

    def to_python(self) -> timedelta:
        """Return Python's own duration; what is below a microsecond is cut off.

        Raises:
            EvaluationError: it is longer than Python's can be.
        """
        try:
            return timedelta(microseconds=_toward_zero(self.nanos, 1000))
        except OverflowError:
            code = "feel-duration-too-long"
            raise EvaluationError(code) from None

    @property
    def seconds(self) -> Decimal:
        """Return its length in seconds."""
        return NUMBERS.divide(Decimal(self.nanos), Decimal(SECOND))

    def __str__(self) -> str:
        if not self.nanos:
            return "PT0S"
        days, rest = divmod(abs(self.nanos), DAY)
        hours, rest = divmod(rest, 3600 * SECOND)
        minutes, rest = divmod(rest, 60 * SECOND)
        seconds, fraction = divmod(rest, SECOND)
        clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
        if rest:
            clock += f"{seconds}{_fraction(fraction)}S"
        sign = "-" if self.nanos < 0 else ""
        return sign + "P" + f"{days}D" * bool(days) + (f"T{clock}" if clock else "")


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A duration of years and months.

    Attributes:
        months: Months, negative for a duration backwards.
    """

    months: int

    def __str__(self) -> str:
        if not self.months:
            return "P0M"
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        return sign + "P" + f"{years}Y" * bool(years) + f"{months}M" * bool(months)


@dataclass(frozen=True, slots=True, eq=False)
class Time:
    """A time of day; equal when it is the same moment of the day, however the distance from UTC is written.

    Attributes:
        nanos: Nanoseconds since midnight on its own clock, below a day.
        offset: Fixed distance from UTC in seconds, east positive; None without.
        zone: Name of a time zone; None without. Never both.
    """

    nanos: int
    offset: int | None = None
    zone: str | None = None

    @classmethod
    def of(cls, value: time) -> Time:
        """Take over Python's own time.

        Raises:
            ValueError: its `tzinfo` is neither a fixed offset nor a named zone.
        """
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        offset, zone = _distance(value.tzinfo)
        return cls(seconds * SECOND + value.microsecond * 1000, offset, zone)

    def to_python(self) -> time:
        """Return Python's own time; what is below a microsecond is cut off."""
        return _python_time(self.nanos).replace(tzinfo=_tzinfo(self.offset, self.zone))

    @property
    def is_local(self) -> bool:
        """Say whether it has no distance from UTC."""
        return self.offset is None and self.zone is None

    @property
    def utc_offset(self) -> int | None:
        """Return its distance from UTC in seconds, a zone's standard one; None when local."""
        return self.offset if self.zone is None else standard_offset(self.zone)

    @property
    def moment(self) -> int:
        """Return nanoseconds since midnight UTC (its own midnight when local)."""
        return self.nanos - (self.utc_offset or 0) * SECOND

    def plus(self, duration: DaysDuration) -> Time:
        """Return the time `duration` later, around the clock."""
        return Time((self.nanos + duration.nanos) % DAY, self.offset, self.zone)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Time):
            return NotImplemented
        return self.is_local is other.is_local and self.moment == other.moment

    def __hash__(self) -> int:
        return hash((self.moment, self.is_local))

    def __str__(self) -> str:
        return _clock(self.nanos) + _suffix(self.offset, self.zone)


@dataclass(frozen=True, slots=True, eq=False)
class DateTime:
    """A day and a time of it; equal when it is the same instant, however the distance from UTC is written.

    Attributes:
        day: The day on its own calendar.
        nanos: Nanoseconds since midnight on its own clock, below a day.
        offset: Fixed distance from UTC in seconds, east positive; None without.
        zone: Name of a time zone; None without. Never both.
    """

    day: date
    nanos: int = 0
    offset: int | None = None
    zone: str | None = None

    @classmethod
    def of(cls, value: datetime) -> DateTime:
        """Take over Python's own date with time.

        Raises:
            ValueError: its `tzinfo` is neither a fixed offset nor a named zone.
        """
        clock = Time.of(value.timetz())
        if clock.zone is not None and value.utcoffset() != value.replace(fold=0).utcoffset():
            return cls(value.date(), clock.nanos, _seconds(value.utcoffset()))
        return cls(value.date(), clock.nanos, clock.offset, clock.zone)

    def to_python(self) -> datetime:
        """Return Python's own date with time; what is below a microsecond is cut off."""
        return datetime.combine(self.day, _python_time(self.nanos), _tzinfo(self.offset, self.zone))

    @property
    def is_local(self) -> bool:
        """Say whether it has no distance from UTC."""
        return self.offset is None and self.zone is None

    @property
    def utc_offset(self) -> int | None:
        """Return its distance from UTC in seconds on that day and time; None when local."""
        if self.zone is None:
            return self.offset
        return _seconds(self.to_python().utcoffset())

    @property
    def moment(self) -> int:
        """Return nanoseconds since 1970 UTC (on its own clock when local)."""
        return (self.day.toordinal() - _EPOCH) * DAY + self.nanos - (self.utc_offset or 0) * SECOND

    @property
    def clock(self) -> Time:
        """Return its time of day."""
        return Time(self.nanos, self.offset, self.zone)

    def plus(self, duration: DaysDuration) -> DateTime | None:
        """Return the instant `duration` later, on the same calendar and clock; None beyond the years."""
        if self.zone is not None:
            return at_moment(self.moment + duration.nanos, self.zone)
        days, nanos = divmod(self.nanos + duration.nanos, DAY)
        day = days_later(self.day, days)
        return None if day is None else DateTime(day, nanos, self.offset, self.zone)

    def plus_months(self, duration: MonthsDuration) -> DateTime | None:
        """Return the same time months later, on the last day of a shorter month; None beyond the years."""
        day = months_later(self.day, duration.months)
        return None if day is None else DateTime(day, self.nanos, self.offset, self.zone)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DateTime):
            return NotImplemented
        return self.is_local is other.is_local and self.moment == other.moment

    def __hash__(self) -> int:
        return hash((self.moment, self.is_local))

    def __str__(self) -> str:
        return f"{self.day.isoformat()}T{_clock(self.nanos)}{_suffix(self.offset, self.zone)}"


def read_date(text: str) -> date | None:
    """Read `2026-03-01`; None when it is no day of the years 1 to 9999."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def is_beyond_years(text: str) -> bool:
    """Say whether the text begins as a day does, of a year outside 1 to 9999."""
    found = _DATE.match(text)
    return found is not None and not 1 <= int(found[1]) <= date.max.year


def read_time(text: str) -> Time | None:
    """Read `10:30:00`, with `.5`, `Z`, `+08:00` or `@Asia/Shanghai` after it; None when it is no time."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    nanos = _nanos(found)
    distance = _read_distance(found[5])
    if nanos is None or distance is None:
        return None
    return Time(nanos % DAY, *distance)


def read_date_time(text: str) -> DateTime | None:
    """Read `2026-03-01T10:30:00` with what a time may have, or a day alone (midnight); None when it is neither."""
    before, mark, after = text.partition("T")
    day = read_date(before)
    if day is None or not mark:
        return None if day is None else DateTime(day)
    found = _TIME.fullmatch(after)
    if not found:
        return None
    nanos = _nanos(found)
    distance = _read_distance(found[5])
    later = days_later(day, 1) if nanos == DAY else day
    if nanos is None or distance is None or later is None:
        return None
    return DateTime(later, nanos % DAY, *distance)


def read_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """Read `P1DT2H` or `P1Y2M`; None when it is neither, or longer than 18 digits of a part."""
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        if _too_long(found[2], found[3]):
            return None
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return MonthsDuration(-months if found[1] else months)
    found = _DAYS.fullmatch(text)
    if not found or not any(found.group(2, 3, 4, 5)) or _too_long(*found.group(2, 3, 4, 5)):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.group(2, 3, 4, 5))
    nanos = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * SECOND + int((found[6] or "")[:9].ljust(9, "0"))
    return DaysDuration(-nanos if found[1] else nanos)


def read_temporal(text: str) -> date | Time | DateTime | DaysDuration | MonthsDuration | None:
    """Read what stands after `@`: a day, time, day with time, or duration."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text:
        return read_date_time(text)
    return read_time(text) if ":" in text else read_date(text)


def days_later(day: date, days: int) -> date | None:
    """Return the day `days` later; None beyond the years 1 to 9999."""
    ordinal = day.toordinal() + days
    return date.fromordinal(ordinal) if 1 <= ordinal <= _LAST else None


def months_later(day: date, months: int) -> date | None:
    """Return the day `months` later, the last of a shorter month; None beyond the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def months_between(since: date, until: date) -> int:
    """Count whole months from `since` to `until`, negative backwards."""
    months = (until.year - since.year) * 12 + until.month - since.month
    if months > 0 and until.day < since.day:
        return months - 1
    if months < 0 and until.day > since.day:
        return months + 1
    return months


def at_moment(moment: int, zone: str | None) -> DateTime | None:
    """Return the reading of calendar and clock at an instant.

    Args:
        moment: Nanoseconds since 1970 UTC.
        zone: Name of a zone; None gives UTC.
    """
    days, nanos = divmod(moment, DAY)
    if not 2 <= days + _EPOCH < _LAST:
        return None
    utc = DateTime(date.fromordinal(days + _EPOCH), nanos, 0)
    if zone is None:
        return utc
    there = utc.to_python().astimezone(ZoneInfo(zone))
    clock = (there.hour * 3600 + there.minute * 60 + there.second) * SECOND + nanos % SECOND
    # the hour that comes twice keeps its instant by a fixed offset
    return (
        DateTime(there.date(), clock, _seconds(there.utcoffset()))
        if there.fold
        else DateTime(there.date(), clock, None, zone)
    )


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Say whether the time zone is known."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=1024)
def standard_offset(zone: str) -> int:
    """Return a zone's distance from UTC in seconds, summer time left out."""
    local = datetime(2000, 1, 1, tzinfo=ZoneInfo(zone))
    return _seconds(local.utcoffset()) - _seconds(local.dst())


def offset_text(offset: int) -> str:
    """Write a distance from UTC in seconds as `Z` or `+08:00`."""
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(offset), 60)
    text = f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _too_long(*parts: str | None) -> bool:
    return any(part is not None and len(part) > _MOST_DIGITS for part in parts)


def _nanos(found: re.Match[str]) -> int | None:
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3])
    nanos = (hours * 3600 + minutes * 60 + seconds) * SECOND + int((found[4] or "")[:9].ljust(9, "0"))
    return nanos if minutes < 60 and seconds < 60 and nanos <= DAY else None


def _read_distance(text: str | None) -> tuple[int | None, str | None] | None:
    if not text:
        return None, None
    if text == "Z":
        return 0, None
    if text[0] == "@":
        return (None, text[1:]) if is_zone(text[1:]) else None
    hours, minutes, *rest = (int(part) for part in text[1:].split(":"))
    seconds = hours * 3600 + minutes * 60 + sum(rest)
    if minutes > 59 or sum(rest) > 59 or seconds > LARGEST_OFFSET:
        return None
    return (-seconds if text[0] == "-" else seconds), None


def _clock(nanos: int) -> str:
    seconds, fraction = divmod(nanos, SECOND)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{_fraction(fraction)}"


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def _suffix(offset: int | None, zone: str | None) -> str:
    if zone is not None:
        return "@" + zone
    return "" if offset is None else offset_text(offset)


def _distance(info: tzinfo | None) -> tuple[int | None, str | None]:
    if info is None:
        return None, None
    if isinstance(info, ZoneInfo) and info.key:
        return None, info.key
    distance = info.utcoffset(None)
    if distance is None:
        msg = f"time zone {info} has neither a name nor a fixed offset"
        raise ValueError(msg)
    return _seconds(distance), None


def _seconds(delta: timedelta | None) -> int:
    return 0 if delta is None else delta.days * 86_400 + delta.seconds


def _tzinfo(offset: int | None, zone: str | None) -> tzinfo | None:
    if zone is not None:
        return ZoneInfo(zone)
    return None if offset is None else timezone(timedelta(seconds=offset))


def _python_time(nanos: int) -> time:
    seconds, fraction = divmod(nanos, SECOND)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction // 1000)


def _toward_zero(amount: int, unit: int) -> int:
    return amount // unit if amount >= 0 else -(-amount // unit)
