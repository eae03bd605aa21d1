"""Pages of reassignments: who leaves, what the policy proposes, changes by hand, carrying it out, taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from webadmin import flashing, guard, language
from webadmin.access.circle import Circle, circle_of
from webadmin.access.rights import Right
from webadmin.reassigning import applying, proposing
from webadmin.reassigning.applying import MovedError
from webadmin.reassigning.proposing import Plan
from webadmin.simulations import drawing, exporting
from webadmin.store import dated, naming, standing
from webadmin.store.dated import Of
from webadmin.store.writer import BusyError

blueprint = Blueprint("simulations", __name__)


@blueprint.get("/simulations")
@guard.needs(Right.SIMULATE)
def index() -> str:
    """Show whose customers can be handed over."""
    day = _day()
    with guard.record().engine.connect() as connection:
        circle = _circle(connection)
        held = dated.values_on(connection, Of.PERSON, day, ["role", "status", "capacity"])
        managers = [
            name
            for name, values in held.items()
            if values.get("role") == "account-manager" and circle.sees(Of.PERSON, name)
        ]
        names = naming.named(connection, Of.PERSON, managers)
        loads = standing.loads(connection, day)
    people = sorted((names[each] for each in managers if each in names), key=lambda each: each.id)
    return render_template("simulations/index.html", day=day, people=people, held=held, loads=loads)


@blueprint.get("/simulations/leaving/<person>")
@guard.needs(Right.SIMULATE)
def leaving(person: str) -> str:
    """Show who would take over the customers of somebody who leaves."""
    day, wishes = _day(), _wishes()
    with guard.record().engine.connect() as connection:
        plan = _plan(connection, person, day, wishes)
        shown = _shown(connection, plan)
    return render_template("simulations/leaving.html", plan=plan, wishes=wishes, **shown)


@blueprint.get("/simulations/leaving/<person>.csv")
@guard.needs(Right.SIMULATE)
def download(person: str) -> Response:
    """Give the same as a table for spreadsheets."""
    with guard.record().engine.connect() as connection:
        plan = _plan(connection, person, _day(), _wishes())
        names = _shown(connection, plan)["names"]
    body = exporting.csv(plan, names, language.chosen())
    disposition = f'attachment; filename="reassignment-{plan.day}.csv"'
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": disposition})


@blueprint.post("/simulations/leaving/<person>/apply")
@guard.needs(Right.APPLY)
def apply(person: str) -> AnyResponse:
    """Carry out what is proposed, with what was chosen by hand: one change, which can be undone as one."""
    day, wishes, record = _day(), _wishes(), guard.record()
    with record.engine.connect() as connection:
        plan = _plan(connection, person, day, wishes)
    moves = {move.customer: move.to for move in plan.moves if move.to is not None}
    seen = {name[5:]: value for name, value in request.form.items() if name.startswith("seen-")}
    if not moves or moves != seen:
        flashing.tell(gettext("What is proposed has changed since you looked: look once more."), grade="warn")
        return redirect(f"{url_for('simulations.leaving', person=person, day=day)}{_arguments(wishes)}", 303)
    try:
        done = record.writer.write(lambda transaction: applying.apply(transaction, person, day, moves, guard.act()))
    except MovedError as error:
        return _refused(person, day, error)
    except BusyError:
        abort(503)
    said = ngettext("%(num)s customer is handed over.", "%(num)s customers are handed over.", len(moves))
    flashing.tell(said, undo=url_for("simulations.undo", name=done))
    return redirect(url_for("simulations.leaving", person=person, day=day), 303)


@blueprint.post("/simulations/undo/<name>")
@guard.needs(Right.APPLY)
def undo(name: str) -> AnyResponse:
    """Take a reassignment back as one change."""
    record = guard.record()
    with record.engine.connect() as connection:
        applied = applying.find(connection, name)
        if applied is None or applied.back or not _circle(connection).sees(Of.PERSON, applied.person):
            abort(404)
    try:
        record.writer.write(lambda transaction: applying.undo(transaction, applied, guard.act()))
    except MovedError as error:
        return _refused(applied.person, applied.day, error)
    except BusyError:
        abort(503)
    flashing.tell(gettext("Taken back: everybody holds what they held before."))
    return redirect(url_for("simulations.leaving", person=applied.person, day=applied.day), 303)


def _refused(person: str, day: date, error: MovedError) -> AnyResponse:
    some = ", ".join(error.customers[:5])
    said = gettext("Nothing was changed: %(some)s changed hands meanwhile.", some=some)
    flashing.tell(said, grade="bad")
    return redirect(url_for("simulations.leaving", person=person, day=day), 303)


def _plan(connection: Connection, person: str, day: date, wishes: dict[str, str]) -> Plan:
    circle = _circle(connection)
    if not circle.sees(Of.PERSON, person) or not naming.named(connection, Of.PERSON, [person]):
        abort(404)
    policy = guard.record().catalogue.policies(connection, day).get(proposing.POLICY) or abort(404)
    among = None if circle.is_all else circle.people
    return proposing.propose(connection, policy, person, day, wishes, language.chosen(), among=among)


def _shown(connection: Connection, plan: Plan) -> dict[str, Any]:
    people = {each.person for each in plan.loads}
    for move in plan.moves:
        people |= {each.person for each in move.choices} | set(move.excluded)
    names = {
        **naming.named(connection, Of.PERSON, people),
        **naming.named(connection, Of.CUSTOMER, [move.customer for move in plan.moves]),
    }
    return {"names": names, "bars": drawing.bars(plan.loads)}


def _circle(connection: Connection) -> Circle:
    return circle_of(connection, guard.member(), guard.act().today)


def _day() -> date:
    written = request.values.get("day", "").strip()
    if not written:
        return guard.act().today
    try:
        return date.fromisoformat(written)
    except ValueError:
        abort(400)


def _wishes() -> dict[str, str]:
    """Return who was chosen by hand: `to-<customer>=<person>`."""
    return {name[3:]: value for name, value in request.values.items() if name.startswith("to-") and value}


def _arguments(wishes: dict[str, str]) -> str:
    return "".join(f"&{urlencode({f'to-{name}': person})}" for name, person in wishes.items())
