"""Twelve months of events: contacts, complaints, refunds, losses, transfers, and the planted ones.

All of them lie before the reference day: on that day itself it is not known which hour it is, and nothing that is
loaded lies in the future.

Only the two planted customers are lost and then sold to by a competitor within thirty days without an approved
transfer: others that a competitor sold to were not lost, were lost long before, or were handed over in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from webadmin.demo import planted
from webadmin.demo.chance import Chance
from webadmin.demo.customers import Customer
from webadmin.demo.people import Row

_INTERVALS = {"A": 12, "B": 25, "C": 50, "D": 75}
"""Days between two contacts with a customer, by tier."""

_CHANNELS = ("visit", "call", "call", "message", "mail")
_REASONS = ("价格", "服务", "产品停用", "搬迁")
_COMPETITORS = ("同行甲", "同行乙", "同行丙")
_YEAR = 365
COMPLAINTS, REFUNDS, EXPORTS, SALES_ELSEWHERE = 90, 60, 5, 10
LATE_SALES, ORDERLY_SALES = 4, 3
"""Lost customers a competitor sold to long after, and after an approved transfer."""


def events(customers: Sequence[Customer], deals: Sequence[Row], day: date) -> list[Row]:
    """Return the rows of the events in order of time."""
    kept = [each for each in customers if each.owner is not None and each.lost_on is None]
    lost = [each for each in customers if each.lost_on is not None]
    found = [row for each in customers if each.owner is not None for row in _contacts(each, day)]
    found += _complaints(kept, day)
    found += _refunds(deals, day)
    found += [row for each in lost for row in _loss(each)]
    found += _sales_of_the_lost([each for each in lost if each.id not in planted.OWNERS], day)
    found += _sales_of_the_kept(kept, day)
    found += [_transfer(each) for each in customers if each.moved_on is not None]
    found += _exports(customers, lost, day)
    found += _planted(day)
    found += [_ordered_outside(each) for each in lost if each.id == planted.ORDERED_OUTSIDE]
    found.sort(key=lambda row: (str(row["time"]), str(row["type"]), str(row.get("customer"))))
    return [{"id": f"ev-{number:05}", **row} for number, row in enumerate(found, 1)]


def _at(day: date, chance: Chance) -> str:
    """Return an instant within the working hours of a day."""
    return f"{day}T{chance.between(9, 17):02}:{chance.below(60):02}:00+08:00"


def _contacts(customer: Customer, day: date) -> Iterator[Row]:
    chance = Chance(f"contacts/{customer.id}")
    interval = _INTERVALS[customer.tier] * (3 if customer.owner == planted.OVERLOADED else 2) // 2
    last = day - timedelta(1) if customer.lost_on is None else customer.lost_on - timedelta(5)
    here = last - timedelta(chance.below(interval))
    if customer.id == planted.NEGLECTED:
        here = day - timedelta(planted.NEGLECTED_FOR)
    is_last = True
    while here > day - timedelta(_YEAR):
        yield {
            "type": "contact",
            "time": _at(here, chance),
            "customer": customer.id,
            "manager": customer.owner_on(here),
            "channel": chance.one_of(_CHANNELS),
            "effective": "true" if is_last or chance.happens(85) else "false",
        }
        is_last = False
        here -= timedelta(chance.between(interval * 3 // 4, interval))


def _complaints(kept: Sequence[Customer], day: date) -> Iterator[Row]:
    chance = Chance("complaints")
    for _ in range(COMPLAINTS):
        customer = chance.one_of(kept)
        here = day - timedelta(chance.between(1, _YEAR - 1))
        yield {
            "type": "complaint",
            "time": _at(here, chance),
            "customer": customer.id,
            "manager": customer.owner_on(here),
            "severity": "major" if chance.happens(25) else "minor",
            "upheld": "true" if chance.happens(40) else "false",
        }


def _refunds(deals: Sequence[Row], day: date) -> Iterator[Row]:
    chance = Chance("refunds")
    won = [each for each in deals if each["stage"] == "won" and each["closed_on"] != day]
    for deal in chance.some_of(won, REFUNDS):
        closed, amount = deal["closed_on"], deal["amount"]
        if isinstance(closed, date) and isinstance(amount, int):
            yield {
                "type": "refund",
                "time": _at(min(day - timedelta(1), closed + timedelta(chance.between(3, 40))), chance),
                "customer": deal["customer"],
                "manager": deal["owner"],
                "order": deal["id"],
                "amount": amount * chance.between(5, 60) // 100,
            }


def _loss(customer: Customer) -> Iterator[Row]:
    chance = Chance(f"loss/{customer.id}")
    if customer.lost_on is not None:
        yield {
            "type": "customer_lost",
            "time": _at(customer.lost_on, chance),
            "customer": customer.id,
            "manager": customer.owner_on(customer.lost_on),
            "reason": chance.one_of(_REASONS),
        }


def _sale(customer: Customer, here: date, chance: Chance) -> Row:
    return {
        "type": "competitor_sale",
        "time": _at(here, chance),
        "customer": customer.id,
        "manager": customer.owner,
        "competitor": chance.one_of(_COMPETITORS),
        "amount": chance.between(10, 200) * 1000,
    }


def _sales_of_the_lost(lost: Sequence[Customer], day: date) -> Iterator[Row]:
    """Yield sales that are no diversion: too late, or after a transfer that was approved."""
    chance = Chance("sales-of-the-lost")
    old = [each for each in lost if each.lost_on is not None and each.lost_on < day - timedelta(80)]
    for number, each in enumerate(old[: LATE_SALES + ORDERLY_SALES]):
        if each.lost_on is None:
            continue
        if number < LATE_SALES:
            yield _sale(each, each.lost_on + timedelta(chance.between(45, 75)), chance)
            continue
        lead = {"type": "transfer", "customer": each.id, "manager": each.owner, "approved": "true"}
        yield {**lead, "time": _at(each.lost_on + timedelta(5), chance), "to": "lead-1"}
        yield _sale(each, each.lost_on + timedelta(chance.between(12, 25)), chance)


def _sales_of_the_kept(kept: Sequence[Customer], day: date) -> Iterator[Row]:
    chance = Chance("sales-of-the-kept")
    for each in chance.some_of(kept, SALES_ELSEWHERE):
        yield _sale(each, day - timedelta(chance.between(5, 300)), chance)


def _transfer(customer: Customer) -> Row:
    chance = Chance(f"transfer/{customer.id}")
    return {
        "type": "transfer",
        "time": _at(customer.moved_on or customer.since, chance),
        "customer": customer.id,
        "manager": customer.owner,
        "to": customer.moved_to,
        "approved": "true",
    }


def _exports(customers: Sequence[Customer], lost: Sequence[Customer], day: date) -> Iterator[Row]:
    """Yield exports of contacts by managers who have lost nobody."""
    chance = Chance("exports")
    losers = {each.owner for each in lost}
    others = sorted({each.owner for each in customers if each.owner is not None and each.owner not in losers})
    for manager in chance.some_of(others, EXPORTS):
        here = day - timedelta(chance.between(20, 300))
        yield {"type": "contacts_exported", "time": _at(here, chance), "manager": manager, "count": 20, "system": "CRM"}


def _planted(day: date) -> Iterator[Row]:
    chance = Chance("planted")
    who: Row = {"customer": planted.DIVERTED, "manager": planted.DIVERTING}
    sold = day - timedelta(planted.LOST_BEFORE - planted.SOLD_AFTER)
    sale: Row = {"type": "competitor_sale", "competitor": _COMPETITORS[0], "amount": 180_000}
    yield {**who, **sale, "time": _at(sold, chance)}
    exported: Row = {"type": "contacts_exported", "manager": planted.EXPORTING, "count": 35, "system": "CRM"}
    yield {**exported, "time": _at(day - timedelta(planted.EXPORTED_BEFORE), chance)}
    yield {
        **who,
        "id": planted.REPORT,
        "type": "report_received",
        "time": _at(day - timedelta(planted.REPORTED_BEFORE), chance),
        "reporter": planted.REPORTER,
        "about": "outside-order",
    }


def _ordered_outside(customer: Customer) -> Row:
    """Return the sale of a competitor that a case was opened about."""
    lost_on = customer.lost_on or customer.since
    return _sale(customer, lost_on + timedelta(planted.ORDERED_AFTER), Chance("ordered-outside"))
