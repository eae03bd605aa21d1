"""Pages of recorded decisions. Who may see none of the people and customers a decision concerns finds none there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, abort, render_template, request

from webadmin import guard, language, noting
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.decided import one, service, tabling
from webadmin.decided.forms import SearchForm
from webadmin.decided.service import Reader
from webadmin.ids import id_in
from webadmin.store import drafts, sifting
from webadmin.store.decisions import Found
from webadmin.store.readings import note_recomputed
from webadmin.store.sifting import Facets

blueprint = Blueprint("decided", __name__)


@blueprint.get("/decisions")
@guard.needs(Right.TEAM)
def index() -> str:
    """List the decisions that fit; an audit entry says who was shown which."""
    form = SearchForm(request.args)
    sound = form.validate()
    cursor = id_in(request.args.get("cursor"))
    with _reader() as reader:
        asked = service.sought(reader, form) if sound else None
        found = (
            service.Page((), Facets(0, is_whole=True), None) if asked is None else service.page(reader, asked, cursor)
        )
        first = sifting.oldest(reader.connection)
        shown = render_template(
            "decided/index.html",
            form=form,
            filters=form.filters(),
            order=form.order(),
            page=found,
            months=service.months(found.facets, None if first is None else sifting.made_at(first)),
            is_empty=first is None,
            no_revision=sound and asked is None,
            cursor=cursor,
            titles=reader.titles(),
            called=service.rules_called(reader, form, found.facets),
            most=service.MOST_EXPORTED,
        )
    if asked is not None:
        noting.listed("decisions", form.filters(), [each.found.id for each in found.lines])
    return shown


@blueprint.get("/decisions.csv")
@guard.needs(Right.TEAM)
def table() -> Response:
    """Give what fits as CSV; an audit entry says who took how many along."""
    form = SearchForm(request.args)
    if not form.validate():
        abort(404)
    with _reader() as reader:
        asked = service.sought(reader, form) or abort(404)
        text, count = service.exported(reader, asked)
    noting.taken("decisions", {"filters": form.filters(), "as": "csv", "count": count})
    return _file(("\ufeff" + text).encode(), "text/csv; charset=utf-8", "decisions.csv")


@blueprint.get("/decisions/<name>")
@guard.needs(Right.TEAM, about=(Right.TEAM,))
def decision(name: str) -> str:
    """Show one decision; an audit entry says who has seen it."""
    with _reader() as reader:
        seen = one.seen(reader, _found(reader, name))
        single, lists = tabling.tables(seen.facts)
        units = {} if seen.policy is None else tabling.told(seen.policy, single)
        shown = render_template(
            "decided/decision.html",
            seen=seen,
            titles=reader.titles(),
            single=single,
            lists=lists,
            items={} if seen.policy is None else tabling.named(seen.policy, lists, reader.language, units),
            told=units,
            related=one.related(reader, seen),
            happened=one.happened(reader, seen),
            types=reader.policies.events,
            has_draft=drafts.find(reader.connection, seen.found.policy) is not None,
        )
    noting.read("decision", name)
    return shown


@blueprint.get("/decisions/<name>.json")
@guard.needs(Right.TEAM, about=(Right.TEAM,))
def document(name: str) -> Response:
    """Give one decision as JSON, hidden values null."""
    with _reader() as reader:
        found = _found(reader, name)
        if found.body is None:
            abort(404)
        text = one.as_json(reader, found)
    noting.read("decision", name)
    return _file(text.encode("utf-8", "backslashreplace"), "application/json", f"decision-{name}.json")


@blueprint.post("/decisions/<name>/recompute")
@guard.needs(Right.PROVE, about=(Right.TEAM,))
def recompute(name: str) -> str:
    """Decide it once more by the texts it was decided by; only that it was done is kept."""
    with _reader() as reader:
        found = _found(reader, name)
        if found.body is None:
            abort(404)
        policy = reader.policy_of(found)
        proof = one.proven(reader, found, policy)
    verdict = str(proof.again.verdict)
    noting.keep(lambda transaction: note_recomputed(transaction, guard.act(), name, verdict))
    return render_template("decided/recompute.html", found=found, proof=proof, policy=policy)


@contextmanager
def _reader() -> Iterator[Reader]:
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        circle = circle_of(connection, member, act.today)
        policies = record.catalogue.policies(connection, act.today)
        yield Reader(record, connection, language.chosen(), act, member.classes, circle, policies)


def _found(reader: Reader, name: str) -> Found:
    return one.find(reader, name) or abort(404)


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
