"""Pages of what a token may see: what it may not is passed over, and no cursor names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin.api.calls import Call
from webadmin.api.searching import wrong_cursor
from webadmin.ids import is_id

MOST_LOOKED_AT = 1_000
"""Rows looked at for one page; where these are not enough, the page ends early and its cursor leads on."""

SEALED = Text(
    "同一调用方、同一查询上一页的 `next`；服务未设置 `FAIRLEAD_SECRET_KEY` 时，重启前的 `next` 失效，请从第一页开始",
    "`next` of the page before, for the same caller and search; a server without `FAIRLEAD_SECRET_KEY` forgets those "
    "given before its start, so begin at the first page",
)

_STEP = 250
"""Rows looked at together, once the first ones were not enough."""


class Row(Protocol):
    """What lies in the record under an id."""

    @property
    def id(self) -> str:
        """Return its id."""


R = TypeVar("R", bound=Row)
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        items: At most as many as were asked for.
        next: Cursor of the page after; None on the last one.
    """

    items: list[Told]
    next: str | None

    @property
    def names(self) -> list[str]:
        """Return the ids of what is on it."""
        return [str(each["id"]) for each in self.items]


def beginning(call: Call) -> str | None:
    """Return the id before which the page begins, None on the first one.

    Raises:
        ProblemError: the cursor is none of this search.
    """
    given: str | None = call.query.cursor
    if given is None or is_id(given):
        return given
    name = call.seal.opened(given, _context(call))
    if name is None:
        raise wrong_cursor(given, SEALED)
    return name


def page(
    call: Call,
    before: str | None,
    search: Callable[[str | None, int], Sequence[R]],
    tell: Callable[[Sequence[R]], Sequence[Told | None]],
) -> Page:
    """Return a page of what the caller may see.

    Args:
        call: With `limit` and `cursor` in its query.
        before: As `beginning` returns it.
        search: Id before which to look, how many rows → the newest that fit.
        tell: Rows → each as the caller may see it, None where not at all.
    """
    limit: int = call.query.limit
    items: list[Told] = []
    looked = 0
    while looked < MOST_LOOKED_AT:
        wanted = min(_STEP if looked else limit + 1, MOST_LOOKED_AT - looked)
        rows = search(before, wanted)
        for told in tell(rows):
            if told is not None and len(items) == limit:
                return Page(items, str(items[-1]["id"]))
            items += [] if told is None else [told]
        if len(rows) < wanted:
            return Page(items, None)
        before, looked = rows[-1].id, looked + len(rows)
    return Page(items, None if before is None else call.seal.closed(before, _context(call)))


def asked(call: Call) -> dict[str, Any]:
    """Return what is sought, page aside."""
    names = (name for name in call.query.__struct_fields__ if name not in {"cursor", "limit"})
    return {name: getattr(call.query, name) for name in names if getattr(call.query, name) is not None}


def _context(call: Call) -> str:
    """Return what a sealed cursor is for: another caller, or another search, cannot learn from it where it points."""
    who = [call.address.partition("?")[0], call.holder.actor, sorted(call.holder.classes)]
    return canonical_json([*who, asked(call)])
