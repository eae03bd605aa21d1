"""What waits for whoever signed in, and the first steps of an administrator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Connection, select

from policy.engine import Policies
from webadmin import guard, impartial, inquired, language, library, links, words
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.access.rights import Right
from webadmin.filters import actor, number, own
from webadmin.publishing import service as publishing
from webadmin.publishing.answers import Proposal
from webadmin.reassigning import carrying
from webadmin.signals import seeing
from webadmin.store import contests, drafts, naming, revisions
from webadmin.store.contests import Contested
from webadmin.store.dated import Of
from webadmin.store.revisions import SYSTEM, Act
from webadmin.store.tables import CUSTOMERS, LOGINS

NAMED = 3
"""People that are named who have more load than capacity: those furthest above it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps; `address` is None where it is only taken at the command line, as `command` says."""

    name: str
    title: str
    text: str
    label: str
    address: str | None
    is_done: bool
    command: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits: how many, of what, where to, and the first few of them."""

    count: int
    text: str
    label: str
    address: str | None
    names: Sequence[str] = ()


def steps(connection: Connection, policies: Policies, taken: frozenset[str]) -> list[Step]:
    """Return the first steps, in order, with what is done already.

    Args:
        connection: To the record.
        policies: Those in effect today.
        taken: Names of the steps the browser remembers.
    """
    return [_data(connection), *_trial(policies, taken), *_simulation(taken), _logins(connection), _review()]


def waits(connection: Connection, member: Member, circle: Circle, act: Act) -> list[Waits]:
    """Return what waits for somebody; what there is none of is left out."""
    found: list[Waits] = []
    if member.person is not None and member.may(Right.OWN):
        found.append(_inquired(connection, member.person))
    if member.may(Right.APPROVE):
        found.append(_proposals(member))
    if member.may(Right.EDIT):
        found += [*_returned(connection, member, act), _drafts(connection)]
    if member.may(Right.ANSWER):
        found += _contested(connection, member, circle, act)
    if member.may(Right.TEAM):
        found += [_signals(connection, circle), _overloaded(connection, circle, act)]
    return [each for each in found if each.count]


def _data(connection: Connection) -> Step:
    is_there = connection.execute(select(CUSTOMERS.c.id).limit(1)).first() is not None
    address = links.page("people.index", "") or links.page("decided.index", "")
    return Step(
        "data",
        gettext("Have people and customers to look at"),
        gettext("Load your own files, or a made-up organisation to look around in. None of it is real."),
        gettext("Look around") if is_there else gettext("Imports"),
        address if is_there else links.page("imports.index", ""),
        is_there,
        "fairlead demo",
    )


def _trial(policies: Policies, taken: frozenset[str]) -> Iterator[Step]:
    """Yield the step that leads to a first decision: a form that one of the policy's own tests has filled."""
    named = sorted(policies, key=lambda name: (name != "approval.order", name))
    for name in [each for each in named if policies[each].rule_set.cases][:1]:
        title = own(policies[name].title)
        yield Step(
            "try",
            gettext("Try a policy"),
            gettext("“%(title)s”, filled with an example: press “Decide” and read why.", title=title),
            gettext("Try it"),
            url_for("rulesets.trial", name=name, test=1),
            "try" in taken,
        )


def _simulation(taken: frozenset[str]) -> Iterator[Step]:
    address = links.page("simulations.index", "")
    if address is not None:
        yield Step(
            "simulate",
            gettext("Simulate"),
            gettext("Compare two revisions, or plan who takes over what. Nothing of it is kept as a decision."),
            gettext("Simulate"),
            address,
            "simulate" in taken,
        )


def _logins(connection: Connection) -> Step:
    several = len(connection.execute(select(LOGINS.c.id).limit(2)).all()) > 1
    return Step(
        "logins",
        gettext("Make logins for the others"),
        gettext("One for each person, with a role. Whoever approves must not be whoever proposes."),
        gettext("How logins are made"),
        links.page("logins.index", "") or url_for("help.page", name="logins"),
        several,
    )


def _review() -> Step:
    done = any(each.author != SYSTEM for each in publishing.all_proposals(guard.record()))
    return Step(
        "review",
        gettext("Change a rule and have it reviewed"),
        gettext("Begin a draft on the page of a policy, change it, and propose it. A second person approves."),
        gettext("To the policies"),
        url_for("rulesets.index"),
        done,
    )


def _proposals(member: Member) -> Waits:
    count = sum(_may_approve(member, each) for each in publishing.open_proposals(guard.record()))
    text = ngettext("%(num)s proposal waits for your approval.", "%(num)s proposals wait for your approval.", count)
    return Waits(count, text, gettext("Review"), url_for("review.index"))


