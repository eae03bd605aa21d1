"""How names are sorted and typed: kept beside each name, so that lists and searches need not work it out anew.

Names are sorted by their bytes in an encoding whose common characters stand in the order of pinyin. They are found
by pinyin without tones (ü is v) and by its initials, from any character on: 张伟 by `zhangwei`, `wei` and `zw`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, islice, product
from pathlib import Path
from typing import Any

ALPHABET = "gb18030"
"""Encoding by whose bytes names are sorted."""

COLUMNS = ("turn", "turn_en", "spelled")
"""What is kept beside `name` and `name_en`: what sorts it in Chinese and in English, and what it is found by."""

LONGEST = 20
"""Characters of a name that are spelled."""

SHORTEST = 2
"""Letters that must be typed to be looked for as pinyin."""

_WAYS = 4
_FILE = Path(__file__).with_name("pinyin.txt")


def beside(name: str | None, name_en: str | None) -> dict[str, Any]:
    """Return what is kept beside the names of a person or customer, by column."""
    return dict(zip(COLUMNS, (in_turn(name), in_turn(name_en or name), spelled(name)), strict=True))


def in_turn(name: str | None) -> bytes | None:
    """Return what sorts a name; None where there is none."""
    return None if name is None else name.encode(ALPHABET, "replace")


def spelled(name: str | None) -> str | None:
    """Return what a name is found by, in words that each have a blank before them; None where nothing is spelled."""
    words = dict.fromkeys(word for run in _runs(name or "") for word in _words(run) if len(word) >= SHORTEST)
    return "".join(f" {word}" for word in words) or None


def letters(word: str) -> str | None:
    """Return a word that was typed as pinyin has it, None where it cannot be pinyin."""
    typed = word.lower().replace("ü", "v")
    return typed if len(typed) >= SHORTEST and typed.isascii() and typed.isalpha() else None


def is_spelled(name: str | None, word: str) -> bool:
    """Say whether a name is found by a word that was typed."""
    typed = letters(word)
    return typed is not None and f" {typed}" in (spelled(name) or "")


def sounds(name: str) -> str:
    """Return letters that hold whatever a name is found by: a quick look before `is_spelled` is asked."""
    runs = [list(islice(product(*run), _WAYS)) for run in _runs(name)]
    ways = dict.fromkeys(way for run in runs for way in run)
    return " ".join(word for way in ways for word in ("".join(way), "".join(each[0] for each in way)))


def _runs(name: str) -> Iterator[Sequence[tuple[str, ...]]]:
    """Yield the readings of characters that stand together."""
    read = [_readings().get(each, ()) for each in name[:LONGEST]]
    for is_read, run in groupby(read, key=bool):
        if is_read:
            yield list(run)


def _words(run: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield syllables and initials from each character on, for the first few ways of reading it."""
    for way in islice(product(*run), _WAYS):
        for first in range(len(way)):
            yield "".join(way[first:])
            yield "".join(each[0] for each in way[first:])


@lru_cache(maxsize=1)
def _readings() -> Mapping[str, tuple[str, ...]]:
    """Return how each character is read."""
    lines = _FILE.read_text("utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in (line.split(" ") for line in lines if not line.startswith("#")):
        for each in characters:
            found[each] = (*found.get(each, ()), syllable)
    return found
