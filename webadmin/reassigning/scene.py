"""The roster of a day as a plan supposes it: who holds what, how heavy that is by the policy, who may take more.

Load is what the policy says it is: the first limit of its section that sums something over all customers. Where the
policy has none, or cannot say for a customer, the weights by tier stand for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policy, Weighed
from policy.errors import EvaluationError, FactsError
from policy.kinds.assignment import AssignmentResult, AssignmentSection, Bound, Counted, Limit, Ranked
from policy.model.decision import Decision, Status
from policy.model.fields import Group, Rows
from policy.runtime.explain import DecisionExplanation
from policy.values import Language, Text
from webadmin.reassigning.ranking import NOTHING, Choice, Ranking, Said, shares
from webadmin.reassigning.whatif import TEXTS, WhatIf
from webadmin.roster import facts
from webadmin.roster.facts import NEEDED, declared
from webadmin.store import dated, standing
from webadmin.store.dated import Of
from webadmin.store.standing import LOADS

CANDIDATES = "managers"
"""Where policies that can propose from the roster take their candidates from."""

VALUES = ("annual_revenue", "expected_revenue")
"""Facts of a customer that say what it is worth; the first that is known counts."""

_CONTACT = "last_contact_on"
Progress = Callable[[int, int], None]


def is_usable(policy: Policy) -> bool:
    """Say whether a policy can propose owners from the roster."""
    section = policy.rule_set.document.section
    return (
        isinstance(section, AssignmentSection)
        and section.allocate is not None
        and section.allocate.candidates == CANDIDATES
    )


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the policy weighs it.

    Attributes:
        facts: The part the policy declares.
        adds: Limit → what it brings to it.
        moving: Cost of taking it from today's owner, 0..1.
        weight: What the policy says it weighs; more than `load` where it is not active and so is no load.
    """

    id: str
    owner: str | None
    tier: str | None
    is_active: bool
    facts: Mapping[str, Any]
    load: Decimal
    value: Decimal
    adds: Mapping[str, Decimal]
    moving: Decimal
    weight: Decimal
    status: str = "active"


