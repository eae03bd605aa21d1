"""What was linked once and need not be linked again: a document that is the same, with the same ones around it.

Whoever changes one policy prepares it with all others time and again; reading gives the same documents for the same
texts, so it is enough to tell them apart as objects. Findings are kept with what they were found at.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Generic, TypeVar

from policy.errors import Finding
from policy.linker.log import Log

Made = TypeVar("Made")

MOST = 128
"""Things kept of one sort, those used last."""


class Same:
    """Something that equals only itself."""

    __slots__ = ("thing",)

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.thing is self.thing


class Kept(Generic[Made]):
    """A step of linking whose results are kept by the objects it is given."""

    def __init__(self, work: Callable[..., Made]) -> None:
        def done(*given: Hashable) -> tuple[Made, tuple[Finding, ...]]:
            """Do the work; return what it made and the findings it had."""
            log = Log()
            made = work(*(_plain(each) for each in given), log)
            return made, tuple(log.findings)

        self._done = lru_cache(maxsize=MOST)(done)

    def __call__(self, log: Log, *given: Any) -> Made:
        """Do the work, or return what came of it before; either way the findings are in the log.

        Args:
            log: Takes the findings.
            given: Objects, or tuples of objects.
        """
        made, findings = self._done(*(_same(each) for each in given))
        log.extend(list(findings))
        return made


def _same(given: Any) -> Hashable:
    return tuple(map(Same, given)) if isinstance(given, tuple) else Same(given)


def _plain(given: Any) -> Any:
    return tuple(each.thing for each in given) if isinstance(given, tuple) else given.thing
