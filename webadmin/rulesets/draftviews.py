"""What can be done to a draft. Every act answers with the page it was done on, or with its part that has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.errors import SourceError
from policy.model.canonical import canonical_json
from policy.model.document import PolicyDocument, ReferenceDocument
from webadmin import filters, flashing, guard, language, library
from webadmin.access.rights import Right
from webadmin.library import Look
from webadmin.rulesets import (
    completing,
    drafting,
    gridpage,
    lost,
    mergepage,
    presence,
    rowediting,
    rowgrid,
    service,
    stepping,
    telling,
)
from webadmin.rulesets.drafting import ConflictError, Made, NoDraftError
from webadmin.rulesets.editing import MOST, WHAT, Change, ChangedError, HalfError, MissingError
from webadmin.rulesets.refusing import Refused, block_refused, refused
from webadmin.rulesets.rowediting import ColumnError
from webadmin.rulesets.service import gravest_first
from webadmin.rulesets.several import BlockError
from webadmin.sessions import by_script
from webadmin.store import drafts
from webadmin.store.drafts import StaleError
from webadmin.store.writer import BusyError

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")

LONGEST = 4000
"""Characters of one cell."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a grid says of a change.

    Attributes:
        wrong: Why it was not made.
        missed: It, where it was not made and is of one cell.
        told: What it did besides what was asked for.
        read: It, where it was made and is of one cell: how that was read is said beside it.
        stepped: What was undone or done again.
    """

    wrong: str
    missed: Refused | None = None
    told: str = ""
    read: Change | None = None
    stepped: str = ""


@blueprint.post("/<path:name>/begin")
@guard.needs(Right.EDIT)
def begin(name: str) -> AnyResponse:
    """Begin a draft of what is in effect, and show it."""
    allowed(name)
    try:
        drafting.begin(guard.record(), name, guard.act())
    except NoDraftError:
        abort(404)
    except BusyError:
        abort(503)
    return _back(name, view=request.form.get("view", "rules"))


@blueprint.post("/<path:name>/anew")
@guard.needs(Right.EDIT)
def anew(name: str) -> AnyResponse:
    """Begin a draft with a text that could not be saved; another draft there is by now is put together with it."""
    allowed(name)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text.encode("utf-8", "replace")) > drafting.LARGEST:
        abort(413)
    try:
        drafting.begin_with(guard.record(), name, text, guard.act())
    except ConflictError as error:
        return mergepage.conflict(name, error)
    except NoDraftError:
        abort(404)
    except BusyError:
        abort(503)
    flashing.tell(gettext("Saved: a new draft began with your text."))
    return _back(name, view="text")


@blueprint.post("/<path:name>/change")
@guard.needs(Right.EDIT)
def change(name: str) -> AnyResponse:
    """Make one change, or those of a pasted block; answer with the grid as it is now."""
    allowed(name)
    asked = list(_changes())
    missed: Refused | None = None
    made: Made | None = None
    try:
        made = drafting.change(guard.record(), name, asked, since(), guard.act())
    except (SourceError, ChangedError, ColumnError, HalfError, MissingError) as error:
        missed = refused(error, asked[0], _kept(name).text)
    except BlockError as error:
        missed = Refused(asked[0], block_refused(error, _kept(name).text))
    except NoDraftError:
        abort(404)
    except BusyError:
        abort(503)
    told = "" if made is None else telling.told(made, asked)
    if by_script():
        # Of a pasted block only the reason is told: it is still where it was copied from.
        own = missed if len(asked) == 1 else None
        read = asked[0] if len(asked) == 1 and not missed else None
        return _grid(name, Said(missed.said if missed else "", own, told, read))
    if missed:
        typed = asked[0].value[:200]
        repeated = gettext("You typed: %(typed)s", typed=typed)
        flashing.tell(language.joined((missed.said, repeated)), grade="bad")
    elif made is not None and told:
        flashing.tell(told, undo=url_for("drafts.undo", name=name, since=made.version))
    rule = request.form.get("rule", "")
    added = [asked[0].part] if made is not None and asked[0].what == "add-column" else []
    return _back(name, rule and f"rule-{rule}", columns=[*request.form.getlist("column"), *added])


@blueprint.post("/<path:name>/text")
@guard.needs(Right.EDIT)
def save_text(name: str) -> AnyResponse:
    """Save the whole text; what somebody else has changed meanwhile is merged, or shown side by side."""
    allowed(name)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text.encode()) > drafting.LARGEST:
        abort(413)
    try:
        version, is_merged = drafting.save(guard.record(), name, text, since(), guard.act())
    except ConflictError as error:
        return mergepage.conflict(name, error)
    except NoDraftError:
        return lost.answer(name, text)  # a script sends the form itself then, as it does for a conflict
    except BusyError:
        abort(503)
    if by_script():
        kept = _kept(name).text if is_merged else text
        shown = {"version": version, "merged": is_merged, "text": kept if is_merged else None}
        return _json({**shown, "company": _company(name), "at": filters.clock(guard.act().now)})
    flashing.tell(
        gettext("Saved, together with what somebody else changed.") if is_merged else gettext("Saved."),
        undo=url_for("drafts.undo", name=name, since=version, view="text"),
    )
    return _back(name, view="text")


@blueprint.post("/<path:name>/check")
@guard.needs(Right.EDIT)
def check(name: str) -> AnyResponse:
    """Say what is wrong with a text while it is typed; nothing is kept."""
    allowed(name)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text.encode()) > drafting.LARGEST:
        abort(413)
    return _json(_found(name, text))


@blueprint.get("/<path:name>/words.json")
@guard.needs(Right.EDIT)
def words(name: str) -> AnyResponse:
    """Say what may be written in a draft: the schema of the document, fields, functions, outputs."""
    allowed(name)
    with guard.record().engine.connect() as connection:
        look = library.look(connection, name, guard.act().today, library.DRAFT) or abort(404)
    return _json(completing.words(look, language.chosen()))


@blueprint.post("/<path:name>/undo")
@guard.needs(Right.EDIT)
def undo(name: str) -> AnyResponse:
    """Undo the last change."""
    return _stepped(name, back=True)


@blueprint.post("/<path:name>/redo")
@guard.needs(Right.EDIT)
def redo(name: str) -> AnyResponse:
    """Do again what was undone."""
    return _stepped(name, back=False)


@blueprint.post("/<path:name>/discard")
@guard.needs(Right.EDIT)
def discard(name: str) -> AnyResponse:
    """Give the draft up; it can be brought back. Where others have just worked on it, that is said first."""
    allowed(name)
    version = since()
    others = drafting.others(guard.record(), name, guard.act())
    if others and "sure" not in request.form:
        return Response(render_template("rulesets/discard.html", name=name, since=version, others=others))
    try:
        drafting.discard(guard.record(), name, version, guard.act())
    except StaleError:
        flashing.tell(gettext("Somebody else has changed the draft meanwhile: look at it first."), grade="bad")
        return _back(name)
    except BusyError:
        abort(503)
    flashing.tell(gettext("The draft is gone."), undo=url_for("drafts.bring_back", name=name, version=version))
    return redirect(url_for("rulesets.index"), 303)


@blueprint.post("/<path:name>/back/<int:version>")
@guard.needs(Right.EDIT)
def bring_back(name: str, version: int) -> AnyResponse:
    """Take up again a draft that was given up."""
    allowed(name)
    try:
        drafting.bring_back(guard.record(), name, version, guard.act())
    except StaleError:
        flashing.tell(gettext("There is a draft again already."), grade="bad")
    except BusyError:
        abort(503)
    else:
        flashing.tell(gettext("The draft is there again."))
    return _back(name)


def allowed(name: str) -> None:
    """Refuse a kind of policy this login may not change; what all share is for those who may change all."""
    kind = library.kind_of(name)
    member = guard.member()
    if not (member.may(Right.EDIT, kind) if kind else not member.kinds):
        abort(403)


def _changes() -> Iterator[Change]:
    """Yield what is asked for: one change, or as many as there are of each field of the form."""
    form = request.form
    lists = [form.getlist(each) for each in ("what", "rule", "part", "value")]
    if len({len(each) for each in lists}) != 1 or not 0 < len(lists[0]) <= MOST:
        abort(400)
    seen = form.getlist("was")
    for at, (what, rule, part, value) in enumerate(zip(*lists, strict=True)):
        if what not in {*WHAT, *rowediting.WHAT} or max(map(len, (rule, part, value))) > LONGEST:
            abort(400)
        yield Change(what, rule, part, value, seen[at] if at < len(seen) else None)


def since() -> int:
    """Return the number of the state of the draft the page was made of; a form without one is none of ours."""
    return request.values.get("since", type=int) or abort(400)


def _stepped(name: str, *, back: bool) -> AnyResponse:
    allowed(name)
    said = told = ""
    try:
        told = _step_told(name, drafting.step(guard.record(), name, since(), guard.act(), back=back), back=back)
    except StaleError:
        said = gettext("Somebody else has changed the draft meanwhile: look at it first.")
    except BusyError:
        abort(503)
    if by_script() and request.form.get("view") != "text":
        return _grid(name, Said(said, stepped=told))
    if said or told:
        flashing.tell(said or told, grade="bad" if said else "good")
    return _back(name, view=request.values.get("view", "rules"))


def _step_told(name: str, version: int, *, back: bool) -> str:
    """Say what a step to another state of the draft changed."""
    with guard.record().engine.connect() as connection:
        look = library.look(connection, name, guard.act().today, library.DRAFT)
        states = [drafts.state(connection, name, each) for each in (since(), version)]
    if look is None or states[0] is None or states[1] is None:
        return ""
    texts = states[0].text, states[1].text
    return stepping.told(texts, (look.before, look.policy), language.chosen(), back=back)


def _back(name: str, place: str = "", view: str = "rules", columns: Sequence[str] = ()) -> AnyResponse:
    if library.kind_of(name) is None:
        is_table = name.startswith(library.TABLES) and view != "text"
        endpoint = "tables.rows" if is_table else "rulesets.document"
        return redirect(url_for(endpoint, name=name, of=library.DRAFT, _anchor=place or None), 303)
    rule = request.values.get("rule", "")
    stepped = request.values.get("since", type=int)
    if view == "rule" and rule and stepped is not None:
        rule = drafting.successor(guard.record(), name, rule, stepped)
    if view == "rule" and rule:
        return redirect(url_for("rule.form", name=name, rule=rule, of=library.DRAFT), 303)
    if view == "stages":
        return redirect(url_for("stages.form", name=name, of=library.DRAFT), 303)
    endpoint = f"rulesets.{view}" if view in ("text", "tests") else "rulesets.rules"
    address = url_for(endpoint, name=name, of=library.DRAFT, column=columns or None, _anchor=place or None)
    return redirect(address, 303)


def _grid(name: str, said: Said) -> Response:
    """Answer a script with what it puts in place of the grid, and of what stands above it."""
    with guard.record().engine.connect() as connection:
        look = library.look(connection, name, guard.act().today, library.DRAFT) or abort(404)
        ways = drafts.ways(connection, name, look.draft.version) if look.draft is not None else (None, None)
    around = {"look": look, "ways": ways, "said": said.wrong, "told": said.told, "stepped": said.stepped}
    if isinstance(look.document, ReferenceDocument):
        sheet = rowgrid.sheet(look, said.missed)
        body = render_template("tables/changed.html", sheet=sheet, fields={}, types=rowgrid.TYPES, **around)
    elif isinstance(look.document, PolicyDocument):
        body = render_template(
            "rulesets/changed.html",
            **gridpage.shown(look, said.missed, said.read),
            **gridpage.worked_out(look, look.document),
            **around,
        )
    else:
        abort(409)
    return Response(body, 409 if said.wrong else 200)


def _kept(name: str) -> Any:
    """Return the draft as it is kept."""
    with guard.record().engine.connect() as connection:
        return drafts.find(connection, name) or abort(404)


def _company(name: str) -> list[str]:
    """Say who else works on the draft."""
    with guard.record().engine.connect() as connection:
        look = library.look(connection, name, guard.act().today, library.DRAFT)
    return [] if look is None else presence.company(look)


def _found(name: str, text: str) -> dict[str, Any]:
    checked = drafting.check(guard.record(), name, text, guard.act())
    return {
        "findings": [
            {
                "line": each.place.line,
                "column": each.place.column,
                "grade": str(each.grade),
                "code": each.code,
                "said": each.brief(language.chosen()),
                "ranges": each.ranges(language.chosen()),
            }
            for each in gravest_first(checked.look.findings)
        ],
        "loads": checked.look.policy is not None or not checked.look.errors,
        "passed": checked.passed,
        "tests": checked.tests,
        "around": _around(checked.look),
    }


def _around(look: Look) -> str:
    """Return the views of a policy as they are with a text that is typed; empty for what has none."""
    if not look.kind:
        return ""
    return render_template("rulesets/typed.html", look=look, of=library.DRAFT, summary=service.summary(look))


def _json(data: dict[str, Any]) -> Response:
    return Response(canonical_json(data), mimetype="application/json")
