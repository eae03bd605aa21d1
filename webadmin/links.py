"""Addresses of pages other parts of the website may have, for whoever may open them; what documents are called."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Flask, current_app, g, url_for

from policy.values import Text
from webadmin import guard, language, library
from webadmin.access.circle import circle_of
from webadmin.store import naming
from webadmin.store.dated import Of
from webadmin.wording import people

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


def document_title(name: str) -> Text | str:
    """Return what people call a document, its name where no text of it reads; looked up once in a request."""
    day = guard.act().today
    if "document_titles" not in g:
        with guard.record().engine.connect() as connection:
            g.document_titles = library.titles(connection, day)
    if name not in g.document_titles:
        with guard.record().engine.connect() as connection:
            g.document_titles[name] = library.written_title(connection, name, day)
    found: Text | str = g.document_titles[name]
    return found


def document_page(name: str, of: str | int | None = None) -> str:
    """Return the address of the page of a document."""
    if library.kind_of(name) is not None:
        return url_for("rulesets.rules", name=name, of=of)
    return url_for("tables.rows", name=name, of=of)


def people_called(ids: Collection[str]) -> dict[str, str]:
    """Return what people are called in the reader's language, by id: of those the reader may see."""
    member = guard.member_or_none()
    if member is None or not ids:
        return {}
    with guard.record().engine.connect() as connection:
        circle = circle_of(connection, member, guard.act().today)
        seen = [each for each in ids if circle.sees(Of.PERSON, each)]
        found = naming.named(connection, Of.PERSON, seen)
    return {name: each.to(language.chosen()) for name, each in found.items()}


def naming_people(sentence: str, result: Any) -> str:
    """Return the answer of a decision, with a result, in which people stand by their names."""
    return people.with_names(sentence, people_called(people.said_of(result)))


def init(app: Flask) -> None:
    """Let the templates of `app` ask for them."""
    app.jinja_env.globals["page_of"] = page_of
    app.jinja_env.globals["page_at"] = page
    app.jinja_env.globals["people_called"] = people_called
    app.jinja_env.filters["naming_people"] = naming_people
    app.jinja_env.globals["document_title"] = document_title
    app.jinja_env.globals["document_page"] = document_page
