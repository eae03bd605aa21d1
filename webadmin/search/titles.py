"""What policies are called: those in effect, and those that are drafts only, proposed, or retired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from policy.engine import Policies
from policy.values import Text
from webadmin import library
from webadmin.store import published, revisions


@dataclass(frozen=True, slots=True)
class Titled:
    """One policy.

    Attributes:
        state: Empty: in effect; `retired`, or `new` for what never was in effect so far.
    """

    name: str
    title: Text
    state: str = ""


def every(connection: Connection, policies: Policies, day: date) -> Iterator[Titled]:
    """Yield every policy there is, by id.

    Args:
        connection: To the record.
        policies: Those in effect that load.
        day: The day they are in effect on.
    """
    stands = revisions.standing(connection, day)
    for name in published.known_policies(connection):
        state = "new" if name not in stands else "retired" if stands[name].retires else ""
        title = policies[name].title if name in policies else library.written_title(connection, name, day)
        yield Titled(name, title, state)
