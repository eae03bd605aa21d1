"""Plans as pages show and change them: who sees which, what a form may name, calculating now or by a worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection, select

from policy.engine import Policy
from policy.kinds.labels import labels
from policy.model.fields import Field
from policy.values import Language, Text
from webadmin import words
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.jobs import reassigning
from webadmin.reassigning import calculating, carrying, keeping, proposing
from webadmin.reassigning.keeping import Listed, Plan, Shared, State
from webadmin.reassigning.proposal import Move
from webadmin.reassigning.totals import Load, Total, involved, loads, total
from webadmin.roster.wording import declared_of
from webadmin.simulations import forms
from webadmin.simulations.forms import Known
from webadmin.simulations.within import is_whole
from webadmin.store import absences, dated, histories, jobs, naming, standing
from webadmin.store.absences import Away as Absent
from webadmin.store.dated import Of
from webadmin.store.jobs import Job
from webadmin.store.logins import Role
from webadmin.store.naming import Named
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.tables import REVISIONS
from webadmin.store.writer import Transaction

PAGE = 25
"""Moves on a page."""


class By(StrEnum):
    """Which moves are shown."""

    ANYBODY = ""
    HAND = "hand"
    NOBODY = "nobody"


MOST_PEOPLE = 100
"""People the form lists at once; others are found by typing part of what they are called."""

MOST_BARS = 40
"""People in a chart."""


def sees(member: Member, circle: Circle, plan: Plan | Listed) -> bool:
    """Say whether somebody sees a plan: it is theirs, or shared with them and they see everybody it tells of.

    Of one's own nobody is kept, whoever has changed team since; `within` says what of it is shown.
    """
    if plan.author == member.actor:
        return True
    if not is_whole(circle, plan):
        return False
    if plan.state is not State.SAVED and member.role in (Role.ADMIN, Role.AUDITOR):
        return True
    if plan.shared is Shared.LEADS:
        return member.role in (Role.ADMIN, Role.MANAGER)
    return plan.shared is Shared.ALL


def among(circle: Circle) -> list[str] | None:
    """Return who may be thought of: None for everybody."""
    return None if circle.is_all else sorted(circle.people)


@dataclass(frozen=True, slots=True)
class Person:
    """An account manager as the form lists them.

    Attributes:
        away: When they are away by the record, as far as that is not over, the first one first.
    """

    who: Named
    team: str
    load: Decimal
    capacity: Decimal | None
    away: Sequence[Absent] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form offers.

    Attributes:
        people: By team, then name.
        away: People who are not active.
        policies: Value → label.
        fields: What the vocabulary declares of people.
        values: Attribute of somebody new → value → what it is called: those the vocabulary names, and those on record.
    """

    people: Sequence[Person]
    away: Sequence[Named]
    teams: Mapping[str, Text]
    policies: Mapping[str, tuple[Text, int | None]]
    fields: Mapping[str, Field]
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    def sifted(self, given: Mapping[str, str], errors: Mapping[str, str]) -> list[Person]:
        """Return the first people whose name, id or team has the text of the filter; whoever is said something of."""
        text = given.get("sift", "").strip().casefold()
        fitting = {each.who.id for each in [each for each in self.people if text in self._told(each)][:MOST_PEOPLE]}
        return [each for each in self.people if each.who.id in fitting or _is_named(each, given, errors)]

    def _told(self, person: Person) -> str:
        team = self.teams.get(person.team)
        names = () if team is None else (team.zh, team.en)
        return " ".join((person.who.id, *(person.who.to(each) for each in Language), *names)).casefold()

    def known(self, connection: Connection, day: date, plan: Plan | None) -> Known:
        """Return what the form may name."""
        return Known(
            [each.who.id for each in self.people],
            [each.id for each in self.away],
            self.teams,
            self.policies,
            lambda team: standing.members(connection, team, day),
            () if plan is None else plan.whatif.join,
            self.values,
            {each.who.id: (each.away[0].since, each.away[0].until) for each in self.people if each.away},
        )


