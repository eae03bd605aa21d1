"""The reader's language: what a cookie remembers, else what the browser asks for, else the first one offered."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.wrappers import Response

from policy.values import Language
from webadmin import guard
from webadmin.settings import Settings

COOKIE = "language"
YEAR = 365 * 24 * 3600

blueprint = guard.open_blueprint(Blueprint("language", __name__))


def chosen() -> Language:
    """Return the language of this request."""
    offered: tuple[Language, ...] = settings().languages
    remembered = request.cookies.get(COOKIE)
    if remembered in offered:
        return Language(remembered)
    return asked(offered) or offered[0]


def asked(offered: tuple[Language, ...]) -> Language | None:
    """Return the language the browser wants most of those offered."""
    return wanted(offered, request.accept_languages)


def wanted(offered: tuple[Language, ...], accepted: LanguageAccept) -> Language | None:
    """Return the language wanted most of those offered; a variant such as en-GB asks for its language."""
    wishes = [(tag.lower().partition("-")[0], weight) for tag, weight in accepted]
    refused = {name for name, weight in wishes if not weight}
    for name, weight in sorted(wishes, key=lambda wish: wish[1], reverse=True):
        fits = [each for each in offered if each not in refused and name in {each, "*"}]
        if weight and fits:
            return fits[0]
    return None


def gap() -> str:
    """Return what stands between two sentences: in Chinese the full stop itself is wide enough."""
    return "" if chosen() is Language.ZH else " "


def joined(sentences: Iterable[str]) -> str:
    """Return whole sentences one after the other, as the reader's language sets them; empty ones are left out."""
    return gap().join(filter(None, map(str, sentences)))


def theme() -> str:
    """Return how the reader wants the pages: `light`, `dark`, or `auto` as the system says."""
    found = request.cookies.get("theme", "auto")
    return found if found in ("light", "dark") else "auto"


def settings() -> Settings:
    """Return the settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


@blueprint.post("/language/<name>")
def switch(name: str) -> Response:
    """Remember a language and go back to the page the reader came from.

    With `again` the browser sends the form once more, there: an answer that is not kept comes in the new language.
    """
    if name not in settings().languages:
        abort(404)
    response = redirect(guard.own_address(request.values.get("back", "/")), 307 if "again" in request.args else 303)
    response.set_cookie(
        COOKIE, name, max_age=YEAR, samesite="Lax", httponly=True, secure=settings().secure_cookies, path="/"
    )
    return response
