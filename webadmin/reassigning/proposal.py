"""What was proposed, with the choices made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from webadmin.reassigning.ranking import NOTHING, Rival, Said, Share, in_points, rival_of, shares_of

ACTIVE = "active"


class Cause(StrEnum):
    """Why a customer is to change hands."""

    LEAVES = "leaves"
    AWAY = "away"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Tie:
    """How whoever was chosen was told apart from others of the same score.

    Attributes:
        by: Path of `tie_break`, whose lower value comes first; empty where it is not known.
        others: How many have the same score besides.
    """

    by: str
    others: int


@dataclass(frozen=True, slots=True)
class Move:
    """What is proposed for one customer.

    Attributes:
        giver: Who holds it.
        taker: Who takes it over; None: nobody may.
        score: Of the taker; None where the policy has no score.
        was: Score of the giver; None where that is not eligible.
        since: From when on.
        until: First day it goes back; None: it stays.
        why: Reasons of the policy.
        problems: Why the policy could not say.
        out: Row of the policy → how many candidates it excludes.
        pace: Limits on what is given anew that are passed.
        by_hand: Whether a person chose the taker, or that it stays.
        reason: What that person said.
        passes: Limits passed by that choice.
        proposed: Whom the policy proposed, where by hand.
        best: Score of the one proposed.
        terms: What the score is made of.
        rival: The second best; where by hand whom the policy proposed; None where nobody else could take it.
        tie: None where nobody else has the same score.
        status: Of the customer.
        alone: Row of the policy → how many candidates only it excludes: without it they could take the customer.
    """

    customer: str
    cause: Cause
    giver: str
    taker: str | None
    since: date
    until: date | None
    tier: str | None
    load: Decimal
    value: Decimal
    score: Decimal | None = None
    was: Decimal | None = None
    why: Said = field(default_factory=lambda: NOTHING)
    problems: Said = field(default_factory=lambda: NOTHING)
    out: Mapping[str, int] = field(default_factory=dict)
    pace: tuple[str, ...] = ()
    by_hand: bool = False
    reason: str = ""
    passes: tuple[str, ...] = ()
    proposed: str | None = None
    best: Decimal | None = None
    terms: tuple[Share, ...] = ()
    rival: Rival | None = None
    tie: Tie | None = None
    status: str = ACTIVE
    alone: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        """Say whether the customer is active: who is lost is no load, and brings no value."""
        return self.status == ACTIVE

    @property
    def is_unsaid(self) -> bool:
        """Say whether the policy cannot say who may take it."""
        return any(self.problems.values())

    @property
    def stays(self) -> bool:
        """Say whether somebody chose that it stays where it is."""
        return self.by_hand and self.taker is None

    @property
    def cost(self) -> Decimal | None:
        """Return the score given up by the choice by hand; None where there is none.

        A customer left with somebody who leaves or is away is looked after by nobody: all of the score is given up.
        """
        if not self.by_hand or self.best is None:
            return None
        if self.is_left_alone:
            return self.best
        return None if self.score is None else self.best - self.score

    @property
    def apart(self) -> Decimal | None:
        """Return how many points better it fits than what the policy proposed, by the choice by hand; below 0: less."""
        return None if self.cost is None else 0 - in_points(self.cost, self.terms)[0]

    @property
    def is_left_alone(self) -> bool:
        """Say whether somebody chose that it stays with one who leaves or is away."""
        return self.stays and self.cause is not Cause.BALANCE


@dataclass(frozen=True, slots=True)
class Standing:
    """One person before.

    Attributes:
        capacity: As the plan supposes it; None where none is known.
        was: Capacity before where the plan supposes another.
        there: Whether customers can be taken.
    """

    person: str
    team: str
    load: Decimal
    count: int
    value: Decimal
    capacity: Decimal | None
    was: Decimal | None = None
    there: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """A customer that was not moved although its owner has too much, and why."""

    customer: str
    person: str
    why: Said


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed.

    Attributes:
        digest: Of the text of the policy that proposed.
        unit: Of value: a currency; empty where the vocabulary names none.
        kept: Customers the policy protects.
        over: Person → load above what was aimed at that could not be taken off.
        usual: How many moves it would take if the smallest customers went first; None where nothing is rebalanced.
        incomplete: Those who were no candidates: person → what is missing.
        barred: What kept customers from being moved for balance: row of the policy → of how many.
        exact: Whether load is as the policy weighs it; else by tiers.
        left: Customers that are not active and so were left where they are, as the plan supposes it.
    """

    digest: str
    unit: str
    exact: bool
    moves: tuple[Move, ...]
    people: tuple[Standing, ...]
    kept: tuple[Kept, ...] = ()
    over: Mapping[str, Decimal] = field(default_factory=dict)
    usual: int | None = None
    incomplete: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    barred: Mapping[str, int] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Proposal:
        """Return what `to_data` gave, read again."""
        return cls(
            data["digest"],
            data["unit"],
            data["exact"],
            tuple(_move(each) for each in data["moves"]),
            tuple(Standing(**{**each, "count": int(each["count"])}) for each in data["people"]),
            tuple(Kept(each["customer"], each["person"], _said(each["why"])) for each in data["kept"]),
            dict(data["over"]),
            None if data["usual"] is None else int(data["usual"]),
            {name: tuple(each) for name, each in data["incomplete"].items()},
            {name: int(each) for name, each in data.get("barred", {}).items()},  # plans kept before name none
            tuple(data.get("left", ())),
        )


