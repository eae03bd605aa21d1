"""What is done to a plan: made, supposed anew, changed by hand, named, shared, copied, thrown away, carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from policy.values import Text
from webadmin import filters, flashing, guard, language
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.ids import new_id
from webadmin.reassigning import applying, keeping
from webadmin.reassigning.applying import MovedError, PastError
from webadmin.reassigning.calculating import UnusableError
from webadmin.reassigning.keeping import LONGEST_NAME, ChangedError, Plan, Shared, State
from webadmin.reassigning.proposal import Hand
from webadmin.reassigning.whatif import WhatIf
from webadmin.simulations import drifting, forms, picking, service, views
from webadmin.simulations.forms import LONGEST_REASON, Wanted
from webadmin.simulations.views import READ, Opened, opened
from webadmin.store import naming
from webadmin.store.dated import Of
from webadmin.store.jobs import Job
from webadmin.store.things import RosterError
from webadmin.store.writer import BusyError, Transaction

blueprint = views.blueprint


@blueprint.post("/simulations/plans")
@guard.needs(Right.SIMULATE)
def make() -> Response | tuple[str, int]:
    """Make a plan out of what is supposed, and propose."""
    return _supposed(None)


@blueprint.post("/simulations/plans/<name>/edit")
@guard.needs(Right.SIMULATE, about=READ)
def suppose(name: str) -> Response | tuple[str, int]:
    """Suppose something else, and propose anew."""
    return _supposed(_own(name))


def _supposed(own: Opened | None) -> Response | tuple[str, int]:
    before = None if own is None else own.plan
    shown = None if own is None else own.shown
    act, record = guard.act(), guard.record()
    if request.form.get("show"):
        day = forms.day_of(request.form.get("day", ""), act.today) or act.today
        return views.asked(dict(request.form), Wanted(day=day), shown), 200
    day = views.day()
    with record.reading() as connection:
        circle = circle_of(connection, guard.member(), act.today)
        offered = service.offered(connection, record, circle, day)
        known = offered.known(connection, day, shown)
        wanted = forms.read(request.form, known, act.today, lambda: new_id(act.now))
        if wanted.errors:
            return views.asked(dict(request.form), replace_day(wanted, day), shown), 422
        plan = _plan(shown, wanted if wanted.name else replace(wanted, name=_named(wanted.whatif, offered)))
        try:
            made, job = service.calculate(connection, record, plan, circle, act, before)
        except UnusableError as error:
            wanted.errors["policy"] = error.text.to(language.chosen())
            return views.asked(dict(request.form), wanted, shown), 422
    if before is None:
        return _kept(made, lambda: service.keep(record, made, job, act, is_new=True))
    return _calculated(made, job)


def _named(whatif: WhatIf, offered: service.Offered) -> str:
    """Return a name for a plan nobody gave one: what is supposed, as its page says it, in the reader's language."""
    to = language.chosen()
    called = {each.id: each.to(to) for each in (*(one.who for one in offered.people), *offered.away)}
    joined = {each.id: each.name or called.get(each.id, each.id) for each in whatif.join}
    told = [
        (gettext("leave: %(who)s"), [called.get(each, each) for each in whatif.leave]),
        (gettext("is away: %(who)s"), [called.get(each, each) for each in whatif.away]),
        (gettext("joins: %(who)s"), list(joined.values())),
        (gettext("capacity: %(who)s"), [called.get(each, each) for each in whatif.capacity]),
        (gettext("rebalance: %(who)s"), [offered.teams[whatif.team].to(to)] if whatif.team in offered.teams else []),
    ]
    said = str(gettext("; ")).join(text % {"who": drifting.of_people(people)} for text, people in told if people)
    return said if len(said) <= LONGEST_NAME else f"{said[: LONGEST_NAME - 1]}…"


def _calculated(plan: Plan, job: Job | None) -> Response:
    """Keep a plan that was calculated anew, and say what became of the choices made by hand."""
    act, record = guard.act(), guard.record()
    said = "" if job is not None else _retained(plan)
    back = None if plan.before is None else url_for("simulations.back", name=plan.id)
    return _kept(plan, lambda: service.keep(record, plan, job, act), undo=back, said=said)


def _retained(plan: Plan) -> str:
    """Say which choices made by hand still hold, and name the customers of those that do not."""
    said, void = [gettext("Calculated again.")], plan.void
    held = len(plan.hands) - len(void)
    if held:
        said.append(ngettext("%(num)s choice by hand holds.", "%(num)s choices by hand hold.", held))
    if void:
        with guard.record().engine.connect() as connection:
            found = naming.named(connection, Of.CUSTOMER, list(void)[: drifting.MOST_TOLD])
        told = drifting.of_customers([found[each].to(language.chosen()) if each in found else each for each in void])
        said.append(gettext("No longer possible: %(who)s. These are listed below with their reasons.", who=told))
    return language.joined(said)


