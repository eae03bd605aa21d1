"""What is asked of signals, and what is said where a case is opened."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import Form, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from webadmin import words
from webadmin.store.reasons import says_something

LONGEST = 500
"""Characters of a note."""


class FilterForm(Form):
    """Filters of the list; every one may be left empty."""

    state = SelectField(_("State"), default="")
    policy = SelectField(_("Policy"), default="")

    def offer(self, policies: Sequence[tuple[str, str]]) -> None:
        """Offer the states, and policies: id and title."""
        self.state.choices = [("", _("any")), *((str(state), text) for state, text in words.SIGNAL_STATES.items())]
        self.policy.choices = [("", _("any")), *policies]

    def filters(self) -> dict[str, str]:
        """Return what is asked for, as the address says it; what is not offered counts as not said."""
        both = (self.state, self.policy)
        return {each.name: each.data for each in both if each.data and each.data in _values(each)}


class CasesForm(FilterForm):
    """Filters of the list of cases; every one may be left empty."""

    def offer(self, policies: Sequence[tuple[str, str]]) -> None:
        """Offer the states of cases, and policies: id and title."""
        self.state.choices = [("", _("any")), *((str(state), text) for state, text in words.CASE_STATES.items())]
        self.policy.choices = [("", _("any")), *policies]


class CaseForm(Form):
    """The events a case rests on, and why it is opened."""

    event = SelectMultipleField(
        _("Events it rests on"),
        [InputRequired(_("Choose at least one event the case rests on."))],
        validate_choice=False,
    )
    note = TextAreaField(
        _("What to find out"),
        [Length(max=LONGEST, message=_("At most 500 characters."))],
        description=_("What is to be found out. Whoever it concerns reads it. Never write who reported something."),
    )

    def offer(self, events: Sequence[str]) -> None:
        """Offer the events of the signal."""
        self.event.choices = [(each, each) for each in events]

    def validate_event(self, field: SelectMultipleField) -> None:
        """Refuse an event that is none of the signal's."""
        if not set(field.data or ()) <= {str(each[0]) for each in field.iter_choices()}:
            raise ValidationError(_("That is none of this signal's events."))

    def validate_note(self, field: TextAreaField) -> None:
        """Refuse a note that says nothing: it names whoever is inquired about, so it has a reason."""
        if not says_something(field.data or ""):
            raise ValidationError(_("Say what is to be found out: whoever inquires begins with it."))


def _values(field: SelectField) -> list[str]:
    return [str(each[0]) for each in field.iter_choices()]
