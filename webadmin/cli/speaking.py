"""The command itself in the reader's language: how it is called, what its help says, what is wrong with a call.

Those are texts of click, which asks the standard library's `gettext` for each when it says it. `gettext` has one
domain for the process and reads the language from the environment; both are set while a command runs.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from policy.cli.frame import spoken
from policy.values import Language

DOMAIN = "click"
TRANSLATIONS = Path(__file__).parents[1] / "translations"


class Speaking(click.Group):
    """A group whose own texts, and those of its commands, come in the language of `--lang`, else of the system."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **named: Any) -> Any:
        """Run a command; the language is known before anything is parsed, for what cannot be parsed, too."""
        with _clicking(asked(sys.argv[1:] if args is None else args)):
            return super().main(args, *rest, **named)


def asked(arguments: Sequence[str]) -> Language:
    """Return the language of a call: the last `--lang` it has counts, as for the commands; else the system's."""
    for before, each in reversed(list(pairwise(("", *arguments)))):
        if before == "--lang" or each.startswith("--lang="):
            named = each.removeprefix("--lang=")
            return Language(named) if named in set(Language) else spoken()
    return spoken()


@contextmanager
def _clicking(language: Language) -> Iterator[None]:
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(TRANSLATIONS))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
