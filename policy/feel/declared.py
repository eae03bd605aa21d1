"""Finds declared names that hold spaces or signs: the longest one wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from policy.errors import ExpressionError
from policy.feel.lexer import Token, tokens

_Pattern = tuple[tuple[str, bool], ...]
"""Texts of the tokens of a name, each with whether a space stands before it."""


class DeclaredNames:
    """The names of several tokens that are known at one point of a text."""

    def __init__(self, names: frozenset[str]) -> None:
        """Begin with the names declared around the expression."""
        self._declared = _index(names)
        self._bound: dict[str, list[_Pattern]] = {}

    def bind(self, name: str) -> None:
        """Add a name the expression itself binds."""
        _add(self._bound, name)

    def longest(self, found: Sequence[Token], at: int) -> int:
        """Return how many tokens from `at` on are the longest such name; 0 when none is."""
        first = found[at].text
        declared, bound = self._declared.get(first, ()), self._bound.get(first, ())
        if not declared and not bound:
            return 0
        return max(_longest(declared, found, at), _longest(bound, found, at))


@lru_cache(maxsize=256)
def _index(names: frozenset[str]) -> Mapping[str, Sequence[_Pattern]]:
    index: dict[str, list[_Pattern]] = {}
    for name in names:
        _add(index, name)
    return index


def _add(index: dict[str, list[_Pattern]], name: str) -> None:
    parts = _parts(name)
    if len(parts) < 2:
        return
    gaps = [False, *(before.end < after.start for before, after in pairwise(parts))]
    patterns = index.setdefault(parts[0].text, [])
    patterns.append(tuple((part.text, gap) for part, gap in zip(parts, gaps, strict=True)))
    patterns.sort(key=len, reverse=True)


def _parts(name: str) -> list[Token]:
    try:
        return tokens(name)[:-1]
    except ExpressionError:
        return []  # a name with an open quote can be read by no expression


def _longest(patterns: Sequence[_Pattern], found: Sequence[Token], at: int) -> int:
    return next((len(pattern) for pattern in patterns if _stands(pattern, found, at)), 0)


def _stands(pattern: _Pattern, found: Sequence[Token], at: int) -> bool:
    if at + len(pattern) >= len(found):
        return False
    here = found[at : at + len(pattern)]
    return all(
        token.text == text and (token is here[0] or (before.end < token.start) is gap)
        for before, token, (text, gap) in zip([here[0], *here], here, pattern, strict=False)
    )
