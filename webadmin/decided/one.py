"""What the page of one decision shows, and what recomputing it proves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from policy.engine import Policy
from policy.errors import FactsError, PolicyError
from policy.kinds.scorecard import ScorecardResult
from policy.model.canonical import canonical_json
from policy.model.decision import Decision
from policy.model.document import FieldClass
from policy.model.reading import pointed
from policy.runtime.explain import DecisionExplanation
from policy.values import Text
from webadmin import filters, recounting
from webadmin.access.sight import Sight, sight_of
from webadmin.access.telling import Teller, secret
from webadmin.decided import service
from webadmin.decided.service import Line, Reader
from webadmin.decisions.differing import differences
from webadmin.explaining import Explained, rows
from webadmin.ids import is_id
from webadmin.recounting import Told
from webadmin.store import decisions, histories, naming, proof, sifting
from webadmin.store.dated import Of
from webadmin.store.decisions import Found, term
from webadmin.store.naming import Named
from webadmin.store.proof import Place
from webadmin.store.recompute import Recomputed, parsed, recompute
from webadmin.store.sifting import Sought
from webadmin.store.tables import EVENT_TERMS, EVENTS, REVISIONS

RELATED = 5
HAPPENED = 10
MOST_DIFFERENCES = 50


class Today(StrEnum):
    """What today's rules say to the same facts.

    `same-texts`: they are the very texts it was decided by; `same`: others, with the same answer; `unfit`: they ask for
    other facts; `gone`: the policy is not in effect or does not load.
    """

    SAME_TEXTS = "same-texts"
    SAME = "same"
    DIFFERENT = "different"
    UNFIT = "unfit"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Now:
    """What today's rules say.

    Attributes:
        then: Number of the revision it was decided by; None where it is not kept.
        now: Number of the revision in effect today; None for none.
        answer: In one sentence; None where there is none or it is hidden.
        problems: Why the facts do not fit.
    """

    today: Today
    then: int | None
    now: int | None
    answer: str | None = None
    problems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of the facts.

    Attributes:
        path: `credits[0].amount`.
        field: The path as fields have it: `credits[].amount`.
        hidden: Class of a value that is hidden; None where it is shown.
        who: Whom or which team the value names, where the reader sees them.
    """

    path: str
    field: str
    value: Any
    hidden: FieldClass | None = None
    who: Named | Text | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One decision for one reader.

    Attributes:
        policy: What it was decided by; None where it is erased or no longer loads.
        explained: None where it cannot be explained: the same, or today's engine says something else.
        hidden: Whether something is hidden of outcome, result or reasons.
    """

    found: Found
    policy: Policy | None
    subject: str | None
    about: Sequence[Named | str]
    explained: Explained | None = None
    facts: Sequence[Fact] = ()
    hidden: bool = False
    now: Now | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What deciding once more came to; digests are None where the reader may not see all of the decision."""

    again: Recomputed
    recorded: str | None
    now: str | None
    differences: Sequence[Mapping[str, Any]]
    place: Place | None


def find(reader: Reader, name: str) -> Found | None:
    """Return a decision, None where there is none or it concerns nobody the reader may see."""
    found = decisions.find(reader.connection, name) if is_id(name) else None
    return found if found is not None and reader.circle.readable(reader.connection, [name]) else None


def seen(reader: Reader, found: Found) -> Seen:
    """Return a decision as the reader sees it."""
    subject, about = _about(reader, found.id)
    policy = reader.policy_of(found)
    if policy is None or found.body is None:
        return Seen(found, None, subject, about)
    body, sight = parsed(found.body), sight_of(policy, reader.classes)
    facts = list(_with_names(reader, policy, list(_facts(sight, policy, body["facts"]))))
    explained, hidden = _explained(reader, policy, sight, body)
    return Seen(found, policy, subject, about, explained, facts, hidden, _now(reader, policy, body))


def _about(reader: Reader, name: str) -> tuple[str | None, list[Named | str]]:
    subject = next(iter(sifting.terms_of(reader.connection, [name], "subject").get(name, ())), None)
    whom: list[Named | str] = []
    for of in (Of.CUSTOMER, Of.PERSON):
        values = sifting.terms_of(reader.connection, [name], of).get(name, [])
        known = service.named(reader, of, values)
        whom += [known.get(value, value) for value in service.first(values, subject)]
    return subject, whom


