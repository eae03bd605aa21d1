"""The zip file a workbook is, looked at before anything in it is read.

Bounds: 64 MiB, and unzipped 256 MiB in all, of that 64 MiB of texts and 8 MiB in any part that is read whole. Sizes
are those the file declares: a part that goes on beyond its size is cut off there, and its check sum no longer fits.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Literal
from zipfile import BadZipFile, ZipFile, ZipInfo

from policy.tables.rowfile import refused

LARGEST = 64 << 20
"""Bytes of a workbook that are read."""

LARGEST_UNZIPPED = 256 << 20
"""Bytes of its parts in all."""

LARGEST_TEXTS = 64 << 20
"""Bytes of a part outside the folder of sheets: the texts all sheets share."""

LARGEST_PART = 8 << 20
"""Bytes of a part that is read whole: styles, relations, properties."""

ZIP = b"PK\x03\x04"
"""How a zip file begins."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the container begins in which old workbooks lie, and encrypted ones."""

_WITH_MACROS = {".xlsm", ".xltm", ".xlam"}
_SHEETS = "xl/worksheets/"
_CONTENT_TYPES = "[Content_Types].xml"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Archive(ZipFile):
    """A zip file that gives out no part above its bound.

    Attributes:
        name: What places call it.
        part: The part opened last, and its bytes.
    """

    def __init__(self, path: Path) -> None:
        """Open the file and look at its directory.

        Raises:
            TableError: it is too large, no zip file, encrypted, holds macros, or unzips to too much.
        """
        self.name = str(path)
        self.part: tuple[IO[bytes], int] | None = None
        self._opened: list[IO[bytes]] = []
        size = path.stat().st_size
        if size > LARGEST:
            raise refused("table-too-large", self.name, found=size, expected=LARGEST)
        try:
            super().__init__(path)
        except (BadZipFile, ValueError, NotImplementedError) as error:
            raise refused("table-no-workbook", self.name) from error
        try:
            self._check(self.infolist(), path.suffix.lower())
        except Exception:
            self.close()
            raise

    def _check(self, parts: list[ZipInfo], suffix: str) -> None:
        if any(part.flag_bits & 1 for part in parts):
            raise refused("table-encrypted", self.name)
        unzipped = sum(part.file_size for part in parts)
        if unzipped > LARGEST_UNZIPPED:
            raise refused("table-unzips-too-large", self.name, found=unzipped, expected=LARGEST_UNZIPPED)
        if suffix in _WITH_MACROS or any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
            raise refused("table-macros", self.name)
        if _CONTENT_TYPES not in self.NameToInfo:
            raise refused("table-no-workbook", self.name)

    def open(
        self,
        name: str | ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        """Open a part.

        Raises:
            TableError: it is larger than such a part may be.
        """
        info = name if isinstance(name, ZipInfo) else self.getinfo(name)
        if not info.filename.startswith(_SHEETS):
            self._bound(info, LARGEST_TEXTS)
        opened = super().open(info, mode, pwd, force_zip64=force_zip64)
        self.part = opened, info.file_size
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        """Close the file, and its parts with it: who trips over one may have left it open."""
        for part in self._opened:
            part.close()
        super().close()

    def read(self, name: str | ZipInfo, pwd: bytes | None = None) -> bytes:
        """Read a part whole.

        Raises:
            TableError: it is larger than such a part may be.
        """
        self._bound(name if isinstance(name, ZipInfo) else self.getinfo(name), LARGEST_PART)
        return super().read(name, pwd)

    def _bound(self, info: ZipInfo, most: int) -> None:
        if info.file_size > most:
            raise refused("table-unzips-too-large", self.name, found=info.file_size, expected=most)


def check_container(path: Path) -> None:
    """Refuse the container of an old or an encrypted workbook by what it is.

    Raises:
        TableError: always.
    """
    with path.open("rb") as file:
        is_encrypted = _ENCRYPTED in file.read(LARGEST)
    raise refused("table-encrypted" if is_encrypted else "table-old-workbook", str(path))
