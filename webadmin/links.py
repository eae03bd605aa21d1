"""Addresses of pages that other parts of the website may have, for whoever may open them."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, url_for

from webadmin import guard
from webadmin.store.dated import Of

PAGES = {Of.PERSON: "people.person", Of.CUSTOMER: "customers.customer", Of.TEAM: "people.team"}
"""Endpoint of the page of one person, customer or team, by the only argument it takes."""


def page_of(of: Of, name: str) -> str | None:
    """Return the address of somebody's page; None where there is none, or the reader may not open it."""
    return page(PAGES[of], name)


def page(endpoint: str, name: str) -> str | None:
    """Return the address of the page of one thing; None where there is none, or the reader may not open it."""
    member = guard.member_or_none()
    if member is None or endpoint not in current_app.view_functions:
        return None
    rights = guard.needed(current_app, endpoint)
    if rights and not member.may_any(rights):
        return None
    arguments = next(current_app.url_map.iter_rules(endpoint)).arguments
    values: dict[str, Any] = dict.fromkeys(arguments, name)
    return url_for(endpoint, **values)


def init(app: Flask) -> None:
    """Let the templates of `app` ask for them."""
    app.jinja_env.globals["page_of"] = page_of
    app.jinja_env.globals["page_at"] = page
