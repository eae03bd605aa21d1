"""How reading notes what does not fit: one value at a time, all of them at once, but no more than anybody reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy.errors import Problem
from policy.messages import Said

MOST_PROBLEMS = 200
"""Problems that are named; after them one says that there are more, and reading ends."""


class UnfitError(ValueError):
    """One value does not fit its field.

    Attributes:
        code: A key of `policy.messages.CATALOGUE`.
        values: What its sentence names.
    """

    def __init__(self, code: str, **values: Said) -> None:
        self.code = code
        self.values = values
        super().__init__(code)


class EnoughError(Exception):
    """More problems than anybody reads; reading ends here."""


class Problems(list[Problem]):
    """The problems of one reading, in order; raises `EnoughError` when there are more than are named."""

    def append(self, problem: Problem) -> None:
        """Note a problem; in the place of the first one too many, that there are more.

        Raises:
            EnoughError: as many as are named were noted before.
        """
        if len(self) < MOST_PROBLEMS:
            super().append(problem)
            return
        super().append(Problem("facts-more", "", {"expected": MOST_PROBLEMS}))
        raise EnoughError


def gathered(reader: Callable[[Problems], Any]) -> tuple[Any, Problems]:
    """Return what a reader gives and the problems it notes; with problems the value must not be used."""
    problems = Problems()
    try:
        return reader(problems), problems
    except EnoughError:
        return None, problems
