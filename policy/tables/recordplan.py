"""Checks a mapping into records against their fields and the vocabulary; what is sound can be carried out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy.errors import SourceError, did_you_mean
from policy.feel.temporal import is_zone
from policy.linker import fields
from policy.linker.events import event_types
from policy.linker.log import Log
from policy.model.document import FieldClass, VocabularyDocument
from policy.model.fields import Field
from policy.model.words import named
from policy.tables.document import FactSource, RecordKind, RecordMapping
from policy.tables.feeds import Column, Feed, Feeder
from policy.tables.recordfields import FACTS, FACTS_OF, record_fields

_REASONS = {"cause", "comment", "diagnosis", "kind", "note", "reason", "remark", "type", "事由", "原因", "备注", "类型"}
"""What people call the reason of an absence."""


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """A mapping that fits.

    Attributes:
        feeds: Where the values of a record come from.
        columns: Every column that is read, with those whose cells are to be mended.
    """

    mapping: RecordMapping
    feeds: tuple[Feed, ...]
    columns: tuple[Column, ...]


def record_plan(mapping: RecordMapping, vocabulary: VocabularyDocument) -> RecordPlan:
    """Check a mapping.

    Args:
        mapping: The mapping as written.
        vocabulary: The fields all policies share.

    Raises:
        SourceError: it does not fit; carries every finding.
    """
    planner = _Planner(mapping, known_fields(mapping.into, vocabulary))
    made = planner.plan()
    if planner.feeder.findings:
        raise SourceError(planner.feeder.findings)
    return made


def known_fields(kind: RecordKind, document: VocabularyDocument) -> dict[str, Field]:
    """Return path → field: what all policies share, and for events what only their data hold."""
    shared = fields.vocabulary(document, Log())
    types = event_types(document, shared, Log()).values() if kind is RecordKind.EVENTS else ()
    own = {field.path: field for each in types for field in each.group.fields()}
    return {**own, **shared.fields}


class _Planner:
    def __init__(self, mapping: RecordMapping, vocabulary: Mapping[str, Field]) -> None:
        self.feeder = Feeder(mapping)
        self._mapping = mapping
        self._vocabulary = vocabulary
        self._fields = record_fields(mapping.into, vocabulary)

    def plan(self) -> RecordPlan:
        """Return how a row becomes a record; what does not fit is told to `feeder`."""
        self.feeder.check_joins()
        self._check_zone()
        for name, field in self._fields.items():
            if field.required and name not in self._mapping.fields:
                self.feeder.add("table-record-unfed", self._mapping.place, found=name, expected=self._mapping.into)
        feeds = [*self._own(), *self._facts()]
        return RecordPlan(self._mapping, tuple(feeds), self.feeder.columns(feeds))

    def _own(self) -> Iterator[Feed]:
        for name, source in self._mapping.fields.items():
            declared = self._fields.get(name)
            if declared is None:
                self._refuse(name, source)
                continue
            feed = self.feeder.feed((name,), declared, source)
            if feed is not None:
                yield feed

    def _refuse(self, name: str, source: FactSource) -> None:
        """Note that records have no such field, and why they never will where that is so."""
        forbidden = [path for path, field in self._vocabulary.items() if field.class_ is FieldClass.FORBIDDEN]
        near = next((path for path in forbidden if name in (path, path.rpartition(".")[2])), None)
        if near is not None:
            self.feeder.add("table-forbidden", source.place, found=near)
        elif self._mapping.into is RecordKind.ABSENCES and name.lower() in _REASONS:
            self.feeder.add("table-absence-reason", source.place, found=name)
        else:
            kind, near_own = str(self._mapping.into), did_you_mean(name, self._fields)
            expected = named(list(self._fields))
            self.feeder.add("table-unknown-own", source.place, found=name, expected=expected, kind=kind, **near_own)

    def _facts(self) -> Iterator[Feed]:
        into = self._mapping.into
        top = FACTS.get(into)
        if top is None and self._mapping.facts:
            self.feeder.add("table-no-facts", self._mapping.place, found=into, expected=named(list(FACTS)))
            return
        for path, source in self._mapping.facts.items():
            if self._is_taken(path, source):
                declared = dataclasses.replace(self._vocabulary[path], optional=True)
                feed = self.feeder.feed((top or "", *path.split(".")), declared, source)
                if feed is not None:
                    yield feed

    def _is_taken(self, path: str, source: FactSource) -> bool:
        declared = self._vocabulary.get(path)
        beginning = FACTS_OF.get(self._mapping.into, "")
        if declared is None:
            near = did_you_mean(path, self._vocabulary)
            self.feeder.add("table-not-in-vocabulary", source.place, found=path, **near)
        elif declared.class_ is FieldClass.FORBIDDEN:
            self.feeder.add("table-forbidden", source.place, found=path)
        elif not path.startswith(beginning):
            self.feeder.add("table-facts-of-others", source.place, found=path, expected=f"{beginning}…")
        elif "[]" in path:
            self.feeder.add("table-items-in-record", source.place, found=path)
        else:
            return True
        return False

    def _check_zone(self) -> None:
        zone = self._mapping.time_zone
        if zone is not None and not is_zone(zone):
            self.feeder.add("table-zone", self._mapping.place, found=zone)
