"""What is to be compared, as addresses and forms say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, StringField, ValidationError
from wtforms.validators import Length, Optional

from webadmin import dayfields

LONGEST = 300

_TEXT = (Length(max=LONGEST, message=_("At most 300 characters.")),)

CHOSEN = ("policy", "one", "one_day", "other", "other_day")
"""What says which revisions are compared."""

HIDDEN = "side-"
"""Stands before these names in the form of the facts, whose own names are paths."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which revisions are compared; texts as they came.

    Attributes:
        policy: Id of the policy; empty where none is chosen yet.
        one: `live`, `day`, `draft` or a number; empty: what suggests itself.
        other: The same.
    """

    policy: str = ""
    one: str = ""
    one_day: str = ""
    other: str = ""
    other_day: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str], form: Mapping[str, str]) -> Choice:
        """Return what an address says, else a form."""
        found = {name: args.get(name) or form.get(f"{HIDDEN}{name}") or "" for name in CHOSEN}
        return cls(**{name: value.strip()[:LONGEST] for name, value in found.items()})

    def to_data(self) -> dict[str, str]:
        """Return it as an address has it."""
        return {name: value for name in CHOSEN if (value := getattr(self, name))}


class RecordedForm(Form):
    """Which recorded decisions are compared; every field may be left empty."""

    since = DateField(_("From"), [Optional()])
    until = DateField(_("Up to and including"), [Optional()])
    person = StringField(_("Person"), _TEXT, description=_("a name, part of one, or a number"))
    team = StringField(_("Team"), _TEXT)
    customer = StringField(_("Customer"), _TEXT, description=_("a name, part of one, or a number"))

    def __init__(self, given: MultiDict[str, str] | None = None, **more: Any) -> None:
        super().__init__(given, **more)

    @property
    def day_after(self) -> date | None:
        """Return the first day that is too late, None where every day fits."""
        found: date | None = self.until.data
        return None if found is None else found + timedelta(days=1)

    def validate_since(self, field: DateField) -> None:
        """Refuse days nothing can tell."""
        dayfields.possible(field)

    def validate_until(self, field: DateField) -> None:
        """Refuse days nothing can tell, and a period that ends before it begins."""
        dayfields.possible(field)
        if self.since.data is not None and field.data is not None and field.data < self.since.data:
            raise ValidationError(_("The period ends before it begins."))

    def problems(self) -> dict[str, str]:
        """Return what cannot be read, by field."""
        return dayfields.problems(self, ("since", "until"))

    def filters(self) -> dict[str, str]:
        """Return what is asked for."""
        texts = {each.name: str(each.raw_data[0] if each.raw_data else "").strip() for each in self}
        return {name: text for name, text in texts.items() if text}