class Scene:
    """The roster as a plan supposes it; `give` changes it as customers are handed out.

    Attributes:
        customers: Of everybody thought of, by id.
        holding: Person → ids of the customers held.
        holder: Customer → who holds it.
        loads: Person → load.
        capacity: Person → capacity; left out where none is known.
        team: Person → team.
        members: Who belongs to the team that is rebalanced; where somebody joins and no team is named, to theirs.
        capacity_was: Capacity before, of those who are given another.
        incomplete: Those of whom too little is known to be candidates: person → what is missing.
        whatif: What is supposed.
    """

    def __init__(self, policy: Policy, day: date, whatif: WhatIf) -> None:
        self.policy, self.day, self.whatif = policy, day, whatif
        self.customers: dict[str, Customer] = {}
        self.holding: dict[str, set[str]] = defaultdict(set)
        self.loads: dict[str, Decimal] = defaultdict(Decimal)
        self.capacity: dict[str, Decimal] = {}
        self.team: dict[str, str] = {}
        self.members: frozenset[str] = frozenset()
        self.capacity_was: dict[str, Decimal] = {}
        self.incomplete: dict[str, tuple[str, ...]] = {}
        self.holder: dict[str, str] = {}
        self._managers: dict[str, dict[str, Any]] = {}
        self._present: set[str] = set()
        self._tally: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self._given: dict[tuple[str, str], Decimal] = defaultdict(Decimal)

    @property
    def people(self) -> list[str]:
        """Return everybody who holds customers or may take some, by id."""
        return sorted({*self._managers, *self.holding, *self.whatif.leave})

    @property
    def candidates(self) -> list[str]:
        """Return who may be thought of, whether or not they are there, by id; who leaves is none."""
        return sorted(self._managers)

    @property
    def takers(self) -> list[str]:
        """Return who is there to take customers, by id."""
        return sorted(self._present)

    def value(self, person: str) -> Decimal:
        """Return what the customers of somebody are worth, as far as they are active."""
        held = (self.customers[each] for each in self.holding[person])
        return sum((each.value for each in held if each.is_active), Decimal())

    def give(self, name: str, giver: str | None, taker: str) -> None:
        """Hand a customer over."""
        customer = self.customers[name]
        if giver is not None:
            self._hold(customer, giver, -1)
        self._hold(customer, taker, 1)
        for limit, adds in customer.adds.items():
            self._given[limit, taker] += adds

    def give_back(self, name: str, giver: str, taker: str) -> None:
        """Take back that a customer was handed over by `give`."""
        customer = self.customers[name]
        self._hold(customer, taker, -1)
        self._hold(customer, giver, 1)
        for limit, adds in customer.adds.items():
            self._given[limit, taker] -= adds

    def take(self, person: str, manager: Mapping[str, Any]) -> None:
        """Let somebody be a candidate."""
        self._managers[person] = dict(manager)
        if manager.get("active") is not False and manager.get("absent") is not True:
            self._present.add(person)

    def keep(self, customer: Customer) -> None:
        """Let a customer be held by its owner."""
        self.customers[customer.id] = customer
        if customer.owner is not None:
            self._hold(customer, customer.owner, 1)

    def _hold(self, customer: Customer, person: str, sign: int) -> None:
        if sign > 0:
            self.holding[person].add(customer.id)
            self.holder[customer.id] = person
        else:
            self.holding[person].discard(customer.id)
        self.loads[person] += sign * customer.load
        for limit, adds in customer.adds.items():
            self._tally[limit, person] += sign * adds

    def rank(self, name: str, among: Collection[str] | None = None) -> Ranking:
        """Rank who may take a customer as things stand now.

        Args:
            name: The customer.
            among: Ids of those who may be thought of; None: everybody but who leaves.
        """
        customer = self.customers[name]
        holder = self.holder.get(name)
        asked = [person for person in self._managers if among is None or person in among or person == holder]
        there = [self._asked(person, customer, is_holder=person == holder) for person in asked]
        try:
            found = self.policy.weigh({**customer.facts, CANDIDATES: there}, as_of=self.day)
        except FactsError as error:
            return Ranking(problems={str(to): tuple(each.text(to) for each in error.problems[:3]) for to in Language})
        except EvaluationError as error:
            return Ranking(problems={str(to): (error.text(to),) for to in Language})
        return self._ranking(found, customer, holder)

    def explained(self, name: str, people: Collection[str]) -> DecisionExplanation | None:
        """Explain what the policy says of some people who might take a customer, as `rank` asks about them."""
        customer, holder = self.customers[name], self.holder.get(name)
        there = [self._asked(person, customer, is_holder=person == holder) for person in people]
        decided = self.policy.decide({**customer.facts, CANDIDATES: there}, as_of=self.day, explain=True)
        return decided.explanation if isinstance(decided.explanation, DecisionExplanation) else None

    def eased(self, name: str, ranking: Ranking) -> Ranking:
        """Return a ranking in which those can be chosen by hand, too, whom only what they carry excludes.

        They stand last, and the rows that exclude them are limits that are passed. Where today's owner is one of them
        the score of staying is told.
        """
        customer, holder = self.customers[name], self.holder.get(name)
        barred = [person for person in (*ranking.excluded, holder) if person in self._managers]
        free = self._free(customer, [person for person in barred if "load" in self._managers[person]])
        if not free or any(ranking.problems.values()):
            return ranking
        there = [self._asked(person, customer, is_holder=person == holder) for person in sorted(free)]
        found = self.policy.weigh({**customer.facts, CANDIDATES: there}, as_of=self.day, asked=free)
        asked = {person: found.scores.get(person, Ranked(person, None, ())) for person in free}
        choices = [self._choice(asked[person], found.bounds, customer) for person in free - {holder}]
        more = [replace(each, passes=(*ranking.excluded[each.person], *each.passes)) for each in choices]
        more.sort(key=lambda each: (-(each.score or Decimal()), each.person))
        excluded = {person: rows for person, rows in ranking.excluded.items() if person not in free}
        stays = found.scores[holder].score if holder in free and holder in found.scores else ranking.stays
        return replace(ranking, choices=(*ranking.choices, *more), excluded=excluded, stays=stays)

    def _free(self, customer: Customer, people: Collection[str]) -> set[str]:
        """Return those of some people who would be eligible if they carried nothing and had room for one customer."""
        bare = [
            {
                **self._managers[each],
                "load": Decimal(),
                "capacity": max(self._managers[each]["capacity"], customer.weight),
            }
            for each in people
        ]
        try:
            found = self.policy.weigh({**customer.facts, CANDIDATES: bare}, as_of=self.day).decision.result
        except (FactsError, EvaluationError):
            return set()
        return {each.manager for each in found.ranked} if isinstance(found, AssignmentResult) else set()

    def _asked(self, person: str, customer: Customer, *, is_holder: bool) -> dict[str, Any]:
        """Return somebody as the policy is asked about them: a customer that is no load takes no room."""
        load = self.loads[person] - (customer.load if is_holder else 0) - (customer.weight - customer.load)
        known = self._managers[person]
        return {**known, "load": max(load, Decimal())} if "load" in known else known

    def _ranking(self, found: Weighed, customer: Customer, holder: str | None) -> Ranking:
        why = self._why(customer)
        result = found.decision.result
        if not isinstance(result, AssignmentResult):
            return Ranking(why=why, problems={str(to): tuple(_undecided(found.decision, to)) for to in Language})
        choices = [self._choice(each, found.bounds, customer) for each in result.ranked if each.manager != holder]
        stays = next((each.score for each in result.ranked if each.manager == holder), None)
        excluded = {each.manager: (*each.by, *each.unknown) for each in result.excluded if each.manager != holder}
        return Ranking(tuple(sorted(choices, key=lambda each: bool(each.passes))), excluded, stays, why)

    def _why(self, customer: Customer) -> Said:
        """Return the reasons of the rules: they do not depend on who is there, and without anybody are found fast."""
        decided = self.policy.decide({**customer.facts, CANDIDATES: []}, as_of=self.day, explain=True)
        told = decided.explanation
        return NOTHING if told is None else {str(to): tuple(told.because(to)) for to in Language}

    def _choice(self, ranked: Ranked, bounds: Collection[Bound], customer: Customer) -> Choice:
        person = ranked.manager
        passes: list[str] = []
        pace: list[str] = []
        for bound in bounds:
            most, adds = bound.at_most.get(person), customer.adds.get(str(bound.limit.id))
            if most is None or not adds:
                continue
            is_new = counts_new(bound.limit)
            has = (self._given if is_new else self._tally)[bound.limit.id, person]
            if has + adds > most:
                (pace if is_new else passes).append(bound.limit.id)
        load = self.loads[person] + customer.load
        return Choice(person, ranked.score, load, tuple(passes), tuple(pace), shares(ranked.terms))

    def told_apart(self, first: str, second: str) -> str:
        """Return which path of `tie_break` told two candidates of the same score apart; empty where it is not known."""
        section = self.policy.rule_set.document.section
        allocate = section.allocate if isinstance(section, AssignmentSection) else None
        for path in () if allocate is None else allocate.tie_break:
            name = path.removeprefix("manager.")
            if not all(name in self._managers[each] for each in (first, second)):
                return ""
            held = self.loads if name == "load" else {each: self._managers[each][name] for each in (first, second)}
            if held[first] != held[second]:
                return path
        return "manager.id"


