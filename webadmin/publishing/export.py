"""Writes the documents in effect on a day into a folder that checks, byte for byte as they were published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection

from webadmin.store import revisions
from webadmin.store.record import Record


class NothingError(Exception):
    """Nothing of what was asked for is in effect on the day.

    Attributes:
        others: Policies that are.
    """

    def __init__(self, others: tuple[str, ...]) -> None:
        super().__init__(", ".join(others))
        self.others = others


class AlteredError(Exception):
    """A text is not what its digest says; nothing was written.

    Attributes:
        documents: The documents concerned.
    """

    def __init__(self, documents: tuple[str, ...]) -> None:
        super().__init__(", ".join(documents))
        self.documents = documents


class OccupiedError(Exception):
    """There is something in the folder already."""


def place_of(document: str) -> PurePosixPath:
    """Return where a document lies in a folder.

    Example:
        >>> [str(place_of(each)) for each in ("approval.order", "vocabulary", "reference/exchange-rate")]
        ['approval/order.yaml', 'vocabulary.yaml', 'reference/exchange-rate.yaml']
    """
    return PurePosixPath(f"{document.replace('.', '/', 1)}.yaml")


def texts(record: Record, day: date, policy: str | None = None) -> dict[str, str]:
    """Return what is in effect on a day: name → canonical text; of one policy with all it uses.

    Raises:
        NothingError: nothing is, or not this policy.
        AlteredError: a text was altered in the record.
    """
    with record.reading() as connection:
        digests = {name: each.digest for name, each in revisions.in_effect(connection, day).items()}
        if policy is not None:
            digests = _used(record, connection, digests, policy)
        if not digests:
            raise NothingError(())
        found = revisions.texts(connection, digests)
    lacking = tuple(sorted(digests.keys() - found.keys()))
    if lacking:
        raise AlteredError(lacking)
    return found


def _used(record: Record, connection: Connection, digests: Mapping[str, str], policy: str) -> dict[str, str]:
    loaded = record.catalogue.prepared(connection, digests).policies
    if policy not in loaded:
        raise NothingError(tuple(sorted(loaded)))
    return dict(loaded[policy].rule_set.closure)


def write(folder: Path, documents: Mapping[str, str]) -> list[Path]:
    """Write documents into a folder, which is made where there is none; return the files.

    Raises:
        OccupiedError: it holds something already.
        OSError: it cannot be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise OccupiedError
    written = []
    for name, text in sorted(documents.items()):
        path = folder / place_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        written.append(path)
    return written
