"""Two engines look for the same patterns; only what both find is raised where it can hurt a person.

Patterns of the severity `act` or `warn` can lead to a case about somebody, so both engines must have found the same
matches. A `watch` only puts something on a list that somebody looks through, so one engine is enough where the other
cannot be asked, and the answer says so. Where the two differ, a person looks at both answers, whatever the severity.
That the first engine finds nothing while the second cannot be asked is not told: nothing is raised by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from policy.compilers.durable import Ruleset, compile_patterns
from policy.compilers.events import CompiledPattern
from policy.errors import EvaluationError
from policy.messages import Said, sentence
from policy.model.document import Severity
from policy.model.events import Event
from policy.runtime.patterns import Match, Signal, by_key, matches_of, signals
from policy.runtime.replay import facts, found
from policy.values import Language, Text
from webadmin.secondengine.process import SecondEngineError

Ids = tuple[str, ...]


class Standing(StrEnum):
    """What an answer is worth."""

    AGREED = "agreed"
    ONE_ENGINE = "one-engine"
    UNDER_REVIEW = "under-review"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engines say of one pattern and key.

    Attributes:
        pattern: Name of the pattern, `<policy>/<id>`.
        key: Text its events share.
        reason: Why it is under review, or rests on one engine; None where they agree.
        signals: What is raised; none while it is under review.
        first: What the first engine found; None where it gave up.
        second: Ids of the events of each match the second engine found; None where it was not, or could not be, asked.
        unanswered: Whether the second engine gave no answer just now, so that asking later may help.
    """

    pattern: str
    key: str
    standing: Standing
    reason: Text | None
    signals: tuple[Signal, ...]
    first: tuple[Match, ...] | None
    second: frozenset[Ids] | None
    unanswered: bool = False


class Engine(Protocol):
    """What is asked besides our own matcher; `SecondEngine` is one."""

    def matches(self, rules: str, facts: Sequence[Mapping[str, int | str]]) -> list[tuple[str, list[int]]]:
        """Replay facts; see `SecondEngine.matches`."""
        ...


class Agreement:
    """Patterns and the two engines that look for them; safe to share between threads."""

    def __init__(self, patterns: Sequence[CompiledPattern], engine: Engine) -> None:
        """Compile the patterns for the second engine.

        Args:
            patterns: Of one policy or of several.
            engine: Asked about all of them it can look for.
        """
        self._patterns = {each.pattern.name: each for each in patterns}
        self._engine = engine
        compiled = compile_patterns([each.pattern for each in patterns])
        self._rulesets = {
            pattern.name: ruleset for ruleset in compiled.rulesets for pattern in ruleset.patterns.values()
        }

    def look(self, events: Sequence[Event]) -> tuple[Answer, ...]:
        """Let both engines look.

        Args:
            events: In any order, of one key or of several.

        Returns:
            By pattern, then by key: an answer wherever an engine found something or gave up.
        """
        second = _Second(self._engine, self._patterns)
        paths = {each.pattern.key for each in self._patterns.values()}
        groups = {path: by_key(events, path) for path in paths}
        answers = [
            self._answer(pattern, key, of_key, second)
            for pattern in self._patterns.values()
            for key, of_key in groups[pattern.pattern.key].items()
        ]
        return tuple(each for each in answers if each is not None)

    def _answer(self, pattern: CompiledPattern, key: str, events: Sequence[Event], second: _Second) -> Answer | None:
        name, first = pattern.pattern.name, None
        try:
            first = matches_of(pattern, key, events)
            other = second.found(self._rulesets.get(name), name, key, events)
        except EvaluationError as error:
            reason = Text(error.text(Language.ZH), error.text(Language.EN))
            return Answer(name, key, Standing.UNDER_REVIEW, _said("refused", reason=reason), (), first, None)
        except SecondEngineError as error:
            return _by_one(pattern, key, first, _said("unavailable", reason=error.reason), unanswered=True)
        if other is None:
            return _by_one(pattern, key, first, _said("one-engine"))
        if {each.events for each in first} != other:
            return Answer(name, key, Standing.UNDER_REVIEW, _said("difference"), (), first, other)
        return Answer(name, key, Standing.AGREED, None, signals(first), first, other) if first else None


class _Second:
    """The second engine during one look: each rule set is replayed once for each key."""

    def __init__(self, engine: Engine, patterns: Mapping[str, CompiledPattern]) -> None:
        self._engine = engine
        self._patterns = patterns
        self._known: dict[tuple[str, str], Mapping[str, frozenset[Ids]] | SecondEngineError] = {}

    def found(self, ruleset: Ruleset | None, name: str, key: str, events: Sequence[Event]) -> frozenset[Ids] | None:
        """Return what it found of a pattern, None where it cannot look for it.

        Raises:
            SecondEngineError: it gave no answer.
            EvaluationError: the events cannot be handed over.
        """
        if ruleset is None:
            return None
        if (ruleset.text, key) not in self._known:
            self._known[ruleset.text, key] = self._replayed(ruleset, events)
        known = self._known[ruleset.text, key]
        if isinstance(known, SecondEngineError):
            raise known
        return known[name]

    def _replayed(self, ruleset: Ruleset, events: Sequence[Event]) -> Mapping[str, frozenset[Ids]] | SecondEngineError:
        given = facts(ruleset, self._patterns, events)
        try:
            return found(ruleset, self._engine.matches(ruleset.text, given), given, events)
        except SecondEngineError as error:
            return error


def _by_one(
    pattern: CompiledPattern, key: str, first: tuple[Match, ...] | None, reason: Text, *, unanswered: bool = False
) -> Answer | None:
    """Return the answer of the first engine alone."""
    if not first:
        return None
    name = pattern.pattern.name
    if pattern.pattern.severity is Severity.WATCH:
        return Answer(name, key, Standing.ONE_ENGINE, reason, signals(first), first, None, unanswered)
    return Answer(name, key, Standing.UNDER_REVIEW, reason, (), first, None, unanswered)


def _said(what: str, **values: Said) -> Text:
    code = f"says-review-{what}"
    return Text(sentence(code, values, Language.ZH), sentence(code, values, Language.EN))
