"""Checks what a mapping says of single fields and columns; what is sound becomes a feed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from policy.errors import Finding, Place, did_you_mean
from policy.messages import Said
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.reading import from_raw, from_text
from policy.model.written import Raw
from policy.tables.conversion import Conversion, Written
from policy.tables.document import ColumnOptions, FactSource, FileOptions, JoinItem
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
    """One field and where its value comes from.

    Attributes:
        names: Where it stands in what a row becomes, or in the item of a group's list.
        field: The field.
        column: The column it is read from; None for a constant.
        conversion: How; None for a constant.
        value: The constant, or what stands where the cell is empty; None: nothing.
    """

    names: tuple[str, ...]
    field: Field
    column: Column | None
    conversion: Conversion | None
    value: Any


class Feeder:
    """Makes the feeds of one mapping.

    Attributes:
        mapping: The mapping.
        findings: What does not fit, so far.
    """

    def __init__(self, mapping: FileOptions) -> None:
        self.mapping = mapping
        self.findings: list[Finding] = []

    def add(self, code: str, place: Place, **values: Said) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, place, values))

    def check_joins(self) -> None:
        """Check what names the joined files, and their keys."""
        for join in self.mapping.joins:
            file = join.file
            if file is None and join.sheet is None:
                self.add("table-join-nowhere", join.place, found=join.id)
            elif file is not None and (not file or set(file) & set("/\\:") or file.startswith(".")):
                self.add("table-join-file", join.place, found=file)
            if not join.on:
                self.add("table-join-without-key", join.place, found=join.id)

    def feed(self, names: tuple[str, ...], declared: Field, source: FactSource) -> Feed | None:
        """Return the feed of a field, None after a finding.

        Args:
            names: Where its value is put.
            declared: The field.
            source: Where its value comes from.
        """
        if (source.column is None) is (source.constant is None):
            self.add("table-one-source", source.place, found=declared.path)
            return None
        if not self._fits(declared, source):
            return None
        if source.column is None:
            return Feed(names, declared, None, None, self._literal(declared, source.constant))
        join = next((join for join in self.mapping.joins if join.id == source.join), None)
        column = Column(source.column, source.join, source.place)
        conversion = Conversion.of(declared, source, self.written(join, source.column))
        return Feed(names, declared, column, conversion, self._literal(declared, source.default))

    def written(self, join: JoinItem | None, column: str) -> Written:
        """Return how a column is written, of a joined file or of the main one."""
        options = named_column(self.mapping.columns if join is None else join.columns, column)
        try:
            return Written.of(options)
        except PatternError as error:
            place = self.mapping.place if options is None else options.place
            self.add("table-pattern", place, found=str(error))
            return Written()

    def columns(self, feeds: Iterable[Feed], others: Iterable[Column] = ()) -> tuple[Column, ...]:
        """Return every column that is read, each once: those of feeds and others, of keys, choices and joins."""
        mapping = self.mapping
        found = [*others, *(feed.column for feed in feeds if feed.column is not None)]
        found += [Column(name, None, mapping.place) for name in mapping.key]
        found += [Column(each.column, None, each.place) for each in (*mapping.where, *mapping.skip)]
        found += [Column(each.name, None, each.place) for each in mapping.columns]
        for join in mapping.joins:
            found += [Column(each.column, None, each.place) for each in join.on]
            found += [Column(each.key, join.id, each.place) for each in join.on]
            found += [Column(each.name, join.id, each.place) for each in join.columns]
        return tuple({(column.join, column.name): column for column in reversed(found)}.values())

    def _literal(self, declared: Field, raw: Raw | None) -> Any:
        if raw is None:
            return None
        value, findings = from_raw(declared, raw)
        self.findings += findings
        return value

    def _fits(self, declared: Field, source: FactSource) -> bool:
        """Check what is said of a field against its type."""
        before = len(self.findings)
        is_list = declared.type is FieldType.LIST and declared.of is not None
        if source.constant is not None:
            used = [name for name in ("join", "values", "bands", "split", "default") if getattr(source, name)]
            for name in used:
                self.add("table-with-constant", source.place, found=name)
        elif declared.type is FieldType.CONTEXT or (declared.type is FieldType.LIST and not is_list):
            self.add("table-unfit", source.place, found=declared.path, expected=str(declared.type))
        elif is_list is (source.split is None):
            self.add("table-split", source.place, found=declared.path, expected=str(declared.type))
        joins = [join.id for join in self.mapping.joins]
        if source.join is not None and source.join not in joins:
            self.add("table-unknown-join", source.place, found=source.join, **did_you_mean(source.join, joins))
        self._check_words(declared, source)
        return len(self.findings) == before

    def _check_words(self, declared: Field, source: FactSource) -> None:
        """Check that what values and bands give fits the field."""
        item = declared if declared.of is None else Field(declared.path, declared.of, one_of=declared.one_of)
        given = [(each.place, each.to) for each in source.values] + [(each.place, each.value) for each in source.bands]
        for place, text in given:
            _, problems = from_text(item, text)
            self.findings += [Finding(problem.code, place, problem.values) for problem in problems]
        for lower, upper in zip(source.bands, source.bands[1:], strict=False):
            if upper.from_ <= lower.from_:
                self.add("table-bands-order", upper.place, found=str(upper.from_), expected=str(lower.from_))
        if source.bands and source.values:
            self.add("table-bands-and-values", source.place, found=declared.path)


def named_column(columns: Iterable[ColumnOptions], name: str) -> ColumnOptions | None:
    """Return what a mapping says of the column of a name."""
    return next((each for each in columns if each.name == name), None)
