"""Signed heads of the chains, kept outside the database: what makes cutting off the end visible.

`NAME.heads.json` holds the newest of the database NAME, `NAME.heads.history.jsonl` beside it one line of the same form
for each hour. Both are signed with HMAC-SHA256. The key comes from `FAIRLEAD_HEAD_KEY`, else from `NAME.heads.key`
beside them, which is made at first use and never enters the database. Whoever can write both the database and the key
can forge; keep them apart.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from policy.model.canonical import canonical_json
from webadmin.store.chain import Chain
from webadmin.store.raw import raw
from webadmin.store.tables import ENTRIES

SHORTEST_KEY = 16
"""Characters a key needs."""

KEY_VARIABLE = "FAIRLEAD_HEAD_KEY"

_TAIL = 8192
"""Bytes from the end of the history in which its last line is sought."""


class Trouble(StrEnum):
    """Why heads cannot be relied on."""

    NONE = "heads-none"
    KEY = "heads-key"
    UNREADABLE = "heads-unreadable"
    UNSIGNED = "heads-unsigned"
    FORGED = "heads-forged"
    OTHER = "heads-other"
    BEHIND = "heads-behind"


class HeadsError(Exception):
    """Heads cannot be read, or do not fit the database.

    Attributes:
        trouble: A word that stays the same.
        where: The file, or the chain.
    """

    def __init__(self, trouble: Trouble, where: str) -> None:
        super().__init__(f"{trouble}: {where}")
        self.trouble = trouble
        self.where = where


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of one chain.

    Attributes:
        seq: Number of the last entry.
        link: Its link.
        first: Link of the first entry, by which one database is told from another.
    """

    seq: int
    link: bytes
    first: bytes


