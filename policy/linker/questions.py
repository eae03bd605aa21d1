"""Asking another policy: what it takes, what it brings in, and where that clashes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from policy.errors import did_you_mean
from policy.feel import types as feel
from policy.feel.typerules import said
from policy.linker.expressions import Reader
from policy.linker.log import Log
from policy.linker.outputs import seen_type
from policy.linker.scope import Scope
from policy.model.document import Ask, HitPolicy
from policy.model.fields import Field, feel_type
from policy.model.ruleset import Part, Question, RuleSet

_LISTED = (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)


def taken_type(other: RuleSet, take: str) -> feel.Type | None:
    """Return the type of what can be taken from a policy, None where it gives no such thing.

    Of a policy that gives a list of outcomes, the values of that output in each of them are taken.
    """
    output = other.outputs.get(take)
    if output is None:
        return None
    of = seen_type(output, other.document)
    of = feel.ListType(of) if other.hit_policy in _LISTED else of
    return of if other.document.each is None else feel.ListType(of)


def inherit(
    name: str, ask: Ask, other: RuleSet, fields: dict[str, Field], derived: Mapping[str, object], log: Log
) -> None:
    """Add the other policy's inputs that nothing here gives to `fields`.

    Args:
        name: The derived name that asks.
        ask: The question as written.
        other: The policy asked.
        fields: Inputs of the asking policy so far; gains the inherited ones.
        derived: Derived names of the asking policy: a path among them is taken from there.
        log: Takes findings: a clash of types, an unknown key of `with`.
    """
    _check_with(ask, other, log)
    for path, field in other.fields.items():
        if _is_given(path, ask) or path in derived:
            continue
        here = fields.get(path)
        if here is None:
            fields[path] = dataclasses.replace(field, inherited=field.inherited or other.id)
        elif (here.type, here.of) != (field.type, field.of):
            found, expected = str(here.type), str(field.type)
            log.add("input-clash", ask.place, name=path, policy=other.id, found=found, expected=expected)
        elif here.unit != field.unit:
            found, expected = here.unit or "-", field.unit or "-"
            log.add("unit-clash", ask.place, name=path, policy=other.id, found=found, expected=expected)
    if taken_type(other, ask.take) is None:
        known = did_you_mean(ask.take, other.outputs)
        log.add("unknown-take", ask.place, name=name, found=ask.take, policy=other.id, **known)


def _is_given(path: str, ask: Ask) -> bool:
    return any(path == given or path.startswith(f"{given}[]") for given in ask.with_)


def _check_with(ask: Ask, other: RuleSet, log: Log) -> None:
    lists = {path.partition("[]")[0] for path in other.fields if "[]" in path}
    for path, written in ask.with_.items():
        if path not in other.fields and path not in lists:
            known = did_you_mean(path, [*other.fields, *lists])
            log.add("unknown-with", written.place, found=path, policy=other.id, **known)


def question(ask: Ask, other: RuleSet, scope: Scope, reader: Reader, log: Log) -> Question:
    """Read the formulas of `with` and check their types against the other policy's inputs."""
    given: dict[str, Part] = {}
    theirs = Scope({})
    for path, field in other.fields.items():
        if "[]" not in path:
            theirs = theirs.adding(path, feel_type(field))
    for path, written in ask.with_.items():
        part = reader.formula(written, scope)
        if part is None:
            continue
        given[path] = part
        expected = theirs.type_at(path)
        if expected is not None and not _agree(part.checked.type, expected):
            found, wanted = said(part.checked.type), said(expected)
            log.add("wrong-type", written.place, len(written.text), found=found, expected=wanted)
    return Question(other.id, ask.take, given)


def _agree(found: feel.Type, expected: feel.Type) -> bool:
    loose = (feel.AnyType, feel.NullType)
    return isinstance(found, loose) or isinstance(expected, loose) or type(found) is type(expected)
