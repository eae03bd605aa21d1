"""What two plans assume differently: it is why they come to something else, and stands before what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Standing
from webadmin.reassigning.whatif import Joiner, WhatIf


class Assumption(StrEnum):
    """What is assumed, in the order in which pages tell it."""

    DAY = "day"
    POLICY = "policy"
    LEAVES = "leaves"
    AWAY = "away"
    JOINS = "joins"
    CAPACITY = "capacity"
    BALANCE = "balance"
    LOST = "lost"
    AMONG = "among"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Assumed:
    """One thing two plans do not assume alike; None where a plan assumes nothing of it.

    Attributes:
        who: The person it is about, or how somebody who joins is called; empty where it is about the whole plan.
        attribute: Of somebody who joins under both: what is told differently of them.
        one: By its sort: a day, whether somebody leaves, `Away`, `Joiner` or a value of it, capacity or load,
            team and spread, whether lost customers stay, or those only this plan thinks of.
    """

    sort: Assumption
    one: Any
    other: Any
    who: str = ""
    attribute: str = ""


def assumed(one: Plan, other: Plan) -> list[Assumed]:
    """Return what two plans that propose assume differently; of a policy the digests of its texts."""
    return [*_whole(one, other), *_of_people(one.whatif, other.whatif), *_looked_at(one, other)]


def _whole(one: Plan, other: Plan) -> Iterator[Assumed]:
    pairs = [(Assumption.DAY, one.day, other.day), (Assumption.POLICY, _policy(one), _policy(other))]
    pairs += [(Assumption.BALANCE, _balance(one.whatif), _balance(other.whatif))]
    pairs += [(Assumption.LOST, one.whatif.keeps_lost, other.whatif.keeps_lost)]
    yield from (Assumed(sort, first, second) for sort, first, second in pairs if first != second)


def _policy(plan: Plan) -> tuple[str, str]:
    return plan.policy, "" if plan.proposal is None else plan.proposal.digest


def _balance(whatif: WhatIf) -> tuple[str, Any] | None:
    return (whatif.team, whatif.spread) if whatif.team else None


def _of_people(one: WhatIf, other: WhatIf) -> Iterator[Assumed]:
    yield from _apart(Assumption.LEAVES, dict.fromkeys(one.leave, True), dict.fromkeys(other.leave, True))
    yield from _apart(Assumption.AWAY, one.away, other.away)
    yield from _joining(_joiners(one), _joiners(other))
    yield from _apart(Assumption.CAPACITY, one.capacity, other.capacity)


def _apart(sort: Assumption, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Assumed]:
    for who in dict.fromkeys((*one, *other)):
        if one.get(who) != other.get(who):
            yield Assumed(sort, one.get(who), other.get(who), who)


def _joiners(whatif: WhatIf) -> dict[str, Joiner]:
    """Return who joins: who is new by their name, for each plan makes up ids of its own."""
    return {each.name if each.is_new else each.id: each for each in whatif.join}


def _joining(one: Mapping[str, Joiner], other: Mapping[str, Joiner]) -> Iterator[Assumed]:
    told = [each.name for each in fields(Joiner) if each.name not in ("id", "is_new", "name")]
    for missing in _apart(Assumption.JOINS, dict.fromkeys(one, True), dict.fromkeys(other, True)):
        yield Assumed(Assumption.JOINS, one.get(missing.who), other.get(missing.who), missing.who)
    for who in (each for each in one if each in other):
        for name in told:
            values = (getattr(one[who], name), getattr(other[who], name))
            if values[0] != values[1]:
                yield Assumed(Assumption.JOINS, *values, who, name)


def _looked_at(one: Plan, other: Plan) -> Iterator[Assumed]:
    """Yield who is thought of under one alone, and of whom the record said something else when it was calculated."""
    held, now = _held(one), _held(other)
    here, there = sorted(held.keys() - now.keys()), sorted(now.keys() - held.keys())
    if here or there:
        yield Assumed(Assumption.AMONG, here, there)
    if one.day == other.day:
        for who, each in held.items():
            if who in now and _load(each) != _load(now[who]):
                yield Assumed(Assumption.HELD, _load(each), _load(now[who]), who)


def _held(plan: Plan) -> dict[str, Standing]:
    """Return everybody a plan thinks of, but for those it makes up."""
    made_up = {each.id for each in plan.whatif.join}
    people: Sequence[Standing] = () if plan.proposal is None else plan.proposal.people
    return {each.person: each for each in people if each.person not in made_up}


def _load(standing: Standing) -> tuple[Any, int]:
    return standing.load, standing.count
