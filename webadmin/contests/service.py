"""What those responsible see of what is contested: everything of the people they see, but nothing of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from policy.engine import Policies
from policy.model.document import FieldClass
from webadmin import contested, impartial, statements
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.contested import About
from webadmin.contests.forms import STATES
from webadmin.roster import pay
from webadmin.roster.pay import Eyes, Statement
from webadmin.roster.quarters import Quarter
from webadmin.statements import Subject
from webadmin.store import contests, naming
from webadmin.store.contests import Contested, Part, Query, Seen, Sort
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.record import Record

PAGE = 30

MOST_NAMED = 5
"""Of those who may answer instead."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was contested, with the names of those who did and of what it is about.

    Attributes:
        after: The id the next page begins after; None: there is none.
    """

    lines: Sequence[Contested]
    people: Mapping[str, Named]
    subjects: Mapping[tuple[str, str], Subject]
    after: str | None = None


def query(circle: Circle, member: Member, state: str, before: str | None) -> Query:
    """Return what asks for everything of a state that a member may answer, or might have."""
    return Query(None if circle.is_all else circle.people, member.person, STATES[state], before)


def page(connection: Connection, policies: Policies, asked: Query) -> Shown:
    """Return a page of what was contested, the newest first."""
    found = contests.search(connection, asked, PAGE + 1)
    return shown(connection, policies, found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def shown(connection: Connection, policies: Policies, lines: Sequence[Contested], after: str | None = None) -> Shown:
    """Return what was contested with the names a page needs."""
    people = naming.named(connection, Of.PERSON, {each.person for each in lines})
    return Shown(lines, people, statements.subjects(connection, policies, lines), after)


def find(connection: Connection, circle: Circle, member: Member, name: str) -> Contested | None:
    """Return what was contested; None where there is no such thing, the member does not see who did, or is it."""
    found = contests.find(connection, name)
    if found is None or not circle.sees(Of.PERSON, found.person):
        return None
    return None if found.person == member.person or found.actor == member.actor else found


def thread(connection: Connection, about: Contested) -> list[Contested]:
    """Return everything the same person has said about the same thing, the newest first."""
    return [each for each in contests.of_person(connection, about.person) if each.key == about.key]


@dataclass(frozen=True, slots=True)
class Barred:
    """Why somebody does not answer, and who may instead: leads of the person's teams first, then administrators."""

    part: Part
    instead: Sequence[Member]


def barred(connection: Connection, member: Member, found: Contested, today: date) -> Barred | None:
    """Return why a member does not answer what waits; None where they may, or have no right to in any case."""
    involved = impartial.barred(connection, member, [found], today).get(found.id)
    part = None if involved is None else impartial.part_of(member, involved)
    if involved is None or part is None:
        return None
    return Barred(part, impartial.answering(connection, found, involved, today))


_OF_STATEMENT = (Sort.LINE, Sort.DEAL, Sort.MISSING)
_OF_PAY = (*_OF_STATEMENT, Sort.POINTS)


def statement(record: Record, connection: Connection, about: Contested, today: date, eyes: Eyes) -> Statement | None:
    """Return the statement a line or deal belongs to, as it is worked out now; None for anything else.

    Whoever does not read pay gets none.
    """
    if about.sort not in _OF_STATEMENT or FieldClass.PAY not in eyes.classes:
        return None
    found = Quarter.read(about.of.partition(" ")[0])
    return None if found is None else pay.statement(record, connection, about.person, found, today, eyes)


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood there when it was contested, and what does now, each with the number of the policy's revision.

    Attributes:
        then: None where that was not kept.
        now: None where it is not there any more.
    """

    then: Seen | None
    now: Seen | None
    revisions: tuple[int | None, int | None]


def stood(record: Record, connection: Connection, found: Contested, today: date, eyes: Eyes) -> Stood | None:
    """Return what stood there, and stands; None for whoever may not read it."""
    if found.sort in _OF_PAY and FieldClass.PAY not in eyes.classes:
        return None
    now = contested.stands(record, connection, About(found.person, found.sort, found.of), today)
    digests = [None if each is None else each.policy for each in (found.seen, now)]
    then_by, now_by = (contested.revision(connection, found.sort, each) for each in digests)
    return Stood(found.seen, now, (then_by, now_by))
