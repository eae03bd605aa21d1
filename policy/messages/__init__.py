"""Every sentence the engine says about a text or about facts, in zh and en, by stable code.

One module per part that speaks; each is a table code → `Message`. Codes are unique over all parts.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy.messages import compiling, deciding, document, explaining, facts, feel, importing
from policy.messages.base import Grade, Message, Said
from policy.values import Language, Text

__all__ = ["CATALOGUE", "Grade", "Message", "Said", "sentence"]


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
    return template.format_map({name: _said(value, language) for name, value in values.items()})


def _said(value: Said, language: Language) -> str:
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, tuple):
        return ("、" if language is Language.ZH else ", ").join(value)
    return str(value)