NOT_KNOWN = Text("`{path}`未知", "`{path}` is not known")
UNDECIDED = {
    Status.NO_HIT: Text("没有规则适用于这个客户", "no rule of the policy applies to this customer"),
    Status.CONFLICT: Text("适用的规则互相矛盾", "rules that apply contradict each other"),
}
"""Why a policy has no answer where nothing is missing."""


def _undecided(decision: Decision, to: Language) -> Iterator[str]:
    """Yield why a policy cannot say who may take a customer: what it would have to know, else what its rules say."""
    for each in decision.missing:
        yield NOT_KNOWN.to(to).format(path=each.rpartition(": ")[2])
    if not decision.missing and decision.status in UNDECIDED:
        yield UNDECIDED[decision.status].to(to)


def counts_new(limit: Limit) -> bool:
    """Say whether a limit counts only what is given anew or within a period."""
    return limit.count is Counted.NEW or limit.over is not None


def weight_of(policy: Policy) -> Limit | None:
    """Return the limit that says what load is, None where the policy leaves that open."""
    section = policy.rule_set.document.section
    allocate = section.allocate if isinstance(section, AssignmentSection) else None
    limits = () if allocate is None else allocate.limits
    return next((each for each in limits if each.sum is not None and each.over is None), None)


def build(
    connection: Connection,
    policy: Policy,
    day: date,
    whatif: WhatIf,
    among: Collection[str] | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Scene:
    """Return the roster of a day as a plan supposes it.

    Args:
        connection: To the record.
        policy: What weighs and ranks; `is_usable`.
        day: The day.
        whatif: What is supposed.
        among: Ids of those who may be thought of; None: everybody.
        progress: Told of customers weighed, and how many there are.
    """
    scene = Scene(policy, day, whatif)
    _people(connection, scene, among)
    kept = dated.values_on(connection, Of.CUSTOMER, day, ["owner", "status", "tier"])
    thought_of = set(scene.people) | whatif.people
    held = sorted(name for name, each in kept.items() if each.get("owner") in thought_of)
    for done, customer in enumerate(customers_of(connection, policy, day, {name: kept[name] for name in held})):
        scene.keep(customer)
        if done % 500 == 0:
            progress(done, len(held))
    return scene


def customers_of(
    connection: Connection, policy: Policy, day: date, kept: Mapping[str, Mapping[str, Any]]
) -> Iterator[Customer]:
    """Yield customers as a policy weighs them on a day.

    Args:
        connection: To the record.
        policy: What weighs.
        day: The day.
        kept: Id → `owner`, `status` and `tier` of each customer that is asked for, as far as they are known.
    """
    known = facts.facts_of_customers(connection, day, list(kept), contacts=_reads(policy, _CONTACT))
    for name, each in kept.items():
        yield _customer(policy, day, known[name], each)


def _people(connection: Connection, scene: Scene, among: Collection[str] | None) -> None:
    whatif = scene.whatif
    found = facts.candidates(connection, scene.day, {})  # what is carried is counted here, as customers change hands
    back = {each.id for each in scene.whatif.join}
    here = [each for each in found.managers if each["active"] or each["id"] in back]  # who has left is no candidate
    known = {each["id"]: dict(each) for each in here if among is None or each["id"] in among}
    held = dated.values_on(connection, Of.PERSON, scene.day, ["team", "capacity"], [*known, *whatif.people])
    scene.team = {person: each.get("team", "") for person, each in held.items()}
    scene.capacity = {person: each["capacity"] for person, each in held.items() if "capacity" in each}
    _suppose(scene, known)
    group = scene.policy.reader.group
    for person, each in sorted(known.items()):
        if person not in whatif.leave:
            scene.take(person, _declared(group, each))
    scene.members = _members(connection, scene)
    scene.incomplete = {name: each for name, each in found.incomplete.items() if among is None or name in among}


def _suppose(scene: Scene, known: dict[str, dict[str, Any]]) -> None:
    """Let the candidates be as the plan supposes them."""
    whatif = scene.whatif
    for joiner in whatif.join:
        if joiner.is_new:
            given = {name: value for name, value in joiner.attributes().items() if name in (*NEEDED, *TEXTS)}
            known[joiner.id] = {"id": joiner.id, **given, "load": Decimal()}
            scene.team[joiner.id], scene.capacity[joiner.id] = joiner.team, joiner.capacity
        if joiner.id in known:
            known[joiner.id] |= {"active": True, "absent": False}
    for person in known.keys() & whatif.away.keys():
        known[person]["absent"] = True
    for person in sorted(known.keys() & whatif.capacity.keys()):
        scene.capacity_was[person] = known[person]["capacity"]
        scene.capacity[person] = known[person]["capacity"] = whatif.capacity[person]


def _members(connection: Connection, scene: Scene) -> frozenset[str]:
    whatif = scene.whatif
    joined = {scene.team.get(each.id, "") for each in whatif.join} - {""}
    teams = {whatif.team} if whatif.team else joined
    tree = standing.tree_on(connection, scene.day)
    below = {name for team in teams for name in tree.below(team)}
    return frozenset(person for person in scene.people if scene.team.get(person) in below)


def _declared(group: Group, manager: Mapping[str, Any]) -> Mapping[str, Any]:
    rows = declared(group, {CANDIDATES: [manager]}).get(CANDIDATES, [manager])
    return dict(rows[0])


def _reads(policy: Policy, name: str) -> bool:
    customer = policy.reader.group.members.get("customer")
    return isinstance(customer, Group) and name in customer.members


def _customer(policy: Policy, day: date, known: Mapping[str, Any], kept: Mapping[str, Any]) -> Customer:
    told = known["customer"]
    asked = declared(policy.reader.group, known)
    if isinstance(policy.reader.group.members.get(CANDIDATES), Rows):
        asked[CANDIDATES] = []
    status = kept.get("status", "active")
    is_active = status == "active"
    try:
        weighed = policy.weigh(asked, as_of=day)
    except (FactsError, EvaluationError):
        adds, moving = dict[str, Decimal](), Decimal()
    else:
        adds = {str(each.limit.id): each.adds for each in weighed.bounds if each.adds is not None}
        moving = weighed.moving
    limit = weight_of(policy)
    weight = LOADS.get(kept.get("tier", ""), Decimal()) if limit is None or limit.id not in adds else adds[limit.id]
    value = next((told[each] for each in VALUES if isinstance(told.get(each), Decimal)), Decimal())
    asked.pop(CANDIDATES, None)
    return Customer(
        told["id"],
        kept.get("owner"),
        kept.get("tier"),
        is_active,
        asked,
        weight if is_active else Decimal(),
        value,
        adds if is_active else {},
        moving,
        weight,
        status,
    )
