"""The deals somebody won, and which of them a statement cannot count.

A deal counts in the quarter it was closed in, from the day it was closed on, with what the customer pays after the
discount, in the currency of the quota: amounts of other currencies are not put into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from policy.values import rounded
from webadmin.roster.facts import read_facts
from webadmin.roster.quarters import Quarter
from webadmin.store import dated
from webadmin.store.tables import DEALS

WON = "won"

CENTS = 2
"""Decimals of a credit: the vocabulary takes no more."""


class Bar(StrEnum):
    """Why a deal that was won counts for nothing."""

    AMOUNT = "amount"
    CURRENCY = "currency"
    DAY = "day"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Won:
    """A deal that was won.

    Attributes:
        closed_on: None where that is not on record.
        amount: What the customer pays after the discount; None where that is not on record.
        currency: Of the amount; None where the record does not say.
    """

    id: str
    customer: str | None
    closed_on: date | None
    amount: Decimal | None
    discount: Decimal
    currency: str | None = None

    def bar(self, currency: str | None, day: date) -> Bar | None:
        """Return why it does not count towards a quota in some currency on a day; None where it does."""
        if self.amount is None:
            return Bar.AMOUNT
        if None not in (self.currency, currency) and self.currency != currency:
            return Bar.CURRENCY
        if self.closed_on is None:
            return Bar.DAY
        return Bar.AHEAD if self.closed_on > day else None


def won_by(connection: Connection, people: Sequence[str], quarter: Quarter) -> tuple[Won, ...]:
    """Return the deals some people won in a quarter, in the order they were closed."""
    closed = DEALS.c.closed_on
    return tuple(_found(connection, people, closed >= quarter.since, closed < quarter.until))


def undated(connection: Connection, person: str) -> tuple[Won, ...]:
    """Return the deals somebody won of which nobody knows when they were closed: they count in no quarter."""
    return tuple(_found(connection, [person], DEALS.c.closed_on.is_(None)))


def _found(connection: Connection, people: Sequence[str], *where: ColumnElement[bool]) -> Iterator[Won]:
    columns = DEALS.c
    for chunk in dated.chunks(people):
        chosen = select(DEALS).where(columns.owner_id.in_(chunk), columns.stage == WON, *where)
        for row in connection.execute(chosen.order_by(columns.closed_on, columns.id)):
            yield _won(row)


def _won(row: Row[Any]) -> Won:
    order = read_facts(row.facts).get("order", {})
    discount = Decimal(order.get("discount", 0))
    amount = rounded(Decimal(order["amount"]) * (1 - discount), CENTS) if "amount" in order else None
    return Won(row.id, row.customer_id, row.closed_on, amount, discount, order.get("currency"))
