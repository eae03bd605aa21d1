"""Reads and checks the expressions of a document: conditions, cells and formulas."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from policy import feel as language
from policy.errors import ExpressionError, Finding, did_you_mean
from policy.feel import types as feel
from policy.feel.checker import Checked, check, lookups, paths
from policy.feel.typerules import said, said_any
from policy.linker.constants import check_bounds, check_literals, check_reckoned
from policy.linker.log import Log
from policy.linker.lookups import check_lookups
from policy.linker.references import row_type
from policy.linker.scope import Scope
from policy.model import reading
from policy.model.document import FieldType
from policy.model.fields import Field
from policy.model.reference import ReferenceTable
from policy.model.ruleset import Part
from policy.model.written import Cells, Condition, Entries, Entry, Expression, Items, Marks, Raw, Scalar

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_BARE_WORD = re.compile(r"[^\W\d][\w\-]*")

_TRUE_OR_FALSE = {
    **dict.fromkeys(("yes", "y", "on", "true", "是", "真"), "true"),
    **dict.fromkeys(("no", "n", "off", "false", "否", "假"), "false"),
}
"""What people write for a boolean, in lower case."""

_DAY = re.compile(r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}")
"""What is meant as a day, whether the calendar has it or not."""

_BOOLEAN = (feel.BooleanType,)
_LITERAL_TYPES: Mapping[type, FieldType] = {
    feel.DateType: FieldType.DATE,
    feel.TimeType: FieldType.TIME,
    feel.DateTimeType: FieldType.DATE_TIME,
    feel.DaysType: FieldType.DAYS_DURATION,
    feel.MonthsType: FieldType.MONTHS_DURATION,
}


class Reader:
    """Reads the expressions of one policy.

    Attributes:
        tables: Reference tables by name.
        fields: Declared fields by the path conditions know them by.
        references: Name of a reference table → type of its row.
        used: Names of the reference tables read so far.
    """

    def __init__(self, tables: Mapping[str, ReferenceTable], fields: Mapping[str, Field], log: Log) -> None:
        self.tables = tables
        self.fields = fields
        self.references = {name: row_type(table) for name, table in tables.items()}
        self.used: set[str] = set()
        self._log = log

    def formula(self, written: Expression, scope: Scope, *, expected: tuple[type, ...] = ()) -> Part | None:
        """Read and check one FEEL text.

        Args:
            written: The text.
            scope: What it can see.
            expected: Types (classes of `policy.feel.types`) its value may have; none: any.

        Returns:
            The checked part, None when it cannot be read.
        """
        try:
            node = language.parse(written.text, names=scope.names)
        except ExpressionError as error:
            self._refuse(error, written.marks)
            return None
        checked = check(node, scope.types, references=self.references)
        part = self._part(written, checked, None, scope)
        if expected and not isinstance(checked.type, (*expected, feel.AnyType, feel.NullType)):
            names = said_any(each() for each in expected)
            self._log.add("wrong-type", written.place, len(written.text), found=said(checked.type), expected=names)
        return part

    def condition(self, written: Condition | None, scope: Scope) -> tuple[Part, ...]:
        """Read and check a condition; no condition has no parts."""
        if written is None:
            return ()
        if isinstance(written, Cells):
            parts = [self.cell(entry, scope) for entry in written.cells]
        else:
            parts = [self.formula(written, scope, expected=_BOOLEAN)]
        return tuple(part for part in parts if part is not None)

    def cell(self, entry: Entry, scope: Scope) -> Part | None:
        """Read and check one cell of a row; None when it means any value or cannot be read."""
        of = scope.type_at(entry.key)
        if of is None:
            known = did_you_mean(entry.key, scope.paths())
            self._log.add("unknown-column", entry.place, len(entry.key), found=entry.key, **known)
            return None
        if isinstance(entry.value, Scalar) and entry.value.text.strip() == "-":
            return None
        written = self._cell_text(entry.value, of, scope.types)
        if written is None:
            return None
        try:
            node = language.parse_tests(written.text, names=scope.names)
        except ExpressionError as error:
            self._refuse(error, written.marks)
            return None
        checked = check(node, scope.types, subject=of, references=self.references)
        if entry.key in self.fields:
            check_literals(written, node, self.fields[entry.key], self._log)
        if isinstance(of, feel.NumberType):
            check_reckoned(written, node, self._log)
        return self._part(written, checked, entry.key, scope)

    def _part(self, written: Expression, checked: Checked, subject: str | None, scope: Scope) -> Part:
        for remark in checked.remarks:
            self._log.remark(remark, written.marks)
        if not checked.remarks:
            check_bounds(written, checked, self._log)
        check_lookups(checked, self.tables, written.marks, self._log)
        self.used.update(name for name in lookups(checked.node) if name in self.references)
        read = [".".join(path) for path in paths(checked.node, scope.types)]
        if subject is not None:
            read = [subject, *(path for path in read if path != subject)]
        return Part(written.text, checked, written.place, subject, tuple(read))

    def _refuse(self, error: ExpressionError, marks: Marks) -> None:
        length = max(0, error.end - error.start)
        self._log.extend([Finding(error.code, marks.at(error.start), error.values, length)])

    def _cell_text(self, raw: Raw, of: feel.Type, names: Container[str]) -> Expression | None:
        """Return a cell as unary tests."""
        if isinstance(raw, Entries):
            self._log.add("cell-mapping", raw.place)
            return None
        if isinstance(raw, Scalar):
            text = self._test(raw, of, names)
            return None if text is None else Expression(text, raw.marks if text == raw.text else _fixed(raw.marks))
        if not raw.items:
            self._log.add("cell-empty-list", raw.place)
            return None
        return self._list_text(raw, of, names)

    def _list_text(self, raw: Items, of: feel.Type, names: Container[str]) -> Expression | None:
        """Return a list of cells as one text: any of them; its marks lead each item to its own place."""
        text, runs, sound = "", [], True
        for item in raw.items:
            test = self._item(item, of, names)
            if test is None:
                sound = False
                continue
            text += ", " if text else ""
            place = item.place
            runs.append((len(text), place.line, place.column))
            text += test
        return Expression(text, Marks(raw.place.source, tuple(runs), exact=False)) if sound else None

    def _item(self, item: Raw, of: feel.Type, names: Container[str]) -> str | None:
        if isinstance(item, Scalar):
            return self._test(item, of, names)
        self._log.add("cell-nested", item.place)
        return None

    def _test(self, raw: Scalar, of: feel.Type, names: Container[str]) -> str | None:
        """Return one cell as FEEL: a literal where the field's type makes it one, else the text itself."""
        inside = of.of if isinstance(of, feel.ListType) else of
        text = raw.text.strip()
        if isinstance(inside, feel.StringType):
            return self._string_test(raw, text, inside)
        field_type = _LITERAL_TYPES.get(type(inside))
        if field_type is not None:
            value, problems = reading.from_raw(Field("?", field_type), raw)
            if not problems and value is not None:
                return f'@"{text}"'
            if isinstance(inside, feel.DateType | feel.DateTimeType) and _DAY.fullmatch(text):
                self._log.add("cell-not-a-day", raw.place, len(text), found=text, example="2026-03-01")
                return None
        if isinstance(inside, feel.BooleanType) and text not in ("true", "false") and text not in names:
            meant = _TRUE_OR_FALSE.get(text.lower())
            if meant is not None:
                self._log.add("cell-boolean", raw.place, len(text), found=text, expected=meant)
                return None
        return text or self._nothing(raw)

    def _string_test(self, raw: Scalar, text: str, of: feel.StringType) -> str | None:
        if of.one_of is not None and raw.text in of.one_of:
            return _quoted(raw.text)
        if raw.plain and (_NUMBER.fullmatch(text) or text in ("true", "false")):
            return text
        if _BARE_WORD.fullmatch(text) and text != "null":
            if of.one_of is not None:
                known = did_you_mean(text, of.one_of)
                self._log.add("value-not-one-of", raw.place, len(text), found=text, expected=of.one_of, **known)
            else:
                self._log.add("bare-word", raw.place, len(text), found=text)
            return None
        return text or self._nothing(raw)

    def _nothing(self, raw: Scalar) -> str | None:
        self._log.add("cell-empty", raw.place)
        return None


def _fixed(marks: Marks) -> Marks:
    """Return marks of a text that stands for the whole cell: every offset leads to its beginning."""
    place = marks.at(0)
    return Marks(place.source, ((0, place.line, place.column),), exact=False)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
