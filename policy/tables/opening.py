"""Opens a file by what it is, not by what it is called: a workbook, or CSV."""

from __future__ import annotations

from pathlib import Path

from policy.tables import archive
from policy.tables.csvfile import CsvFile
from policy.tables.document import FileOptions
from policy.tables.rowfile import RowFile, refused
from policy.tables.workbook import SheetFile

_WORKBOOKS = {".xls", ".xlsb", ".xlsx", ".xlsm", ".xltm", ".xltx", ".ods"}


def opened(path: Path, options: FileOptions, sheet: str | None) -> RowFile:
    """Open a file of rows and read its header.

    Args:
        path: Where it is.
        options: Encoding and delimiter, should it be CSV.
        sheet: Name of the sheet, should it be a workbook; None: the only one.

    Raises:
        TableError: it cannot be read, or is of a kind that is not.
    """
    if is_workbook(path):
        return SheetFile(path, sheet)
    with path.open("rb") as file:
        if file.read(len(archive.OLE)) == archive.OLE:
            archive.check_container(path)
    if path.suffix.lower() in _WORKBOOKS:
        raise refused("table-no-workbook", str(path))
    return CsvFile(path, options.encoding, options.delimiter)


def is_workbook(path: Path) -> bool:
    """Say whether a file is packed as workbooks are."""
    with path.open("rb") as file:
        return file.read(len(archive.ZIP)) == archive.ZIP
