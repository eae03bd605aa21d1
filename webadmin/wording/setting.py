"""Puts phrases together as each language sets them.

Chinese has no space between two of its characters, nor beside its punctuation, which brings its own; between a
character and Latin letters or digits the space of the phrase stays. What a value holds itself is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from string import Formatter
from typing import Any

from markupsafe import Markup, escape

from policy.values import Language

_POINT = re.compile("[\u3001-\u303f\uff01-\uff0f\uff1a-\uff1f\uff3b-\uff40\uff5b-\uff65“”]")
_CHINESE = re.compile(f"[\u4e00-\u9fff]|{_POINT.pattern}")


def phrase(text: str, language: Language, some: Sequence[Any], parts: Mapping[str, Any]) -> Markup:
    """Put values into a phrase of this package, which holds no markup.

    Args:
        text: The phrase, with `{a}` or `{0}` where a value stands.
        language: Of the phrase.
        some: Values by position.
        parts: Values by name.
    """
    if language is not Language.ZH:
        return escape(text).format(*some, **parts)
    values = {**{str(at): value for at, value in enumerate(some)}, **parts}
    pieces = []
    for before, name in _pieces(text):
        pieces += [escape(before)] if name is None else [escape(before), escape(values[name])]
    return _set(pieces)


def joined(by: str, language: Language, parts: Iterable[Any]) -> Markup:
    """Join values by a word of this package, such as `and`."""
    word, found = escape(by), list(map(escape, parts))
    if language is not Language.ZH:
        return word.join(found)
    return _set([piece for each in found for piece in (word, each)][1:])


def together(pieces: Iterable[Markup], language: Language) -> Markup:
    """Put what was said one after the other."""
    return _set(pieces) if language is Language.ZH else Markup("").join(pieces)


def plain(pieces: Iterable[str], language: Language) -> str:
    """Put texts without markup one after the other."""
    return together(map(escape, pieces), language).unescape()


@lru_cache(maxsize=512)
def _pieces(text: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((before, name) for before, name, _, _ in Formatter().parse(text))


def _set(pieces: Iterable[Markup]) -> Markup:
    """Join what stands one after the other."""
    return reduce(_beside, (each for each in pieces if each), Markup(""))


def _beside(text: Markup, more: Markup) -> Markup:
    """Put two texts beside each other; a space where they meet goes where Chinese has none."""
    if text.endswith(" ") and _is_closed(_last(text[:-1]), _first(more)):
        return text[:-1] + more
    if more.startswith(" ") and _is_closed(_last(text), _first(more[1:])):
        return text + more[1:]
    return text + more


def _is_closed(last: str, first: str) -> bool:
    if not last or not first:
        return False
    both = bool(_CHINESE.match(last) and _CHINESE.match(first))
    return both or bool(_POINT.match(last) or _POINT.match(first))


def _last(text: str) -> str:
    """Return the last sign that is seen: tags are not."""
    while text.endswith(">"):
        text = text[: text.rindex("<")]
    return text[-1:]


def _first(text: str) -> str:
    while text.startswith("<"):
        text = text[text.index(">") + 1 :]
    return text[:1]
