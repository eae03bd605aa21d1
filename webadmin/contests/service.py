"""What those responsible see of what is contested: everything of the people they see, but nothing of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from policy.engine import Policies
from webadmin import statements
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.contests.forms import STATES
from webadmin.roster import pay
from webadmin.roster.pay import Eyes, Statement
from webadmin.roster.quarters import Quarter
from webadmin.statements import Subject
from webadmin.store import contests, naming
from webadmin.store.contests import Contested, Query, Sort
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.record import Record

PAGE = 30


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


def statement(record: Record, connection: Connection, about: Contested, today: date, eyes: Eyes) -> Statement | None:
    """Return the statement a contested line belongs to, as it is worked out now; None for anything else."""
    found = Quarter.read(about.of.partition(" ")[0]) if about.sort is Sort.LINE else None
    return None if found is None else pay.statement(record, connection, about.person, found, today, eyes)
