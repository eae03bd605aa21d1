"""Labels that two texts of a document give differently: told once, where they stand, not wherever they are said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask_babel import gettext

from policy.model.comparison import Difference, What

_LABEL = "label"
_SHORTEST = 4
"""Steps that lead to a label in one language: a list, the item, `label`, the language."""


def renamed(meaning: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return those of some differences that are nothing but another label of the same thing."""
    return tuple(each for each in meaning if each.what is What.CHANGED and is_label(each.path))


def is_label(path: Sequence[str]) -> bool:
    """Say whether a path leads to the label of an item in one language."""
    return len(path) >= _SHORTEST and path[-2] == _LABEL


def label_of(path: Sequence[str]) -> str:
    """Say whose label a path leads to."""
    holder, name = path[-4], path[-3]
    return _KINDS.get(holder, _of_any)(name)


def _of_any(name: str) -> str:
    return str(gettext("label of %(name)s", name=name))


def _of_stage(name: str) -> str:
    return str(gettext("label of the stage %(name)s", name=name))


def _of_field(name: str) -> str:
    return str(gettext("label of the field %(name)s", name=name))


def _of_output(name: str) -> str:
    return str(gettext("label of the output %(name)s", name=name))


def _of_derived(name: str) -> str:
    return str(gettext("label of the derived value %(name)s", name=name))


_KINDS: Mapping[str, Callable[[str], str]] = {
    "stages": _of_stage,
    "inputs": _of_field,
    "fields": _of_field,
    "outputs": _of_output,
    "derived": _of_derived,
}
"""Name of a list of a document → says whose label one of its items has."""
