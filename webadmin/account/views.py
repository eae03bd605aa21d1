"""Pages for coming in and going out, one's own password, and how the pages look."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from webadmin import filters, flashing, guard, language
from webadmin.access import signing
from webadmin.access.signing import Closed, PasswordError
from webadmin.account.forms import WEAK, PasswordForm, SignInForm
from webadmin.decisions.service import clock
from webadmin.store import logins
from webadmin.store.writer import BusyError

blueprint = Blueprint("account", __name__)

THEMES = ("auto", "light", "dark")


@blueprint.get("/login")
@guard.open_to_all
def sign_in() -> str | AnyResponse:
    """Show the form; whoever is in already is led on."""
    if guard.member_or_none() is not None:
        return redirect(_next())
    return _form(SignInForm())


@blueprint.post("/login")
@guard.open_to_all
def signed_in() -> AnyResponse:
    """Let somebody in, or say why not: the same for a wrong name and a wrong password."""
    form = SignInForm()
    if not form.validate():
        return Response(_form(form), 422)
    now = clock()
    try:
        found = signing.sign_in(guard.record(), typed(form.name), typed(form.password), request.remote_addr or "", now)
    except BusyError:
        abort(503)
    if isinstance(found, Closed):
        said = gettext("Too many attempts. Try again at %(time)s.", time=filters.clock(found.until))
        return Response(_form(form, said), 429, {"Retry-After": str(max(1, (found.until - now).seconds))})
    if found is None:
        return Response(_form(form, gettext("Name or password is wrong.")), 401)
    guard.enter(found)
    return redirect(_next(), 303)


@blueprint.post("/logout")
@guard.open_to_all
def sign_out() -> AnyResponse:
    """End this session."""
    guard.leave()
    flashing.tell(gettext("You are signed out."), grade="note")
    return redirect(url_for("account.sign_in"), 303)


@blueprint.get("/account")
@guard.needs()
def password() -> str:
    """Show who is signed in, and the form for another password."""
    return render_template("account/password.html", form=PasswordForm(), next=_next())


@blueprint.post("/account")
@guard.needs()
def change_password() -> AnyResponse:
    """Change the password; every other session ends."""
    form = PasswordForm()
    if form.validate():
        try:
            changed = signing.change(guard.record(), guard.member(), typed(form.old), typed(form.new), guard.act())
        except PasswordError as error:
            field, said = (
                (form.old, gettext("This is not your password."))
                if error.weakness is None
                else (
                    form.new,
                    WEAK[error.weakness],
                )
            )
            field.errors = [*field.errors, said]
        except BusyError:
            abort(503)
        else:
            guard.enter(changed)
            flashing.tell(gettext("The password is changed. Wherever else you were signed in, you no longer are."))
            return redirect(_next(), 303)
    return Response(render_template("account/password.html", form=form, next=_next()), 422)


@blueprint.post("/theme/<name>")
@guard.open_to_all
def theme(name: str) -> AnyResponse:
    """Remember light, dark, or whatever the system says."""
    if name not in THEMES:
        abort(404)
    response = redirect(guard.own_address(request.form.get("back", "/")), 303)
    secure = language.settings().secure_cookies
    response.set_cookie("theme", name, max_age=language.YEAR, samesite="Lax", httponly=True, secure=secure, path="/")
    return response


def typed(field: StringField) -> str:
    """Return what was typed, empty where nothing was."""
    return field.data or ""


def _next() -> str:
    return guard.own_address(request.values.get("next", "/"))


def _form(form: SignInForm, said: str = "") -> str:
    with guard.record().engine.connect() as connection:
        nobody = not logins.any_open(connection)
    return render_template("account/sign_in.html", form=form, said=said, next=_next(), nobody=nobody)
