"""What counts as a reason where one is asked for: blanks, a dash or one sign tell whoever reads it nothing."""

from __future__ import annotations

LEAST = 2
"""Letters, characters or digits a reason has at least."""


def says_something(text: str) -> bool:
    """Say whether a text can be somebody's reason.

    Example:
        >>> says_something("离职"), says_something(" . "), says_something("x")
        (True, False, False)
    """
    return sum(each.isalnum() for each in text) >= LEAST
