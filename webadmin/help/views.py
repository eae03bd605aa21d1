"""Help pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from webadmin import guard, language
from webadmin.help import functions as described
from webadmin.help import service

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
@guard.needs()
def index() -> str:
    """List the help pages."""
    return render_template("help/index.html", sections=service.sections(language.chosen()))


@blueprint.get("/help/functions")
@guard.needs()
def functions() -> str:
    """List every function of the language of rules."""
    groups = described.groups(language.chosen())
    return _reference("functions", groups=groups, headings=[(each.address, each.title) for each in groups])


@blueprint.get("/help/codes")
@guard.needs()
def codes() -> str:
    """List every remark there is."""
    return _reference("codes", remarks=service.remarks(language.chosen()))


@blueprint.get("/help/<name>")
@guard.needs()
def page(name: str) -> str:
    """Show one help page."""
    if name not in service.PAGES:
        abort(404)
    reader = language.chosen()
    return render_template("help/page.html", page=service.page(name, reader), titles=service.titles(reader))


def _reference(name: str, **shown: Any) -> str:
    titles = service.titles(language.chosen())
    return render_template(f"help/{name}.html", name=name, title=service.REFERENCES[name], titles=titles, **shown)