def _explained(reader: Reader, policy: Policy, sight: Sight, body: Mapping[str, Any]) -> tuple[Explained | None, bool]:
    again = _decided(policy, body)
    if again is None or again.to_json() != canonical_json(body["decision"]):
        return None, False
    data, hidden = sight.decision(body["decision"], body["facts"])
    shown = [each for each in hidden if each.startswith(("/decision/outcome", "/decision/result"))]
    explanation = again.explanation
    if not isinstance(explanation, DecisionExplanation):
        return None, False
    why = sight.explanation(explanation, body["facts"], reader.language)
    result = None if any(each.startswith("/decision/result") for each in shown) else again.result
    if not shown and isinstance(again.result, ScorecardResult):
        why = {**why, "given": explanation.given(reader.language, reader.classes)}
    outcome = rows(again.outcome) if not shown else rows(data["outcome"])
    return Explained(policy, again, why, outcome, result, reader.classes), bool(shown)


def _decided(policy: Policy, body: Mapping[str, Any]) -> Decision | None:
    try:
        return policy.decide(body["facts"], as_of=body["decision"]["as_of"], events=body["events"], explain=True)
    except PolicyError:
        return None


def _facts(sight: Sight, policy: Policy, facts: Mapping[str, Any]) -> Iterator[Fact]:
    hidden = set(sight.facts(facts, "")[1])
    yield from _below(policy, sight, facts, ("", "", ""), hidden)


def _below(policy: Policy, sight: Sight, value: Any, place: tuple[str, str, str], hidden: set[str]) -> Iterator[Fact]:
    """Yield the facts below a place: its path, the path as fields have it, and its pointer."""
    path, field, pointer = place
    if isinstance(value, Mapping) and field not in policy.rule_set.fields:
        for name, each in value.items():
            dot = "." if path else ""
            below = (f"{path}{dot}{name}", f"{field}{dot}{name}", pointed(pointer, name))
            yield from _below(policy, sight, each, below, hidden)
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for at, each in enumerate(value):
            yield from _below(policy, sight, each, (f"{path}[{at}]", f"{field}[]", pointed(pointer, at)), hidden)
    elif pointer in hidden:
        yield Fact(path, field, None, sight.class_of(field) or FieldClass.IDENTITY)
    else:
        yield Fact(path, field, value)


