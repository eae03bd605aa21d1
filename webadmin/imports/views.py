"""Pages of imports: choose a file, say what its columns mean, look at what would be recorded, import it."""

from __future__ import annotations

import dataclasses
from sys import maxsize
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
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from policy.errors import Finding, SourceError
from policy.tables import RecordKind, TableError, load_record_mapping, written_mapping
from policy.tables.document import Delimiter, Encoding
from webadmin import flashing, guard, language
from webadmin.access.rights import Right
from webadmin.imports import afterwards, aside, doubtful, forms, lacking, service, telling
from webadmin.imports.looking import Way
from webadmin.imports.offered import KINDS, MEANINGS, Offered
from webadmin.imports.service import Chosen, HandedError, Opened, WrongKindError
from webadmin.roster.words import NoVocabularyError
from webadmin.store import imports, uploads
from webadmin.store.handed import short
from webadmin.store.uploads import Kept, Saved
from webadmin.store.writer import BusyError, Transaction

blueprint = Blueprint("imports", __name__)
afterwards.register(blueprint)

PAGE = 50
NAMED = 50
"""Things of one kind that a page tells one by one."""

LONGEST_NAME = 60
UPLOADING = ("imports.take", "imports.take_mapping")


@blueprint.url_value_preprocessor
def widen(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let files through that are larger than what is typed; this comes before the form is read."""
    found = guard.member_or_none() if endpoint in UPLOADING else None
    if found is not None and found.may(Right.IMPORT):
        request.max_content_length = largest()


def largest() -> int:
    """Return the bytes of files that may come at once."""
    return int(current_app.extensions["settings"].largest_upload)


@blueprint.get("/imports")
@guard.needs(Right.IMPORT)
def index() -> str:
    """List earlier imports, above them the form for another."""
    return _index()


def _index(problems: list[str] | None = None, kind: str = "") -> str:
    page = request.args.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 6 and int(page) > 0 else 1
    with guard.record().engine.connect() as connection:
        done = imports.newest(connection, PAGE + 1, (number - 1) * PAGE)
        begun = [(each, load_record_mapping(each.mapping).into) for each in uploads.unfinished(connection)]
        saved = uploads.saved(connection)
    about = {"kinds": KINDS, "meanings": MEANINGS, "kind": kind, "problems": problems or [], "largest": largest()}
    listed = {"done": done[:PAGE], "more": len(done) > PAGE, "page": number, "begun": begun, "saved": saved}
    return render_template("imports/index.html", **about, **listed)


@blueprint.post("/imports")
@guard.needs(Right.IMPORT)
def take() -> AnyResponse:
    """Keep a file and lead to its mapping."""
    kind = request.form.get("kind", "")
    files = [each for each in request.files.getlist("file") if each.filename]
    if kind not in set(RecordKind) or not files:
        said = gettext("Choose a file.") if kind in set(RecordKind) else gettext("Say what the file holds.")
        return Response(_index([said], kind), 422)
    given = [each for each in request.files.getlist("parts") if each.filename]
    parts = {short(each.filename or ""): each.read() for each in given}
    chosen = Chosen(short(files[0].filename or ""), files[0].read(), parts)
    try:
        mapping = _named_mapping(kind)
        name = service.begin(guard.record(), chosen, RecordKind(kind), mapping, guard.act())
    except (SourceError, HandedError, WrongKindError, NoVocabularyError) as error:
        return Response(_index(_said(error), kind), 422)
    except BusyError:
        abort(503)
    return redirect(url_for("imports.mapping", name=name), 303)


def _named_mapping(kind: str) -> Any:
    wanted = request.form.get("mapping", "")
    with guard.record().engine.connect() as connection:
        found = next((each for each in uploads.saved(connection) if each.name == wanted), None)
    return None if found is None else service.mapping_of(found.text.encode(), RecordKind(kind))


def _said(error: Exception, kept: Kept | None = None) -> list[str]:
    """Return what went wrong, for whoever chose the file."""
    if isinstance(error, SourceError):
        offered = None if kept is None else service.offered(guard.record(), kept, guard.act().today)
        is_in_file = isinstance(error, TableError)
        return [_sentence(each, offered, in_file=is_in_file) for each in error.findings[:20]]
    if isinstance(error, HandedError):
        return [error.text.to(language.chosen())]
    if isinstance(error, WrongKindError):
        return [gettext("This mapping is for “%(kind)s”: choose that, or another mapping.", kind=KINDS[error.kind])]
    return [gettext("No vocabulary is in effect: publish the policies first.")]


def _sentence(finding: Finding, offered: Offered | None, *, in_file: bool) -> str:
    if finding.code == "table-record-unfed" and offered is not None:
        return telling.needed(finding, offered)
    said = telling.finding(finding)
    if not in_file or finding.place.line <= 1:
        return said
    return str(gettext("Row %(row)s: %(said)s", row=finding.place.line, said=said))


@blueprint.get("/imports/<name>")
@guard.needs(Right.IMPORT)
def mapping(name: str) -> AnyResponse:
    """Show what the columns of a file mean."""
    kept = _kept(name)
    if kept.job is not None:
        return redirect(url_for("imports.progress", name=name), 303)
    try:
        return Response(_mapping(service.opened(guard.record(), kept, guard.act().today)))
    except SourceError as error:
        return Response(render_template("imports/unread.html", kept=kept, problems=_said(error, kept)), 422)


def _mapping(opened: Opened, problems: list[str] | None = None) -> str:
    with guard.record().engine.connect() as connection:
        before, known = service.already(connection, opened.kept), imports.sources(connection)
    found = {"opened": opened, "kept": opened.kept, "problems": problems or [], "already": before, "sources": known}
    shown = forms.shown(opened.mapping, opened.look, opened.offered)
    choices = {"encodings": forms.ENCODINGS, "delimiters": list(Delimiter), "numbers": list(forms.NUMBERS)}
    found |= {"value_called": telling.value, "groups": telling.groups(opened.offered), "called": telling.called}
    wanted = lacking.needed(opened.mapping, opened.offered)
    found |= {"needed": [telling.called(opened.offered, each) for each in wanted]}
    found |= {"near": lacking.near(opened.mapping, opened.look, opened.offered)}
    return render_template("imports/mapping.html", shown=shown, spare=forms.SPARE, kinds=KINDS, **found, **choices)


@blueprint.post("/imports/<name>")
@guard.needs(Right.IMPORT)
def change(name: str) -> AnyResponse:
    """Keep what was chosen, and go where the button says."""
    kept, act, record = _open(name), guard.act(), guard.record()
    try:
        before = service.opened(record, kept, act.today)
        if _proposed_anew(kept, before):
            return redirect(url_for("imports.mapping", name=name), 303)
    except SourceError as error:
        return Response(render_template("imports/unread.html", kept=kept, problems=_said(error, kept)), 422)
    taken = forms.taken(request.form, kept, before.mapping, before.look, before.offered)
    try:
        mapping = service.chosen_by_name(record, taken.mapping, before)
        text = service.text_of(mapping)
    except SourceError as error:
        return Response(_mapping(before, _said(error, kept)), 422)
    _keep(name, mapping=text, since=taken.since)
    if taken.errors:
        changed = service.opened(record, dataclasses.replace(kept, mapping=text, since=taken.since), act.today)
        return Response(_mapping(changed, taken.errors), 422)
    saved = request.form.get("save_as", "").strip()[:LONGEST_NAME]
    if request.form.get("do") == "save" and saved:
        _write(
            lambda transaction: uploads.save(transaction, Saved(saved, taken.mapping.into, text, act.actor, act.now))
        )
        flashing.tell(gettext("The mapping is kept as “%(name)s”.", name=saved))
    if request.form.get("do") == "look":
        return redirect(url_for("imports.preview", name=name), 303)
    return redirect(url_for("imports.mapping", name=name), 303)


def _proposed_anew(kept: Kept, before: Opened) -> bool:
    """Keep a new proposal where a button asks for one, and say whether it does.

    Raises:
        SourceError: the file cannot be read so, or no mapping can name its headings.
    """
    do, record, day = request.form.get("do"), guard.record(), guard.act().today
    if do not in ("read", "propose"):
        return False
    opened = service.opened(record, kept, day, _way()) if do == "read" else before
    _keep(kept.id, mapping=service.text_of(service.again(record, opened, day)))
    return True


def _way() -> Way:
    """Return how the file is to be read by what was chosen."""
    encoding, delimiter = request.form.get("encoding", ""), request.form.get("delimiter", "")
    return Way(
        Encoding(encoding) if encoding in set(Encoding) else None,
        Delimiter(delimiter) if delimiter in set(Delimiter) else None,
        request.form.get("sheet") or None,
    )


@blueprint.post("/imports/<name>/mapping")
@guard.needs(Right.IMPORT)
def take_mapping(name: str) -> AnyResponse:
    """Take a mapping from a file of YAML in the place of the present one."""
    kept, record, act = _open(name), guard.record(), guard.act()
    file = request.files.get("yaml")
    content = b"" if file is None else file.read()
    try:
        kind = load_record_mapping(kept.mapping).into
        found = service.mapping_of(content, kind)
        service.opened(record, dataclasses.replace(kept, mapping=written_mapping(found)), act.today)
    except (SourceError, WrongKindError) as error:
        return Response(_mapping(service.opened(record, kept, act.today), _said(error)), 422)
    _keep(name, mapping=written_mapping(found))
    flashing.tell(gettext("The columns are taken as the mapping says."))
    return redirect(url_for("imports.mapping", name=name), 303)


@blueprint.get("/imports/<name>/mapping.yaml")
@guard.needs(Right.IMPORT)
def mapping_file(name: str) -> Response:
    """Give the mapping as the file `fairlead import` takes."""
    found = load_record_mapping(_kept(name).mapping)
    return _download(written_mapping(found), f"{found.mapping}.yaml", "application/yaml")


@blueprint.get("/imports/<name>/preview")
@guard.needs(Right.IMPORT)
def preview(name: str) -> AnyResponse:
    """Show what importing would come to, and everything that is wrong."""
    kept = _open(name)
    try:
        found = service.foreseen(guard.record(), kept, guard.act())
    except SourceError as error:
        return Response(render_template("imports/unread.html", kept=kept, problems=_said(error, kept)), 422)
    except BusyError:
        abort(503)
    with guard.record().engine.connect() as connection:
        before = service.already(connection, kept)
    page = request.args.get("page", "1")
    last = max(1, -(-len(found.kinds) // PAGE))
    number = min(last, max(1, int(page) if page.isdecimal() and len(page) < 6 else 1))
    some = found.kinds[(number - 1) * PAGE : number * PAGE]
    about = {"kept": kept, "found": found, "already": before, "some": some, "most": NAMED, "doubted": doubtful.FIRST}
    about["texts"] = telling.apart(found.offered)
    about["aside"] = aside.leaf(found.aside, request.args.get("rows", ""), found.count + found.outcome.report.skipped)
    about |= {"is_summed": len(found.kinds) < found.count, "turned": "rows" in request.args}
    return Response(render_template("imports/preview.html", **about, page=number, last=last, kinds=KINDS))


@blueprint.get("/imports/<name>/problems.csv")
@guard.needs(Right.IMPORT)
def problems(name: str) -> Response:
    """Give all rows that are refused or left out as a table, however many they are: a file has an end."""
    kept = _open(name)
    try:
        found = service.foreseen(guard.record(), kept, guard.act(), listed=maxsize)
    except SourceError:
        abort(404)
    except BusyError:
        abort(503)
    disposition = {"Content-Disposition": 'attachment; filename="problems.csv"'}
    body = stream_with_context(aside.table(found.aside))
    return Response(body, mimetype="text/csv", headers=disposition)


@blueprint.post("/imports/<name>/start")
@guard.needs(Right.IMPORT)
def start(name: str) -> AnyResponse:
    """Hand the file over to a job, as it was looked at."""
    kept = _open(name)
    if request.form.get("seen") != load_record_mapping(kept.mapping).digest:
        flashing.tell(gettext("The mapping has changed since you looked: look once more."), grade="warn")
        return redirect(url_for("imports.preview", name=name), 303)
    try:
        service.start(guard.record(), kept, guard.act())
    except (SourceError, HandedError) as error:
        return Response(render_template("imports/unread.html", kept=kept, problems=_said(error, kept)), 422)
    except BusyError:
        abort(503)
    return redirect(url_for("imports.progress", name=name), 303)


@blueprint.post("/imports/<name>/discard")
@guard.needs(Right.IMPORT)
def discard(name: str) -> AnyResponse:
    """Forget a file that was not imported."""
    _open(name)
    _write(lambda transaction: uploads.remove(transaction, name))
    flashing.tell(gettext("The file is forgotten; nothing of it was recorded."))
    return redirect(url_for("imports.index"), 303)


@blueprint.post("/imports/discard")
@guard.needs(Right.IMPORT)
def discard_all() -> AnyResponse:
    """Forget every file that was not imported."""

    def done(transaction: Transaction) -> int:
        transaction.flush()
        return uploads.remove_unfinished(transaction)

    try:
        count = guard.record().writer.write(done)
    except BusyError:
        abort(503)
    flashing.tell(
        ngettext(
            "%(num)s file is forgotten; nothing of it was recorded.",
            "%(num)s files are forgotten; nothing of them was recorded.",
            count,
        )
    )
    return redirect(url_for("imports.index"), 303)


@blueprint.post("/imports/mappings/forget")
@guard.needs(Right.IMPORT)
def forget() -> AnyResponse:
    """Forget a mapping that was kept under a name."""
    wanted = request.form.get("name", "")[:LONGEST_NAME]
    _write(lambda transaction: uploads.drop(transaction, wanted))
    flashing.tell(gettext("The mapping “%(name)s” is forgotten.", name=wanted))
    return redirect(url_for("imports.index"), 303)


@blueprint.get("/imports/mappings.yaml")
@guard.needs(Right.IMPORT)
def saved_mapping() -> Response:
    """Give a kept mapping as the file `fairlead import` takes."""
    with guard.record().engine.connect() as connection:
        found = next((each for each in uploads.saved(connection) if each.name == request.args.get("name")), None)
    if found is None:
        abort(404)
    return _download(found.text, "mapping.yaml", "application/yaml")


def _download(text: str, name: str, sort: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(text, mimetype=sort, headers={"Content-Disposition": disposition})


def _kept(name: str) -> Kept:
    with guard.record().engine.connect() as connection:
        return uploads.find(connection, name) or abort(404)


def _open(name: str) -> Kept:
    """Return a file that no job has yet."""
    kept = _kept(name)
    if kept.job is not None:
        abort(404)
    return kept


def _keep(name: str, **values: Any) -> None:
    _write(lambda transaction: uploads.change(transaction, name, **values))


def _write(work: Any) -> None:
    def done(transaction: Transaction) -> None:
        transaction.flush()
        work(transaction)

    try:
        guard.record().writer.write(done)
    except BusyError:
        abort(503)
