"""Resolves the types of events a vocabulary declares."""

from __future__ import annotations

from collections.abc import Mapping

from policy.linker.fields import Vocabulary, inputs
from policy.linker.log import Log
from policy.linker.scope import scope_of
from policy.linker.units import check_units
from policy.model.document import EventOptions, VocabularyDocument
from policy.model.events import EventType
from policy.model.facts import FactsReader
from policy.model.fields import PathClashError, tree


def event_types(document: VocabularyDocument, shared: Vocabulary, log: Log) -> Mapping[str, EventType]:
    """Resolve the types of events; those with findings must not be used.

    Args:
        document: The vocabulary as written.
        shared: Its fields.
        log: Takes the findings.
    """
    resolved = {name: _event_type(name, options, shared, log) for name, options in document.events.items()}
    return {name: each for name, each in resolved.items() if each is not None}


def _event_type(name: str, options: EventOptions, shared: Vocabulary, log: Log) -> EventType | None:
    fields = inputs(options.data, shared, log)
    try:
        group = tree(fields)
    except PathClashError as error:
        log.add("path-clash", options.places["data"], name=error.path)
        return None
    check_units(fields, scope_of(group), options.places["data"], log)
    return EventType(name, options.label, FactsReader(group))
