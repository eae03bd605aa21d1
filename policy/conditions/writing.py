"""Writes a tree as the text of a condition.

Parts that say what their source said keep it, and so does what lies between two parts that still stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy.conditions.lines import expression, standing
from policy.conditions.literals import bracketed
from policy.conditions.reading import names_of, read
from policy.conditions.tokens import Stretch
from policy.conditions.tree import Free, Group, Join, Line, Part, normal
from policy.model.fields import Field

_WORDS = {Join.ALL: "and", Join.ANY: "or", Join.NONE: "or"}


def text_of(group: Group, fields: Mapping[str, Field]) -> str:
    """Write a condition; an empty text for one without parts.

    Args:
        group: The tree; its literals have the type of their field.
        fields: What lines may name, by the path conditions know them by.

    Example:
        >>> text_of(Group(Join.NONE, (Free("a"), Free("b"))), {})
        'not(a or b)'
    """
    wanted = normal(group)
    if not wanted.parts:
        return ""
    return _Writer(fields).group(wanted, outermost=True)


class _Writer:
    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields
        self.names = names_of(fields)

    def group(self, group: Group, *, outermost: bool = False) -> str:
        """Return the text of a group: the one it was read from where that still says the same."""
        before = read(group.source, self.fields) if group.source.strip() else None
        if before is not None and before == group:
            return group.source
        if outermost and len(group.parts) == 1 and group.join is not Join.NONE:
            return self.part(group.parts[0], group.join)
        if before is not None and before.join is group.join and group.join is not Join.NONE:
            return self._kept(group, before, outermost=outermost)
        joined = self._joined(group, [None] * len(group.parts), None)
        if group.join is Join.NONE:
            return f"not{bracketed(joined)}"
        return joined if outermost else bracketed(joined)

    def part(self, part: Part, around: Join) -> str:
        """Write a part so that it can stand in a group: what binds more loosely than the group gets brackets."""
        if isinstance(part, Line):
            same = _only(read(part.source, self.fields)) == part if part.source else False
            return part.source if same else expression(part, self.fields, self.names)
        if isinstance(part, Free):
            return part.source if part.source and self._is_free(part) else standing(part.text.strip(), self.names)
        made = self.group(part)
        is_tight = part.join is Join.NONE or (part.join is Join.ALL and around is Join.ANY)
        return made if is_tight or Stretch.of(made).is_wrapped() else bracketed(made)

    def _is_free(self, part: Free) -> bool:
        return _only(read(part.source, self.fields)) == part

    def _kept(self, group: Group, before: Group, *, outermost: bool) -> str:
        """Write a group with what stood around and between its parts."""
        places = _places(group.parts, before.parts)
        first, last = before.parts[0], before.parts[-1]
        joined = self._joined(group, places, before)
        if places[0] == 0 and places[-1] == len(before.parts) - 1:
            return before.source[: first.start] + joined + before.source[last.start + len(last.source) :]
        return joined if outermost else bracketed(joined)

    def _joined(self, group: Group, places: list[int | None], before: Group | None) -> str:
        text = ""
        for number, part in enumerate(group.parts):
            written = self.part(part, Join.ANY if group.join is Join.NONE else group.join)
            if number:
                text += _gap(places[number - 1], places[number], before) or _joint(text, _WORDS[group.join])
            text += written if len(group.parts) > 1 else self._alone(part, written)
        return text

    def _alone(self, part: Part, written: str) -> str:
        """Write the only part below `not`: brackets tell a group that counts as one from parts of which none holds."""
        if not isinstance(part, Group) or part.join is Join.NONE:
            return written
        if part.join is Join.ALL:
            return self.group(part, outermost=True)
        return written if Stretch.of(written).is_wrapped() else bracketed(written)


def _only(group: Group) -> Part:
    return group.parts[0] if len(group.parts) == 1 and group.join is not Join.NONE else group


def _places(parts: Iterable[Part], before: tuple[Part, ...]) -> list[int | None]:
    """Return which of the parts before each part was, in order; None for a new one."""
    found: list[int | None] = []
    after = 0
    for part in parts:
        at = next((at for at in range(after, len(before)) if part.source and before[at].source == part.source), None)
        found.append(at)
        after = after if at is None else at + 1
    return found


def _gap(left: int | None, right: int | None, before: Group | None) -> str:
    """Return what stood between two parts, empty where they did not stand side by side."""
    if before is None or left is None or right != left + 1:
        return ""
    one, two = before.parts[left], before.parts[left + 1]
    return before.source[one.start + len(one.source) : two.start]


def _joint(text: str, word: str) -> str:
    last = text.rpartition("\n")[2]
    return f"\n{word} " if "//" in last else f" {word} "
