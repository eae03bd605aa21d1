"""Pages of comparisons of many cases: asked for, looked at while they run, read, taken along, deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.engine import Policy
from policy.tables.export import csv_pieces, xlsx_pieces
from webadmin import dayfields, flashing, guard, headings, language, links, noting
from webadmin.access.rights import Right
from webadmin.comparing import many, reporting
from webadmin.comparing.choosing import Chosen, Offered
from webadmin.comparing.forms import Choice, RecordedForm
from webadmin.comparing.labelling import labelled
from webadmin.comparing.many import Asked, Look
from webadmin.comparing.sources import Reading
from webadmin.comparing.views import choose, may_see, reading
from webadmin.comparison import files, sides
from webadmin.comparison.sides import SideError
from webadmin.ids import is_id
from webadmin.jobs import service as jobs
from webadmin.jobs.comparing import MOST
from webadmin.settings import Settings
from webadmin.store.handed import HandedError
from webadmin.store.jobs import Job
from webadmin.store.writer import BusyError

blueprint = Blueprint("comparisons", __name__)

_KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_PIECES: Mapping[str, Callable[..., Iterator[bytes]]] = {"csv": csv_pieces, "xlsx": xlsx_pieces}
"""How a table is written, by what it is asked for as: it is sent while it is being made."""


@blueprint.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let whoever may compare bring a file; every other form keeps to the bound of all."""
    member = guard.member_or_none()
    if endpoint in ("comparisons.start", "comparisons.preview") and member and member.may(Right.SIMULATE):
        settings: Settings = current_app.extensions["settings"]
        request.max_content_length = settings.largest_upload


@blueprint.get("/simulations/many")
@guard.needs(Right.SIMULATE)
def index() -> str:
    """Choose what is compared; list what was compared before."""
    with reading() as found:
        offered, chosen = choose(found, Choice.of(request.args, {}))
    return _index(offered, chosen, RecordedForm())


@blueprint.post("/simulations/many")
@guard.needs(Right.SIMULATE)
def start() -> str | AnyResponse:
    """Start a comparison of recorded decisions or of a file's rows."""
    form = RecordedForm(request.form)
    with reading() as found:
        offered, chosen = choose(found, Choice.of({}, request.form))
        if chosen.both is None:
            return _index(offered, chosen, form)
        if request.form.get("source") == "file":
            return _start_file(offered, chosen)
        more = many.recorded(found, form) if form.validate() else None
        if more is None:
            return _index(offered, chosen, form, problems=form.problems())
    return _started(chosen, Asked(more, form.filters()))


@blueprint.post("/simulations/many/preview")
@guard.needs(Right.SIMULATE)
def preview() -> str:
    """Show what a file looks like: which column is which input, the first rows, what does not fit."""
    with reading() as found:
        offered, chosen = choose(found, Choice.of({}, request.form))
    if chosen.both is None:
        return _index(offered, chosen, RecordedForm())
    look = _look(chosen)
    return _index(offered, chosen, RecordedForm(), look=look, wrong="" if look else "file")


@blueprint.get("/simulations/many/template.<kind>")
@guard.needs(Right.SIMULATE)
def template(kind: str) -> Response:
    """Give a file to begin with: the inputs as headings, and the first tests of the policy."""
    with reading() as found:
        _, chosen = choose(found, Choice.of(request.args, {}))
    if chosen.both is None or kind not in _KINDS:
        abort(404)
    one, other = chosen.both
    return _file(iter(files.template(one.policy, other.policy)), kind, f"{one.policy.id}-facts")


@blueprint.get("/simulations/many/<name>")
@guard.needs(Right.SIMULATE)
def report(name: str) -> str:
    """Show how far a comparison is, or what it found."""
    shown, change = request.args.get("show", "changed"), request.args.get("change", type=int)
    after = request.args.get("after", 0, type=int)
    if shown not in reporting.SHOWN or not 0 <= after < 1 << 31 or (change is not None and not 0 <= change < 1 << 20):
        abort(404)
    with reading() as found:
        job = _job(found, name)
        more: dict[str, Any] = {}
        if job.result is not None:
            rows = reporting.page(found.connection, job, shown, change, after, found.circle)
            today = found.record.catalogue.policies(found.connection, found.act.today)
            told = reporting.report(found.connection, job, today, found.circle, language.chosen())
            more = {"report": told, "rows": rows, "names": reporting.names(found.connection, rows.rows)}
            more["people"] = links.people_called(told.assigned)
        policies = (_policy(found, job, "one"), _policy(found, job, "other"))
        page = render_template(
            "comparing/report.html",
            job=job,
            policy=policies[1],
            policies=policies,
            label=reporting.label,
            called=reporting.rules(policies, language.chosen()),
            hit_of=reporting.hit_of,
            labelled=labelled,
            fields={path: each for side in policies if side for path, each in side.rule_set.fields.items()},
            period=reporting.period(job),
            sides=[job.arguments["one"], job.arguments["other"]],
            choice=_choice(job),
            shown=shown,
            change=change,
            after=after,
            most=MOST,
            **more,
        )
    if job.result is not None and job.created_by != guard.member().actor:
        noting.taken(job.id, {"of": "comparison", "as": "page"})
    return page


