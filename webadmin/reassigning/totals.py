"""What a plan comes to: load, value and customers before and afterwards, fairness, cost; every sum adds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from policy.values import NUMBERS, rounded
from webadmin.reassigning.proposal import Move, Standing


@dataclass(frozen=True, slots=True)
class Amount:
    """What some customers come to.

    Attributes:
        count: All of them.
        lost: How many of them are not active: they are no load and bring no value.
    """

    count: int = 0
    load: Decimal = Decimal()
    value: Decimal = Decimal()
    lost: int = 0

    def __add__(self, other: Amount) -> Amount:
        """Return both together."""
        return Amount(
            self.count + other.count, self.load + other.load, self.value + other.value, self.lost + other.lost
        )

    def __sub__(self, other: Amount) -> Amount:
        """Return what is left of it without another."""
        return Amount(
            self.count - other.count, self.load - other.load, self.value - other.value, self.lost - other.lost
        )


def amount_of(moves: Iterable[Move]) -> Amount:
    """Return what the customers of moves come to."""
    found = list(moves)
    load, value = sum((move.load for move in found), Decimal()), sum(_worth(found), Decimal())
    return Amount(len(found), load, value, sum(not move.is_active for move in found))


@dataclass(frozen=True, slots=True)
class Sums:
    """Customers held before, taken over and handed over: `held + taken - given` is what is held afterwards."""

    held: Amount
    taken: Amount
    given: Amount

    @property
    def after(self) -> Amount:
        """Return what is held afterwards."""
        return self.held + self.taken - self.given

    def __add__(self, other: Sums) -> Sums:
        """Return both together."""
        return Sums(self.held + other.held, self.taken + other.taken, self.given + other.given)


@dataclass(frozen=True, slots=True)
class Load:
    """One person before and after.

    Attributes:
        taken: Customers taken over.
        given: Customers handed over.
    """

    before: Standing
    taken: Amount
    given: Amount

    @property
    def sums(self) -> Sums:
        """Return what is held before, comes, goes and is held afterwards; of those held none is told to be lost."""
        return Sums(Amount(self.before.count, self.before.load, self.before.value), self.taken, self.given)

    @property
    def load(self) -> Decimal:
        """Return the load afterwards."""
        return self.sums.after.load

    @property
    def count(self) -> int:
        """Return how many customers are held afterwards."""
        return self.sums.after.count

    @property
    def value(self) -> Decimal:
        """Return what the active customers held afterwards are worth."""
        return self.sums.after.value

    @property
    def gets(self) -> int:
        """Return how many customers are taken over."""
        return self.taken.count

    @property
    def gives(self) -> int:
        """Return how many customers are handed over."""
        return self.given.count

    @property
    def over(self) -> Decimal | None:
        """Return the load above capacity afterwards, None where there is none."""
        capacity = self.before.capacity
        return self.load - capacity if capacity is not None and self.load > capacity else None

    @property
    def is_different(self) -> bool:
        """Say whether anything changes."""
        return bool(self.gets or self.gives or self.before.was is not None)


def loads(people: Sequence[Standing], moves: Sequence[Move]) -> list[Load]:
    """Return everybody before and after some moves, in the order given."""
    made = [move for move in moves if move.taker is not None]
    return [
        Load(
            each,
            amount_of(move for move in made if move.taker == each.person),
            amount_of(move for move in made if move.giver == each.person),
        )
        for each in people
    ]


def summed(people: Sequence[Load]) -> Sums:
    """Return what some people hold, take and hand over together."""
    return sum((each.sums for each in people), Sums(Amount(), Amount(), Amount()))


def _worth(moves: Iterable[Move]) -> list[Decimal]:
    """Return what the customers of moves are worth, as far as they are active."""
    return [move.value for move in moves if move.is_active]


@dataclass(frozen=True, slots=True)
class Fair:
    """How evenly load lies on those who are there.

    Attributes:
        mean: Mean load.
        spread: The greatest load over the mean one; None where there is no load.
        deviation: Standard deviation of the load of all of them.
    """

    mean: Decimal
    spread: Decimal | None
    deviation: Decimal


def fair(values: Sequence[Decimal]) -> Fair:
    """Return how evenly some loads lie."""
    if not values:
        return Fair(Decimal(), None, Decimal())
    mean = NUMBERS.divide(sum(values, Decimal()), Decimal(len(values)))
    squares = sum((NUMBERS.multiply(each - mean, each - mean) for each in values), Decimal())
    deviation = NUMBERS.sqrt(NUMBERS.divide(squares, Decimal(len(values))))
    spread = rounded(NUMBERS.divide(max(values), mean), 2) if mean else None
    return Fair(rounded(mean, 1), spread, rounded(deviation, 1))


@dataclass(frozen=True, slots=True)
class Total:
    """What a plan comes to.

    Attributes:
        moved: Customers that change hands.
        unassigned: Customers for whom nobody is found.
        stay: Customers somebody chose to leave where they are.
        by_hand: Customers somebody chose for.
        score: Mean score of those who take over; None where the policy has none.
        apart: How many points better they fit by choices by hand, all together; below 0: less.
        sums: What everybody the plan is about holds, takes and hands over together.
        people: How many these are.
        there: How many of them can be given customers.
        before, after: How evenly load lies on these; who leaves or is away is in neither.
        over: How many of these are above capacity afterwards.
        value: Of the customers that change hands and are active.
        lost: How many of those that change hands are not active.
        lost_value: What these are worth.
    """

    moved: int
    unassigned: int
    stay: int
    by_hand: int
    value: Decimal
    load: Decimal
    score: Decimal | None
    apart: Decimal
    sums: Sums
    people: int
    there: int
    before: Fair
    after: Fair
    over: int
    lost: int
    lost_value: Decimal


def involved(moves: Sequence[Move], people: Sequence[Load]) -> list[Load]:
    """Return everybody of the teams that give or get a customer: among them load is to lie evenly."""
    concerned = {each for move in moves for each in (move.giver, move.taker)}
    teams = {each.before.team for each in people if each.before.person in concerned and each.before.team}
    return [each for each in people if each.before.team in teams or each.before.person in concerned]


def apart(moves: Iterable[Move]) -> Decimal:
    """Return how many points better some moves fit by all choices by hand; below 0 where they fit less."""
    return sum((move.apart for move in moves if move.apart is not None), Decimal())


def total(moves: Sequence[Move], people: Sequence[Load]) -> Total:
    """Return what moves come to.

    Args:
        moves: All of a plan.
        people: Whom the plan is about, as `loads` has them after these: the same before and afterwards.
    """
    made = [move for move in moves if move.taker is not None]
    scores = [move.score for move in made if move.score is not None]
    mean = rounded(NUMBERS.divide(sum(scores, Decimal()), Decimal(len(scores))), 3) if scores else None
    there = [each for each in people if each.before.there]
    return Total(
        len(made),
        sum(move.taker is None and not move.by_hand for move in moves),
        sum(move.stays for move in moves),
        sum(move.by_hand for move in moves),
        sum(_worth(made), Decimal()),
        sum((move.load for move in made), Decimal()),
        mean,
        apart(moves),
        summed(people),
        len(people),
        len(there),
        fair([each.before.load for each in there]),
        fair([each.load for each in there]),
        sum(each.over is not None for each in there),
        sum(not move.is_active for move in made),
        sum((move.value for move in made if not move.is_active), Decimal()),
    )
