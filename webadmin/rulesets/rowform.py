"""What the forms of rows have in common: in a form `s0` is the first of them, `s0.was` its id as it was opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

MOST = 60
"""Rows a form takes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is typed.

    Attributes:
        was: Its id in the text the form was opened with; empty for a new one.
        id: Its id.
        label: By language.
    """

    was: str
    id: str
    label: Mapping[str, str]

    @property
    def is_new(self) -> bool:
        """Say whether the text does not have it yet."""
        return not self.was


def places(form: MultiDict[str, str], letter: str) -> list[str]:
    """Return the places of the rows whose names begin with a letter, in their order: `s0`, `s1`.

    Raises:
        RequestEntityTooLarge: there are too many.
    """
    found = [re.fullmatch(letter + r"([0-9]{1,4})\.was", name) for name in form]
    numbers = sorted(int(each[1]) for each in found if each)
    if len(numbers) > MOST:
        raise RequestEntityTooLarge
    return [f"{letter}{number}" for number in numbers]


def label(form: MultiDict[str, str], place: str) -> dict[str, str]:
    """Return the label of a row as it is typed, by language."""
    return {tongue: form.get(f"{place}.label.{tongue}", "").strip() for tongue in ("zh", "en")}
