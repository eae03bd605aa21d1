"""A file of facts: its columns are inputs by their paths, or what they are called; one set of facts in each row.

Inputs of a list (`credits[].amount`) take one item from each row; rows of the same subject and day belong together.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from policy.engine import Policy
from policy.errors import Place, SourceError, did_you_mean
from policy.model.canonical import canonical_json
from policy.model.document import FieldType, Id, PolicyId
from policy.model.document import Path as FieldPath
from policy.model.facts import FactsReader
from policy.model.fields import Field, Group, Rows
from policy.tables import Refusal, Row, Table
from policy.tables.document import (
    AsOfSource,
    ColumnOptions,
    Delimiter,
    Encoding,
    FactSource,
    FileOptions,
    GroupOptions,
    MappingDocument,
    NumberOptions,
)
from policy.tables.opening import is_workbook, opened
from policy.tables.rowfile import Literal, RowFile
from policy.values import Text
from webadmin import notation
from webadmin.comparison.inputs import merged

AS_OF = "as_of"
"""Heading of the column that says for which day a row is decided, as templates have it."""

CALLED_AS_OF = frozenset({AS_OF, "as of", "decided for the day", "the day of the decision"}) | frozenset(
    {"适用日期", "裁定所依据的日期", "裁定的日期"}
)
"""The same, as pages and tables of the product call it in either language; in lower case."""

JOINT = ";"
"""Stands between the items of a list in one cell."""

SHOWN = 10
"""Rows of a preview."""

LOOKED_AT = 200
"""Rows whose problems a preview tells."""

EXAMPLES = 3
"""Tests of a policy that a template shows."""

LOOKED_THROUGH = 20_000
"""Rows by which it is recognised how a column writes its numbers and days."""

_NOWHERE = Place("", 1, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file.

    Attributes:
        field: The input it feeds; None for none, or for the day.
        unused: Why it feeds none: `unknown`, `twice` (an earlier column feeds it), `unfit` (its value has a form of its
            own), `list` (of a second list).
        near: The input that may be meant by a heading nobody knows; None where none is like it.
        is_day: Whether it holds the day of the decision.
        number: How its numbers are written, where that is not plain notation.
        day: Pattern of its days, where they do not begin with their year.
    """

    heading: str
    field: Field | None
    unused: str = ""
    is_day: bool = False
    number: NumberOptions | None = None
    day: str | None = None
    near: Field | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like before it is worked through.

    Attributes:
        columns: In their order.
        lacking: Inputs that are needed and have no column: of the first revision, and of the other.
        rows: The first ones.
        problems: What does not fit in the rows looked at.
        looked_at: How many those are.
    """

    columns: tuple[Column, ...]
    lacking: tuple[tuple[Field, ...], tuple[Field, ...]]
    rows: tuple[Row, ...]
    problems: tuple[Refusal, ...]
    looked_at: int

    @property
    def is_usable(self) -> bool:
        """Say whether any column is an input, and any row fits."""
        return any(each.field is not None for each in self.columns) and any(row.facts is not None for row in self.rows)

    @property
    def is_empty(self) -> bool:
        """Say whether columns are inputs and no row stands below them."""
        return bool(self.fed) and not self.looked_at

    @property
    def is_dated(self) -> bool:
        """Say whether a column holds the days the rows are decided for."""
        return any(each.is_day for each in self.columns)

    @property
    def fed(self) -> list[Column]:
        """Return the columns that are inputs."""
        return [each for each in self.columns if each.field is not None]


def given(row: Row, field: Field) -> list[Any]:
    """Return what a row gives an input, nothing where it does not fit: of the items of a list one value each."""
    names, _, of_item = field.path.partition("[].")
    here = _at(row.facts or {}, names)
    found = [_at(each, of_item) for each in here or ()] if of_item else [here]
    return [each for each in found if each is not None]


def rows(path: Path, one: Policy, other: Policy, as_of: str) -> Iterator[Row]:
    """Yield the rows of a file as facts for both revisions; a row whose cells of a list are all empty has no item.

    Args:
        path: The file; what it is, is seen from its beginning.
        one: One of the revisions.
        other: The other.
        as_of: The day of rows that name none.

    Raises:
        SourceError: it cannot be read; the findings name sheet, row and column.
    """
    group = merged(one.reader.group, other.reader.group, lenient=True)
    options = _options(path)
    found = columns(opened(path, options, None), (one, other))
    mapping = _mapping(one, found, options, as_of)
    table = Table(path, mapping, FactsReader(group), as_of=as_of, undated=as_of)
    items = "" if mapping.group is None else str(mapping.group.into)
    needed = any(_needs(each.reader.group, items) for each in (one, other))
    return (_without_empty(row, items, needed=needed) for row in table)


def _needs(group: Group, name: str) -> bool:
    member = group.members.get(name)
    return member is not None and member.required


def _without_empty(row: Row, name: str, *, needed: bool) -> Row:
    """Return a row without items of which nothing is given; without the list, too, where it may be left out."""
    if not name or row.facts is None:
        return row
    items = [each for each in row.facts[name] if each]
    rest = {each: value for each, value in row.facts.items() if each != name}
    return replace(row, facts={**rest, name: items} if items or needed else rest)


def preview(path: Path, one: Policy, other: Policy, as_of: str) -> Preview:
    """Return what a file looks like.

    Raises:
        SourceError: it cannot be read; the findings name sheet, row and column.
    """
    found = columns(opened(path, _options(path), None), (one, other))
    fed = {each.field.path for each in found if each.field is not None}
    lacking = (tuple(_lacking(one.reader.group, fed)), tuple(_lacking(other.reader.group, fed)))
    first: list[Row] = list(islice(rows(path, one, other, as_of), LOOKED_AT)) if fed else []
    problems = tuple(each for row in first for each in row.problems)
    return Preview(tuple(found), lacking, tuple(first[:SHOWN]), problems, len(first))


def columns(file: RowFile, policies: tuple[Policy, Policy]) -> list[Column]:
    """Return the columns of a file, each with the input it feeds."""
    group = merged(policies[0].reader.group, policies[1].reader.group, lenient=True)
    fields = {each.path: each for each in group.fields()}
    called = _called(fields)
    day = _day_of(file.header, {*fields, *called})
    found: list[Column] = []
    fed: set[str] = set()
    items = ""
    for heading in file.header:
        field = fields.get(heading) or called.get(heading.casefold())
        of_list = _list_of(field)
        if heading and heading == day:
            found.append(Column(heading, None, is_day=True))
        elif field is None:
            found.append(Column(heading, None, "unknown"))
        elif field.path in fed:
            found.append(Column(heading, None, "twice"))
        elif _is_unfit(field, group):
            found.append(Column(heading, None, "unfit"))
        elif of_list and items not in ("", of_list):
            found.append(Column(heading, None, "list"))
        else:
            items = of_list or items
            fed.add(field.path)
            found.append(Column(heading, field))
    free = {path: each for path, each in fields.items() if path not in fed and not _is_unfit(each, group)}
    return _noted(file, _meant(found, free), fields, _defaults(policies))


def _meant(found: Iterable[Column], free: Mapping[str, Field]) -> list[Column]:
    """Return columns with what those may mean whose heading nobody knows, among the inputs that have none yet."""
    last = Counter(path.rpartition(".")[2] for path in free)
    names = {path.rpartition(".")[2]: each for path, each in free.items() if last[path.rpartition(".")[2]] == 1}
    names |= {**{each.casefold(): field for each, field in free.items()}, **_called(free)}
    known = names.keys()
    return [
        replace(each, near=names.get(str(did_you_mean(each.heading.casefold(), known).get("suggestion"))))
        if each.unused == "unknown"
        else each
        for each in found
    ]


def _day_of(header: tuple[str, ...], known: set[str]) -> str | None:
    """Return the heading that means the day of the decision: `as_of` before what pages call it."""
    meant = [each for each in header if each.casefold() in CALLED_AS_OF and each.casefold() not in known]
    return next((each for each in meant if each == AS_OF), next(iter(meant), None))


def _defaults(policies: tuple[Policy, Policy]) -> dict[str, set[Any]]:
    """Return what each of two policies takes where an input is missing, by path."""
    found: dict[str, set[Any]] = {}
    for field in (each for policy in policies for each in policy.reader.group.fields() if each.has_default):
        found.setdefault(field.path, set()).add(field.default if isinstance(field.default, str) else None)
    return found


def _noted(
    file: RowFile, found: list[Column], fields: Mapping[str, Field], defaults: Mapping[str, set[Any]]
) -> list[Column]:
    """Return columns with how their numbers and days are written, as the cells show."""
    told = {at for at, each in enumerate(found) if each.is_day or (each.field and _is_told(each.field, fields))}
    cells: dict[int, set[str]] = {at: set() for at in told}
    for record in islice(file.rows(), LOOKED_THROUGH) if told else ():
        for at in told if record.cells else ():
            if not isinstance(record.cells[at], Literal):
                cells[at].add(record.cells[at].strip())
    by_path = {each.field.path: cells[at] for at, each in enumerate(found) if each.field and at in told}
    held = {path: _held(by_path.get(path, {""}), defaults.get(path, set())) for path in fields}
    return [
        replace(each, number=_numbers(each, cells[at], held), day=_days(each, cells[at])) if at in told else each
        for at, each in enumerate(found)
    ]


def _is_told(field: Field, fields: Mapping[str, Field]) -> bool:
    """Say whether the cells of an input say how it is written: a number, a day, or the currency of a number."""
    of = _plain(field) or field.type
    return of in (FieldType.NUMBER, FieldType.DATE) or any(each.unit == field.path for each in fields.values())


def _days(column: Column, cells: set[str]) -> str | None:
    is_day = column.is_day or (column.field is not None and FieldType.DATE in (column.field.type, column.field.of))
    return notation.sure_day_pattern(cells) if is_day else None


def _held(cells: set[str], defaults: set[Any]) -> set[Any]:
    """Return what an input comes to in the rows of a file: its default where a cell is empty, or there is none."""
    return (cells - {""}) | (defaults if "" in cells else set())


def _numbers(column: Column, cells: set[str], held: Mapping[str, set[Any]]) -> NumberOptions | None:
    """Return how numbers are written; a sign of a currency may stand there where it is the one they are in."""
    field = column.field
    if field is None or FieldType.NUMBER not in (field.type, field.of):
        return None
    signs = notation.signs_of(_currency(field, held))
    return notation.number_options(cells, notation.SURE, signs)


def _currency(field: Field, held: Mapping[str, set[Any]]) -> str | None:
    """Return the currency of a column's amounts: its unit, or what the input that is its unit comes to in all rows."""
    found = held.get(field.unit or "", {field.unit})
    return next(iter(found)) if len(found) == 1 else None


