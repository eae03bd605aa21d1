"""Facts to try a policy with, from what the record holds: a customer, a deal, a recorded decision.

Only what the reader may see is found, and of what is found values of other classes than the reader's stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection, func, or_, select

from policy.engine import Policy
from policy.model.fields import Group, Rows
from webadmin.access.circle import Circle
from webadmin.access.members import Member
from webadmin.access.rights import Right
from webadmin.access.sight import sight_of
from webadmin.access.telling import class_of, policy_of
from webadmin.filling.candidates import Candidates, candidates
from webadmin.ids import is_id
from webadmin.roster import facts as roster
from webadmin.rulesets.trying import Given, Source
from webadmin.store import audit, decisions, naming, sifting
from webadmin.store.audit import Action
from webadmin.store.dated import Of
from webadmin.store.decisions import Found, term
from webadmin.store.naming import Named
from webadmin.store.recompute import parsed
from webadmin.store.record import Record
from webadmin.store.revisions import Act
from webadmin.store.sifting import Sought
from webadmin.store.tables import CUSTOMERS, DEALS
from webadmin.store.writer import Transaction

MOST = 6
"""Things of one sort that are offered."""

LONGEST = 100
"""Characters that are looked for."""

CUSTOMER, DEAL, DECISION = "customer", "deal", "decision"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who fills a form, in what; `circle` is whom they see."""

    record: Record
    connection: Connection
    member: Member
    act: Act
    circle: Circle


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to fill a form from.

    Attributes:
        sort: `customer`, `deal` or `decision`.
        customer: The customer it is or concerns; None for none.
        said: What else tells it from others: a day, a state.
    """

    sort: str
    id: str
    customer: Named | None
    said: Any = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a form is filled with.

    Attributes:
        of: Whom the record says this was read of, and which sort that is.
    """

    given: Given
    of: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record holds of something.

    Attributes:
        whole: The same with what the reader may not see.
    """

    facts: Mapping[str, Any]
    whole: Mapping[str, Any]
    as_of: str | None
    said: str


def cleaned(text: str) -> str:
    """Return what is looked for: at most `LONGEST` characters, none of them invisible."""
    return "".join(each for each in text if each.isprintable()).strip()[:LONGEST]


def offers(reader: Reader, policy: str, text: str) -> list[Offer]:
    """Return what fits a text, a few of each sort: customers by name or id, deals and decisions by id or customer.

    Without a text these are the decisions of the policy and the deals told last.
    """
    found = _customers(reader, text) if text else []
    known = [each.id for each in found]
    shown = [Offer(CUSTOMER, each.id, each) for each in found]
    shown += _deals(reader, text, known)
    if reader.member.may(Right.TEAM):
        shown += _decisions(reader, policy, text, known)
    return shown


def _customers(reader: Reader, text: str) -> list[Named]:
    columns, wanted = CUSTOMERS.c, text.lower()
    shown = (columns.id, columns.name, columns.name_en)
    exact = naming.named(reader.connection, Of.CUSTOMER, [text]).values()
    result = {each.id: each for each in exact if reader.circle.sees(Of.CUSTOMER, each.id)}
    fits = or_(*(func.lower(each).contains(wanted, autoescape=True) for each in shown))
    with reader.connection.execute(select(*shown).where(fits).order_by(columns.id)) as rows:
        for row in rows:
            if len(result) >= MOST:
                break
            if reader.circle.sees(Of.CUSTOMER, row.id):
                result[row.id] = Named(Of.CUSTOMER, *row)
    return list(result.values())[:MOST]


def _deals(reader: Reader, text: str, customers: Sequence[str]) -> list[Offer]:
    columns = DEALS.c
    chosen = select(columns.id, columns.customer_id, columns.owner_id, columns.stage, columns.closed_on)
    if text:
        chosen = chosen.where(or_(columns.id == text, columns.customer_id.in_(customers)))
    found: list[Any] = []
    with reader.connection.execute(chosen.order_by(columns.id.desc())) as rows:
        for row in rows:
            if len(found) >= MOST:
                break
            if _sees_deal(reader.circle, row):
                found.append(row)
    names = naming.named(reader.connection, Of.CUSTOMER, [row.customer_id for row in found if row.customer_id])
    return [Offer(DEAL, row.id, names.get(row.customer_id), row.closed_on) for row in found]


def _sees_deal(circle: Circle, row: Any) -> bool:
    """Say whether a deal is seen: with its customer, where it has none with whoever holds it."""
    if row.customer_id is not None:
        return circle.sees(Of.CUSTOMER, row.customer_id)
    return circle.is_all or (row.owner_id is not None and circle.sees(Of.PERSON, row.owner_id))


def _decisions(reader: Reader, policy: str, text: str, customers: Sequence[str]) -> list[Offer]:
    if text and is_id(text):
        names = [text]
    elif text:
        terms = {term(Of.CUSTOMER, each) for each in customers} | {term("subject", text)}
        names = sifting.newest(reader.connection, Sought((tuple(sorted(terms)),), policy), MOST * 4)
    else:
        names = newest(reader, policy, (), MOST)
    found = sifting.rows(reader.connection, reader.circle.readable(reader.connection, names)[:MOST])
    kept = [each for each in found if each.policy == policy and each.erased_by is None]
    about = sifting.terms_of(reader.connection, [each.id for each in kept], Of.CUSTOMER)
    known = naming.named(reader.connection, Of.CUSTOMER, {value for each in about.values() for value in each})
    return [
        Offer(DECISION, each.id, known.get(next(iter(about.get(each.id, ())), "")), each.recorded_at) for each in kept
    ]


def newest(reader: Reader, policy: str, terms: Sequence[tuple[str, ...]], most: int) -> list[str]:
    """Return the ids of the newest decisions under a policy that hold one of each of some terms and may be seen."""
    if not reader.member.may(Right.TEAM):
        return []
    sought = tuple(terms)
    if not reader.circle.is_all:
        sought += (reader.circle.terms(reader.connection),)
    return sifting.newest(reader.connection, Sought(sought, policy), most)


def hitting(reader: Reader, policy: Policy, rule: str) -> Facts | None:
    """Return the facts of the newest decision that a rule hit and the reader may see, None where there is none."""
    for name in newest(reader, policy.id, [(term("hit", rule),)], 1):
        return from_decision(reader, policy, name)
    return None


def from_customer(reader: Reader, policy: Policy, name: str) -> Facts | None:
    """Return what is known of a customer today, None where there is none the reader sees."""
    who = naming.named(reader.connection, Of.CUSTOMER, [name]).get(name)
    if who is None or who.id != name or not reader.circle.sees(Of.CUSTOMER, name):
        return None
    known = roster.facts_of_customer(reader.connection, name, reader.act.today)
    offered = _candidates(reader, policy, known)
    known |= {} if offered is None else {"managers": list(offered.managers)}
    said = gettext("the customer %(name)s", name=who.name or who.id)
    given = _seen(reader, policy, _Known(known, known, None, said))
    return Facts(replace(given, source=replace(given.source, candidates=offered)), (name, CUSTOMER))


def _candidates(reader: Reader, policy: Policy, known: Mapping[str, Any]) -> Candidates | None:
    """Return the candidates the reader sees, where the policy chooses among them."""
    if not isinstance(policy.reader.group.members.get("managers"), Rows):
        return None
    policies = reader.record.catalogue.policies(reader.connection, reader.act.today)
    return candidates(reader.connection, policies, reader.act.today, reader.circle, known["customer"])


def from_deal(reader: Reader, policy: Policy, name: str) -> Facts | None:
    """Return the facts of a deal as it was last told, None where there is none the reader sees."""
    columns = DEALS.c
    chosen = select(columns.customer_id, columns.owner_id, columns.closed_on, columns.facts).where(columns.id == name)
    row = reader.connection.execute(chosen).first()
    if row is None or not _sees_deal(reader.circle, row):
        return None
    said = gettext("the deal %(name)s", name=name)
    known, closed = roster.read_facts(row.facts), row.closed_on
    day = None if closed is None else closed.isoformat()
    return Facts(_seen(reader, policy, _Known(known, known, day, said)), (name, DEAL))


def from_decision(reader: Reader, policy: Policy, name: str) -> Facts | None:
    """Return the facts of a decision, None where there is none the reader sees or they are not kept any more."""
    found = decisions.find(reader.connection, name) if is_id(name) and reader.member.may(Right.TEAM) else None
    if found is None or found.body is None or found.policy != policy.id:
        return None
    if not reader.circle.readable(reader.connection, [name]):
        return None
    body, then = parsed(found.body), _decider(reader, found)
    if then is None:  # nobody can tell what may be seen of it
        return None
    sight = sight_of(then, reader.member.classes)
    policies = reader.record.catalogue.policies(reader.connection, reader.act.today)
    events, hidden = sight.events(body["events"], class_of(policies))
    said = gettext("the decision %(name)s", name=name)
    known = _Known(_present(sight.facts(body["facts"])[0]), body["facts"], body["decision"]["as_of"], said)
    given = _seen(reader, policy, known)
    if hidden:
        given = replace(given, source=replace(given.source, hidden=(*given.source.hidden, None)))
    return Facts(replace(given, events=() if hidden else events), (name, DECISION))


def _decider(reader: Reader, found: Found) -> Policy | None:
    closure = parsed(found.body or "{}")["decision"]["closure"]
    policies = reader.record.catalogue.policies(reader.connection, reader.act.today)
    return policy_of(reader.record, reader.connection, found, closure, policies)


def _seen(reader: Reader, policy: Policy, known: _Known) -> Given:
    """Return the part of what is known that the policy takes and the reader may see."""
    group = policy.reader.group
    shown, _ = sight_of(policy, reader.member.classes).facts(roster.declared(group, known.facts))
    shown = _present(shown)
    there = set(_paths(group, shown, ""))
    whole = dict.fromkeys(_paths(group, roster.declared(group, known.whole), ""))
    fields = policy.rule_set.fields
    hidden = tuple(fields[path] for path in whole if path not in there and path in fields)
    return Given(shown, known.as_of, (), Source(known.said, hidden))


def _present(value: Any) -> Any:
    """Return plain data without what is null: what may not be seen is not said to be empty, it is not there."""
    if isinstance(value, Mapping):
        return {name: _present(each) for name, each in value.items() if each is not None}
    return [_present(each) for each in value if each is not None] if isinstance(value, list | tuple) else value


def _paths(group: Group, facts: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Yield the paths of the fields that have a value, `[]` for any row of a list."""
    for name, member in group.members.items():
        value, path = facts.get(name), f"{prefix}{name}"
        if value is None:
            continue
        if isinstance(member, Group):
            yield from _paths(member, value, f"{path}.")
        elif isinstance(member, Rows):
            for row in value:
                yield from _paths(member.item, row, f"{path}[].")
        else:
            yield path


def note_read(transaction: Transaction, act: Act, of: tuple[str, str]) -> None:
    """Leave the audit entry of somebody having read a customer, a deal or a decision to try a policy with."""
    audit.note(transaction, act.now, act.actor, Action.READ, of[0], {"of": of[1], "for": "trial"})
