"""Calculates what a plan proposes, by the policy in effect on its day or by a revision that was chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from policy.engine import Policies, Policy
from policy.values import Text
from webadmin.reassigning import keeping, proposing, retaining, scene
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.protecting import protecting
from webadmin.reassigning.scene import Progress, Scene
from webadmin.store import dated, standing
from webadmin.store.catalogue import Catalogue
from webadmin.store.dated import Of

LONG = 3000
"""Milliseconds above which a worker calculates instead of the server."""

_WEIGHING, _RANKING = 2, 6
"""Customers weighed, and pairs of customer and candidate ranked, in a millisecond; measured, with some to spare."""

_SHARE = 5
"""Of so many customers of a team that is rebalanced about one moves."""

NONE = Text(
    "这一天没有可用的分配策略“{name}”: 请选择其他策略、版本或日期",
    "no assignment policy `{name}` that can propose is in effect on this day: choose another one, revision or day",
)


class UnusableError(Exception):
    """The policy cannot propose; `text` says why, and what to do."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.text = Text(NONE.zh.format(name=name), NONE.en.format(name=name))


def policies_on(connection: Connection, catalogue: Catalogue, day: date, name: str, digest: str | None) -> Policies:
    """Return the policies in effect on a day, one of them by a revision that was chosen."""
    digests = {each.document: each.digest for each in catalogue.in_effect(connection, day).values()}
    if digest is not None:
        digests[name] = digest
    return catalogue.prepared(connection, digests).policies


def policy_of(policies: Policies, name: str) -> Policy:
    """Return a policy that can propose.

    Raises:
        UnusableError: there is none of that name.
    """
    found = policies.get(name)
    if found is None or not scene.is_usable(found):
        raise UnusableError(name)
    return found


def calculate(
    connection: Connection,
    catalogue: Catalogue,
    plan: Plan,
    among: Collection[str] | None,
    progress: Progress = proposing.quiet,
) -> Plan:
    """Return a plan with what it proposes, and with the choices made by hand as they stand in that.

    Args:
        connection: To the record.
        catalogue: Of its policies.
        plan: Its day, policy and what it supposes count.
        among: Ids of those who may be thought of; None: everybody.
        progress: Told of steps done, and how many there are.

    Raises:
        UnusableError: the policy cannot propose on that day.
    """
    policies = policies_on(connection, catalogue, plan.day, plan.policy, plan.revision)
    policy = policy_of(policies, plan.policy)
    found = scene.build(connection, policy, plan.day, plan.whatif, among, progress)
    proposal = proposing.propose(found, policies, protecting(connection, policies, plan.day), progress)
    hands = retaining.retained(found, proposal, plan.hands)
    seen = {each.taker for each in hands.values() if each.taker is not None} & plan.people
    people = keeping.concerned(plan, proposal) | seen
    return replace(plan, job=None, problem=None, proposal=proposal, hands=hands, people=people)


def scene_of(connection: Connection, catalogue: Catalogue, plan: Plan, among: Collection[str] | None) -> Scene:
    """Return the roster with all moves of a plan made, to choose somebody else for one of them.

    Raises:
        UnusableError: the policy cannot propose on that day.
    """
    policies = policies_on(connection, catalogue, plan.day, plan.policy, plan.revision)
    found = scene.build(connection, policy_of(policies, plan.policy), plan.day, plan.whatif, among)
    for move in plan.moves:
        if move.taker is not None and found.holder.get(move.customer) == move.giver:
            found.give(move.customer, move.giver, move.taker)
    return found


def takes_long(connection: Connection, plan: Plan) -> bool:
    """Say whether calculating a plan is work for a worker."""
    held = dated.values_on(connection, Of.CUSTOMER, plan.day, ["owner"])
    people = dated.values_on(connection, Of.PERSON, plan.day, ["role"])
    takers = sum(each.get("role") == "account-manager" for each in people.values())
    givers = {*plan.whatif.leave, *plan.whatif.away}
    team = set(standing.members(connection, plan.whatif.team, plan.day)) if plan.whatif.team else set()
    handed = sum(each.get("owner") in givers for each in held.values())
    handed += sum(each.get("owner") in team for each in held.values()) // _SHARE
    milliseconds = len(held) // _WEIGHING + handed * takers // _RANKING
    return bool(milliseconds > LONG)
