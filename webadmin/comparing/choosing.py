"""Which policies and revisions there are to choose from, and what is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from policy.values import Text
from webadmin import dayfields, library
from webadmin.comparing.forms import Choice
from webadmin.comparison import sides
from webadmin.comparison.sides import Side, SideError
from webadmin.library import DRAFT, LIVE
from webadmin.store import drafts, published
from webadmin.store.record import Record
from webadmin.store.revisions import Act


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen.

    Attributes:
        policies: Id → what people call it.
        live: Number of the revision in effect today; None where none is, or no policy is chosen.
        has_draft: Whether there is a draft.
        numbers: Every revision with when it was written, the newest first.
        waiting: Those that are proposed and wait for somebody to approve them.
    """

    policies: dict[str, Text | str]
    live: int | None = None
    has_draft: bool = False
    numbers: Sequence[tuple[int, datetime]] = ()
    waiting: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Both sides, or why there are none.

    Attributes:
        problems: `one` or `other` → why it cannot be compared.
    """

    choice: Choice
    one: Side | None = None
    other: Side | None = None
    problems: dict[str, Text] | None = None

    @property
    def both(self) -> tuple[Side, Side] | None:
        """Return the two, None where one is lacking."""
        return None if self.one is None or self.other is None else (self.one, self.other)

    @property
    def is_alike(self) -> bool:
        """Say whether both sides are the same texts, so that no answer can differ."""
        closures = [each.policy.rule_set.closure for each in self.both or ()]
        return len(closures) == 2 and closures[0] == closures[1]


def offered(record: Record, connection: Connection, choice: Choice, act: Act) -> Offered:
    """Return what can be chosen."""
    policies: dict[str, Text | str] = {
        name: policy.title for name, policy in record.catalogue.policies(connection, act.today).items()
    }
    written = [row.document for row in drafts.everything(connection) if "." in row.document]
    effective = record.catalogue.in_effect(connection, act.today)
    others = [name for name in (*written, *effective) if "." in name and name not in policies]
    policies |= {name: library.written_title(connection, name, act.today) for name in others}
    if choice.policy not in policies:
        return Offered(dict(sorted(policies.items())))
    live = effective.get(choice.policy)
    numbers = [(row.number, row.created_at) for row in published.every(connection, choice.policy)]
    number = None if live is None else live.number
    waiting = frozenset(row.number for row in library.coming(connection, choice.policy, act.today).waiting)
    return Offered(dict(sorted(policies.items())), number, choice.policy in written, numbers, waiting)


def chosen(record: Record, connection: Connection, choice: Choice, found: Offered, act: Act) -> Chosen:
    """Return both sides; what was not chosen suggests itself: what is in effect, and the draft or another revision."""
    if choice.policy not in found.policies:
        return Chosen(choice)
    whole = _whole(choice, found)
    made: dict[str, Side] = {}
    problems: dict[str, Text] = {}
    for name, of, day in (("one", whole.one, whole.one_day), ("other", whole.other, whole.other_day)):
        try:
            made[name] = sides.side(record, connection, whole.policy, of, dayfields.read(day), act.today)
        except SideError as error:
            problems[name] = error.text
    return Chosen(whole, made.get("one"), made.get("other"), problems)


def _whole(choice: Choice, found: Offered) -> Choice:
    numbers = [number for number, _ in found.numbers]
    one = choice.one or (LIVE if found.live is not None else next(map(str, numbers), DRAFT))
    taken = found.live if one == LIVE else int(one) if one.isascii() and one.isdecimal() and len(one) < 7 else None
    others = [number for number in numbers if number != taken]
    if choice.other:
        other = choice.other
    elif found.has_draft and one != DRAFT:
        other = DRAFT
    elif found.live is not None and taken != found.live:
        other = LIVE
    else:
        other = str(others[0]) if others else one
    return replace(choice, one=one, other=other)
