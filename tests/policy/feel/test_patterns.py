"""Searching past RE2's wrapper finds what its wrapper finds, and goes without where a release has no way past it."""

from __future__ import annotations

from random import Random
from unicodedata import category

import pytest
import re2

from policy import feel
from policy.feel import evaluate
from policy.feel.builtins import patterns, plainpatterns
from policy.feel.problems import Note
from policy.feel.types import STRING

PATTERNS = ["", "a", "^a$", "(a)|(b)", "x*", "[0-9]+$", "(?:ab){2}", ".", "\\n", "a{500}", "^$", "中"]
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


XPATH = [
    # a point matches neither end of a line
    ("Mary\rJones", "Mary.Jones", "", True, False),
    ("Mary\nJones", "Mary.Jones", "", True, False),
    ("Mary\rJones", "Mary.Jones", "s", True, True),
    ("Mary\nJones", "Mary.Jones", "s", True, True),
    ("a.b", r"a\.b[.]?", "", True, True),
    # white space that means nothing goes before escapes are read
    ("hello world", r"hello\ sworld", "x", True, True),
    ("hello world", "hello[ ]world", "x", True, True),
    ("hello world", r"\p{ I s B a s i c L a t i n }+$", "x", True, True),
    ("a]b", r"^a\ ]\ [? b$", "x", True, True),
    # blocks, categories and names
    ("é", r"\p{IsBasicLatin}", "", True, False),
    ("é", r"\P{IsBasicLatin}", "", True, True),
    ("客户", r"^\p{IsCJKUnifiedIdeographs}+$", "", True, True),
    ("客户a", r"^[\p{IsCJKUnifiedIdeographs}a-c]+$", "", True, True),
    ("客", r"[^\p{IsCJKUnifiedIdeographs}]", "", True, False),
    ("_客:1-2.", r"^\i\c*$", "", True, True),
    ("1a", r"^\i", "", True, False),
    ("1a", r"^\I\C?", "", True, True),
    (" ", r"^[\C]$", "", True, True),
    ("Über", r"^\p{Lu}\p{Ll}+$", "", True, True),
    # what is left of a class
    ("e", r"^[\p{L}-[aeiou]]$", "", True, False),
    ("é", r"^[\p{L}-[aeiou]]$", "", True, True),
    ("É", r"^[\p{L}-[\p{Lu}]]$", "", True, False),
    ("7", r"^[\d-[0-5]]$", "", True, True),
    ("b", r"^[^\P{L}-[a-b]]$", "", True, False),
    ("x", r"^[\i-[\p{IsBasicLatin}]]$", "", True, False),
    ("é", r"^[\i-[\p{IsBasicLatin}]]$", "", True, True),
    ("-", r"^[a\--z]$", "", True, True),
    # none of XPath's
    ("a", "(?i)A", "", False, None),
    ("a", "(?i:A)", "", False, None),
    ("a", "(?P<n>a)", "", False, None),
    ("a", "(?<n>a)", "", False, None),
    ("a", "(?=a)", "", False, None),
    ("a", r"\Aa", "", False, None),
    ("a", r"a\z", "", False, None),
    ("a", r"\Qa\E", "", False, None),
    ("a", r"\x61", "", False, None),
    ("a", r"\ba\b", "", False, None),
    ("a", r"[\x61]", "", False, None),
    ("a", r"\pL", "", False, None),
    ("a", r"\p{L", "", False, None),
    ("a", r"\p{IsNowhere}", "", False, None),
    ("a", r"[\p{Nowhere}-[a]]", "", False, None),
    ("a", "[z-a-[b]]", "", False, None),
    ("a", r"[\d-z-[b]]", "", False, None),
    ("a", r"(a)\1", "", False, None),
    ("a", "a\\", "", False, None),
    ("a", "[a", "", False, None),
    ("a", "(?:a)", "", True, True),
    ("a", "", "i", True, True),
]


