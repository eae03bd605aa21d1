"""People in sentences of the engine: it knows their ids only, readers their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from policy.kinds.assignment import AssignmentResult

SAID = 2
"""Candidates the answer of an assignment names: the one who is chosen, and the next."""


def said_of(result: Any) -> list[str]:
    """Return the ids of the people the answer of a decision with a result names; none where it chooses nobody."""
    return [each.manager for each in islice(result.ranked, SAID)] if isinstance(result, AssignmentResult) else []


def named_in(result: Any) -> frozenset[str]:
    """Return the ids of everybody a result speaks of: whoever is eligible, and whoever is not."""
    if not isinstance(result, AssignmentResult):
        return frozenset()
    return frozenset((*(each.manager for each in result.ranked), *(each.manager for each in result.excluded)))


def with_names(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence in which people stand by their names.

    Args:
        sentence: Of the engine.
        names: Id → name, of those the reader may know.
    """
    if not names:
        return sentence
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    ids = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])", re.ASCII)
    return ids.sub(lambda match: names[match[0]], sentence)
