"""Scalars whose form can be told from their text alone: ids, paths, numbers, dates, durations.

Numbers are written as JSON writes them, without exponent: `012`, `1_000` and `1e3` are texts.
"""

from __future__ import annotations

import re
from datetime import date

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_EVENT = re.compile(r"[a-z][a-z0-9_]*")
_NAME = r"[^\W\d]\w*(?: \w+)*"
_PATH = re.compile(rf"{_NAME}(?:\[\])?(?:\.{_NAME}(?:\[\])?)*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS = re.compile(r"P(?=[0-9T])(?:[0-9]{1,9}D)?(?:T(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}S)?)?")
_MONTHS = re.compile(r"P(?=[0-9])(?:[0-9]{1,9}Y)?(?:[0-9]{1,9}M)?")


def is_id(text: str) -> bool:
    """Say whether a text is an id: lower case letters, digits and hyphens, begun by a letter or digit."""
    return _ID.fullmatch(text) is not None


def as_id(text: str) -> str:
    """Return the id nearest to a text, or nothing.

    Example:
        >>> as_id("Key Account_1")
        'key-account-1'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def is_event_name(text: str) -> bool:
    """Say whether a text names a type of event: lower case letters, digits and underscores, begun by a letter."""
    return _EVENT.fullmatch(text) is not None


def as_event_name(text: str) -> str:
    """Return the type of event nearest to a text, or nothing.

    Example:
        >>> as_event_name("Customer-Lost 2")
        'customer_lost_2'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_").lstrip("_0123456789")


def is_path(text: str) -> bool:
    """Say whether a text is names joined by dots, `[]` after a name meaning its items."""
    return _PATH.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Say whether a text is written as a number.

    Example:
        >>> [text for text in ("0.30", "-5", "012", "1_000", "1e3", ".5", "+1") if is_number(text)]
        ['0.30', '-5']
    """
    return _NUMBER.fullmatch(text) is not None


def digits(number: str) -> int:
    """Count the significant digits of a text that is written as a number."""
    return len(number.lstrip("-0.").replace(".", ""))


def day(text: str) -> date | None:
    """Return the date a text is written as (`2026-03-01`), or None.

    Example:
        >>> day("2026-02-29") is None
        True
    """
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_duration(text: str) -> bool:
    """Say whether a text is an ISO 8601 duration of days and time, or of years and months.

    Example:
        >>> [text for text in ("P7D", "PT12H", "P1Y6M", "P1M2D", "P", "PT", "7 days", "P1W") if is_duration(text)]
        ['P7D', 'PT12H', 'P1Y6M']
    """
    return bool(_DAYS.fullmatch(text) or _MONTHS.fullmatch(text))
