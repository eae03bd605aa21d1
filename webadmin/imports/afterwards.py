"""Pages of an import while it runs and afterwards: progress, what it changed, and taking it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, stream_with_context, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from policy.tables import RecordKind
from webadmin import flashing, guard, language
from webadmin.access.rights import Right
from webadmin.imports import aside, telling
from webadmin.imports.changing import changes
from webadmin.imports.offered import KINDS, Offered
from webadmin.roster import undoing
from webadmin.roster.undoing import StandsError, Undo
from webadmin.roster.words import Words
from webadmin.store import imports, jobs, naming, uploads
from webadmin.store.dated import Of
from webadmin.store.imports import Import
from webadmin.store.jobs import Job, State
from webadmin.store.uploads import Kept
from webadmin.store.writer import BusyError

NAMED = 50
"""Reasons and people that are told by name."""

NAMED_IN = {"deals": _("Deals"), "absences": _("Absences"), "logins": _("Logins")}
"""Where somebody is named, besides what holds of others."""


def register(blueprint: Blueprint) -> None:
    """Add these pages to a blueprint."""
    blueprint.add_url_rule("/imports/<name>/progress", "progress", progress)
    blueprint.add_url_rule("/imports/<name>/refused.csv", "refused", refused)
    blueprint.add_url_rule("/imports/done/<name>", "done", done)
    blueprint.add_url_rule("/imports/done/<name>/left-out.csv", "left_out", left_out)
    blueprint.add_url_rule("/imports/done/<name>/undo", "undo", undo, methods=["POST"])


@guard.needs(Right.IMPORT)
def progress(name: str) -> Response | str:
    """Show how far an import is, and lead to its report once it is done."""
    with guard.record().engine.connect() as connection:
        kept, job = _handed(connection, name)
        file: dict[str, Any] = (job.result or {"files": []})["files"][0] if job.state is State.DONE else {}
        if file.get("import"):
            return redirect(url_for("imports.done", name=file["import"]), 303)
        told: dict[str, Any] = {"kept": kept, "job": job, "file": file}
        if file and not file["written"]:
            count = sum(each["count"] for each in file["refused"]) + file["rows"]["skipped"]
            offered, page = _offered(file["into"]), request.args.get("rows", "")
            told["aside"] = aside.of_job(connection, job.id, page, count, offered)
    return render_template("imports/progress.html", **told, State=State, most=NAMED)


def _handed(connection: Connection, name: str) -> tuple[Kept, Job]:
    """Return a file that was handed over with its job; answers 404 where there is none."""
    kept = uploads.find(connection, name)
    if kept is None or kept.job is None:
        abort(404)
    return kept, jobs.find(connection, kept.job) or abort(404)


def _offered(into: str) -> Offered:
    return Offered.of(RecordKind(into), Words.on(guard.record(), guard.act().today))


@guard.needs(Right.IMPORT)
def refused(name: str) -> Response:
    """Give the rows that were refused or left out when the import ran as a table."""
    with guard.record().engine.connect() as connection:
        job = _handed(connection, name)[1]
    if job.state is not State.DONE or job.result["files"][0]["written"]:
        abort(404)
    offered = _offered(job.result["files"][0]["into"])

    def made() -> Iterator[str]:
        with guard.record().reading() as again:
            yield from aside.table(aside.all_of_job(again, job.id, offered))

    disposition = {"Content-Disposition": 'attachment; filename="problems.csv"'}
    return FlaskResponse(stream_with_context(made()), mimetype="text/csv", headers=disposition)


@guard.needs(Right.IMPORT)
def done(name: str) -> str:
    """Show what an import changed, and whether it can be taken back."""
    with guard.record().reading() as connection:
        made = imports.find(connection, name) or abort(404)
        found = undoing.looked(connection, made)
        named = _named(connection, found)
        today = guard.act().today
        offered = _offered(made.into)
        unused = imports.unused(connection, name)
        left = aside.aside((), aside.noted(imports.left_out(connection, name)), offered)
        changed = changes(connection, found.changes, found.rows, offered, language.chosen(), today)
    counted = Counter((each.of, each.attribute, each.before is None) for each in found.changes)
    about = {"made": made, "found": found, "named": named, "counted": sorted(counted.items()), "changed": changed}
    about |= {"unused": unused, "left": aside.leaf(left, request.args.get("rows", ""), made.skipped)}
    paths = {each.attribute for each in found.changes} | {each.attribute for each in found.reasons}
    labels = {path: telling.attribute(offered, path) for path in paths}
    return render_template("imports/done.html", **about, kinds=KINDS, labels=labels, most=NAMED, named_in=NAMED_IN)


@guard.needs(Right.IMPORT)
def left_out(name: str) -> Response:
    """Give the rows an import left out as a table, as far as they were noted one by one."""
    with guard.record().reading() as connection:
        made = imports.find(connection, name) or abort(404)
        rows = aside.noted(imports.left_out(connection, name))
    offered = _offered(made.into)
    body = "".join(aside.table(aside.aside((), rows, offered)))
    disposition = {"Content-Disposition": 'attachment; filename="left-out.csv"'}
    return Response(body, mimetype="text/csv", headers=disposition)


def _named(connection: Connection, found: Undo) -> dict[str, naming.Named]:
    """Return what people and customers of the page are called."""
    known: dict[str, naming.Named] = {}
    for of in (Of.PERSON, Of.CUSTOMER):
        ids = [each.id for each in found.reasons if each.of == of][:NAMED]
        ids += [each.id for each in found.changes if each.of == of][:NAMED]
        known |= naming.named(connection, of, list(dict.fromkeys(ids)))
    return known


@guard.needs(Right.IMPORT)
def undo(name: str) -> Response:
    """Take an import back as one change."""
    record = guard.record()
    with record.engine.connect() as connection:
        made: Import = imports.find(connection, name) or abort(404)
    try:
        record.writer.write(lambda transaction: undoing.undo(transaction, made, guard.act()))
    except StandsError:
        flashing.tell(gettext("Nothing was taken back; this page says what stands against it."), grade="bad")
        return redirect(url_for("imports.done", name=name), 303)
    except BusyError:
        abort(503)
    flashing.tell(gettext("“%(name)s” is taken back. The same file can be imported again.", name=made.name))
    return redirect(url_for("imports.done", name=name), 303)
