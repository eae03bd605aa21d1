"""Files that are handed over with a job, kept in the record, so that any worker can read them after any kill.

They count towards bounds of their own; `webadmin.store.jobs` removes them when their job ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from policy.values import Text
from webadmin.store.tables import JOB_FILES
from webadmin.store.writer import Transaction

MOST = 64 * 1024 * 1024
"""Bytes of the files of one job."""

MOST_WAITING = 256 * 1024 * 1024
"""Bytes of the files of all jobs that have not ended."""

LONGEST_NAME = 200
"""Characters of a file's name."""

MOST_OF_NAME = 255
"""Bytes of a file's name: longer ones no disk takes, and a Chinese letter has three."""

SHORT_NAME = 180
"""Bytes a name is shortened to; the rest is for what is put beside it."""

LONGEST_ENDING = len("jsonl")
"""Letters after the last point that still tell what a file is."""

TOO_LARGE = Text(
    "文件共 {size} 字节，每个任务最多 {most} 字节：请分几次提交",
    "the files have {size} bytes, one job may have {most}: hand them over in parts",
)
TOO_MANY = Text(
    "等待处理的文件已达上限（{most} 字节）：请等前面的任务结束后再提交",
    "files of {most} bytes may wait for their jobs, and do: try again when one of those has ended",
)
BAD_NAME = Text(
    "文件名“{name}”不能使用：应为 1 至 {most} 个字符（不超过 {bytes} 字节），不含文件夹",
    "the name of a file cannot be `{name}`: expected 1 to {most} characters, at most {bytes} bytes, without a folder",
)


class HandedError(ValueError):
    """Files are not taken.

    Attributes:
        code: A word that stays the same.
        text: Why.
    """

    def __init__(self, code: str, text: Text, **values: object) -> None:
        self.code = code
        self.text = Text(text.zh.format(**values), text.en.format(**values))
        super().__init__(self.text.en)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file.

    Attributes:
        step: Which of the job's steps it belongs to, from 0 on.
        name: Its name, without a folder; empty for the mapping of the step.
    """

    step: int
    name: str
    content: bytes


def check(files: Iterable[Handed]) -> None:
    """Look whether files can be taken.

    Raises:
        HandedError: they are too large, or one has a name no file may have.
    """
    size = 0
    for each in files:
        size += len(each.content)
        if not _is_name(each.name):
            raise HandedError("file-name", BAD_NAME, name=each.name[:60], most=LONGEST_NAME, bytes=MOST_OF_NAME)
    if size > MOST:
        raise HandedError("files-too-large", TOO_LARGE, size=size, most=MOST)


def _is_name(name: str) -> bool:
    """Say whether a disk takes a name, and it leads nowhere else."""
    leads_away = name in {".", ".."} or not {"/", "\\"}.isdisjoint(name)
    return name.isprintable() and not leads_away and len(name) <= LONGEST_NAME and len(name.encode()) <= MOST_OF_NAME


def short(name: str) -> str:
    """Return the name of a file without folders, at most `SHORT_NAME` bytes, with its ending; `file` for none."""
    bare = "".join(each for each in name.replace("\\", "/").rpartition("/")[2] if each.isprintable()).strip()
    stem, dot, ending = bare.rpartition(".")
    stem, ending = (stem, dot + ending) if dot and len(ending) <= LONGEST_ENDING else (bare, "")
    kept = stem.encode()[: SHORT_NAME - len(ending.encode())].decode("utf-8", "ignore")
    return (kept.lstrip(".") or "file") + ending


def add(transaction: Transaction, job: str, files: Iterable[Handed]) -> None:
    """Keep the files of a job.

    Raises:
        HandedError: too much waits already.
    """
    given = list(files)
    waiting = transaction.connection.execute(select(func.coalesce(func.sum(JOB_FILES.c.size), 0))).scalar_one()
    if waiting + sum(len(each.content) for each in given) > MOST_WAITING:
        raise HandedError("files-too-many", TOO_MANY, most=MOST_WAITING)
    rows = [
        {"job_id": job, "step": each.step, "name": each.name, "size": len(each.content), "content": each.content}
        for each in given
    ]
    transaction.add(JOB_FILES, *rows)


def of_step(connection: Connection, job: str, step: int) -> dict[str, bytes]:
    """Return the files of one step by name; the mapping is the one without a name."""
    chosen = select(JOB_FILES.c.name, JOB_FILES.c.content).where(JOB_FILES.c.job_id == job, JOB_FILES.c.step == step)
    return {row.name: bytes(row.content) for row in connection.execute(chosen)}
