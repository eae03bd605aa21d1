"""The reader's language: what a cookie remembers, else what the browser asks for, else the first one offered."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response

from policy.values import Language
from webadmin.settings import Settings

COOKIE = "language"
YEAR = 365 * 24 * 3600

blueprint = Blueprint("language", __name__)


def chosen() -> Language:
    """Return the language of this request."""
    offered: tuple[Language, ...] = settings().languages
    remembered = request.cookies.get(COOKIE)
    if remembered in offered:
        return Language(remembered)
    asked = request.accept_languages.best_match([str(each) for each in offered])
    return Language(asked) if asked else offered[0]


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
    response = redirect(_own_page(request.values.get("back", "/")), 307 if "again" in request.args else 303)
    response.set_cookie(
        COOKIE, name, max_age=YEAR, samesite="Lax", httponly=True, secure=settings().secure_cookies, path="/"
    )
    return response


def _own_page(target: str) -> str:
    """Return `target` if it is a path of this site, else the first page: nobody is led elsewhere."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if inside else "/"
