"""Looks for patterns among events: the first of two engines, plain Python over sorted lists.

What a pattern means:

* Time counts in whole seconds. Events are ordered by second, then by id; in what order they arrive changes nothing.
* The events of a match share the text at the pattern's key. An event without it is in no match.
* In a sequence each event lies at least a second after the one before it, and at most `within` after it: the last
  second counts. Two events of the same second have no order, so they are never one after the other.
* `without` looks from the second of the first event to that of the last, both included.
* A count of n is met by n different events of which the last lies at most `within` after the first. Up to three, every
  such choice of events is a match. Above three (this engine alone), a match is an event and the n - 1 before it.
* A condition must be true. Where it is false or unknown the event is as if it had not happened, for `without` too.
* No event is twice in a match; an event may be in several matches.

What a person is shown is a signal: matches of one pattern and key that share events, however indirectly, are one
episode and make one signal.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from policy.compilers.events import CompiledPattern
from policy.errors import EvaluationError
from policy.model.canonical import canonical_json
from policy.model.document import Severity
from policy.model.events import Event, second_of
from policy.model.ruleset import Wanted
from policy.values import Text

MOST_EVENTS = 500
"""Events of one key that are looked at together."""

MOST_MATCHES = 10_000
"""Matches of one pattern among them; looking ends with an error after that many, or 20 times as many events tried."""

_MOST_TRIED = 20 * MOST_MATCHES

LONGEST_JOIN = 3
"""Counts up to this are made of every choice of events."""


@dataclass(frozen=True, slots=True)
class Match:
    """Events that together are what a pattern looks for.

    Attributes:
        key: The text its events share.
        events: Their ids, in order of time.
        times: When each of them happened.
    """

    policy: str
    pattern: str
    severity: Severity
    because: Text | None
    key: str
    events: tuple[str, ...]
    times: tuple[datetime, ...]

    @property
    def first(self) -> datetime:
        """Return the time of its first event."""
        return self.times[0]

    @property
    def last(self) -> datetime:
        """Return the time of its last event."""
        return self.times[-1]


@dataclass(frozen=True, slots=True)
class Signal:
    """An episode: matches of one pattern and key that hang together. It asks somebody to look, it decides nothing.

    Attributes:
        id: `sha256:` and digest of pattern, key and `made_by`: the same events give the same id, and what happens later
            does not change it. An event that arrives late and lies earlier may begin the episode anew or join two;
            then the id is another, and `events` tell which signals it takes the place of.
        made_by: Ids of the events of the match that was complete first.
        events: Ids of all its events, in order of time.
        first: Time of its first event.
        last: Time of its last event so far.
    """

    id: str
    policy: str
    pattern: str
    severity: Severity
    because: Text | None
    key: str
    made_by: tuple[str, ...]
    events: tuple[str, ...]
    first: datetime
    last: datetime


def matches(patterns: Sequence[CompiledPattern], events: Sequence[Event]) -> tuple[Match, ...]:
    """Find every match.

    Args:
        patterns: What is looked for.
        events: In any order; one that is there again counts once.

    Returns:
        By pattern as given, then by the key's text, then by the time of the last event, the first, and the ids.

    Raises:
        EvaluationError: there are too many events of one key or too many matches, or a condition met a bound.
    """
    return tuple(
        match
        for pattern in patterns
        for key, of_key in by_key(events, pattern.pattern.key).items()
        for match in matches_of(pattern, key, of_key)
    )


def matches_of(pattern: CompiledPattern, key: str, events: Sequence[Event]) -> tuple[Match, ...]:
    """Find every match of one pattern among the events of one key.

    Args:
        pattern: What is looked for.
        key: The text the events share.
        events: In order, as `by_key` gives them.

    Raises:
        EvaluationError: as `matches`.
    """
    if len(events) > MOST_EVENTS:
        code = "too-many-events"
        raise EvaluationError(code, found=len(events), expected=MOST_EVENTS)
    chosen = sorted(_Look(pattern, events).found(), key=_completed)
    return tuple(_match(pattern, key, each) for each in chosen)


def by_key(events: Sequence[Event], path: str) -> dict[str, list[Event]]:
    """Return the events of each text at a path, ordered by second and id, those of the same id once."""
    groups: dict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        key = event.at(path)
        if isinstance(key, str):
            groups[key][event.id] = event
    return {key: sorted(groups[key].values(), key=order) for key in sorted(groups)}


def order(event: Event) -> tuple[int, str]:
    """Return what events are ordered by."""
    return event.second, event.id


def signals(found: Sequence[Match]) -> tuple[Signal, ...]:
    """Make one signal of every episode.

    Args:
        found: Matches, as `matches` gives them, perhaps of several patterns and keys.

    Returns:
        By policy, pattern and key, then by the time of the first event.
    """
    groups: dict[tuple[str, str, str], list[Match]] = defaultdict(list)
    for match in found:
        groups[match.policy, match.pattern, match.key].append(match)
    return tuple(_signal(episode) for key in sorted(groups) for episode in _episodes(groups[key]))


class _Look:
    """One look for one pattern among the events of one key."""

    def __init__(self, compiled: CompiledPattern, events: Sequence[Event]) -> None:
        self._compiled = compiled
        self._pattern = compiled.pattern
        self._of_type: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            self._of_type[event.type].append(event)
        self._seconds = {name: [each.second for each in of] for name, of in self._of_type.items()}
        self._tried = 0

    def found(self) -> list[tuple[Event, ...]]:
        """Return the events of every match.

        Raises:
            EvaluationError: there are too many, or a condition met a bound.
        """
        at_least, chosen = self._pattern.at_least, []
        for each in self._sequences((), {}) if at_least is None else self._counts(at_least):
            chosen.append(each)
            self._keep_within(len(chosen))
        return chosen

    def _keep_within(self, count: int) -> None:
        if count > MOST_MATCHES or self._tried > _MOST_TRIED:
            code = "too-many-matches"
            raise EvaluationError(code, name=self._pattern.name, expected=MOST_MATCHES)

    def _sequences(
        self, before: tuple[Event, ...], data: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[Event, ...]]:
        if len(before) == len(self._pattern.steps):
            if not self._is_silenced(before, data):
                yield before
            return
        step = self._pattern.steps[len(before)]
        for event in self._after(step, before[-1] if before else None):
            known = {**data, step.alias: event.data}
            if self._holds(step, known):
                yield from self._sequences((*before, event), known)

    def _after(self, step: Wanted, before: Event | None) -> Sequence[Event]:
        of_type = self._of_type[step.type.name]
        if before is None or not of_type:
            return of_type
        seconds = self._seconds[step.type.name]
        end = len(seconds) if step.within is None else bisect_right(seconds, before.second + step.within)
        return of_type[bisect_right(seconds, before.second) : end]

    def _is_silenced(self, chosen: tuple[Event, ...], data: Mapping[str, Mapping[str, Any]]) -> bool:
        without = self._pattern.without
        if without is None or not self._of_type[without.type.name]:
            return False
        seconds = self._seconds[without.type.name]
        begin, end = bisect_left(seconds, chosen[0].second), bisect_right(seconds, chosen[-1].second)
        between = self._of_type[without.type.name][begin:end]
        others = [each for each in between if each not in chosen]
        return any(self._holds(without, {**data, without.alias: each.data}) for each in others)

    def _holds(self, wanted: Wanted, data: Mapping[str, Mapping[str, Any]]) -> bool:
        self._tried += 1
        self._keep_within(0)
        condition: Callable[..., Any] | None = self._compiled.conditions.get(wanted.alias)
        return condition is None or condition(data) is True

    def _counts(self, at_least: int) -> Iterator[tuple[Event, ...]]:
        step = self._pattern.steps[0]
        counted = [each for each in self._of_type[step.type.name] if self._holds(step, {step.alias: each.data})]
        within = step.within or 0
        if at_least > LONGEST_JOIN:
            windows = (counted[end - at_least : end] for end in range(at_least, len(counted) + 1))
            yield from (tuple(each) for each in windows if each[-1].second - each[0].second <= within)
            return
        seconds = [each.second for each in counted]
        for index, first in enumerate(counted):
            near = counted[index + 1 : bisect_right(seconds, first.second + within)]
            yield from ((first, *others) for others in combinations(near, at_least - 1))


def _completed(chosen: tuple[Event, ...]) -> tuple[int, int, tuple[str, ...]]:
    """Return when events were complete, and what tells them from others complete in the same second."""
    return chosen[-1].second, chosen[0].second, tuple(each.id for each in chosen)


def _match(compiled: CompiledPattern, key: str, chosen: tuple[Event, ...]) -> Match:
    pattern = compiled.pattern
    return Match(
        pattern.policy,
        pattern.id,
        pattern.severity,
        pattern.because,
        key,
        tuple(each.id for each in chosen),
        tuple(each.time for each in chosen),
    )


def _episodes(found: Sequence[Match]) -> list[list[Match]]:
    """Put together matches that share events, however indirectly."""
    leads: dict[str, str] = {}

    def end(event: str) -> str:
        """Return the event that stands for the episode of one, and shorten the way to it."""
        while leads.setdefault(event, event) != event:
            leads[event] = event = leads[leads[event]]
        return event

    for match in found:
        for event in match.events[1:]:
            leads[end(event)] = end(match.events[0])
    episodes: dict[str, list[Match]] = defaultdict(list)
    for match in found:
        episodes[end(match.events[0])].append(match)
    return sorted(episodes.values(), key=lambda each: min((second_of(match.first), match.events) for match in each))


def _signal(episode: Sequence[Match]) -> Signal:
    made_by = min(episode, key=lambda each: (second_of(each.last), second_of(each.first), each.events))
    times = {event: time for match in episode for event, time in zip(match.events, match.times, strict=True)}
    events = tuple(sorted(times, key=lambda each: (second_of(times[each]), each)))
    identity = canonical_json([made_by.policy, made_by.pattern, made_by.key, made_by.events])
    return Signal(
        f"sha256:{hashlib.sha256(identity.encode()).hexdigest()}",
        made_by.policy,
        made_by.pattern,
        made_by.severity,
        made_by.because,
        made_by.key,
        made_by.events,
        events,
        times[events[0]],
        times[events[-1]],
    )
