"""One customer: what held, deals and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from policy.engine import Policies
from policy.model.document import FieldClass, VocabularyDocument
from webadmin import recounting, scored
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.access.telling import secret
from webadmin.reassigning import keeping
from webadmin.reassigning.keeping import Reason
from webadmin.reassigning.ranking import Rival
from webadmin.reassigning.scene import VALUES
from webadmin.recounting import Told
from webadmin.roster.facts import read_facts
from webadmin.roster.wording import currency_of
from webadmin.scored import Term
from webadmin.store import histories, imports, naming
from webadmin.store.dated import Of
from webadmin.store.decisions import term
from webadmin.store.histories import Held
from webadmin.store.imports import Import
from webadmin.store.logins import Role
from webadmin.store.naming import Named
from webadmin.store.tables import DEALS, EVENT_TERMS, EVENTS
from webadmin.store.things import FACT

PAGE = 20
HAPPENED = 20


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what kinds of values and whom they see."""

    connection: Connection
    policies: Policies
    classes: frozenset[FieldClass]
    circle: Circle


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as the page shows it; amount and currency are None where none is known."""

    id: str
    stage: str
    opened_on: date | None
    closed_on: date | None
    amount: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """How a customer changed hands by a plan.

    Attributes:
        terms: What the score of whoever took it is made of, each term with the value it had for the rival, in 0..1.
        rival: The second best, or whom the policy proposed where by hand; None where there is none the reader may know.
        is_rival_hidden: Whether there is one whom the reader does not see.
    """

    reason: Reason
    terms: Sequence[tuple[Term, Decimal | None]]
    rival: Rival | None
    is_rival_hidden: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One customer; `more` says whether there are further deals, `moves` by which plans it changed hands.

    Attributes:
        gone: The import that added it and was taken back, where nothing holds of it any more.
    """

    who: Named
    history: Sequence[Held]
    deals: Sequence[Deal]
    more: bool
    events: Sequence[Told]
    moves: Sequence[Moved]
    people: Mapping[str, Named]
    gone: Import | None


def hidden(policies: Policies, classes: frozenset[FieldClass]) -> frozenset[str]:
    """Return the attributes of customers that a reader of some classes does not see, by the vocabulary in effect."""
    documents = (each for each in policies.documents if isinstance(each, VocabularyDocument))
    fields = {path: options for each in documents for path, options in each.fields.items()}
    closed = [path for path, each in fields.items() if (each.class_ or FieldClass.OPEN) not in classes]
    return frozenset(name for path in closed if path.startswith(FACT) for name in (path, path.removeprefix(FACT)))


def worth(policies: Policies, classes: frozenset[FieldClass]) -> list[str]:
    """Return the attributes that say what a customer is worth, as far as a reader of some classes sees them."""
    closed = hidden(policies, classes)
    return [each for each in (f"{FACT}{name}" for name in VALUES) if each not in closed]


def customer(
    connection: Connection,
    policies: Policies,
    name: str,
    page: int,
    eyes: tuple[frozenset[FieldClass], Circle],
    member: Member | None = None,
) -> Seen | None:
    """Return one customer with a page of deals; None where none has that id.

    Args:
        connection: To the record.
        policies: Those in effect today.
        name: The id.
        page: Which page of the deals.
        eyes: Classes of values the reader sees, and whom.
        member: Who reads; None: somebody who made no plan.
    """
    classes, circle = eyes
    who = naming.named(connection, Of.CUSTOMER, [name]).get(name)
    if who is None or who.id != name:
        return None
    deals = _deals(connection, policies, name, page)
    history = histories.history(connection, Of.CUSTOMER, name, hidden(policies, classes))
    moves = [_moved(policies, _readable(each, member), circle) for each in keeping.reasons(connection, name)]
    ids = {each for move in moves for each in (move.reason.giver, move.reason.taker)}
    ids |= {move.rival.person for move in moves if move.rival is not None}
    people = naming.named(connection, Of.PERSON, ids)
    happened = _events(Reader(connection, policies, classes, circle), name)
    gone = None if history else imports.taken_back(connection, str(Of.CUSTOMER), name)
    return Seen(who, history, deals[:PAGE], len(deals) > PAGE, happened, moves, people, gone)


def _readable(reason: Reason, member: Member | None) -> Reason:
    """Return why a customer changed hands, with the name of the plan for its author and who audits alone."""
    is_told = member is not None and (reason.author == member.actor or member.role in (Role.ADMIN, Role.AUDITOR))
    return reason if is_told else reason.without_name()


def _moved(policies: Policies, reason: Reason, circle: Circle) -> Moved:
    """Return how a customer changed hands; of others' scores only those of whom the reader sees."""
    own = reason.terms if circle.sees(Of.PERSON, reason.taker) else ()
    rival = reason.rival if reason.rival is not None and circle.sees(Of.PERSON, reason.rival.person) else None
    theirs = {} if rival is None else {each.id: each.value for each in rival.terms}
    said = zip(scored.terms(policies, reason.policy, own), own, strict=True)
    terms = [(term, theirs.get(share.id)) for term, share in said]
    return Moved(reason, terms, rival, reason.rival is not None and rival is None)


def _deals(connection: Connection, policies: Policies, name: str, page: int) -> list[Deal]:
    columns = DEALS.c
    chosen = select(columns.id, columns.stage, columns.opened_on, columns.closed_on, columns.facts)
    chosen = chosen.where(columns.customer_id == name).order_by(columns.opened_on.desc(), columns.id.desc())
    rows = connection.execute(chosen.limit(PAGE + 1).offset((page - 1) * PAGE))
    told = [(row, read_facts(row.facts)) for row in rows]
    return [Deal(*row[:4], _amount(facts), currency_of(policies, facts)) for row, facts in told]


def _amount(facts: Mapping[str, Any]) -> Decimal | None:
    order = facts.get("order")
    found = order.get("amount") if isinstance(order, dict) else None
    return found if isinstance(found, Decimal) else None


def _events(reader: Reader, name: str) -> list[Told]:
    """Return the newest events about a customer, without those that would name who reported."""
    terms, columns = EVENT_TERMS.c, EVENTS.c
    chosen = select(*recounting.COLUMNS).join(EVENT_TERMS, terms.row_id == columns.id)
    chosen = chosen.where(
        terms.term == term("customer.id", name), columns.type.not_in(secret(reader.policies, reader.classes))
    ).order_by(columns.time.desc(), columns.id.desc())
    rows = reader.connection.execute(chosen.limit(HAPPENED)).all()
    return [recounting.told(reader, row, but={"customer.id": name}) for row in rows]
