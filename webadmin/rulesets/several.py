"""Several changes of a policy's text at once, as a pasted block asks for them: the text is read once for all rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from policy import editor
from policy.errors import SourceError
from policy.model.document import PolicyDocument
from policy.reader import read
from policy.values import Text
from webadmin.rulesets import editing
from webadmin.rulesets.editing import Change, ChangedError, HalfError, MissingError
from webadmin.rulesets.known import Known

ChangeError = SourceError | ChangedError | HalfError | MissingError


@dataclass(frozen=True, slots=True)
class Miss:
    """A change of several that cannot be made.

    Attributes:
        row: Number of its rule in the table, from 1; rules that are added come behind those there are.
        label: What people call its column; None where it has no name but its own.
    """

    change: Change
    error: ChangeError
    row: int
    label: Text | None


class BlockError(Exception):
    """Some of several changes cannot be made, so none is.

    Attributes:
        misses: Each of them.
        text: The document with the others made, to tell what would be wrong with it besides; never to be kept.
    """

    def __init__(self, misses: Sequence[Miss], text: str) -> None:
        super().__init__(f"{len(misses)} changes cannot be made")
        self.misses = tuple(misses)
        self.text = text


def all_changed(text: str, asked: Sequence[Change], known: Known) -> str:
    """Return a text with several changes made: in their order, but what is inside rules that are there comes first.

    The rules that are added in between go to the end, in order: later changes know them as `+1`, `+2` and so on.

    Args:
        text: The document.
        asked: The changes.
        known: What its rules may name.

    Raises:
        BlockError: changes inside rules cannot be made; says which, all of them.
        SourceError, ChangedError, HalfError, MissingError: another one, or the only one, cannot be made.
    """
    if len(asked) == 1:
        return editing.changed(text, asked[0], known)
    added: list[str] = []
    for is_block, changes in groupby(asked, _is_block):
        if is_block:
            text = _Block(text, known, added).made(list(changes))
            continue
        for each in changes:
            text, added = _changed(text, _found(each, added), known, added)
    return text


def _is_block(change: Change) -> bool:
    return editing.is_edit(change) or (change.what == "add" and not change.rule)


def _changed(text: str, change: Change, known: Known, added: list[str]) -> tuple[str, list[str]]:
    """Make one change; rules it adds are known by their number, too."""
    before = editing.names(text) if change.what == "add" else []
    text = editing.changed(text, change, known)
    new = [each for each in editing.names(text) if each not in before] if change.what == "add" else []
    return text, [*added, *new]


def _found(change: Change, added: Sequence[str]) -> Change:
    """Return a change with the id of its rule, where that is one of those added."""
    number = change.rule.removeprefix("+") if change.rule.startswith("+") else ""
    is_one = number.isdecimal() and 0 < int(number) <= len(added)
    return replace(change, rule=added[int(number) - 1]) if is_one else change


class _Block:
    """Changes inside rules, and rules added at the end.

    One of each rule is made at once: how often the text is read is told by the columns, not by the cells. Names come
    last, all at once; until then the changes know the rules by those they have.
    """

    def __init__(self, text: str, known: Known, added: list[str]) -> None:
        self._text = text
        self._known = known
        self._added = added
        self._misses: list[Miss] = []
        self._rows = {name: at for at, name in enumerate(editing.names(text), 1)}

    def made(self, changes: Sequence[Change]) -> str:
        """Return the text with all of them made."""
        wanted = [each.value for each in changes if each.what == "add"]
        inside = [each for each in changes if each.what != "add"]
        new = {f"+{len(self._added) + at}" for at in range(1, len(wanted) + 1)}
        self._inside([_found(each, self._added) for each in inside if each.rule not in new])
        if wanted:
            before = editing.names(self._text)
            self._text = editing.added(self._text, wanted)
            fresh = editing.names(self._text)[len(before) :]
            self._added += fresh
            self._rows |= {name: len(before) + at for at, name in enumerate(fresh, 1)}
            self._inside([_found(each, self._added) for each in inside if each.rule in new])
        if self._misses:
            raise BlockError(self._misses, self._text)
        return self._text

    def _inside(self, changes: Sequence[Change]) -> None:
        for round_ in _rounds([each for each in changes if each.what != "rename"]):
            self._make(round_)
        self._make([each for each in changes if each.what == "rename"])

    def _make(self, changes: Sequence[Change]) -> None:
        """Make changes of different rules at once; where the result would not read, one by one to tell which."""
        document = read(self._text).document
        if not isinstance(document, PolicyDocument):
            raise MissingError
        edits = []
        for each in changes:
            try:
                edit = editing.edit_of(document, each, self._known)
            except (ChangedError, HalfError, MissingError) as error:
                self._miss(each, error)
                continue
            edits += [(each, edit)] if edit is not None else []
        if not edits:
            return
        try:
            self._text = editor.made(self._text, [edit for _, edit in edits])
        except SourceError:
            for each, edit in edits:
                try:
                    self._text = editor.made(self._text, [edit])
                except SourceError as error:
                    self._miss(each, error)

    def _miss(self, change: Change, error: ChangeError) -> None:
        known = self._known.outputs if change.what == "then" else self._known.fields
        label = known[change.part].label if change.part in known else None
        self._misses.append(Miss(change, error, self._rows.get(change.rule, 0), label))


def _rounds(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Yield the first change of each rule, then the second of each, and so on."""
    waiting: dict[str, list[Change]] = {}
    for each in changes:
        waiting.setdefault(each.rule, []).append(each)
    at = 0
    while now := [own[at] for own in waiting.values() if at < len(own)]:
        yield now
        at += 1
