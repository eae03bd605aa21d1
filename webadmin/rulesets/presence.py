"""Who else works on a draft, told from what they have saved of it lately."""

from __future__ import annotations

from datetime import timedelta

from babel.dates import format_timedelta
from flask import Flask
from flask_babel import get_locale, gettext

from webadmin import filters, guard
from webadmin.library import Look
from webadmin.rulesets.views import edits
from webadmin.store import drafts

LATELY = timedelta(minutes=30)
"""How long somebody who has saved something is said to work on a draft."""


def company(look: Look) -> list[str]:
    """Say who else has changed a draft lately, whoever did so last first; only to those who may change it, too."""
    if not edits(look):
        return []
    act = guard.act()
    with guard.record().engine.connect() as connection:
        found = drafts.lately(connection, look.name, act.actor, act.now - LATELY)
    return [
        gettext(
            "%(who)s is editing this draft too (last change %(ago)s).",
            who=filters.actor(author),
            ago=format_timedelta(at - act.now, granularity="minute", add_direction=True, locale=get_locale()),
        )
        for author, at in found
    ]


def init(app: Flask) -> None:
    """Let the templates of `app` ask for it."""
    app.jinja_env.globals["company"] = company
