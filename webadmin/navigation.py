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
    """

    endpoint: str
    title: Any
    rights: tuple[Right, ...] = ()
    more: tuple[str, ...] = ()

    def holds(self, blueprint: str | None) -> bool:
        """Say whether the pages of a blueprint belong to it."""
        return blueprint in (self.endpoint.partition(".")[0], *self.more)


PARTS = (
    Part("rulesets.index", _("Policies"), (Right.READ,), ("rule", "drafts")),
    Part("review.index", _("Review"), (Right.READ,)),
    Part("decided.index", _("Decisions"), (Right.TEAM,)),
    Part("simulations.index", _("Simulate"), (Right.SIMULATE, Right.PROVE), ("comparing", "comparisons")),
    Part("mine.index", _("My page"), (Right.OWN,)),
    Part("people.index", _("People"), (Right.TEAM,)),
    Part("signalled.index", _("Signals"), (Right.TEAM,)),
    Part("imports.index", _("Imports"), (Right.IMPORT,)),
    Part("logins.index", _("Logins"), (Right.LOGINS,)),
    Part("api_page.index", _("HTTP API"), (Right.LOGINS,)),
    Part("help.index", _("Help")),
)
"""In the order they are offered."""


def offered() -> list[Part]:
    """Return the parts whoever is signed in may see."""
    found = guard.member_or_none()
    if found is None:
        return []
    return [each for each in PARTS if not each.rights or found.may_any(each.rights)]


def init(app: Flask) -> None:
    """Let the frame of every page of `app` offer them, and say what was just done."""
    app.context_processor(lambda: {"navigation": offered, "flashes": flashing.said})