def _may_approve(member: Member, proposal: Proposal) -> bool:
    kinds = {library.kind_of(each.document) for each in proposal.items}
    return member.actor not in proposal.writers and all(member.may_approve(kind) for kind in kinds)


def _returned(connection: Connection, member: Member, act: Act) -> Iterator[Waits]:
    """Yield what its author is asked to change and to propose again, as long as there is a draft of it."""
    policies = guard.record().catalogue.policies(connection, act.today)
    for row in drafts.everything(connection):
        asked = [each for each in revisions.asked(connection, row.document) if each.author == member.actor]
        open_too = any(each.document == row.document for each in revisions.proposals(connection)) if asked else False
        if not asked or open_too:
            continue
        policy = policies.get(row.document)
        name = row.document if policy is None else own(policy.title)
        said = gettext("%(name)s: %(what)s", name=actor(asked[0].decided_by or ""), what=asked[0].remark)
        endpoint = "rulesets.rules" if library.kind_of(row.document) else "rulesets.document"
        address = url_for(endpoint, name=row.document, of=library.DRAFT)
        text = gettext("You are asked to change your proposal: %(name)s", name=name)
        yield Waits(1, text, gettext("Go on with the draft"), address, [said])


def _drafts(connection: Connection) -> Waits:
    count = len(drafts.everything(connection))
    text = ngettext("%(num)s draft is not proposed yet.", "%(num)s drafts are not proposed yet.", count)
    return Waits(count, text, gettext("To the policies"), url_for("rulesets.index"))


def _signals(connection: Connection, circle: Circle) -> Waits:
    count = seeing.waiting(connection, circle)
    text = ngettext("%(num)s signal without a case.", "%(num)s signals without a case.", count)
    return Waits(count, text, gettext("Look at them"), url_for("signalled.index"))


def _inquired(connection: Connection, person: str) -> Waits:
    """Return the cases that concern somebody and that they have not answered."""
    found = inquired.unanswered(connection, person)
    text = ngettext(
        "%(num)s case that concerns you was opened, and you have not answered it yet.",
        "%(num)s cases that concern you were opened, and you have not answered them yet.",
        len(found),
    )
    own, first = own_page(), inquired.anchor(found[0]) if found else ""
    return Waits(len(found), text, gettext("Read and answer"), None if own is None else f"{own}#{first}")


def _contested(connection: Connection, member: Member, circle: Circle, act: Act) -> Iterator[Waits]:
    """Yield what somebody may answer, and what nobody may: that waits for another login."""
    query = contests.Query(None if circle.is_all else circle.people, member.person, waits=True)
    waiting = impartial.waiting(connection, member, query, act.today)
    yield _answerable(connection, waiting.count, waiting.own[:NAMED])
    text = ngettext(
        "%(num)s thing that was contested can be answered by nobody: make a second login that may.",
        "%(num)s things that were contested can be answered by nobody: make a second login that may.",
        len(waiting.stuck),
    )
    yield Waits(len(waiting.stuck), text, gettext("Look at them"), url_for("contests.index"))


def _answerable(connection: Connection, count: int, first: Sequence[Contested]) -> Waits:
    known = naming.named(connection, Of.PERSON, {each.person for each in first})
    names = [
        gettext(
            "%(name)s: %(what)s",
            name=known[each.person].to(language.chosen()) if each.person in known else each.person,
            what=words.CONTESTABLE[each.sort],
        )
        for each in first
    ]
    text = ngettext(
        "%(num)s thing that was contested waits for an answer.",
        "%(num)s things that were contested wait for an answer.",
        count,
    )
    return Waits(count, text, gettext("Look at them"), url_for("contests.index"), names)


def _overloaded(connection: Connection, circle: Circle, act: Act) -> Waits:
    policies = guard.record().catalogue.policies(connection, act.today)
    load = carrying.carried(connection, policies, act.today, None if circle.is_all else circle.people)
    found = carrying.over_capacity(load, connection, act.today)
    seen = {name: each for name, each in found.items() if circle.sees(Of.PERSON, name)}
    count, first = len(seen), sorted(seen, key=lambda name: (seen[name][1] - seen[name][0], name))[:NAMED]
    known = naming.named(connection, Of.PERSON, first)
    names = [
        gettext(
            "%(name)s: %(load)s of %(capacity)s",
            name=known[each].to(language.chosen()) if each in known else each,
            load=number(seen[each][0]),
            capacity=number(seen[each][1]),
        )
        for each in first
    ]
    text = ngettext(
        "%(num)s person has more load than capacity.",
        "%(num)s people have more load than capacity.",
        count,
    )
    address = links.page("people.index", "")
    return Waits(count, text, gettext("Look at them"), f"{address}?sort=over" if address else None, names)


def own_page() -> str | None:
    """Return the address of the page of one's own; None where there is none."""
    return url_for("mine.index") if "mine.index" in current_app.view_functions else None
