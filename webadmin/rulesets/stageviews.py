"""The form of the stages of an approval policy. Every button of it sends the whole form, so that nothing is lost."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.model.document import PolicyDocument
from webadmin import flashing, guard, library
from webadmin.access.rights import Right
from webadmin.library import Look
from webadmin.rulesets import mergepage, stagepage
from webadmin.rulesets.drafting import ConflictError, NoDraftError
from webadmin.rulesets.draftviews import allowed, since
from webadmin.rulesets.editing import MissingError
from webadmin.rulesets.ruletext import MistakesError
from webadmin.rulesets.stagepage import Page
from webadmin.rulesets.views import frame_of, look_of, ways_of
from webadmin.sessions import by_script
from webadmin.store.writer import BusyError

blueprint = Blueprint("stages", __name__, url_prefix="/policies")


@blueprint.get("/<name>/stages")
@guard.needs(Right.EDIT)
def form(name: str) -> str | AnyResponse:
    """Show the stages of a draft as a form."""
    allowed(name)
    if request.args.get("of") != library.DRAFT:
        return redirect(url_for("stages.form", name=name, of=library.DRAFT))
    look = look_of(name)
    if look.document is None:
        return redirect(url_for("rulesets.text", name=name, of=library.DRAFT))
    try:
        page = stagepage.opened(look)
    except MissingError:
        abort(404)
    return render_template("rulesets/stages.html", **_around(page))


@blueprint.post("/<name>/stages")
@guard.needs(Right.EDIT)
def save(name: str) -> AnyResponse:
    """Do what a button of the form asks for: add a part or a stage, save, move a stage or take it out."""
    allowed(name)
    what = request.form.get("do", "save")
    since()
    try:
        page = stagepage.typed(guard.record(), _draft(name), request.form, guard.act())
    except MissingError:
        abort(404)
    verb, _, place = what.partition(":")
    if verb in {*stagepage.STRUCTURE, "keep", "add", "bar"} or _is_unsaved(page, verb, place):
        return _answer(stagepage.rebuilt(page, what), 200)
    if verb not in {*stagepage.ARRANGING, "unbar", "save"}:
        abort(400)
    return _saved(page, what)


def _is_unsaved(page: Page, verb: str, place: str) -> bool:
    """Say whether what is to be taken out is only on the page yet."""
    if verb == "unbar":
        return stagepage.is_unsaved_bar(page, place)
    return verb == "drop" and stagepage.is_unsaved(page, place)


def _saved(page: Page, what: str) -> AnyResponse:
    name = page.look.name
    try:
        saved = stagepage.saved(guard.record(), page, what, guard.act())
    except MistakesError as error:
        return _answer(stagepage.with_mistakes(page, error), 422)
    except (MissingError, NoDraftError):
        abort(404)
    except ConflictError as error:
        return mergepage.conflict(name, error)
    except BusyError:
        abort(503)
    if saved.version != page.since:
        said = gettext("Saved, together with what somebody else changed.") if saved.is_merged else gettext("Saved.")
        flashing.tell(said, undo=url_for("drafts.undo", name=name, since=saved.version, view="stages"))
    else:
        flashing.tell(gettext("Nothing was changed."), grade="note")
    anchor = f"stage-{saved.stage}" if saved.stage else None
    return redirect(url_for("stages.form", name=name, of=library.DRAFT, _anchor=anchor), 303)


def _answer(page: Page, status: int) -> AnyResponse:
    template = "rulesets/stageform.html" if by_script() else "rulesets/stages.html"
    return Response(render_template(template, **_around(page)), status)


def _around(page: Page) -> dict[str, Any]:
    return {**frame_of(page.look), "page": page, "ways": ways_of(page.look)}


def _draft(name: str) -> Look:
    with guard.record().engine.connect() as connection:
        look = library.look(connection, name, guard.act().today, library.DRAFT) or abort(404)
    return look if isinstance(look.document, PolicyDocument) else abort(409)
