"""Edits of a document's text that leave every byte outside the change as it is: comments, order, quotes, blank lines.

Each function takes a text and returns the new one, canonical, or raises: a `SourceError` says that the part is not
there, or carries the findings of a result that would not read. Parts are found anew in every text, so that an edit
made on an older text either means the same or is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from policy.editor.changes import adding, removing, setting
from policy.editor.naming import RULES, hit_lists, naming
from policy.editor.places import Document, Where, known_by, not_found, position, refused
from policy.editor.regions import items
from policy.editor.splices import Splice, spliced
from policy.editor.writing import Value, scalar, typed
from policy.errors import SourceError
from policy.reader import read
from policy.values import Text
from policy.yamltext import MapNode, Node, ScalarNode, canonical

__all__ = [
    "Cell",
    "Edit",
    "Value",
    "Where",
    "add_item",
    "add_items",
    "add_rule",
    "copy_item",
    "copy_rule",
    "made",
    "move_item",
    "move_rule",
    "remove_column",
    "remove_item",
    "remove_rule",
    "rename_item",
    "rename_rule",
    "renaming_rule",
    "set_because",
    "set_cell",
    "set_items",
    "set_outcome",
    "set_title",
    "set_value",
    "set_when",
    "setting_because",
    "setting_cell",
    "setting_outcome",
    "setting_when",
    "typed",
]

Cell = str | bool | int | Decimal | Sequence["Cell"]
"""A cell: text as a person types it (`> 0.2`, `B`, `0.5`, `true`, `-`), or a list of which any may hold."""

Edit = Callable[[Document], Sequence[Splice]]
"""An edit that is not made yet: of a document that was read once several can be made."""


def made(text: str, edits: Iterable[Edit]) -> str:
    """Make several edits as one change; each is of another rule, so that none stands where another does.

    Raises:
        SourceError: a part is not there, or the result would not read.
    """
    document = Document(text)
    splices = [splice for edit in edits for splice in edit(document)]
    return _edited(document, splices)


def set_value(text: str, where: Where, value: Value | None) -> str:
    r"""Give a part a value, or take it out; keys that are missing on the way are added.

    Args:
        text: The document.
        where: What leads to the part: `("stages", "director", "need")`.
        value: Its value; a `str` is text, also where it reads like a number. None takes the key or item out.

    Raises:
        SourceError: the part is not there, or the result would not read.

    Example:
        >>> text = "vocabulary: 1\nfields: {a: {type: string}} # one\n"
        >>> print(set_value(text, ("fields", "a", "label"), "A: b"))
        vocabulary: 1
        fields: {a: {type: string, label: "A: b"}} # one
        <BLANKLINE>
    """
    document = Document(text)
    return _edited(document, _valued(document, where, value))


def add_item(
    text: str, where: Where, item: Value, *, after: str | int | None = None, before: str | int | None = None
) -> str:
    """Add an item to a list, by default at its end.

    Args:
        text: The document.
        where: The list: `("allocate", "score")`; it is begun where there is none.
        item: The item.
        after: Id or position of the item it comes after.
        before: Id or position of the item it comes before.

    Raises:
        SourceError: the list or the neighbour is not there, or the result would not read.
    """
    document = Document(text)
    index = None
    if after is not None:
        index = position(document.list(where), after) + 1
    elif before is not None:
        index = position(document.list(where), before)
    return _edited(document, adding(document, where, item, index))


def add_items(text: str, where: Where, added: Sequence[Value]) -> str:
    """Add several items to the end of a list that has some, as one change.

    Raises:
        SourceError: the list is not there, or the result would not read.
    """
    document = Document(text)
    at = len(document.list(where).items)
    made = [each for item in added for each in adding(document, where, item, at)]
    if not made:
        return text
    return _edited(document, [replace(made[0], text="".join(each.text for each in made))])


def set_items(text: str, where: Where, key: str, values: Mapping[int, Value | None]) -> str:
    """Give several items of a list a value at the same key, or take the key out of them, as one change.

    Args:
        text: The document.
        where: The list.
        key: Of the items, which are mappings.
        values: Position of the item, from 0 → its value; None takes the key out.

    Raises:
        SourceError: an item, or a key to be taken out, is not there, or the result would not read.
    """
    document = Document(text)
    splices: list[Splice] = []
    for at, value in values.items():
        here = (*where, at, key)
        splices += removing(document, here) if value is None else setting(document, here, value)
    return _edited(document, splices)


def remove_item(text: str, where: Where, which: str | int) -> str:
    """Take an item out of a list, with the comment lines right above it.

    Raises:
        SourceError: the item is not there, or the result would not read.
    """
    return set_value(text, (*where, which), None)


def move_item(text: str, where: Where, which: str | int, *, to: int) -> str:
    """Move an item of a list, with the comment lines right above it.

    Args:
        text: The document.
        where: The list.
        which: Id or position of the item.
        to: Position it has afterwards, from 0.

    Raises:
        SourceError: the item is not there, the list has no such position, or the result would not read.
    """
    document = Document(text)
    node = document.list(where)
    return _edited(document, items(document.text, node).moved(position(node, which), position(node, to)))


def copy_item(text: str, where: Where, which: str | int, new_id: str) -> str:
    """Copy an item of a list right below itself, under a new id.

    Raises:
        SourceError: the item is not there or has no id, or the result would not read: the id is taken, for instance.
    """
    document = Document(text)
    node = document.list(where)
    index = position(node, which)
    own = _id_of(node.items[index])
    source = spliced(document.text, [Splice(own.start, own.end, scalar(new_id, own, -1))])
    longer = len(source) - len(document.text)
    regions = items(document.text, node)
    end = regions.spans[index][1]
    copied = source[regions.begin(index, node.items[index]) : end + longer]
    return _edited(document, [Splice(end, end, (", " if node.flow else "\n") + copied)])


def rename_item(text: str, where: Where, which: str | int, new_id: str) -> str:
    """Give an item of a list another id, also where this document names it: in outcomes, tests and `late`.

    Raises:
        SourceError: the item is not there or has no id, or the result would not read.
    """
    document = Document(text)
    return _edited(document, _renamed(document, where, which, new_id))


def set_title(text: str, title: Text | str) -> str:
    """Change the title; a `Text` with two different texts is written in both languages."""
    return set_value(text, ("title",), title)


def set_cell(text: str, rule: str, column: str, cell: Cell | None) -> str:
    """Change a cell of a rule, or take it out: then any value will do.

    Args:
        text: The document.
        rule: Id of the rule.
        column: Path of the field.
        cell: The cell; None takes it out.

    Raises:
        SourceError: the rule is not there, its condition is an expression, or the result would not read.
    """
    return made(text, [setting_cell(rule, column, cell)])


def setting_cell(rule: str, column: str, cell: Cell | None) -> Edit:
    """Return the edit of `set_cell`."""

    def edit(document: Document) -> Sequence[Splice]:
        """Return the splices that put the cell there, or take it or its whole condition out."""
        condition = document.chain((*RULES, rule, "when"))[-1]
        document.node((*RULES, rule))
        if isinstance(condition, ScalarNode):
            raise refused("edit-no-cells", condition, found=rule)
        if cell is not None:
            return setting(document, (*RULES, rule, "when", column), _typed(cell))
        only = isinstance(condition, MapNode) and len(condition.entries) == 1 and condition.get(column) is not None
        return removing(document, (*RULES, rule, "when") if only else (*RULES, rule, "when", column))

    return edit


def remove_column(text: str, column: str) -> str:
    """Take the cells of a column out of all rules, as one change.

    Raises:
        SourceError: there are no rules, or the result would not read.
    """
    document = Document(text)
    splices: list[Splice] = []
    for at, rule in enumerate(document.list(RULES).items):
        condition = rule.get("when") if isinstance(rule, MapNode) else None
        if isinstance(condition, MapNode) and condition.get(column) is not None:
            where = (*RULES, at, "when")
            splices += removing(document, where if len(condition.entries) == 1 else (*where, column))
    return _edited(document, splices)


def set_when(text: str, rule: str, when: str | Mapping[str, Cell] | None) -> str:
    """Change the condition of a rule: FEEL text, or cells by column; None takes it out: the rule always hits."""
    return made(text, [setting_when(rule, when)])


def setting_when(rule: str, when: str | Mapping[str, Cell] | None) -> Edit:
    """Return the edit of `set_when`."""
    if isinstance(when, Mapping):
        return _of_rule(rule, ("when",), {column: _typed(cell) for column, cell in when.items()})
    return _of_rule(rule, ("when",), None if when is None else typed(when))


def set_outcome(text: str, rule: str, output: str, value: Value | None) -> str:
    """Change what a rule gives for one output; None takes it out."""
    return made(text, [setting_outcome(rule, output, value)])


def setting_outcome(rule: str, output: str, value: Value | None) -> Edit:
    """Return the edit of `set_outcome`."""
    return _of_rule(rule, ("then", output), value)


def set_because(text: str, rule: str, because: Text | str | None) -> str:
    """Change the reason of a rule, or take it out."""
    return made(text, [setting_because(rule, because)])


def setting_because(rule: str, because: Text | str | None) -> Edit:
    """Return the edit of `set_because`."""
    return _of_rule(rule, ("because",), because)


def add_rule(text: str, rule: Mapping[str, Value], *, after: str | None = None, before: str | None = None) -> str:
    """Add a rule, by default as the last one; see `add_item`."""
    return add_item(text, RULES, rule, after=after, before=before)


def remove_rule(text: str, rule: str) -> str:
    """Take a rule out, also of what tests expect to hit; see `remove_item`.

    A test that expects this rule alone keeps naming it: it fails until somebody says what it is to expect instead.

    Raises:
        SourceError: the rule is not there, or the result would not read.
    """
    document = Document(text)
    splices = removing(document, (*RULES, rule))
    for hits in hit_lists(document.root):
        at = next((n for n, each in enumerate(hits.items) if isinstance(each, ScalarNode) and each.value == rule), None)
        if at is not None and len(hits.items) > 1:
            splices += items(document.text, hits).removed(at)
    return _edited(document, splices)


def move_rule(text: str, rule: str, *, to: int) -> str:
    """Move a rule to a position, from 0; see `move_item`."""
    return move_item(text, RULES, rule, to=to)


def copy_rule(text: str, rule: str, new_id: str) -> str:
    """Copy a rule right below itself; see `copy_item`."""
    return copy_item(text, RULES, rule, new_id)


def rename_rule(text: str, rule: str, new_id: str) -> str:
    """Give a rule another id, also in the tests that expect it to hit; see `rename_item`."""
    return made(text, [renaming_rule(rule, new_id)])


def renaming_rule(rule: str, new_id: str) -> Edit:
    """Return the edit of `rename_rule`."""
    return lambda document: _renamed(document, RULES, rule, new_id)


def _of_rule(rule: str, where: Where, value: Value | None) -> Edit:
    return lambda document: _valued(document, (*RULES, rule, *where), value)


def _valued(document: Document, where: Where, value: Value | None) -> Sequence[Splice]:
    return removing(document, where) if value is None else setting(document, where, value)


def _renamed(document: Document, where: Where, which: str | int, new_id: str) -> Sequence[Splice]:
    node = document.list(where)
    own = _id_of(node.items[position(node, which)])
    named = [own, *(each for each in naming(document.root, where) if each.value == own.value)]
    return [Splice(each.start, each.end, scalar(new_id, each, -1)) for each in named]


def _edited(document: Document, splices: Iterable[Splice]) -> str:
    text = canonical(spliced(document.text, splices))
    reading = read(text)
    if reading.document is None:
        raise SourceError(reading.findings)
    return text


def _typed(cell: Cell) -> Value:
    if isinstance(cell, str):
        return typed(cell)
    return [_typed(each) for each in cell] if isinstance(cell, Sequence) else cell


def _id_of(item: Node) -> ScalarNode:
    own = known_by(item)
    if own is None:
        raise not_found("id", item)
    return own
