"""A policy as tables, every cell as its author wrote it: rules × columns, and the sections of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

from policy.kinds import section_output
from policy.model.document import Ask, PolicyDocument, RuleItem, Worked
from policy.model.fields import Field
from policy.model.written import Cells, Entries, Expression, Items, Raw, Scalar
from policy.values import Text, plain


@dataclass(frozen=True, slots=True)
class Column:
    """One field the rules look at, or one output they give; `label` is None where none is declared."""

    name: str
    label: Text | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One rule.

    Attributes:
        line: Where it stands in the text.
        condition: Its whole condition where that is not written as cells.
        cells: One per column; None where any value will do.
        then: One per output; None where the rule does not give it.
        because: Why, as written or in words.
    """

    id: str
    line: int
    condition: str | None
    cells: tuple[str | None, ...]
    then: tuple[str | None, ...]
    because: Text | str | None


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rules of a policy; `free` says that some rule has a condition that is not written as cells."""

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]
    free: bool
    reasons: bool


@dataclass(frozen=True, slots=True)
class SectionTable:
    """One list of a kind's section: `keys` are the document's own, a cell is text or a text in two languages."""

    name: str
    keys: tuple[str, ...]
    rows: tuple[tuple[str | Text | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One key of a kind's section: single settings, and lists as tables."""

    name: str
    settings: tuple[tuple[str, str | Text], ...]
    tables: tuple[SectionTable, ...]


def rule_table(document: PolicyDocument, declared: Mapping[str, Field]) -> RuleTable:
    """Lay the rules out as a table; its columns are the union of the cells' fields, in order of the inputs.

    Args:
        document: The policy as it is written, which need not load.
        declared: Its fields by path, as far as they are known.
    """
    used = {cell.key for rule in document.rules if isinstance(rule.when, Cells) for cell in rule.when.cells}
    fields = {in_rules(path, document): field for path, field in declared.items()}
    paths = [path for path in fields if path in used]
    paths += sorted(used - set(paths))
    rows = tuple(_row(rule, paths, document) for rule in document.rules)
    return RuleTable(
        tuple(_column(path, fields) for path in paths),
        tuple(Column(name, document.outputs[name].label, document.outputs[name].unit) for name in given(document)),
        rows,
        free=any(row.condition is not None for row in rows),
        reasons=any(row.because is not None for row in rows),
    )


def given(document: PolicyDocument) -> list[str]:
    """Return the outputs that rules give, in their order; what the section gives only where some rule wrongly does."""
    own = section_output(document.section)
    wrongly = any(entry.key == own for rule in document.rules for entry in rule.then.entries)
    return [name for name in document.outputs if name != own or wrongly]


def in_rules(path: str, document: PolicyDocument) -> str:
    """Return the path of a field as rules write it: `credit.amount` for the `credits[].amount` they run over."""
    each = document.each
    inside = f"{each.list}[]." if each is not None else ""
    return f"{each.as_}.{path.removeprefix(inside)}" if each is not None and path.startswith(inside) else path


def _column(path: str, declared: Mapping[str, Field]) -> Column:
    found = declared.get(path)
    return Column(path, found.label if found else None, found.unit if found else None)


def _row(rule: RuleItem, paths: Iterable[str], document: PolicyDocument) -> Row:
    cells = {cell.key: written(cell.value) for cell in rule.when.cells} if isinstance(rule.when, Cells) else {}
    gives = {entry.key: written(entry.value) for entry in rule.then.entries}
    return Row(
        rule.id,
        rule.place.line,
        rule.when.text if isinstance(rule.when, Expression) else None,
        tuple(None if cells.get(path) == "-" else cells.get(path) for path in paths),
        tuple(gives.get(name) for name in given(document)),
        rule.because,
    )


def written(raw: Raw) -> str:
    """Write a value as it stands in the document, without YAML's quoting."""
    if isinstance(raw, Scalar):
        return raw.text
    if isinstance(raw, Items):
        return ", ".join(written(item) for item in raw.items) or "[]"
    return ", ".join(f"{entry.key}: {written(entry.value)}" for entry in raw.entries)


def derived(document: PolicyDocument) -> list[tuple[str, str, str | None]]:
    """Return name, how it is made, and the policy that is asked for it where one is."""
    found: list[tuple[str, str, str | None]] = []
    for name, made in document.derived.items():
        if isinstance(made, Ask):
            given = "".join(f", {path} = {each.text}" for path, each in made.with_.items())
            found.append((name, f"{made.take}{given}", str(made.policy)))
        else:
            found.append((name, made.is_.text if isinstance(made, Worked) else made.text, None))
    return found


def sections(section: object) -> list[Section]:
    """Lay out what a kind adds to a document."""
    return [_section(key, value) for key, value in _items(section)]


def _section(key: str, value: Any) -> Section:
    if isinstance(value, tuple):
        return Section(key, (), (_table("", value),))
    if not is_dataclass(value) or isinstance(value, Expression | Cells | Text):
        return Section(key, ((key, _cell(value)),), ())
    settings = [(name, _cell(each)) for name, each in _items(value) if not _is_list(each)]
    tables = [_table(name, each) for name, each in _items(value) if _is_list(each)]
    return Section(key, tuple(settings), tuple(tables))


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple) and is_dataclass(value[0])


def _items(value: Any) -> list[tuple[str, Any]]:
    """Return the keys that are written, and what stands there."""
    found = [(name, getattr(value, field)) for name, field in _keys(value)]
    return [(name, item) for name, item in found if item not in (None, ())]


def _keys(value: Any) -> list[tuple[str, str]]:
    """Return the keys a part of a document may have, with the fields they stand in."""
    return [(each.name.rstrip("_"), each.name) for each in fields(value) if each.name not in {"place", "places"}]


def _table(name: str, rows: tuple[Any, ...]) -> SectionTable:
    written_rows = [dict(_items(row)) for row in rows]
    used = tuple(key for key, _ in _keys(rows[0]) if any(key in row for row in written_rows))
    return SectionTable(
        name, used, tuple(tuple(_cell(row[key]) if key in row else None for key in used) for row in written_rows)
    )


def _cell(value: Any) -> str | Text:
    if isinstance(value, Text):
        return value
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    if is_dataclass(value):
        return ", ".join(f"{name}: {_cell(item)}" for name, item in _items(value))
    return str(value)


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (Expression, lambda value: value.text),
    (Cells, lambda value: ", ".join(f"{cell.key}: {written(cell.value)}" for cell in value.cells)),
    (Scalar | Items | Entries, written),
    (Decimal, plain),
    (tuple, lambda value: "; ".join(str(_cell(item)) for item in value)),
)
"""How a part of a document is written."""
