"""Forms for logins and tokens, and what is said where one is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from policy.model.document import FieldClass
from webadmin import words
from webadmin.access.changing import Barred
from webadmin.access.scopes import READABLE, Scope
from webadmin.access.tokens import Refusal as TokenRefusal
from webadmin.store.logins import Refusal, Role

NEEDED = InputRequired(_("This is needed."))

DAYS = {
    "30": _("30 days"),
    "90": _("90 days"),
    "180": _("half a year"),
    "365": _("a year"),
    "730": _("two years"),
}
"""How long a token may live, by the days."""

REFUSALS: Mapping[str, Any] = {
    Refusal.TAKEN: _("There is a login of that name already; names of closed ones are not given again."),
    Refusal.UNKNOWN: _("This login is closed, so nothing of it can be changed."),
    Refusal.SECOND: _("This person has an open login already: close that one first."),
    Refusal.PERSON: _("There is no such person: take an id of the list, or SOURCE:ID as files name people."),
    Refusal.ERASED: _("This person was erased, and cannot have a login."),
    Barred.SELF: _("Nobody changes or closes their own login: another administrator does."),
    Barred.WIDER: _("This reaches further than your own login, which is limited to some kinds or teams."),
    Barred.GONE: _("Your own login was changed or closed meanwhile."),
    TokenRefusal.TWO_LIVE: _("Two tokens of this application live already: revoke one first."),
    TokenRefusal.UNKNOWN: _("There is no such token."),
    TokenRefusal.REVOKED: _("This token is revoked already."),
}


def plain(values: Iterable[str]) -> Any:
    """Return choices by their values alone: templates know what each is called, types of WTForms know only pairs."""
    return list(values)


class ReachForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What a login may do, and over what."""

    role = SelectField(_("Role"), choices=plain(str(role) for role in Role))
    kinds = SelectMultipleField(_("Kinds of policies"), choices=plain(str(kind) for kind in words.KINDS))
    teams = SelectMultipleField(_("Teams"))


class LoginForm(ReachForm):
    """A new login."""

    name = StringField(
        _("User name"),
        [
            NEEDED,
            Length(max=100, message=_("At most 100 characters.")),
            Regexp(r"[\w.@-]+\Z", message=_("Only letters, digits, points, underscores, @ and hyphens.")),
        ],
    )
    person = StringField(_("Whose it is"), [Length(max=200, message=_("At most 200 characters."))])

    def validate_person(self, field: StringField) -> None:
        """Refuse an account manager who is nobody: nothing would be theirs."""
        if self.role.data == Role.ACCOUNT_MANAGER and not (field.data or "").strip():
            raise ValidationError(_("An account manager sees only their own: say who it is."))


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A new token."""

    client = StringField(
        _("Application"),
        [
            NEEDED,
            Length(max=100, message=_("At most 100 characters.")),
            Regexp(r"[\w.-]+\Z", message=_("Only letters, digits, points, underscores and hyphens.")),
        ],
    )
    scopes = SelectMultipleField(_("What it may do"), [NEEDED], choices=plain(str(each) for each in Scope))
    classes = SelectMultipleField(
        _("Values it may read back"),
        choices=plain(str(each) for each in READABLE if each is not FieldClass.OPEN),
    )
    days = SelectField(_("Lives for"), choices=plain(DAYS), default="90")
    per_minute = IntegerField(
        _("Requests in a minute"),
        [Optional(), NumberRange(1, 1_000_000, message=_("From 1 to 1,000,000, or nothing."))],
    )
