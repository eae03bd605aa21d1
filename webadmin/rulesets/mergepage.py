"""What the page shows that puts two people's changes together: every place beside the other, and what comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, render_template
from flask_babel import gettext
from sqlalchemy import Connection, Row
from werkzeug.datastructures import MultiDict

from policy.editor.threeway import Side
from policy.model.document import PolicyDocument
from policy.values import Language
from webadmin import filters, guard, library
from webadmin.rulesets import drafting
from webadmin.rulesets.drafting import ConflictError
from webadmin.rulesets.known import Known, known
from webadmin.rulesets.merging import LINES, Merge, Place
from webadmin.store import drafts

CHOICE = "choice."
"""What the names of choices in the form begin with."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The text of a closed proposal that is laid into a draft.

    Attributes:
        row: Of the proposal.
        before: The text both began from; None where it is not known.
    """

    row: Row[Any]
    before: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Two texts being put together.

    Attributes:
        now: The draft as it is.
        began: Number of the state both began from; 0 where they began from no state of the draft.
        choices: Key of a place → whose version counts, as far as it is chosen.
        hand: The result as somebody has changed it by hand; None where nobody has.
        said: What keeps it from being saved.
        laid: Whose text is not one that was typed; None for one that was.
    """

    name: str
    now: Row[Any]
    began: int
    merge: Merge
    choices: Mapping[str, Side] = field(default_factory=dict)
    hand: str | None = None
    said: str = ""
    laid: Laid | None = None

    @property
    def made(self) -> str:
        """Return what comes out by the choices."""
        return self.merge.text(self.choices)

    @property
    def left(self) -> list[Place]:
        """Return the places where nothing is chosen yet."""
        return [each for each in self.merge.both if each.key not in self.choices]


@dataclass(frozen=True, slots=True)
class Told:
    """A place with what leads to it, in the reader's words."""

    place: Place
    steps: tuple[str, ...]


def conflict(name: str, error: ConflictError) -> Response:
    """Answer a save that somebody else's change stands in the way of with the page that puts both together."""
    with guard.record().engine.connect() as connection:
        page = Page(name, error.now, error.since, merge_of(connection, name, error))
    return answer(page, 409)


def merge_of(connection: Connection, name: str, error: ConflictError) -> Merge:
    """Return what a refused save is put together from."""
    base = drafts.state(connection, name, error.since)
    return Merge(None if base is None else base.text, error.now.text, error.text)


def posted(page: Page, form: MultiDict[str, str]) -> Page:
    """Return a page with what is chosen and typed in its form."""
    keys = {each.key: each for each in page.merge.both}
    chosen = {key: form.get(f"{CHOICE}{key}", "") for key in keys}
    choices = {key: Side(side) for key, side in chosen.items() if side in _sides(keys[key])}
    typed = form.get("text", "").replace("\r\n", "\n")
    is_by_hand = "text" in form and digest(typed) != form.get("made")
    return Page(page.name, page.now, page.began, page.merge, choices, typed if is_by_hand else None, laid=page.laid)


def answer(page: Page, status: int = 200, *, only_result: bool = False) -> Response:
    """Answer with the page, or with what a script puts in the place of the result."""
    template = "rulesets/merged.html" if only_result else "rulesets/merge.html"
    record, act = guard.record(), guard.act()
    with record.engine.connect() as connection:
        look = library.look(connection, page.name, act.today, library.DRAFT) or abort(404)
    knows = known(look) if isinstance(look.document, PolicyDocument) else None
    text = page.made if page.hand is None else page.hand
    body = render_template(
        template,
        page=page,
        look=look,
        text=text,
        made=digest(page.made),
        checked=drafting.check(record, page.name, text, act),
        both=told(page.merge.both, knows),
        taken=told(page.merge.taken, knows),
        only_lines=any(each.sort == LINES for each in page.merge.places),
    )
    return Response(body, status)


def digest(text: str) -> str:
    """Return what tells a text that was changed by hand from the one that was made."""
    return hashlib.sha256(text.strip("\n").encode("utf-8", "replace")).hexdigest()[:16]


def told(places: Sequence[Place], knows: Known | None) -> list[Told]:
    """Return places with what leads to them."""
    return [Told(each, _steps(each, knows)) for each in places]


def _sides(place: Place) -> set[str]:
    return {str(Side.THEIRS), str(Side.MINE), *([str(Side.BOTH)] if place.can_both else [])}


def _steps(place: Place, knows: Known | None) -> tuple[str, ...]:
    path = place.path
    last: tuple[str, ...] = ()
    if place.sort == LINES:
        return (gettext("From line %(line)s on", line=place.path[0]),)
    if place.sort == "order":
        last = (gettext("the order"),)
    elif place.sort == "comment":
        last = (gettext("the comment"),)
    return (*(_rule(path, knows) if path[:1] == ("rules",) and len(path) > 1 else path), *last)


def _rule(path: Sequence[str], knows: Known | None) -> tuple[str, ...]:
    """Return what leads to a part of a rule: cells and outputs by what people call them."""
    rule = gettext("Rule %(rule)s", rule=path[1])
    words = {"when": gettext("When"), "then": gettext("Then"), "because": gettext("Because")}
    if len(path) == 2:
        return (rule,)
    rest = list(path[3:])
    if path[2] == "because":
        rest = [filters.LANGUAGES[Language(each)] if each in set(Language) else each for each in rest]
    if rest and knows is not None and path[2] in {"when", "then"}:
        named = knows.fields if path[2] == "when" else knows.outputs
        label = getattr(named.get(rest[0]), "label", None)
        rest[0] = filters.own(label) if label is not None else rest[0]
    return (rule, words.get(path[2], path[2]), *rest)
