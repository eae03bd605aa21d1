"""What people say to a proposal: short, and a text every database and every screen can hold."""

from __future__ import annotations

from policy.errors import Problem
from webadmin.store.revisions import Refusal

LONGEST = 2000
"""Characters of a note or comment."""

_BREAKS = str.maketrans("", "", "\t\n\r")


def problems(text: str, pointer: str) -> tuple[Problem, ...]:
    """Return what is wrong with a note or comment.

    Args:
        text: As it came; lines may be broken.
        pointer: Of the field it came in.
    """
    written = text.translate(_BREAKS)
    if len(text) <= LONGEST and (not written or written.isprintable()):
        return ()
    return (Problem(str(Refusal.UNFIT_NOTE), pointer, {"found": len(text), "expected": LONGEST}),)
