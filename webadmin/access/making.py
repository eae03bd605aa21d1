"""Making a login with everything it may do, and its first password."""

from __future__ import annotations

from webadmin.access import passwords
from webadmin.store import logins, roster
from webadmin.store.logins import Reach, Refusal
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction


def make(
    record: Record, name: str, reach: Reach, act: Act, *, person: str | None = None, must_change: bool = True
) -> str:
    """Make a login and return its random password, which is shown once.

    Args:
        record: Where the logins are.
        name: What will be typed.
        reach: What it may do.
        act: Who makes it, and when.
        person: Whose it is: an id, or `source:id` as files name people; None for nobody's.
        must_change: Whether another password must be chosen first.

    Raises:
        RefusedError: the name is taken, or the person is unknown, erased or has a login.
        BusyError: it could not be written.
    """
    password = passwords.made_up()
    hashed = passwords.hashed(password)

    def written(transaction: Transaction) -> None:
        own = None if person is None else _person(transaction, person)
        logins.create(transaction, name, reach.role, act, person=own)
        logins.set_reach(transaction, name, reach, act)
        logins.set_password(transaction, name, hashed, act, must_change=must_change)

    record.writer.write(written)
    return password


def _person(transaction: Transaction, named: str) -> str:
    """Return the id of a person who may be named as files do."""
    source, colon, external = named.partition(":")
    if not colon:
        return named
    found = roster.own_ids(transaction.connection, "person", source, [external])
    if external not in found:
        raise RefusedError(Refusal.PERSON, found=named)
    return found[external]
