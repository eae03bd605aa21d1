"""The page of what was found."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webadmin import guard
from webadmin.access.circle import circle_of
from webadmin.search import service, titles

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@guard.needs()
def results() -> str:
    """Show what was found, a few of each sort."""
    text = service.cleaned(request.args.get("q", ""))
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        circle = circle_of(connection, member, act.today)
        policies = record.catalogue.policies(connection, act.today)
        every = list(titles.every(connection, policies, act.today))
        hits = service.found(connection, text, member, circle, every)
    called = {each.name: each.title for each in every}
    return render_template("search/results.html", text=text, hits=hits, titles=called, most=service.MOST)
