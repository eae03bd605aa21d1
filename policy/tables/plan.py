"""Checks a mapping against the inputs of a policy; what is sound can be carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy.errors import Finding, SourceError, did_you_mean
from policy.model.fields import Group, Member, Rows
from policy.model.words import named
from policy.tables.conversion import Written
from policy.tables.document import By, FactSource, MappingDocument
from policy.tables.feeds import Column, Feed, Feeder


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
    if planner.feeder.findings:
        raise SourceError(planner.feeder.findings)
    return made


class _Planner:
    def __init__(self, mapping: MappingDocument, inputs: Group) -> None:
        self.feeder = Feeder(mapping)
        self._mapping = mapping
        self._inputs = inputs

    def plan(self) -> Plan:
        """Return how a row becomes facts; what does not fit is told to `feeder`."""
        mapping, feeder = self._mapping, self.feeder
        feeder.check_joins()
        rows = self._rows()
        feeds = [feed for path, source in mapping.facts.items() for feed in self._feed(path, source, rows)]
        fed = {feed.field.path for feed, _ in feeds} | set(mapping.facts)
        for missing in _unfed(self._inputs, fed, rows):
            feeder.add("table-unfed", mapping.place, found=missing)
        self._check_as_of()
        as_of = None if mapping.as_of is None else mapping.as_of.column
        period = None if mapping.group is None else mapping.group.period
        return Plan(
            mapping,
            tuple(feed for feed, is_item in feeds if not is_item),
            tuple(feed for feed, is_item in feeds if is_item),
            None if as_of is None else feeder.written(None, as_of),
            None if period is None else feeder.written(None, period.column),
            feeder.columns([feed for feed, _ in feeds], self._own_columns()),
        )

    def _rows(self) -> Rows | None:
        group = self._mapping.group
        if group is None:
            return None
        lists = {each.field.path: each for each in self._inputs.members.values() if isinstance(each, Rows)}
        if group.into not in lists:
            known = did_you_mean(group.into, lists)
            self.feeder.add("table-no-list", group.place, found=group.into, expected=named(list(lists)), **known)
        return lists.get(group.into)

    def _feed(self, path: str, source: FactSource, rows: Rows | None) -> Iterator[tuple[Feed, bool]]:
        fields = {each.path: each for each in self._inputs.fields()}
        declared = fields.get(path)
        prefix = f"{rows.field.path}[]." if rows is not None else None
        is_item = prefix is not None and path.startswith(prefix)
        relative = path.removeprefix(prefix or "") if is_item else path
        if declared is None:
            known = did_you_mean(path, fields)
            self.feeder.add("table-unknown-field", source.place, found=path, expected=named(list(fields)), **known)
        elif "[]" in relative:
            self.feeder.add("table-item-without-group", source.place, found=path)
        elif source.by is By.NAME:
            self.feeder.add("table-by-name", source.place, found=path)
        else:
            feed = self.feeder.feed(tuple(relative.split(".")), declared, source)
            if feed is not None:
                yield feed, is_item

    def _check_as_of(self) -> None:
        as_of, group = self._mapping.as_of, self._mapping.group
        if as_of is None:
            return
        if [as_of.column is not None, as_of.constant is not None, as_of.period_end].count(True) != 1:
            self.feeder.add("table-one-source", as_of.place, found="as_of")
        if as_of.period_end and (group is None or group.period is None):
            self.feeder.add("table-no-period", as_of.place)
        if as_of.constant is not None:
            _, problems = Written().as_of(as_of.constant)
            self.feeder.findings += [Finding(problem.code, as_of.place, problem.values) for problem in problems]

    def _own_columns(self) -> Iterator[Column]:
        """Yield the columns of days and groups."""
        as_of, group = self._mapping.as_of, self._mapping.group
        if as_of is not None and as_of.column is not None:
            yield Column(as_of.column, None, as_of.place)
        if group is not None:
            yield from (Column(name, None, group.place) for name in group.by)
            if group.period is not None:
                yield Column(group.period.column, None, group.period.place)


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
