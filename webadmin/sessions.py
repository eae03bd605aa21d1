"""The session's cookie: only what a browser itself opens or sends changes it, never what a script asks for meanwhile.

All of a session lies in its cookie, and every answer that sets it sets it whole. An answer to a script that comes after
that of a form sent later would put back what was before: take the message of what was done, or let somebody in again
who has signed out. So what scripts ask for (`static/asking.js` marks it) and the files of the site leave it as it is.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where this answer is the one to do so."""
        if request.endpoint != "static" and not by_script():
            super().save_session(app, session, response)


def by_script() -> bool:
    """Say whether a script of a page asks, which wants only what has changed."""
    return request.headers.get("X-Requested-With") == "fetch"


def init(app: Flask) -> None:
    """Let `app` keep its sessions so."""
    app.session_interface = Sessions()
