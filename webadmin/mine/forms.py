"""What somebody says who contests something; of a deal that is missing also which it is."""

from __future__ import annotations

import re
from decimal import Decimal
from unicodedata import category

from flask_babel import lazy_gettext as _
from wtforms import Form, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from webadmin.store.contests import Claimed, Sort
from webadmin.store.reasons import says_something

LONGEST = 2000
"""Characters of a statement."""

LONGEST_NAME = 100
"""Characters of the number of a deal, and of a customer."""

_AMOUNT = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,2})?", re.ASCII)
_AROUND = str.maketrans("", "", ",，¥￥ \u00a0")

_BREAKS = frozenset("\t\n\r")
_UNFIT = frozenset({"Cc", "Cs"})

_NAME = (Length(max=LONGEST_NAME, message=_("At most 100 characters.")),)


def _line(text: str | None) -> str:
    """Return a text that a database can hold, on one line."""
    return "".join(each if each.isprintable() else " " for each in text or "").strip()


def _text(text: str | None) -> str:
    """Return a text that a database can hold and that is no order to a terminal; its lines stay."""
    return "".join(each for each in text or "" if each in _BREAKS or category(each) not in _UNFIT).strip()


class ContestForm(Form):
    """What is wrong; of a missing deal its number or its customer, and its amount where that is known."""

    statement = TextAreaField(filters=[_text])
    deal = StringField(_("Number of the deal"), _NAME, filters=[_line])
    customer = StringField(_("Customer of the deal"), _NAME, filters=[_line])
    amount = StringField(_("Amount"), filters=[_line])

    def validate_statement(self, field: TextAreaField) -> None:
        """Refuse what says nothing, and what is too long."""
        said = field.data or ""
        if not says_something(said) or len(said) > LONGEST:
            raise ValidationError(_("Say in up to %(num)s characters what is wrong.", num=LONGEST))

    def validate_amount(self, field: StringField) -> None:
        """Refuse what is no amount."""
        if field.data and _AMOUNT.fullmatch(_bare(field.data)) is None:
            raise ValidationError(_("Write the amount in figures, for example 120000.00."))

    def fits(self, sort: Sort) -> bool:
        """Say whether it can be told of something of a sort; a missing deal needs a number or a customer."""
        if sort is not Sort.MISSING:
            return bool(self.statement.validate(self, [_stated]))
        sound = bool(self.validate())
        if not self.deal.data and not self.customer.data:
            self.deal.errors = [*self.deal.errors, _("Say which deal: its number, its customer, or both.")]
            return False
        return sound

    def claimed(self, unit: str | None) -> Claimed:
        """Return which deal is missing.

        Args:
            unit: Currency of the amount; None: not known.
        """
        amount = Decimal(_bare(self.amount.data)) if self.amount.data else None
        return Claimed(self.deal.data or None, self.customer.data or None, amount, unit if amount is not None else None)


def _bare(amount: str) -> str:
    return amount.translate(_AROUND)


def _stated(form: ContestForm, field: TextAreaField) -> None:
    form.validate_statement(field)
