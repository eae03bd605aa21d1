"""What decisions are sought, as an address says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, Form, StringField, ValidationError
from wtforms.validators import Length, Optional

from policy.model.decision import Status
from webadmin import dayfields

LONGEST = 300

OLDEST = "oldest"
"""The order that is not the usual one, as the address says it."""

_TEXT = (Length(max=LONGEST, message=_("At most 300 characters.")),)


class SearchForm(Form):
    """Filters of the list; every one may be left empty."""

    policy = StringField(_("Policy"), _TEXT)
    status = StringField(_("Status"), _TEXT)
    hit = StringField(_("Rule that hit"), _TEXT)
    outcome = StringField(_("Outcome"), _TEXT, description=_("as in stages:director"))
    person = StringField(_("Person"), _TEXT, description=_("a name, part of one, or a number"))
    customer = StringField(_("Customer"), _TEXT, description=_("a name, part of one, or a number"))
    subject = StringField(_("Subject"), _TEXT, description=_("number of the order, deal or case"))
    revision = StringField(_("Revision"), _TEXT, description=_("number, or beginning of the digest"))
    since = DateField(_("From"), [Optional()])
    until = DateField(_("Up to and including"), [Optional()])

    sort = StringField(_("Sort by"))

    def filters(self) -> dict[str, str]:
        """Return what is asked for, as the address says it."""
        said = ((each.name, _written(each)) for each in self if each is not self.sort)
        return {name: text for name, text in said if text}

    @property
    def is_rising(self) -> bool:
        """Say whether the oldest come first; any other order is the newest first."""
        return bool(self.sort.data == OLDEST)

    def order(self) -> dict[str, str]:
        """Return in which order, as the address says it: nothing where it is the usual one."""
        return {"sort": OLDEST} if self.is_rising else {}

    @property
    def day_after(self) -> date | None:
        """Return the first day that is too late, None where every day fits."""
        found: date | None = self.until.data
        return None if found is None else found + timedelta(days=1)

    def validate_status(self, field: StringField) -> None:
        """Refuse a status there is not."""
        if field.data and field.data not in {str(each) for each in Status}:
            raise ValidationError(_("There is no such status."))

    def validate_since(self, field: DateField) -> None:
        """Refuse days nothing can tell."""
        dayfields.possible(field)

    def validate_until(self, field: DateField) -> None:
        """Refuse days nothing can tell, and a period that ends before it begins."""
        dayfields.possible(field)
        begin, end = self.since.data, field.data
        if begin is not None and end is not None and end < begin:
            raise ValidationError(_("The period ends before it begins."))

    def problems(self) -> Mapping[str, str]:
        """Return what cannot be read, by field."""
        return dayfields.problems(self, ("since", "until"))


def _written(field: Field) -> str:
    raw = field.raw_data[0] if field.raw_data else ""
    return str(raw).strip()
