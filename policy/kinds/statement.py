"""Statements: what an incentive came to, line by line.

Amounts have the decimals of their currency; the total is the sum of the lines, and a negative total is carried to
the next statement, never paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from policy.currency import minor_units
from policy.kinds.base import trimmed
from policy.values import rounded


class LineKind(StrEnum):
    """What a line of a statement comes from."""

    BAND = "band"
    CREDIT = "credit"
    AT_MOST = "at_most"
    ADD = "add"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement.

    Attributes:
        id: `band-<from>`, `credit-<index>`, both joined where the table is applied to each credit, or the
            adjustment's own id.
        amount: Currency units, with the currency's decimals; negative where it takes away.
        running: Sum of the lines so far, this one too.
        from_: Band only: where the slice of the measure begins.
        to: Band only: where it ends.
        base: Band: what one unit of the measure is worth; at_most: the cap; hold: the running total it is taken of.
        rate: Band and hold: fraction.
    """

    id: str
    kind: LineKind
    amount: Decimal
    running: Decimal
    from_: Decimal | None = None
    to: Decimal | None = None
    base: Decimal | None = None
    rate: Decimal | None = None

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.id,
            "kind": str(self.kind),
            "from": _shown(self.from_),
            "to": _shown(self.to),
            "base": _shown(self.base),
            "rate": _shown(self.rate),
            "amount": self.amount,
            "running": self.running,
        }


@dataclass(frozen=True, slots=True)
class Credit:
    """What one item was credited with.

    Attributes:
        index: Position of the item, from 0, as in `missing` and in JSON pointers.
        credited: Unrounded.
        measure: Its own measure, where the table is applied to each credit.
        earned: Sum of its own lines, where it has any.
    """

    index: int
    credited: Decimal
    measure: Decimal | None = None
    earned: Decimal | None = None

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data; what it has not is left out."""
        own = {"measure": _shown(self.measure), "earned": self.earned}
        return {
            "index": Decimal(self.index),
            "credited": trimmed(self.credited),
            **{name: value for name, value in own.items() if value is not None},
        }


@dataclass(frozen=True, slots=True)
class Given:
    """An award that is given: id of the row and what it gives."""

    id: str
    give: str

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"id": self.id, "give": self.give}


@dataclass(frozen=True, slots=True)
class IncentiveResult:
    """A statement.

    Attributes:
        currency: Code, None where no unit says it; then amounts have two decimals.
        credited: Sum of the credits, unrounded; None where the policy counts none.
        measure: What the rate table was applied to; None where there is none.
        earned: Sum of the lines before the adjustments.
        held: Held back: sum of the `hold` lines, as a positive amount.
    """

    currency: str | None
    credited: Decimal | None
    measure: Decimal | None
    lines: tuple[Line, ...]
    earned: Decimal
    held: Decimal
    awards: tuple[Given, ...]
    credits: tuple[Credit, ...]

    @property
    def adjusted(self) -> tuple[Line, ...]:
        """Return the lines of the adjustments."""
        return tuple(line for line in self.lines if line.kind not in (LineKind.BAND, LineKind.CREDIT))

    @property
    def total(self) -> Decimal:
        """Return the sum of the lines."""
        return self.lines[-1].running if self.lines else self._zero

    @property
    def paid(self) -> Decimal:
        """Return what is paid: the total, never below zero."""
        return max(self.total, self._zero)

    @property
    def carried(self) -> Decimal:
        """Return what is carried to the next statement: a negative total, else zero."""
        return min(self.total, self._zero)

    @property
    def _zero(self) -> Decimal:
        return rounded(Decimal(0), minor_units(self.currency))

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "currency": self.currency,
            "credited": _shown(self.credited),
            "measure": _shown(self.measure),
            "lines": [line.to_data() for line in self.lines],
            "earned": self.earned,
            "total": self.total,
            "paid": self.paid,
            "carried": self.carried,
            "held": self.held,
            "awards": [award.to_data() for award in self.awards],
            "credits": [credit.to_data() for credit in self.credits],
        }


def _shown(number: Decimal | None) -> Decimal | None:
    return None if number is None else trimmed(number)
