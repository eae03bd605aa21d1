"""Makes the web application."""

from __future__ import annotations

from flask import Flask, redirect, url_for
from werkzeug.wrappers import Response

from webadmin import errors, extensions, filters, headers, language
from webadmin.help.views import blueprint as help_pages
from webadmin.rulesets.views import blueprint as rulesets
from webadmin.settings import Settings
from webadmin.shelf import Folder


def create_app(settings: Settings) -> Flask:
    """Make the application.

    Args:
        settings: Where the policies are, what is offered, and the bounds of a request.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=settings.largest_request,
        MAX_FORM_MEMORY_SIZE=settings.largest_request,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["settings"] = settings
    app.extensions["folder"] = Folder(settings.rules)
    for part in (extensions, filters, headers, errors):
        part.init(app)
    for blueprint in (rulesets, help_pages, language.blueprint):
        app.register_blueprint(blueprint)
    app.add_url_rule("/", "start", _start)
    return app


def _start() -> Response:
    return redirect(url_for("rulesets.index"))
