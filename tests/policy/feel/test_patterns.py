"""Searching past RE2's wrapper finds what its wrapper finds, and goes without where a release has no way past it."""

from __future__ import annotations

import pytest
import re2

from policy.feel import evaluate
from policy.feel.builtins import patterns

PATTERNS = ["", "a", "^a$", "(a)|(b)", "x*", "[0-9]+$", "\\bé\\b", "(?:ab){2}", ".", "\\n", "a{500}", "^$", "中"]
TEXTS = [
    "",
    "a",
    "b",
    "ab",
    "abab",
    "a\n",
    "\n",
    "é",
    "中文",
    "12",
    "1x",
    "\0a",
    "a" * 700,
    "\ud800".encode("utf-8", "replace").decode(),
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("flags", ["", "s", "m", "i", "sm", "x", "q"])
def test_both_ways_find_the_same(pattern: str, flags: str) -> None:
    made = patterns.compiled(pattern, flags)
    fast, slow = patterns.search_of(made), patterns.search_of(made, None)

    assert [fast(text.encode()) for text in TEXTS] == [slow(text.encode()) for text in TEXTS]
    assert [fast(text.encode()) for text in TEXTS] == [bool(made.search(text)) for text in TEXTS]


def test_this_release_has_a_way_past_the_wrapper() -> None:
    assert patterns._ANYWHERE is not None  # noqa: SLF001 - it is only faster, so nothing else shows it


class _Other:
    """A binding of another form."""


@pytest.mark.parametrize("binding", [None, _Other()])
def test_another_release_goes_without(binding: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re2, "_re2", binding)

    assert patterns._anywhere() is None  # noqa: SLF001 - what an import of another release would do


def test_a_pattern_that_cannot_be_carried_out_is_null() -> None:
    assert evaluate('matches("a", "(?=a)")', {}) is None
