"""The values an editor offers beside those of the schema: ids of rules and stages, policies, outputs, events, units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from policy.kinds.labels import ids_of, labels_of, lists_of
from policy.model.decision import Status
from policy.model.document import (
    FieldType,
    PolicyDocument,
    ReferenceDocument,
    VocabularyDocument,
)
from policy.values import Language, Text
from webadmin import words
from webadmin.library import Look
from webadmin.rulesets import service, table
from webadmin.rulesets.known import Giving, known

Option = dict[str, str]
"""`label`, what is written; `detail`, what people call it."""

PLACES: Mapping[str, str] = {
    "policy": "own",
    "language": "language",
    "time_zone": "zones",
    "subject.id": "fields",
    "subject.about.[]": "fields",
    "inputs.[].*.of": "types",
    "inputs.[].*.unit": "units",
    "outputs.*.of": "types",
    "outputs.*.unit": "units",
    "derived.*.policy": "policies",
    "derived.*.take": "taken",
    "each.list": "list-fields",
    "tests.[].expect.hits.[]": "rules",
    "tests.[].expect.status": "statuses",
    "tests.[].expect.missing.[]": "fields",
    "stages.[].late": "stages",
    "allocate.candidates": "list-fields",
    "allocate.tie_break.[]": "fields",
    "grades.of": "output-names",
    "grades.give": "output-names",
    "grades.rows.[].value": "graded",
    "patterns.[].key": "fields",
    "patterns.[].sequence.[].event": "events",
    "patterns.[].count.event": "events",
    "patterns.[].without.event": "events",
}
"""Path in a document, `*` for any key and `[]` for an item → the list of what may stand there."""

_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "UTC", "Europe/London", "America/New_York")
_CURRENCIES = ("CNY", "HKD", "USD", "EUR", "JPY")


class Offered:
    """What may be written in one document.

    Args:
        look: At its draft.
        language: Of what people call it.
    """

    def __init__(self, look: Look, language: Language) -> None:
        self._look = look
        self._language = language
        self._document = look.document if isinstance(look.document, PolicyDocument) else None

    def outputs(self) -> dict[str, Any]:
        """Return the outputs rules give: name → its values and whether several may stand."""
        return {
            name: {"values": self._values(each), "many": each.type is FieldType.LIST}
            for name, each in self._giving().items()
        }

    def lists(self) -> dict[str, list[Option]]:
        """Return what may stand at the places of `PLACES`, by the name of the list."""
        return {
            "own": _plain([self._look.name]),
            "language": _plain(["1"]),
            "zones": _plain(_ZONES),
            "types": _plain([*FieldType, *self._sections()]),
            "units": [
                *_plain(_CURRENCIES),
                *({"label": each, "detail": str(said)} for each, said in words.UNITS.items()),
            ],
            "statuses": _plain(Status),
            **self._documents(),
            **self._declared(),
            **self._written(),
        }

    def _documents(self) -> dict[str, list[Option]]:
        """Return the other documents, and what they name."""
        policies = self._look.prepared.policies
        others = {name: each for name, each in policies.items() if name != self._look.name}
        documents = list(policies.documents)
        events = {
            str(name): each.label
            for document in documents
            if isinstance(document, VocabularyDocument)
            for name, each in document.events.items()
        }
        return {
            "policies": self._named({name: each.title for name, each in others.items()}),
            "taken": self._named(
                {name: each.label for other in others.values() for name, each in other.rule_set.outputs.items()}
            ),
            "references": self._named(
                {str(each.reference): each.title for each in documents if isinstance(each, ReferenceDocument)}
            ),
            "events": self._named(events),
        }

    def _declared(self) -> dict[str, list[Option]]:
        """Return the fields of the document, and the lists among them."""
        fields = service.fields(self._look)
        return {
            "fields": self._named({path: each.label for path, each in fields.items()}),
            "list-fields": self._named(
                {path: each.label for path, each in fields.items() if each.type is FieldType.LIST}
            ),
            "output-names": self._named({name: each.label for name, each in self._all_giving().items()}),
        }

    def _written(self) -> dict[str, list[Option]]:
        """Return the rows of the document."""
        document = self._document
        if document is None:
            return {"rules": [], "stages": [], "graded": []}
        section = document.section
        labels = labels_of(section, "stages")
        graded = self._all_giving().get(str(getattr(section, "grades", None) and section.grades.give))
        return {
            "rules": self._named({str(each.id): each.because for each in document.rules}),
            "stages": self._named({each: labels.get(each) for each in ids_of(section, "stages")}),
            "graded": [] if graded is None else self._values(graded),
        }

    def _sections(self) -> tuple[str, ...]:
        return () if self._document is None else lists_of(self._document.section)

    def _all_giving(self) -> Mapping[str, Giving]:
        return {} if self._document is None else known(self._look).outputs

    def _giving(self) -> Mapping[str, Giving]:
        givable = () if self._document is None else table.given(self._document)
        return {name: each for name, each in self._all_giving().items() if name in givable}

    def _values(self, output: Giving) -> list[Option]:
        if output.type is FieldType.BOOLEAN or output.of is FieldType.BOOLEAN:
            return _plain(("true", "false"))
        return self._named({each: output.names.get(each) for each in output.choices})

    def _named(self, found: Mapping[str, Text | None]) -> list[Option]:
        return [{"label": each, "detail": name.to(self._language) if name else ""} for each, name in found.items()]


def _plain(values: Iterable[str]) -> list[Option]:
    return [{"label": str(each), "detail": ""} for each in values]
