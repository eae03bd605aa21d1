"""Two texts made from the same one, put together by meaning: rule by rule, cell by cell, other keys by their paths.

What only one of the two has changed is taken over. Where both have changed the same part to something else, it is for
a person to say which one counts: the text is made when that is chosen, and everything else keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from policy.editor.comments import At, Comment, Where, comments
from policy.editor.outline import Outline, Path, meaning
from policy.yamltext import ListNode, MapNode, Node


class Side(StrEnum):
    """Whose version counts."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"


class Sort(StrEnum):
    """What is different: a value with its key, an item of a list, the order of a list, a comment."""

    VALUE = "value"
    ITEM = "item"
    ORDER = "order"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Part:
    """One place where the texts say different things.

    Attributes:
        by: Who has changed it: `theirs` or `mine` alone, or `both`, each to something else.
        path: What leads to it; of an order its list.
        before: As it is written in the text both began from; None where it is not there. `theirs` and `mine` alike.
        can_both: Whether both versions can stand: each is an item that was added.
        where: Of a comment where it stands.
    """

    by: Side
    sort: Sort
    path: Path
    before: str | None
    theirs: str | None
    mine: str | None
    can_both: bool = False
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Three:
    """The text two people began from, and what each has made of it."""

    base: Outline
    theirs: Outline
    mine: Outline

    def parts(self) -> list[Part]:
        """Return every place where they say different things, in the order of the text that is mine."""
        return [*self._walk((), *(each.document.root for each in self._all)), *self._comments()]

    @property
    def _all(self) -> tuple[Outline, Outline, Outline]:
        return self.base, self.theirs, self.mine

    def _walk(self, path: Path, base: Node | None, theirs: Node | None, mine: Node | None) -> Iterator[Part]:
        names = self._names(path, base, theirs, mine)
        if names is not None:
            yield from self._inside(path, (base, theirs, mine), names)
            return
        means = meaning(base), meaning(theirs), meaning(mine)
        if means[1] != means[2]:
            by = Side.MINE if means[0] == means[1] else Side.THEIRS if means[0] == means[2] else Side.BOTH
            yield self._part(by, path, base, theirs, mine)

    def _names(self, path: Path, *nodes: Node | None) -> list[list[str]] | None:
        """Return what the parts of each node are called; None where the node counts as one value."""
        there = [each for each in nodes if each is not None]
        if None in nodes[1:] or len({type(each) for each in there}) != 1:
            return None
        if nodes[0] is None and not isinstance(nodes[1], ListNode):
            return None
        named = [[] if each is None else own.names(path, each) for own, each in zip(self._all, nodes, strict=True)]
        return None if None in named else [each or [] for each in named]

    def _inside(self, path: Path, nodes: Sequence[Node | None], names: Sequence[list[str]]) -> Iterator[Part]:
        base, theirs, mine = names
        if isinstance(nodes[1], ListNode):
            yield from self._order(path, names)
        gone = [each for each in (*theirs, *base) if each not in mine]
        for name in dict.fromkeys((*mine, *gone)):
            below = [each.find((*path, name)) for each in self._all]
            yield from self._walk((*path, name), *(None if each is None else each.node for each in below))

    def _order(self, path: Path, names: Sequence[list[str]]) -> Iterator[Part]:
        """Yield the order of a list where it differs, told by the items all three have."""
        common = set(names[0]) & set(names[1]) & set(names[2])
        base, theirs, mine = (", ".join(each for each in own if each in common) for own in names)
        if theirs != mine:
            by = Side.MINE if base == theirs else Side.THEIRS if base == mine else Side.BOTH
            yield Part(by, Sort.ORDER, path, base, theirs, mine)

    def _part(self, by: Side, path: Path, base: Node | None, theirs: Node | None, mine: Node | None) -> Part:
        nodes = zip(self._all, (base, theirs, mine), strict=True)
        said = [None if node is None else own.said(node) for own, node in nodes]
        held = [found.holder for each in self._all if (found := each.find(path)) is not None]
        item = any(isinstance(each, ListNode) for each in held)
        both = by is Side.BOTH and base is None and item and _has_id(theirs) and _has_id(mine)
        return Part(by, Sort.ITEM if item else Sort.VALUE, path, said[0], said[1], said[2], both)

    def _comments(self) -> Iterator[Part]:
        base, theirs, mine = (comments(each) for each in self._all)
        for at in dict.fromkeys((*mine, *theirs, *base)):
            if self.theirs.find(at[0]) is not None and self.mine.find(at[0]) is not None:
                yield from _comment(at, base.get(at), theirs.get(at), mine.get(at))


def _comment(at: At, base: Comment | None, theirs: Comment | None, mine: Comment | None) -> Iterator[Part]:
    said = [None if each is None else each.said for each in (base, theirs, mine)]
    if said[1] != said[2]:
        by = Side.MINE if said[0] == said[1] else Side.THEIRS if said[0] == said[2] else Side.BOTH
        yield Part(by, Sort.COMMENT, at[0], said[0], said[1], said[2], where=at[1])


def _has_id(node: Node | None) -> bool:
    return isinstance(node, MapNode) and node.get("id") is not None


def asked(parts: Sequence[Part], choices: Mapping[int, Side]) -> list[tuple[Part, Side]]:
    """Return what is to be put into the text that is theirs.

    Args:
        parts: All there are.
        choices: Number of a part both have changed → whose version counts; theirs where nothing is chosen.
    """
    counted = {Side.MINE: Side.MINE, Side.THEIRS: Side.THEIRS}
    found = [(part, counted.get(part.by, choices.get(at, Side.THEIRS))) for at, part in enumerate(parts)]
    return [(part, side) for part, side in found if side is not Side.THEIRS]
