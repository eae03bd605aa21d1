"""What was approved for a later day and would never, or no longer, be in effect were something published for its days.

Of publications that cover a day the latest counts, so whoever proposes or approves a change without end takes away what
was to come after it. That is the format's rule; here it is found out, so that nobody does it without knowing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from webadmin.store import revisions
from webadmin.store.revisions import Act, Effective, Period


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A publication that has not begun, and that another one for its days would keep from being in effect.

    Attributes:
        number: Of its revision.
        seq: Of the publication.
        since: First day it would have been in effect on.
        retires: Whether it was to retire the document.
        end: The end to give the other one so that this one stays; None where both begin on the same day.
    """

    document: str
    number: int
    seq: int
    since: date
    retires: bool
    end: date | None


def overtaken(
    connection: Connection, documents: Mapping[str, str | None], period: Period, act: Act
) -> tuple[Overtaken, ...]:
    """Return what would be overtaken were some documents published for a period, the earliest first.

    What has the very same text is not: nothing of it is lost.

    Args:
        connection: To the record.
        documents: Their names and digests; None for a document to be retired, or that does not read.
        period: From when to when; without a beginning from today.
        act: Its day says what has begun.
    """
    since = period.since or act.today
    found: dict[int, Overtaken] = {}
    for day in revisions.boundaries(connection, since, period.until):
        for name, each in revisions.standing(connection, day).items():
            is_same = documents.get(name) == each.digest and not each.retires
            if name in documents and each.since > act.today and each.since >= since and not is_same:
                found.setdefault(each.seq, _overtaken(each, day, since))
    return tuple(sorted(found.values(), key=lambda each: (each.since, each.document)))


def _overtaken(each: Effective, day: date, since: date) -> Overtaken:
    end = day if day > since else None
    return Overtaken(each.document, each.number, each.seq, day, each.retires, end)
