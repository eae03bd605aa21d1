"""What a change makes of a policy's own tests: they are the guard, so whoever reviews sees where it was moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from policy.model.comparison import Difference, What
from policy.model.document import Document, PolicyDocument
from policy.values import Text


class Turn(StrEnum):
    """What became of a test, the weightiest first."""

    EXPECTS = "expects"
    GIVEN = "given"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class ChangedTest:
    """One test that is not as it was.

    Attributes:
        expects: What it expects otherwise; empty where it was added or removed, or only gets other facts.
    """

    name: Text
    turn: Turn
    expects: tuple[Difference, ...] = ()


def changed_tests(before: Document | None, after: Document | None, found: Sequence[Difference]) -> list[ChangedTest]:
    """Return the tests that are not as they were: those that expect something else first, then in their order.

    Args:
        before: The earlier text.
        after: The later one.
        found: Everything that is different.
    """
    names = _names(before) | _names(after)
    by_test: dict[str, list[Difference]] = {}
    for each in found:
        if each.path[0] == "tests" and len(each.path) > 1 and each.what is not What.MOVED:
            by_test.setdefault(each.path[1], []).append(each)
    tests = [_test(names.get(name) or Text(name, name), name, held) for name, held in by_test.items()]
    return sorted(tests, key=lambda each: list(Turn).index(each.turn))


def _test(name: Text, written: str, found: Sequence[Difference]) -> ChangedTest:
    for what, turn in ((What.ADDED, Turn.ADDED), (What.REMOVED, Turn.REMOVED)):
        if any(each.what is what and each.path == ("tests", written) for each in found):
            return ChangedTest(name, turn)
    expects = tuple(each for each in found if each.path[2:3] == ("expect",))
    return ChangedTest(name, Turn.EXPECTS if expects else Turn.GIVEN, expects)


def _names(document: Document | None) -> dict[str, Text]:
    return {each.name.en: each.name for each in document.tests} if isinstance(document, PolicyDocument) else {}
