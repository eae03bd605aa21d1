"""What the page of one's own shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from policy.model.document import FieldClass
from policy.runtime.showing import ALL_CLASSES
from policy.values import Text
from webadmin import statements
from webadmin.statements import Subject
from webadmin.store import contests, dated, naming, signals, standing
from webadmin.store.contests import Contested
from webadmin.store.dated import Of
from webadmin.store.decisions import term
from webadmin.store.naming import Named
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept
from webadmin.store.tables import DECISION_TERMS, DECISIONS

GIVES = "assignment.new-customer"
"""The policy that gives customers to people."""

OWN = frozenset(ALL_CLASSES - {FieldClass.IDENTITY})
"""What one sees of oneself: all but who reported it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A customer somebody holds.

    Attributes:
        since: Since when.
        decision: The decision that chose them for it, where one is on record.
    """

    customer: Named
    since: date
    decision: str | None


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal about somebody, with its pattern in words where its policy still loads."""

    kept: Kept
    words: Text | None


def customers(connection: Connection, person: str, day: date) -> list[Held]:
    """Return the customers somebody holds on a day, those held longest first."""
    held = standing.customers_of(connection, [person], day)
    names = naming.named(connection, Of.CUSTOMER, held)
    spans = dated.lines(connection, Of.CUSTOMER, held, ["owner"]) if held else {}
    since = {name: span.since for (name, _), found in spans.items() for span in found if span.covers(day)}
    chosen = _decisions(connection, held)
    found = [
        Held(names.get(name, Named(Of.CUSTOMER, name, None)), since.get(name, day), chosen.get(name)) for name in held
    ]
    return sorted(found, key=lambda each: (each.since, each.customer.id))


def _decisions(connection: Connection, held: Sequence[str]) -> dict[str, str]:
    """Return the latest decision about who gets each customer, where one is on record."""
    terms = {term("subject", name): name for name in held}
    found: dict[str, str] = {}
    for chunk in dated.chunks(terms):
        chosen = (
            select(DECISION_TERMS.c.term, DECISIONS.c.id)
            .join(DECISIONS, DECISIONS.c.id == DECISION_TERMS.c.decision_id)
            .where(DECISION_TERMS.c.term.in_(chunk), DECISIONS.c.policy == GIVES)
            .order_by(DECISIONS.c.id)
        )
        for name, decision in connection.execute(chosen):
            found[terms[name]] = decision
    return found


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
