"""What people say to a proposal: short, and a text every database can hold and no terminal takes for an order."""

from __future__ import annotations

from unicodedata import category

from policy.errors import Problem
from webadmin.store.revisions import Refusal

LONGEST = 2000
"""Characters of a note or comment."""

_BREAKS = frozenset("\t\n\r")
_UNFIT = frozenset({"Cc", "Cs"})  # controls, and halves of characters; wide spaces and joiners are ordinary writing


def problems(text: str, pointer: str) -> tuple[Problem, ...]:
    """Return what is wrong with a note or comment.

    Args:
        text: As it came; lines may be broken.
        pointer: Of the field it came in.
    """
    if len(text) <= LONGEST and not any(category(each) in _UNFIT for each in text if each not in _BREAKS):
        return ()
    return (Problem(str(Refusal.UNFIT_NOTE), pointer, {"found": len(text), "expected": LONGEST}),)
