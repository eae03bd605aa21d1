"""Takes load off whoever has too much, with as few moves as it takes.

Too much is what lies above capacity, or above a chosen share of the mean load of a team. Whoever has most too much
comes first. Of their customers the lightest that is enough by itself goes, and where none is, the heaviest: so that the
fewest change hands, and of these the least. Between equals the one goes whose move costs least, then the least
valuable, then by id. Customers a policy protects stay.

Whoever joins where nothing else is supposed takes load off those of the own team who carry more than its mean, until
they carry the mean themselves or are full; between the others nothing moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from policy.values import NUMBERS
from webadmin.reassigning.moving import made
from webadmin.reassigning.proposal import Cause, Kept, Move
from webadmin.reassigning.ranking import Ranking, Said
from webadmin.reassigning.scene import Customer, Progress, Scene

Protecting = Callable[[Collection[str]], Mapping[str, Said]]
"""Ids of customers → those of them that are protected, with why."""


@dataclass(frozen=True, slots=True)
class Relieved:
    """What it comes to; see `Proposal` for the attributes."""

    moves: tuple[Move, ...] = ()
    kept: tuple[Kept, ...] = ()
    over: Mapping[str, Decimal] = field(default_factory=dict)
    usual: int | None = None
    barred: Mapping[str, int] = field(default_factory=dict)


FULL = "full"
"""Stands for a row of the policy where somebody is not asked about: they would have more than is aimed at."""


def relieve(scene: Scene, protecting: Protecting, moved: Collection[str], progress: Progress) -> Relieved:
    """Move customers off those who have too much.

    Args:
        scene: The roster as it is by then; it is changed.
        protecting: Says which customers must stay.
        moved: Customers that have been moved already: not a second time.
        progress: Told of people dealt with, and how many there are.
    """
    scope = _scope(scene)
    if not scope.givers:
        return Relieved()
    return _Relief(scene, protecting, moved, scope).run(progress)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Who may give and who may take customers, and how much everybody may have."""

    givers: tuple[str, ...] = ()
    takers: frozenset[str] = frozenset()
    most: Mapping[str, Decimal] = field(default_factory=dict)


def _scope(scene: Scene) -> _Scope:
    """Return who is to be relieved: a team, or whose capacity changes; who is away holds customers, too."""
    whatif, there = scene.whatif, scene.takers
    joined = frozenset(each.id for each in whatif.join) if whatif.only_joins else frozenset[str]()
    team = [person for person in there if person in scene.members]
    named = scene.members | whatif.capacity.keys()
    givers = [person for person in scene.candidates if person in named and person not in {*whatif.away, *joined}]
    takers = frozenset(team if scene.members else there)
    most = {person: scene.capacity[person] for person in {*takers, *givers} if person in scene.capacity}
    spread = Decimal(1) if joined else whatif.spread
    if spread is not None and team:
        mean = NUMBERS.divide(sum((scene.loads[each] for each in team), Decimal()), Decimal(len(team)))
        aimed = NUMBERS.multiply(mean, spread)
        most |= {person: min(most.get(person, aimed), aimed) for person in {*team, *givers} & scene.members}
    return _Scope(tuple(givers), takers & joined if joined else takers, most)


class _Relief:
    def __init__(self, scene: Scene, protecting: Protecting, moved: Collection[str], scope: _Scope) -> None:
        self._scene, self._protecting, self._moved, self._scope = scene, protecting, moved, scope
        self._moves: list[Move] = []
        self._kept: list[Kept] = []
        self._barred: Counter[str] = Counter()

    def run(self, progress: Progress) -> Relieved:
        givers = sorted(self._scope.givers, key=lambda each: (-self._excess(each), each))
        over = [person for person in givers if self._excess(person) > 0]
        movable = self._movable(over)
        usual = 0
        for done, person in enumerate(over):
            progress(done, len(over))
            usual += _smallest_first(movable[person], self._excess(person))
            self._relieve(person, movable[person])
        left = {person: self._excess(person) for person in over if self._excess(person) > 0}
        if self._scene.whatif.only_joins:  # the mean is what the joiner is filled up to, no bound for the others
            return Relieved(tuple(self._moves), tuple(self._kept), barred=dict(self._barred.most_common()))
        return Relieved(tuple(self._moves), tuple(self._kept), left, usual, dict(self._barred.most_common()))

    def _excess(self, person: str) -> Decimal:
        most = self._scope.most.get(person)
        return Decimal() if most is None else self._scene.loads[person] - most

    def _movable(self, people: list[str]) -> dict[str, list[Customer]]:
        """Return the customers that may be taken from some people, and keep in mind those that are protected."""
        customers = self._scene.customers
        held = {person: [customers[each] for each in sorted(self._scene.holding[person])] for person in people}
        open_ = {
            person: [each for each in some if each.load > 0 and each.id not in self._moved and each.owner == person]
            for person, some in held.items()
        }
        protected = self._protecting([each.id for some in open_.values() for each in some])
        self._kept = [Kept(name, customers[name].owner or "", why) for name, why in sorted(protected.items())]
        return {person: [each for each in some if each.id not in protected] for person, some in open_.items()}

    def _relieve(self, person: str, movable: list[Customer]) -> None:
        left = list(movable)
        while left and (excess := self._excess(person)) > 0:
            customer = _next(left, excess)
            left.remove(customer)
            takers = self._with_room(customer, person)
            ranking = self._scene.rank(customer.id, takers) if takers else Ranking()
            if ranking.best is None:
                self._note(ranking, is_full=len(takers) < len(self._scope.takers - {person}))
                continue
            taker = ranking.best.person
            self._moves.append(made(self._scene, customer.id, person, taker, ranking, Cause.BALANCE, self._scene.day))
            self._scene.give(customer.id, person, taker)

    def _note(self, ranking: Ranking, *, is_full: bool) -> None:
        """Keep in mind what stood in the way of moving a customer."""
        rows = {row for some in ranking.excluded.values() for row in some}
        rows |= {row for each in ranking.choices for row in each.passes}
        self._barred.update(sorted(rows | ({FULL} if is_full else set())))

    def _with_room(self, customer: Customer, giver: str) -> set[str]:
        most, loads = self._scope.most, self._scene.loads
        return {
            each
            for each in self._scope.takers
            if each != giver and (each not in most or loads[each] + customer.load <= most[each])
        }


def _next(left: list[Customer], excess: Decimal) -> Customer:
    enough = [each for each in left if each.load >= excess]
    if enough:
        return min(enough, key=lambda each: (each.load, each.moving, each.value, each.id))
    return min(left, key=lambda each: (-each.load, each.moving, each.value, each.id))


def _smallest_first(movable: list[Customer], excess: Decimal) -> int:
    """Return how many customers it takes if the smallest go first."""
    return sum(1 for _ in _until(sorted(each.load for each in movable), excess))


def _until(loads: list[Decimal], excess: Decimal) -> Iterator[Decimal]:
    for each in loads:
        if excess <= 0:
            return
        excess -= each
        yield each
