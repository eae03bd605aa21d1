"""The facts of a commission statement, as the record has them: the deals somebody won in a quarter, and the quota.

A deal counts in the quarter it was closed in, with what the customer pays after the discount. The record does not know
when money came in: a policy that minds is told nothing of it, and takes what it declares for that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from policy.values import rounded
from webadmin.roster.facts import read_facts
from webadmin.store import dated
from webadmin.store.dated import Of
from webadmin.store.tables import DEALS

WON = "won"

EARLIEST, LATEST = 2000, 2999
"""First and last year a statement can be asked for."""

CENTS = 2
"""Decimals of a credit: the vocabulary takes no more."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a calendar year, half-open: `since` is its first day, `until` the first day after it."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter a day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """Read `2026-Q3`; None where it is none, or lies too far away for a statement."""
        found = re.fullmatch(r"([0-9]{4})-Q([1-4])", text, re.ASCII)
        if found is None or not EARLIEST <= int(found[1]) <= LATEST:
            return None
        return cls(int(found[1]), int(found[2]))

    @property
    def name(self) -> str:
        """Return what it is called: `2026-Q4`."""
        return f"{self.year}-Q{self.number}"

    @property
    def since(self) -> date:
        """Return its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def until(self) -> date:
        """Return the first day after it."""
        return self.after.since

    @property
    def after(self) -> Quarter:
        """Return the next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """Return the one before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


@dataclass(frozen=True, slots=True)
class Won:
    """A deal that counts.

    Attributes:
        amount: What the customer pays after the discount.
    """

    id: str
    customer: str | None
    closed_on: date
    amount: Decimal
    discount: Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """What a statement is made from.

    Attributes:
        facts: By the paths of the vocabulary; `credits` in the order of `deals`.
        lacking: What is not known and must be: paths.
    """

    facts: dict[str, Any]
    deals: tuple[Won, ...]
    lacking: tuple[str, ...]


def statement_facts(connection: Connection, person: str, quarter: Quarter, day: date) -> Facts:
    """Return the facts of somebody's statement for a quarter.

    Args:
        connection: To the record.
        person: Whose.
        quarter: Which.
        day: The day whose quota counts: the last of the quarter, or today within it.
    """
    held = dated.values_on(connection, Of.PERSON, day, ["quota", "quota_currency"], [person]).get(person, {})
    deals = won(connection, person, quarter)
    about: dict[str, Any] = {"id": person}
    if "quota" in held:
        about["quota"] = held["quota"]
    if "quota_currency" in held:
        about["currency"] = held["quota_currency"]
    posted = [{"id": each.id, "amount": each.amount, "discount": each.discount} for each in deals]
    return Facts({"person": about, "credits": posted}, deals, () if "quota" in held else ("person.quota",))


def won(connection: Connection, person: str, quarter: Quarter) -> tuple[Won, ...]:
    """Return the deals somebody won in a quarter, in the order they were closed."""
    columns = DEALS.c
    chosen = select(DEALS).where(
        columns.owner_id == person,
        columns.stage == WON,
        columns.closed_on >= quarter.since,
        columns.closed_on < quarter.until,
    )
    found = []
    for row in connection.execute(chosen.order_by(columns.closed_on, columns.id)):
        order = read_facts(row.facts).get("order", {})
        if "amount" not in order:
            continue
        discount = Decimal(order.get("discount", 0))
        amount = rounded(Decimal(order["amount"]) * (1 - discount), CENTS)
        found.append(Won(row.id, row.customer_id, row.closed_on, amount, discount))
    return tuple(found)
