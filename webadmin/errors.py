"""Pages for what went wrong: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, current_app, redirect, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse

from webadmin import guard
from webadmin.database import SOON, is_passing
from webadmin.telemetry.logs import logger

PAGES = {
    400: (_("That request could not be read"), _("Go back, reload the page and try once more.")),
    401: (_("You are not signed in"), _("Sign in, and open the page again.")),
    403: (
        _("That is not allowed"),
        _("It is not among what your role does. If it should be, ask who looks after the logins for the right."),
    ),
    404: (
        _("There is no such page"),
        _("The address may be mistyped, what it leads to may be gone, or it is about somebody you do not see."),
    ),
    405: (_("That cannot be done here"), _("Go back and use the buttons of the page.")),
    413: (_("That was too much at once"), _("Shorten what you typed; long lists are for the command line.")),
    503: (_("Nothing can be written just now"), _("Nothing was lost. Wait a few seconds and try again.")),
    500: (
        _("Something went wrong on our side"),
        _("Nothing was changed. Try again; if it stays, tell whoever runs this server what you did: it is in the log."),
    ),
}

EXPIRED = _("This page had been open for too long. Reload it and try once more; what you typed can be typed again.")


UNREACHABLE = (
    _("The database cannot be reached just now"),
    _("Wait a few seconds and try again. If you were saving something, look first whether it is there."),
)

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
    for kind in (SQLAlchemyError, OSError):
        app.register_error_handler(kind, _passing)


def _passing(error: SQLAlchemyError | OSError) -> Response:
    """Answer what may pass by itself, as a database that is away; anything else is a fault of ours."""
    if not is_passing(error):
        raise error
    logger().error("the database cannot be reached", path=request.path, reason=str(error).partition("\n")[0])
    guard.ask_nobody()
    answer: Response | None = current_app.extensions["problems"](ServiceUnavailable())
    if answer is None:
        title, advice = UNREACHABLE
        answer = Response(render_template("errors/page.html", code=503, title=title, advice=advice, away=True), 503)
    answer.headers["Retry-After"] = str(SOON)
    return answer


def _page(error: HTTPException) -> AnyResponse:
    answer: Response | None = current_app.extensions["problems"](error)
    if answer is not None:
        return answer
    above = _above() if error.code == 405 and request.method == "GET" else None
    return _readable(error) if above is None else redirect(above, 303)


def _above() -> str | None:
    """Return the nearest page above an address that only takes what is sent to it.

    The answer to a form that was refused stands at such an address: whoever opens it anew, or goes back to it after
    signing in, comes to the page with the form.
    """
    routes = current_app.create_url_adapter(request)
    path = request.path.rpartition("/")[0]
    while path and routes is not None:
        if routes.test(path, "GET"):
            asked = request.query_string.decode("ascii", "replace")
            return f"{request.root_path}{path}{'?' if asked else ''}{asked}"
        path = path.rpartition("/")[0]
    return None


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
