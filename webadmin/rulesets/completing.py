"""What may be written in a document, for an editor that offers it: keys by the schema, fields, functions, values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from flask import url_for
from flask_babel import gettext

from policy.errors import Grade
from policy.feel.builtins.described import DESCRIPTIONS
from policy.model.document import FieldOptions, Kind, PolicyDocument
from policy.model.fields import Field
from policy.model.written import Items, Scalar
from policy.schema import json_schema
from policy.values import Language
from webadmin import words as names
from webadmin.library import Look
from webadmin.rulesets import offering, service, table, taking

_CELLS = ("when", "derived")
"""Keys below which every value is FEEL."""


def words(look: Look, language: Language) -> dict[str, Any]:
    """Return what may be written in a document.

    Args:
        look: At its draft.
        language: Of what is said about it.

    Returns:
        `schema` of the document; `fields` as rules write them, with what is derived; `vocabulary`, every shared field;
        `functions` with an example; what `offering` adds: `outputs`, `lists` and the `places` they belong to.
    """
    document = look.document
    fields = [_field(path, each, language) for path, each in service.fields(look).items()]
    offered = offering.Offered(look, language)
    if isinstance(document, PolicyDocument):
        fields = [{**each, "path": table.in_rules(each["path"], document)} for each in fields]
    return {
        "schema": _schema(look.name),
        "fields": fields,
        "vocabulary": [
            _field(path, each, language) for path, each in taking.among(look.prepared.policies.documents).items()
        ],
        "functions": [
            {"name": name, "text": each.text.to(language), "example": each.example}
            for name, each in DESCRIPTIONS.items()
        ],
        "outputs": offered.outputs(),
        "lists": offered.lists(),
        "places": offering.PLACES,
    }


def said(look: Look, language: Language) -> dict[str, Any]:
    """Return the texts an editor of a document shows."""
    return {
        "language": str(language),
        "label": gettext("Text of %(name)s", name=look.name),
        "feel": [*_CELLS, *sorted(set(_formulas(_schema(look.name))) - set(_CELLS))],
        "grades": {str(each): str(names.GRADES[each]) for each in Grade},
        "line": gettext("Line %(line)s", line="%"),
        "remarks": gettext("Remarks: %(all)s, errors among them: %(errors)s", all="%", errors="%"),
        "ranges": gettext("Show all of it"),
        "sound": gettext("No remarks: the text is sound."),
        "tests": gettext("%(passed)s of %(tests)s tests pass", passed="%", tests="%"),
        "needed": gettext("required"),
        "saved": gettext("saved"),
        "saving": gettext("saving…"),
        "typing": gettext("not saved yet"),
        "merged": gettext("saved together with what somebody else changed,"),
        "failed": gettext("Not saved: there is no connection. It is tried again; what you typed stays here."),
        "refused": gettext("Not saved: the server did not take it. What you typed stays here."),
        "out": gettext(
            "Not saved: you are signed out. What you typed stays here and is saved when you have signed in again."
        ),
        "other": gettext(
            "Not saved: somebody else is signed in here by now. Sign in again as yourself; what you typed stays here."
        ),
        "gone": gettext("Not saved: the draft is gone, or you may not change it any more. What you typed stays here."),
        "large": gettext("Not saved: a text takes 1 MB at most. Make it shorter; what you typed stays here."),
        "enter": gettext("Sign in"),
        "login": url_for("account.sign_in"),
        "phrases": _phrases(),
    }


def _phrases() -> dict[str, str]:
    """Return what the editor's own parts say."""
    return {
        "Find": gettext("Find"),
        "Replace": gettext("Replace"),
        "next": gettext("next"),
        "previous": gettext("previous"),
        "all": gettext("all"),
        "match case": gettext("match case"),
        "by word": gettext("whole words"),
        "regexp": gettext("pattern"),
        "replace": gettext("replace"),
        "replace all": gettext("replace all"),
        "close": gettext("close"),
        "current match": gettext("current match"),
        "replaced $ matches": gettext("replaced: $"),
        "replaced match on line $": gettext("replaced in line $"),
        "on line": gettext("in line"),
        "Go to line": gettext("Go to line"),
        "go": gettext("go"),
        "Completions": gettext("What may stand here"),
        "Diagnostics": gettext("Remarks"),
        "No diagnostics": gettext("No remarks"),
        "Fold line": gettext("Fold"),
        "Unfold line": gettext("Unfold"),
        "folded code": gettext("folded lines"),
        "unfold": gettext("unfold"),
        "Control character": gettext("Control character"),
        "Selection deleted": gettext("Selection deleted"),
    }


def _field(path: str, field: Field | FieldOptions, language: Language) -> dict[str, Any]:
    choices = field.one_of or ()
    return {
        "path": path,
        "label": field.label.to(language) if field.label else "",
        "one_of": [
            str(each.text if isinstance(each, Scalar) else each) for each in choices if not isinstance(each, Items)
        ],
        "names": {value: name.to(language) for value, name in (field.names or {}).items()},
        "type": str(field.type or ""),
    }


@cache
def _schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of the document of a name."""
    kind = name.partition(".")[0]
    if kind in set(Kind):
        return json_schema(Kind(kind))
    whole = json_schema()
    first = "vocabulary" if name == "vocabulary" else "reference"
    return {**whole, "anyOf": [each for each in whole["anyOf"] if first in each["properties"]]}


def _formulas(schema: Any) -> Iterator[str]:
    """Yield the keys under which FEEL stands."""
    if isinstance(schema, dict):
        for key, below in schema.get("properties", {}).items():
            if isinstance(below, dict) and (below.get("format") == "feel" or _is_formula(below)):
                yield key
        for each in schema.values():
            yield from _formulas(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _formulas(each)


def _is_formula(schema: dict[str, Any]) -> bool:
    return any(each.get("format") == "feel" for each in schema.get("anyOf", ()) if isinstance(each, dict))
