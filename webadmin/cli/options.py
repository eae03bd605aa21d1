"""Options that take a day, the same in all commands: what cannot be read is said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from policy.cli.frame import WrongUse, say
from policy.values import Language


def language_of(context: click.Context) -> Language:
    """Return the language of messages; it is read before every other option."""
    return Language(context.params["language"])


def day_option(name: str, variable: str, about: str) -> Callable[[Any], Any]:
    """Return an option that takes a day; without it the command gets None."""
    return click.option(name, variable, metavar="DATE", callback=_day, help=about)


def _day(context: click.Context, option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise WrongUse(say("bad-date", language_of(context), option=option.opts[0], found=value)) from error
