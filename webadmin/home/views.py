"""The first page: what waits, and the first steps until they are put away."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from webadmin import flashing, guard
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.home import marks, service
from webadmin.store.logins import Role

blueprint = Blueprint("home", __name__)


@guard.needs()
def start() -> str | AnyResponse:
    """Show what waits for whoever signed in; account managers begin with their own page."""
    own = service.own_page()
    if guard.member().role is Role.ACCOUNT_MANAGER and own is not None:
        return redirect(own)
    return _page(with_steps=marks.HIDDEN not in marks.kept())


@blueprint.get("/first-steps")
@guard.needs(Right.EDIT)
def steps() -> str:
    """Show the first steps, put away or not."""
    return _page(with_steps=True)


@blueprint.post("/first-steps/hide")
@guard.needs(Right.EDIT)
def hide() -> AnyResponse:
    """Put the first steps away in this browser."""
    flashing.tell(
        gettext("The first steps are put away. The menu under your name leads to them."), undo=url_for("home.restore")
    )
    return marks.keep(redirect(url_for("start"), 303), marks.kept() | {marks.HIDDEN})


@blueprint.post("/first-steps/show")
@guard.needs(Right.EDIT)
def restore() -> AnyResponse:
    """Show the first steps again."""
    return marks.keep(redirect(url_for("start"), 303), marks.kept() - {marks.HIDDEN})


def _page(*, with_steps: bool) -> str:
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        policies = record.catalogue.policies(connection, act.today)
        circle = circle_of(connection, member, act.today)
        waits = service.waits(connection, member, circle, act)
        is_shown = with_steps and member.may(Right.EDIT)
        found = service.steps(connection, policies, marks.kept()) if is_shown else []
    return render_template("home/start.html", waits=waits, steps=found, hidden=marks.HIDDEN in marks.kept())
