"""What answers a save when the draft is not there any more: the text stays, and the way on with it is offered."""

from __future__ import annotations

from flask import Response, render_template

from webadmin import guard, library


def answer(name: str, text: str) -> Response:
    """Answer with the text that could not be saved, to begin a new draft with."""
    with guard.record().engine.connect() as connection:
        waiting = library.coming(connection, name, guard.act().today).waiting
    return Response(render_template("rulesets/lost.html", name=name, text=text, waiting=waiting), 409)
