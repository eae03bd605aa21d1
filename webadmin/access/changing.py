"""Looking after the logins of others: never one's own, and never past one's own limits.

Whoever acts is read again in the transaction that writes, and must be an administrator there. As nobody changes
their own login, one administrator always stays, also where two close each other at the same time.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row

from webadmin.access import making, passwords, tokens
from webadmin.access.members import Member, member_of
from webadmin.access.rights import Right
from webadmin.access.tokens import Listed, Made, Wish
from webadmin.store import logins
from webadmin.store.logins import Reach, Refusal
from webadmin.store.record import Record
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Act
from webadmin.store.writer import Transaction


class Barred(StrEnum):
    """Why somebody who looks after logins may not change one."""

    SELF = "login-self"
    WIDER = "login-wider"
    GONE = "login-gone"


def make(record: Record, by: Member, name: str, reach: Reach, person: str | None, act: Act) -> str:
    """Make a login that may do no more than its maker, and return its first password, which is shown once.

    Raises:
        RefusedError: it would be wider, the name is taken, or the person is unknown, erased or has a login.
        BusyError: it could not be written.
    """
    with record.reading() as connection:
        _check_width(_acting(connection, by), reach.kinds, reach.teams, name)
    return making.make(record, name, reach, act, person=person)


def set_reach(record: Record, by: Member, login: str, reach: Reach, act: Act) -> None:
    """Change what a login may do.

    Args:
        record: Where the logins are.
        by: Who changes it.
        login: Id of the login.
        reach: What it may do from the next request on.
        act: Who acts, and when.

    Raises:
        RefusedError: it is one's own, closed, or reaches further than one's own before or after.
        BusyError: it could not be written.
    """

    def written(transaction: Transaction) -> None:
        own, found = _changeable(transaction, by, login)
        _check_width(own, reach.kinds, reach.teams, found.name)
        logins.set_reach(transaction, found.name, reach, act)

    record.writer.write(written)


def give_password(record: Record, by: Member, login: str, act: Act) -> str:
    """Give a login a random password, which is shown once, and end every session it has.

    Raises:
        RefusedError: it is one's own, closed, or reaches further than one's own.
        BusyError: it could not be written.
    """
    password = passwords.made_up()
    hashed = passwords.hashed(password)

    def written(transaction: Transaction) -> None:
        _, found = _changeable(transaction, by, login)
        logins.set_password(transaction, found.name, hashed, act, must_change=True)

    record.writer.write(written)
    return password


def close(record: Record, by: Member, login: str, act: Act) -> None:
    """Close a login and end every session it has.

    Raises:
        RefusedError: it is one's own, closed already, or reaches further than one's own.
        BusyError: it could not be written.
    """

    def written(transaction: Transaction) -> None:
        _, found = _changeable(transaction, by, login)
        logins.disable(transaction, found.name, act)

    record.writer.write(written)


def make_token(record: Record, by: Member, wish: Wish, act: Act) -> Made:
    """Make a token of the HTTP API; tokens have no limits of kind or team, so who makes one has none either.

    Raises:
        RefusedError: the maker's own login is limited.
        TokenRefusedError: two of the application live already.
        BusyError: it could not be written.
    """

    def written(transaction: Transaction) -> Made:
        transaction.flush()
        _check_width(_acting(transaction.connection, by), (), (), wish.client)
        return tokens.make(transaction, wish, actor=act.actor, now=act.now)

    return record.writer.write(written)


def revoke_token(record: Record, by: Member, token: str, act: Act) -> Listed:
    """Revoke a token and return it as it was; every administrator may, as it only takes away.

    Raises:
        RefusedError: whoever acts is no administrator any more.
        TokenRefusedError: there is none, or it is revoked already.
        BusyError: it could not be written.
    """

    def written(transaction: Transaction) -> Listed:
        transaction.flush()
        _acting(transaction.connection, by)
        return tokens.revoke(transaction, token, actor=act.actor, now=act.now)

    return record.writer.write(written)


def _acting(connection: Connection, by: Member) -> Member:
    """Return whoever acts as the record has them now."""
    found = logins.of_id(connection, by.login)
    own = None if found is None or found.disabled_at is not None else member_of(found)
    if own is None or not own.may(Right.LOGINS):
        raise RefusedError(Barred.GONE, found=by.name)
    return own


def _changeable(transaction: Transaction, by: Member, login: str) -> tuple[Member, Row[Any]]:
    """Return whoever acts, and the open login of somebody else that they may change."""
    transaction.flush()
    own = _acting(transaction.connection, by)
    found = logins.of_id(transaction.connection, login)
    if found is None or found.disabled_at is not None:
        raise RefusedError(Refusal.UNKNOWN, found=login if found is None else found.name)
    if found.id == own.login:
        raise RefusedError(Barred.SELF, found=found.name)
    held = member_of(found)
    _check_width(own, held.kinds, held.teams, found.name)
    return own, found


def _check_width(own: Member, kinds: Collection[str], teams: Collection[str], name: str) -> None:
    """Refuse what reaches further than whoever gives it; naming nothing means everything."""
    for limits, others in ((own.kinds, kinds), (own.teams, teams)):
        if limits and not (others and limits.issuperset(others)):
            raise RefusedError(Barred.WIDER, found=name)
