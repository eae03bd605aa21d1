"""Days that are typed: which there are, and what is said of others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField, Form, ValidationError

FIRST, LAST = date(1970, 1, 2), date(9999, 12, 30)
"""Days ids and databases can tell."""

UNREADABLE = _("Write the day as year-month-day, for example 2026-03-01.")


def read(written: str) -> date | None:
    """Return a day as typed, None where it is none, or none that can be told."""
    try:
        found = date.fromisoformat(written) if len(written) == len("2026-03-01") else None
    except ValueError:
        return None
    return found if found is not None and FIRST <= found <= LAST else None


def possible(field: DateField) -> None:
    """Refuse days nothing can tell.

    Raises:
        ValidationError: it is one.
    """
    if field.data is not None and not FIRST <= field.data <= LAST:
        raise ValidationError(
            _("Choose a day from %(first)s to %(last)s.", first=FIRST.isoformat(), last=LAST.isoformat())
        )


def problems(form: Form, days: Collection[str]) -> dict[str, str]:
    """Return what cannot be read of a form, by field.

    Args:
        form: Validated.
        days: Its fields that are days: what is none reads the same in every one.
    """
    found = {str(name): str(next(iter(each))) for name, each in form.errors.items()}
    return found | {name: str(UNREADABLE) for name in days if name in found and form[name].data is None}