def _said(data: Mapping[str, Any]) -> Said:
    return {to: tuple(each) for to, each in data.items()}


def _move(data: Mapping[str, Any]) -> Move:
    read = {
        "cause": Cause(data["cause"]),
        "since": date.fromisoformat(data["since"]),
        "until": None if data["until"] is None else date.fromisoformat(data["until"]),
        "why": _said(data["why"]),
        "problems": _said(data["problems"]),
        "out": {name: int(count) for name, count in data["out"].items()},
        "pace": tuple(data["pace"]),
        "passes": tuple(data["passes"]),
        "terms": shares_of(data.get("terms", ())),  # plans kept before name none, and no second best
        "rival": rival_of(data.get("rival")),
        "alone": {name: int(count) for name, count in data.get("alone", {}).items()},
        "tie": None if data.get("tie") is None else Tie(data["tie"]["by"], int(data["tie"]["others"])),
    }
    return Move(**{**data, **read})


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody chose for a customer.

    Attributes:
        taker: None: it stays where it is.
        score: Of the taker when it was chosen.
        passes: Limits passed by it.
        void: Why it holds no longer since things were calculated anew: rows of the policy, or `words.BARS`; it is kept,
            and holds again where a later calculation allows it.
        terms: What the score is made of.
    """

    taker: str | None
    reason: str = ""
    score: Decimal | None = None
    passes: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    terms: tuple[Share, ...] = ()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Hand:
        """Return what `asdict` gave, read again."""
        void, terms = tuple(data.get("void", ())), shares_of(data.get("terms", ()))  # choices kept before have none
        return cls(data["taker"], data["reason"], data["score"], tuple(data["passes"]), void, terms)


Hands = Mapping[str, Hand]
"""Customer → choice."""


def together(moves: Sequence[Move], hands: Hands) -> tuple[Move, ...]:
    """Return the moves as they are with the choices made by hand."""
    return tuple(_chosen(move, hands.get(move.customer)) for move in moves)


def _chosen(move: Move, hand: Hand | None) -> Move:
    if hand is None or hand.void:
        return move
    if hand.taker == move.taker and hand.taker is not None:
        return replace(move, reason=hand.reason)
    return replace(
        move,
        taker=hand.taker,
        score=hand.score,
        by_hand=True,
        reason=hand.reason,
        passes=hand.passes,
        pace=(),
        proposed=move.taker,
        best=move.score,
        terms=hand.terms,
        rival=move.rival if move.taker is None else Rival(move.taker, move.score, move.terms),
        tie=None,
    )
