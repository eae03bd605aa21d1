"""Tables from files: a CSV file or a workbook and a mapping give facts or records; decisions become files again.

`load_mapping` reads a mapping into the facts of a policy, `Table` a file through it, row by row or group by group;
`load_record_mapping` and `RecordTable` do the same for people, customers, deals, events and the like. Both report what
was taken, mended, refused and skipped. `flat`, `write_csv`, `write_xlsx` and `write_jsonl` write what was decided.
"""

from policy.tables.csvfile import CsvFile
from policy.tables.document import MappingDocument, RecordKind, RecordMapping
from policy.tables.export import flat, write_csv, write_jsonl, write_xlsx
from policy.tables.load import load_mapping, load_record_mapping
from policy.tables.recordfields import record_fields
from policy.tables.recordtable import Checker, RecordRow, RecordTable
from policy.tables.report import Mended, Refusal, Report, Row
from policy.tables.rowfile import Progress, TableError
from policy.tables.table import Table
from policy.tables.workbook import SheetFile, sheets
from policy.tables.writing import written_mapping

__all__ = [
    "Checker",
    "CsvFile",
    "MappingDocument",
    "Mended",
    "Progress",
    "RecordKind",
    "RecordMapping",
    "RecordRow",
    "RecordTable",
    "Refusal",
    "Report",
    "Row",
    "SheetFile",
    "Table",
    "TableError",
    "flat",
    "load_mapping",
    "load_record_mapping",
    "record_fields",
    "sheets",
    "write_csv",
    "write_jsonl",
    "write_xlsx",
    "written_mapping",
]
