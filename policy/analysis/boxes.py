"""Where a condition holds, as boxes: for each dimension the cells in which it does.

A box is a mapping from the number of a dimension to a mask of its cells; a dimension that is not in it may have any
value. A condition holds where one of its boxes does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from policy.analysis.dimensions import Dimension
from policy.analysis.reading import Asked, Denied, Joined, Known, Test

Box = dict[int, int]

MOST_BOXES = 64
"""Boxes that one condition may come to."""

_MEETINGS = 500_000
"""Pairs of boxes that are joined for the conditions of one policy."""


class TooManyError(ValueError):
    """More combinations than are looked at."""


class Budget:
    """Steps that may still be taken; the work is cut off beyond them, never the answer guessed."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take steps.

        Raises:
            TooManyError: there are not so many left.
        """
        self._left -= steps
        if self._left < 0:
            raise TooManyError


class Boxes:
    """Makes boxes of conditions over sealed dimensions.

    Attributes:
        dimensions: The dimensions by number.
    """

    def __init__(self, dimensions: Sequence[Dimension]) -> None:
        self.dimensions = dimensions
        self._numbers = {id(each): number for number, each in enumerate(dimensions)}
        self._budget = Budget(_MEETINGS)

    def true(self, asked: Asked) -> list[Box]:
        """Return where a condition is true.

        Raises:
            TooManyError: that would be too many boxes.
        """
        return self._boxes(asked, wanted=True, lenient=False)

    def not_false(self, asked: Asked) -> list[Box]:
        """Return where a condition is true or unknown.

        Raises:
            TooManyError: that would be too many boxes.
        """
        return self._boxes(asked, wanted=True, lenient=True)

    def _boxes(self, asked: Asked, *, wanted: bool, lenient: bool) -> list[Box]:
        match asked:
            case Known():
                return [{}] if asked.verdict is wanted or (asked.verdict is None and lenient) else []
            case Denied():
                return self._boxes(asked.part, wanted=not wanted, lenient=lenient)
            case Joined():
                parts = (self._boxes(each, wanted=wanted, lenient=lenient) for each in asked.parts)
                return self._product(parts) if asked.all is wanted else _union(parts)
            case Test():
                return self._tested(asked, wanted=wanted, lenient=lenient)

    def _tested(self, test: Test, *, wanted: bool, lenient: bool) -> list[Box]:
        of = test.dimension
        unknown = 0 if test.null else of.missing
        true = of.missing if test.null else of.among(test.values) if test.values else of.spanning(test.spans)
        mask = true if wanted else of.full & ~true & ~unknown
        mask |= unknown if lenient else 0
        if mask == of.full:
            return [{}]
        return [{self._numbers[id(of)]: mask}] if mask else []

    def _product(self, parts: Iterable[list[Box]]) -> list[Box]:
        found: list[Box] = [{}]
        for boxes in parts:
            self._budget.spend(len(found) * len(boxes))
            met = (meeting(one, other) for one in found for other in boxes)
            found = _few(_merged(each for each in met if each is not None))
            if not found:
                break
        return found


def _union(parts: Iterable[list[Box]]) -> list[Box]:
    return _few(_merged(box for boxes in parts for box in boxes))


def _few(boxes: list[Box]) -> list[Box]:
    if len(boxes) > MOST_BOXES:
        raise TooManyError
    return boxes


def _merged(boxes: Iterable[Box]) -> list[Box]:
    """Put together boxes of the same single dimension; one without dimensions is all there is."""
    single: dict[int, int] = {}
    others: list[Box] = []
    for box in boxes:
        if not box:
            return [{}]
        if len(box) == 1:
            ((number, mask),) = box.items()
            single[number] = single.get(number, 0) | mask
        elif box not in others:
            others.append(box)
        if len(others) > MOST_BOXES:
            raise TooManyError
    return [*({number: mask} for number, mask in single.items()), *others]


def meeting(one: Box, other: Box) -> Box | None:
    """Return where two boxes meet, None where they do not."""
    found = dict(one)
    for number, mask in other.items():
        both = found.get(number, mask) & mask
        if not both:
            return None
        found[number] = both
    return found


def is_within(one: Box, other: Box) -> bool:
    """Say whether a box lies in another."""
    return all(number in one and not one[number] & ~mask for number, mask in other.items())


def without(box: Box, dropped: Callable[[int], bool]) -> Box:
    """Return a box with any value in some dimensions."""
    return {number: mask for number, mask in box.items() if not dropped(number)}
