"""What the texts of typed rows have in common: their ids, labels and conditions, and where findings belong.

What is said has the name of its input: a part of a row (`s0.id`, `s0.who.1`), or the row (`s0`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask_babel import gettext

from policy import editor
from policy.conditions import Group, normal, read, text_of
from policy.editor import Value
from policy.editor.places import Document
from policy.errors import Finding, Place
from policy.model.written import Expression
from policy.values import Text
from policy.yamltext import MapNode
from webadmin.library import Look
from webadmin.rulesets.known import Known
from webadmin.rulesets.ruletext import MistakesError, Said, clean, side_by_side

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def of_id(place: str, name: str, others: set[str]) -> Said:
    """Return what is wrong with what a row is called, beside what others are called."""
    if not _ID.fullmatch(name):
        return {f"{place}.id": [gettext("Give it a name: lower case letters, digits and hyphens.")]}
    if name in others:
        return {f"{place}.id": [gettext("Another one is called %(name)s already.", name=name)]}
    return {}


def among(look: Look, end: int, starts: Sequence[tuple[Place, str]]) -> dict[str, list[Finding]]:
    """Return the findings of a section by the name of the input they belong to.

    Args:
        look: At its text.
        end: Where the section ends, in characters.
        starts: Where each input's part of the text begins.
    """
    starts = sorted(starts, key=lambda start: start[0])
    last = look.text.count("\n", 0, end) + 1
    found: dict[str, list[Finding]] = {}
    for finding in look.findings:
        names = [name for place, name in starts if place <= finding.place]
        if names and finding.place.line <= last:
            found.setdefault(names[-1], []).append(finding)
    return found


def keys_of(document: Document, where: editor.Where, begins: Place, place: str) -> list[tuple[Place, str]]:
    """Return where a row and each of its keys begin, with the name of its input."""
    node = document.node(where)
    entries = node.entries if isinstance(node, MapNode) else ()
    keys = [(Place(begins.source, key.line, key.column), f"{place}.{key.value}") for key, _ in entries]
    return [(begins, place), *keys]


def parts_of(typed: Group, expression: Expression, known: Known) -> list[tuple[Place, str]]:
    """Return where each part of a condition begins, with the name of its input."""
    pairs = side_by_side(normal(typed), read(expression.text, known.fields))
    return [(expression.marks.at(start), name) for start, name in pairs]


def check_label(place: str, now: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Refuse a label in two languages that would be left in one.

    Raises:
        MistakesError: it would.
    """
    if now != before and all(before.values()) and len([*filter(None, now.values())]) == 1:
        said = gettext("The label stands in both languages: write it in both, or take it out in both.")
        raise MistakesError({f"{place}.label": [said]})


def label_of(typed: Mapping[str, str]) -> Text | None:
    """Return a label as it is typed by language; one text stands for both."""
    zh, en = typed["zh"], typed["en"]
    return Text(zh or en, en or zh) if zh or en else None


def written_of(tree: Group, known: Known) -> Value | None:
    """Return a condition as the document has it; None for none."""
    condition = text_of(clean(normal(tree), known), known.fields)
    return editor.typed(condition) if condition else None
