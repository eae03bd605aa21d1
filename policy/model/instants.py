"""The day or instant a decision is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policy.errors import AsOfError
from policy.feel.temporal import DateTime

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day or instant a decision is for, in a policy's time zone.

    Attributes:
        day: The calendar day there.
        instant: The instant as expressions see it; None when only a day was given.
        text: As it is recorded: ISO 8601.
        moment: The instant as given; None when only a day was given.
    """

    day: date
    instant: DateTime | None
    text: str
    moment: datetime | None = None

    @classmethod
    def read(cls, given: date | datetime | str, time_zone: str) -> AsOf:
        """Read a day, or an instant with offset.

        Args:
            given: A date, a datetime with offset, or the ISO 8601 text of one.
            time_zone: IANA name; turns an instant into a day.

        Raises:
            AsOfError: it is neither a day nor an instant with offset.
            ValueError: the zone is unknown.
        """
        value = _parsed(given)
        if not isinstance(value, datetime):
            return cls(value, None, value.isoformat())
        try:
            local = value.astimezone(zone(time_zone))
        except OverflowError:
            raise AsOfError(value.isoformat()) from None
        return cls(local.date(), DateTime.of(local), value.isoformat(), value)

    def within(self, time_zone: str) -> AsOf:
        """Return the same day or instant as a policy in another time zone sees it."""
        return self if self.moment is None else AsOf.read(self.moment, time_zone)


def _parsed(given: object) -> date | datetime:
    """Return a day, or an instant with offset."""
    value = given
    if isinstance(given, str):
        try:
            value = date.fromisoformat(given) if _DAY.fullmatch(given) else datetime.fromisoformat(given)
        except ValueError:
            raise AsOfError(given) from None
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise AsOfError(str(given))
    if not isinstance(value, date):
        raise AsOfError(str(given))
    return value


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
