"""The facts of a commission statement, as the record has them: the deals somebody won in a quarter, and the quota.

With them stand what share of the customers was kept and how far the team has come, where the record knows that exactly.
It does not know when money came in: a policy that minds is told nothing of it, and takes what it declares for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from webadmin.roster.attainment import attainment
from webadmin.roster.quarters import Quarter
from webadmin.roster.refunds import Refund
from webadmin.roster.retention import retention
from webadmin.roster.winning import Bar, Won, undated, won_by
from webadmin.store import dated
from webadmin.store.dated import Of


@dataclass(frozen=True, slots=True)
class Facts:
    """What a statement is made from.

    Attributes:
        facts: By the paths of the vocabulary; `credits` in the order of `deals`.
        deals: Those it counts.
        barred: Deals that were won and that it cannot count, each with why.
        lacking: What is not known and must be: paths.
        refunds: Those of the quarter that are on record; they are in no fact, as the commission paid is not known.
    """

    facts: dict[str, Any]
    deals: tuple[Won, ...]
    barred: tuple[tuple[Won, Bar], ...]
    lacking: tuple[str, ...]
    refunds: tuple[Refund, ...] = ()

    @property
    def won(self) -> list[Won]:
        """Return all deals it knows, those it counts first."""
        return [*self.deals, *(each for each, _ in self.barred)]

    def knows(self, path: str) -> bool:
        """Say whether something is told at a path: what is not is missing, or its default is taken."""
        group, _, name = path.partition(".")
        return name in self.facts.get(group, ()) if name else group in self.facts

    def value(self, path: str) -> Any:
        """Return what is told at a path; None where nothing is."""
        group, _, name = path.partition(".")
        found = self.facts.get(group)
        return found.get(name) if name and isinstance(found, dict) else found


def statement_facts(connection: Connection, person: str, quarter: Quarter, day: date) -> Facts:
    """Return the facts of somebody's statement for a quarter.

    Args:
        connection: To the record.
        person: Whose.
        quarter: Which.
        day: The day whose quota and team count: the last of the quarter, or today within it.
    """
    held = dated.values_on(connection, Of.PERSON, day, ["quota", "quota_currency"], [person]).get(person, {})
    names = {"quota": "quota", "quota_currency": "currency"}
    about = {"id": person} | {to: held[name] for name, to in names.items() if name in held}
    deals, barred = counting(connection, person, quarter, day, held.get("quota_currency"))
    posted = [{"id": each.id, "amount": each.amount, "discount": each.discount} for each in deals]
    share = retention(connection, person, quarter, day).share if quarter.since <= day else None
    team = attainment(connection, person, quarter, day)
    facts: dict[str, Any] = {"person": about, "credits": posted}
    if share is not None:
        about["retention"] = share
    if team is not None:
        facts["team"] = {"attainment": team}
    return Facts(facts, deals, barred, () if "quota" in held else ("person.quota",))


def counting(
    connection: Connection, person: str, quarter: Quarter, day: date, currency: str | None
) -> tuple[tuple[Won, ...], tuple[tuple[Won, Bar], ...]]:
    """Return the deals somebody won in a quarter that count on a day towards a quota in a currency, and the others.

    Args:
        connection: To the record.
        person: Whose.
        quarter: Which.
        day: A deal that is closed later does not count yet.
        currency: Of the quota; None: not known.
    """
    found = [(each, each.bar(currency, day)) for each in won_by(connection, [person], quarter)]
    found += [(each, Bar.DAY) for each in undated(connection, person)]
    deals = tuple(each for each, bar in found if bar is None)
    return deals, tuple((each, bar) for each, bar in found if bar is not None)