@pytest.mark.parametrize(("text", "pattern", "flags", "carried_out", "holds"), XPATH)
def test_a_pattern_means_what_xpath_says(
    text: str, pattern: str, flags: str, carried_out: bool, holds: bool | None
) -> None:
    problems: list[Note] = []
    given = {"text": text, "pattern": pattern, "flags": flags}

    assert evaluate("matches(text, pattern, flags)", given, problems=problems) is holds
    assert [each.code for each in problems] == ([] if carried_out else ["feel-pattern"])


def test_the_others_of_a_category_are_all_the_others() -> None:
    """Counted over all code points but halves of surrogate pairs."""
    sides = [patterns.compiled(rf"[\p{{L}}-[{drop}]]", "") for drop in (r"\p{Lu}", r"\P{Lu}")]
    letters = [chr(each) for each in range(0x3000) if category(chr(each)).startswith("L")]

    assert all(sum(bool(side.search(each)) for side in sides) == 1 for each in letters)


# plain patterns, which Python's own engine carries out

PARTS = ["a", "B", "7", "_", "-", " ", "@", "[0-9]", "[A-Za-z]", "[a-c7]", "[A-z]", "[.,]", "[\\d.]", "[\\w\\-]"]
PARTS += ["\\d", "\\w", "\\.", "\\-", "\\$", "\\\\", "\\[", "[\\]^]", "[\\^]"]
FIXED = ["", "", "{1}", "{2}", "{0}", "{3}"]
OPEN = ["", "*", "+", "?", "{2,}", "{0,2}", "{1,3}"]
SIGNS = [
    *"abcBZ7059_-. @,$^[]\\?\n\r\t\v\0",
    "\x7f",
    "é",
    "中",
    "\u0663",
    "\uff41",
    "🐎",
    "\ud800",
    "\udfff",
    "\u017f",
    "\u212a",
]


def plain_pattern(random: Random) -> str:
    parts = [random.choice(PARTS) + random.choice(FIXED) for _ in range(random.randrange(4))]
    return f"^{''.join(parts)}{random.choice(PARTS)}{random.choice(OPEN)}{random.choice(['', '$'])}"


def text_near(random: Random, pattern: str) -> str:
    """Return a random text, or one of the signs of a pattern, so that many match."""
    signs = SIGNS if random.random() < 0.5 else [each for each in pattern if each not in "^${}[]*+"] or ["a"]
    text = "".join(random.choice(signs) for _ in range(random.randrange(7)))
    return text + random.choice(["", "", "", "\n", "中", "\ud800"])


def test_a_plain_pattern_means_what_it_means_to_re2() -> None:
    random, matched, plain = Random(20260301), 0, 0
    for _ in range(4000):
        pattern = plain_pattern(random)
        quick, slow = plainpatterns.matching(pattern), patterns.searching(pattern, "")
        if quick is None or slow is None:
            continue
        plain += 1
        for _ in range(12):
            text = text_near(random, pattern)
            found = quick(text) is not None
            assert found is slow(text.encode("utf-8", "replace")), (pattern, text)
            matched += found

    assert plain > 3500
    assert matched > 4000


@pytest.mark.parametrize(
    "pattern",
    [
        "a$",
        "^a+b",
        "^a+b+$",
        "^(a)$",
        "^a|b$",
        "^.$",
        "^\\s$",
        "^[^a]$",
        "^é$",
        "^[?]",
        "^\\?",
        "^[0-A]$",
        "^a+?$",
        "^\\D$",
    ],
)
def test_no_other_pattern_is_plain(pattern: str) -> None:
    assert plainpatterns.matching(pattern) is None


def test_a_plain_pattern_in_an_expression() -> None:
    for text, found in {"12": True, "": False, "1\n": False, "\uff11\uff12": False, "1\ud800": False}.items():
        assert evaluate('matches(t, "^[0-9]+$")', {"t": text}) is found
        assert feel.compile('matches(t, "^[0-9]+$")', {"t": STRING})({"t": text}) is found
