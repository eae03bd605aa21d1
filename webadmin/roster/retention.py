"""Which customers somebody had to keep in a quarter, and which of these were lost.

To be kept are the customers held on the first day of the quarter that were not lost before it. Lost are those of them
whose status became `lost` within the quarter and still is on the day that is asked for, while the person held them or
on the day they ceased to: one won back is kept, and one handed over before is not the person's loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from webadmin.roster.quarters import Quarter
from webadmin.store import dated, standing
from webadmin.store.dated import Of, written
from webadmin.store.spans import Span, value_on

LOST = "lost"

SCALE = 4
"""Decimals a share is cut after, as the scorecard cuts it: 94.999 % is not 95 %."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The customers somebody had to keep, and those of them that were lost, by id."""

    held: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def share(self) -> Decimal | None:
        """Return the share that was kept, a fraction cut after four decimals; None without customers to keep."""
        if not self.held:
            return None
        return Decimal((len(self.held) - len(self.lost)) * 10**SCALE // len(self.held)).scaleb(-SCALE)


def retention(connection: Connection, person: str, quarter: Quarter, day: date) -> Retention:
    """Return the customers somebody had to keep in a quarter, and which of these were lost by a day, that day included.

    Args:
        connection: To the record.
        person: Who held them.
        quarter: Which.
        day: Its last day, or an earlier one: what happened later is left out.
    """
    owned = standing.customers_of(connection, [person], quarter.since)
    lines = dated.lines(connection, Of.CUSTOMER, owned, ["owner", "status"]) if owned else {}
    held, lost = [], []
    for name in owned:
        states = lines.get((name, "status"), ())
        if (_lost_since(states, quarter.since) or quarter.since) < quarter.since:
            continue
        held.append(name)
        gone = _lost_since(states, day)
        if gone is not None and gone >= quarter.since and _was_with(lines[name, "owner"], person, gone):
            lost.append(name)
    return Retention(tuple(held), tuple(lost))


def _lost_since(states: Sequence[Span[str]], day: date) -> date | None:
    """Return since when a customer has been lost that is so on a day; None where it is not."""
    return next((span.since for span in states if span.covers(day) and span.value == written(LOST)), None)


def _was_with(owners: Sequence[Span[str]], person: str, day: date) -> bool:
    """Say whether a customer was somebody's on a day, or nobody's any more since that very day."""
    owner = value_on(owners, day) or value_on(owners, day - timedelta(1))
    return owner == written(person)