def _called(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return fields by what they are called, where only one is called so."""
    found: dict[str, Field | None] = {}
    for field in fields.values():
        for label in {field.label.zh, field.label.en} if field.label is not None else ():
            key = label.casefold()
            found[key] = None if key in found else field
    return {label: field for label, field in found.items() if field is not None}


def _list_of(field: Field | None) -> str:
    """Return the path of the list a field belongs to an item of; empty where it belongs to none."""
    path = "" if field is None else field.path
    return path.partition("[]")[0] if "[]" in path else ""


def _is_unfit(field: Field, group: Group) -> bool:
    """Say whether a value cannot stand in one cell."""
    is_nested = field.path.count("[]") > 1 or any(
        isinstance(each, Rows) and each.field.path == field.path for each in group.members.values()
    )
    is_free = field.type is FieldType.CONTEXT or (field.type is FieldType.LIST and _plain(field) is None)
    return is_nested or is_free or ("[]" in field.path and "." in field.path.partition("[]")[0])


def _plain(field: Field) -> FieldType | None:
    return None if field.of in (None, FieldType.CONTEXT, FieldType.LIST) else field.of


def _mapping(policy: Policy, found: list[Column], options: FileOptions, as_of: str) -> MappingDocument:
    fed = [each for each in found if each.field is not None]
    facts = {
        FieldPath(each.field.path): FactSource(
            _NOWHERE, each.heading, split=JOINT if each.field.type is FieldType.LIST else None
        )
        for each in fed
        if each.field is not None
    }
    day = next((each.heading for each in found if each.is_day), None)
    items = next((path.partition("[]")[0] for path in facts if "[]" in path), None)
    shared = {each.field.path: each.heading for each in fed if each.field is not None and "[]" not in each.field.path}
    subject = shared.get(policy.rule_set.document.subject.id)
    by = (*(shared.values() if subject is None else (subject,)), *(() if day is None else (day,)))
    group = None if items is None else GroupOptions(_NOWHERE, by, FieldPath(items))
    return MappingDocument(
        place=_NOWHERE,
        text="",
        digest="",
        mapping=Id("comparison"),
        title=Text("", ""),
        encoding=options.encoding,
        delimiter=options.delimiter,
        columns=tuple(
            ColumnOptions(_NOWHERE, each.heading, date=each.day, number=each.number)
            for each in found
            if each.number or each.day
        ),
        for_=PolicyId(policy.id),
        facts=facts,
        as_of=AsOfSource(_NOWHERE, constant=as_of) if day is None else AsOfSource(_NOWHERE, column=day),
        group=group,
    )


def _options(path: Path) -> FileOptions:
    """Return how a CSV file is written, as its first line shows; spreadsheets in Chinese often write GB 18030."""
    encoding, delimiter = Encoding.UTF_8, Delimiter.COMMA
    if not is_workbook(path):
        with path.open("rb") as file:
            beginning = file.read(1 << 16)
        encoding = _encoding_of(beginning)
        first = beginning.decode(encoding, "replace").partition("\n")[0]
        delimiter = max(Delimiter, key=lambda each: (first.count(each), each is Delimiter.COMMA))
    return FileOptions(
        place=_NOWHERE, text="", digest="", mapping=Id(""), title=Text("", ""), encoding=encoding, delimiter=delimiter
    )


def _encoding_of(beginning: bytes) -> Encoding:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding.UTF_16
    try:
        beginning.decode()
    except UnicodeDecodeError as error:
        if error.end < len(beginning) - 4:  # not merely cut off in the middle of a letter
            return Encoding.GB18030
    return Encoding.UTF_8


def _lacking(group: Group, given: set[str]) -> Iterator[Field]:
    """Yield the inputs that are needed and not given."""
    for member in group.members.values():
        if isinstance(member, Rows):
            of_item = {each for each in given if each.startswith(f"{member.field.path}[]")}
            if of_item:
                yield from _lacking(member.item, given)
            elif member.required:
                yield member.field
        elif isinstance(member, Group):
            if member.required or any(each.path in given for each in member.fields()):
                yield from _lacking(member, given)
        elif member.required and member.path not in given:
            yield member


def template(one: Policy, other: Policy) -> list[dict[str, Any]]:
    """Return the records of a file to begin with: every input as a heading, and the first tests of the policy."""
    group = merged(one.reader.group, other.reader.group, lenient=True)
    first = ""
    paths = []
    for field in group.fields():
        of_list = _list_of(field)
        if _is_unfit(field, group) or (of_list and first not in ("", of_list)):
            continue
        first = of_list or first
        paths.append(field.path)
    records = []
    for case in other.rule_set.cases[:EXAMPLES]:
        facts = other.reader.plain(case.given)
        for item in _items(facts, first):
            record = {AS_OF: case.as_of}
            record |= {path: _cell(_at(item if "[]" in path else facts, path)) for path in paths}
            records.append(record)
    return records or [dict.fromkeys([AS_OF, *paths], "")]


def _items(facts: Mapping[str, Any], name: str) -> list[Any]:
    found = facts.get(name) if name else None
    return found if isinstance(found, list) and found else [{}]


def _at(facts: Any, path: str) -> Any:
    for name in path.partition("[].")[2].split(".") if "[]" in path else path.split("."):
        facts = facts.get(name) if isinstance(facts, Mapping) else None
    return facts


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return JOINT.join(each if isinstance(each, str) else canonical_json(each) for each in value)
    return value


def findings(error: SourceError) -> list[tuple[str, Any]]:
    """Return what keeps a file from being read: place without the folder, and finding."""
    return [(f"{_named(each.place)}", each) for each in error.findings[:20]]


def _named(place: Place) -> str:
    """Return a place in a file as people read it: its sheet, where it has one, row and column."""
    return f"{Path(place.source).name}:{place.line}:{place.column}"
