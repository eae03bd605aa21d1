"""What the page of one's own shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from policy.engine import Policies
from policy.model.document import FieldClass
from policy.runtime.showing import ALL_CLASSES
from policy.values import Text
from webadmin import contested, statements
from webadmin.access.circle import Circle
from webadmin.contested import About
from webadmin.mine import inquiring, resting
from webadmin.mine.inquiring import Inquiry
from webadmin.mine.resting import Reader
from webadmin.recounting import Told
from webadmin.signals import cases
from webadmin.signals.concerning import PATHS, concerning, terms_of
from webadmin.statements import Subject
from webadmin.store import contests, dated, naming
from webadmin.store.contests import Contested, Seen, Sort, Verdict
from webadmin.store.dated import Of
from webadmin.store.naming import Named
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.signals import Kept

OWN = frozenset(ALL_CLASSES - {FieldClass.IDENTITY})
"""What one sees of oneself: all but who reported it."""


MOST_SIGNALS = 50

MOST_TODAY = 10
"""Things that were answered of which is said what stands there today: a line of pay is worked out anew for it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal that concerns somebody.

    Attributes:
        words: Its pattern in words; None where its policy no longer loads.
        customer: Whose customer's it is, where an event about that customer names the person; None where it is theirs.
        case: What was opened because of it; None for nothing.
        events: What it rests on, the oldest first, as they may read it.
    """

    kept: Kept
    words: Text | None
    customer: Named | str | None
    case: Inquiry | None
    events: Sequence[Told]


def signs(record: Record, connection: Connection, person: str, act: Act, circle: Circle) -> list[Sign]:
    """Return the signals that concern somebody, the newest first."""
    policies = record.catalogue.policies(connection, act.today)
    found = concerning(connection, person, MOST_SIGNALS)
    of_customers = {each.unit.key for each in found if each.unit.key_path == "customer.id"}
    named = naming.named(connection, Of.CUSTOMER, of_customers)
    reader = Reader(connection, person, OWN, circle, policies)
    opened = inquiring.inquiries(reader, cases.opened(connection, [each.id for each in found]))
    return [
        Sign(
            each,
            _words(policies, each),
            named.get(each.unit.key, each.unit.key) if each.unit.key_path not in PATHS else None,
            opened.get(each.id),
            resting.events_of(reader, each.finding.events),
        )
        for each in found
    ]


def other_cases(
    record: Record, connection: Connection, person: str, act: Act, circle: Circle, shown: Sequence[Sign]
) -> list[Inquiry]:
    """Return the cases that name somebody and rest on no signal that is shown, the one opened last first."""
    known = {each.kept.id for each in shown}
    found = cases.naming(connection, terms_of(connection, person))
    reader = Reader(connection, person, OWN, circle, record.catalogue.policies(connection, act.today))
    others = inquiring.inquiries(reader, {name: each for name, each in found.items() if name not in known})
    return sorted(others.values(), key=lambda each: each.case.at, reverse=True)


def _words(policies: Policies, kept: Kept) -> Text | None:
    policy = policies.get(kept.unit.policy)
    patterns = () if policy is None else policy.rule_set.patterns
    return next((each.because for each in patterns if each.id == kept.unit.pattern), None)


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything somebody said about one thing, the newest first, and what it is.

    Attributes:
        now: What stands there today, once something of it was answered; None where it is not looked up, or is gone.
    """

    subject: Subject
    said: Sequence[Contested]
    now: Seen | None = None

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
    today = [key for key, every in said.items() if any(_is_decided(each) for each in every)][:MOST_TODAY]
    now = {
        key: contested.stands(record, connection, About(person, every[0].sort, every[0].of), act.today)
        for key, every in said.items()
        if key in today
    }
    return {key: Thread(known[key], every, now.get(key)) for key, every in said.items()}


def _is_decided(each: Contested) -> bool:
    return each.answer is not None and each.answer.verdict is not Verdict.WITHDRAWN and each.seen is not None


def currency(connection: Connection, person: str, act: Act) -> str | None:
    """Return the currency of somebody's quota; None where none is known."""
    held = dated.values_on(connection, Of.PERSON, act.today, ["quota_currency"], [person])
    found: str | None = held.get(person, {}).get("quota_currency")
    return found


def contestable(record: Record, connection: Connection, act: Act) -> frozenset[str]:
    """Return the sorts of what can be contested that the vocabulary in effect knows."""
    declared = record.catalogue.policies(connection, act.today).events.get(contests.TYPE)
    return frozenset(() if declared is None else (str(each) for each in Sort if contests.knows(declared, each)))
