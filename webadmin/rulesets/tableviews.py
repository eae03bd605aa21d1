"""Pages of what all policies share: to be read, and, of a reference table, as a grid where a draft may be changed."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from policy.engine import Policies
from policy.model.canonical import canonical_json
from policy.model.document import ReferenceDocument, VocabularyDocument
from webadmin import guard, library
from webadmin.access.rights import Right
from webadmin.library import Look
from webadmin.rulesets import rowgrid, rowreading
from webadmin.rulesets.views import coming_to, edits, look_of, ways_of

blueprint = Blueprint("tables", __name__)


@blueprint.get("/tables/<path:name>")
@guard.needs(Right.READ)
def rows(name: str) -> str | AnyResponse:
    """Show a reference table; whoever may change its draft types into it."""
    if library.kind_of(name) is not None:
        abort(404)
    look = look_of(name)
    document = look.document
    if isinstance(document, VocabularyDocument):
        return _vocabulary(look, document)
    if not isinstance(document, ReferenceDocument):  # it does not read: only its text can be shown
        return redirect(url_for("rulesets.document", name=name, of=look.of))
    edited, today = edits(look), guard.act().today
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
        users=rowreading.users(_policies(), document.reference),
        today=today,
        asked=f"lookup({', '.join([canonical_json(document.reference), *document.key])})",
    )


def _vocabulary(look: Look, document: VocabularyDocument) -> str:
    """Show the fields and the types of events all policies share."""
    return render_template(
        "tables/fields.html",
        look=look,
        edits=edits(look),
        coming=coming_to(look),
        document=document,
        shared=rowreading.fields(document, _policies()),
        labels={path: each.label for path, each in document.fields.items() if each.label is not None},
    )


def _policies() -> Policies:
    with guard.record().engine.connect() as connection:
        return guard.record().catalogue.policies(connection, guard.act().today)