def replace_day(wanted: Wanted, day: date) -> Wanted:
    """Return what a form asks for with a day that can be shown."""
    return Wanted(wanted.name, day, wanted.policy, wanted.revision, wanted.whatif, wanted.errors)


def _plan(before: Plan | None, wanted: Wanted) -> Plan:
    if before is None:
        return keeping.new(wanted.name, wanted.day, wanted.policy, wanted.revision, wanted.whatif, guard.act())
    return replace(
        before,
        name=wanted.name,
        day=wanted.day,
        policy=wanted.policy,
        revision=wanted.revision,
        whatif=wanted.whatif,
    )


@blueprint.post("/simulations/plans/<name>/again")
@guard.needs(Right.SIMULATE, about=READ)
def again(name: str) -> Response:
    """Propose once more, as the roster stands by now, for a day that is given; choices by hand that can be are kept."""
    found, act, record = _whole(name), guard.act(), guard.record()
    day = forms.day_of(request.form.get("day", ""), act.today) if "day" in request.form else None
    if "day" in request.form and day is None:
        flashing.tell(gettext("Nothing was calculated: choose today or a later day."), grade="warn")
        return _to(found.plan)
    plan = replace(found.plan, day=day or max(found.plan.day, act.today))
    try:
        applying.check_days(plan, act.today)
    except PastError as error:
        return _not_done(found.plan, error)
    with record.reading() as connection:
        try:
            made, job = service.calculate(connection, record, plan, found.circle, act, found.plan)
        except UnusableError as error:
            before = found.plan.set_aside()
            made, job = replace(plan, problem=error.text, proposal=None, job=None, before=before), None
    return _calculated(made, job)


@blueprint.post("/simulations/plans/<name>/customers/<customer>")
@guard.needs(Right.SIMULATE, about=READ)
def choose(name: str, customer: str) -> Response | tuple[str, int]:
    """Let somebody else take a customer, or let it stay."""
    found, taker = _whole(name), request.form.get("to", "")
    reason = request.form.get("reason", "").replace("\0", "").strip()
    with guard.record().reading() as connection:
        try:
            picked = picking.picked(connection, guard.record(), found.plan, customer, found.circle)
        except UnusableError as problem:
            abort(views.unusable(found.plan, problem))
        rows = service.rows_of(service.policy_of(connection, guard.record(), found.plan))
    if picked is None:
        abort(404)
    error = _refused(picked, taker, reason, rows)
    if error:
        return views.choosing(name, customer, error, taker), 422
    choice = picked.choice(taker)
    stays = Hand(None, reason, picked.ranking.stays)
    hand = stays if choice is None else Hand(taker, reason, choice.score, choice.passes, (), choice.terms)
    made = found.plan.choosing({**found.plan.hands, customer: hand})
    back = url_for("simulations.back", name=name)
    return _kept(made, _saving(made), undo=back, said=gettext("Changed by hand."), customer=customer)


def _refused(picked: picking.Picked, taker: str, reason: str, labels: Mapping[str, Text]) -> str:
    """Return why a choice cannot be made, naming rows of the policy by their labels; empty where it can."""

    def called(ids: Iterable[str]) -> str:
        return str(gettext(", ")).join(service.row_name(each, labels, language.chosen()) for each in ids)

    if len(reason) > LONGEST_REASON:
        return str(gettext("At most %(most)s characters.", most=LONGEST_REASON))
    choice = picked.choice(taker)
    if taker != "stay" and choice is None:
        rows = called(picked.ranking.excluded.get(taker, ()))
        if rows:
            return str(
                gettext("The policy rules this person out: %(rows)s. Choose somebody who is eligible.", rows=rows)
            )
        return str(gettext("Choose somebody from the list, or that the customer stays."))
    if choice is not None and choice.passes and not reason:
        rows = called(choice.passes)
        return str(gettext("This passes the limit %(rows)s: say why it shall be so all the same.", rows=rows))
    return ""


@blueprint.post("/simulations/plans/<name>/reset")
@guard.needs(Right.SIMULATE, about=READ)
def reset(name: str) -> Response:
    """Take the proposal again, for one customer or for all."""
    plan, customer = _whole(name).plan, request.form.get("customer", "")
    hands = {each: hand for each, hand in plan.hands.items() if customer and each != customer}
    if hands == plan.hands:
        return _to(plan)
    made = plan.choosing(hands)
    said = gettext("As the policy proposed it.")
    undo = url_for("simulations.back", name=name)
    return _kept(made, _saving(made), undo=undo, said=said, customer=customer)


