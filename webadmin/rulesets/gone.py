"""The address of a draft that is there no more leads to what there is instead and says what became of the draft."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import Connection

from webadmin import guard, library
from webadmin.sessions import by_script
from webadmin.store import drafts

KEPT = ("rulesets.readable", "rulesets.text", "rulesets.tests", "rulesets.trial", "rulesets.document", "tables.rows")
"""Pages that are opened again without the draft; every other leads to the rules, for it may show what is only there."""


def leads(connection: Connection, name: str) -> tuple[str, str] | None:
    """Return where the address of a draft leads, and what is said there; None where there never was one.

    Only somebody who opens a page is led on: a script that asks for a draft is told that there is none.
    """
    if request.method != "GET" or by_script():
        return None
    day = guard.act().today
    waiting = library.coming(connection, name, day).waiting
    if waiting:
        said = gettext("There is no draft any more: this proposal waits to be approved.")
        return url_for("review.proposal", name=waiting[0].batch), said
    became = drafts.became(connection, name)
    if became is None:
        return None
    instead = library.look(connection, name, day)
    return _address(name, is_there=instead is not None), _said(became)


def _address(name: str, *, is_there: bool) -> str:
    if not is_there:
        return url_for("rulesets.index")
    if request.endpoint in KEPT:
        return url_for(request.endpoint, name=name)
    return url_for("rulesets.rules" if library.kind_of(name) else "rulesets.document", name=name)


def _said(became: str) -> str:
    said: dict[str, str] = {
        "approved": gettext("There is no draft any more: it was proposed and approved."),
        "declined": gettext("There is no draft any more: it was proposed and declined."),
        "returned": gettext("There is no draft any more: it was proposed, and changes were asked for."),
        "withdrawn": gettext("There is no draft any more: it was proposed, and the proposal was withdrawn."),
    }
    return said.get(became) or str(gettext("There is no draft any more: it was given up."))
