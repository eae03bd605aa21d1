"""Pages of signals. Who may see neither the person nor the customer a signal is about finds none there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.errors import FactsError
from webadmin import flashing, guard, noting
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.filters import own
from webadmin.ids import id_in, is_id
from webadmin.signalled import casing, happening, hearing, one, service
from webadmin.signalled.forms import CaseForm, CasesForm, FilterForm
from webadmin.signalled.service import Reader
from webadmin.signals import cases
from webadmin.signals.cases import Opening
from webadmin.store.signals import Kept, State
from webadmin.store.writer import BusyError

blueprint = Blueprint("signalled", __name__)


@blueprint.get("/signals")
@guard.needs(Right.TEAM)
def index() -> str:
    """List the signals that fit, the newest first; an audit entry says who was shown which."""
    before = id_in(request.args.get("before"))
    form = FilterForm(request.args)
    with _reader() as reader:
        titles = reader.titles()
        form.offer([(each, own(titles.get(each)) or each) for each in service.policies_with_signals(reader)])
        lines, after = service.page(reader, form.filters(), before)
        shown = render_template(
            "signalled/index.html",
            form=form,
            filters=form.filters(),
            lines=lines,
            before=before,
            after=after,
            titles=titles,
            is_empty=not lines and service.is_empty(reader),
        )
    noting.listed("signals", form.filters(), [each.kept.id for each in lines])
    return shown


@blueprint.get("/cases")
@guard.needs(Right.TEAM)
def all_cases() -> str:
    """List the cases that fit, the one opened last first; an audit entry says who was shown which."""
    before = request.args.get("before") or None
    if before is not None and not is_id(before):
        abort(404)
    form = CasesForm(request.args)
    with _reader() as reader:
        titles = reader.titles()
        form.offer([(each, own(titles.get(each)) or each) for each in service.policies_with_signals(reader)])
        filters = form.filters()
        rows, after = casing.page(reader, guard.member(), filters, before)
        shown = render_template(
            "signalled/cases.html", form=form, filters=filters, rows=rows, before=before, after=after, titles=titles
        )
    noting.listed("cases", filters, [each.listed.case.id for each in rows])
    return shown


@blueprint.get("/signals/<name>")
@guard.needs(Right.TEAM, about=(Right.TEAM,))
def signal(name: str) -> str:
    """Show one signal; an audit entry says who has seen it."""
    return _page(name, CaseForm(), 200)[0]


@blueprint.post("/signals/<name>/case")
@guard.needs(Right.CASES, about=(Right.TEAM,))
def open_case(name: str) -> AnyResponse | tuple[str, int]:
    """Open a case: an event names who opened it and what it rests on. Nothing follows for anybody from it alone."""
    form = CaseForm(request.form)
    with _reader() as reader:
        kept, sort = _found(reader, name), reader.policies.events.get(cases.TYPE)
        if one.is_about(reader, kept, guard.member().person):
            abort(403)
        names = {each.token: each.id for each in happening.events_of(reader, kept.finding.events, judges=True)}
    form.offer(list(names))
    if not form.validate():
        return _page(name, form, 422)
    if kept.finding.state is State.WITHDRAWN or sort is None:
        said = gettext("No case can be opened: look at how the signal stands and at the vocabulary in effect.")
        flashing.tell(said, grade="bad")
        return redirect(url_for("signalled.signal", name=name), 303)
    opening = Opening(tuple(names[each] for each in form.event.data or ()), _text(form.note.data or ""))
    try:
        done = guard.record().writer.write(
            lambda transaction: cases.open_case(transaction, sort, kept, opening, guard.act())
        )
    except FactsError:
        abort(503)
    except BusyError:
        abort(503)
    if done:
        flashing.tell(gettext("The case is open. It stays in the record; it decides nothing by itself."))
    else:
        flashing.tell(gettext("A case had been opened already; nothing was changed."), grade="note")
    return redirect(url_for("signalled.signal", name=name), 303)


def _page(name: str, form: CaseForm, status: int) -> tuple[str, int]:
    with _reader() as reader:
        seen = one.seen(reader, _found(reader, name), guard.member())
        form.offer([each.token for each in seen.events])
        can_open = cases.TYPE in reader.policies.events
        heard = hearing.heard(reader, guard.member(), [seen.line])[name]
        shown = render_template(
            "signalled/signal.html", seen=seen, form=form, title=reader.titles().get(seen.kept.unit.policy),
            can_open=can_open, heard=heard, types=reader.policies.events, ends=happening.ENDS,
        )  # fmt: skip
    noting.read("signal", name)
    return shown, status


def _found(reader: Reader, name: str) -> Kept:
    return (service.find(reader, name) if is_id(name) else None) or abort(404)


def _text(value: str) -> str:
    """Return a text that a database can hold, on one line."""
    return "".join(each if each.isprintable() else " " for each in value).strip()


@contextmanager
def _reader() -> Iterator[Reader]:
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        policies = record.catalogue.policies(connection, act.today)
        circle = circle_of(connection, member, act.today)
        yield Reader(record, connection, act, member.classes, circle, policies)
