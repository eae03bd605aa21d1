"""A plan as far as its author still sees whom it tells of: somebody in it may belong to another team by now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from webadmin.access.circle import Circle
from webadmin.reassigning.keeping import Listed, Plan
from webadmin.reassigning.proposal import Hand, Move, Proposal
from webadmin.reassigning.whatif import WhatIf
from webadmin.store.dated import Of


@dataclass(frozen=True, slots=True)
class Within:
    """What of a plan is in sight.

    Attributes:
        plan: With nothing of whom its reader does not see; only to be shown, never to be kept.
        people: How many people of it are left out.
        customers: How many of the customers it moves are left out.
    """

    plan: Plan
    people: int = 0
    customers: int = 0

    @property
    def is_whole(self) -> bool:
        """Say whether everybody the plan tells of is in sight."""
        return not self.people


def is_whole(circle: Circle, plan: Plan | Listed) -> bool:
    """Say whether everybody a plan tells of is in sight."""
    return circle.is_all or plan.people <= circle.people


def within(circle: Circle, plan: Plan) -> Within:
    """Return a plan without whom its reader does not see, and without every customer that came from or goes to them."""
    if is_whole(circle, plan):
        return Within(plan)
    made_up = {each.id for each in plan.whatif.join if each.is_new}
    seen = circle.people | made_up
    moves = [move for move in plan.moves if _is_seen(move, seen) and circle.sees(Of.CUSTOMER, move.customer)]
    kept = {move.customer for move in moves}
    shown = replace(
        plan,
        people=plan.people & circle.people,
        whatif=_supposed(plan.whatif, seen),
        proposal=None if plan.proposal is None else _proposed(plan.proposal, seen, kept),
        hands=_chosen(plan.hands, kept),
        earlier=(),
        before=None,
    )
    return Within(shown, len(plan.people - circle.people), len(plan.moves) - len(moves))


def _is_seen(move: Move, seen: Collection[str]) -> bool:
    return all(each is None or each in seen for each in (move.giver, move.taker, move.proposed))


def _chosen(hands: Mapping[str, Hand], kept: Collection[str]) -> dict[str, Hand]:
    return {name: each for name, each in hands.items() if name in kept and not each.void}


def _supposed(whatif: WhatIf, seen: Collection[str]) -> WhatIf:
    return replace(
        whatif,
        leave=tuple(each for each in whatif.leave if each in seen),
        join=tuple(each for each in whatif.join if each.id in seen),
        away={name: each for name, each in whatif.away.items() if name in seen},
        capacity={name: each for name, each in whatif.capacity.items() if name in seen},
    )


def _proposed(proposal: Proposal, seen: Collection[str], kept: Collection[str]) -> Proposal:
    """Return a proposal with some moves alone; a second best who is not seen is not named."""
    return replace(
        proposal,
        moves=tuple(_without_rival(move, seen) for move in proposal.moves if move.customer in kept),
        people=tuple(each for each in proposal.people if each.person in seen),
        kept=tuple(each for each in proposal.kept if each.person in seen),
        over={name: load for name, load in proposal.over.items() if name in seen},
        incomplete={name: each for name, each in proposal.incomplete.items() if name in seen},
        left=(),
    )


def _without_rival(move: Move, seen: Collection[str]) -> Move:
    return move if move.rival is None or move.rival.person in seen else replace(move, rival=None)
