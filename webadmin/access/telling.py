"""Writes decisions for a reader: exact digits, hidden values null, explanations in the language asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from policy.engine import Policies, Policy
from policy.errors import PolicyError
from policy.model.canonical import canonical_json
from policy.model.document import FieldClass
from policy.model.events import EventType
from policy.runtime.explain import DecisionExplanation
from policy.values import Language
from webadmin.access.sight import ClassOf, Sight, sight_of
from webadmin.decisions.service import Made
from webadmin.store.decisions import Found
from webadmin.store.recompute import parsed
from webadmin.store.record import Record

_REASONS = ("answer", "because")


class Teller:
    """Writes for one reader.

    Args:
        classes: Classes of values the reader may see.
        language: In which language.
        explain: `none`, `reasons` or `full`.
    """

    def __init__(self, classes: frozenset[FieldClass], language: Language, explain: str) -> None:
        self._classes = classes
        self._language = language
        self._explain = explain

    def made(self, made: Made) -> str:
        """Write a decision made just now."""
        sight = sight_of(made.policy, self._classes)
        kept = made.record
        if sight.sees_all and made.decision.events is None and self._explain == "none":
            return (
                f'{{"actor":{canonical_json(kept.actor)},"decision":{kept.text},"hidden":[],'
                f'"id":"{kept.id}","recorded_at":"{kept.recorded_at.isoformat()}"}}'
            )
        facts = made.facts
        data, hidden = _seen(sight, made.decision.to_data(), facts)
        told: dict[str, Any] = {
            "id": kept.id,
            "recorded_at": kept.recorded_at.isoformat(),
            "actor": kept.actor,
            "decision": data,
            "hidden": hidden,
        }
        if isinstance(made.decision.explanation, DecisionExplanation):
            told["explanation"] = self._explained(sight, made.decision.explanation, facts)
        return canonical_json(told)

    def recorded(self, found: Found, policy: Policy | None, policies: Policies) -> dict[str, Any]:
        """Return a recorded decision, whole, as plain data.

        Args:
            found: As it lies in the record; not erased.
            policy: What it was decided by; None where that does not load any more: nothing is shown of it then.
            policies: Those in effect today, which know the types of events.
        """
        body = parsed(found.body or "")
        facts, events = body["facts"], body["events"]
        if policy is None:
            hidden = ["/decision/outcome", "/decision/result", "/facts", "/events"]
            data = {**body["decision"], "outcome": None, "result": None}
            return {**_head(found), "decision": data, "hidden": hidden, "facts": {}, "events": []}
        sight = sight_of(policy, self._classes)
        data, hidden = _seen(sight, body["decision"], facts)
        shown_facts, hidden_facts = sight.facts(facts)
        shown_events, hidden_events = sight.events(events, class_of(policies))
        told = {
            **_head(found),
            "decision": data,
            "hidden": [*hidden, *hidden_facts, *hidden_events],
            "facts": shown_facts,
            "events": shown_events,
        }
        if self._explain != "none":
            self._add_explanation(told, sight, policy, body)
        return told

    def listed(self, found: Found, policy: Policy | None) -> dict[str, Any]:
        """Return a recorded decision as lists show it."""
        told = {**_head(found), "policy": found.policy, "status": found.status, "as_of": found.as_of}
        if found.body is None:
            return {**told, "decision": None, "hidden": []}
        body = parsed(found.body)
        if policy is None:
            data, hidden = (
                {**body["decision"], "outcome": None, "result": None},
                ["/decision/outcome", "/decision/result"],
            )
        else:
            data, hidden = _seen(sight_of(policy, self._classes), body["decision"], body["facts"])
        return {**told, "decision": data, "hidden": hidden}

    def _add_explanation(self, told: dict[str, Any], sight: Sight, policy: Policy, body: Mapping[str, Any]) -> None:
        try:
            again = policy.decide(body["facts"], as_of=body["decision"]["as_of"], events=body["events"], explain=True)
        except PolicyError:
            return  # recomputing says what is the matter
        if isinstance(again.explanation, DecisionExplanation):
            told["explanation"] = self._explained(sight, again.explanation, body["facts"])

    def _explained(self, sight: Sight, explanation: DecisionExplanation, facts: Mapping[str, Any]) -> dict[str, Any]:
        whole = sight.explanation(explanation, facts, self._language)
        return whole if self._explain == "full" else {name: whole[name] for name in _REASONS}


def _seen(sight: Sight, data: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    if sight.sees_all and data["events"] is None:
        return dict(data), []
    return sight.decision(data, facts)


def _head(found: Found) -> dict[str, Any]:
    return {"id": found.id, "recorded_at": found.recorded_at.isoformat(), "actor": found.actor}


def class_of(policies: Policies) -> ClassOf:
    """Return what knows the class of a value in an event of the types these policies share."""
    return class_in(getattr(policies, "events", {}))


def class_in(declared: Mapping[str, Any]) -> ClassOf:
    """Return what knows the class of a value in an event: by its type where that is declared, else personal."""

    def of(kind: str, path: str) -> FieldClass:
        field = declared[kind].field(path) if kind in declared else None
        return FieldClass.PERSONAL if field is None else field.class_

    return of


def secret(policies: Policies, classes: Collection[FieldClass]) -> list[str]:
    """Return the types of events that name who reported something, unless a reader of some classes sees that, sorted.

    That one of them was told at all, and when, lets the person it is about guess who told it: it stands in no list.
    """
    declared: Mapping[str, EventType] = getattr(policies, "events", {})
    kinds = (
        name
        for name, each in declared.items()
        if any(field.class_ is FieldClass.IDENTITY for field in each.group.fields())
    )
    return [] if FieldClass.IDENTITY in classes else sorted(kinds)


def policy_of(
    record: Record, connection: Connection, found: Found, closure: Mapping[str, str], policies: Policies
) -> Policy | None:
    """Return the policy a decision was made by, today's where that is the same; None where it does not load.

    Args:
        record: Where texts of the past are compiled.
        connection: Where they are read from.
        found: The decision.
        closure: The digests it was made by.
        policies: Those in effect today, asked for once where many decisions are told.
    """
    current = policies.get(found.policy)
    if current is not None and dict(current.rule_set.closure) == dict(closure):
        return current
    return record.catalogue.of_closure(connection, found.policy, closure)
