"""When each publication of a document was, is and will be in effect, as later ones take its days.

A later publication counts from the instant it is approved, or from the beginning of its first day where that comes
after; one approved for today takes the rest of today. What the days between are called is said by `Course`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from webadmin.store.days import beginning, day_of


class Course(StrEnum):
    """What a publication is at an instant.

    `GOES_ON` will be in effect and has the text of what is in effect until then; `NEVER` was overtaken, or called off,
    before it began.
    """

    NOW = "now"
    LATER = "later"
    GOES_ON = "goes-on"
    PAST = "past"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Stretch:
    """An unbroken time in which a publication counts; half-open, without end where `ends` is None."""

    begins: datetime
    ends: datetime | None

    @property
    def since(self) -> date:
        """Return its first day."""
        return day_of(self.begins)

    @property
    def until(self) -> date | None:
        """Return the first day after it, its first day where it ended on that; None without end."""
        return None if self.ends is None else day_of(self.ends)

    def without(self, other: Stretch) -> list[Stretch]:
        """Return what is left of it where another publication counts."""
        if (other.ends is not None and other.ends <= self.begins) or (
            self.ends is not None and self.ends <= other.begins
        ):
            return [self]
        left = [Stretch(self.begins, other.begins)] if self.begins < other.begins else []
        goes_on = other.ends is not None and (self.ends is None or other.ends < self.ends)
        return [*left, Stretch(other.ends, self.ends)] if goes_on and other.ends is not None else left


@dataclass(frozen=True, slots=True)
class Counted:
    """How long a publication counts.

    Attributes:
        stretches: The times it does, in their order.
        overtaken: Number of the revision that took its beginning before it came; None where it began, or will.
    """

    stretches: tuple[Stretch, ...]
    overtaken: int | None = None

    def has_begun(self, now: datetime) -> bool:
        """Say whether it counted at some time up to an instant."""
        return any(each.begins <= now for each in self.stretches)


def counted(rows: Iterable[Row[Any]]) -> dict[int, Counted]:
    """Return how long the publications of one document count, by their numbers."""
    by_seq = sorted(rows, key=lambda row: row.seq)
    return {row.seq: _counted(row, by_seq[at + 1 :]) for at, row in enumerate(by_seq)}


def course(row: Row[Any], of: dict[int, Counted], rows: Sequence[Row[Any]], now: datetime) -> Course:
    """Return what a publication is at an instant, among all of its document."""
    stretches = of[row.seq].stretches
    if any(each.begins <= now and (each.ends is None or now < each.ends) for each in stretches):
        return Course.NOW
    coming = [each for each in stretches if each.begins > now]
    if coming:
        goes_on = any(
            coming[0].begins in {each.ends for each in of[other.seq].stretches}
            for other in rows
            if (other.digest, other.retires) == (row.digest, row.retires)
        )
        return Course.GOES_ON if goes_on else Course.LATER
    return Course.PAST if stretches else Course.NEVER


def _counted(row: Row[Any], later: Sequence[Row[Any]]) -> Counted:
    whole = _whole(row)
    left = [whole]
    for other in later:
        left = [part for each in left for part in each.without(_whole(other))]
    if left:
        return Counted(tuple(left))
    if row.since <= day_of(row.published_at):
        return Counted((Stretch(whole.begins, whole.begins),))  # whatever came the same instant, it was approved before
    return Counted((), next(each.number for each in later if whole not in whole.without(_whole(each))))


def _whole(row: Row[Any]) -> Stretch:
    """Return when a publication would count if none came after it."""
    begins = beginning(row.since)
    if row.since == day_of(row.published_at):
        begins = max(begins, row.published_at)
    return Stretch(begins, None if row.until is None else beginning(row.until))
