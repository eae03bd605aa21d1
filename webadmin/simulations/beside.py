"""Two plans side by side: what they assume differently, what each comes to, which customers they treat differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webadmin.reassigning.assumed import Assumed, Assumption, assumed
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Load, Move, Total
from webadmin.simulations import service


@dataclass(frozen=True, slots=True)
class Differing:
    """A customer that two plans treat differently; None where a plan leaves it with its owner."""

    customer: str
    giver: str
    first: Move | None
    second: Move | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two plans side by side.

    Attributes:
        assumed: What they assume differently.
        same: Customers that both give to the same person, for good or for a time.
        people: Person → load before, and after by each; None where a plan does not know them.
    """

    assumed: Sequence[Assumed]
    first: Total
    second: Total
    same: int
    differing: Sequence[Differing]
    people: Mapping[str, tuple[Load | None, Load | None]]


def compare(first: Plan, second: Plan) -> Compared:
    """Compare two plans that propose."""
    sides = [{move.customer: move for move in plan.moves} for plan in (first, second)]
    after = [{each.before.person: each for each in service.shown(plan).everybody} for plan in (first, second)]
    names = sorted(sides[0].keys() | sides[1].keys())
    pairs = [(name, sides[0].get(name), sides[1].get(name)) for name in names]
    takers = [(name, one, other, _taker(one), _taker(other)) for name, one, other in pairs]
    differing = [Differing(name, _giver(one, other), one, other) for name, one, other, a, b in takers if a != b]
    people = {name: (after[0].get(name), after[1].get(name)) for name in sorted(after[0].keys() | after[1].keys())}
    changed = {name: pair for name, pair in people.items() if any(each and each.is_different for each in pair)}
    same = sum(a == b and a is not None for _, _, _, a, b in takers)
    totals = [service.shown(plan).total for plan in (first, second)]
    return Compared(assumed(first, second), totals[0], totals[1], same, differing, changed)


def told_of(each: Assumed) -> set[str]:
    """Return the ids of everybody something that is assumed tells of."""
    both = (*(each.one or ()), *(each.other or ())) if each.sort is Assumption.AMONG else ()
    return {each.who, *both} - {""}


def _taker(move: Move | None) -> tuple[str, bool] | None:
    """Return who takes a customer over, and whether that is for good."""
    return None if move is None or move.taker is None else (move.taker, move.until is None)


def _giver(first: Move | None, second: Move | None) -> str:
    move = first or second
    return "" if move is None else move.giver
