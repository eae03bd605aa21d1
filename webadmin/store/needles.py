"""What a person is known by, and how it is taken out of texts and plain data.

Ids, names and mail addresses are found wherever they stand by themselves: `am-07` in `person:am-07` and `am-07-3`, not
in `am-071`, nor in `am-07-b` where that is the id of somebody else. Names and addresses are found in any case of
letters. What is shorter than three characters (two for what is not ASCII), and names of logins, count only where they
are the whole text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, or_

from policy.model.canonical import canonical_json

_LETTER = re.compile(r"[0-9A-Za-z_]")


@dataclass(frozen=True, slots=True)
class Needles:
    """What is sought, and what stands in its place.

    Attributes:
        ids: Own and foreign ids.
        names: Names and mail addresses.
        logins: Names of logins.
        token: Put in their place.
        others: Ids of others that contain one of these; they stay.
    """

    ids: frozenset[str]
    names: frozenset[str]
    logins: frozenset[str]
    token: str
    others: frozenset[str] = frozenset()
    _pattern: re.Pattern[str] = field(init=False, repr=False)
    _whole: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        short = {each for each in self.ids | self.names if _is_short(each)}
        logins = self.logins | {f"login:{each}" for each in self.logins}
        object.__setattr__(self, "_whole", frozenset(short | logins))
        parts = [
            *_bounded(self.others, "{}"),
            *_bounded(self.ids - short, "{}"),
            *_bounded(self.names - short, "(?i:{})"),
        ]
        object.__setattr__(self, "_pattern", re.compile("|".join(parts) or r"(?!)"))

    def replaced(self, text: str) -> str:
        """Return a text without them."""
        if text in self._whole:
            return f"login:{self.token}" if text.startswith("login:") else self.token
        return self._pattern.sub(lambda found: found[0] if found[0] in self.others else self.token, text)

    def in_data(self, value: Any) -> Any:
        """Return plain data without them, keys too."""
        match value:
            case str():
                return self.replaced(value)
            case Mapping():
                return {self.replaced(name): self.in_data(each) for name, each in value.items()}
            case list():
                return [self.in_data(each) for each in value]
            case _:
                return value

    def in_text(self, text: str) -> str:
        """Return a text without them; one that is JSON is read for it."""
        if text[:1] in {"{", "[", '"'}:
            try:
                plain = json.loads(text, parse_float=Decimal, parse_int=Decimal)
            except ValueError:
                return self.replaced(text)
            without = self.in_data(plain)
            return text if without == plain else canonical_json(without)
        return self.replaced(text)

    def are_in(self, text: str) -> bool:
        """Say whether a text holds one of them."""
        return self.in_text(text) != text

    def may_be_in(self, column: Column[Any]) -> ColumnElement[bool]:
        """Return a condition that holds wherever a column has one of them, and perhaps elsewhere."""
        sought = self.ids | self.names | self.logins
        escaped = {canonical_json(each)[1:-1] for each in sought}
        return or_(*(column.icontains(each, autoescape=True) for each in sorted(sought | escaped)))


def _is_short(text: str) -> bool:
    return len(text) < (3 if text.isascii() else 2)


def _bounded(texts: Collection[str], form: str) -> Iterable[str]:
    """Yield patterns, the longest first, that do not match within a longer word."""
    for text in sorted(texts, key=lambda each: (-len(each), each)):
        before = "(?<![0-9A-Za-z_])" if _LETTER.match(text[0]) else ""
        after = "(?![0-9A-Za-z_])" if _LETTER.match(text[-1]) else ""
        yield form.format(f"{before}{re.escape(text)}{after}")
