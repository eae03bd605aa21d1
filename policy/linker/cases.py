"""Resolves the tests that travel with a policy: their facts get the types of the inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policy.errors import did_you_mean
from policy.linker.log import Log
from policy.model import reading
from policy.model.decision import Status
from policy.model.document import Expect, FieldType, PolicyDocument
from policy.model.facts import FactsReader
from policy.model.fields import Field
from policy.model.ruleset import Case
from policy.model.written import Entries, Entry, Items, Raw, Scalar


def cases(document: PolicyDocument, inputs: FactsReader, outputs: Iterable[str], log: Log) -> tuple[Case, ...]:
    """Resolve the tests of a policy; one with findings is left out."""
    found = []
    names = list(outputs)
    for item in document.tests:
        before = log.errors
        given, findings = inputs.from_entries(item.given)
        log.extend(findings)
        _check_expect(item.expect, document, names, log)
        if given is not None and log.errors == before:
            found.append(Case(item.name, item.as_of, given, tuple(_plain(each) for each in item.events), item.expect))
    return tuple(found)


def _check_expect(expect: Expect, document: PolicyDocument, outputs: list[str], log: Log) -> None:
    statuses = [str(each) for each in Status]
    if expect.status is not None and expect.status not in statuses:
        known = did_you_mean(expect.status, statuses)
        log.add("unknown-status", expect.place, found=expect.status, expected=tuple(statuses), **known)
    rules = [rule.id for rule in document.rules]
    for scalar in _scalars(expect.hits):
        if scalar.text not in rules:
            log.add(
                "unknown-rule", scalar.place, len(scalar.text), found=scalar.text, **did_you_mean(scalar.text, rules)
            )
    for entry in _outcome_entries(expect.outcome):
        if entry.key not in outputs:
            log.add("unknown-output", entry.place, len(entry.key), found=entry.key, **did_you_mean(entry.key, outputs))


def _scalars(raw: Raw | None) -> Iterable[Scalar]:
    if isinstance(raw, Scalar):
        yield raw
    elif isinstance(raw, Items):
        for item in raw.items:
            yield from _scalars(item)


def _outcome_entries(raw: Raw | None) -> Iterable[Entry]:
    if isinstance(raw, Entries):
        yield from raw.entries
    elif isinstance(raw, Items):
        for item in raw.items:
            yield from _outcome_entries(item)


def _plain(raw: Raw) -> Any:
    """Return an event of a test as plain data; numbers and booleans where they are written without quotes."""
    if isinstance(raw, Entries):
        return {entry.key: _plain(entry.value) for entry in raw.entries}
    if isinstance(raw, Items):
        return [_plain(item) for item in raw.items]
    if raw.plain and raw.text in ("true", "false"):
        return raw.text == "true"
    number, findings = reading.from_raw(Field("event", FieldType.NUMBER), raw)
    return raw.text if findings else number