@dataclass(frozen=True, slots=True)
class Heads:
    """The ends of all chains that have entries.

    Attributes:
        at: The instant they were read.
    """

    at: datetime
    marks: Mapping[Chain, Mark]

    def to_line(self, key: bytes) -> str:
        """Return the signed text, one line."""
        plain = {
            "at": self.at.isoformat(),
            "format": 1,
            "heads": {
                str(chain): {"first": mark.first.hex(), "link": mark.link.hex(), "seq": mark.seq}
                for chain, mark in self.marks.items()
            },
        }
        return canonical_json(plain | {"signature": _signature(key, plain)})

    @classmethod
    def read(cls, line: str, key: bytes, where: str) -> Heads:
        """Read a signed line.

        Raises:
            HeadsError: it has no such form, no signature, or a wrong one.
        """
        try:
            plain: dict[str, Any] = json.loads(line)
            signature = plain.pop("signature", None)
            marks = {
                Chain(name): Mark(int(each["seq"]), bytes.fromhex(each["link"]), bytes.fromhex(each["first"]))
                for name, each in plain["heads"].items()
            }
            at = datetime.fromisoformat(plain["at"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise HeadsError(Trouble.UNREADABLE, where) from error
        if not isinstance(signature, str):
            raise HeadsError(Trouble.UNSIGNED, where)
        if not hmac.compare_digest(signature.encode(), _signature(key, plain).encode()):
            raise HeadsError(Trouble.FORGED, where)
        return cls(at, marks)


def _signature(key: bytes, plain: Mapping[str, Any]) -> str:
    return hmac.new(key, canonical_json(plain).encode(), hashlib.sha256).hexdigest()


def current(connection: Connection, now: datetime) -> Heads:
    """Return the heads of a database as they are committed.

    Raises:
        HeadsError: a chain has no beginning.
    """
    marks = {}
    for chain in Chain:
        last = select(func.max(ENTRIES.c.seq)).where(ENTRIES.c.chain == str(chain))
        seq = connection.execute(last).scalar()
        if seq is not None:
            link, first = link_at(connection, chain, seq), link_at(connection, chain, 1)
            if link is None or first is None:
                raise HeadsError(Trouble.BEHIND, f"{chain} 1")
            marks[chain] = Mark(seq, link, first)
    return Heads(now, marks)


def link_at(connection: Connection, chain: Chain, seq: int) -> bytes | None:
    """Return the link of an entry, None where there is none."""
    columns = ENTRIES.c
    chosen = select(raw(columns.link)).where(columns.chain == str(chain), columns.seq == seq)
    found = connection.execute(chosen).scalar()
    return found if isinstance(found, bytes) else None


def check_contained(connection: Connection, heads: Heads) -> None:
    """Make sure that a database still holds what was exported earlier.

    Raises:
        HeadsError: the heads are another database's, or entries are gone or were written anew.
    """
    marks = heads.marks.items()
    if marks and all(link_at(connection, chain, 1) != mark.first for chain, mark in marks):
        raise HeadsError(Trouble.OTHER, ", ".join(heads.marks))
    for chain, mark in marks:
        if link_at(connection, chain, mark.seq) != mark.link:
            raise HeadsError(Trouble.BEHIND, f"{chain} {mark.seq}")


def check_own(connection: Connection, place: Place) -> None:
    """Make sure that what was exported to a place is of this database; whatever else is wrong there is told later.

    Raises:
        HeadsError: it is another database's.
    """
    try:
        before = place.newest()
        if before is not None:
            check_contained(connection, before)
    except HeadsError as error:
        if error.trouble is Trouble.OTHER:
            raise HeadsError(Trouble.OTHER, str(place.path)) from error


@dataclass(frozen=True, slots=True)
class Place:
    """Where heads are kept, and the key they are signed with."""

    path: Path
    key: bytes = field(repr=False)

    @classmethod
    def at(cls, path: Path, environment: Mapping[str, str], *, make: bool = True) -> Place:
        """Return the place of a file.

        Args:
            path: The file of the newest heads.
            environment: Variables of the environment.
            make: Whether a key is made where there is none.

        Raises:
            HeadsError: there is no key and none can be made, or it is too short.
        """
        written = environment.get(KEY_VARIABLE)
        if written:
            key, where = written.strip().encode(), KEY_VARIABLE
        else:
            key, where = _key_file(path.with_suffix(".key"), make=make), str(path.with_suffix(".key"))
        if len(key) < SHORTEST_KEY:
            raise HeadsError(Trouble.KEY, where)
        return cls(path, key)

    @property
    def history(self) -> Path:
        """Return the file of old heads."""
        return self.path.with_suffix(".history.jsonl")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing heads meanwhile."""
        file = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def newest(self) -> Heads | None:
        """Return the newest heads, those of the history where the file is gone; None where there are none at all.

        Raises:
            HeadsError: they cannot be relied on.
        """
        with suppress(FileNotFoundError):
            return Heads.read(_text(self.path), self.key, str(self.path))
        return self.remembered()

    def remembered(self) -> Heads | None:
        """Return the last heads of the history, None where there are none; a line torn by a crash is passed over.

        Raises:
            HeadsError: they cannot be relied on.
        """
        for line in reversed(_tail(self.history)):
            try:
                return Heads.read(line, self.key, str(self.history))
            except HeadsError as error:
                if error.trouble is not Trouble.UNREADABLE:
                    raise
        return None

    def lines(self) -> list[str]:
        """Return the lines of the history.

        Raises:
            HeadsError: it cannot be read.
        """
        try:
            return [line for line in _text(self.history).split("\n") if line]
        except FileNotFoundError:
            return []

    def write(self, heads: Heads) -> None:
        """Put heads in the place of the newest, at once or not at all."""
        replace(self.path, heads.to_line(self.key) + "\n")

    def remember(self, heads: Heads) -> None:
        """Add a line to the history."""
        file = os.open(self.history, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            torn = _ends_torn(self.history)
            os.write(file, ("\n" * torn + heads.to_line(self.key) + "\n").encode())
            os.fsync(file)
        finally:
            os.close(file)


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything that was exported and can be relied on, oldest first, and what cannot."""

    heads: tuple[Heads, ...] = ()
    troubles: tuple[HeadsError, ...] = ()


def everything(place: Place) -> Outside:
    """Read the newest heads and their history."""
    found: list[Heads] = []
    troubles: list[HeadsError] = []
    try:
        lines = [(f"{place.history}:{number}", line) for number, line in enumerate(place.lines(), 1)]
        with suppress(FileNotFoundError):
            lines.append((str(place.path), _text(place.path)))
    except HeadsError as error:
        return Outside(troubles=(error,))
    for where, line in lines:
        try:
            found.append(Heads.read(line, place.key, where))
        except HeadsError as error:
            troubles.append(error)
    if not lines or lines[-1][0] != str(place.path):
        troubles.append(HeadsError(Trouble.NONE, str(place.path)))
    return Outside(tuple(found), tuple(troubles))


def replace(path: Path, text: str) -> None:
    """Write a file at once or not at all, readable by its owner only; on return it is on disk."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, text.encode())
        os.fsync(file)
    finally:
        os.close(file)
    new.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _key_file(path: Path, *, make: bool) -> bytes:
    try:
        if make and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):  # another process was faster
                _new_key(path)
        return path.read_bytes().strip()
    except OSError as error:
        raise HeadsError(Trouble.KEY, str(path)) from error


def _new_key(path: Path) -> None:
    """Make a key under a name of its own and link it into place, so that nobody reads half of one."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, secrets.token_hex(32).encode())
        os.fsync(file)
        os.link(new, path)
    finally:
        os.close(file)
        new.unlink()
    sync_folder(path.parent)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise HeadsError(Trouble.UNREADABLE, str(path)) from error


def _tail(path: Path) -> list[str]:
    """Return the last lines of a file."""
    try:
        with path.open("rb") as file:
            begin = max(file.seek(0, os.SEEK_END) - _TAIL, 0)
            file.seek(begin)
            lines = file.read().decode("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return []
    return [line for line in lines[1 if begin else 0 :] if line]


def _ends_torn(path: Path) -> bool:
    """Say whether a file ends within a line, which a crash can leave."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(end - 1, 0))
        return file.read(1) not in {b"", b"\n"}
