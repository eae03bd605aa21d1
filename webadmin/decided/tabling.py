"""Facts as a page sets them out: single values line by line, the items of a list as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from policy.engine import Policy
from policy.values import Language
from webadmin import filters
from webadmin.decided.one import Fact

_OF_ITEM = re.compile(r"([^\[\]]+)\[(\d+)\]\.([^\[\]]+)")
"""Path of a value of an item of a list that lies in no other."""


@dataclass(frozen=True, slots=True)
class Table:
    """The items of one list.

    Attributes:
        path: Of the list.
        columns: Paths of the fields, as `credits[].amount`, in the order they come.
        rows: Number of the item from 0, and its values by column; None where an item has none.
    """

    path: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[Fact | None]]]


def tables(facts: Sequence[Fact]) -> tuple[list[Fact], list[Table]]:
    """Return facts apart: those that stand by themselves, and those of the items of each list."""
    single: list[Fact] = []
    lists: dict[str, dict[int, dict[str, Fact]]] = {}
    for each in facts:
        found = _OF_ITEM.fullmatch(each.path)
        if found is None:
            single.append(each)
        else:
            lists.setdefault(found[1], {}).setdefault(int(found[2]), {})[each.field] = each
    return single, [_table(path, items) for path, items in lists.items()]


def told(policy: Policy, single: Sequence[Fact]) -> dict[str, Any]:
    """Return the values beside each other that say what a number is counted in, as the currency of an order: by path.

    What the facts leave out has its default; what is hidden stays unsaid.
    """
    fields = policy.rule_set.fields
    units = {each.unit for each in fields.values() if each.unit in fields}
    found = {path: fields[path].default for path in units if path is not None and fields[path].has_default}
    return found | {each.path: each.value for each in single if each.path in units and not each.hidden}


def named(policy: Policy, found: Sequence[Table], language: Language, told: Mapping[str, Any]) -> dict[int, str]:
    """Return what the items a policy decides one by one are called, by number from 1: which each is and how much.

    That is its first text and its first amount, with which a list of deals begins; hidden ones stay hidden.

    Args:
        policy: The policy.
        found: Its lists.
        language: The reader's.
        told: What `told` returns.
    """
    each = policy.rule_set.document.each
    table = next((every for every in found if each is not None and every.path == each.list), None)
    rows = () if table is None else table.rows
    said = {number + 1: str(gettext(", ")).join(_telling(policy, values, language, told)) for number, values in rows}
    return {number: text for number, text in said.items() if text}


def _telling(
    policy: Policy, values: Sequence[Fact | None], language: Language, told: Mapping[str, Any]
) -> Iterator[str]:
    fields = policy.rule_set.fields
    shown = [each for each in values if each is not None and not each.hidden]
    for kind in (str, Decimal):
        fact = next((each for each in shown if isinstance(each.value, kind)), None)
        if fact is not None:
            field = fields.get(fact.field)
            yield fact.who.to(language) if fact.who is not None else filters.fact(fact.value, field, told)


def _table(path: str, items: dict[int, dict[str, Fact]]) -> Table:
    columns = list(dict.fromkeys(field for values in items.values() for field in values))
    rows = [(number, [values.get(field) for field in columns]) for number, values in sorted(items.items())]
    return Table(path, columns, rows)
