"""The mapping documents: how the columns of a file become facts or records, as a person writes it.

Like the documents of `policy.model.document`, these classes are the grammar of the text. A mapping holds no
formulas: what cannot be said by mending, translating, banding or joining belongs into a policy's `derived`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from policy.errors import Place
from policy.kinds.incentive import PlanPeriod
from policy.model.document import Id, Path, PolicyId
from policy.model.written import Raw
from policy.values import Text


class RecordKind(StrEnum):
    """What the rows of a file are records of."""

    TEAMS = "teams"
    PEOPLE = "people"
    ABSENCES = "absences"
    CUSTOMERS = "customers"
    DEALS = "deals"
    EVENTS = "events"


class Encoding(StrEnum):
    """How the letters of a file are written as bytes; UTF-16 with a mark of its order is Excel's "Unicode text"."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"


class By(StrEnum):
    """What a cell that names a person, team or customer holds: its id in the outside system, or its name."""

    ID = "id"
    NAME = "name"


class Delimiter(StrEnum):
    """What stands between two cells."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "\t"
    BAR = "|"


class Separator(StrEnum):
    """What stands between groups of digits, or before the decimals."""

    COMMA = ","
    POINT = "."
    SPACE = " "
    APOSTROPHE = "'"


@dataclass(frozen=True, slots=True)
class NumberOptions:
    """How the numbers of a column are written.

    Attributes:
        thousands: Separator between groups of three digits; None: there is none.
        decimal: Separator before the decimals.
        currency: Signs that may stand before or after the number.
        percent: True where every number carries `%` and means hundredths.
    """

    place: Place
    thousands: Separator | None = None
    decimal: Separator = Separator.POINT
    currency: tuple[str, ...] = ()
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text in a file and the text that is meant."""

    place: Place
    from_: str
    to: str


@dataclass(frozen=True, slots=True)
class ColumnOptions:
    """How one column is written.

    Attributes:
        name: Its heading.
        mend: Slips of the pen; every mended cell is reported.
        missing: Texts that mean the same as an empty cell.
        date: Pattern of its days: `%Y %m %d %H %M %S`, everything else stands for itself.
        number: How its numbers are written, where that is not plain notation.
    """

    place: Place
    name: str
    mend: tuple[Replacement, ...] = ()
    missing: tuple[str, ...] = ()
    date: str | None = None
    number: NumberOptions | None = None


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A column of the main file, and the column of the joined file that holds the same."""

    place: Place
    column: str
    key: str


@dataclass(frozen=True, slots=True)
class JoinItem:
    """Another file, looked up by key for every row.

    Attributes:
        file: Its name; it lies in the same folder as the main file. None: the workbook the main file is.
        sheet: Its sheet, where it is a workbook; None: the only one.
        on: The columns that make the key, which occurs once.
        columns: How its columns are written.
        optional: True where a row without a partner is taken all the same, its joined columns empty.
    """

    place: Place
    id: Id
    on: tuple[KeyPair, ...]
    file: str | None = None
    sheet: str | None = None
    columns: tuple[ColumnOptions, ...] = ()
    optional: bool = False

    @property
    def called(self) -> str:
        """Return what people call it: its file, or its sheet."""
        return self.file or self.sheet or self.id


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows that have one of some texts in a column."""

    place: Place
    column: str
    one_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """From `from_` on (inclusive) the value is `value`."""

    place: Place
    from_: Decimal
    value: str


@dataclass(frozen=True, slots=True)
class FactSource:
    """Where the value of one input comes from: a column or a constant.

    Attributes:
        column: Name of a column, of the main file or of `join`.
        join: Id of the joined file the column is in.
        constant: A value for every row.
        values: Words of the file and of the input, where they differ.
        bands: Steps that turn the number in the column into a value, lowest first.
        split: Separator between the items of a list.
        default: Value where the cell is empty.
        by: Of a record's field that names another one: what it is named by; ids are found in either case.
    """

    place: Place
    column: str | None = None
    join: Id | None = None
    constant: Raw | None = None
    values: tuple[Replacement, ...] = ()
    bands: tuple[Step, ...] = ()
    split: str | None = None
    default: Raw | None = None
    by: By = By.ID


@dataclass(frozen=True, slots=True)
class AsOfSource:
    """The day a decision is for: from a column, a constant, or the last day of the group's period."""

    place: Place
    column: str | None = None
    constant: str | None = None
    period_end: bool = False


@dataclass(frozen=True, slots=True)
class PeriodOptions:
    """A group's time: the period `of` the day in `column`."""

    place: Place
    column: str
    of: PlanPeriod


@dataclass(frozen=True, slots=True)
class GroupOptions:
    """Rows that make one set of facts together.

    Attributes:
        by: Columns whose texts they share.
        period: The period they share.
        into: The list that gets one item per row; inputs of its items come from the row, all others from the group.
    """

    place: Place
    by: tuple[str, ...]
    into: Path
    period: PeriodOptions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """What every mapping says of its file.

    Attributes:
        encoding: Of CSV files; a workbook needs none.
        delimiter: Of CSV files.
        sheet: The sheet of a workbook that is read; None: the only one.
        key: Columns a row is called by in reports.
        where: Rows are taken that fit each of these.
        skip: Rows are left out that fit any of these.
    """

    place: Place
    text: str
    digest: str
    mapping: Id
    title: Text
    encoding: Encoding = Encoding.UTF_8
    delimiter: Delimiter = Delimiter.COMMA
    sheet: str | None = None
    key: tuple[str, ...] = ()
    columns: tuple[ColumnOptions, ...] = ()
    joins: tuple[JoinItem, ...] = ()
    where: tuple[Choice, ...] = ()
    skip: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingDocument(FileOptions):
    """How one kind of file becomes facts of one policy.

    Attributes:
        for_: The policy whose inputs it feeds.
        facts: Input → where it comes from.
    """

    for_: PolicyId
    facts: Mapping[Path, FactSource]
    as_of: AsOfSource | None = None
    group: GroupOptions | None = None

    @property
    def policy(self) -> PolicyId:
        """Return the policy whose inputs it feeds."""
        return self.for_


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMapping(FileOptions):
    """How one kind of file becomes records: one of each row.

    Attributes:
        into: What the records are.
        source: The outside system whose ids they carry.
        fields: Own field of the record → where it comes from.
        facts: Path of the vocabulary → where it comes from; the data of an event.
        time_zone: Where clocks show the times of a file that says no distance from UTC; IANA name.
        distinct: True where rows that come to the same record count as one.
    """

    into: RecordKind
    source: Id
    fields: Mapping[Path, FactSource]
    facts: Mapping[Path, FactSource] = field(default_factory=dict)
    time_zone: str | None = None
    distinct: bool = False
