"""What the pages of logins show: logins with whose they are, and tokens with how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from policy.values import Text
from webadmin.access import tokens
from webadmin.access.members import Member, member_of
from webadmin.access.tokens import Listed
from webadmin.store import logins, naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.tables import LOGINS, PEOPLE, TEAMS

MOST_OFFERED = 1000
"""People offered while the id of one is typed."""


class LoginState(StrEnum):
    """How a login stands."""

    OPEN = "open"
    NEW = "new"
    CLOSED = "closed"


class TokenState(StrEnum):
    """How a token stands."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Shown:
    """A login as a page shows it.

    Attributes:
        member: What it may do.
        state: `new` where its password is one that somebody else gave, or none.
        person: Whose it is; None where it is nobody's.
        teams: What the teams named for it are called.
    """

    member: Member
    state: LoginState
    created_at: datetime
    closed_at: datetime | None
    person: Named | None
    teams: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token with how it stands."""

    listed: Listed
    state: TokenState


def listed(connection: Connection) -> list[Shown]:
    """Return every login by name, the closed ones last."""
    return sorted(_shown(connection, logins.everybody(connection)), key=lambda each: each.closed_at is not None)


def one(connection: Connection, login: str) -> Shown | None:
    """Return one login by its id."""
    found = logins.of_id(connection, login)
    return None if found is None else next(iter(_shown(connection, [found])))


def team_names(connection: Connection) -> dict[str, Text]:
    """Return what every team is called, by id."""
    columns = TEAMS.c
    rows = connection.execute(select(columns.id, columns.name, columns.name_en).order_by(columns.name, columns.id))
    return {row.id: Text(row.name, row.name_en or row.name) for row in rows}


def without_login(connection: Connection) -> list[tuple[str, Text]]:
    """Return people who have no open login, by id with what they are called, at most `MOST_OFFERED`."""
    columns = PEOPLE.c
    taken = select(LOGINS.c.person_id).where(LOGINS.c.disabled_at.is_(None), LOGINS.c.person_id.is_not(None))
    chosen = select(columns.id, columns.name, columns.name_en)
    chosen = chosen.where(columns.erased_by.is_(None), columns.id.not_in(taken)).order_by(columns.id)
    rows = connection.execute(chosen.limit(MOST_OFFERED))
    return [(row.id, Text(row.name or row.id, row.name_en or row.name or row.id)) for row in rows]


def token_list(connection: Connection, now: datetime) -> list[ShownToken]:
    """Return every token, those that live first, each part the newest first."""
    found = [ShownToken(each, _token_state(each, now)) for each in reversed(tokens.listed(connection))]
    return sorted(found, key=lambda each: each.state is not TokenState.LIVE)


def _token_state(each: Listed, now: datetime) -> TokenState:
    if each.revoked_at is not None:
        return TokenState.REVOKED
    return TokenState.LIVE if each.is_live(now) else TokenState.EXPIRED


def _shown(connection: Connection, rows: Sequence[Row[Any]]) -> list[Shown]:
    members = [member_of(row) for row in rows]
    people = naming.named(connection, Of.PERSON, [each.person for each in members if each.person])
    teams = team_names(connection)
    return [
        Shown(
            member,
            _state(row),
            row.created_at,
            row.disabled_at,
            None if member.person is None else people.get(member.person),
            tuple(teams.get(team, Text(team, team)) for team in sorted(member.teams)),
        )
        for row, member in zip(rows, members, strict=True)
    ]


def _state(row: Row[Any]) -> LoginState:
    if row.disabled_at is not None:
        return LoginState.CLOSED
    return LoginState.NEW if row.must_change or row.password is None else LoginState.OPEN
