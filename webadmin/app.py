"""Makes the web application."""

from __future__ import annotations

from flask import Flask

from webadmin import (
    errors,
    extensions,
    filters,
    guard,
    headers,
    language,
    links,
    navigation,
    opening,
    sessions,
    statements,
)
from webadmin.account.views import blueprint as account
from webadmin.api import operating, page, serving
from webadmin.api.gate import Gate
from webadmin.comparing.manyviews import blueprint as comparisons
from webadmin.comparing.views import blueprint as comparing
from webadmin.contests.views import blueprint as contests
from webadmin.customers.views import blueprint as customers
from webadmin.decided.views import blueprint as decided
from webadmin.help import finding, places
from webadmin.help.views import blueprint as help_pages
from webadmin.home import marks
from webadmin.home.views import blueprint as home
from webadmin.home.views import start
from webadmin.imports.views import blueprint as imports
from webadmin.logins.views import blueprint as logins
from webadmin.mine.views import blueprint as mine
from webadmin.people.views import blueprint as people
from webadmin.review.retireviews import blueprint as retiring
from webadmin.review.views import blueprint as review
from webadmin.rulesets import presence
from webadmin.rulesets.draftviews import blueprint as drafts
from webadmin.rulesets.makeviews import blueprint as making
from webadmin.rulesets.mergeviews import blueprint as merging
from webadmin.rulesets.returned import blueprint as returned
from webadmin.rulesets.ruleviews import blueprint as rule
from webadmin.rulesets.stageviews import blueprint as stages
from webadmin.rulesets.tablefileviews import blueprint as tablefiles
from webadmin.rulesets.tableviews import blueprint as tables
from webadmin.rulesets.testviews import blueprint as tests
from webadmin.rulesets.views import blueprint as rulesets
from webadmin.search.views import blueprint as search
from webadmin.secondengine.process import SecondEngine
from webadmin.settings import Settings
from webadmin.signalled.views import blueprint as signalled
from webadmin.simulations.changing import blueprint as simulations
from webadmin.telemetry import tracing
from webadmin.telemetry.metrics import Metrics


def create_app(settings: Settings) -> Flask:
    """Make the application, open its record and publish what ships.

    Args:
        settings: Where the policies and the record are, what is offered, and the bounds of a request.

    Raises:
        NewerError: a later version wrote the record.
        HeadsError: there is no key to sign the record's heads with, or those kept are another database's.
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
    _open(app, settings)
    for part in (tracing, sessions, extensions, filters, statements, headers, links, marks, places, finding, presence):
        part.init(app)
    errors.init(app, serving.failed)
    for blueprint in (
        account,
        home,
        rule,
        stages,
        rulesets,
        making,
        returned,
        merging,
        drafts,
        tests,
        tablefiles,
        tables,
        review,
        retiring,
        decided,
        simulations,
        comparing,
        comparisons,
        signalled,
        search,
        people,
        customers,
        mine,
        contests,
        imports,
        logins,
        help_pages,
        language.blueprint,
        page.blueprint,
    ):
        app.register_blueprint(blueprint)
    for blueprint in (
        serving.blueprint,
        operating.blueprint,
    ):  # their callers come with tokens, or ask whether it works
        app.register_blueprint(guard.open_blueprint(blueprint))
    extensions.csrf.exempt(serving.blueprint)  # callers come with a token, never with a cookie
    app.add_url_rule("/", "start", start)
    for part in (guard, navigation):
        part.init(app)
    return app


def _open(app: Flask, settings: Settings) -> None:
    record = opening.opened(app, settings)
    folder = opening.publish_shipped(record, settings)
    app.extensions["record"] = record
    engine = SecondEngine()
    app.extensions["second-engine"] = engine
    app.extensions["metrics"] = Metrics(record, lambda: engine.available().is_available)
    app.extensions["readiness"] = opening.readiness(record, folder, engine)
    app.extensions["gate"] = Gate.of(record, settings)


def close(app: Flask) -> None:
    """Let go of everything an application holds: connections, and the process of the second engine."""
    app.extensions["second-engine"].close()
    app.extensions["record"].close()
