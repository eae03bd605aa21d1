"""Decisions of the demonstration besides its orders: as an application would ask for them, and kept the same way.

What the record knows is taken from it; what it does not know, as how a survey came out, is made up, and is the same for
the same people and day. Nobody is decided about by a penalty policy here: that takes a case, as `disputing` opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policies
from policy.errors import PolicyError
from policy.kinds.assignment import AssignmentResult
from webadmin.decisions import service
from webadmin.decisions.service import Asked, Made
from webadmin.demo import planted
from webadmin.demo.chance import Chance
from webadmin.roster import facts, points
from webadmin.roster.quarters import Quarter
from webadmin.roster.statement import statement_facts
from webadmin.store import dated, standing
from webadmin.store.dated import Of
from webadmin.store.record import Record
from webadmin.store.revisions import Act

GIVEN, RETURNED, VALUED, OFFERED = 150, 40, 80, 30
"""Newest customers looked at for who gets them, customers looked at for being returned, graded, given special terms."""

ASSIGNMENT = "assignment.new-customer"

_KINDS = ("exclusivity", "price-lock", "retention-discount", "retention-service", "rebate")


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all of them are made from.

    Attributes:
        known: Customer → facts on the day.
        managers: Account managers of the day, by id.
        teams: Person → team.
    """

    connection: Connection
    day: date
    known: Mapping[str, Mapping[str, Any]]
    managers: Mapping[str, dict[str, Any]]
    teams: Mapping[str, str]

    @classmethod
    def on(cls, connection: Connection, day: date) -> _Scene:
        """Return it as the record stands on a day."""
        known = facts.facts_of_customers(connection, day, contacts=False)
        found = facts.candidates(connection, day, standing.loads(connection, day)).managers
        held = dated.values_on(connection, Of.PERSON, day, ["team"])
        teams = {name: each["team"] for name, each in held.items() if "team" in each}
        return cls(connection, day, known, {each["id"]: each for each in found}, teams)

    def asked(self) -> Iterator[Asked]:
        """Yield what is asked of each policy."""
        yield from self._given()
        yield from self._returned()
        yield from self._valued()
        yield from self._offered()
        quarter = Quarter.of(self.day).before
        for name in self.managers:
            yield self._paid(name, quarter)
            yield self._reviewed(name, quarter)

    def _given(self) -> Iterator[Asked]:
        since = {name: each["customer"].get("assigned_on", date.min) for name, each in self.known.items()}
        for name in sorted(since, key=lambda each: (since[each], each), reverse=True)[:GIVEN]:
            customer = dict(self.known[name]["customer"])
            team = self.teams.get(customer.get("owner", ""))
            customer.setdefault("expected_revenue", customer.get("annual_revenue", Decimal(50_000)))
            theirs = [each for who, each in self.managers.items() if self.teams.get(who) == team]
            yield Asked(ASSIGNMENT, {"customer": customer, "managers": theirs}, min(since[name], self.day).isoformat())

    def _returned(self) -> Iterator[Asked]:
        owned = [name for name, each in self.known.items() if "owner" in each and "tier" in each["customer"]]
        chosen = sorted({planted.NEGLECTED, *Chance("reclaim").some_of(owned, RETURNED)} & set(owned))
        for each in facts.facts_of_customers(self.connection, self.day, chosen).values():
            yield Asked("assignment.reclaim", each, self.day.isoformat())

    def _valued(self) -> Iterator[Asked]:
        whole = [name for name, each in self.known.items() if "annual_revenue" in each["customer"]]
        for name in Chance("value").some_of(whole, VALUED):
            yield Asked("scorecard.customer-value", self.known[name], self.day.isoformat())

    def _offered(self) -> Iterator[Asked]:
        owned = [name for name, each in self.known.items() if each["customer"].get("owner") in self.teams]
        for number, name in enumerate(Chance("offers").some_of(owned, OFFERED), 1):
            chance, customer = Chance(f"offer/{name}"), self.known[name]["customer"]
            owner = customer["owner"]
            offer: dict[str, Any] = {"id": f"s-{number:03}", "kind": chance.one_of(_KINDS)}
            offer |= {"months": chance.one_of((6, 12, 24)), "scope": chance.one_of(("city", "province"))}
            offer |= {"cost": Decimal(chance.between(1, 40) * 1000), "standard_text": chance.happens(70)}
            requester = {"id": owner, "team": self.teams[owner]}
            told = {"offer": offer, "customer": customer, "requester": requester}
            yield Asked("approval.special-terms", told, (self.day - timedelta(chance.below(200))).isoformat())

    def _paid(self, name: str, quarter: Quarter) -> Asked:
        last = quarter.until - timedelta(1)
        return Asked(
            "incentive.quarterly", statement_facts(self.connection, name, quarter, last).facts, last.isoformat()
        )

    def _reviewed(self, name: str, quarter: Quarter) -> Asked:
        last, chance = quarter.until - timedelta(1), Chance(f"review/{name}/{quarter.name}")
        told = points.nested(points.on_record(self.connection, name, quarter, last))
        solved = chance.between(0, 12)
        told["manager"]["duty"] = "hunter" if chance.happens(40) else "farmer"
        told["review"] |= {
            "surveys": Decimal(chance.between(5, 20)),
            "satisfaction": Decimal(chance.between(34, 49)) / 10,
            "problems": Decimal(solved + chance.between(0, 2)),
            "problems_on_time": Decimal(solved),
            "teamwork": Decimal(chance.between(30, 50)) / 10,
        }
        return Asked("scorecard.manager-performance", told, last.isoformat())


def decide(record: Record, act: Act, day: date) -> int:
    """Decide about people and customers of the demonstration, and keep it; return how many decisions.

    Args:
        record: With the demonstration.
        act: Who asks, and when.
        day: The reference day.

    Raises:
        BusyError: nothing was kept.
    """
    with record.reading() as connection:
        policies = record.catalogue.policies(connection, day)
        made = [each for asked in _Scene.on(connection, day).asked() for each in _made(policies, asked, act)]
    service.keep(record, made)
    return len(made)


def _made(policies: Policies, asked: Asked, act: Act) -> Iterator[Made]:
    """Yield what is decided; nothing where no such policy is in effect, or it asks for other facts."""
    policy = policies.get(asked.policy)
    if policy is None or asked.as_of is None or isinstance(asked.facts, bytes):
        return
    told = Asked(asked.policy, facts.declared(policy.reader.group, asked.facts), asked.as_of)
    try:
        made = service.made(policy, told, asked.as_of, actor=act.actor, now=act.now)
    except PolicyError:
        return
    if asked.policy != ASSIGNMENT or _is_followed(asked.facts, made):
        yield made


def _is_followed(told: Mapping[str, Any], made: Made) -> bool:
    """Say whether whoever was chosen for a customer is who serves it: what was decided was done."""
    result = made.decision.result
    return isinstance(result, AssignmentResult) and result.assigned == told["customer"].get("owner")
