"""What the page of one's own shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from policy.model.document import FieldClass
from policy.runtime.showing import ALL_CLASSES
from policy.values import Text
from webadmin import statements
from webadmin.statements import Subject
from webadmin.store import contests, signals
from webadmin.store.contests import Contested
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept

OWN = frozenset(ALL_CLASSES - {FieldClass.IDENTITY})
"""What one sees of oneself: all but who reported it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal about somebody, with its pattern in words where its policy still loads."""

    kept: Kept
    words: Text | None


def signs(record: Record, connection: Connection, person: str, act: Act) -> list[Sign]:
    """Return the signals about somebody, the newest first."""
    policies = record.catalogue.policies(connection, act.today)
    found = []
    for kept in signals.search(connection, signals.Query(key=person), 50):
        if kept.unit.key_path.startswith(("manager.", "person.")):
            policy = policies.get(kept.unit.policy)
            patterns = () if policy is None else policy.rule_set.patterns
            words = next((each.because for each in patterns if each.id == kept.unit.pattern), None)
            found.append(Sign(kept, words))
    return found


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything somebody said about one thing, the newest first, and what it is."""

    subject: Subject
    said: Sequence[Contested]

    @property
    def last(self) -> Contested:
        """Return what was said last."""
        return self.said[0]

    @property
    def waits(self) -> bool:
        """Say whether something of it waits for an answer."""
        return any(each.answer is None for each in self.said)


def threads(record: Record, connection: Connection, person: str, act: Act) -> dict[tuple[str, str], Thread]:
    """Return what somebody has contested by sort and which, what was said last first."""
    found = contests.of_person(connection, person)
    known = statements.subjects(connection, record.catalogue.policies(connection, act.today), found)
    said: dict[tuple[str, str], list[Contested]] = {}
    for each in found:
        said.setdefault(each.key, []).append(each)
    return {key: Thread(known[key], every) for key, every in said.items()}
