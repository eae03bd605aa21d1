"""Signing in and changing one's password; attempts are throttled by name and by address, for all processes together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from webadmin.access import passwords
from webadmin.access.members import Member, member_of
from webadmin.access.passwords import Weakness
from webadmin.store import attempts, audit, logins
from webadmin.store.audit import Action
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction

FROM_ONE_ADDRESS = 50
"""Failures in a row from one address before it is closed: many people can share one."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Attempts are not looked at until an instant."""

    until: datetime


def sign_in(record: Record, name: str, password: str, address: str, now: datetime) -> Member | Closed | None:
    """Return who comes in; None where name and password do not fit.

    Args:
        record: Where the logins are.
        name: What was typed.
        password: What was typed.
        address: Where the attempt comes from.
        now: The instant.

    Raises:
        BusyError: a failure could not be counted: nobody is let in then.
    """
    counted = (_of_name(name), f"from:{address}")
    with record.engine.connect() as connection:
        until = attempts.closed_until(connection, counted, now)
        row = logins.find(connection, name)
    if until is not None:
        return Closed(until)
    stored = None if row is None or row.disabled_at is not None else row.password
    if not passwords.fits(stored, password) or row is None or stored is None:
        shut = record.writer.write(lambda transaction: _failed(transaction, name, address, now))
        return None if shut is None else Closed(shut)
    newer = passwords.hashed(password) if passwords.is_outdated(stored) else None

    def entered(transaction: Transaction) -> None:
        attempts.forget(transaction, _of_name(row.name))
        if newer is not None:
            logins.rehash(transaction, row.name, newer)
        audit.note(transaction, now, logins.actor_of(row.name), Action.SIGNED_IN, logins.actor_of(row.name))

    record.writer.write(entered)
    return member_of(row)


def _failed(transaction: Transaction, name: str, address: str, now: datetime) -> datetime | None:
    by_name = attempts.failed(transaction, _of_name(name), now)
    by_address = attempts.failed(transaction, f"from:{address}", now, FROM_ONE_ADDRESS)
    known = logins.find(transaction.connection, name)
    if by_name is not None and known is not None:
        of = logins.actor_of(known.name)
        audit.note(transaction, now, of, Action.SHUT_OUT, of, {"until": by_name.isoformat()})
    return max(filter(None, (by_name, by_address)), default=None)


def _of_name(name: str) -> str:
    return f"name:{name}"


class PasswordError(Exception):
    """A password is not taken.

    Attributes:
        weakness: Why the new one is not good enough; None: the old one does not fit.
    """

    def __init__(self, weakness: Weakness | None) -> None:
        super().__init__(str(weakness))
        self.weakness = weakness


def change(record: Record, member: Member, old: str, new: str, act: Act) -> Member:
    """Change one's password, ending every session; return who it is with the stamp of the one that stays.

    Raises:
        PasswordError: the old one does not fit, or the new one is not good enough.
        BusyError: it could not be written.
    """
    with record.engine.connect() as connection:
        row = logins.find(connection, member.name)
    if row is None or not passwords.fits(row.password, old):
        raise PasswordError(None)
    weak = Weakness.SAME if new == old else passwords.weakness(new, member.name)
    if weak is not None:
        raise PasswordError(weak)
    stamp = record.writer.write(
        lambda transaction: logins.set_password(transaction, member.name, passwords.hashed(new), act, must_change=False)
    )
    return replace(member, stamp=stamp, must_change=False)


def give(record: Record, name: str, act: Act, *, must_change: bool = True) -> str:
    """Set a random password and return it: it is shown once.

    Args:
        record: Where the logins are.
        name: Whose.
        act: Who gives it, and when.
        must_change: Whether it is good for nothing but choosing another.

    Raises:
        RefusedError: there is no such login, or it is closed.
        BusyError: it could not be written.
    """
    password = passwords.made_up()
    hashed = passwords.hashed(password)
    record.writer.write(
        lambda transaction: logins.set_password(transaction, name, hashed, act, must_change=must_change)
    )
    return password
