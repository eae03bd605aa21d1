"""Whom a member sees today: everybody, or the people of some teams and the customers they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from webadmin.access.members import Member
from webadmin.store import dated, naming, sifting, standing
from webadmin.store.dated import Of
from webadmin.store.decisions import term
from webadmin.store.logins import Role
from webadmin.store.things import LEADING


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom somebody sees.

    Attributes:
        is_all: Whether that is everybody; the ids are left out then.
        people: Ids of people.
        customers: Ids of customers.
    """

    is_all: bool = False
    people: frozenset[str] = frozenset()
    customers: frozenset[str] = frozenset()

    def sees(self, of: Of, name: str) -> bool:
        """Say whether a person or customer is seen."""
        return self.is_all or name in (self.people if of is Of.PERSON else self.customers)

    def terms(self, connection: Connection) -> tuple[str, ...]:
        """Return what decisions about them are found by, whatever other systems call them; in order."""
        return tuple(sorted(set(self._terms(connection))))

    def readable(self, connection: Connection, decisions: Sequence[str]) -> list[str]:
        """Return those of some decisions, by their ids, that concern somebody who is seen; in the order given."""
        if self.is_all or not decisions:
            return list(decisions)
        about = [sifting.terms_of(connection, decisions, of) for of in (Of.PERSON, Of.CUSTOMER)]
        known = set(self.terms(connection))
        concerned = {
            name
            for of, held in zip((Of.PERSON, Of.CUSTOMER), about, strict=True)
            for name, values in held.items()
            if any(term(of, value) in known for value in values)
        }
        return [name for name in decisions if name in concerned]

    def _terms(self, connection: Connection) -> Iterator[str]:
        for of, names in ((Of.PERSON, self.people), (Of.CUSTOMER, self.customers)):
            yield from (term(of, each) for each in (*names, *naming.elsewhere(connection, of, names)))


def circle_of(connection: Connection, member: Member, day: date) -> Circle:
    """Return whom a member sees on a day.

    That is everybody for who sees every team; for others the people of the teams named for the login, for a manager
    without such teams those of the team led and the ones below it; always oneself; and whatever customers these hold.
    """
    if member.sees_everybody:
        return Circle(is_all=True)
    teams = member.teams or _led(connection, member, day)
    people = {name for team in teams for name in standing.members(connection, team, day)}
    people |= set() if member.person is None else {member.person}
    return Circle(people=frozenset(people), customers=frozenset(standing.customers_of(connection, people, day)))


def _led(connection: Connection, member: Member, day: date) -> frozenset[str]:
    if member.person is None or member.role is not Role.MANAGER:
        return frozenset()
    held = dated.values_on(connection, Of.PERSON, day, ["role", "team"], [member.person]).get(member.person, {})
    return frozenset((held["team"],)) if held.get("role") in LEADING and "team" in held else frozenset()
