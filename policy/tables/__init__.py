"""Tables from files: a CSV file and a mapping give facts, decisions become a CSV or JSON Lines file again.

`load_mapping` reads a mapping, `Table` a file through it, row by row or group by group, with a report of what was
taken, mended, refused and skipped; `flat`, `write_csv` and `write_jsonl` write what was decided.
"""

from policy.tables.csvfile import CsvFile, Progress, TableError
from policy.tables.document import MappingDocument
from policy.tables.export import flat, write_csv, write_jsonl
from policy.tables.load import load_mapping
from policy.tables.report import Mended, Refusal, Report, Row
from policy.tables.table import Table

__all__ = [
    "CsvFile",
    "MappingDocument",
    "Mended",
    "Progress",
    "Refusal",
    "Report",
    "Row",
    "Table",
    "TableError",
    "flat",
    "load_mapping",
    "write_csv",
    "write_jsonl",
]
