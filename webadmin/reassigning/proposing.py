"""Proposes a new owner for each customer of one person: a calculation, nothing of it is kept as a decision.

Customers that bring most load come first, then by id. For each the assignment policy in effect ranks whoever is there;
loads grow as customers are given, so that nobody is given more than the policy allows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy
from policy.errors import EvaluationError, FactsError
from policy.kinds.assignment import AssignmentResult
from policy.values import Language
from webadmin.roster import facts
from webadmin.roster.facts import declared
from webadmin.store import dated, standing
from webadmin.store.dated import Of
from webadmin.store.standing import LOADS

POLICY = "assignment.new-customer"
"""The policy that ranks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may take a customer over: the score the policy gives, None where it has none."""

    person: str
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Move:
    """What is proposed for one customer.

    Attributes:
        load: What it brings.
        to: Who takes it over; None: nobody may.
        choices: Everybody eligible, best first, as things stand when its turn comes.
        excluded: Everybody else with the rows of the policy that exclude them.
        why: Why it is put to the policy the way it is: the reasons of the rules that hit.
        problems: Why it could not be put to the policy.
        by_hand: Whether `to` was chosen by a person.
    """

    customer: str
    tier: str | None
    load: Decimal
    to: str | None
    choices: tuple[Choice, ...]
    excluded: Mapping[str, tuple[str, ...]]
    why: tuple[str, ...]
    problems: tuple[str, ...] = ()
    by_hand: bool = False

    @property
    def cost(self) -> Decimal:
        """Return by how much the score is lower than the best one's."""
        scores = {each.person: each.score or Decimal() for each in self.choices}
        best = max(scores.values(), default=Decimal())
        return Decimal() if self.to is None else best - scores.get(self.to, best)


@dataclass(frozen=True, slots=True)
class Load:
    """Load of one person before and after, and capacity; None where none is known."""

    person: str
    before: Decimal
    after: Decimal
    capacity: Decimal | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is proposed for all customers of one person on a day."""

    person: str
    day: date
    moves: tuple[Move, ...]
    loads: tuple[Load, ...]

    @property
    def unassigned(self) -> int:
        """Return for how many customers nobody is found."""
        return sum(move.to is None for move in self.moves)


def propose(  # noqa: PLR0913 - what a plan depends on
    connection: Connection,
    policy: Policy,
    person: str,
    day: date,
    wishes: Mapping[str, str],
    language: Language,
    *,
    among: Collection[str] | None = None,
) -> Plan:
    """Propose who takes over the customers of somebody who is not there any more.

    Args:
        connection: To the record.
        policy: What ranks.
        person: Who leaves.
        day: From when on.
        wishes: Customer → who shall take it over, chosen by hand; kept where the policy has them eligible.
        language: Of the reasons.
        among: Ids of those who may be thought of; None: everybody.
    """
    names = standing.customers_of(connection, [person], day)
    known = facts.facts_of_customers(connection, day, names)
    managers = facts.candidates(connection, day).managers
    there = [dict(each) for each in managers if each["id"] != person and (among is None or each["id"] in among)]
    before = {each["id"]: each["load"] for each in there}
    moves = []
    for name in sorted(names, key=lambda each: (-_load(known[each]), each)):
        move = _move(policy, known[name], there, day, wishes.get(name), language)
        moves.append(move)
        for each in there:
            if each["id"] == move.to:
                each["load"] += move.load
    carried = standing.loads(connection, day).get(person, Decimal())
    rows = [Load(each["id"], before[each["id"]], each["load"], each.get("capacity")) for each in there]
    held = dated.values_on(connection, Of.PERSON, day, ["capacity"], [person]).get(person, {})
    left = Load(person, carried, sum((m.load for m in moves if m.to is None), Decimal()), held.get("capacity"))
    changed = [each for each in rows if each.before != each.after]
    return Plan(person, day, tuple(moves), (left, *sorted(changed, key=lambda each: each.person)))


def _load(known: Mapping[str, Any]) -> Decimal:
    return LOADS.get(known["customer"].get("tier", ""), Decimal())


def _move(
    policy: Policy,
    known: Mapping[str, Any],
    there: list[dict[str, Any]],
    day: date,
    wish: str | None,
    language: Language,
) -> Move:
    customer = known["customer"]
    about = (customer["id"], customer.get("tier"), _load(known))
    try:
        asked = declared(policy.reader.group, {**known, "managers": there})
        decision = policy.decide(asked, as_of=day, explain=True)
    except FactsError as error:
        return Move(*about, None, (), {}, (), tuple(each.text(language) for each in error.problems[:3]))
    except EvaluationError as error:
        return Move(*about, None, (), {}, (), (error.text(language),))
    why = () if decision.explanation is None else tuple(decision.explanation.to_data(language)["because"])
    if not isinstance(decision.result, AssignmentResult):
        return Move(*about, None, (), {}, why, tuple(decision.missing))
    choices = tuple(Choice(each.manager, each.score) for each in decision.result.ranked)
    excluded = {each.manager: (*each.by, *each.unknown) for each in decision.result.excluded}
    chosen = wish if wish in {each.person for each in choices} else decision.result.assigned
    return Move(*about, chosen, choices, excluded, why, by_hand=chosen != decision.result.assigned)
