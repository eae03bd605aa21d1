"""Pages of reference tables: to be read, and as a grid where a draft may be changed."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from policy.model.document import ReferenceDocument
from webadmin import guard, library
from webadmin.access.rights import Right
from webadmin.rulesets import rowgrid, rowreading
from webadmin.rulesets.views import coming_to, edits, look_of, ways_of

blueprint = Blueprint("tables", __name__)

@blueprint.get("/tables/<path:name>")
@guard.needs(Right.READ)
def rows(name: str) -> str | AnyResponse:
    """Show a reference table; whoever may change its draft types into it."""
    if not name.startswith(library.TABLES):
        abort(404)
    look = look_of(name)
    document = look.document
    if not isinstance(document, ReferenceDocument):  # it does not read: only its text can be shown
        return redirect(url_for("rulesets.document", name=name, of=look.of))
    edited, today = edits(look), guard.act().today
    with guard.record().engine.connect() as connection:
        policies = guard.record().catalogue.policies(connection, today)
    return render_template(
        "tables/rows.html",
        look=look,
        edits=edited,
        coming=coming_to(look),
        document=document,
        columns=rowgrid.columns(document),
        told=() if edited else rowreading.rows(document, today),
        sheet=rowgrid.sheet(look) if edited else None,
        types=rowgrid.TYPES,
        ways=ways_of(look),
        said="",
        fields={},
        users=rowreading.users(policies, document.reference),
        today=today,
    )
