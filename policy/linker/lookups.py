"""Holds every `lookup` of an expression against the table it reads: as many keys, each of the column's type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy.feel import types as feel
from policy.feel.checker import Checked
from policy.feel.nodes import Call, Literal, Name, Node, walk
from policy.feel.typerules import said
from policy.linker.log import Log
from policy.model.fields import feel_type
from policy.model.reference import ReferenceTable
from policy.model.written import Marks


def check_lookups(checked: Checked, tables: Mapping[str, ReferenceTable], marks: Marks, log: Log) -> None:
    """Note lookups that can never find a row.

    Args:
        checked: The expression.
        tables: Reference tables by name.
        marks: Where the expression stands.
        log: Takes the findings.
    """
    for call, table in _lookups(checked.node, tables):
        keys = call.arguments[1:]
        if len(keys) != len(table.key):
            place, length = marks.at(call.start), call.end - call.start
            log.add("lookup-key-count", place, length, name=table.name, found=len(keys), expected=table.key)
            continue
        for column, key in zip(table.key, keys, strict=True):
            _check_key(table, column, key, checked, marks, log)


def _lookups(node: Node, tables: Mapping[str, ReferenceTable]) -> Iterator[tuple[Call, ReferenceTable]]:
    for each in walk(node):
        if not isinstance(each, Call) or not isinstance(each.function, Name) or each.function.name != "lookup":
            continue
        first = each.arguments[0] if each.arguments and each.names is None else None
        if isinstance(first, Literal) and isinstance(first.value, str) and first.value in tables:
            yield each, tables[first.value]


def _check_key(table: ReferenceTable, column: str, key: Node, checked: Checked, marks: Marks, log: Log) -> None:
    field = table.columns.get(column)
    found = checked.types.get(key, feel.AnyType())
    if field is None or isinstance(found, feel.AnyType | feel.NullType):
        return
    expected = feel_type(field)
    if type(found) is not type(expected):
        names = {"found": said(found), "expected": said(expected)}
        log.add("lookup-key-type", marks.at(key.start), key.end - key.start, name=table.name, column=column, **names)
