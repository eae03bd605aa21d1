"""The form of one rule. Every button of it sends the whole form, so that nothing typed is lost on the way."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.model.canonical import canonical_json
from policy.model.document import PolicyDocument
from webadmin import flashing, guard, library
from webadmin.access.rights import Right
from webadmin.library import Look
from webadmin.rulesets import mergepage, rulepage, telling
from webadmin.rulesets.drafting import ConflictError, NoDraftError
from webadmin.rulesets.draftviews import allowed, since
from webadmin.rulesets.editing import Change, ChangedError, MissingError
from webadmin.rulesets.rulepage import Page
from webadmin.rulesets.ruletext import MistakesError
from webadmin.rulesets.views import edits, frame_of, look_of, ways_of
from webadmin.sessions import by_script
from webadmin.store.writer import BusyError

blueprint = Blueprint("rule", __name__, url_prefix="/policies")

_ACTS = {"copy": ("copy", ""), "up": ("move", "up"), "down": ("move", "down"), "remove-rule": ("remove", "")}
"""What can be done to a whole rule, as changes of a draft have it."""


@blueprint.get("/<name>/rules/<rule>")
@guard.needs(Right.READ)
def form(name: str, rule: str) -> str | AnyResponse:
    """Show one rule: as a form where there is a draft to change, else to be read."""
    return _opened(name, rule, "")


@blueprint.get("/<name>/new-rule")
@guard.needs(Right.EDIT)
def new(name: str) -> str | AnyResponse:
    """Show the form of a rule that is not there yet."""
    allowed(name)
    if request.args.get("of") != library.DRAFT:
        return redirect(url_for("rule.new", name=name, of=library.DRAFT, after=request.args.get("after")))
    return _opened(name, "", request.args.get("after", ""))


@blueprint.post("/<name>/rules/<rule>")
@guard.needs(Right.EDIT)
def save(name: str, rule: str) -> AnyResponse:
    """Do what a button of the form asks for: add a part, check, save, copy, move or remove the rule."""
    return _sent(name, rule)


@blueprint.post("/<name>/new-rule")
@guard.needs(Right.EDIT)
def add(name: str) -> AnyResponse:
    """Do what a button of the form of a new rule asks for."""
    return _sent(name, "")


def _opened(name: str, rule: str, after: str) -> str | AnyResponse:
    look = look_of(name)
    if look.document is None:
        return redirect(url_for("rulesets.text", name=name, of=look.of))
    if not rule and not edits(look):
        return redirect(url_for("rulesets.rules", name=name))
    if not isinstance(look.document, PolicyDocument):
        abort(404)
    try:
        page = rulepage.opened(look, rule, edits=edits(look), after=after)
    except MissingError:
        abort(404)
    return render_template("rulesets/rule.html", **_around(page))


def _sent(name: str, rule: str) -> AnyResponse:
    allowed(name)
    what, version = request.form.get("do", "save"), since()
    look = _draft(name)
    if what == "remove-rule" and rule:
        return _acted(name, rule, what, version)
    try:
        page = rulepage.typed(guard.record(), look, rule, request.form, guard.act())
    except MissingError:
        abort(404)
    if what == "check":
        return _checked(page)
    if what == "autosave":
        return _autosaved(page)
    if what.partition(":")[0] in {*rulepage.STRUCTURE, "keep"}:
        return _answer(rulepage.rebuilt(page, what), 200)
    if what != "save" and (what not in _ACTS or not rule):
        abort(400)
    return _saved(page, what)


def _saved(page: Page, what: str) -> AnyResponse:
    name = page.look.name
    try:
        version, is_merged = rulepage.saved(guard.record(), page, guard.act())
    except MistakesError as error:
        return _answer(rulepage.with_mistakes(page, error), 422)
    except MissingError:
        abort(404)
    except ConflictError as error:
        return mergepage.conflict(name, error)
    except NoDraftError:
        abort(404)
    except BusyError:
        abort(503)
    if what in _ACTS:
        return _acted(name, page.form.id, what, version)
    if version != page.since:
        undo = url_for("drafts.undo", name=name, since=version, view="rule", rule=page.name)
        said = gettext("Saved, together with what somebody else changed.") if is_merged else gettext("Saved.")
        flashing.tell(said, undo=undo)
    else:
        flashing.tell(gettext("Nothing was changed."), grade="note")
    return _to(name, page.form.id)


def _autosaved(page: Page) -> AnyResponse:
    """Answer a script that saves what is typed: with what it shows then, and what it puts in place of the form.

    What a new rule lacks is told quietly, unless somebody has asked to save.
    """
    waits = rulepage.waits_for(page)
    if waits and "asked" not in request.form:
        return _json({"waits": waits}, 200)
    try:
        version, is_merged = rulepage.saved(guard.record(), page, guard.act())
    except MistakesError as error:
        return _json(rulepage.told(rulepage.with_mistakes(page, error), None), 422)
    except ConflictError:
        return _json({}, 409)
    except (MissingError, NoDraftError):
        abort(404)
    except BusyError:
        abort(503)
    try:
        now = rulepage.opened(_draft(page.look.name), page.form.id, edits=True)
    except MissingError:
        abort(404)
    checked, found = rulepage.checked(guard.record(), now, guard.act())
    address = url_for("rule.form", name=page.look.name, rule=page.form.id, of=library.DRAFT)
    shown = render_template("rulesets/rulesaved.html", **_around(now))
    told = rulepage.told(checked, found, is_saved=True)
    return _json({**told, "version": version, "merged": is_merged, "address": address, "html": shown}, 200)


def _acted(name: str, rule: str, what: str, version: int) -> AnyResponse:
    verb, value = _ACTS[what]
    change = Change(verb, rule, value=value)
    try:
        shown, made = rulepage.acted(guard.record(), name, change, version, guard.act())
    except (MissingError, NoDraftError, ChangedError):
        abort(404)
    except BusyError:
        abort(503)
    if said := telling.told(made, [change]):
        flashing.tell(said, undo=url_for("drafts.undo", name=name, since=made.version))
    return _to(name, shown)


def _checked(page: Page) -> AnyResponse:
    checked, found = rulepage.checked(guard.record(), page, guard.act())
    return _json(rulepage.told(checked, found), 200)


def _json(told: dict[str, Any], status: int) -> Response:
    return Response(canonical_json(told), status, mimetype="application/json")


def _answer(page: Page, status: int) -> AnyResponse:
    template = "rulesets/ruleform.html" if by_script() else "rulesets/rule.html"
    return Response(render_template(template, **_around(page)), status)


def _around(page: Page) -> dict[str, Any]:
    return {**frame_of(page.look), "page": page, "rule": page.name, "ways": ways_of(page.look)}


def _draft(name: str) -> Look:
    with guard.record().engine.connect() as connection:
        look = library.look(connection, name, guard.act().today, library.DRAFT) or abort(404)
    return look if isinstance(look.document, PolicyDocument) else abort(409)


def _to(name: str, rule: str) -> AnyResponse:
    if rule:
        return redirect(url_for("rule.form", name=name, rule=rule, of=library.DRAFT), 303)
    return redirect(url_for("rulesets.rules", name=name, of=library.DRAFT), 303)
