"""A text that was sent back or taken back while another draft was begun: both are put together, nothing is lost."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort
from sqlalchemy import Connection, Row
from werkzeug.wrappers import Response as AnyResponse

from webadmin import guard
from webadmin.access.rights import Right
from webadmin.rulesets import mergepage
from webadmin.rulesets.draftviews import allowed
from webadmin.rulesets.mergepage import Laid, Page
from webadmin.rulesets.merging import Merge
from webadmin.store import drafts, revisions
from webadmin.store.days import day_of
from webadmin.store.refusing import RefusedError

blueprint = Blueprint("returned", __name__, url_prefix="/drafts")


def laid(connection: Connection, name: str, proposal: str) -> Page | None:
    """Lay the text of a closed proposal into the draft of a document; None where one of both is not there."""
    try:
        rows = revisions.batch(connection, proposal)
    except RefusedError:
        return None
    row, draft = next((each for each in rows if each.document == name), None), drafts.find(connection, name)
    if row is None or draft is None or row.state not in revisions.CLOSED:
        return None
    before = _before(connection, name, row)
    return Page(name, draft, 0, Merge(before, draft.text, row.text), laid=Laid(row, before))


def _before(connection: Connection, name: str, row: Row[Any]) -> str | None:
    """Return the text that was in effect when a proposal was made: what both changes are held against."""
    live = revisions.in_effect(connection, day_of(row.created_at), row.base).get(name)
    return None if live is None else revisions.texts(connection, {name: live.digest}).get(name)


@blueprint.get("/<path:name>/with/<proposal>")
@guard.needs(Right.EDIT)
def lay(name: str, proposal: str) -> AnyResponse:
    """Show the draft with the text of a closed proposal in it, to be looked over and saved."""
    allowed(name)
    with guard.record().engine.connect() as connection:
        found = laid(connection, name, proposal) or abort(404)
    return mergepage.answer(found)
