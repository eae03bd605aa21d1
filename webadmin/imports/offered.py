"""The fields columns can be taken for, by kind of record, with what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _

from policy.model.document import FieldClass, FieldType
from policy.model.fields import Field
from policy.tables import RecordKind, record_fields
from policy.tables.recordfields import FACTS, FACTS_OF
from policy.tables.recordplan import known_fields
from policy.values import Language, Text
from webadmin import words
from webadmin.roster.words import Words

KINDS = {
    RecordKind.PEOPLE: _("People"),
    RecordKind.CUSTOMERS: _("Customers"),
    RecordKind.DEALS: _("Deals"),
    RecordKind.EVENTS: _("Events"),
    RecordKind.TEAMS: _("Teams"),
    RecordKind.ABSENCES: _("Absences"),
}

MEANINGS = {
    RecordKind.PEOPLE: _("who works here: team, role, region, capacity, quota"),
    RecordKind.CUSTOMERS: _("who is served: owner, tier, region, industry"),
    RecordKind.DEALS: _("what is being sold or was: customer, owner, stage, amount"),
    RecordKind.EVENTS: _("what happened: contacts, complaints, payments"),
    RecordKind.TEAMS: _("teams and which team each belongs to"),
    RecordKind.ABSENCES: _("from when to when somebody is away, without the reason"),
}

ITSELF = {
    RecordKind.PEOPLE: _("The person themselves"),
    RecordKind.CUSTOMERS: _("The customer itself"),
    RecordKind.DEALS: _("The deal itself"),
    RecordKind.EVENTS: _("The event itself"),
    RecordKind.TEAMS: _("The team itself"),
    RecordKind.ABSENCES: _("The absence itself"),
}
"""What the fields a record has of its own are about."""

LABELS = {
    **words.ATTRIBUTES,
    "id": _("Id"),
    "since": _("Holds from"),
    "person": _("Person"),
    "until": _("First day back"),
    "customer": _("Customer"),
    "stage": _("Stage"),
    "opened_on": _("Opened on"),
    "closed_on": _("Closed on"),
    "type": _("Type of event"),
    "subject": _("Subject"),
    "time": _("Time"),
    "source": _("Source"),
}

SINCE = {RecordKind.ABSENCES: _("First day away")}

FACT = "facts/"
"""Beginning of the names of fields that are paths of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The fields of one kind.

    Attributes:
        own: Name → field of its own.
        facts: Path of the vocabulary → field.
        currency: Of amounts that say none; None: not known.
    """

    kind: RecordKind
    own: Mapping[str, Field]
    facts: Mapping[str, Field]
    currency: str | None = None

    @classmethod
    def of(cls, kind: RecordKind, words: Words) -> Offered:
        """Return the fields of a kind by the words in effect."""
        known = known_fields(kind, words.vocabulary)
        own = {name: _named(name, each, known) for name, each in record_fields(kind, known).items()}
        start = FACTS_OF.get(kind, "")
        open_ = {path: each for path, each in known.items() if _is_open(path, each, start)} if kind in FACTS else {}
        doubled = {f"{start}{name}" for name in own if name != "since"} if start else set()  # `since` dates the row
        return cls(kind, own, {path: each for path, each in open_.items() if path not in doubled}, words.currency)

    def field(self, name: str) -> Field | None:
        """Return the field of a name, as `label` takes it."""
        return self.facts.get(name.removeprefix(FACT)) if name.startswith(FACT) else self.own.get(name)

    def label(self, name: str) -> Any:
        """Return what a field is called."""
        if name.startswith(FACT):
            path = name.removeprefix(FACT)
            found = self.facts.get(path)
            return path if found is None or found.label is None else found.label
        return SINCE.get(self.kind, LABELS["since"]) if name == "since" else LABELS.get(name, name)

    def called(self, name: str) -> tuple[str, ...]:
        """Return what a field is called on the pages, in every language."""
        label = self.label(name)
        if isinstance(label, Text):
            return (label.zh, label.en)
        found = []
        for each in Language:
            with force_locale(str(each)):
                found.append(str(label))
        return tuple(found)

    def currency_in(self, *told: Mapping[str, Any]) -> str | None:
        """Return the currency of a record by its facts, the first that say one; None: not known."""
        said = (_at(each, _CURRENCY) for each in told)
        return next((each for each in said if isinstance(each, str)), self.currency)

    @property
    def names(self) -> list[str]:
        """Return the names of all fields."""
        return [*self.own, *(f"{FACT}{path}" for path in self.facts)]


_CURRENCY = ("order", "currency")


def _at(facts: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    here: Any = facts
    for each in path:
        here = here.get(each) if isinstance(here, Mapping) else None
    return here


def _named(name: str, field: Field, known: Mapping[str, Field]) -> Field:
    """Return a field with what the vocabulary says of it elsewhere: the names of its values, and what it counts."""
    named, counted = known.get(_ALIKE.get(name, "")), known.get(_COUNTED.get(name, ""))
    if named is not None and not field.names:
        field = replace(field, names=named.names)
    return field if counted is None or field.unit is not None else replace(field, unit=counted.unit)


_ALIKE = {"industries": "customer.industry", "certificates": "customer.industry"}
"""What somebody knows or is certified for are industries of customers."""

_COUNTED = {"quota": "person.quota", "monthly_wage": "manager.monthly_wage"}
"""Amounts of people, and the paths that say their currency or where it stands."""


def _is_open(path: str, field: Field, start: str) -> bool:
    if field.class_ is FieldClass.FORBIDDEN or "[]" in path or not path.startswith(start):
        return False
    is_list = field.type is FieldType.LIST and field.of is not None
    return is_list or field.type not in (FieldType.LIST, FieldType.CONTEXT)
