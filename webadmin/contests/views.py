"""Pages of what people contest: for managers of their teams and administrators, and for auditors, who only read.

Others find nothing there, nor does anybody find what they contested themselves.
"""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.errors import FactsError
from webadmin import flashing, guard, impartial, language, noting
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.contests import service
from webadmin.contests.forms import STATES, AnswerForm
from webadmin.ids import id_in, is_id
from webadmin.roster.pay import Eyes
from webadmin.store import contests
from webadmin.store.contests import Contested, Verdict
from webadmin.store.writer import BusyError

blueprint = Blueprint("contests", __name__)


@blueprint.get("/contests")
@guard.needs(Right.CONTESTS)
def index() -> str:
    """List what was contested: what waits, what was answered, or all; an audit entry says who was shown which."""
    asked, before = request.args.get("state", ""), id_in(request.args.get("before"))
    state = asked if asked in STATES else ""
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        policies = record.catalogue.policies(connection, act.today)
        circle = circle_of(connection, member, act.today)
        shown = service.page(connection, policies, service.query(circle, member, state, before))
        others = frozenset(impartial.barred(connection, member, shown.lines, act.today))
    noting.listed("contests", {"state": state} if state else {}, [each.id for each in shown.lines])
    return render_template("contests/index.html", shown=shown, state=state, before=before, others=others)


@blueprint.get("/contests/<name>")
@guard.needs(Right.CONTESTS, about=(Right.CONTESTS,))
def contest(name: str) -> str:
    """Show what somebody contests, with what it is about; an audit entry says who has seen it."""
    return _page(name, AnswerForm(), 200)[0]


@blueprint.post("/contests/<name>/answer")
@guard.needs(Right.ANSWER, about=(Right.CONTESTS,))
def answer(name: str) -> AnyResponse | tuple[str, int]:
    """Answer what somebody else contests, once: an event, which they read on their own page.

    Whoever had a part in what is contested is refused, and told why.
    """
    record, act, form = guard.record(), guard.act(), AnswerForm(request.form)
    with record.reading() as connection:
        found = _found(name)
        is_barred = service.barred(connection, guard.member(), found, act.today) is not None
        sort = record.catalogue.policies(connection, act.today).events.get(contests.ANSWERED)
    if is_barred:
        return _page(name, form, 403)
    if sort is None:
        said = gettext("The vocabulary in effect does not know answers yet: publish the one that ships first.")
        flashing.tell(said, grade="bad")
        return redirect(url_for("contests.contest", name=name), 303)
    if not form.validate():
        return _page(name, form, 422)
    said = (Verdict(form.verdict.data or ""), form.statement.data or "")
    try:
        done = record.writer.write(lambda transaction: contests.answer(transaction, sort, found, said, act))
    except (BusyError, FactsError):
        abort(503)
    if done:
        flashing.tell(gettext("Answered. Whoever contested it reads the answer on their own page."))
    else:
        flashing.tell(gettext("Somebody had answered it already; nothing was changed."), grade="note")
    return redirect(url_for("contests.contest", name=name), 303)


def _found(name: str) -> Contested:
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        circle = circle_of(connection, member, act.today)
        return (service.find(connection, circle, member, name) if is_id(name) else None) or abort(404)


def _page(name: str, form: AnswerForm, status: int) -> tuple[str, int]:
    record, act, found = guard.record(), guard.act(), _found(name)
    member = guard.member()
    eyes = Eyes(language.chosen(), member.classes)
    with record.reading() as connection:
        policies = record.catalogue.policies(connection, act.today)
        shown = service.shown(connection, policies, service.thread(connection, found))
        statement = service.statement(record, connection, found, act.today, eyes)
        stood = service.stood(record, connection, found, act.today, eyes)
        barred = service.barred(connection, member, found, act.today)
        others = frozenset(impartial.barred(connection, member, shown.lines, act.today))
    noting.read("contest", name)
    page = {"found": found, "shown": shown, "statement": statement, "stood": stood, "form": form}
    page |= {"barred": barred, "others": others, "most_named": service.MOST_NAMED}
    return render_template("contests/contest.html", **page, answers=contests.ANSWERS), status