def _is_named(person: Person, given: Mapping[str, str], errors: Mapping[str, str]) -> bool:
    """Say whether something is said of somebody: days that only stand as the record has them say nothing."""
    name, fields = person.who.id, ("what", "since", "until", "capacity")
    recorded = {} if not person.away else {"since": str(person.away[0].since), "until": str(person.away[0].until)}
    said = any(given.get(f"{each}-{name}", "") not in ("", recorded.get(each)) for each in fields)
    return said or any(f"{each}-{name}" in errors for each in fields)


def offered(connection: Connection, record: Record, circle: Circle, day: date) -> Offered:
    """Return what a form about a day offers to who sees a circle."""
    held = dated.values_on(connection, Of.PERSON, day, ["role", "status", "capacity", "team", *forms.NAMED])
    seen = {name: each for name, each in held.items() if circle.sees(Of.PERSON, name)}
    managers = {name: each for name, each in seen.items() if each.get("role") == "account-manager"}
    there = {name for name, each in managers.items() if each.get("status", "active") != "left"}
    names = naming.named(connection, Of.PERSON, managers)
    policies = record.catalogue.policies(connection, day)
    carried = carrying.carried(connection, policies, day, None if circle.is_all else circle.people)
    away = absences.from_on(connection, day, there)
    people = [
        Person(
            names[name],
            each.get("team", ""),
            carried.by.get(name, Decimal()),
            each.get("capacity"),
            away.get(name, ()),
        )
        for name, each in managers.items()
        if name in there and name in names
    ]
    teams = histories.team_names(connection)
    used = {each.get("team") for each in seen.values()}
    fields = declared_of(policies, Of.PERSON)
    return Offered(
        sorted(people, key=lambda each: (each.team, each.who.id)),
        [names[name] for name in sorted(managers) if name not in there and name in names],
        {name: text for name, text in teams.items() if circle.is_all or name in used},
        _policies(connection, record, day),
        fields,
        {each: _values(fields.get(each), [one.get(each) for one in managers.values()]) for each in forms.NAMED},
    )


def _values(declared: Field | None, held: Sequence[Any]) -> dict[str, Text]:
    """Return the values the vocabulary has with their names, then those that people have besides."""
    named = {} if declared is None else dict(declared.names)
    listed = () if declared is None else map(str, declared.one_of or ())
    on_record = sorted({str(value) for each in held for value in (each if isinstance(each, list) else [each]) if value})
    return named | {each: Text(each, each) for each in (*listed, *on_record) if each not in named}


def _policies(connection: Connection, record: Record, day: date) -> dict[str, tuple[Text, int | None]]:
    """Return the policies that can propose: as in effect, and each of their revisions."""
    found: dict[str, tuple[Text, int | None]] = {}
    for policy in proposing.policies_that_propose(record.catalogue.policies(connection, day)):
        found[policy.id] = (policy.title, None)
        columns = REVISIONS.c
        chosen = select(columns.digest, columns.number).where(columns.document == policy.id)
        for row in connection.execute(chosen.order_by(columns.number.desc())):
            found[f"{policy.id}@{row.digest}"] = (policy.title, row.number)
    return found


def calculate(
    connection: Connection, record: Record, plan: Plan, circle: Circle, act: Act, before: Plan | None = None
) -> tuple[Plan, Job | None]:
    """Return a plan with what is proposed, or with the job that will propose.

    Choices made by hand are kept as far as they are still possible, see `webadmin.reassigning.retaining`.

    Args:
        connection: To the record.
        record: The record.
        plan: Its day, policy and what it supposes count.
        circle: Whom its author sees.
        act: Who calculates.
        before: The plan as it was, to be had again; None for a new one.

    Raises:
        UnusableError: the policy cannot propose on that day.
    """
    aside = None if before is None else before.set_aside()
    bare = replace(plan, earlier=(), problem=None, state=State.SAVED, before=aside)
    thought_of = among(circle)
    if calculating.takes_long(connection, plan):
        job = jobs.made(reassigning.KIND, {"plan": plan.id, "among": thought_of}, act.actor, act.now)
        return replace(bare, job=job.id, proposal=None), job
    return calculating.calculate(connection, record.catalogue, bare, thought_of), None


