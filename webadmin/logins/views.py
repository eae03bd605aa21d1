"""Pages of logins and tokens. A password or token is in the answer to the form that made it, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.model.document import FieldClass
from webadmin import flashing, guard, language
from webadmin.access import changing
from webadmin.access.rights import Right
from webadmin.access.scopes import MEANINGS, Scope
from webadmin.access.tokens import TokenRefusedError, Wish
from webadmin.logins import service
from webadmin.logins.forms import DAYS, REFUSALS, LoginForm, ReachForm, TokenForm, plain
from webadmin.logins.service import Shown
from webadmin.store.logins import Reach, Refusal, Role
from webadmin.store.refusing import RefusedError
from webadmin.store.writer import BusyError

blueprint = Blueprint("logins", __name__)

Result = TypeVar("Result")

OF_PERSON = (Refusal.PERSON, Refusal.ERASED, Refusal.SECOND)
"""Refusals that belong to the field of the person."""


@blueprint.get("/logins")
@guard.needs(Right.LOGINS)
def index() -> str:
    """List the logins."""
    with guard.record().engine.connect() as connection:
        return render_template("logins/index.html", logins=service.listed(connection))


@blueprint.get("/logins/new")
@guard.needs(Right.LOGINS)
def new() -> str:
    """Show the form for a login."""
    return _new(LoginForm())


@blueprint.post("/logins/new")
@guard.needs(Right.LOGINS)
def make() -> AnyResponse:
    """Make a login and show its first password."""
    form = LoginForm()
    _offer_teams(form)
    if not form.validate():
        return Response(_new(form), 422)
    person = (form.person.data or "").strip() or None
    try:
        password = _written(
            lambda: changing.make(
                guard.record(), guard.member(), form.name.data or "", _reach(form), person, guard.act()
            )
        )
    except RefusedError as error:
        field = form.person if error.why in OF_PERSON else form.name
        field.errors = [*field.errors, REFUSALS[error.why]]
        return Response(_new(form), 422)
    return Response(render_template("logins/password.html", name=form.name.data, password=password, is_new=True))


@blueprint.get("/logins/<id>")
@guard.needs(Right.LOGINS)
def login(id: str) -> str:  # noqa: A002 - the name in the address
    """Show one login, and what can be done with it."""
    found = _found(id)
    member = found.member
    data = {"role": str(member.role), "kinds": sorted(member.kinds), "teams": sorted(member.teams)}
    return _login(found, ReachForm(formdata=None, data=data))


@blueprint.post("/logins/<id>/reach")
@guard.needs(Right.LOGINS)
def reach(id: str) -> AnyResponse:  # noqa: A002
    """Change what a login may do."""
    found, form = _found(id), ReachForm()
    _offer_teams(form)
    if not form.validate():
        return Response(_login(found, form), 422)
    if form.role.data == Role.ACCOUNT_MANAGER and found.member.person is None:
        form.role.errors = [*form.role.errors, gettext("This login is nobody's, so nothing would be theirs.")]
        return Response(_login(found, form), 422)
    return _changed(
        id,
        lambda: changing.set_reach(guard.record(), guard.member(), id, _reach(form), guard.act()),
        gettext("“%(name)s” may do this from its next page on.", name=found.member.name),
    )


@blueprint.post("/logins/<id>/password")
@guard.needs(Right.LOGINS)
def password(id: str) -> AnyResponse:  # noqa: A002
    """Give a login another password and show it."""
    found = _found(id)
    try:
        given = _written(lambda: changing.give_password(guard.record(), guard.member(), id, guard.act()))
    except RefusedError as error:
        return _refused(id, error)
    return Response(render_template("logins/password.html", name=found.member.name, password=given, is_new=False))


@blueprint.post("/logins/<id>/close")
@guard.needs(Right.LOGINS)
def close(id: str) -> AnyResponse:  # noqa: A002
    """Close a login."""
    found = _found(id)
    return _changed(
        id,
        lambda: changing.close(guard.record(), guard.member(), id, guard.act()),
        gettext("“%(name)s” is closed: nobody comes in with it any more.", name=found.member.name),
    )


@blueprint.get("/logins/tokens")
@guard.needs(Right.LOGINS)
def tokens() -> str:
    """List the tokens of the HTTP API, with the form for another."""
    return _tokens(TokenForm())


@blueprint.post("/logins/tokens")
@guard.needs(Right.LOGINS)
def make_token() -> AnyResponse:
    """Make a token and show it."""
    form = TokenForm()
    if not form.validate():
        return Response(_tokens(form), 422)
    acting = guard.act()
    wish = Wish(
        form.client.data or "",
        frozenset(map(Scope, form.scopes.data or ())),
        frozenset(map(FieldClass, form.classes.data or ())),
        acting.now + timedelta(days=int(form.days.data)),
        form.per_minute.data,
    )
    try:
        made = _written(lambda: changing.make_token(guard.record(), guard.member(), wish, acting))
    except (RefusedError, TokenRefusedError) as error:
        form.client.errors = [*form.client.errors, REFUSALS[error.why]]
        return Response(_tokens(form), 422)
    return Response(render_template("logins/token.html", wish=wish, made=made))


@blueprint.post("/logins/tokens/<id>/revoke")
@guard.needs(Right.LOGINS)
def revoke(id: str) -> AnyResponse:  # noqa: A002
    """Revoke a token."""
    try:
        was = _written(lambda: changing.revoke_token(guard.record(), guard.member(), id, guard.act()))
    except (RefusedError, TokenRefusedError) as error:
        flashing.tell(str(REFUSALS[error.why]), grade="bad")
    else:
        flashing.tell(gettext("A token of “%(client)s” is revoked: it opens nothing any more.", client=was.client))
    return redirect(url_for("logins.tokens"), 303)


def _found(name: str) -> Shown:
    with guard.record().engine.connect() as connection:
        return service.one(connection, name[:36]) or abort(404)


def _reach(form: ReachForm) -> Reach:
    return Reach(Role(form.role.data), tuple(form.kinds.data or ()), tuple(form.teams.data or ()))


def _written(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except BusyError:
        abort(503)


def _changed(name: str, work: Callable[[], None], said: str) -> AnyResponse:
    try:
        _written(work)
    except RefusedError as error:
        return _refused(name, error)
    flashing.tell(said)
    return redirect(url_for("logins.login", id=name), 303)


def _refused(name: str, error: RefusedError) -> AnyResponse:
    flashing.tell(str(REFUSALS[error.why]), grade="bad")
    return redirect(url_for("logins.login", id=name), 303)


def _offer_teams(form: ReachForm) -> dict[str, str]:
    """Let the form name every team; return what they are called, by id."""
    with guard.record().engine.connect() as connection:
        names = service.team_names(connection)
    form.teams.choices = plain(names)
    return {team: name.to(language.chosen()) for team, name in names.items()}


def _new(form: LoginForm) -> str:
    teams = _offer_teams(form)
    with guard.record().engine.connect() as connection:
        people = service.without_login(connection)
    return render_template("logins/new.html", form=form, people=people, teams=teams)


def _login(found: Shown, form: ReachForm) -> str:
    teams, own = _offer_teams(form), guard.member().login == found.member.login
    return render_template("logins/login.html", found=found, form=form, own=own, teams=teams)


def _tokens(form: TokenForm) -> str:
    with guard.record().engine.connect() as connection:
        shown = service.token_list(connection, guard.act().now)
    return render_template("logins/tokens.html", form=form, tokens=shown, days=DAYS, meanings=MEANINGS)
