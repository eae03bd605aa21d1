"""People, teams and customers, what can be said of them, and why saying it may be refused.

Name, mail address and phone are what they are now; everything else holds from a day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Table

from webadmin.store.dated import LONGEST_VALUE, Of, written
from webadmin.store.tables import CUSTOMERS, PEOPLE, TEAMS

ROLES = ("account-manager", "lead", "director", "finance", "legal", "general-manager", "auditor")
LEADING = ("lead", "director", "general-manager")
"""Roles that see what their team and the teams below it see."""

PERSON_STATES = ("active", "leaving", "left")
CUSTOMER_STATES = ("active", "lost", "public")

ATTRIBUTES: Mapping[Of, tuple[str, ...]] = {
    Of.PERSON: (
        *("team", "role", "status", "region", "regions", "level", "skills", "languages", "industries", "certificates"),
        *("hired_on", "leaves_on", "capacity", "quota", "quota_currency", "monthly_wage"),
    ),
    Of.TEAM: ("parent", "region"),
    Of.CUSTOMER: ("owner", "tier", "region", "industry", "status", "needs"),
}
"""What holds from a day on; of customers also every fact by its path in the vocabulary: `customer.annual_revenue`."""

FACT = "customer."
"""Beginning of the facts of customers."""

CHOICES: Mapping[tuple[Of, str], tuple[str, ...]] = {
    (Of.PERSON, "role"): ROLES,
    (Of.PERSON, "status"): PERSON_STATES,
    (Of.CUSTOMER, "status"): CUSTOMER_STATES,
}

REFERENCES: Mapping[tuple[Of, str], Of] = {
    (Of.PERSON, "team"): Of.TEAM,
    (Of.TEAM, "parent"): Of.TEAM,
    (Of.CUSTOMER, "owner"): Of.PERSON,
}
"""Attributes whose value is an id."""

IDENTITIES: Mapping[Of, tuple[Table, tuple[str, ...]]] = {
    Of.PERSON: (PEOPLE, ("name", "name_en", "email")),
    Of.TEAM: (TEAMS, ("name", "name_en")),
    Of.CUSTOMER: (CUSTOMERS, ("name", "name_en", "phone")),
}
"""The table, and what of it is not dated."""


class Refusal(StrEnum):
    """Why a change is refused."""

    UNKNOWN = "roster-unknown"
    ERASED = "roster-erased"
    ATTRIBUTE = "roster-attribute"
    VALUE = "roster-value"
    CYCLE = "roster-cycle"
    PERIOD = "roster-period"
    CLOSES = "roster-deal-closes"


class RosterError(Exception):
    """A change is refused; nothing of it was written.

    Attributes:
        why: A word that stays the same, the code of its sentence.
        id: Of what was to be changed.
        values: What its sentence names.
    """

    def __init__(self, why: Refusal, name: str, **values: str) -> None:
        super().__init__(f"{why}: {name}: {values}")
        self.why = why
        self.id = name
        self.values = values


@dataclass(frozen=True, slots=True)
class Thing:
    """A person, team or customer.

    Attributes:
        name: What it is called; needed where it is new. What is None stays as it was.
        contact: Mail address of a person, phone of a customer.
    """

    of: Of
    id: str
    name: str | None = None
    name_en: str | None = None
    contact: str | None = None

    def columns(self) -> dict[str, str | None]:
        """Return what is told of it by column of its table."""
        return dict(zip(IDENTITIES[self.of][1], (self.name, self.name_en, self.contact), strict=False))


@dataclass(frozen=True, slots=True)
class Change:
    """A value that holds from a day on, until the next change that stands already.

    Attributes:
        value: Plain data; None: it ends.
    """

    of: Of
    id: str
    attribute: str
    value: Any
    since: date

    def check(self) -> None:
        """Refuse what cannot be said.

        Raises:
            RosterError: there is no such attribute, or the value is none of its values.
        """
        is_fact = self.of is Of.CUSTOMER and self.attribute.startswith(FACT)
        if self.attribute not in ATTRIBUTES[self.of] and not is_fact:
            raise RosterError(Refusal.ATTRIBUTE, self.id, found=self.attribute)
        allowed = CHOICES.get((self.of, self.attribute))
        fits = self.value is None or allowed is None or self.value in allowed
        if not fits or len(written(self.value)) > LONGEST_VALUE:
            raise RosterError(Refusal.VALUE, self.id, attribute=self.attribute, found=str(self.value)[:60])

    @property
    def aim(self) -> Of | None:
        """Return of what its value is an id, None where it is no id or ends."""
        return None if self.value is None else REFERENCES.get((self.of, self.attribute))
