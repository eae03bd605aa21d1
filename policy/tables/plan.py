"""Checks a mapping against the inputs of a policy; what is sound can be carried out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.errors import Finding, Place, SourceError, did_you_mean
from policy.messages import Said
from policy.model.document import FieldType
from policy.model.fields import Field, Group, Member, Rows
from policy.model.reading import from_raw, from_text
from policy.model.words import named
from policy.model.written import Raw
from policy.tables.conversion import Conversion, Written
from policy.tables.document import ColumnOptions, FactSource, JoinItem, MappingDocument
from policy.tables.formats import PatternError


@dataclass(frozen=True, slots=True)
class Column:
    """A column the mapping reads.

    Attributes:
        name: Its name in the header.
        join: Id of the joined file it is in; None: the main file.
        place: Where the mapping names it.
    """

    name: str
    join: str | None
    place: Place = field(compare=False)

    @property
    def label(self) -> str:
        """Return its name for reports."""
        return self.name if self.join is None else f"{self.join}.{self.name}"


@dataclass(frozen=True, slots=True)
class Feed:
    """One input and where its value comes from.

    Attributes:
        names: Where it stands in the facts, or in the item of a group's list.
        field: The input.
        column: The column it is read from; None for a constant.
        conversion: How; None for a constant.
        value: The constant, or what stands where the cell is empty; None: nothing.
    """

    names: tuple[str, ...]
    field: Field
    column: Column | None
    conversion: Conversion | None
    value: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """A mapping that fits the inputs.

    Attributes:
        feeds: Inputs of a row, or of a group as a whole.
        items: Inputs of one item of a group's list.
        as_of: How the day of a decision is written; None where it comes from no column.
        period: How the day of a group's period is written; None without one.
        columns: Every column that is read, with those whose cells are to be mended.
    """

    mapping: MappingDocument
    feeds: tuple[Feed, ...]
    items: tuple[Feed, ...]
    as_of: Written | None
    period: Written | None
    columns: tuple[Column, ...]


def plan(mapping: MappingDocument, inputs: Group) -> Plan:
    """Check a mapping.

    Args:
        mapping: The mapping as written.
        inputs: The policy's inputs as they stand in facts.

    Raises:
        SourceError: it does not fit; carries every finding.
    """
    planner = _Planner(mapping, inputs)
    made = planner.plan()
    if planner.findings:
        raise SourceError(planner.findings)
    return made


@dataclass(slots=True)
class _Planner:
    mapping: MappingDocument
    inputs: Group
    findings: list[Finding] = field(default_factory=list)

    def plan(self) -> Plan:
        mapping = self.mapping
        self._check_joins()
        rows = self._rows()
        feeds = [feed for path, source in mapping.facts.items() for feed in self._feed(path, source, rows)]
        own = tuple(feed for feed, is_item in feeds if not is_item)
        items = tuple(feed for feed, is_item in feeds if is_item)
        fed = {feed.field.path for feed, _ in feeds} | set(mapping.facts)
        for missing in _unfed(self.inputs, fed, rows):
            self._add("table-unfed", mapping.place, found=missing)
        self._check_as_of()
        as_of = None if mapping.as_of is None else mapping.as_of.column
        period = None if mapping.group is None else mapping.group.period
        return Plan(
            mapping,
            own,
            items,
            None if as_of is None else self._written(None, as_of),
            None if period is None else self._written(None, period.column),
            tuple(self._columns([feed for feed, _ in feeds])),
        )

    def _add(self, code: str, place: Place, **values: Said) -> None:
        self.findings.append(Finding(code, place, values))

    def _check_joins(self) -> None:
        for join in self.mapping.joins:
            if not join.file or set(join.file) & set("/\\:") or join.file.startswith("."):
                self._add("table-join-file", join.place, found=join.file)
            if not join.on:
                self._add("table-join-without-key", join.place, found=join.id)

    def _rows(self) -> Rows | None:
        group = self.mapping.group
        if group is None:
            return None
        lists = {each.field.path: each for each in self.inputs.members.values() if isinstance(each, Rows)}
        if group.into not in lists:
            known = did_you_mean(group.into, lists)
            self._add("table-no-list", group.place, found=group.into, expected=named(list(lists)), **known)
        return lists.get(group.into)

    def _feed(self, path: str, source: FactSource, rows: Rows | None) -> Iterator[tuple[Feed, bool]]:
        fields = {each.path: each for each in self.inputs.fields()}
        declared = fields.get(path)
        prefix = f"{rows.field.path}[]." if rows is not None else None
        is_item = prefix is not None and path.startswith(prefix)
        relative = path.removeprefix(prefix or "") if is_item else path
        if declared is None:
            known = did_you_mean(path, fields)
            self._add("table-unknown-field", source.place, found=path, expected=named(list(fields)), **known)
        elif "[]" in relative:
            self._add("table-item-without-group", source.place, found=path)
        elif (source.column is None) is (source.constant is None):
            self._add("table-one-source", source.place, found=path)
        elif self._fits(declared, source):
            yield self._made(tuple(relative.split(".")), declared, source), is_item

    def _made(self, names: tuple[str, ...], declared: Field, source: FactSource) -> Feed:
        if source.column is None:
            return Feed(names, declared, None, None, self._literal(declared, source.constant))
        join = self._join(source)
        written = self._written(join, source.column)
        column = Column(source.column, source.join, source.place)
        conversion = Conversion.of(declared, source, written)
        return Feed(names, declared, column, conversion, self._literal(declared, source.default))

    def _literal(self, declared: Field, raw: Raw | None) -> Any:
        if raw is None:
            return None
        value, findings = from_raw(declared, raw)
        self.findings += findings
        return value

    def _fits(self, declared: Field, source: FactSource) -> bool:
        """Check what is said of an input against its type."""
        before = len(self.findings)
        is_list = declared.type is FieldType.LIST and declared.of is not None
        if source.constant is not None:
            used = [name for name in ("join", "values", "bands", "split", "default") if getattr(source, name)]
            for name in used:
                self._add("table-with-constant", source.place, found=name)
        elif declared.type is FieldType.CONTEXT or (declared.type is FieldType.LIST and not is_list):
            self._add("table-unfit", source.place, found=declared.path, expected=str(declared.type))
        elif is_list is (source.split is None):
            self._add("table-split", source.place, found=declared.path, expected=str(declared.type))
        if source.join is not None and source.join not in {join.id for join in self.mapping.joins}:
            known = did_you_mean(source.join, [join.id for join in self.mapping.joins])
            self._add("table-unknown-join", source.place, found=source.join, **known)
        self._check_words(declared, source)
        return len(self.findings) == before

    def _check_words(self, declared: Field, source: FactSource) -> None:
        """Check that what values and bands give fits the input."""
        item = declared if declared.of is None else Field(declared.path, declared.of, one_of=declared.one_of)
        given = [(each.place, each.to) for each in source.values] + [(each.place, each.value) for each in source.bands]
        for place, text in given:
            _, problems = from_text(item, text)
            self.findings += [Finding(problem.code, place, problem.values) for problem in problems]
        for lower, upper in zip(source.bands, source.bands[1:], strict=False):
            if upper.from_ <= lower.from_:
                self._add("table-bands-order", upper.place, found=str(upper.from_), expected=str(lower.from_))
        if source.bands and source.values:
            self._add("table-bands-and-values", source.place, found=declared.path)

    def _join(self, source: FactSource) -> JoinItem | None:
        return next((join for join in self.mapping.joins if join.id == source.join), None)

    def _written(self, join: JoinItem | None, column: str) -> Written:
        options = named_column(self.mapping.columns if join is None else join.columns, column)
        try:
            return Written.of(options)
        except PatternError as error:
            place = self.mapping.place if options is None else options.place
            self._add("table-pattern", place, found=str(error))
            return Written()

    def _check_as_of(self) -> None:
        as_of, group = self.mapping.as_of, self.mapping.group
        if as_of is None:
            return
        if [as_of.column is not None, as_of.constant is not None, as_of.period_end].count(True) != 1:
            self._add("table-one-source", as_of.place, found="as_of")
        if as_of.period_end and (group is None or group.period is None):
            self._add("table-no-period", as_of.place)
        if as_of.constant is not None:
            _, problems = Written().as_of(as_of.constant)
            self.findings += [Finding(problem.code, as_of.place, problem.values) for problem in problems]

    def _columns(self, feeds: list[Feed]) -> Iterator[Column]:
        """Yield every column that is read, each once."""
        mapping = self.mapping
        found = [feed.column for feed in feeds if feed.column is not None]
        found += [Column(name, None, mapping.place) for name in mapping.key]
        found += [Column(each.column, None, each.place) for each in (*mapping.where, *mapping.skip)]
        found += [Column(each.name, None, each.place) for each in mapping.columns]
        if mapping.as_of is not None and mapping.as_of.column is not None:
            found.append(Column(mapping.as_of.column, None, mapping.as_of.place))
        if mapping.group is not None:
            found += [Column(name, None, mapping.group.place) for name in mapping.group.by]
            if mapping.group.period is not None:
                found.append(Column(mapping.group.period.column, None, mapping.group.period.place))
        for join in mapping.joins:
            found += [Column(each.column, None, each.place) for each in join.on]
            found += [Column(each.key, join.id, each.place) for each in join.on]
            found += [Column(each.name, join.id, each.place) for each in join.columns]
        yield from {(column.join, column.name): column for column in reversed(found)}.values()


def named_column(columns: Iterable[ColumnOptions], name: str) -> ColumnOptions | None:
    """Return what a mapping says of the column of a name."""
    return next((each for each in columns if each.name == name), None)


def _unfed(group: Group, fed: set[str], rows: Rows | None) -> Iterator[str]:
    """Yield the inputs nothing feeds although facts need them."""
    for member in group.members.values():
        if isinstance(member, Group):
            if member.required or _any_fed(member, fed):
                yield from _unfed(member, fed, rows)
        elif isinstance(member, Rows):
            if rows is not None and member.field.path == rows.field.path:
                yield from _unfed(member.item, fed, rows)
            elif member.required and member.field.path not in fed:
                yield member.field.path
        elif member.required and member.path not in fed:
            yield member.path


def _any_fed(group: Group, fed: set[str]) -> bool:
    members: Mapping[str, Member] = group.members
    return any(each.path in fed for each in Group(members).fields())
