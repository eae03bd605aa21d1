"""The page that puts two people's changes of a draft together: chosen place by place, or written by hand."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from policy.editor.threeway import Side
from webadmin import flashing, guard, library
from webadmin.access.rights import Right
from webadmin.rulesets import drafting, lost, mergepage
from webadmin.rulesets.drafting import ConflictError, NoDraftError
from webadmin.rulesets.draftviews import allowed, since
from webadmin.rulesets.mergepage import Page
from webadmin.rulesets.merging import Merge
from webadmin.rulesets.returned import laid
from webadmin.sessions import by_script
from webadmin.store import drafts
from webadmin.store.writer import BusyError

blueprint = Blueprint("merging", __name__, url_prefix="/drafts")

_WHOLE = {"all-mine": Side.MINE, "all-theirs": Side.THEIRS}


@blueprint.post("/<path:name>/merge")
@guard.needs(Right.EDIT)
def merge(name: str) -> AnyResponse:
    """Do what a button of the page asks for: show what comes out, choose all of one side, save."""
    allowed(name)
    found = _page(name)
    if found is None:
        with guard.record().engine.connect() as connection:
            began = drafts.was_begun(connection, name)
        return lost.answer(name, _typed(name)) if began else abort(404)
    page, what = mergepage.posted(found, request.form), request.form.get("do", "save")
    if what in _WHOLE:
        page = replace(page, choices={each.key: _WHOLE[what] for each in page.merge.both}, hand=None)
    elif what == "anew":
        page = replace(page, hand=None)
    if what != "save":
        return mergepage.answer(page, only_result=by_script())
    if page.now.version != since():
        said = gettext("Somebody has changed the draft once more: look at what is different now.")
        return mergepage.answer(replace(page, said=said), 409)
    if page.left and page.hand is None:
        said = ngettext(
            "%(num)s place is still open: choose.", "%(num)s places are still open: choose.", len(page.left)
        )
        return mergepage.answer(replace(page, said=said), 422)
    return _saved(page)


def _saved(page: Page) -> AnyResponse:
    text = page.made if page.hand is None else page.hand
    if len(text.encode("utf-8", "replace")) > drafting.LARGEST:
        abort(413)
    what = "merged" if page.laid is None else f"{drafts.LAID}{page.laid.row.batch}"
    try:
        version, _ = drafting.save(guard.record(), page.name, text, since(), guard.act(), what=what)
    except ConflictError as error:
        return mergepage.conflict(page.name, error)
    except NoDraftError:
        return lost.answer(page.name, text)
    except BusyError:
        abort(503)
    said = gettext("Saved: both changes stand together.")
    flashing.tell(said, undo=url_for("drafts.undo", name=page.name, since=version, view="text"))
    endpoint = "rulesets.text" if library.kind_of(page.name) else "rulesets.document"
    return redirect(url_for(endpoint, name=page.name, of=library.DRAFT), 303)


def _page(name: str) -> Page | None:
    """Return the page anew from what its form says it was made of, with the draft as it is by now; None without one."""
    proposal, began = request.form.get("laid", ""), request.form.get("began", 0, type=int)
    with guard.record().engine.connect() as connection:
        now = drafts.find(connection, name)
        if now is None:
            return None
        if proposal:
            return laid(connection, name, proposal) or abort(404)
        base = drafts.state(connection, name, began)
    mine = _mine()
    return Page(name, now, began, Merge(None if base is None else base.text, now.text, mine))


def _typed(name: str) -> str:
    """Return what came out on the page of a draft that is gone, with one's own version where nothing was chosen."""
    proposal, began = request.form.get("laid", ""), request.form.get("began", 0, type=int)
    with guard.record().engine.connect() as connection:
        now, base = drafts.state(connection, name, since()), drafts.state(connection, name, began)
    if proposal or now is None:
        return request.form.get("text", "").replace("\r\n", "\n") or _mine()
    merge = Merge(None if base is None else base.text, now.text, _mine())
    page = mergepage.posted(Page(name, now, began, merge), request.form)
    mine = {each.key: Side.MINE for each in page.left}
    return merge.text({**page.choices, **mine}) if page.hand is None else page.hand


def _mine() -> str:
    mine = request.form.get("mine", "").replace("\r\n", "\n")
    if len(mine.encode("utf-8", "replace")) > drafting.LARGEST:
        abort(413)
    return mine
