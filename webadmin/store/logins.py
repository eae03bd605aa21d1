"""Ways in, apart from the people: somebody may work here without one, and it may be closed while the person stays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from webadmin.ids import new_id
from webadmin.store import audit
from webadmin.store.audit import Action
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act
from webadmin.store.tables import LOGINS, PEOPLE
from webadmin.store.writer import Transaction


class Role(StrEnum):
    """What whoever comes in may do."""

    ADMIN = "admin"
    MANAGER = "manager"
    ACCOUNT_MANAGER = "account-manager"
    AUDITOR = "auditor"


class Refusal(StrEnum):
    """Why a login is refused."""

    TAKEN = "login-taken"
    UNKNOWN = "login-unknown"
    SECOND = "login-second"
    PERSON = "login-person"
    ERASED = "login-erased"


def actor_of(name: str) -> str:
    """Return what a login is called where the record says who did something."""
    return f"login:{name}"


def create(transaction: Transaction, name: str, role: Role, act: Act, *, person: str | None = None) -> str:
    """Make a login without a password; return its id.

    Args:
        transaction: What it happens in.
        name: What will be typed.
        role: What it may do.
        act: Who makes it, and when.
        person: Whose it is, who has no other that is open; None for administrators who are none of the people.

    Raises:
        RefusedError: the name is taken, or the person is unknown, erased or has a login.
    """
    transaction.flush()
    connection = transaction.connection
    if find(connection, name) is not None:
        raise RefusedError(Refusal.TAKEN, found=name)
    if person is not None:
        _check_person(connection, person)
    login = new_id(act.now)
    row = {"id": login, "name": name, "password": None, "person_id": person, "role": str(role)}
    scope = {"kinds": "", "teams": "", "stamp": new_stamp(), "must_change": False}
    transaction.add(LOGINS, {**row, **scope, "created_at": act.now, "disabled_at": None})
    what = {"person": person, "role": str(role)}
    audit.note(transaction, act.now, act.actor, Action.LOGIN_MADE, f"login:{name}", what)
    return login


def _check_person(connection: Connection, person: str) -> None:
    found = connection.execute(select(PEOPLE.c.erased_by).where(PEOPLE.c.id == person)).first()
    if found is None:
        raise RefusedError(Refusal.PERSON, found=person)
    if found.erased_by is not None:
        raise RefusedError(Refusal.ERASED, found=person)
    if any(row.disabled_at is None for row in of_person(connection, person)):
        raise RefusedError(Refusal.SECOND, found=person)


def disable(transaction: Transaction, name: str, act: Act) -> bool:
    """Close a login; return False where it was closed already.

    Raises:
        RefusedError: there is none of that name.
    """
    transaction.flush()
    found = find(transaction.connection, name)
    if found is None:
        raise RefusedError(Refusal.UNKNOWN, found=name)
    if found.disabled_at is not None:
        return False
    closed = {"disabled_at": act.now, "stamp": new_stamp()}
    transaction.connection.execute(update(LOGINS).where(LOGINS.c.id == found.id).values(closed))
    audit.note(transaction, act.now, act.actor, Action.LOGIN_CLOSED, f"login:{name}", {"person": found.person_id})
    return True


def set_password(transaction: Transaction, name: str, hashed: str, act: Act, *, must_change: bool) -> str:
    """Set the password of an open login and end every session it has; return the stamp of sessions from now on.

    Args:
        transaction: What it happens in.
        name: Of the login.
        hashed: The password's hash.
        act: Who sets it, and when.
        must_change: Whether it is good for nothing but choosing another.

    Raises:
        RefusedError: there is no such login, or it is closed.
    """
    found = _opened(transaction, name)
    stamp = new_stamp()
    values = {"password": hashed, "stamp": stamp, "must_change": must_change}
    transaction.connection.execute(update(LOGINS).where(LOGINS.c.id == found.id).values(values))
    audit.note(transaction, act.now, act.actor, Action.PASSWORD_SET, actor_of(name), {"must_change": must_change})
    return stamp


def rehash(transaction: Transaction, name: str, hashed: str) -> None:
    """Keep the same password under a newer hash."""
    transaction.flush()
    transaction.connection.execute(update(LOGINS).where(LOGINS.c.name == name).values(password=hashed))


@dataclass(frozen=True, slots=True)
class Reach:
    """What a login may do, and over what.

    Attributes:
        role: What it may do.
        kinds: Kinds of policies it may edit and approve; empty: all that its role gives.
        teams: Ids of the teams whose people it sees; empty: the team its person leads or is in.
    """

    role: Role
    kinds: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


def set_reach(transaction: Transaction, name: str, reach: Reach, act: Act) -> None:
    """Change what an open login may do, from the next request on.

    Raises:
        RefusedError: there is no such login, or it is closed.
    """
    found = _opened(transaction, name)
    values = {"role": str(reach.role), "kinds": " ".join(reach.kinds), "teams": " ".join(reach.teams)}
    transaction.connection.execute(update(LOGINS).where(LOGINS.c.id == found.id).values(values))
    audit.note(transaction, act.now, act.actor, Action.LOGIN_CHANGED, actor_of(name), values)


def _opened(transaction: Transaction, name: str) -> Row[Any]:
    transaction.flush()
    found = find(transaction.connection, name)
    if found is None or found.disabled_at is not None:
        raise RefusedError(Refusal.UNKNOWN, found=name)
    return found


def new_stamp() -> str:
    """Return the stamp of sessions that begin from now on: 256 random bits."""
    return token_hex(32)


_OF_STAMP = select(LOGINS).where(LOGINS.c.stamp == bindparam("stamp"), LOGINS.c.disabled_at.is_(None))
"""Asked by every request: made once, for making it takes longer than asking."""


def of_stamp(connection: Connection, stamp: str) -> Row[Any] | None:
    """Return the open login whose sessions carry a stamp."""
    return connection.execute(_OF_STAMP, {"stamp": stamp}).first()


def everybody(connection: Connection) -> list[Row[Any]]:
    """Return every login, by name."""
    return list(connection.execute(select(LOGINS).order_by(LOGINS.c.name)))


def any_open(connection: Connection) -> bool:
    """Say whether anybody can come in."""
    usable = select(LOGINS.c.id).where(LOGINS.c.disabled_at.is_(None), LOGINS.c.password.is_not(None))
    return connection.execute(usable.limit(1)).first() is not None


def find(connection: Connection, name: str) -> Row[Any] | None:
    """Return a login by its name, None where there is none."""
    return connection.execute(select(LOGINS).where(LOGINS.c.name == name)).first()


def of_id(connection: Connection, login: str) -> Row[Any] | None:
    """Return a login by its id, None where there is none."""
    return connection.execute(select(LOGINS).where(LOGINS.c.id == login)).first()


def of_person(connection: Connection, person: str) -> list[Row[Any]]:
    """Return the logins a person has or had."""
    chosen = select(LOGINS).where(LOGINS.c.person_id == person).order_by(LOGINS.c.created_at)
    return list(connection.execute(chosen))