@blueprint.get("/simulations/many/<name>.<kind>")
@guard.needs(Right.SIMULATE)
def table(name: str, kind: str) -> Response:
    """Give every row as a table; what is about people leaves an audit entry."""
    if kind not in _KINDS:
        abort(404)
    with reading() as found:
        job = _job(found, name)
        if job.result is None:
            abort(404)
        policies = (_policy(found, job, "one"), _policy(found, job, "other"))
        telling = reporting.Telling(language.chosen(), policies, reporting.rules(policies, language.chosen()))
    noting.taken(job.id, {"of": "comparison", "as": kind})

    def made() -> Iterator[bytes]:
        with reading() as again:
            rows = reporting.records(again.connection, job, again.circle, telling)
            yield from _PIECES[kind](rows, more=headings.further())

    headers = {"Content-Disposition": f'attachment; filename="comparison.{kind}"'}
    return Response(stream_with_context(made()), content_type=_KINDS[kind], headers=headers)


@blueprint.post("/simulations/many/<name>/cancel")
@guard.needs(Right.SIMULATE)
def cancel(name: str) -> AnyResponse:
    """Stop a comparison after its present step."""
    with reading() as found:
        _job(found, name)
    act = guard.act()
    try:
        jobs.cancel(guard.record(), name, actor=act.actor, now=act.now)
    except BusyError:
        abort(503)
    return redirect(url_for("comparisons.report", name=name), 303)


@blueprint.post("/simulations/many/<name>/delete")
@guard.needs(Right.SIMULATE)
def delete(name: str) -> AnyResponse:
    """Delete a comparison that has ended: its rows, the facts of its file and its report."""
    with reading() as found:
        _job(found, name)
    try:
        removed = jobs.remove(guard.record(), name, guard.act())
    except BusyError:
        abort(503)
    if not removed:
        flashing.tell(gettext("It is still running: cancel it first."), grade="warn")
        return redirect(url_for("comparisons.report", name=name), 303)
    flashing.tell(gettext("The comparison is deleted, with its rows and the facts of its file."))
    return redirect(url_for("comparisons.index"), 303)


def _start_file(offered: Offered, chosen: Chosen) -> str | AnyResponse:
    look = _look(chosen)
    if look is None or look.preview is None or not look.preview.is_usable:
        return _index(offered, chosen, RecordedForm(), look=look, wrong="" if look else "file")
    if not look.preview.is_dated and _typed_day() is None:
        return _index(offered, chosen, RecordedForm(), look=look, wrong="day")
    upload = request.files["file"]
    upload.stream.seek(0)
    more = {"file": look.name, "as_of": _as_of(), "undated": not look.preview.is_dated}
    return _started(chosen, Asked(more, {"file": look.name}, upload.stream.read()))


def _look(chosen: Chosen) -> Look | None:
    """Return what was uploaded, looked at; None where nothing was."""
    upload = request.files.get("file")
    content = b"" if upload is None else upload.stream.read()
    if upload is None or not content or chosen.both is None:
        return None
    return many.look(chosen.both, many.named(upload), content, _as_of())


def _as_of() -> str:
    return (_typed_day() or guard.act().today).isoformat()


def _typed_day() -> date | None:
    return dayfields.read(request.form.get("as_of", "").strip())


def _started(chosen: Chosen, asked: Asked) -> AnyResponse:
    try:
        name = many.start(guard.record(), chosen, asked, guard.member(), guard.act())
    except HandedError as error:
        flashing.tell(error.text.to(language.chosen()), grade="bad")
        return redirect(url_for("comparisons.index", policy=chosen.choice.policy), 303)
    except BusyError:
        abort(503)
    return redirect(url_for("comparisons.report", name=name), 303)


def _index(
    offered: Offered,
    chosen: Chosen,
    form: RecordedForm,
    *,
    problems: dict[str, str] | None = None,
    look: Look | None = None,
    wrong: str = "",
) -> str:
    return render_template(
        "comparing/many.html",
        offered=offered,
        chosen=chosen,
        form=form,
        problems=problems or {},
        look=look,
        wrong=wrong,
        given=files.given,
        fields={path: each for side in chosen.both or () for path, each in side.policy.rule_set.fields.items()},
        jobs=many.listed(guard.record(), guard.member()),
        as_of=_as_of(),
        most=MOST,
        teams=_teams(),
    )


def _teams() -> dict[str, str]:
    with reading() as found:
        return many.teams(found, language.chosen())


def _job(found: Reading, name: str) -> Job:
    job = jobs.find(found.record, name) if is_id(name) and _is_there(found, name) else None
    return job if job is not None and may_see(job) else abort(404)


def _is_there(found: Reading, name: str) -> bool:
    try:
        jobs.find(found.record, name)
    except jobs.UnknownJobError:
        return False
    return True


def _policy(found: Reading, job: Job, side: str) -> Policy | None:
    """Return the policy of a side, for what its rules and outputs are called; None where it no longer loads."""
    try:
        return sides.restored(found.record, found.connection, job.arguments["policy"], job.arguments[side])
    except SideError:
        return None


def _choice(job: Job) -> dict[str, str]:
    """Return the two revisions as an address has them: by their numbers, so that it means the same tomorrow."""
    found = {"policy": str(job.arguments["policy"])}
    return found | {name: str(job.arguments[name]["number"] or "draft") for name in ("one", "other")}


def _file(records: Iterator[dict[str, Any]], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    body = b"".join(_PIECES[kind](records, more=headings.further()))
    return Response(body, content_type=_KINDS[kind], headers=headers)
