"""Who may see which page: every page says what it needs, and one that says nothing does not start the application.

A login that is closed, changed or given a new password is another one at the next request: nothing of it is kept in
the browser but the stamp of its sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from webadmin.access import members
from webadmin.access.members import Member
from webadmin.access.rights import Right
from webadmin.decisions.service import clock, today
from webadmin.store.record import Record
from webadmin.store.revisions import Act

View = TypeVar("View", bound=Callable[..., Any])

IDLE = timedelta(hours=12)
"""How long a session lasts after the last page that was opened or sent; scripts alone do not prolong it."""

_NEEDS, _ABOUT = "fairlead_needs", "fairlead_about"


class UndeclaredError(Exception):
    """A page does not say who may see it."""


def needs(*rights: Right, about: tuple[Right, ...] = ()) -> Callable[[View], View]:
    """Say that a page is for those who have one of some rights; without any, for everybody who is signed in.

    Args:
        *rights: Of which one is needed.
        about: Rights of which one reads what the address names: somebody, or something of theirs. Who has none of them
            is told that there is nothing (404); who reads it and may not do this, that it is not for them (403). Empty
            where the address names nobody's things: who lacks the right is told so.
    """

    def declare(view: View) -> View:
        setattr(view, _NEEDS, rights)
        setattr(view, _ABOUT, about)
        return view

    return declare


def open_to_all(view: View) -> View:
    """Say that a page is for everybody, signed in or not."""
    setattr(view, _NEEDS, None)
    return view


def open_blueprint(blueprint: Blueprint) -> Blueprint:
    """Say that all of a blueprint looks after itself: callers of the API come with tokens."""
    setattr(blueprint, _NEEDS, None)
    return blueprint


class _User(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What Flask-Login holds: the session's stamp stands for the login."""

    def __init__(self, member: Member) -> None:
        self.member = member

    def get_id(self) -> str:
        return self.member.stamp


def init(app: Flask) -> None:
    """Guard the pages of `app`; called when all of them are there.

    Raises:
        UndeclaredError: one does not say who may see it.
    """
    manager = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(_user)
    app.config.update(PERMANENT_SESSION_LIFETIME=IDLE, SESSION_COOKIE_HTTPONLY=True)
    undeclared = [each for each in app.view_functions if each != "static" and not _declared(app, each)]
    if undeclared:
        raise UndeclaredError(", ".join(sorted(undeclared)))
    app.before_request(_admit)
    app.context_processor(lambda: {"member": member_or_none, "Right": Right})


def needed(app: Flask, endpoint: str) -> tuple[Right, ...] | None:
    """Return the rights of which one is needed for a page; None for one that is open to all."""
    found: tuple[Right, ...] | None = getattr(_declaring(app, endpoint), _NEEDS, None)
    return found


def about(app: Flask, endpoint: str) -> tuple[Right, ...]:
    """Return the rights of which one reads what an address names; empty where it names nobody's things."""
    found: tuple[Right, ...] = getattr(_declaring(app, endpoint), _ABOUT, ())
    return found


def _declared(app: Flask, endpoint: str) -> bool:
    return hasattr(_declaring(app, endpoint), _NEEDS)


def _declaring(app: Flask, endpoint: str) -> object:
    """Return what says who may see a page: its view, or its blueprint where that says it for all."""
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    return blueprint if blueprint is not None and hasattr(blueprint, _NEEDS) else app.view_functions[endpoint]


def record() -> Record:
    """Return the record of this application."""
    found: Record = current_app.extensions["record"]
    return found


def member_or_none() -> Member | None:
    """Return who is signed in, None where nobody is."""
    found: Member | None = getattr(current_user, "member", None)
    return found


def member() -> Member:
    """Return who is signed in; answers 401 where nobody is."""
    return member_or_none() or abort(401)


def act() -> Act:
    """Return who acts in this request, and when: the same instant throughout."""
    if "now" not in g:
        g.now = clock()
    return Act(member().actor, g.now, today(g.now))


def enter(found: Member) -> None:
    """Begin a session anew."""
    session.clear()
    login_user(_User(found))
    session.permanent = True


def leave() -> None:
    """End this session."""
    logout_user()
    session.clear()


def ask_nobody() -> None:
    """Let the rest of this request do without the database: who is not known yet stays unknown."""
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps who was asked for


def own_address(target: str) -> str:
    """Return `target` if it is a path of this site, else the first page: nobody is led elsewhere.

    Browsers read a backslash as a slash and pass over tabs and ends of lines.
    """
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if inside else "/"


def _user(stamp: str) -> _User | None:
    with record().engine.connect() as connection:
        found = members.of_stamp(connection, stamp)
    return None if found is None else _User(found)


def _admit() -> Response | None:
    """Let a request through, lead it to the login, or refuse it."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    rights = needed(current_app, request.endpoint)
    if rights is None:
        return None
    found = member_or_none()
    if found is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else request.path
        return redirect(url_for("account.sign_in", next=back), 303)
    if found.must_change and request.blueprint != "account":
        return redirect(url_for("account.password", next=request.path), 303)
    if rights and not found.may_any(rights):
        reading = about(current_app, request.endpoint)
        abort(404 if reading and not found.may_any(reading) else 403)
    return None