def _with_names(reader: Reader, policy: Policy, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield facts with whom they name, where the reader sees them."""
    sorts = {each.path: _names(policy, each) for each in facts}
    known: dict[Of | None, Mapping[str, Named | Text]] = {None: {}}
    for of in (Of.PERSON, Of.CUSTOMER):
        found = naming.named(reader.connection, of, {each.value for each in facts if sorts[each.path] is of})
        known[of] = {value: who for value, who in found.items() if reader.circle.sees(of, who.id)}
    teams = histories.team_names(reader.connection) if any(map(_is_team, facts)) else {}
    for each in facts:
        names = teams if _is_team(each) else known[sorts[each.path]]
        yield replace(each, who=names.get(each.value)) if isinstance(each.value, str) else each


def _names(policy: Policy, fact: Fact) -> Of | None:
    """Return what a fact may name: a person where the field is personal, a customer where it is its id."""
    field = policy.rule_set.fields.get(fact.field)
    if not isinstance(fact.value, str) or field is None:
        return None
    if fact.field.rpartition("[].")[2] == "customer.id":
        return Of.CUSTOMER
    return Of.PERSON if field.class_ is FieldClass.PERSONAL and not field.names else None


def _is_team(fact: Fact) -> bool:
    return fact.field.endswith(".team") and isinstance(fact.value, str)


def _now(reader: Reader, then: Policy, body: Mapping[str, Any]) -> Now:
    """Decide the same facts by today's rules; nothing of it is kept."""
    current = reader.policies.get(then.id)
    numbers = (
        _number(reader, then.id, then.digest),
        None if current is None else _number(reader, then.id, current.digest),
    )
    if current is None:
        return Now(Today.GONE, *numbers)
    if dict(current.rule_set.closure) == body["decision"]["closure"]:
        return Now(Today.SAME_TEXTS, *numbers)
    try:
        made = current.decide(body["facts"], as_of=body["decision"]["as_of"], events=body["events"], explain=True)
    except FactsError as error:
        return Now(Today.UNFIT, *numbers, problems=[each.text(reader.language) for each in error.problems[:10]])
    except PolicyError as error:
        return Now(Today.UNFIT, *numbers, problems=[str(error)])
    answer = None
    if isinstance(made.explanation, DecisionExplanation):
        said = sight_of(current, reader.classes).answer(made.explanation, body["facts"], reader.language)
        answer = filters.monetary(said)
    parts = ("status", "outcome", "result")
    before, after = body["decision"], made.to_data()
    is_same = all(canonical_json(before[each]) == canonical_json(after[each]) for each in parts)
    return Now(Today.SAME if is_same else Today.DIFFERENT, *numbers, answer)


def _number(reader: Reader, policy: str, digest: str) -> int | None:
    chosen = select(REVISIONS.c.number).where(REVISIONS.c.document == policy, REVISIONS.c.digest == digest)
    found: int | None = reader.connection.execute(chosen).scalar_one_or_none()
    return found


def related(reader: Reader, this: Seen) -> list[Line]:
    """Return the newest other decisions about the same subject or customer that the reader may see."""
    terms = [] if this.subject is None else [term("subject", this.subject)]
    terms += [term(Of.CUSTOMER, _id(each)) for each in this.about if not _is(each, Of.PERSON)]
    if not terms:
        return []
    asked = reader.only_seen(Sought((tuple(dict.fromkeys(terms)),)))
    names = [each for each in sifting.newest(reader.connection, asked, RELATED + 1) if each != this.found.id]
    return service.lines(reader, sifting.rows(reader.connection, names[:RELATED]))


def happened(reader: Reader, this: Seen) -> list[Told]:
    """Return the latest events about the same subject, or a customer the reader sees; none that names who reported."""
    terms = [] if this.subject is None else [term("subject", this.subject)]
    customers = [each for each in this.about if isinstance(each, Named) and each.of is Of.CUSTOMER]
    terms += [term("customer.id", each.id) for each in customers if reader.circle.sees(Of.CUSTOMER, each.id)]
    if not terms:
        return []
    places = EVENT_TERMS.c
    latest = select(places.row_id, places.time).where(places.term.in_(terms)).distinct()
    but = secret(reader.policies, reader.classes)
    if but:
        latest = latest.join(EVENTS, EVENTS.c.id == places.row_id).where(EVENTS.c.type.not_in(but))
    newest = (places.time.desc(), places.row_id.desc())  # ids rise as events are told
    names = [row.row_id for row in reader.connection.execute(latest.order_by(*newest).limit(HAPPENED))]
    chosen = select(*recounting.COLUMNS).where(EVENTS.c.id.in_(names))
    found = {row.id: recounting.told(reader, row) for row in reader.connection.execute(chosen)}
    return [found[name] for name in names if name in found]


def _is(whom: Named | str, of: Of) -> bool:
    return isinstance(whom, Named) and whom.of is of


def _id(whom: Named | str) -> str:
    return whom.id if isinstance(whom, Named) else whom


def proven(reader: Reader, found: Found, policy: Policy | None) -> Proof:
    """Decide a decision once more by the texts in its closure, and look up its place in the chain."""
    body = parsed(found.body or "")
    again = recompute(reader.record.catalogue, reader.connection, body)
    sight = None if policy is None else sight_of(policy, reader.classes)
    sees_all = sight is not None and sight.sees_all
    apart: list[Mapping[str, Any]] = []
    if sight is not None and again.now is not None and again.now != again.recorded:
        then, now = (sight.decision(_plain(each), body["facts"])[0] for each in (again.recorded, again.now))
        apart += list(differences(then, now))[:MOST_DIFFERENCES]
    digests = (_digest(again.recorded), _digest(again.now)) if sees_all else (None, None)
    return Proof(again, *digests, apart, proof.place_of(reader.connection, found.id))


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return found


def _digest(text: str | None) -> str | None:
    return None if text is None else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def as_json(reader: Reader, found: Found) -> str:
    """Return a decision with facts and explanation, as the API gives it to a reader of these classes."""
    teller = Teller(reader.classes, reader.language, "full")
    return canonical_json(teller.recorded(found, reader.policy_of(found), reader.policies))
