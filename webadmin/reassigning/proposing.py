"""Proposes who takes over which customers: a calculation, nothing of it is kept as a decision.

Customers of those who leave or are away are handed out one by one, the most valuable first (then the heaviest, then by
id): there is most room at the beginning, so whoever brings most finds the best match, and the order depends on nothing
but the facts. For each the policy ranks whoever is there with the load they have by then; the best one within every
limit gets it. Then whoever still has too much gives up customers, see `relieving`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from policy.engine import Policies, Policy
from policy.model.document import VocabularyDocument
from webadmin.reassigning import relieving
from webadmin.reassigning.moving import made
from webadmin.reassigning.proposal import Cause, Move, Proposal, Standing
from webadmin.reassigning.scene import VALUES, Customer, Progress, Scene, is_usable, weight_of
from webadmin.reassigning.whatif import WhatIf

DEFAULT = "assignment.new-customer"
"""The policy that proposes where nobody chooses another."""


def quiet(_done: int, _total: int) -> None:
    """Tell nobody."""


def propose(scene: Scene, policies: Policies, protecting: relieving.Protecting, progress: Progress = quiet) -> Proposal:
    """Propose moves for what a scene supposes; the scene is changed as they are made.

    Args:
        scene: The roster.
        policies: In effect on the day.
        protecting: Says which customers are not to be moved for balance.
        progress: Told of customers dealt with, and how many there are.
    """
    people = _standings(scene)
    left = _left(scene)
    moves = _handed_over(scene, set(left), progress)
    relieved = relieving.relieve(scene, protecting, {move.customer for move in moves}, progress)
    return Proposal(
        scene.policy.digest,
        _unit(policies),
        weight_of(scene.policy) is not None,
        (*moves, *relieved.moves),
        people,
        relieved.kept,
        relieved.over,
        relieved.usual,
        scene.incomplete,
        relieved.barred,
        left,
    )


def _unit(policies: Policies) -> str:
    fields = {
        str(path): options
        for each in policies.documents
        if isinstance(each, VocabularyDocument)
        for path, options in each.fields.items()
    }
    known = [fields[f"customer.{name}"].unit for name in VALUES if f"customer.{name}" in fields]
    return next((each for each in known if each), "")


def _standings(scene: Scene) -> tuple[Standing, ...]:
    there, whatif = set(scene.takers), scene.whatif
    return tuple(
        Standing(
            person,
            scene.team.get(person, ""),
            scene.loads[person],
            len(scene.holding[person]),
            scene.value(person),
            scene.capacity.get(person),
            scene.capacity_was.get(person) if person in whatif.capacity else None,
            person in there,
        )
        for person in scene.people
    )


def _left(scene: Scene) -> tuple[str, ...]:
    """Return the customers of those who leave or are away that stay with them: not active, where that is supposed."""
    if not scene.whatif.keeps_lost:
        return ()
    held = {name for person in (*scene.whatif.leave, *scene.whatif.away) for name in scene.holding[person]}
    return tuple(sorted(name for name in held if not scene.customers[name].is_active))


def _handed_over(scene: Scene, left: Collection[str], progress: Progress) -> list[Move]:
    whatif = scene.whatif
    held = [name for person in (*whatif.leave, *whatif.away) for name in scene.holding[person]]
    names = [name for name in held if name not in left]
    moves = []
    for done, name in enumerate(sorted(dict.fromkeys(names), key=lambda each: in_turn(scene.customers[each]))):
        progress(done, len(names))
        giver = scene.holder[name]
        ranking = scene.rank(name)
        taker = None if ranking.best is None else ranking.best.person
        moves.append(made(scene, name, giver, taker, ranking, *_period(whatif, giver, scene.day)))
        if taker is not None:
            scene.give(name, giver, taker)
    return moves


def in_turn(customer: Customer) -> tuple[Decimal, Decimal, str]:
    """Return what customers are put in order by when they are handed out."""
    return -customer.value, -customer.load, customer.id


def _period(whatif: WhatIf, giver: str, day: date) -> tuple[Cause, date, date | None]:
    away = whatif.away.get(giver)
    if giver in whatif.leave or away is None:
        return Cause.LEAVES, day, None
    return Cause.AWAY, max(day, away.since), away.until if away.covered else None


def policies_that_propose(policies: Policies) -> list[Policy]:
    """Return the policies that can propose, the usual one first."""
    usable = (each for each in policies.values() if is_usable(each))
    return sorted(usable, key=lambda each: (each.id != DEFAULT, each.id))
