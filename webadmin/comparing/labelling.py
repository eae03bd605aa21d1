"""Sentences of the engine name inputs by their paths; pages put what people call them before."""

from __future__ import annotations

import re
from collections.abc import Mapping

from policy.model.fields import Field
from webadmin import filters

_QUOTED = re.compile(r"`([^`]+)`")
_INDEX = re.compile(r"\.\d+(?=\.|$)")


def labelled(text: str, fields: Mapping[str, Field]) -> str:
    """Return a sentence with the label of each input before its path; `credits.0.amount` is one of `credits[].amount`.

    Args:
        text: The sentence; paths stand between backticks.
        fields: Path → input.
    """

    def named(found: re.Match[str]) -> str:
        field = fields.get(_INDEX.sub("[]", found[1]))
        label = "" if field is None else filters.called(field)
        return found[0] if label in ("", found[1]) else f"{label} {found[0]}"

    return _QUOTED.sub(named, text)
