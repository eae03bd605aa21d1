"""The page that proposes to retire a policy: why, and from which day on nothing is decided by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.errors import Problem
from webadmin import flashing, guard, language, library
from webadmin.access.rights import Right
from webadmin.publishing import retiring
from webadmin.publishing.answers import Refused
from webadmin.publishing.notes import LONGEST
from webadmin.review import asked
from webadmin.store.writer import BusyError

blueprint = Blueprint("retiring", __name__, url_prefix="/policies/<name>/retire")


@blueprint.get("")
@guard.needs(Right.EDIT, Right.APPROVE)
def form(name: str) -> str:
    """Show what retiring would come to, and the form that proposes it."""
    return _page(name, None, "", ())


@blueprint.post("")
@guard.needs(Right.EDIT, Right.APPROVE)
def propose(name: str) -> AnyResponse:
    """Propose it to a second person, or say what speaks against it."""
    asked.check_proposing(name)
    since, reason = asked.day("since"), request.form.get("note", "").strip()[:LONGEST]
    try:
        done = retiring.propose(guard.record(), name, since, reason, guard.act())
    except BusyError:
        abort(503)
    if isinstance(done, Refused):
        return Response(_page(name, since, reason, done.problems), 422)
    assert done.proposal is not None  # noqa: S101 - what is not refused is proposed
    flashing.tell(
        gettext("Proposed to retire it. Somebody else has to approve it."),
        undo=url_for("review.withdraw", name=done.proposal),
    )
    return redirect(url_for("review.proposal", name=done.proposal), 303)


def _page(name: str, since: date | None, reason: str, problems: Sequence[Problem]) -> str:
    asked.check_proposing(name)
    act = guard.act()
    with guard.record().engine.connect() as connection:
        look = library.look(connection, name, act.today)
        if look is None or look.kind is None:
            abort(404)
        scheduled = library.coming(connection, name, act.today).scheduled
        if since is None and look.live is None and scheduled:
            since = scheduled[0][0]  # before that day there is nothing to retire
        checked = retiring.check(connection, name, since if since is None or since > act.today else act.today, act)
    return render_template(
        "review/retire.html",
        look=look,
        checked=checked,
        problems=problems,
        since=since,
        reason=reason,
        today=act.today,
        chosen=language.chosen(),
    )
