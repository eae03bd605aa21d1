"""The parts of the website as the frame of every page offers them to whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

from webadmin import flashing, guard
from webadmin.access.rights import Right


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        endpoint: Its first page.
        title: What it is called.
        rights: One of them is needed; empty: for everybody who is signed in.
        more: Blueprints whose pages belong to it, besides that of its first page.
        is_seldom: Whether it stands in the menu of the rest where there are many.
    """

    endpoint: str
    title: Any
    rights: tuple[Right, ...] = ()
    more: tuple[str, ...] = ()
    is_seldom: bool = False

    def holds(self, blueprint: str | None) -> bool:
        """Say whether the pages of a blueprint belong to it."""
        return blueprint in (self.endpoint.partition(".")[0], *self.more)


PARTS = (
    Part(
        "rulesets.index",
        _("Policies"),
        (Right.READ,),
        ("rule", "stages", "drafts", "returned", "merging", "making", "retiring", "tables", "tablefiles"),
    ),
    Part("review.index", _("Review"), (Right.READ,)),
    Part("decided.index", _("Decisions"), (Right.TEAM,)),
    Part("simulations.index", _("Simulate"), (Right.SIMULATE, Right.PROVE), ("comparing", "comparisons")),
    Part("mine.index", _("My page"), (Right.OWN,)),
    Part("people.index", _("People"), (Right.TEAM,), ("customers", "contests")),
    Part("signalled.index", _("Signals"), (Right.TEAM,)),
    Part("imports.index", _("Imports"), (Right.IMPORT,), is_seldom=True),
    Part("logins.index", _("Logins"), (Right.LOGINS,), is_seldom=True),
    Part("api_page.index", _("HTTP API"), (Right.LOGINS,), is_seldom=True),
    Part("help.index", _("Help"), is_seldom=True),
)
"""In the order they are offered."""

MOST = 8
"""Parts that fit one line beside the search; of more, the seldom ones go into a menu."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The parts somebody may see: those in the line, and those in the menu behind it."""

    line: list[Part]
    rest: list[Part]


def offered() -> Offered:
    """Return the parts whoever is signed in may see."""
    member = guard.member_or_none()
    found = [each for each in PARTS if not each.rights or member.may_any(each.rights)] if member else []
    if len(found) <= MOST:
        return Offered(found, [])
    return Offered([each for each in found if not each.is_seldom], [each for each in found if each.is_seldom])


def init(app: Flask) -> None:
    """Let the frame of every page of `app` offer them, and say what was just done."""
    app.context_processor(lambda: {"navigation": offered, "flashes": flashing.said})
