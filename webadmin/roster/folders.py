"""A folder of files of records, described by `import.toml`, in the order in which one file builds on another.

Each file is a table `[[files]]` with its `file`, its mapping `map` and perhaps `since`; a `since` at the top holds for
all that have none. Teams come first, then people, absences, customers, deals and events; files of one kind keep their
order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policy.tables import RecordKind, RecordMapping, load_record_mapping
from policy.tables.load import mapping_bytes

MANIFEST = "import.toml"

ORDER = (
    RecordKind.TEAMS,
    RecordKind.PEOPLE,
    RecordKind.ABSENCES,
    RecordKind.CUSTOMERS,
    RecordKind.DEALS,
    RecordKind.EVENTS,
)


class ManifestError(ValueError):
    """A folder's description cannot be read; its text says where and why."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file to be imported.

    Attributes:
        read: Every file it is read from: itself, its mapping, those it is joined with.
        text: The mapping as it is written.
        since: The day from which on a record holds that does not say; None: not told.
    """

    file: Path
    mapping: RecordMapping
    text: bytes
    since: date | None
    read: tuple[Path, ...]

    @classmethod
    def of(cls, file: Path, mapping: Path, since: date | None) -> Planned:
        """Return a file with the mapping that lies at a path.

        Raises:
            SourceError: the mapping has errors.
            OSError: it cannot be read.
        """
        text = mapping_bytes(mapping)  # read once, so that it may come through a pipe
        loaded = load_record_mapping(text, name=str(mapping))
        joined = (file.parent / each.file for each in loaded.joins if each.file is not None)
        return cls(file, loaded, text, since, (file, mapping, *joined))


def planned(folder: Path) -> list[Planned]:
    """Return the files of a folder in the order in which they are imported.

    Raises:
        ManifestError: the folder's description is missing or wrong.
        SourceError: a mapping has errors.
        OSError: a mapping cannot be read.
    """
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            written = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: {(error.strerror if isinstance(error, OSError) else None) or error}"
        raise ManifestError(msg) from error
    found = [Planned.of(folder / name, folder / map_, day) for name, map_, day in _files(path, written)]
    return sorted(found, key=lambda each: ORDER.index(each.mapping.into))


def _files(path: Path, written: dict[str, Any]) -> Iterator[tuple[str, str, date | None]]:
    _check(path, written, {"since": date, "files": list})
    for each in written.get("files", []):
        _check(path, each, {"file": str, "map": str, "since": date})
        if "file" not in each or "map" not in each:
            msg = f"{path}: every table [[files]] needs `file` and `map`, found {each}"
            raise ManifestError(msg)
        yield each["file"], each["map"], each.get("since", written.get("since"))


def _check(path: Path, table: Any, allowed: dict[str, type]) -> None:
    if not isinstance(table, dict):
        msg = f"{path}: found {table!r}, expected a table [[files]]"
        raise ManifestError(msg)
    for name, value in table.items():
        if type(value) is not allowed.get(name):
            expected = ", ".join(allowed)
            msg = f"{path}: found `{name}` = {value!r}, expected {expected}; a day such as 2026-03-01"
            raise ManifestError(msg)
