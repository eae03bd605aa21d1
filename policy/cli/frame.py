"""What all commands share: language, refusals, what is printed where, and progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Timer
from typing import Any

import click

from policy.cli.sentences import SENTENCES
from policy.messages.base import filled
from policy.values import Language

FOUND = 1
"""Exit code: findings or refusals."""

PATIENCE = 1
"""Seconds before a progress bar is shown."""


class Refused(click.ClickException):
    """What was asked cannot be done with what was given; the sentence says what to do."""

    exit_code = FOUND

    def show(self, file: Any = None) -> None:
        """Print the sentence to standard error."""
        click.echo(self.message, err=True, file=file)


class WrongUse(Refused):
    """The command was called in a way that cannot work."""

    exit_code = 2


_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_PICTURES |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


def out(text: str) -> None:
    """Print a text that holds data: control characters are shown as pictures, so that none acts on the terminal."""
    click.echo(text.translate(_PICTURES))


def say(code: str, language: Language, **values: object) -> str:
    """Return the sentence of `code` in `language`, with `values` in their places."""
    return filled(SENTENCES[code].to(language), values)


def tell(code: str, language: Language, **values: object) -> None:
    """Print a sentence to standard error."""
    click.echo(say(code, language, **values), err=True)


def spoken() -> Language:
    """Return the language of messages that the environment asks for."""
    named = next(filter(None, map(os.environ.get, ("FAIRLEAD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return Language.ZH if named.lower().startswith("zh") else Language.EN


def _language(_: click.Context, __: click.Parameter, value: str | None) -> Language:
    return spoken() if value is None else Language(value)


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice([str(each) for each in Language]),
    callback=_language,
    is_eager=True,
    help="Language of messages; otherwise FAIRLEAD_LANG or the system's LANG decides. 消息的语言。",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines. 输出 JSON。")


def echo_json(data: Any) -> None:
    """Print plain data as canonical JSON on one line."""
    from policy.model.canonical import canonical_json

    click.echo(canonical_json(data))


def body_of(path: str, language: Language) -> bytes:
    """Read a file of facts or events; `-` is standard input. No more is read than shows that it is too large.

    Raises:
        WrongUse: it cannot be read.
    """
    from policy.model.facts import LARGEST

    try:
        if path == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise unreadable(error, path, language) from error


def unreadable(error: OSError, path: object, language: Language) -> WrongUse:
    """Return the refusal of a file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        return WrongUse(say("file-missing", language, path=path))
    return WrongUse(say("unreadable", language, path=path, why=error.strerror))


def check_writable(path: Path | None, language: Language) -> None:
    """Make sure that a result can be written, before the work is done that it comes from; nothing is left there.

    Raises:
        WrongUse: it cannot.
    """
    if path is None:
        return
    try:
        is_new, target = not path.exists(), path.resolve()
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o666))
        if is_new:
            target.unlink()
    except OSError as error:
        raise WrongUse(say("unwritable", language, path=path, why=error.strerror)) from error


@contextmanager
def progress(code: str, language: Language, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal once the work has lasted longer than a second.

    Args:
        code: Code of the sentence that names the work.
        language: Its language.
        total: Steps of the work; None where they are not known.

    Yields:
        A function to call with the number of steps done since the last call.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    bar = _Bar(say(code, language), total)
    timer = Timer(PATIENCE, bar.show)
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        bar.close()


class _Bar:
    """A bar that counts from the beginning and is drawn from `show` on."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._lock = Lock()
        self._closed = False
        self._drawn: Any = None

    def show(self) -> None:
        """Draw it, unless the work is done."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = [TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()]
        if self._total is not None:
            columns.insert(2, MofNCompleteColumn())
        with self._lock:
            if not self._closed:
                self._drawn = Progress(*columns, console=Console(stderr=True), transient=True)
                self._task = self._drawn.add_task(self._label, total=self._total, completed=self._done)
                self._drawn.start()

    def advance(self, steps: int) -> None:
        """Count steps done."""
        self._done += steps
        if self._drawn is not None:
            self._drawn.update(self._task, completed=self._done)

    def close(self) -> None:
        """Take it away."""
        with self._lock:
            self._closed = True
            if self._drawn is not None:
                self._drawn.stop()
