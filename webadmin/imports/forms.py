"""The form of a mapping: one row for each column, further fields below, and what is said of the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from policy.model.document import FieldType, Id, Path
from policy.model.fields import Field, folded
from policy.model.written import Scalar
from policy.tables import RecordMapping
from policy.tables.document import By, ColumnOptions, Encoding, FactSource, NumberOptions, Replacement, Separator
from webadmin.filters import own
from webadmin.imports.looking import Look, Seen
from webadmin.imports.offered import FACT, Offered
from webadmin.imports.proposing import (
    Doubled,
    constant,
    doubled,
    id_of,
    source_of,
)
from webadmin.notation import DAYS, NOWHERE, SIGNS, day_patterns, number_options
from webadmin.roster.references import PATHS, sort_of
from webadmin.store.uploads import Kept

MOST_COLUMNS = 100
"""Columns that can be chosen for on the page; a mapping file may name more."""

SPARE = 3
"""Empty lines for further fields."""

LONGEST = 200

NUMBERS: Mapping[str, tuple[Separator | None, Separator]] = {
    "1234.50": (None, Separator.POINT),
    "1,234.50": (Separator.COMMA, Separator.POINT),
    "1.234,50": (Separator.POINT, Separator.COMMA),
    "1 234,50": (Separator.SPACE, Separator.COMMA),
    "1'234.50": (Separator.APOSTROPHE, Separator.POINT),
    "1234,50": (None, Separator.COMMA),
}
"""How numbers are written: an example → separators."""

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One column on the page.

    Attributes:
        field: Name of the field it is; empty: none.
        declared: That field.
        source: How it becomes the field.
        options: How its cells are written.
        names: What its cells name: `team`, `person` or `customer`; None where they name nothing.
    """

    seen: Seen
    field: str
    declared: Field | None
    source: FactSource | None
    options: ColumnOptions | None
    names: str | None = None

    @property
    def is_day(self) -> bool:
        """Say whether its cells are days or times."""
        return self.declared is not None and self.declared.type in (FieldType.DATE, FieldType.DATE_TIME)

    @property
    def is_number(self) -> bool:
        """Say whether its cells are numbers."""
        is_number = self.declared is not None and self.declared.type is FieldType.NUMBER
        return is_number and not (self.source is not None and self.source.bands)

    @property
    def patterns(self) -> list[str]:
        """Return the patterns of days that are offered, those that fit first."""
        chosen = [] if self.options is None or self.options.date is None else [self.options.date]
        return list(dict.fromkeys([*day_patterns(self.seen.values), *chosen, *DAYS]))

    @property
    def is_ambiguous(self) -> bool:
        """Say whether its days can be read in several ways that differ."""
        return self.is_day and {"%m/%d/%Y", "%d/%m/%Y"} <= set(day_patterns(self.seen.values))

    @property
    def number(self) -> str:
        """Return how its numbers are written, as an example."""
        options = None if self.options is None else self.options.number
        pair = (None, Separator.POINT) if options is None else (options.thousands, options.decimal)
        return next(name for name, each in NUMBERS.items() if each == pair or name == "1234,50")

    @property
    def words(self) -> list[tuple[str, str]]:
        """Return the different words of a column whose values are known, and what each is taken for."""
        if self.declared is None or not self.declared.known or self.source is None or self.source.bands:
            return []
        to = {each.from_: each.to for each in self.source.values}
        meant = {value: value for value in self.declared.known}
        called = self.declared.meanings
        return [
            (text, to.get(text) or meant.get(text) or called.get(folded(text), ""))
            for text in self.seen.words(self.source.split)
        ]

    @property
    def is_open(self) -> bool:
        """Say whether a word may stand that is none of those it is mostly."""
        return self.declared is not None and self.declared.one_of is None


@dataclass(frozen=True, slots=True)
class More:
    """A field that no row of a column tells: a second use of a column, the same value for all, or a joined file."""

    field: str
    source: FactSource

    @property
    def constant(self) -> str:
        """Return the value for all, empty where there is none."""
        return self.source.constant.text if isinstance(self.source.constant, Scalar) else ""

    @property
    def is_fixed(self) -> bool:
        """Say whether it can only be kept or left out here."""
        has_parts = self.source.constant is not None and not isinstance(self.source.constant, Scalar)
        return self.source.join is not None or has_parts


