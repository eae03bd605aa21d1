"""Plain data as an outline people can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from policy.cli.frame import say
from policy.values import Language, plain


def outline(value: Any, language: Language, indent: int = 0) -> Iterator[str]:
    """Yield the lines of nested data; what is flat stands on one line."""
    pad = " " * indent
    if isinstance(value, Mapping):
        for name, item in value.items():
            if _is_flat(item):
                yield f"{pad}{name}: {inline(item, language)}"
            else:
                yield f"{pad}{name}:"
                yield from outline(item, language, indent + 2)
    elif isinstance(value, list | tuple) and not _is_flat(value):
        for item in value:
            lines = list(outline(item, language))
            yield from (f"{pad}{'  ' if number else '- '}{line}" for number, line in enumerate(lines))
    else:
        yield pad + inline(value, language)


def _is_flat(value: Any) -> bool:
    if isinstance(value, Mapping):
        return not value
    if isinstance(value, list | tuple):
        return not any(isinstance(item, Mapping | list | tuple) for item in value)
    return True


def inline(value: Any, language: Language) -> str:
    """Write a value on one line."""
    match value:
        case None:
            return "–"
        case bool():
            return say("yes" if value else "no", language)
        case Decimal():
            return plain(value)
        case Mapping():
            return f"{{{', '.join(f'{name}: {inline(item, language)}' for name, item in value.items())}}}"
        case list() | tuple():
            return say("joint", language).join(inline(item, language) for item in value) or say("nothing", language)
        case _:
            return str(value)
