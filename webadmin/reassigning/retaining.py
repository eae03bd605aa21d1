"""Keeps choices made by hand when a plan is calculated anew: those still possible hold, the others say why not.

A choice holds where the customer is still to be moved and the person may still take it, with all other moves made; one
that passes a limit needs a reason, as when it is made. One that does not hold is kept with its reason: it holds again
where a later calculation allows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from webadmin.reassigning.proposal import Hand, Move, Proposal
from webadmin.reassigning.scene import Scene

UNMOVED, GONE = "unmoved", "gone"
"""Why a choice does not hold where no row of the policy says it."""


def retained(scene: Scene, proposal: Proposal, hands: Mapping[str, Hand]) -> dict[str, Hand]:
    """Return choices made by hand as they stand in a new proposal.

    Args:
        scene: With every move of the proposal made; it is changed.
        proposal: What is proposed.
        hands: Customer → what somebody chose.
    """
    moves = {move.customer: move for move in proposal.moves if move.customer in hands}
    for move in moves.values():
        if move.taker is not None:
            scene.give_back(move.customer, move.giver, move.taker)
    return {name: _retained(scene, moves.get(name), hand) for name, hand in hands.items()}


def _retained(scene: Scene, move: Move | None, hand: Hand) -> Hand:
    if move is None:  # where it was to stay it does
        return replace(hand, void=() if hand.taker is None else (UNMOVED,))
    name = move.customer
    ranking = scene.eased(name, scene.rank(name))
    if hand.taker is None:
        return replace(hand, score=ranking.stays, void=())
    choice = next((each for each in ranking.choices if each.person == hand.taker), None)
    passes = () if choice is None or hand.reason.strip() else choice.passes
    if passes:
        choice = None
    taker = move.taker if choice is None else hand.taker
    if taker is not None:
        scene.give(name, move.giver, taker)
    if choice is None:
        return replace(hand, void=passes or ranking.excluded.get(hand.taker) or (GONE,))
    return Hand(hand.taker, hand.reason, choice.score, choice.passes, (), choice.terms)
