"""What is asked of the list, and what is said in an answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import Form, StringField, TextAreaField, ValidationError
from wtforms.validators import AnyOf, Length

from webadmin.store.contests import ANSWERS
from webadmin.store.reasons import says_something

LONGEST = 2000
"""Characters of an answer."""

STATES = {"": True, "answered": False, "all": None}
"""What the address says → whether what is listed waits; None: both."""


class AnswerForm(Form):
    """How it comes out, and why."""

    verdict = StringField(
        _("How does it come out?"),
        [AnyOf([str(each) for each in ANSWERS], message=_("Choose how it comes out."))],
    )
    statement = TextAreaField(
        _("Why, and what happens now?"),
        [Length(max=LONGEST, message=_("At most 2,000 characters."))],
        filters=[lambda text: text.strip().replace("\0", "") if text else text],
    )

    def validate_statement(self, field: TextAreaField) -> None:
        """Refuse what says nothing."""
        if not says_something(field.data or ""):
            raise ValidationError(_("Say why: whoever contested it reads this."))
