"""What a change makes of a policy's own tests: they are the guard, so whoever reviews sees where it was moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from policy.model.comparison import Difference, What, renamed
from policy.model.document import Document, PolicyDocument
from policy.values import Language, Text


class Turn(StrEnum):
    """What became of a test, the weightiest first."""

    EXPECTS = "expects"
    GIVEN = "given"
    RENAMED = "renamed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class ChangedTest:
    """One test that is not as it was.

    Attributes:
        expects: What it expects otherwise; empty where it was added or removed, or only gets other facts.
        given: The facts, the day and the events it gets otherwise; empty as above.
        was: What it was called, where that is another name.
    """

    name: Text
    turn: Turn
    expects: tuple[Difference, ...] = ()
    given: tuple[Difference, ...] = ()
    was: Text | None = None

    @property
    def names(self) -> tuple[tuple[Language | None, str, str], ...]:
        """Return each name that is another: its language, before and after; no language where both have the same."""
        was, now = self.was or self.name, self.name
        pairs = [(each, was.to(each), now.to(each)) for each in Language]
        other = tuple(each for each in pairs if each[1] != each[2])
        is_one = len({each[1:] for each in pairs}) == 1
        return tuple((None, *each[1:]) for each in other[:1]) if is_one else other


def changed_tests(before: Document | None, after: Document | None, found: Sequence[Difference]) -> list[ChangedTest]:
    """Return the tests that are not as they were: those that expect something else first, then in their order.

    Args:
        before: The earlier text.
        after: The later one.
        found: Everything that is different.
    """
    called = {name: path[1] for path, name in renamed(before, after).items() if path[0] == "tests"}
    was, now = _names(before), _names(after)
    by_test: dict[str, list[Difference]] = {}
    for each in found:
        if each.path[0] == "tests" and len(each.path) > 1 and each.what is not What.MOVED:
            by_test.setdefault(each.path[1], []).append(each)
    tests = [
        _test(name, held, now.get(name) or was.get(name) or Text(name, name), was.get(called.get(name, name)))
        for name, held in by_test.items()
    ]
    return sorted(tests, key=lambda each: list(Turn).index(each.turn))


def _test(written: str, found: Sequence[Difference], name: Text, was: Text | None) -> ChangedTest:
    for what, turn in ((What.ADDED, Turn.ADDED), (What.REMOVED, Turn.REMOVED)):
        if any(each.what is what and each.path == ("tests", written) for each in found):
            return ChangedTest(name, turn)
    expects = tuple(each for each in found if each.path[2] == "expect")
    given = tuple(each for each in found if each.path[2] not in ("expect", "name"))
    turn = Turn.EXPECTS if expects else Turn.GIVEN if given else Turn.RENAMED
    return ChangedTest(name, turn, expects, given, None if was == name else was)


def _names(document: Document | None) -> dict[str, Text]:
    return {each.name.en: each.name for each in document.tests} if isinstance(document, PolicyDocument) else {}
