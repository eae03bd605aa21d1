"""What somebody may have meant whose search found nothing: a name typed as one word, its initials, or mistyped.

Names are held against what was typed one by one, so only the first of each sort are; whoever a reader does not see is
not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from sqlalchemy import Connection

from webadmin.access.circle import Circle
from webadmin.search.titles import Titled
from webadmin.store import naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named

T = TypeVar("T")

MOST = 5
"""Things that are offered."""

LOOKED_AT = 2000
"""People, and customers, that are looked at."""

SHORTEST = 2
"""Characters that must be typed for anything to be near it."""

ALIKE = 0.72
"""How much alike a name is at least that is offered, as `SequenceMatcher.ratio` says it."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """What may have been meant, the likeliest first."""

    named: Sequence[Named] = ()
    policies: Sequence[Titled] = ()

    @property
    def any(self) -> bool:
        """Say whether there is something."""
        return bool(self.named or self.policies)


def nearby(connection: Connection, text: str, circle: Circle, policies: Iterable[Titled]) -> Nearby:
    """Return what may have been meant by a text that nothing holds.

    Args:
        connection: To the record.
        text: As `service.cleaned` returns it.
        circle: Whom the reader sees.
        policies: Those the reader may read.
    """
    if len(text) < SHORTEST:
        return Nearby()
    seen = [each for of in (Of.PERSON, Of.CUSTOMER) for each in _seen(connection, of, circle)]
    named = _nearest(text, [(each, (each.name, each.name_en, each.id)) for each in seen])
    titled = _nearest(text, [(each, (each.title.zh, each.title.en, each.name)) for each in policies])
    return Nearby(named, titled)


def _seen(connection: Connection, of: Of, circle: Circle) -> Iterator[Named]:
    for number, each in enumerate(naming.holding(connection, of, "")):
        if number == LOOKED_AT:
            return
        if circle.sees(of, each.id):
            yield each


def _nearest(text: str, among: Iterable[tuple[T, tuple[str | None, ...]]]) -> list[T]:
    wanted = "".join(text.lower().split())
    likely = [(max(_alike(wanted, each) for each in names if each), thing) for thing, names in among]
    near = [(share, thing) for share, thing in likely if share >= ALIKE]
    return [thing for _, thing in sorted(near, key=lambda each: -each[0])[:MOST]]


def _alike(wanted: str, name: str) -> float:
    """Return how much alike a text without blanks and a name are: as it is written, surname first, or by initials."""
    words = name.lower().split()
    forms = ["".join(words), "".join(reversed(words))]
    if len(words) > 1 and wanted in ("".join(each[0] for each in way) for way in (words, words[::-1])):
        return 1.0
    if any(form.startswith(wanted) for form in forms):
        return 1.0
    return max(_ratio(wanted, form) for form in forms)


def _ratio(one: str, other: str) -> float:
    """Return how much alike two texts are; 0 where a look at their letters says that it is too little."""
    if 2 * min(len(one), len(other)) < ALIKE * (len(one) + len(other)):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0
