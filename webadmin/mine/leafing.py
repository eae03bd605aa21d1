"""The page of somebody's customers that is shown: some at a time, or all of them where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webadmin.mine.holding import Held

MOST = 20
"""Customers of one page."""

ALL = "all"
"""What the address says where all are asked for."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Some of somebody's customers.

    Attributes:
        shown: Those of this page.
        every: All of them.
        page: Its number, from 1; 0 where all are shown.
        pages: How many there are.
    """

    shown: Sequence[Held]
    every: Sequence[Held]
    page: int
    pages: int


def leaf(every: Sequence[Held], asked: str, customer: str = "") -> Leaf:
    """Return the page that is asked for, the first where there is none of that number.

    Args:
        every: All customers, in the order they stand in.
        asked: Its number, or `ALL`.
        customer: Id of one that has to be on it, whatever number is asked for.
    """
    pages = max(1, -(-len(every) // MOST))
    if asked == ALL:
        return Leaf(every, every, 0, pages)
    place = next((at for at, each in enumerate(every) if each.customer.id == customer), None)
    number = int(asked) if asked in map(str, range(1, pages + 1)) else 1
    page = number if place is None else place // MOST + 1
    return Leaf(every[(page - 1) * MOST : page * MOST], every, page, pages)
