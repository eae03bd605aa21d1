"""Who is signed in, and what they may do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from policy.model.document import FieldClass, Kind
from webadmin.access.rights import ALL_TEAMS, CLASSES, RIGHTS, Right
from webadmin.store import logins
from webadmin.store.logins import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is signed in.

    Attributes:
        login: Id of the login.
        name: What was typed.
        role: What it may do.
        person: Id of the person it belongs to, None for none.
        kinds: Kinds of policies it may edit and approve; empty: all its role gives.
        teams: Ids of the teams named for it; empty: as the role says.
        stamp: What its sessions carry.
        must_change: Whether a password of one's own must be chosen first.
    """

    login: str
    name: str
    role: Role
    person: str | None
    kinds: frozenset[str]
    teams: frozenset[str]
    stamp: str
    must_change: bool

    @property
    def actor(self) -> str:
        """Return what the record calls it."""
        return logins.actor_of(self.name)

    @property
    def classes(self) -> frozenset[FieldClass]:
        """Return the classes of values it reads in what it may see."""
        return CLASSES[self.role]

    @property
    def sees_everybody(self) -> bool:
        """Say whether people of every team can be seen."""
        return self.role in ALL_TEAMS and not self.teams

    def may(self, right: Right, kind: str | None = None) -> bool:
        """Say whether something may be done, to a policy of a kind where that matters."""
        if right not in RIGHTS[self.role]:
            return False
        return kind is None or right not in (Right.EDIT, Right.APPROVE) or not self.kinds or kind in self.kinds

    def may_approve(self, kind: str | None) -> bool:
        """Say whether changes of a kind of policy may be approved; of what all share only without a limit to kinds."""
        return self.may(Right.APPROVE, kind) if kind else self.may(Right.APPROVE) and not self.kinds

    def reads_unpublished(self, kind: str | None) -> bool:
        """Say whether texts of a kind of policy may be read that were never published.

        What may hurt a person is shown to those who write, approve or check it until it applies: read earlier, it
        would pass for a rule.
        """
        return kind != Kind.PENALTY or self.may_any((Right.EDIT, Right.APPROVE, Right.PROVE))

    def may_any(self, rights: Collection[Right]) -> bool:
        """Say whether one of several things may be done."""
        return any(self.may(each) for each in rights)


def member_of(row: Row[Any]) -> Member:
    """Return who a row of logins is."""
    return Member(
        row.id,
        row.name,
        Role(row.role),
        row.person_id,
        frozenset(row.kinds.split()),
        frozenset(row.teams.split()),
        row.stamp,
        bool(row.must_change),
    )


def of_stamp(connection: Connection, stamp: str) -> Member | None:
    """Return whose sessions carry a stamp, None where they were ended."""
    row = logins.of_stamp(connection, stamp)
    return None if row is None else member_of(row)
