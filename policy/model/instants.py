"""The day or instant a decision is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policy.feel.temporal import DateTime


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day or instant a decision is for, in a policy's time zone.

    Attributes:
        day: The calendar day there.
        instant: The instant as expressions see it; None when only a day was given.
        text: As it is recorded: ISO 8601.
    """

    day: date
    instant: DateTime | None
    text: str

    @classmethod
    def read(cls, given: date | datetime | str, time_zone: str) -> AsOf:
        """Read a day, or an instant with offset.

        Args:
            given: A date, a datetime with offset, or the ISO 8601 text of one.
            time_zone: IANA name; turns an instant into a day.

        Raises:
            ValueError: the text is neither a date nor an instant, an instant has no offset, or the zone is unknown.
        """
        value = _parsed(given) if isinstance(given, str) else given
        if not isinstance(value, datetime):
            return cls(value, None, value.isoformat())
        if value.tzinfo is None:
            msg = f"an instant needs an offset such as +08:00: {value.isoformat()}"
            raise ValueError(msg)
        local = value.astimezone(zone(time_zone))
        return cls(local.date(), DateTime.of(local), value.isoformat())


def _parsed(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-01") else datetime.fromisoformat(text)
    except ValueError:
        msg = f"not a date or an instant: {text}"
        raise ValueError(msg) from None


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    Raises:
        ValueError: there is no zone of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        msg = f"unknown time zone: {name}"
        raise ValueError(msg) from None
