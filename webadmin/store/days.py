"""Where the organisation is: which day it is there, and when a day begins."""

from __future__ import annotations

from datetime import date, datetime, time

from policy.model.instants import zone

TIME_ZONE = "Asia/Shanghai"
"""Days of publications and of dated rows are days there."""


def day_of(instant: datetime) -> date:
    """Return the day it is at an instant."""
    return instant.astimezone(zone(TIME_ZONE)).date()


def beginning(day: date) -> datetime:
    """Return the instant a day begins."""
    return datetime.combine(day, time(), zone(TIME_ZONE))