def keep(record: Record, plan: Plan, job: Job | None, act: Act, *, is_new: bool = False) -> None:
    """Write a plan, and the job that works on it.

    Raises:
        ChangedError: somebody changed it meanwhile.
        BusyError: nothing was written; trying again may help.
    """

    def work(transaction: Transaction) -> None:
        if is_new:
            keeping.add(transaction, plan)
        else:
            keeping.save(transaction, plan, act.now)
        if job is not None:
            jobs.add(transaction, job)

    record.writer.write(work)


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as its page shows it.

    Attributes:
        moves: Those of active customers that fit the filter, of one page, those of whoever takes most first.
        found: How many fit.
        lost: Those of customers that are not active and fit the filter.
        unassigned: Customers for whom nobody is found.
        helps: Rows of the policy → customers somebody could take but for that row alone, most first.
        stuck: Customers of whom no row alone keeps them from being taken.
        unsaid: Customers of which the policy cannot say who may take them.
        people: Everybody the plan is about, before and after, those who are different first: totals are theirs.
        everybody: Everybody there is.
        takers: Those who are given customers, those who are given most first, by id.
        givers: Who holds the customers that are to move.
    """

    moves: Sequence[Move]
    found: int
    lost: Sequence[Move]
    unassigned: Sequence[Move]
    helps: Mapping[str, Sequence[Move]]
    stuck: Sequence[Move]
    unsaid: Sequence[Move]
    people: Sequence[Load]
    everybody: Sequence[Load]
    total: Total
    takers: Mapping[str, Load]
    givers: Sequence[str]


def shown(plan: Plan, person: str = "", page: int = 1, by: By = By.ANYBODY) -> Shown:
    """Return a page of a plan's moves and what they come to.

    Args:
        plan: Proposed.
        person: Only moves from or to them; empty for all.
        page: From 1 on.
        by: Only those chosen by hand, or for whom nobody is found.
    """
    moves = plan.moves
    everybody = loads(() if plan.proposal is None else plan.proposal.people, moves)
    people = concerned(plan, everybody)
    unassigned = [move for move in moves if move.taker is None and not move.by_hand]
    listed = unassigned if by is By.NOBODY else [each for each in _listed(moves) if each.by_hand or by is not By.HAND]
    fitting = [move for move in listed if person in ("", move.taker, move.giver)]
    active = [move for move in fitting if move.is_active]
    return Shown(
        active[(page - 1) * PAGE : page * PAGE],
        len(active),
        [move for move in fitting if not move.is_active],
        unassigned,
        helps(unassigned),
        [move for move in unassigned if not move.alone and not move.is_unsaid],
        [move for move in unassigned if move.is_unsaid],
        people,
        everybody,
        total(moves, people),
        {each.before.person: each for each in sorted(everybody, key=lambda each: -each.gets) if each.gets},
        list(dict.fromkeys(move.giver for move in moves)),
    )


def helps(unassigned: Sequence[Move]) -> dict[str, list[Move]]:
    """Return the rows of the policy that alone keep somebody from taking customers, those of most customers first."""
    found: dict[str, list[Move]] = {}
    for move in unassigned:
        for row in move.alone:
            found.setdefault(row, []).append(move)
    return dict(sorted(found.items(), key=lambda each: (-len(each[1]), each[0])))


def leads_of(connection: Connection, plan: Plan, moves: Sequence[Move]) -> list[Named]:
    """Return who leads the teams of those who hold some customers: where nobody may take these, they decide."""
    people = () if plan.proposal is None else plan.proposal.people
    team_of = {each.person: each.team for each in people}
    teams = {team_of.get(move.giver) for move in moves} - {None, ""}
    held = dated.values_on(connection, Of.PERSON, plan.day, ["role", "team", "status"])
    leads = [
        name
        for name, each in held.items()
        if each.get("role") == "lead" and each.get("team") in teams and each.get("status", "active") != "left"
    ]
    names = naming.named(connection, Of.PERSON, leads)
    return [names[each] for each in sorted(leads) if each in names]


def _listed(moves: Sequence[Move]) -> list[Move]:
    """Return the moves that are made or were chosen by hand: by who takes over, whoever takes most first."""
    gets = Counter(move.taker for move in moves if move.taker is not None)
    found = [move for move in moves if move.taker is not None or move.by_hand]
    return sorted(found, key=lambda move: (move.taker is None, -gets[move.taker or ""], move.taker or ""))


def page_of(plan: Plan, customer: str) -> int | None:
    """Return on which page of the moves a customer stands, None where it stands on none."""
    listed = _listed(plan.moves)
    places = [each.customer for each in listed if each.is_active]
    if customer in places:
        return places.index(customer) // PAGE + 1
    return 1 if customer in {each.customer for each in listed} else None


def _named(plan: Plan) -> set[str]:
    over = () if plan.proposal is None else plan.proposal.over
    return {*plan.whatif.people, *(each.id for each in plan.whatif.join), *over}


def concerned(plan: Plan, everybody: Sequence[Load]) -> list[Load]:
    """Return whom a plan is about, those who are different, have too much or are named first.

    It is about those it names and, with their teams, those who give and get customers. Where nothing changes hands the
    teams of those it names stand for that, so that one sees why.
    """
    named, found = _named(plan), {each.before.person for each in involved(plan.moves, everybody)}
    if not plan.moves:
        teams = {each.before.team for each in everybody if each.before.person in named} | {plan.whatif.team}
        found = {each.before.person for each in everybody if each.before.team and each.before.team in teams}
    people = [each for each in everybody if each.before.person in found | named] or everybody
    return sorted(people, key=lambda each: not _counts(each, named))


def _counts(load: Load, named: Collection[str]) -> bool:
    return load.is_different or load.over is not None or load.before.person in named


def names_of(connection: Connection, plan: Plan, moves: Sequence[Move], people: Collection[str]) -> dict[str, Named]:
    """Return what people and customers of a plan are called; who joins by the name that was typed."""
    ids = {*people, *plan.whatif.people}
    ids |= {each for move in moves for each in (move.giver, move.taker, move.proposed) if each is not None}
    ids |= {move.rival.person for move in moves if move.rival is not None}
    ids |= {each.taker for each in plan.void.values() if each.taker is not None}
    found = naming.named(connection, Of.PERSON, ids)
    customers = [*(move.customer for move in moves), *plan.void]
    if plan.proposal is not None:
        customers += [each.customer for each in plan.proposal.kept]
    found |= naming.named(connection, Of.CUSTOMER, customers)
    typed = {each.id: Named(Of.PERSON, each.id, each.name) for each in plan.whatif.join if each.name}
    return {**typed, **found}


def policy_of(connection: Connection, record: Record, plan: Plan) -> Policy | None:
    """Return the policy that proposed, None where it is not kept any more."""
    digest = plan.revision if plan.proposal is None else plan.proposal.digest
    policies = calculating.policies_on(connection, record.catalogue, plan.day, plan.policy, digest)
    return policies.get(plan.policy)


def rows_of(policy: Policy | None) -> Mapping[str, Text]:
    """Return what the rows of the policy that proposed are called, by id."""
    return {} if policy is None else labels(policy.rule_set.document.section)


def row_name(id_: str, rows: Mapping[str, Text], language: Language) -> str:
    """Return what a row of the policy is called, or why nobody of that kind may."""
    return rows[id_].to(language) if id_ in rows else str(words.BARS.get(id_, id_))


def said(move: Move, language: Language, fields: Mapping[str, Field]) -> str:
    """Return why, in a language, as one text that calls inputs as people do."""
    problems = [in_words(each, fields, language) for each in move.problems.get(str(language), ())]
    return str(gettext("; ")).join((*move.why.get(str(language), ()), *problems))


def in_words(text: str, fields: Mapping[str, Field], language: Language) -> str:
    """Return a sentence with the labels of inputs instead of their paths between backticks."""
    pieces = text.split("`")
    labels = {path: each.label.to(language) for path, each in fields.items() if each.label is not None}
    return "".join(labels.get(piece, piece) if number % 2 else piece for number, piece in enumerate(pieces))
