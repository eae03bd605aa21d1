"""Lists of people and customers page by page: which page an address asks for, and what stands on it."""

from __future__ import annotations

from collections.abc import Mapping

PAGE = 50
"""Lines of a page."""

_DIGITS = 5


def read(arguments: Mapping[str, str]) -> int:
    """Return the page an address asks for, from 1; the first where that is none."""
    page = arguments.get("page", "1")
    return max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) <= _DIGITS else 1


def pages(count: int) -> int:
    """Return how many pages so many lines make, at least one."""
    return max(1, -(-count // PAGE))


def before(page: int) -> int:
    """Return how many lines stand before a page."""
    return (page - 1) * PAGE
