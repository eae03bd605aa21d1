"""What people carry: the load of the customers they hold, as the policy that would propose owners weighs each of them.

Every page that names a load takes it from here, so that a person's page, the list of people and a plan say the same.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any

from sqlalchemy import Connection, func, select

from policy.engine import Policies, Policy
from webadmin.reassigning.proposing import policies_that_propose
from webadmin.reassigning.scene import customers_of, weight_of
from webadmin.store import dated, standing
from webadmin.store.dated import Of
from webadmin.store.tables import DATED, DEALS, EVENTS

MOST = 4000
"""Customers that are weighed while somebody waits for a page; with more, weights by tier stand for it."""

_MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Carried:
    """What people carry on a day.

    Attributes:
        by: Person → load; who holds no customers is left out.
        of: Customer → load; none where load is by tier.
        policy: What weighs; None: load is by tier.
        too_many: True where load is by tier because there are more customers than are weighed at once.
    """

    by: Mapping[str, Decimal]
    of: Mapping[str, Decimal]
    policy: Policy | None
    too_many: bool = False


def carried(connection: Connection, policies: Policies, day: date, people: Collection[str] | None = None) -> Carried:
    """Return what people carry on a day.

    Args:
        connection: To the record.
        policies: In effect on the day.
        day: The day.
        people: Whose load is asked for; None: everybody's.
    """
    policy = next((each for each in policies_that_propose(policies) if weight_of(each) is not None), None)
    if policy is None:
        return Carried(standing.loads(connection, day), {}, None)
    key = _key(connection, policy, day)
    known = _kept(key)
    if known is not None:
        return known
    held = dated.values_on(connection, Of.CUSTOMER, day, ["owner", "status", "tier"])
    owned = {name: each for name, each in held.items() if people is None or each.get("owner") in people}
    if len(owned) > MOST:
        return Carried(standing.loads(connection, day), {}, None, too_many=True)
    found = _weighed(connection, policy, day, owned)
    if people is None:
        _keep(key, found)
    return found


def over_capacity(carried: Carried, connection: Connection, day: date) -> dict[str, tuple[Decimal, Decimal]]:
    """Return who carries more than their capacity on a day: both numbers by person; who names none is left out."""
    held = dated.values_on(connection, Of.PERSON, day, ["capacity"])
    room = {name: Decimal(each["capacity"]) for name, each in held.items() if "capacity" in each}
    return {name: (load, room[name]) for name, load in carried.by.items() if name in room and load > room[name]}


def _weighed(connection: Connection, policy: Policy, day: date, owned: Mapping[str, Mapping[str, Any]]) -> Carried:
    by: dict[str, Decimal] = defaultdict(Decimal)
    of: dict[str, Decimal] = {}
    for customer in customers_of(
        connection, policy, day, {name: each for name, each in owned.items() if "owner" in each}
    ):
        of[customer.id] = customer.load
        if customer.owner is not None:
            by[customer.owner] += customer.load
    return Carried(dict(by), of, policy)


# --- what was weighed last: it holds until something is told about people, customers or deals

_Key = tuple[str, date, frozenset[tuple[str, str]], Any]
_LAST: OrderedDict[_Key, Carried] = OrderedDict()
_LOCK = Lock()


def _key(connection: Connection, policy: Policy, day: date) -> _Key:
    """Return what a load depends on: the record and how far it has got, the day, and every text of the policy."""
    counted = [select(func.count()).select_from(table).scalar_subquery() for table in (DATED, DEALS)]
    newest = select(func.max(EVENTS.c.id)).scalar_subquery()
    state = tuple(connection.execute(select(newest, *counted)).one())
    return str(connection.engine.url), day, frozenset(policy.rule_set.closure.items()), state


def _kept(key: _Key) -> Carried | None:
    with _LOCK:
        return _LAST.get(key)


def _keep(key: _Key, found: Carried) -> None:
    with _LOCK:
        _LAST[key] = found
        while len(_LAST) > _MOST_KEPT:
            _LAST.popitem(last=False)
