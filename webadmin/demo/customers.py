"""1,200 customers with what is known of each, who holds them, and how that changed over the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from webadmin.demo import names, planted
from webadmin.demo.chance import Chance
from webadmin.demo.people import SKILLS, Row, managers

COUNT = 1200
PUBLIC = 20
"""Customers nobody holds: the last ones."""

OVERLOAD = 140
"""Per cent of the capacity the overloaded manager has to carry."""

HANDOVERS = 30
"""Customers handed over among those who have been here for long, and as many to newcomers."""

LOSSES = 36
"""Customers lost over the year besides the planted ones."""

LOADS = {"A": 5, "B": 3, "C": 2, "D": 1}
_REVENUE = {"A": (3_000_000, 9_000_000), "B": (600_000, 3_000_000), "C": (100_000, 600_000), "D": (5_000, 100_000)}
_REGIONS = [manager.region for manager in managers()]
"""A region for every manager there: where there are more of them, there are more customers."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer.

    Attributes:
        owner: Who held it at the beginning; None: nobody.
        moved_to: Who has held it since `moved_on`.
        lost_on: The day it was lost.
    """

    id: str
    tier: str
    region: str
    industry: str
    since: date
    owner: str | None = None
    moved_to: str | None = None
    moved_on: date | None = None
    lost_on: date | None = None

    def owner_on(self, day: date) -> str | None:
        """Return who holds it on a day."""
        return self.moved_to if self.moved_on is not None and day >= self.moved_on else self.owner


def customers(day: date) -> list[Customer]:
    """Return the customers, spread over the managers by what they can carry."""
    plain = [_plain(number, day) for number in range(1, COUNT + 1)]
    return _lost(_moved(_overloaded(_held(plain)), day), day)


def _plain(number: int, day: date) -> Customer:
    chance = Chance(f"customer/{number}")
    name = f"c-{number:04}"
    draw = chance.below(100)
    tier = "A" if draw < 4 else "B" if draw < 20 else "C" if draw < 60 else "D"
    region = chance.one_of(_REGIONS)
    industry = chance.one_of(tuple(names.INDUSTRIES))
    if name == planted.NEGLECTED:
        tier = "A"
    if name in planted.OWNERS:
        tier = "B" if name == planted.DIVERTED else "C"
    return Customer(name, tier, region, industry, day - timedelta(chance.between(370, 3000)))


def _held(plain: Sequence[Customer]) -> list[Customer]:
    """Give every customer to whoever of its region has most room."""
    settled = [each for each in managers() if not each.is_new]
    loads = {each.id: 0 for each in settled}
    by_id = {each.id: each for each in settled}
    found = []
    for number, each in enumerate(plain):
        if number >= COUNT - PUBLIC:
            found.append(each)
            continue
        fixed = planted.OWNERS.get(each.id)
        near = [manager for manager in settled if manager.region == each.region]
        chosen = by_id[fixed] if fixed else min(near, key=lambda one: (loads[one.id] * 1000 // one.capacity, one.id))
        loads[chosen.id] += LOADS[each.tier]
        found.append(replace(each, owner=chosen.id, region=chosen.region))
    return found


def _overloaded(held: Sequence[Customer]) -> list[Customer]:
    """Move customers of the region to the manager who is to be overloaded."""
    manager = next(each for each in managers() if each.id == planted.OVERLOADED)
    load = sum(LOADS[each.tier] for each in held if each.owner == manager.id)
    found = []
    for each in held:
        is_free = each.owner not in (None, manager.id) and each.id not in planted.OWNERS
        if is_free and each.region == manager.region and load * 100 < OVERLOAD * manager.capacity:
            load += LOADS[each.tier]
            each = replace(each, owner=manager.id)  # noqa: PLW2901 - the same customer, held by another
        found.append(each)
    return found


def _is_fixed(each: Customer) -> bool:
    return each.owner is None or each.id in planted.OWNERS or each.id == planted.NEGLECTED


def _moved(held: Sequence[Customer], day: date) -> list[Customer]:
    """Hand over some customers within their region over the year, those of newcomers lately."""
    chance = Chance("handovers")
    found = list(held)
    for is_new, days in ((False, (30, 330)), (True, (20, 85))):
        takers = [each for each in managers() if each.is_new is is_new and each.id != planted.OVERLOADED]
        regions = {each.region for each in takers}
        free = [index for index, each in enumerate(found) if _is_free(each) and each.region in regions]
        for index in chance.some_of(free, HANDOVERS):
            each = found[index]
            near = [one.id for one in takers if one.region == each.region and one.id != each.owner]
            moved_on = day - timedelta(chance.between(*days))
            found[index] = replace(each, moved_to=chance.one_of(near), moved_on=moved_on)
    return found


def _is_free(each: Customer) -> bool:
    """Say whether a customer may be handed over."""
    is_small = each.tier in ("C", "D")
    return is_small and not _is_fixed(each) and each.moved_to is None and each.owner != planted.OVERLOADED


def _lost(held: Sequence[Customer], day: date) -> list[Customer]:
    """Lose some small customers over the year, nobody more than two, and the planted ones on their days."""
    days = dict(zip(planted.LOST_TOGETHER, planted.LOST_TOGETHER_BEFORE, strict=True))
    days |= {planted.DIVERTED: planted.LOST_BEFORE, planted.LEFT: planted.LEFT_BEFORE}
    most = LOSSES + len(days)
    chance = Chance("losses")
    losses: dict[str | None, int] = {planted.LOSING: 2, planted.EXPORTING: 2, planted.DIVERTING: 1}
    small = [each for each in held if each.tier in "CD" and not _is_fixed(each) and each.moved_to is None]
    for each in chance.some_of(small, len(small) // 8):
        if len(days) < most and losses.get(each.owner, 0) < 2:
            losses[each.owner] = losses.get(each.owner, 0) + 1
            days[each.id] = chance.between(10, 350)
    return [replace(each, lost_on=day - timedelta(days[each.id])) if each.id in days else each for each in held]


def rows(found: Sequence[Customer]) -> list[Row]:
    """Return the rows of the customers as they stood at the beginning."""
    return [_row(number, each) for number, each in enumerate(found, 1)]


def _row(number: int, each: Customer) -> Row:
    chance = Chance(f"facts/{number}")
    chinese, english = names.customer(number, each.region, each.industry)
    revenue = chance.between(*_REVENUE[each.tier])
    return {
        "id": each.id,
        "name": chinese,
        "name_en": english,
        "owner": each.owner,
        "tier": each.tier,
        "region": each.region,
        "industry": each.industry,
        "status": "public" if each.owner is None else "active",
        "needs": chance.some_of(SKILLS, chance.below(3)),
        "phone": f"021-5550{number:04}",
        "first_order": each.since,
        "languages": ["zh", "en"] if chance.happens(15) else ["zh"],
        "strategic": "true" if each.tier == "A" and chance.happens(20) else "false",
        "annual_revenue": revenue,
        "expected_revenue": revenue * chance.between(80, 130) // 100,
        "potential": revenue * chance.between(2, 6),
        "growth": _hundredths(chance.between(-25, 40)),
        "gross_margin": _hundredths(chance.between(8, 45)),
        "satisfaction": f"{chance.between(3, 4)}.{chance.below(10)}" if chance.happens(70) else None,
        "overdue_days": chance.one_of((0, 0, 0, 0, 5, 12, 35, 70)),
    }


def _hundredths(number: int) -> str:
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 100}.{abs(number) % 100:02}"


def changes(found: Sequence[Customer], beginning: Sequence[Row]) -> list[Row]:
    """Return the rows of what has become different of customers since: handed over, or lost."""
    by_id = {row["id"]: row["name"] for row in beginning}
    moved: list[Row] = [
        {"id": each.id, "name": by_id[each.id], "owner": each.moved_to, "since": each.moved_on}
        for each in found
        if each.moved_on is not None
    ]
    lost: list[Row] = [
        {"id": each.id, "name": by_id[each.id], "status": "lost", "since": each.lost_on}
        for each in found
        if each.lost_on is not None
    ]
    return [*moved, *lost]