@blueprint.post("/simulations/plans/<name>/back")
@guard.needs(Right.SIMULATE, about=READ)
def back(name: str) -> Response:
    """Undo the last change by hand; where there is none since, what was last calculated."""
    plan = _whole(name).plan
    if not plan.earlier:
        if plan.before is None:
            return _to(plan)
        was = plan.as_before()
        return _kept(was, _saving(was), said=gettext("The plan is as it was before it was calculated again."))
    made = replace(plan, hands=plan.earlier[-1], earlier=plan.earlier[:-1])
    return _kept(made, _saving(made), said=gettext("The last change by hand is undone."))


@blueprint.post("/simulations/plans/<name>/settings")
@guard.needs(Right.SIMULATE, about=READ)
def settings(name: str) -> Response:
    """Name a plan, and say who else sees it."""
    with opened(name) as found:
        if not found.is_own:
            abort(404)
    called, shared = request.form.get("name", "").replace("\0", "").strip(), request.form.get("shared", "")
    if not called or len(called) > LONGEST_NAME or shared not in set(Shared):
        flashing.tell(gettext("Give the plan a name of at most %(most)s characters.", most=LONGEST_NAME), grade="bad")
        return _to(found.plan)
    made = replace(found.plan, name=called, shared=Shared(shared))
    return _kept(made, _saving(made), said=gettext("Saved."))


@blueprint.post("/simulations/plans/<name>/copy")
@guard.needs(Right.SIMULATE, about=READ)
def copy(name: str) -> Response:
    """Make a plan of one's own out of one that is seen."""
    with opened(name) as found:
        plan = found.plan
    called = gettext("%(name)s (copy)", name=plan.name)[:LONGEST_NAME]
    made = keeping.copy(plan, called, guard.act())

    def keep() -> None:
        guard.record().writer.write(lambda transaction: keeping.add(transaction, made))

    return _kept(made, keep, said=gettext("Copied: this one is yours."))


@blueprint.post("/simulations/plans/<name>/delete")
@guard.needs(Right.SIMULATE, about=READ)
def delete(name: str) -> Response:
    """Throw a plan away; what was carried out stays, and keeps its plan."""
    plan = _own(name).plan
    now = guard.act().now
    _written(lambda transaction: keeping.throw_away(transaction, plan.id, now))
    flashing.tell(gettext("The plan is thrown away."), undo=url_for("simulations.restore", name=name))
    return redirect(url_for("simulations.index"), 303)


@blueprint.post("/simulations/plans/<name>/restore")
@guard.needs(Right.SIMULATE, about=READ)
def restore(name: str) -> Response:
    """Take back that a plan was thrown away."""
    with opened(name, gone=True) as found:
        if not found.is_own:
            abort(404)
    _written(lambda transaction: keeping.throw_away(transaction, found.plan.id, None))
    flashing.tell(gettext("The plan is back."))
    return _to(found.plan)


@blueprint.post("/simulations/plans/<name>/apply")
@guard.needs(Right.APPLY, about=READ)
def apply(name: str) -> Response:
    """Carry a plan out: one change, which can be undone as one."""
    with opened(name) as found:
        plan = _in_sight(found).plan
    reason = request.form.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]
    wrong = _unready(plan, reason)
    if wrong:
        flashing.tell(wrong, grade="warn")
        return _to(plan)
    act = guard.act()
    try:
        _written(lambda transaction: applying.apply(transaction, plan, act, reason))
    except (PastError, MovedError, ChangedError, RosterError) as error:
        return _not_done(plan, error)
    moved = sum(move.taker is not None for move in plan.moves)
    said = ngettext("%(num)s customer is handed over.", "%(num)s customers are handed over.", moved)
    flashing.tell(said, undo=url_for("simulations.undo", name=name))
    return _to(plan)


def _unready(plan: Plan, reason: str) -> str:
    """Return why a plan cannot be carried out as it is, empty where it can."""
    if plan.state is State.APPLIED:
        return str(gettext("This plan is carried out already."))
    if request.form.get("version", "") != str(plan.version):
        return str(gettext("What is proposed has changed since you looked: look once more."))
    if request.form.get("day", "").strip() != plan.day.isoformat():
        said = gettext(
            "Nothing was changed: this plan is calculated for %(day)s and holds from no other day. "
            "To carry it out from another day, calculate again for that day.",
            day=filters.day(plan.day),
        )
        return str(said)
    if not any(move.taker is not None for move in plan.moves):
        return str(gettext("Nothing changes hands by this plan."))
    if applying.by_pace(plan) and not reason:
        return str(gettext("Limits on what somebody is given anew are passed: say why it shall be so all the same."))
    return ""


