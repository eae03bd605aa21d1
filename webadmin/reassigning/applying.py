"""Carries a reassignment out, as one change of the roster, and takes it back as one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from webadmin.store import audit, roster, standing
from webadmin.store.audit import Action
from webadmin.store.dated import Of
from webadmin.store.revisions import Act
from webadmin.store.tables import AUDIT
from webadmin.store.things import Change
from webadmin.store.writer import Transaction

OBJECT = "reassignment"


class MovedError(Exception):
    """The roster has changed since.

    Attributes:
        customers: Those who are held by somebody else by now.
    """

    def __init__(self, customers: tuple[str, ...]) -> None:
        super().__init__(", ".join(customers))
        self.customers = customers


@dataclass(frozen=True, slots=True)
class Applied:
    """A reassignment that was carried out: customer → who took it over, from whom, from which day on."""

    id: str
    person: str
    day: date
    moves: Mapping[str, str]
    back: bool


def apply(transaction: Transaction, person: str, day: date, moves: Mapping[str, str], act: Act) -> str:
    """Give customers of one person to others from a day on; return the id of the audit entry that says so.

    Raises:
        MovedError: one of them is not that person's on the day; nothing was changed.
    """
    transaction.flush()
    _held(transaction.connection, dict.fromkeys(moves, person), day)
    changes = [Change(Of.CUSTOMER, name, "owner", to, day) for name, to in sorted(moves.items())]
    roster.apply(transaction, (), changes, act, "reassignment")
    what = {"from": person, "day": day, "moves": dict(sorted(moves.items())), "back": False}
    return audit.note(transaction, act.now, act.actor, Action.CHANGED, f"{OBJECT}:{person}", what)


def undo(transaction: Transaction, applied: Applied, act: Act) -> str:
    """Give all customers of a reassignment back; return the id of the audit entry that says so.

    Raises:
        MovedError: one of them is held by somebody else by now; nothing was changed.
    """
    transaction.flush()
    _held(transaction.connection, applied.moves, applied.day)
    changes = [Change(Of.CUSTOMER, name, "owner", applied.person, applied.day) for name in sorted(applied.moves)]
    roster.apply(transaction, (), changes, act, "reassignment undone")
    what = {"from": applied.person, "day": applied.day, "moves": dict(applied.moves), "back": True, "of": applied.id}
    return audit.note(transaction, act.now, act.actor, Action.CHANGED, f"{OBJECT}:{applied.person}", what)


def find(connection: Connection, name: str) -> Applied | None:
    """Return what an audit entry says was carried out, None where it says nothing of that kind."""
    row = connection.execute(select(AUDIT.c.object, AUDIT.c.body).where(AUDIT.c.id == name)).first()
    if row is None or row.body is None or not row.object.startswith(f"{OBJECT}:"):
        return None
    what = json.loads(row.body)["what"]
    return Applied(name, what["from"], date.fromisoformat(what["day"]), what["moves"], what["back"])


def _held(connection: Connection, holders: Mapping[str, str], day: date) -> None:
    wrong = [name for name, holder in holders.items() if standing.owner_of(connection, name, day) != holder]
    if wrong:
        raise MovedError(tuple(sorted(wrong)))
