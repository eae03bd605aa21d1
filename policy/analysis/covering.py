"""What boxes leave uncovered, and which of them meet: many boxes at once, as bits of whole numbers.

Bit i stands for box i. For every cell of a dimension it is kept which boxes cover it, so that one `and` per
dimension says which boxes meet a point, and a box is sought in the dimension where most boxes differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import or_, xor

from policy.analysis.boxes import Box, Budget, TooManyError
from policy.analysis.dimensions import Dimension, runs_of

_FEW = 64
"""Cells of a mask that are looked at one by one."""


_MOST_BITS = 500_000_000
"""Boxes times cells that are kept: some 60 MB."""


class Cover:
    """Boxes, indexed by the cells of each dimension.

    Attributes:
        boxes: In their order.

    Raises:
        TooManyError: there are too many boxes and cells to keep.
    """

    def __init__(self, dimensions: Sequence[Dimension], boxes: Sequence[Box]) -> None:
        if len(boxes) * sum(map(len, dimensions)) > _MOST_BITS:
            raise TooManyError
        self.boxes = list(boxes)
        self.all = (1 << len(boxes)) - 1
        self._full = [each.full for each in dimensions]
        bound: dict[int, list[tuple[int, int]]] = {}
        for at, box in enumerate(boxes):
            for number, mask in box.items():
                bound.setdefault(number, []).append((1 << at, mask))
        self._columns = {number: _Column(len(dimensions[number]), bound[number], self.all) for number in sorted(bound)}

    def add(self, box: Box) -> None:
        """Take in one more box, of dimensions that others have, too."""
        at = len(self.boxes)
        self.boxes.append(box)
        self.all |= 1 << at
        for number, column in self._columns.items():
            column.add(1 << at, box.get(number))

    def meeting(self, box: Box) -> int:
        """Return which boxes may meet a box: none that does is left out."""
        found = self.all
        for number, mask in box.items():
            column = self._columns.get(number)
            if column is not None:
                found &= column.meeting(mask)
        return found

    def containing(self, box: Box) -> int:
        """Return boxes that contain a box; some may be left out, never one that does not."""
        found = self.all
        for number, column in self._columns.items():
            found &= column.containing(box.get(number, self._full[number]))
        return found

    def at(self, box: Box, *, last: bool) -> int:
        """Return which boxes cover one point of a box: the first of its cells everywhere, or the last."""
        found = self.all
        for number, column in self._columns.items():
            mask = box.get(number, self._full[number])
            found &= column.cells[mask.bit_length() - 1 if last else (mask & -mask).bit_length() - 1]
        return found

    def uncovered(self, within: Box, active: int, budget: Budget) -> Box | int:
        """Look for a part of a box that no box covers.

        Args:
            within: Where to look.
            active: The boxes that count.
            budget: How far to look.

        Returns:
            A box that none of them meets; or, where they cover all of it, bits of boxes that do so together.

        Raises:
            TooManyError: the budget does not reach.
        """
        return _Search(self._columns, self._full, budget).look(within, active, 0)

    def widest(self, gap: Box, order: Sequence[int]) -> Box:
        """Widen an uncovered box until it meets boxes on every side.

        Args:
            gap: A box that no box meets.
            order: Its dimensions, those first that are to be widened most.
        """
        found = dict(gap)
        for number in order:
            rest = {each: mask for each, mask in found.items() if each != number}
            taken = 0
            for box in _chosen(self.boxes, self.meeting(rest)):
                if number in box and all(mask & box.get(each, mask) for each, mask in rest.items()):
                    taken |= box[number]
            found[number] = self._full[number] & ~taken
            if found[number] == self._full[number]:
                del found[number]
        return found


class _Column:
    """One dimension: which boxes cover each of its cells."""

    def __init__(self, size: int, masks: Sequence[tuple[int, int]], everything: int) -> None:
        events = [0] * (size + 1)
        self.bound = 0
        self._torn = 0
        for bit, mask in masks:
            self.bound |= bit
            runs = list(runs_of(mask))
            self._torn |= bit if len(runs) > 1 else 0
            for low, high in runs:
                events[low] ^= bit
                events[high] ^= bit
        self.free = everything & ~self.bound
        self.cells: list[int] = [each | self.free for each in accumulate(events[:-1], xor)]
        self._begun: list[int] = list(accumulate(self.cells, or_))
        self._met: dict[int, int] = {}

    def add(self, bit: int, mask: int | None) -> None:
        """Take in one more box."""
        if mask is None:
            self.free |= bit
        else:
            self.bound |= bit
            self._torn |= bit
        for low, high in [(0, len(self.cells))] if mask is None else runs_of(mask):
            for cell in range(low, high):
                self.cells[cell] |= bit
        self._met.clear()

    def meeting(self, mask: int) -> int:
        """Return bits of the boxes that share a cell with a mask."""
        if mask not in self._met:
            self._met[mask] = self._meeting(mask)
        return self._met[mask]

    def _meeting(self, mask: int) -> int:
        if mask.bit_count() <= _FEW:
            found = self.free
            for low, high in runs_of(mask):
                for cell in range(low, high):
                    found |= self.cells[cell]
            return found
        low, high = (mask & -mask).bit_length() - 1, mask.bit_length()
        return self.cells[low] | self.free | self._torn | (self._begun[high - 1] & ~self._begun[low])

    def containing(self, mask: int) -> int:
        """Return bits of the boxes that cover every cell of a mask."""
        low, high = (mask & -mask).bit_length() - 1, mask.bit_length()
        found = self.cells[low] & self.cells[high - 1]
        if mask.bit_count() > _FEW:
            return found & ~self._torn
        for first, end in runs_of(mask):
            for cell in range(first, end):
                found &= self.cells[cell]
        return found


class _Search:
    """One search for what is uncovered; what was found covered is kept in mind."""

    def __init__(self, columns: dict[int, _Column], full: Sequence[int], budget: Budget) -> None:
        self._columns = columns
        self._full = full
        self._budget = budget
        self._covered: dict[tuple[int, int], int] = {}

    def look(self, within: Box, active: int, settled: int) -> Box | int:
        """Return an uncovered part, or which boxes cover all; in `settled` dimensions all active boxes cover it."""
        if not active:
            return within
        open_ = 0
        best, most = -1, 0
        for number, column in self._columns.items():
            if settled >> number & 1:
                continue
            bound = column.bound & active
            open_ |= bound
            if bound and bound.bit_count() > most:
                best, most = number, bound.bit_count()
        done = active & ~open_
        if done:
            return done & -done
        known = self._covered.get((active, settled))
        if known is None:
            found = self._split(within, active, settled | 1 << best, best)
            if isinstance(found, dict):
                return found
            known = self._covered[active, settled] = found
        return known

    def _split(self, within: Box, active: int, settled: int, number: int) -> Box | int:
        used = 0
        for there, mask in self._groups(within.get(number, self._full[number]), active, number):
            found = self.look({**within, number: mask}, there, settled)
            if isinstance(found, dict):
                return found
            used |= found
        return used

    def _groups(self, mask: int, active: int, number: int) -> list[tuple[int, int]]:
        """Return the cells that the same boxes cover together, those of the fewest boxes first."""
        cells = self._columns[number].cells
        self._budget.spend(mask.bit_count() + 1)
        groups: dict[int, int] = {}
        for low, high in runs_of(mask):
            for cell in range(low, high):
                there = cells[cell] & active
                groups[there] = groups.get(there, 0) | 1 << cell
        return sorted(groups.items(), key=lambda each: each[0].bit_count())


def numbers(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, the least first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _chosen(boxes: Sequence[Box], bits: int) -> Iterator[Box]:
    return (boxes[at] for at in numbers(bits))
