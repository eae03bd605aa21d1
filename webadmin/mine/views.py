"""The page of one's own, and contesting what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from policy.errors import FactsError
from webadmin import contested, flashing, guard, inquired, language
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.contested import About, Listed
from webadmin.ids import is_id
from webadmin.mine import holding, leafing, parting, service
from webadmin.mine.forms import ContestForm
from webadmin.mine.leafing import Leaf
from webadmin.mine.parting import Parted
from webadmin.roster import pay, points
from webadmin.roster.pay import Eyes, Statement
from webadmin.roster.points import Points
from webadmin.roster.quarters import Quarter
from webadmin.store import contests, naming
from webadmin.store.contests import Claim, Sort
from webadmin.store.dated import Of
from webadmin.store.logins import Role
from webadmin.store.writer import BusyError

blueprint = Blueprint("mine", __name__)


@blueprint.get("/me")
@guard.needs(Right.OWN)
def index() -> str:
    """Show somebody's own customers, pay, and signals about them."""
    return _page(Quarter.read(request.args.get("quarter", "")), None)


@blueprint.get("/me/contest")
@guard.needs(Right.OWN)
def contesting() -> Response:
    """Lead back to the page: what was refused stands at this address, and a change of language asks for it again."""
    return redirect(url_for("mine.index"), 303)


@blueprint.post("/me/contest")
@guard.needs(Right.OWN)
def contest() -> Response | tuple[str, int]:
    """Record that somebody contests something about them; what does not fit is said beside what was typed."""
    person = guard.member().person or abort(404)
    sort, of = request.form.get("sort", ""), request.form.get("object", "")[:200]
    form = ContestForm(request.form)
    if sort not in set(Sort) or not of:
        abort(400)
    if not form.fits(Sort(sort)):
        return _page(_quarter(sort, of), Wrong(sort, of, form)), 422
    record, acting = guard.record(), guard.act()
    quarter = _quarter(sort, of)
    with record.engine.connect() as connection:
        claimed = None if sort != Sort.MISSING else form.claimed(service.currency(connection, person, acting))
        which = of if claimed is None else f"{of} {claimed.name}"
        about = About(person, Sort(sort), which)
        listed = contested.listed(record, connection, about, acting.today)
        seen = None if listed else contested.stands(record, connection, about, acting.today) or abort(404)
        declared = record.catalogue.policies(connection, acting.today).events.get(contests.TYPE)
    if listed is not None or seen is None:
        return _page(quarter, Wrong(sort, of, form, listed)), 422
    if declared is None or not contests.knows(declared, sort):
        abort(503)
    claim = Claim(sort, which, form.statement.data or "", seen, claimed)
    try:
        record.writer.write(lambda transaction: contests.contest(transaction, declared, person, claim, acting))
    except BusyError:
        abort(503)
    said = gettext("Recorded. Your manager and the administrators see it; the answer will stand on this page.")
    flashing.tell(said)
    shown = None if quarter is None else quarter.name
    return redirect(url_for("mine.index", _anchor="contested", quarter=shown), 303)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What somebody contested that could not be recorded as it was typed.

    Attributes:
        listed: Where the deal said to be missing stands; None where it does not.
    """

    sort: str
    of: str
    form: ContestForm
    listed: Listed | None = None


def _page(asked: Quarter | None, wrong: Wrong | None) -> str:
    person = guard.member().person
    if person is None:
        return render_template("mine/nobody.html")
    acting, record = guard.act(), guard.record()
    quarter = asked or Quarter.of(acting.today)
    with record.engine.connect() as connection:
        circle = circle_of(connection, guard.member(), acting.today)
        signs = service.signs(record, connection, person, acting, circle)
        shown = {
            "named": naming.named(connection, Of.PERSON, [person]).get(person),
            "customers": _held(connection, person, wrong.of if wrong and wrong.sort == Sort.CUSTOMER else ""),
            "policies": record.catalogue.policies(connection, acting.today),
            "parted": _parted(connection, person, quarter),
            "statement": _statement(connection, person, quarter),
            "signs": signs,
            "cases": service.other_cases(record, connection, person, acting, circle, signs),
            "unanswered": inquired.unanswered(connection, person),
            "anchor": inquired.anchor,
            "points": _points(connection, person, quarter),
            "threads": service.threads(record, connection, person, acting),
            "contestable": service.contestable(record, connection, acting),
        }
    has_quota = guard.member().role is Role.ACCOUNT_MANAGER  # who leads or runs the rest has none to be loaded
    return render_template("mine/index.html", this=Quarter.of(acting.today), wrong=wrong, has_quota=has_quota, **shown)


def _quarter(sort: str, of: str) -> Quarter | None:
    """Return the quarter that shows what is contested; None where every one does."""
    return None if sort in (Sort.CUSTOMER, Sort.SIGNAL, Sort.CASE) else Quarter.read(of.partition(" ")[0])


@blueprint.post("/me/contests/<name>/withdraw")
@guard.needs(Right.OWN)
def withdraw(name: str) -> Response:
    """Record that somebody takes back what they contested; what was answered meanwhile stays answered."""
    person = guard.member().person or abort(404)
    record, acting = guard.record(), guard.act()
    with record.engine.connect() as connection:
        found = contests.find(connection, name) if is_id(name) else None
        declared = record.catalogue.policies(connection, acting.today).events.get(contests.ANSWERED)
    if found is None or found.person != person:
        abort(404)
    if declared is None or not contests.knows_withdrawal(declared):
        said = gettext("The vocabulary in effect does not know answers yet: publish the one that ships first.")
        flashing.tell(said, grade="bad")
        return redirect(url_for("mine.index", _anchor="contested"), 303)
    try:
        done = record.writer.write(lambda transaction: contests.withdraw(transaction, declared, found, acting))
    except (BusyError, FactsError):
        abort(503)
    if done:
        flashing.tell(gettext("Taken back. That it was said stays in the record; you can contest it again."))
    else:
        flashing.tell(gettext("It had been answered already; the answer stands below."), grade="note")
    return redirect(url_for("mine.index", _anchor="contested"), 303)


def _held(connection: Connection, person: str, customer: str) -> Leaf:
    """Return the customers that are shown, with why; the page of the one that was contested, or is asked for."""
    record, acting = guard.record(), guard.act()
    held = holding.customers_of(connection, person, acting.today)
    which = leafing.leaf(held, request.args.get("customers", ""), customer or request.args.get("customer", ""))
    policies = record.catalogue.policies(connection, acting.today)
    return replace(which, shown=holding.with_reasons(record, connection, person, which.shown, policies))


def _parted(connection: Connection, person: str, quarter: Quarter) -> list[Parted]:
    """Return what is no longer somebody's since the last half year, or the quarter that is shown, began."""
    today = guard.act().today
    since = min(quarter.since, today - parting.BACK)
    return parting.parted(connection, person, (since, today), circle_of(connection, guard.member(), today))


def _statement(connection: Connection, person: str, quarter: Quarter) -> Statement:
    eyes = Eyes(language.chosen(), service.OWN)
    return pay.statement(guard.record(), connection, person, quarter, guard.act().today, eyes)


def _points(connection: Connection, person: str, quarter: Quarter) -> Points | None:
    eyes = Eyes(language.chosen(), service.OWN)
    return points.points(guard.record(), connection, person, quarter, guard.act().today, eyes)
