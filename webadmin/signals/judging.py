"""Both engines look at a stretch of events; says how the signals there should stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.model.canonical import canonical_json
from policy.model.events import Event
from policy.runtime.patterns import Match, signals
from webadmin.secondengine.agreement import Agreement, Answer, Standing
from webadmin.secondengine.process import SecondEngine, SecondEngineError
from webadmin.signals.coverage import Sought
from webadmin.store.signals import Finding, Ids, State, Unit, identity_of

MOST_NAMED = 50
"""Events named, and matches of each engine kept, of one signal."""


class Watched:
    """The second engine, and whether it has failed to answer since anybody asked.

    Attributes:
        failed: Set where a question stayed without an answer.
    """

    def __init__(self, engine: SecondEngine) -> None:
        self._engine = engine
        self.failed = False

    def matches(self, rules: str, facts: Sequence[Mapping[str, int | str]]) -> list[tuple[str, list[int]]]:
        """Replay facts.

        Raises:
            SecondEngineError: there is no answer.
        """
        try:
            return self._engine.matches(rules, facts)
        except SecondEngineError:
            self.failed = True
            raise


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engines say of a stretch.

    Attributes:
        findings: How signals should stand; any other one of the stretch should stand no more.
        is_refused: Whether nobody could look through the events: then nothing is said of other signals.
    """

    findings: tuple[Finding, ...]
    is_refused: bool = False


class Judge:
    """Lets both engines look; keeps what was compiled for the second one."""

    def __init__(self, engine: SecondEngine) -> None:
        self.engine = Watched(engine)
        self._agreements: dict[Sought, Agreement] = {}

    def judged(self, sought: Sought, unit: Unit, events: Sequence[Event], covers: Callable[[datetime], bool]) -> Judged:
        """Let both engines look.

        Args:
            sought: What is looked for.
            unit: The same, and the key that the events share.
            events: One stretch of the key's history.
            covers: Whether the pattern holds at the instant a match is complete.
        """
        if sought not in self._agreements:
            self._agreements[sought] = Agreement([sought.compiled], self.engine)
        answers = self._agreements[sought].look(events)
        if not answers:
            return Judged(())
        answer = answers[0]
        if answer.first is None or (
            answer.second is None and _state(answer) is State.UNDER_REVIEW and not answer.first
        ):
            return Judged((_refused(unit, answer, events),), is_refused=True)
        return Judged(tuple(_findings(sought, unit, answer, events, covers)))


def _state(answer: Answer) -> State:
    if answer.unanswered:
        return State.UNAVAILABLE
    match answer.standing:
        case Standing.AGREED:
            return State.RAISED
        case Standing.ONE_ENGINE:
            return State.ONE_ENGINE
        case Standing.UNDER_REVIEW:
            return State.UNDER_REVIEW


def _refused(unit: Unit, answer: Answer, events: Sequence[Event]) -> Finding:
    """Return the one finding that nobody could look through the events."""
    identity = identity_of(unit.revision, canonical_json(["refused", unit.policy, unit.pattern, unit.key]))
    times = sorted(each.time for each in events)
    named = tuple(each.id for each in events[:MOST_NAMED])
    return Finding(identity, State.UNDER_REVIEW, named, times[0], times[-1], answer.reason)


def _findings(
    sought: Sought, unit: Unit, answer: Answer, events: Sequence[Event], covers: Callable[[datetime], bool]
) -> list[Finding]:
    times = {each.id: each.time for each in events}
    first = [each.events for each in answer.first or () if covers(each.last)]
    second = None if answer.second is None else sorted(each for each in answer.second if covers(times[each[-1]]))
    every = dict.fromkeys([*first, *(second or ())])
    found = []
    for episode in signals([_match(sought, unit, each, times) for each in every]):
        of_it = frozenset(episode.events)
        found.append(
            Finding(
                identity_of(unit.revision, episode.id),
                _state(answer),
                episode.events,
                episode.first,
                episode.last,
                answer.reason,
                _within(first, of_it),
                None if second is None else _within(second, of_it),
            )
        )
    return found


def _within(matches: Sequence[Ids], events: frozenset[str]) -> tuple[Ids, ...]:
    return tuple(sorted(each for each in matches if each[0] in events)[:MOST_NAMED])


def _match(sought: Sought, unit: Unit, events: Ids, times: Mapping[str, datetime]) -> Match:
    pattern = sought.pattern
    when = tuple(times[each] for each in events)
    return Match(pattern.policy, pattern.id, pattern.severity, pattern.because, unit.key, events, when)
