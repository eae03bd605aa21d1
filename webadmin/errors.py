"""Pages for what went wrong: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, current_app, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

PAGES = {
    400: (_("That request could not be read"), _("Go back, reload the page and try once more.")),
    401: (_("You are not signed in"), _("Sign in, and open the page again.")),
    403: (
        _("That is not allowed"),
        _("Your login does not give this right. Who looks after the logins can give it."),
    ),
    404: (_("There is no such page"), _("The address may be mistyped, or the policy was renamed or removed.")),
    405: (_("That cannot be done here"), _("Go back and use the buttons of the page.")),
    413: (_("That was too much at once"), _("Shorten what you typed; long lists are for the command line.")),
    503: (_("Nothing can be written just now"), _("Nothing was lost. Wait a few seconds and try again.")),
    500: (
        _("Something went wrong on our side"),
        _("Nothing was changed. Try again; if it stays, tell whoever runs this server what you did: it is in the log."),
    ),
}

EXPIRED = _("This page had been open for too long. Reload it and try once more; what you typed can be typed again.")


TOO_LARGE = (
    _("The file is too large"),
    _("Split it into several files, or leave it to fairlead import on the command line. Nothing of it was kept."),
)


def init(app: Flask, problems: Callable[[HTTPException], Response | None]) -> None:
    """Show these pages instead of bare ones.

    Args:
        app: Where.
        problems: Answers what is wrong with a call of the API; None for a request that is none.
    """
    app.extensions["problems"] = problems
    app.register_error_handler(HTTPException, _page)


def _page(error: HTTPException) -> Response:
    answer = current_app.extensions["problems"](error)
    return _readable(error) if answer is None else answer


def _readable(error: HTTPException) -> Response:
    code = error.code or 500
    title, advice = PAGES.get(code) or PAGES[500 if code >= 500 else 400]
    if code == 413 and request.mimetype == "multipart/form-data":
        title, advice = TOO_LARGE
    if isinstance(error, CSRFError):
        advice = EXPIRED
    response = Response(render_template("errors/page.html", code=code, title=title, advice=advice), code)
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response