@dataclass(frozen=True, slots=True)
class Shown:
    """A mapping as the page shows it."""

    rows: Sequence[Row]
    more: Sequence[More]
    unused: int
    doubled: Doubled | None


def shown(mapping: RecordMapping, look: Look, offered: Offered) -> Shown:
    """Return a mapping as the page shows it."""
    sources: dict[str, Any] = {str(path): each for path, each in mapping.fields.items()}
    sources |= {f"{FACT}{path}": each for path, each in mapping.facts.items()}
    rows = []
    first: set[str] = set()
    for seen in look.columns[:MOST_COLUMNS]:
        name = next((each for each, of in sources.items() if of.column == seen.name and of.join is None), "")
        first.add(name)
        options = next((each for each in mapping.columns if each.name == seen.name), None)
        names = sort_of(mapping.into, name.removeprefix(FACT))
        rows.append(Row(seen, name, offered.field(name), sources.get(name), options, names))
    more = [More(name, source) for name, source in sources.items() if name not in first]
    unsure = doubled(mapping, [each.name for each in look.columns])
    return Shown(rows, more, max(0, len(look.columns) - MOST_COLUMNS), unsure)


@dataclass(slots=True)
class Taken:
    """What a form says.

    Attributes:
        errors: What is wrong with it, one sentence each.
    """

    mapping: RecordMapping
    since: date
    errors: list[str] = field(default_factory=list)


def taken(typed: Typed, kept: Kept, before: RecordMapping, look: Look, offered: Offered) -> Taken:
    """Return the mapping a form says."""
    was = shown(before, look, offered)
    found: dict[str, FactSource] = {}
    columns: dict[str, ColumnOptions] = {each.name: each for each in before.columns}
    errors = []
    pairs: list[tuple[str, FactSource]] = []
    for index, row in enumerate(was.rows):
        name = typed.get(f"field-{index}", "")
        declared = offered.field(name)
        if declared is None:
            columns.pop(row.seen.name, None) if not _mends(row.options) else None
            continue
        pairs.append((name, _source(typed, index, row, name, offered)))
        options = _options(typed, index, row, name, declared)
        columns.pop(row.seen.name, None)
        if options is not None:
            columns[row.seen.name] = options
    for name, source in (*pairs, *_more(typed, was, look, offered)):
        if name in found:
            errors.append(gettext("“%(field)s” is chosen twice: leave one of them out.", field=_label(offered, name)))
        found.setdefault(name, source)
    since, wrong = _since(typed, kept.since)
    if wrong:
        errors.append(gettext("Write the day as year-month-day, for example 2026-03-01."))
    mapping = _built(typed, before, found, tuple(columns.values()), offered)
    return Taken(mapping, since, errors)


def _label(offered: Offered, name: str) -> str:
    return own(offered.label(name)) if name.startswith(FACT) else str(offered.label(name))


def _built(
    typed: Typed,
    before: RecordMapping,
    found: Mapping[str, FactSource],
    columns: tuple[ColumnOptions, ...],
    offered: Offered,
) -> RecordMapping:
    ordered = [*(name for name in offered.names if name in found), *(name for name in found if not offered.field(name))]
    source = typed.get("source", "").strip().lower()
    return dataclasses.replace(
        before,
        source=id_of(source) if source else before.source,
        columns=columns,
        fields={Path(name): found[name] for name in ordered if not name.startswith(FACT)},
        facts={Path(name.removeprefix(FACT)): found[name] for name in ordered if name.startswith(FACT)},
        time_zone=(typed.get("time_zone", "").strip()[:60] or None) if "time_zone" in typed else before.time_zone,
        distinct="distinct" in typed,
    )


def _source(typed: Typed, index: int, row: Row, name: str, offered: Offered) -> FactSource:
    """Return how a column becomes its field: as the form says where the field is the one it was."""
    if name != row.field or row.source is None:
        return source_of(offered, name, row.seen)
    source = row.source
    if row.names is not None and f"by-{index}" in typed:
        source = dataclasses.replace(source, by=By.NAME if typed[f"by-{index}"] == By.NAME else By.ID)
    if source.split is not None:
        source = dataclasses.replace(source, split=typed.get(f"split-{index}", "")[:3] or source.split)
    if f"word-{index}-0" not in typed:
        return source
    allowed = row.declared.known if row.declared is not None else ()
    said = [(text, typed.get(f"word-{index}-{number}", "")) for number, (text, _) in enumerate(row.words)]
    values = [Replacement(NOWHERE, text, to) for text, to in said if to in allowed and to != text]
    others = [each for each in source.values if each.from_ not in dict(said)]
    return dataclasses.replace(source, values=(*values, *others))


