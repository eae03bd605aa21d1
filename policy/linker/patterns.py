"""Resolves patterns of events: types, keys, time limits, and conditions on the data of events.

A condition sees the data of its own event and of those before it, each by its alias, and nothing else: no inputs,
because there is no case yet, and neither today nor reference tables, because a pattern means the same whenever it
is looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policy.errors import Place, did_you_mean
from policy.feel import nodes as n
from policy.feel import types as feel
from policy.feel.temporal import DaysDuration, read_duration
from policy.kinds.penalty import Count, Pattern, Step, Without
from policy.linker.expressions import Reader
from policy.linker.log import Log
from policy.linker.reasons import check_reason
from policy.linker.scope import Scope
from policy.model.document import FieldType, PolicyDocument
from policy.model.events import EventType
from policy.model.fields import feel_type
from policy.model.ruleset import EventPattern, Part, Wanted
from policy.model.written import Expression

MOST_STEPS = 6
"""Steps a sequence may have."""

_SECOND = 1_000_000_000
_OF_THE_DAY = {"today", "now", "lookup"}


@dataclass(frozen=True, slots=True)
class _Around:
    document: PolicyDocument
    events: Mapping[str, EventType]
    reader: Reader
    log: Log


def patterns(
    written: tuple[Pattern, ...],
    document: PolicyDocument,
    events: Mapping[str, EventType],
    reader: Reader,
    log: Log,
) -> tuple[EventPattern, ...]:
    """Resolve the patterns of a policy; those with findings are left out.

    Args:
        written: The patterns as written.
        document: The policy that holds them.
        events: The types of events the vocabulary declares; where it declares none, patterns are read and not
            resolved.
        reader: Reads the policy's expressions.
        log: Takes the findings.
    """
    if written and not events:
        log.add("patterns-without-events", document.places["patterns"])
    around = _Around(document, events, reader, log)
    found = [_pattern(each, around) for each in written]
    return tuple(each for each in found if each is not None)


def _pattern(pattern: Pattern, around: _Around) -> EventPattern | None:
    before = around.log.errors
    _check_form(pattern, around.log)
    check_reason(pattern.because, Scope({}), pattern.place, around.log)
    scope = Scope({})
    wanted: list[Wanted] = []
    for part in _parts(pattern):
        made, scope = _wanted(part, pattern.key, scope, around)
        wanted += [made] if made is not None else []
    if around.log.errors > before or not around.events:
        return None
    without = wanted.pop() if pattern.without is not None else None
    return EventPattern(
        around.document.policy,
        pattern.id,
        pattern.severity,
        pattern.key,
        tuple(wanted),
        without,
        None if pattern.count is None else pattern.count.at_least,
        pattern.because,
        pattern.place,
    )


def _parts(pattern: Pattern) -> list[Step | Count | Without]:
    """Return everything a pattern looks for, what must not be there last."""
    parts: list[Step | Count | Without] = [*pattern.sequence]
    parts += [pattern.count] if pattern.count is not None else []
    return parts + ([pattern.without] if pattern.without is not None else [])


def _check_form(pattern: Pattern, log: Log) -> None:
    if len(pattern.sequence) > MOST_STEPS:
        found = len(pattern.sequence)
        log.add("pattern-too-long", pattern.places["sequence"], found=found, expected=MOST_STEPS)
    if pattern.sequence and pattern.sequence[0].within is not None:
        log.add("pattern-within-first", pattern.sequence[0].places["within"])


def _wanted(part: Step | Count | Without, key: str, scope: Scope, around: _Around) -> tuple[Wanted | None, Scope]:
    """Resolve one event a pattern looks for; return it with what the conditions after it can see."""
    of = around.events.get(part.event)
    if of is None and around.events:
        known = did_you_mean(part.event, around.events)
        around.log.add("unknown-event", part.places["event"], found=part.event, **known)
    elif of is not None:
        _check_key(of, key, part.places["event"], around.log)
    alias = (part.as_ if isinstance(part, Step) else None) or part.event
    if alias in scope.types:
        around.log.add("name-clash", part.place, name=alias)
    scope = scope.adding(alias, feel.AnyType() if of is None else feel_type(of.group))
    where = None
    if part.where is not None:
        where = around.reader.formula(part.where, scope, expected=(feel.BooleanType,))
        _check_timeless(part.where, where, around.log)
    within = None if isinstance(part, Without) else _seconds(part, around.log)
    return (None if of is None else Wanted(alias, of, within, where)), scope


def _check_key(of: EventType, key: str, place: Place, log: Log) -> None:
    field = of.field(key)
    if field is None:
        known = did_you_mean(key, [each.path for each in of.group.fields()])
        log.add("pattern-key-undeclared", place, name=key, found=of.name, **known)
    elif field.type is not FieldType.STRING:
        log.add("pattern-key-type", place, name=key, event=of.name, found=str(field.type))


def _check_timeless(written: Expression, where: Part | None, log: Log) -> None:
    """Note what would make a pattern mean something else on another day."""
    for node in n.walk(where.checked.node) if where is not None else ():
        if isinstance(node, n.Call) and isinstance(node.function, n.Name) and node.function.name in _OF_THE_DAY:
            place, length = written.marks.at(node.start), node.end - node.start
            log.add("pattern-of-the-day", place, length, found=node.function.name)


def _seconds(part: Step | Count, log: Log) -> int | None:
    """Return the time limit of a step or the window of a count, in seconds."""
    if part.within is None:
        return None
    duration = read_duration(part.within)
    if not isinstance(duration, DaysDuration):
        log.add("pattern-months", part.places["within"], found=part.within)
        return None
    if duration.nanos <= 0:
        log.add("pattern-within-nothing", part.places["within"], found=part.within)
    return duration.nanos // _SECOND
