"""Twelve months of deals, with the facts an order is decided by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from webadmin.demo import planted
from webadmin.demo.chance import Chance
from webadmin.demo.customers import Customer
from webadmin.demo.people import Manager, Row

_A_YEAR = {"A": 6, "B": 3, "C": 2, "D": 1}
"""Deals of a customer in a year, by tier."""

_AMOUNTS = {"A": (80_000, 600_000), "B": (60_000, 250_000), "C": (15_000, 100_000), "D": (3_000, 30_000)}
_DISCOUNTS = ("0", "0", "0", "0.03", "0.05", "0.08", "0.12", "0.22")
_TERMS = (30, 30, 30, 45, 60, 90)
_YEAR = 365
_WON = 65
"""Per cent of the deals that are closed."""


def deals(customers: Sequence[Customer], managers: Sequence[Manager], day: date) -> list[Row]:
    """Return the rows of the deals, in the order they were opened."""
    teams = {each.id: each.team for each in managers}
    found = [row for each in customers for row in _of(each, teams, day)]
    found.sort(key=lambda row: (row["opened_on"], row["customer"], row["amount"]))
    return [{"id": f"d-{number:04}", **row} for number, row in enumerate(found, 1)]


def _of(customer: Customer, teams: Mapping[str, str], day: date) -> Iterator[Row]:
    chance = Chance(f"deals/{customer.id}")
    for _ in range(_A_YEAR[customer.tier]):
        opened = day - timedelta(chance.between(1, _YEAR))
        closed = opened + timedelta(chance.between(7, 60))
        amount = chance.between(*_AMOUNTS[customer.tier])
        is_won = chance.happens(_WON)
        terms = _terms(chance, amount)
        owner = customer.owner_on(opened)
        if owner is None or closed >= _until(customer, day):
            continue
        is_closed = closed <= day
        yield {
            "customer": customer.id,
            "owner": owner,
            "stage": ("won" if is_won else "lost") if is_closed else "open",
            "opened_on": opened,
            "closed_on": closed if is_closed else None,
            "amount": amount,
            **terms,
            "tier": customer.tier,
            "first_order": customer.since,
            "team": teams[owner],
        }


def _until(customer: Customer, day: date) -> date:
    """Return the day from which on nothing is closed any more."""
    if customer.id == planted.NEGLECTED:
        return day - timedelta(planted.NEGLECTED_FOR)
    return date.max if customer.lost_on is None else customer.lost_on


def _terms(chance: Chance, amount: int) -> Row:
    """Return the conditions of a deal; one in twelve is below the list without a word."""
    below = chance.one_of((0,) * 11 + (15,))
    return {
        "list_amount": amount * 100 // (100 - below),
        "discount": chance.one_of(_DISCOUNTS),
        "prepaid": "true" if chance.happens(10) else "false",
        "payment_days": chance.one_of(_TERMS),
        "own_contract": "true" if chance.happens(5) else "false",
    }
