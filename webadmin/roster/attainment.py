"""How far a team has come towards its target: what its people won in a quarter, as a share of their quotas together.

It is known only where it is known exactly. The team is who belongs to the team of the person on the day, those of the
teams below it too, without who has left. Whoever has a quota counts, and so must every account manager: where the quota
of one is not on record, where quotas or deals are in different currencies, or where a deal has no amount, it is not
known, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from webadmin.roster.quarters import Quarter
from webadmin.roster.winning import Bar, won_by
from webadmin.store import dated, standing
from webadmin.store.dated import Of

SCALE = 4
"""Decimals it is cut after: 99.999 % is not 100 %."""

MOST = 100
"""The vocabulary takes no more: it is not told then."""

_ATTRIBUTES = ("role", "status", "quota", "quota_currency")


def attainment(connection: Connection, person: str, quarter: Quarter, day: date) -> Decimal | None:
    """Return how far the team of a person has come in a quarter, a fraction; None where that is not known exactly.

    Args:
        connection: To the record.
        person: Whose team.
        quarter: Which.
        day: The day whose team and quotas count: the last of the quarter, or today within it; what is closed later
            does not count yet.
    """
    team = standing.team_of(connection, person, day)
    if team is None:
        return None
    members = standing.members(connection, team, day)
    known = dated.values_on(connection, Of.PERSON, day, _ATTRIBUTES, members)
    counted = {name: known.get(name, {}) for name in members if _counts(known.get(name, {}))}
    if not counted or any("quota" not in held for held in counted.values()):
        return None
    currencies = {held.get("quota_currency") for held in counted.values()}
    deals = [each for each in won_by(connection, list(counted), quarter) if each.bar(None, day) is not Bar.AHEAD]
    currencies |= {each.currency for each in deals if each.currency is not None}
    if len(currencies) > 1 or any(each.amount is None for each in deals):
        return None
    won = sum((each.amount or Decimal() for each in deals), Decimal())
    return _share(won, sum((held["quota"] for held in counted.values()), Decimal()))


def _counts(held: Mapping[str, Any]) -> bool:
    if held.get("status") == "left":
        return False
    return "quota" in held or held.get("role", "account-manager") == "account-manager"


def _share(won: Decimal, quota: Decimal) -> Decimal | None:
    if quota <= 0 or not 0 <= won <= MOST * quota:
        return None
    return Decimal(int(won * 10**SCALE // quota)).scaleb(-SCALE)