def _options(typed: Typed, index: int, row: Row, name: str, declared: Field) -> ColumnOptions | None:
    """Return how the cells of a column are written; None where that need not be said."""
    base = row.options or ColumnOptions(NOWHERE, row.seen.name)
    is_same = name == row.field
    day, number = base.date, base.number
    if declared.type in (FieldType.DATE, FieldType.DATE_TIME):
        day = (typed.get(f"date-{index}", "")[:40] or None) if is_same else _day_pattern(row)
        day = day if day in (*DAYS, *row.patterns) else None
    if declared.type is FieldType.NUMBER and not (is_same and row.source is not None and row.source.bands):
        number = _number(typed, index) if is_same and f"number-{index}" in typed else number_options(row.seen.values)
    found = dataclasses.replace(base, date=day, number=number)
    return None if found == ColumnOptions(NOWHERE, row.seen.name) else found


def _day_pattern(row: Row) -> str | None:
    return next(iter(day_patterns(row.seen.values)), None)


def _number(typed: Typed, index: int) -> NumberOptions | None:
    thousands, decimal = NUMBERS.get(typed.get(f"number-{index}", ""), NUMBERS["1234.50"])
    signs = tuple(each for each in typed.get(f"signs-{index}", "").split() if each in SIGNS)
    options = NumberOptions(NOWHERE, thousands, decimal, signs, f"percent-{index}" in typed)
    return None if options == NumberOptions(NOWHERE) else options


def _mends(options: ColumnOptions | None) -> bool:
    return options is not None and bool(options.mend or options.missing)


def _more(typed: Typed, was: Shown, look: Look, offered: Offered) -> Iterator[tuple[str, FactSource]]:
    for each in was.more:
        if each.is_fixed and f"drop-{each.field}" not in typed:
            yield each.field, each.source
    known = {each.field: each.source for each in was.more}
    for number in range(len(was.more) + SPARE):
        name = typed.get(f"more-field-{number}", "")
        declared = offered.field(name)
        if declared is None:
            continue
        value, column = typed.get(f"more-value-{number}", "").strip()[:LONGEST], typed.get(f"more-column-{number}", "")
        seen = look.column(column)
        if value:
            yield name, FactSource(NOWHERE, constant=constant(value, plain=declared.type is not FieldType.STRING))
        elif seen is not None:
            before = known.get(name)
            made = before if before is not None and before.column == column else source_of(offered, name, seen)
            yield name, _as_chosen(typed, was, name, made)


def _as_chosen(typed: Typed, was: Shown, name: str, source: FactSource) -> FactSource:
    """Return a further use of a column that names something: found by what is chosen beside the column."""
    index = next((at for at, each in enumerate(was.rows) if each.seen.name == source.column and each.names), None)
    if index is None or f"by-{index}" not in typed or name.removeprefix(FACT) not in PATHS:
        return source
    return dataclasses.replace(source, by=By.NAME if typed[f"by-{index}"] == By.NAME else By.ID)


def _since(typed: Typed, before: date) -> tuple[date, bool]:
    written = typed.get("since", "").strip()
    if not written:
        return before, False
    try:
        return date.fromisoformat(written[:10]), False
    except ValueError:
        return before, True


ENCODINGS: Mapping[Encoding, Any] = {
    Encoding.UTF_8: "UTF-8",
    Encoding.GB18030: "GB18030 (GBK, GB2312)",
    Encoding.UTF_16: lazy_gettext("UTF-16 (“Unicode text” of Excel)"),
    Encoding.WINDOWS_1252: lazy_gettext("Windows-1252 (Western Europe)"),
}

__all__ = ["ENCODINGS", "MOST_COLUMNS", "NUMBERS", "SPARE", "Id", "Row", "Shown", "Taken", "shown", "taken"]
