"""Decisions as they are kept: the whole facts with what was decided of them, found again by terms.

The canonical body is all there is; every other column is taken from it, so that verification can hold one against
the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, func, select

from policy.engine import Policy
from policy.model.canonical import canonical_json
from policy.model.decision import Decision
from policy.model.document import Subject
from webadmin.ids import end_of, first_of, new_id
from webadmin.store.chain import Chain, digest_of, new_salt
from webadmin.store.tables import DECISION_TERMS, DECISIONS
from webadmin.store.writer import Transaction

PEOPLE_OF_CUSTOMERS = frozenset({"customer.owner", "customer.introduced_by"})
"""Facts of customers that name people."""

LONGEST_TERM = 300
"""Characters of a term; a longer value is found by its beginning and digest."""


@dataclass(frozen=True, slots=True)
class Record:
    """A decision with what makes it part of the record.

    Attributes:
        actor: Who asked.
        text: Canonical text of the decision.
        body: Canonical JSON of everything.
        terms: What it can be found by.
    """

    id: str
    recorded_at: datetime
    actor: str
    decision: Decision
    text: str
    body: str
    terms: tuple[str, ...]


def record(
    policy: Policy,
    decision: Decision,
    facts: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
    events: Sequence[Mapping[str, Any]] = (),
) -> Record:
    """Make a decision part of the record.

    Args:
        policy: Whose decision it is.
        decision: What the engine answered.
        facts: The facts as its reader gives them back (`FactsReader.plain`).
        actor: Who asked.
        now: The instant.
        events: The subject's events as they were given.
    """
    name, text = new_id(now), decision.to_json()
    body = (
        f'{{"actor":{canonical_json(actor)},"decision":{text},"events":{canonical_json(list(events))},'
        f'"facts":{canonical_json(facts)},"id":"{name}","recorded_at":"{now.isoformat()}"}}'
    )
    return Record(name, now, actor, decision, text, body, terms_of(policy, decision, facts))


def append(transaction: Transaction, record: Record) -> None:
    """Put a decision at the end of the record."""
    salt = new_salt()
    decision = record.decision
    transaction.add(
        DECISIONS,
        {
            "id": record.id,
            "recorded_at": record.recorded_at,
            "policy": decision.policy,
            "revision": decision.revision,
            "as_of": decision.as_of,
            "status": str(decision.status),
            "actor": record.actor,
            "closure": closure_digest(decision.closure),
            "salt": salt,
            "body": record.body,
            "erased_by": None,
        },
    )
    transaction.add(DECISION_TERMS, *({"term": term, "decision_id": record.id} for term in record.terms))
    transaction.append(Chain.DECISIONS, record.id, digest_of(salt, record.body))


def recorded(connection: Connection, records: Sequence[Record]) -> frozenset[str]:
    """Return the ids of those records that say what is in the record already.

    The same was decided then from the same facts and events under the same texts; who asked and when may differ.
    """
    found: set[tuple[str, str]] = set()
    subjects = sorted({_subject(each) for each in records})
    for begin in range(0, len(subjects), MOST_TERMS):
        held = (
            select(DECISION_TERMS.c.term, DECISIONS.c.id, DECISIONS.c.body)
            .join(DECISIONS, DECISIONS.c.id == DECISION_TERMS.c.decision_id)
            .where(DECISION_TERMS.c.term.in_(subjects[begin : begin + MOST_TERMS]), DECISIONS.c.body.is_not(None))
        )
        found |= {(row.term, _decided(row.body, row.id)) for row in connection.execute(held)}
    return frozenset(each.id for each in records if (_subject(each), _decided(each.body, each.id)) in found)


MOST_TERMS = 400
"""Terms named in one statement; SQLite takes some thousand."""


def _subject(record: Record) -> str:
    """Return the term of what a decision is about; empty where it is about nothing that has a name."""
    return next((each for each in record.terms if each.startswith("subject=")), "")


def _decided(body: str, name: str) -> str:
    """Return the part of a body that says what was decided from what."""
    return body[body.index('"decision":') : body.rindex(f',"id":"{name}"')]


def closure_digest(closure: Mapping[str, str]) -> str:
    """Return one digest for everything a decision was made by."""
    return f"sha256:{hashlib.sha256(canonical_json(dict(closure)).encode()).hexdigest()}"


def terms_of(policy: Policy, decision: Decision, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a decision is found by: status, hits, outcome, subject, and the people and customers it is about."""
    plain = {"policy": decision.policy, "status": decision.status, "hits": decision.hits, "outcome": decision.outcome}
    return terms(policy.rule_set.document.subject, plain, facts)