@blueprint.post("/simulations/plans/<name>/undo")
@guard.needs(Right.APPLY, about=READ)
def undo(name: str) -> Response:
    """Take back that a plan was carried out, as one change."""
    with opened(name) as found:
        plan = _in_sight(found).plan
    act = guard.act()
    try:
        _written(lambda transaction: applying.undo(transaction, plan, act))
    except (MovedError, ChangedError, RosterError) as error:
        return _not_done(plan, error)
    flashing.tell(gettext("Undone: everybody holds what they held before."))
    return _to(plan)


def _not_done(plan: Plan, error: PastError | MovedError | ChangedError | RosterError) -> Response:
    if isinstance(error, PastError):
        said = _past(error)
    elif isinstance(error, MovedError):
        said = _moved(plan, error)
    elif isinstance(error, RosterError):
        said = gettext("Nothing was changed, the record refuses it: %(told)s.", told=error.why)
    else:
        said = gettext("Nothing was changed: somebody else changed this plan meanwhile. Look once more.")
    flashing.tell(said, grade="bad")
    return _to(plan)


def _moved(plan: Plan, error: MovedError) -> str:
    """Say what is different by now: the page of a plan that is not carried out tells it itself."""
    if plan.state is not State.APPLIED:
        return str(gettext("Nothing was changed: the record is different by now. What has changed stands below."))
    with guard.record().engine.connect() as connection:
        first = drifting.sentences(connection, error.drifts[: drifting.MOST_TOLD], language.chosen())
    told = drifting.in_one(first, max(0, len(error.drifts) - drifting.MOST_TOLD))
    said = gettext(
        "Nothing was undone, the record is different by now: %(told)s. Take these changes back first, or plan anew.",
        told=told,
    )
    return str(said)


def _past(error: PastError) -> str:
    day = filters.day(error.day)
    if error.person is None:
        return str(gettext("Nothing was changed: the day of this plan, %(day)s, is past. Calculate again.", day=day))
    with guard.record().engine.connect() as connection:
        found = naming.named(connection, Of.PERSON, [error.person])
    who = found[error.person].to(language.chosen()) if error.person in found else error.person
    said = gettext(
        "Nothing was changed: %(who)s is back on %(day)s, before the plan would hold. Change what is supposed.",
        who=who,
        day=day,
    )
    return str(said)


def _own(name: str) -> Opened:
    """Return a plan whoever is signed in may change; answers 404 for others', 409 once it is carried out."""
    with opened(name) as found:
        if not found.is_own:
            abort(404)
        if found.plan.state is State.APPLIED:
            flashing.tell(gettext("This plan is carried out: undo that first, or copy it."), grade="warn")
            abort(_to(found.plan))
    return found


def _whole(name: str) -> Opened:
    """Return a plan whoever is signed in may change and sees whole; leads back to it where it names others."""
    return _in_sight(_own(name))


def _in_sight(found: Opened) -> Opened:
    """Return a plan everybody of which is in sight; leads back to it, and says why, where somebody is not."""
    if not found.within.is_whole:
        said = ngettext(
            "Nothing was changed: %(num)s person of this plan is not of your teams any more. Change what is supposed, "
            "or ask somebody who sees everybody in it.",
            "Nothing was changed: %(num)s people of this plan are not of your teams any more. Change what is supposed, "
            "or ask somebody who sees everybody in it.",
            found.within.people,
        )
        flashing.tell(said, grade="warn")
        abort(_to(found.plan))
    return found


def _saving(plan: Plan) -> Callable[[], None]:
    act = guard.act()
    return lambda: guard.record().writer.write(lambda transaction: keeping.save(transaction, plan, act.now))


def _written(work: Callable[[Transaction], Any]) -> None:
    try:
        guard.record().writer.write(work)
    except BusyError:
        abort(503)


def _kept(
    plan: Plan, keep: Callable[[], None], *, undo: str | None = None, said: str = "", customer: str = ""
) -> Response:
    """Write a plan and lead to it, to the row of a customer where one is named."""
    try:
        keep()
    except ChangedError:
        flashing.tell(
            gettext("Nothing was changed: somebody else changed this plan meanwhile. Look once more."), grade="bad"
        )
        return _to(plan)
    except BusyError:
        abort(503)
    if said:
        flashing.tell(said, undo=undo)
    return _to(plan, customer)


def _to(plan: Plan, customer: str = "") -> Response:
    place = service.page_of(plan, customer)
    more: dict[str, Any] = {} if place is None else {"page": place, "_anchor": f"move-{customer}"}
    return redirect(url_for("simulations.plan", name=plan.id, **more), 303)
