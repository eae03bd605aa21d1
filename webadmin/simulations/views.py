"""Pages of reassignments that are read: the list of plans, one plan, one customer of it, two plans compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from policy.engine import Policy
from webadmin import flashing, guard, language, noting
from webadmin.access.circle import Circle, circle_of
from webadmin.access.rights import Right
from webadmin.reassigning import applying, keeping
from webadmin.reassigning.calculating import UnusableError
from webadmin.reassigning.keeping import Plan, Shared, State
from webadmin.simulations import beside, drawing, drifting, exporting, forms, picking, service
from webadmin.simulations.forms import Wanted
from webadmin.simulations.grounds import Grounds
from webadmin.simulations.unlike import unlike
from webadmin.simulations.within import Within, within
from webadmin.store import histories, jobs, naming
from webadmin.store.dated import Of
from webadmin.store.naming import Named

blueprint = Blueprint("simulations", __name__)

READ = (Right.SIMULATE, Right.PROVE)
"""Who reads plans: who makes them, and who audits."""

MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan in the hands of who asked for it.

    Attributes:
        plan: Whole: to be changed, and shown only where `within` says so.
        within: What of it they see.
        is_own: Whether they may change it.
    """

    connection: Connection
    circle: Circle
    plan: Plan
    within: Within
    is_own: bool

    @property
    def shown(self) -> Plan:
        """Return the plan as it is shown: nothing of whom its author sees no longer is in it."""
        return self.within.plan


@contextmanager
def opened(name: str, *, gone: bool = False) -> Iterator[Opened]:
    """Give a plan that whoever is signed in sees; answers 404 where there is none."""
    member = guard.member()
    with guard.record().reading() as connection:
        circle = circle_of(connection, member, guard.act().today)
        plan = keeping.find(connection, name, gone=gone)
        if plan is None or not service.sees(member, circle, plan):
            abort(404)
        is_own = plan.author == member.actor and member.may(Right.SIMULATE)
        yield Opened(connection, circle, plan, within(circle, plan), is_own)


@blueprint.get("/simulations")
@guard.needs(*READ)
def index() -> str:
    """Show what can be simulated, and the plans there are."""
    member = guard.member()
    with guard.record().reading() as connection:
        circle = circle_of(connection, member, guard.act().today)
        plans = [each for each in keeping.listed(connection) if service.sees(member, circle, each)]
    compares = sum(each.is_ready for each in plans) > 1
    return render_template("simulations/index.html", plans=plans, compares=compares)


@blueprint.get("/simulations/plans/new")
@guard.needs(Right.SIMULATE)
def new() -> str:
    """Ask what is supposed."""
    leaves = [f"what-{each}" for each in request.args.getlist("leaves")]
    given = {
        "day": day().isoformat(),
        **{each: request.args.get(each, "") for each in ("team", "sift")},
        **dict.fromkeys(leaves, "leaves"),
    }
    return asked(given, Wanted(day=day()))


@blueprint.get("/simulations/plans/<name>/edit")
@guard.needs(Right.SIMULATE, about=READ)
def edit(name: str) -> str:
    """Ask anew what is supposed."""
    with opened(name) as found:
        if not found.is_own or found.plan.state is State.APPLIED:
            abort(404)
        plan = found.shown
    team = request.args.get("team", "")
    more = {"team": team, "aim": "spread"} if team else {}
    return asked({**forms.filled(plan), **more}, Wanted(day=max(plan.day, guard.act().today)), plan)


def asked(given: dict[str, str], wanted: Wanted, plan: Plan | None = None) -> str:
    """Return the form with what was typed and what is wrong with it."""
    with guard.record().reading() as connection:
        circle = circle_of(connection, guard.member(), guard.act().today)
        offered = service.offered(connection, guard.record(), circle, wanted.day)
        joined = naming.named(connection, Of.PERSON, [] if plan is None else [each.id for each in plan.whatif.join])
    shown = {"given": given, "errors": wanted.errors, "offered": offered, "plan": plan, "joined": joined}
    called = {each.who.id: each.who.to(language.chosen()) for each in offered.people}
    shown |= {"people": offered.sifted(given, wanted.errors), "joiners": forms.JOINERS}
    shown |= {"fields": lambda name: _field(name, called)}
    return render_template("simulations/form.html", **shown, today=guard.act().today)


def _field(name: str, people: Mapping[str, str]) -> str:
    """Return what a field is called, and of whom, where the form has it several times."""
    said, who = forms.field_of(name), people.get(name.partition("-")[2], "")
    return " · ".join(each for each in (said, who) if each)


