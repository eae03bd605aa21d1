"""What people call what the record holds: attributes and values by the vocabulary, patterns by policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy.engine import Policies
from policy.linker.fields import vocabulary
from policy.linker.log import Log
from policy.model.document import VocabularyDocument
from policy.model.fields import Field
from policy.values import Text
from webadmin.store.dated import Of

_PREFIXES: Mapping[Of, tuple[str, ...]] = {
    Of.PERSON: ("managers[].", "manager.", "person."),
    Of.CUSTOMER: ("customer.",),
    Of.TEAM: (),
}
"""Under which paths the vocabulary declares what holds of somebody; the first that declares it counts."""

_ALIKE: Mapping[str, str] = dict.fromkeys(("industries", "certificates"), "customer.industry")
"""Attributes whose values are those of another field: somebody knows, or is certified for, industries of customers."""

_CURRENCY = "order.currency"


def declared_of(policies: Policies, of: Of) -> dict[str, Field]:
    """Return what the vocabulary declares of people or customers: attribute, with its path or without → field."""
    fields: dict[str, Field] = {}
    for document in policies.documents:
        if isinstance(document, VocabularyDocument):
            fields |= vocabulary(document, Log()).fields
    found: dict[str, Field] = {}
    for prefix in _PREFIXES[of]:
        for path, field in fields.items():
            if path.startswith(prefix):
                named = _named_alike(path.removeprefix(prefix), field, fields)
                found.setdefault(path.removeprefix(prefix), named)
                found.setdefault(path, named)
    return found


def _named_alike(attribute: str, field: Field, fields: Mapping[str, Field]) -> Field:
    """Return a field whose values are those of another one with the names of that."""
    other = fields.get(_ALIKE.get(attribute, ""))
    return field if field.names or other is None else replace(field, names=other.names)


def patterns_of(policies: Policies) -> dict[str, Text]:
    """Return what each pattern of events says, by its id; one without words is left out."""
    every = (each for policy in policies.values() for each in policy.rule_set.patterns)
    return {each.id: each.because for each in every if each.because is not None}


def currency_of(policies: Policies, facts: Mapping[str, Any]) -> str | None:
    """Return the currency of a deal: as its facts say, else as the policies in effect take it; None: not known."""
    order = facts.get("order")
    told = order.get("currency") if isinstance(order, Mapping) else None
    if isinstance(told, str):
        return told
    fields = (each.rule_set.fields.get(_CURRENCY) for each in policies.values())
    return next((str(each.default) for each in fields if each is not None and each.has_default), None)
