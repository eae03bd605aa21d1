"""What held from when to when: half-open spans in order of time that never overlap, and how one is changed.

Neighbours that touch hold different values, so every border is a day on which something changed. Days that no span
covers hold None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """A value and the days it holds.

    Attributes:
        since: First day.
        until: First day it no longer holds; None: without end.
        row: The row that keeps it; None where there is none yet.
    """

    value: T
    since: date
    until: date | None = None
    row: str | None = None

    def covers(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)

    def within(self, since: date, until: date | None) -> Span[T] | None:
        """Return the part of it that lies in a period, None where there is none."""
        begin = max(self.since, since)
        ends = [day for day in (self.until, until) if day is not None]
        end = min(ends, default=None)
        return replace(self, since=begin, until=end) if end is None or begin < end else None


def value_on(spans: Iterable[Span[T]], day: date) -> T | None:
    """Return what holds on a day, None where nothing does."""
    return next((span.value for span in spans if span.covers(day)), None)


def changed(spans: Sequence[Span[T]], value: T | None, since: date) -> list[Span[T]]:
    """Return the spans after a value was set from a day on.

    It holds until the next change that stands already: what was set for a later day stays. Where the same value holds
    on that day, nothing changes.

    Args:
        spans: In order of time.
        value: What holds from then on; None: nothing.
        since: The first day.
    """
    here = next((span for span in spans if span.covers(since)), None)
    if (None if here is None else here.value) == value:
        return list(spans)
    later = [span.since for span in spans if span.since > since]
    until = here.until if here is not None else min(later, default=None)
    kept = [each for span in spans for each in (_before(span, since) if span is here else [span])]
    if value is not None:
        kept.append(Span(value, since, until))
    return list(joined(sorted(kept, key=lambda span: span.since)))


def _before(span: Span[T], day: date) -> list[Span[T]]:
    """Return the part of a span before a day; it keeps its row."""
    return [replace(span, until=day)] if span.since < day else []


def joined(spans: Iterable[Span[T]]) -> Iterator[Span[T]]:
    """Yield spans with neighbours of one value made one; it keeps the row of the first."""
    last: Span[T] | None = None
    for span in spans:
        if last is not None and last.until == span.since and last.value == span.value:
            last = replace(last, until=span.until)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
