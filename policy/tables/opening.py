"""Opens a file by what it is, not by what it is called: a workbook, or CSV."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG

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
    check_regular(path)
    if is_workbook(path):
        return SheetFile(path, sheet)
    with path.open("rb") as file:
        if file.read(len(archive.OLE)) == archive.OLE:
            archive.check_container(path)
    if path.suffix.lower() in _WORKBOOKS:
        raise refused("table-no-workbook", str(path))
    return CsvFile(path, options.encoding, options.delimiter)


def check_regular(path: Path) -> None:
    """Refuse what is no regular file: a device or a pipe may have no end, and files are read more than once.

    Raises:
        TableError: it is none.
        OSError: it is not there.
    """
    if not S_ISREG(path.stat().st_mode):
        raise refused("table-not-regular", str(path))


def read_whole(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file; one that grows meanwhile is read as far as its bound.

    Args:
        path: Where it is.
        most: Bytes that are taken.

    Raises:
        TableError: it is no regular file, or has more bytes.
        OSError: it cannot be read.
    """
    check_regular(path)
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise refused("table-too-large", str(path), found=max(len(content), path.stat().st_size), expected=most)
    return content


def is_workbook(path: Path) -> bool:
    """Say whether a file is packed as workbooks are."""
    with path.open("rb") as file:
        return file.read(len(archive.ZIP)) == archive.ZIP
