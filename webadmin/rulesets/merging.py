"""Two people's changes of one text put together: by meaning where all texts can be taken apart, by lines where not.

Of what both have changed, each to something else, a person says which counts. Such a place has a key that is made of
what stands there: a choice holds as long as that stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from merge3 import Merge3

from policy.editor.grafting import merged
from policy.editor.outline import Outline
from policy.editor.threeway import Part, Side, Sort, Three
from policy.errors import SourceError

NOTHING = "{}\n"
"""A document without a key: what both have begun from where that is not kept."""

LINES = "lines"
"""The sort of a place in a text that cannot be taken apart."""

_LONGEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A place where the texts say different things.

    Attributes:
        key: What its choice is called in a form.
        by: Who has changed it: `theirs`, `mine`, or `both`, each to something else.
        sort: `value`, `item`, `order`, `comment` or `lines`.
        path: What leads to it; of lines the number of the first in the text that is theirs.
        before: As it stood; None where there was nothing. `theirs` and `mine` alike.
        can_both: Whether both versions can stand.
    """

    key: str
    by: Side
    sort: str
    path: tuple[str, ...]
    before: str | None
    theirs: str | None
    mine: str | None
    can_both: bool


@dataclass(frozen=True)
class Merge:
    """Two texts made from the same one.

    Attributes:
        base: What both began from; None where it is not kept.
        theirs: The one that is kept already.
        mine: The other.
    """

    base: str | None
    theirs: str
    mine: str

    @property
    def both(self) -> list[Place]:
        """Return what both have changed, each to something else."""
        return [each for each in self.places if each.by is Side.BOTH]

    @property
    def taken(self) -> list[Place]:
        """Return what one of them has changed, which is taken over."""
        return [each for each in self.places if each.by is not Side.BOTH]

    @cached_property
    def places(self) -> list[Place]:
        """Return every place where the texts say different things."""
        return [_place(each) for each in self._parts] if self._three else list(self._hunks())

    def text(self, choices: Mapping[str, Side]) -> str:
        """Return the text as it comes out.

        Args:
            choices: Key of a place both have changed → whose version counts; theirs where nothing is chosen.
        """
        if self._three is None:
            return "".join(self._lines(choices))
        numbered = {at: choices[each.key] for at, each in enumerate(self.places) if each.key in choices}
        return merged(self._three, self._parts, numbered, "".join(self._lines({})))

    @cached_property
    def _three(self) -> Three | None:
        """Return the texts taken apart; None where one of them cannot be, or could not be put together again."""
        try:
            three = Three(Outline(self.base or NOTHING), Outline(self.theirs), Outline(self.mine))
            parts = three.parts()
            merged(three, parts, {})
            merged(three, parts, {at: Side.MINE for at, each in enumerate(parts) if each.by is Side.BOTH})
        except SourceError:
            return None
        return three

    @cached_property
    def _parts(self) -> Sequence[Part]:
        return [] if self._three is None else self._three.parts()

    @cached_property
    def _groups(self) -> list[tuple[str, ...] | tuple[str, Sequence[str], Sequence[str], Sequence[str]]]:
        texts = (each.splitlines(keepends=True) for each in (self.base or "", self.theirs, self.mine))
        return list(Merge3(*texts).merge_groups())  # type: ignore[arg-type]

    def _hunks(self) -> Iterator[Place]:
        line = 1
        for what, *held in self._groups:
            if what == "conflict":
                before, theirs, mine = ("".join(each) for each in held)
                where = (str(line),)
                key = _key(LINES, where, before, theirs, mine)
                yield Place(key, Side.BOTH, LINES, where, before, theirs, mine, can_both=bool(theirs and mine))
                line += len(held[1])
            elif what != "b":
                line += len(held[0])

    def _lines(self, choices: Mapping[str, Side]) -> Iterator[str]:
        hunks = self._hunks()
        for what, *held in self._groups:
            if what != "conflict":
                yield from held[0]
                continue
            side = choices.get(next(hunks).key, Side.THEIRS)
            yield from held[1] if side is not Side.MINE else ()
            yield from held[2] if side is not Side.THEIRS else ()


def _place(part: Part) -> Place:
    said = part.before, part.theirs, part.mine
    key = _key(f"{part.sort}{part.where or ''}", part.path, *said)
    return Place(key, part.by, str(Sort(part.sort)), part.path, *said, can_both=part.can_both)


def _key(sort: str, path: Sequence[str], *said: str | None) -> str:
    told = "\0".join((sort, *path, "\1", *("\2" if each is None else each for each in said)))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:_LONGEST_KEY]
