"""The rules of a policy as a file: downloaded, and taken over after a look at what that would change."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.model.document import PolicyDocument
from policy.tables.export import csv_lines
from policy.tables.rowfile import TableError
from webadmin import flashing, guard, language, library
from webadmin.access.rights import Right
from webadmin.filters import sentence
from webadmin.library import Look
from webadmin.rulesets import tablefile, tabletaking
from webadmin.rulesets.draftviews import allowed
from webadmin.rulesets.tabletaking import Fault, How
from webadmin.rulesets.views import look_of

blueprint = Blueprint("tablefiles", __name__)


@blueprint.get("/policies/<name>/table.csv", defaults={"kind": "csv"})
@blueprint.get("/policies/<name>/table.xlsx", defaults={"kind": "xlsx"})
@guard.needs(Right.READ)
def download(name: str, kind: str) -> Response:
    """Give the rules as a file, in words or as they are written."""
    look = look_of(name)
    if not isinstance(look.document, PolicyDocument):
        abort(404)
    in_words = request.args.get("as") != "written"
    body = tablefile.written(look, language.chosen(), kind, in_words=in_words)
    file = f"{name}{'' if in_words else '-feel'}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(body, content_type=tablefile.CONTENT[kind], headers=headers)


@blueprint.get("/drafts/<name>/table")
@guard.needs(Right.EDIT)
def taking(name: str) -> AnyResponse:
    """Lead back to the table: a look at a file stands at this address, and a change of language asks for it again."""
    return _back(name)


@blueprint.post("/drafts/<name>/table")
@guard.needs(Right.EDIT)
def take(name: str) -> AnyResponse:
    """Show what taking a file over would change, cell by cell; nothing is done yet."""
    allowed(name)
    file, how = request.files.get("file"), request.form.get("how", "")
    if file is None or not file.filename or how not in set(How):
        flashing.tell(gettext("Choose a file first."), grade="warn")
        return _back(name)
    try:
        sheet = tablefile.read(file.read(), file.filename)
    except TableError as error:
        flashing.tell(gettext("; ").join(sentence(each) for each in error.findings[:3]), grade="bad")
        return _back(name)
    with guard.record().engine.connect() as connection:
        look = _draft(library.look(connection, name, guard.act().today, library.DRAFT))
        found = tabletaking.preview(connection, look, sheet, How(how), guard.act().today)
    shown = {"look": look, "preview": found, "how": how, "file": file.filename[:100], "table": _table(found.faults)}
    return Response(render_template("rulesets/taking.html", **shown), 422 if found.faults else 200)


def _table(faults: Sequence[Fault]) -> str:
    """Return an address that holds all that is wrong with a file as CSV: the file itself is not kept to ask again."""
    rows = ({"row": each.row, "column": each.column, "found": each.found, "problem": each.said} for each in faults)
    text = "".join(("\ufeff", *csv_lines(rows)))
    return f"data:text/csv;charset=utf-8;base64,{b64encode(text.encode()).decode()}"


def _draft(look: Look | None) -> Look:
    return look if look is not None and isinstance(look.document, PolicyDocument) else abort(404)


def _back(name: str) -> AnyResponse:
    return redirect(url_for("rulesets.rules", name=name, of=library.DRAFT), 303)
