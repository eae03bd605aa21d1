"""A login of every role for looking around, with passwords made up anew in every database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from webadmin.access import making
from webadmin.demo.disputing import Cast
from webadmin.store import logins
from webadmin.store.logins import Reach, Role
from webadmin.store.record import Record
from webadmin.store.revisions import Act

LOGINS = (
    ("admin", Role.ADMIN, None),
    ("reviewer", Role.ADMIN, None),
    ("lead", Role.MANAGER, "lead-1"),
    ("account-manager", Role.ACCOUNT_MANAGER, "am-01"),
    ("auditor", Role.AUDITOR, None),
)
"""Name, role, whose: two administrators, because one proposes and another approves."""


@dataclass(frozen=True, slots=True)
class Made:
    """A login that was made, with its password."""

    name: str
    role: Role
    password: str


def make(record: Record, act: Act) -> list[Made]:
    """Make the logins where there are none at all; return those that were made.

    Raises:
        RefusedError: a person of the demonstration is not there.
        BusyError: they could not be written.
    """
    with record.engine.connect() as connection:
        if logins.everybody(connection):
            return []
    return [
        Made(name, role, making.make(record, name, Reach(role), act, person=person, must_change=False))
        for name, role, person in LOGINS
    ]


def cast(made: list[Made], act: Act) -> Cast:
    """Return who does what in the demonstration: the logins that were made, whoever loads it where there are others."""
    named = {each.role: logins.actor_of(each.name) for each in made}
    return Cast(named.get(Role.MANAGER, act.actor), named.get(Role.ACCOUNT_MANAGER, act.actor))


def keep(made: list[Made], file: Path) -> None:
    """Write names and passwords into a file only its owner can read."""
    lines = "".join(f"{each.name}\t{each.role}\t{each.password}\n" for each in made)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as written:
        written.write(lines)
