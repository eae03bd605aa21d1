"""A text that was sent back or taken back while another draft was begun: both are put together, nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template
from sqlalchemy import Connection, Row

from webadmin import guard
from webadmin.access.rights import Right
from webadmin.rulesets import drafting
from webadmin.rulesets.draftviews import allowed
from webadmin.store import drafts, revisions
from webadmin.store.days import day_of
from webadmin.store.refusing import RefusedError

blueprint = Blueprint("returned", __name__, url_prefix="/drafts")


@dataclass(frozen=True, slots=True)
class Laid:
    """The text of a closed proposal laid into a draft.

    Attributes:
        row: Of the proposal.
        draft: As it is.
        text: Both changes; where both changed the same lines the proposal's stand first, between marks.
        is_clean: Whether they changed different lines only.
    """

    row: Row[Any]
    draft: Row[Any]
    text: str
    is_clean: bool


def laid(connection: Connection, name: str, proposal: str) -> Laid | None:
    """Lay the text of a closed proposal into the draft of a document; None where one of both is not there."""
    try:
        rows = revisions.batch(connection, proposal)
    except RefusedError:
        return None
    row, draft = next((each for each in rows if each.document == name), None), drafts.find(connection, name)
    if row is None or draft is None or row.state not in ("declined", "withdrawn"):
        return None
    text, is_clean = drafting.merge(_before(connection, name, row), row.text, draft.text)
    return Laid(row, draft, text, is_clean)


def _before(connection: Connection, name: str, row: Row[Any]) -> str:
    """Return the text that was in effect when a proposal was made: what both changes are held against."""
    live = revisions.in_effect(connection, day_of(row.created_at), row.base).get(name)
    return "" if live is None else revisions.texts(connection, {name: live.digest}).get(name, "")


@blueprint.get("/<path:name>/with/<proposal>")
@guard.needs(Right.EDIT)
def lay(name: str, proposal: str) -> str:
    """Show the draft with the text of a closed proposal in it, to be looked over and saved."""
    allowed(name)
    with guard.record().engine.connect() as connection:
        found = laid(connection, name, proposal) or abort(404)
    return render_template("rulesets/merge.html", name=name, text=found.text, said="", now=found.draft, laid=found)