def terms(subject: Subject, decision: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a decision is found by, from its plain data; that read out of its body again gives the same.

    Args:
        subject: What its policy decides about.
        decision: `policy`, `status`, `hits` and `outcome`.
        facts: Plain data.
    """
    found = [term("status", decision["status"]), term("policy", decision["policy"])]
    found += [term("hit", rule) for rule in _flat(decision["hits"])]
    found += [term("subject", value) for value in _at(facts, subject.id)]
    for path in subject.about:
        found += [term(_sort(path), value) for value in _at(facts, path)]
    given = decision["outcome"]
    for outcome in given if isinstance(given, list) else [given or {}]:
        for name, value in outcome.items() if isinstance(outcome, Mapping) else ():
            found += [term("outcome", f"{name}:{_text(each)}") for each in _flat([value]) if not _is_number(each)]
    return tuple(dict.fromkeys(found))


def _is_number(value: object) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def term(name: str, value: object) -> str:
    """Return a term; a value too long for the index is cut and told apart by its digest.

    PostgreSQL keeps no NUL in a text: its picture stands for it.
    """
    text = f"{name}={_text(value)}"
    if len(text) <= LONGEST_TERM:
        return text
    return f"{text[: LONGEST_TERM - 65]}#{hashlib.sha256(text.encode()).hexdigest()}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return canonical_json(value) if isinstance(value, Decimal) else str(value).replace("\0", "\u2400")


def _sort(path: str) -> str:
    """Return what is at a path of facts: of a customer that are people, too."""
    return "customer" if path.startswith("customer.") and path not in PEOPLE_OF_CUSTOMERS else "person"


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        elif value is not None and not isinstance(value, Mapping):
            yield value


def _at(facts: Any, path: str) -> list[Any]:
    """Return the values at a path of plain facts, those of every item where it leads through a list."""
    here = [facts]
    for name in path.split("."):
        plain = name.removesuffix("[]")
        here = [each[plain] for each in here if isinstance(each, Mapping) and each.get(plain) is not None]
        here = [item for each in here for item in (each if isinstance(each, list) else [each])]
    return here


@dataclass(frozen=True, slots=True)
class Found:
    """A decision as it lies in the record.

    Attributes:
        body: Canonical JSON; None once erased.
        erased_by: The audit entry that says who erased it.
    """

    id: str
    recorded_at: datetime
    policy: str
    revision: str
    as_of: str
    status: str
    actor: str
    body: str | None
    erased_by: str | None


COLUMNS = [DECISIONS.c[name] for name in Found.__dataclass_fields__]


def find(connection: Connection, name: str) -> Found | None:
    """Return one decision, None where there is none of that id."""
    row = connection.execute(select(*COLUMNS).where(DECISIONS.c.id == name)).first()
    return None if row is None else Found(*row)


@dataclass(frozen=True, slots=True)
class Query:
    """What decisions are sought.

    Attributes:
        terms: Each a set of terms of which one must hold.
        policy: Id of the policy; None: any.
        since: Recorded at this instant or later.
        until: Recorded before this instant.
        before: Id before which the page ends, newest first.
    """

    terms: tuple[tuple[str, ...], ...] = ()
    policy: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: str | None = None


def search(connection: Connection, query: Query, limit: int) -> list[Found]:
    """Return the newest decisions that fit, at most `limit`."""
    chosen = _fitting(select(*COLUMNS), query).order_by(DECISIONS.c.id.desc()).limit(limit)
    return [Found(*row) for row in connection.execute(chosen)]


def count(connection: Connection, query: Query) -> int:
    """Return how many decisions fit."""
    return int(connection.execute(_fitting(select(func.count()).select_from(DECISIONS), query)).scalar_one())


def _fitting(chosen: Select[Any], query: Query) -> Select[Any]:
    """Narrow to what fits; instants by ids, too, which are indexed and have their time in them."""
    if query.policy is not None:
        chosen = chosen.where(DECISIONS.c.policy == query.policy)
    if query.since is not None:
        chosen = chosen.where(DECISIONS.c.recorded_at >= query.since, DECISIONS.c.id >= first_of(query.since))
    if query.until is not None:
        chosen = chosen.where(DECISIONS.c.recorded_at < query.until, DECISIONS.c.id < end_of(query.until))
    if query.before is not None:
        chosen = chosen.where(DECISIONS.c.id < query.before)
    for terms in query.terms:
        holding = select(DECISION_TERMS.c.decision_id).where(DECISION_TERMS.c.term.in_(terms))
        chosen = chosen.where(DECISIONS.c.id.in_(holding))
    return chosen