@blueprint.get("/simulations/plans/compare")
@guard.needs(*READ)
def chosen() -> AnyResponse:
    """Lead to two plans side by side that were chosen in the list."""
    names = list(dict.fromkeys(request.args.getlist("plan")))
    if len(names) != 2:
        flashing.tell(gettext("Choose two plans to compare."), grade="warn")
        return redirect(url_for("simulations.index"), 303)
    more: dict[str, Any] = {"with": names[1]}
    return redirect(url_for("simulations.compare", name=names[0], **more), 303)


@blueprint.get("/simulations/plans/<name>")
@guard.needs(*READ, about=READ)
def plan(name: str) -> str:
    """Show one plan: what is supposed, what is proposed, what it comes to."""
    page = _page()
    person, asked_by = request.args.get("person", "")[:36], request.args.get("by", "")
    by = service.By(asked_by) if asked_by in set(service.By) else service.By.ANYBODY
    with opened(name) as found:
        shown = service.shown(found.shown, person, page, by)
        people = [each.before.person for each in shown.everybody]
        told: dict[str, Any] = {
            "names": service.names_of(found.connection, found.shown, found.shown.moves, people),
            "proposed_by": service.policy_of(found.connection, guard.record(), found.shown),
            "teams": histories.team_names(found.connection),
            "job": None if found.shown.job is None else jobs.find(found.connection, found.shown.job),
            "number": keeping.revision_number(found.connection, found.shown),
            "others": _others(found),
            "pace": applying.by_pace(found.shown),
            "unlike": unlike(found.connection, found.shown, shown.everybody) if found.shown.proposal else [],
            "leads": service.leads_of(found.connection, found.shown, shown.unassigned) if shown.unassigned else [],
            "drifted": drifting.drifted(found.connection, guard.record(), found.shown, language.chosen()),
        }
    rows = service.rows_of(told["proposed_by"])
    fields = {} if told["proposed_by"] is None else told["proposed_by"].rule_set.fields
    grounds = _grounds(told["proposed_by"], told["names"])
    bars = shown.people[: service.MOST_BARS]
    charts = {"load_bars": drawing.of_load(bars), "value_bars": drawing.of_value(bars)}
    filters = {"person": person, "by": by, "page": page, "pages": -(-shown.found // service.PAGE)}
    today = guard.act().today
    return render_template(
        "simulations/plan.html",
        plan=found.shown,
        is_own=found.is_own,
        within=found.within,
        shown=shown,
        today=today,
        State=State,
        Shared=Shared,
        rows=rows,
        fields=fields,
        grounds=grounds,
        **told,
        **charts,
        **filters,
    )


def _grounds(policy: Policy | None, names: Mapping[str, Named]) -> Grounds:
    """Return what says why it is this person, in the reader's language."""
    to = language.chosen()
    return Grounds(policy, service.rows_of(policy), lambda id_: names[id_].to(to) if id_ in names else id_, to)


def _others(found: Opened) -> list[keeping.Listed]:
    """Return the plans this one can be compared with."""
    member = guard.member()
    listed = keeping.listed(found.connection)
    return [
        each
        for each in listed
        if each.id != found.shown.id and each.is_ready and service.sees(member, found.circle, each)
    ]


@blueprint.get("/simulations/plans/<name>/customers/<customer>")
@guard.needs(*READ, about=READ)
def move(name: str, customer: str) -> str:
    """Show one customer of a plan: everybody who may take it, and everybody who may not, with why."""
    return choosing(name, customer, "", "")


def choosing(name: str, customer: str, error: str, chosen: str) -> str:
    """Return the page on which somebody is chosen by hand, with what is wrong."""
    with opened(name) as found:
        try:
            picked = picking.picked(found.connection, guard.record(), found.shown, customer, found.circle)
        except UnusableError as problem:
            abort(unusable(found.shown, problem))
        if picked is None:
            abort(404)
        people = {each.person for each in picked.ranking.choices} | {*picked.ranking.excluded, *picked.incomplete}
        names = service.names_of(found.connection, found.shown, [picked.move], people)
        policy = service.policy_of(found.connection, guard.record(), found.shown)
        leads = [] if picked.ranking.choices else service.leads_of(found.connection, found.shown, [picked.move])
    seen = picking.shown(picked, _wished(), names, chosen or picked.move.taker or "")
    may = found.is_own and found.within.is_whole and found.plan.state is not State.APPLIED
    shown = {
        "plan": found.shown,
        "within": found.within,
        "picked": picked,
        "names": names,
        "leads": leads,
        "rows": service.rows_of(policy),
        "grounds": _grounds(policy, names),
        "fields": {} if policy is None else policy.rule_set.fields,
        "seen": seen,
        "wished": _wished(),
        "lacking": picking.lacking(picked, seen.outside.some, policy, guard.member().classes, language.chosen()),
        "may": may,
        "error": error,
        "chosen": chosen,
    }
    return render_template("simulations/move.html", **shown, longest=forms.LONGEST_REASON)


def _wished() -> picking.Wished:
    """Return what of the candidates an address asks for."""
    row, text = request.args.get("row", "")[:200], request.args.get("who", "").replace("\0", "")[:100]
    return picking.Wished(text, request.args.get("page", 1, int), row, request.args.get("at", 1, int))


@blueprint.get("/simulations/plans/<name>/compare")
@guard.needs(*READ, about=READ)
def compare(name: str) -> str:
    """Show two plans side by side."""
    with _two(name) as (first, second):
        found = beside.compare(first.shown, second.shown)
        moves = [each for row in found.differing for each in (row.first, row.second) if each is not None]
        people = {*found.people, *(who for each in found.assumed for who in beside.told_of(each))}
        names = service.names_of(first.connection, first.shown, moves, people)
        names |= service.names_of(second.connection, second.shown, moves, found.people)
        revisions = [_revision(each) for each in (first, second)]
        teams = histories.team_names(first.connection)
    page = _page()
    rows = found.differing[(page - 1) * service.PAGE : page * service.PAGE]
    pages = -(-len(found.differing) // service.PAGE)
    shown: dict[str, Any] = {"first": first.shown, "second": second.shown, "names": names}
    shown |= {"withins": (first.within, second.within), "teams": teams, "revisions": revisions}
    return render_template("simulations/compare.html", **shown, compared=found, rows=rows, page=page, pages=pages)


@blueprint.get("/simulations/plans/<name>/compare.<form>")
@guard.needs(*READ, about=READ)
def compared(name: str, form: str) -> Response:
    """Give every customer of two plans as a table for spreadsheets; an audit entry of each says who took it along."""
    if form not in exporting.FORMS:
        abort(404)
    with _two(name) as (first, second):
        pairs = beside.compare(first.shown, second.shown).pairs
        names = {
            id_: each
            for side in (first, second)
            for id_, each in service.names_of(side.connection, side.shown, side.shown.moves, ()).items()
        }
    called = exporting.Called(names, {}, language.chosen(), None)
    body = exporting.compared(pairs, (first.shown, second.shown), form, called)
    for side in (first, second):
        noting.taken(side.plan.id, {"of": "plan", "as": form, "table": "compared"})
    disposition = f'attachment; filename="reassignments-compared.{form}"'
    return Response(body, mimetype=exporting.FORMS[form], headers={"Content-Disposition": disposition})


@contextmanager
def _two(name: str) -> Iterator[tuple[Opened, Opened]]:
    """Give a plan and the one it is compared with; answers 404 where one is not there, or proposes nothing."""
    with opened(name) as first, opened(request.args.get("with", "")) as second:
        if first.shown.proposal is None or second.shown.proposal is None:
            abort(404)
        yield first, second


def _revision(found: Opened) -> tuple[str, int | None]:
    """Return what the policy of a plan is called, and the number of the revision that proposed."""
    policy = service.policy_of(found.connection, guard.record(), found.shown)
    title = found.shown.policy if policy is None else policy.title.to(language.chosen())
    return title, keeping.revision_number(found.connection, found.shown)


@blueprint.get("/simulations/plans/<name>/<which>.<form>")
@guard.needs(*READ, about=READ)
def download(name: str, which: str, form: str) -> Response:
    """Give the moves or the loads of a plan as a table for spreadsheets; an audit entry says who took it along."""
    if which not in exporting.TABLES or form not in exporting.FORMS:
        abort(404)
    with opened(name) as found:
        people = [] if found.shown.proposal is None else [each.person for each in found.shown.proposal.people]
        names = service.names_of(found.connection, found.shown, found.shown.moves, people)
        policy = service.policy_of(found.connection, guard.record(), found.shown)
        teams = histories.team_names(found.connection)
    called = exporting.Called(names, service.rows_of(policy), language.chosen(), policy, teams)
    body = exporting.table(found.shown, which, form, called)
    noting.taken(found.shown.id, {"of": "plan", "as": form, "table": which})
    disposition = f'attachment; filename="reassignment-{found.shown.day}-{which}.{form}"'
    return Response(body, mimetype=exporting.FORMS[form], headers={"Content-Disposition": disposition})


def unusable(plan: Plan, problem: UnusableError) -> AnyResponse:
    """Say why the policy of a plan cannot propose, and lead back to it."""
    flashing.tell(problem.text.to(language.chosen()), grade="bad")
    return redirect(url_for("simulations.plan", name=plan.id), 303)


def day() -> date:
    """Return the day an address names; today where it names none, or none to come."""
    today = guard.act().today
    return forms.day_of(request.values.get("day", ""), today) or today


def _page() -> int:
    found = request.args.get("page", 1, int)
    if not 1 <= found <= MOST_PAGES:
        abort(404)
    return found
