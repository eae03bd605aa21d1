"""Options that take a day, the same in all commands: what cannot be read is said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from policy.cli.frame import WrongUse, say
from policy.values import Language

EARLIEST = date(1900, 1, 1)
"""First day that is taken: an instant of the very first days cannot be written in every time zone."""


def language_of(context: click.Context) -> Language:
    """Return the language of messages; it is read before every other option."""
    return Language(context.params["language"])


def day_option(
    name: str, variable: str, about: str, *, first: date = EARLIEST, last: date = date.max
) -> Callable[[Any], Any]:
    """Return an option that takes a day from `first` to `last`; without it the command gets None."""

    def day(context: click.Context, option: click.Parameter, value: str | None) -> date | None:
        if value is None:
            return None
        named: dict[str, Any] = {"option": option.opts[0], "found": value}
        try:
            found = date.fromisoformat(value)
        except ValueError as error:
            raise WrongUse(say("bad-date", language_of(context), **named)) from error
        if not first <= found <= last:
            raise WrongUse(say("date-out-of-range", language_of(context), **named, first=first, last=last))
        return found

    return click.option(name, variable, metavar="DATE", callback=day, help=about)
