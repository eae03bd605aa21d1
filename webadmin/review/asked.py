"""What the forms of review send, and who may propose what takes a policy back or out of effect."""

from __future__ import annotations

from datetime import date

from flask import abort, request

from webadmin import guard, library
from webadmin.access.rights import Right


def day(name: str) -> date | None:
    """Return the day a form names, None for none; what is no day ends the request."""
    written = request.form.get(name, "").strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        abort(400)


def check_proposing(name: str) -> None:
    """Refuse a document of which this login may neither edit nor approve."""
    kind, member = library.kind_of(name), guard.member()
    if not (member.may_approve(kind) or (member.may(Right.EDIT, kind) if kind else member.may(Right.EDIT))):
        abort(403)
