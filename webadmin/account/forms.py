"""Forms for coming in and for choosing a password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from webadmin.access.passwords import MOST, Weakness

REQUIRED = InputRequired(_("This is needed."))

WEAK = {
    Weakness.SHORT: _("At least 10 characters: a short sentence is easy to remember."),
    Weakness.LONG: _("At most 200 characters."),
    Weakness.NAME: _("Your name in it is the first thing others try: leave it out."),
    Weakness.COMMON: _("This one is easy to guess: take another."),
    Weakness.SAME: _("This is the one you have: take another."),
}


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Name and password."""

    name = StringField(_("User name"), [REQUIRED, Length(max=100)])
    password = PasswordField(_("Password"), [REQUIRED, Length(max=MOST)])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The old password and the new one."""

    old = PasswordField(_("Present password"), [REQUIRED, Length(max=MOST)])
    new = PasswordField(_("New password"), [REQUIRED])
