"""Two plans side by side: what each comes to, and which customers they treat differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        same: Customers that both give to the same person.
        people: Person → load before, and after by each; None where a plan does not know them.
    """

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
    return Compared(service.shown(first).total, service.shown(second).total, same, differing, changed)


def _taker(move: Move | None) -> str | None:
    return None if move is None else move.taker


def _giver(first: Move | None, second: Move | None) -> str:
    move = first or second
    return "" if move is None else move.giver
