"""Every sentence the engine says about a text or about facts, in zh and en, by stable code.

One module per part that speaks; each is a table code → `Message`. Codes are unique over all parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

from policy.messages import (
    analysing,
    compiling,
    deciding,
    document,
    explaining,
    facts,
    feel,
    importing,
    patterns,
    publishing,
    recording,
)
from policy.messages.base import Grade, Message, Said, filled
from policy.values import Language, Text

__all__ = ["CATALOGUE", "Grade", "Message", "Said", "sentence"]


_HAN = re.compile("[\u4e00-\u9fff]")
_CHINESE = re.compile("[\u4e00-\u9fff\u3001-\u303f\uff01-\uff0f\uff1a-\uff1f]")
"""Characters and their punctuation."""


def _merged(*parts: Mapping[str, Message]) -> dict[str, Message]:
    merged: dict[str, Message] = {}
    for part in parts:
        twice = merged.keys() & part.keys()
        if twice:
            msg = f"codes with two meanings: {sorted(twice)}"
            raise ValueError(msg)
        merged.update(part)
    return merged


CATALOGUE: Mapping[str, Message] = _merged(
    feel.MESSAGES,
    document.MESSAGES,
    compiling.MESSAGES,
    facts.MESSAGES,
    deciding.MESSAGES,
    explaining.MESSAGES,
    importing.MESSAGES,
    recording.MESSAGES,
    publishing.MESSAGES,
    patterns.MESSAGES,
    analysing.MESSAGES,
)


def sentence(code: str, values: Mapping[str, Said], language: Language) -> str:
    """Write the sentence of `code` in `language`, with `values` in their places.

    Args:
        code: A code of the catalogue.
        values: What the sentence names; bilingual values are read in `language`, lists are joined.
        language: The reader's language.

    Raises:
        KeyError: the code is not in the catalogue, or the sentence names a value that is not given.
    """
    message = CATALOGUE[code]
    template = message.zh if language is Language.ZH else message.en
    if language is Language.EN:
        return filled(template, {name: _said(value, language) for name, value in values.items()})
    text = ""
    for before, name in _pieces(template):
        text = _joined(text, before)
        if name is not None:
            text = _joined(text, _said(values[name], language))
    return text


@lru_cache(maxsize=1024)
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((before, name) for before, name, _, _ in Formatter().parse(template))


def _joined(text: str, more: str) -> str:
    """Put Chinese together as it is set: no space between two signs, one between a character and a backtick."""
    outside = text.count("`") % 2 == 0
    if outside and _HAN.match(text[-1:]) and more.startswith("`"):
        return f"{text} {more}"
    if outside and text.endswith("`") and _HAN.match(more):
        return f"{text} {more}"
    if text.endswith(" ") and _CHINESE.match(text[-2:-1]) and _CHINESE.match(more):
        return text[:-1] + more
    if more.startswith(" ") and _CHINESE.match(text[-1:]) and _CHINESE.match(more[1:]):
        return text + more[1:]
    return text + more


def _said(value: Said, language: Language) -> str:
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, tuple):
        return ("、" if language is Language.ZH else ", ").join(value)
    return str(value)
