"""Typed rows of the separation of duties in the text of their policy: what was changed is written, nothing else.

What is said has the name of its input: a part of a row (`b0.id`, `b0.never.1`), or the row (`b0`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask_babel import gettext

from policy import editor
from policy.conditions import normal
from policy.editor import Value
from policy.editor.places import Document
from policy.errors import Finding, Place, SourceError
from policy.kinds.approval import ApprovalSection, Separation
from policy.model.document import PolicyDocument
from policy.reader import read as read_document
from webadmin.library import Look
from webadmin.rulesets import barform, rowtext, rulecheck
from webadmin.rulesets.barform import BarForm
from webadmin.rulesets.editing import MissingError
from webadmin.rulesets.known import Known
from webadmin.rulesets.ruletext import Said, tried

SEPARATION = ("separation",)


def rows_of(document: object) -> tuple[Separation, ...]:
    """Return the rows of a policy.

    Raises:
        MissingError: it is of another kind, or none.
    """
    section = document.section if isinstance(document, PolicyDocument) else None
    if not isinstance(section, ApprovalSection):
        raise MissingError
    return section.separation


def mistakes(rows: Sequence[BarForm], known: Known) -> Said:
    """Return what cannot be written, by the name of its input."""
    said: Said = {}
    for at, each in enumerate(rows):
        others = {name for other in rows if other is not each for name in (other.was, other.id)}
        said |= _mistakes(f"b{at}", each, others, known)
    return said


def written(text: str, rows: Sequence[BarForm], known: Known) -> str:
    """Return the text of a policy with its separation as it was typed; rows that are not among it are taken out.

    Raises:
        MistakesError: the result would not read.
        MissingError: a row is not there any more.
    """
    before = {str(each.id): each for each in rows_of(read_document(text).document)}
    if any(each.was and each.was not in before for each in rows):
        raise MissingError
    for gone in before.keys() - {each.was for each in rows}:
        text = tried("separation", partial(editor.remove_item, text, SEPARATION, gone))
    for at, each in enumerate(rows):
        place = f"b{at}"
        if each.is_new:
            text = tried(place, partial(editor.add_item, text, SEPARATION, _whole(each, known)))
        else:
            text = _changed(text, place, before[each.was], each, known)
    for at, each in enumerate(rows):
        if each.was and each.id != each.was:
            text = tried(f"b{at}.id", partial(editor.rename_item, text, SEPARATION, each.was, each.id))
    return text


def placed(look: Look, rows: Sequence[BarForm], known: Known) -> dict[str, list[Finding]]:
    """Return the findings of the rows of a text by the name of the input they belong to."""
    try:
        own, document = rows_of(look.document), Document(look.text)
    except (MissingError, SourceError):
        return {}
    starts: list[tuple[Place, str]] = []
    for at, (row, form) in enumerate(zip(own, rows, strict=False)):
        starts += rowtext.keys_of(document, (*SEPARATION, row.id), row.place, f"b{at}")
        starts += rowtext.parts_of(form.never, row.never, known)
    return rowtext.among(look, document.node(SEPARATION).end, starts) if own else {}


def _mistakes(place: str, each: BarForm, others: set[str], known: Known) -> Said:
    said = dict(rulecheck.of_condition(each.never, known))
    if not normal(each.never).parts:
        said[f"{place}.never"] = [gettext("Say who may not act.")]
    said |= rowtext.of_id(place, each.id, others)
    return {name: below for name, below in said.items() if below}


def _changed(text: str, place: str, row: Separation, form: BarForm, known: Known) -> str:
    base = barform.of_row(row, known)
    rowtext.check_label(place, form.label, base.label)
    if form.label != base.label:
        label = partial(editor.set_value, text, (*SEPARATION, row.id, "label"), rowtext.label_of(form.label))
        text = tried(f"{place}.label", label)
    if normal(form.never) != normal(base.never):
        never = partial(editor.set_value, text, (*SEPARATION, row.id, "never"), rowtext.written_of(form.never, known))
        text = tried(f"{place}.never", never)
    return text


def _whole(form: BarForm, known: Known) -> dict[str, Value]:
    """Return a new row as the document has it."""
    label, never = rowtext.label_of(form.label), rowtext.written_of(form.never, known)
    told: dict[str, Value | None] = {"id": form.id, "label": label, "never": never}
    return {key: value for key, value in told.items() if value is not None}
