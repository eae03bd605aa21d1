"""Two plans side by side: what they assume differently, what each comes to, which customers they treat differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webadmin.reassigning.assumed import Assumed, Assumption, assumed
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Move
from webadmin.reassigning.totals import Load, Total, total
from webadmin.simulations import service


@dataclass(frozen=True, slots=True)
class Pair:
    """A customer under two plans; None where a plan leaves it with its owner."""

    customer: str
    giver: str
    first: Move | None
    second: Move | None

    @property
    def differs(self) -> bool:
        """Say whether it goes to another person, or for good under one and for a time under the other."""
        return _taker(self.first) != _taker(self.second)

    @property
    def is_same(self) -> bool:
        """Say whether it goes to the same person under both."""
        return not self.differs and _taker(self.first) is not None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two plans side by side.

    Attributes:
        assumed: What they assume differently.
        first, second: What they come to, both over everybody one of the two is about.
        pairs: Every customer one of them is about.
        people: Person → load before, and after by each; None where a plan does not know them.
    """

    assumed: Sequence[Assumed]
    first: Total
    second: Total
    pairs: Sequence[Pair]
    people: Mapping[str, tuple[Load | None, Load | None]]

    @property
    def differing(self) -> list[Pair]:
        """Return the customers the two treat differently."""
        return [each for each in self.pairs if each.differs]

    @property
    def same(self) -> int:
        """Return how many customers both give to the same person."""
        return sum(each.is_same for each in self.pairs)


def compare(first: Plan, second: Plan) -> Compared:
    """Compare two plans that propose."""
    sides = [{move.customer: move for move in plan.moves} for plan in (first, second)]
    after = [{each.before.person: each for each in service.shown(plan).everybody} for plan in (first, second)]
    about = {each.before.person for plan in (first, second) for each in service.shown(plan).people}
    names = sorted(sides[0].keys() | sides[1].keys())
    pairs = [_pair(name, sides[0].get(name), sides[1].get(name)) for name in names]
    people = {name: (after[0].get(name), after[1].get(name)) for name in sorted(after[0].keys() | after[1].keys())}
    changed = {name: pair for name, pair in people.items() if any(each and each.is_different for each in pair)}
    totals = [
        total(plan.moves, [each for name, each in side.items() if name in about])
        for plan, side in zip((first, second), after, strict=True)
    ]
    return Compared(assumed(first, second), totals[0], totals[1], pairs, changed)


def told_of(each: Assumed) -> set[str]:
    """Return the ids of everybody something that is assumed tells of."""
    both = (*(each.one or ()), *(each.other or ())) if each.sort is Assumption.AMONG else ()
    return {each.who, *both} - {""}


def _taker(move: Move | None) -> tuple[str, bool] | None:
    """Return who takes a customer over, and whether that is for good."""
    return None if move is None or move.taker is None else (move.taker, move.until is None)


def _pair(name: str, first: Move | None, second: Move | None) -> Pair:
    move = first or second
    return Pair(name, "" if move is None else move.giver, first, second)
