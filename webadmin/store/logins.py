"""Ways in, apart from the people: somebody may work here without one, and it may be closed while the person stays."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from webadmin.ids import new_id
from webadmin.store import audit
from webadmin.store.audit import Action
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


class LoginError(Exception):
    """A login cannot be made or closed.

    Attributes:
        why: A word that stays the same.
        values: What its sentence names.
    """

    def __init__(self, why: Refusal, **values: str) -> None:
        super().__init__(f"{why}: {values}")
        self.why = why
        self.values = values


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
        LoginError: the name is taken, or the person is unknown, erased or has a login.
    """
    transaction.flush()
    connection = transaction.connection
    if find(connection, name) is not None:
        raise LoginError(Refusal.TAKEN, found=name)
    if person is not None:
        _check_person(connection, person)
    login = new_id(act.now)
    row = {"id": login, "name": name, "password": None, "person_id": person, "role": str(role)}
    transaction.add(LOGINS, {**row, "created_at": act.now, "disabled_at": None})
    what = {"person": person, "role": str(role)}
    audit.note(transaction, act.now, act.actor, Action.LOGIN_MADE, f"login:{name}", what)
    return login


def _check_person(connection: Connection, person: str) -> None:
    found = connection.execute(select(PEOPLE.c.erased_by).where(PEOPLE.c.id == person)).first()
    if found is None:
        raise LoginError(Refusal.PERSON, found=person)
    if found.erased_by is not None:
        raise LoginError(Refusal.ERASED, found=person)
    if any(row.disabled_at is None for row in of_person(connection, person)):
        raise LoginError(Refusal.SECOND, found=person)


def disable(transaction: Transaction, name: str, act: Act) -> bool:
    """Close a login; return False where it was closed already.

    Raises:
        LoginError: there is none of that name.
    """
    transaction.flush()
    found = find(transaction.connection, name)
    if found is None:
        raise LoginError(Refusal.UNKNOWN, found=name)
    if found.disabled_at is not None:
        return False
    transaction.connection.execute(update(LOGINS).where(LOGINS.c.id == found.id).values(disabled_at=act.now))
    audit.note(transaction, act.now, act.actor, Action.LOGIN_CLOSED, f"login:{name}", {"person": found.person_id})
    return True


def find(connection: Connection, name: str) -> Row[Any] | None:
    """Return a login by its name, None where there is none."""
    return connection.execute(select(LOGINS).where(LOGINS.c.name == name)).first()


def of_person(connection: Connection, person: str) -> list[Row[Any]]:
    """Return the logins a person has or had."""
    chosen = select(LOGINS).where(LOGINS.c.person_id == person).order_by(LOGINS.c.created_at)
    return list(connection.execute(chosen))
