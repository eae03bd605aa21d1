"""Pages on the way from a draft to what is in effect, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from policy.errors import Problem
from webadmin import filters, flashing, guard, language, library
from webadmin.access.rights import Right
from webadmin.publishing import impacts, later
from webadmin.publishing import service as publishing
from webadmin.publishing.answers import Approved, Checked, Proposal, Proposed, Refused, Returned
from webadmin.publishing.notes import LONGEST
from webadmin.publishing.service import MovedError
from webadmin.review import asked, remarking, service, telling
from webadmin.review import impact as impact_report
from webadmin.review.impact import Concerned
from webadmin.review.standing import standings
from webadmin.store import drafts, published, revisions
from webadmin.store.drafts import StaleError
from webadmin.store.reasons import says_something
from webadmin.store.refusing import RefusedError
from webadmin.store.revisions import Period, Refusal
from webadmin.store.writer import BusyError
from webadmin.wording.cameout import CameOut

blueprint = Blueprint("review", __name__)


@blueprint.get("/review")
@guard.needs(Right.READ)
def index() -> str:
    """List what waits for somebody, and what was decided lately."""
    found = [each for each in publishing.all_proposals(guard.record()) if _may_read(each)]
    waiting = [each for each in found if each.state == "open"]
    decided = [each for each in found if each not in waiting][:50]
    return render_template("review/index.html", waiting=waiting, decided=decided)


@blueprint.get("/review/draft/<path:name>")
@guard.needs(Right.EDIT)
def draft(name: str) -> str:
    """Show what a draft would change, and the form that proposes it."""
    return _draft(name, Period(), "", ())


@blueprint.post("/review/draft/<path:name>/impact")
@guard.needs(Right.EDIT, Right.APPROVE)
def impact(name: str) -> AnyResponse:
    """Have recorded decisions decided under a draft, or under a proposal's text."""
    proposal = request.form.get("proposal", "")
    period = Period(asked.day("since"), asked.day("until"))
    if period.since is not None and period.until is not None and period.until < period.since:
        flashing.tell(gettext("The last day is before the first: choose them anew."), grade="warn")
        return redirect(_impact_of(name, proposal), 303)
    with guard.record().engine.connect() as connection:
        if proposal:
            beside = {each.document: each.digest for each in _proposal(proposal).items}
            text = revisions.texts(connection, {name: beside.pop(name, "")}).get(name)
        else:
            found, beside = drafts.find(connection, name), {}
            text = None if found is None else found.text
    if text is None or library.kind_of(name) is None:
        abort(404)
    try:
        service.start_impact(guard.record(), name, text, period, guard.act(), beside)
    except BusyError:
        abort(503)
    return redirect(_impact_of(name, proposal), 303)


def _impact_of(name: str, proposal: str) -> str:
    """Return where the report of a draft stands, or of a proposal."""
    if proposal:
        return url_for("review.proposal", name=proposal, _anchor="impact")
    return url_for("review.draft", name=name, _anchor="impact")


@blueprint.get("/review/draft/<path:name>/propose")
@guard.needs(Right.EDIT)
def proposing(name: str) -> AnyResponse:
    """Lead back to the draft: a refusal stands at this address, and a change of language asks for it again."""
    return redirect(url_for("review.draft", name=name), 303)


@blueprint.post("/review/draft/<path:name>/propose")
@guard.needs(Right.EDIT)
def propose(name: str) -> AnyResponse:
    """Propose a draft to a second person; what keeps it from being in effect is said first."""
    _check(name)
    period, note = Period(asked.day("since"), asked.day("until")), request.form.get("note", "").strip()[:LONGEST]
    with guard.record().engine.connect() as connection:
        found = drafts.find(connection, name) or abort(404)
    if "end" in request.form:  # asked for an end that leaves alone what is to come: it is filled in, nothing is done
        return Response(_draft(name, Period(period.since, asked.day("end")), note, ()))
    if "compare" in request.form:
        return Response(_draft(name, period, note, ()))
    if request.form.get("version") != str(found.version):
        flashing.tell(gettext("The draft has changed since you looked: look once more."), grade="warn")
        return redirect(url_for("review.draft", name=name), 303)
    try:
        done = _proposed(name, found.text, period, note)
    except BusyError:
        abort(503)
    if isinstance(done, Refused):
        return Response(_draft(name, period, note, done.problems), 422)
    if done.proposal is None:
        flashing.tell(gettext("This is what is in effect already: there is nothing to propose."), grade="note")
        return redirect(url_for("review.draft", name=name), 303)
    _give_up(name, int(found.version))
    said = gettext("Proposed. Somebody else has to approve it.")
    flashing.tell(
        telling.with_overtaken(said, done.overtakes),
        undo=url_for("review.withdraw", name=done.proposal),
        grade="warn" if done.overtakes else "good",
    )
    return redirect(url_for("review.proposal", name=done.proposal), 303)


@blueprint.get("/review/<name>")
@guard.needs(Right.READ)
def proposal(name: str) -> str:
    """Show a proposal: what changes, whom it concerns, and what can be done with it."""
    found = _proposal(name)
    return _page(found, ()) if _may_read(found) else abort(403)


def _may_read(found: Proposal) -> bool:
    """Say whether whoever looks may read a proposal: what was approved may be read by everybody."""
    kinds = {library.kind_of(each.document) for each in found.items}
    return found.state == "approved" or all(guard.member().reads_unpublished(kind) for kind in kinds)


@blueprint.post("/review/<name>/approve")
@guard.needs(Right.APPROVE)
def approve(name: str) -> AnyResponse:
    """Approve a proposal: it takes effect at once, or on its day."""
    found = _proposal(name)
    record = guard.record()
    if service.shown(record, found, guard.member(), guard.act(), language.chosen()).barred:
        abort(403)
    try:
        done = publishing.approve(record, name, guard.act(), remark=_remark())
    except (BusyError, MovedError):
        abort(503)
    if isinstance(done, Refused):
        return Response(_page(found, done.problems, done), 409)
    text = gettext("Approved: retired from %(day)s.") if found.retires else gettext("Approved: in effect from %(day)s.")
    said = telling.with_overtaken(text % {"day": filters.day(done.since)}, done.overtakes)
    flashing.tell(said, undo=_undo(done), grade="warn" if done.overtakes else "good")
    return redirect(url_for("review.proposal", name=name), 303)


def _undo(done: Approved) -> str | None:
    """Return the address that proposes the contrary of what was approved, None where nothing can."""
    if len(done.proposal.items) != 1:
        return None
    record, act, document = guard.record(), guard.act(), done.proposal.items[0].document
    seq = done.publications[0]
    with record.engine.connect() as connection:
        before = revisions.standing(connection, done.since, seq - 1).get(document)
        if before is not None and before.retires:
            return None  # its contrary is retiring it once more, which takes a reason
    if done.since <= act.today:
        return url_for("review.roll_back", name=document) if publishing.has_earlier(record, document, act) else None
    with record.engine.connect() as connection:
        can = later.without(connection, document, seq, act) is not None
    return url_for("review.roll_back", name=document, off=seq) if can else None


@blueprint.post("/review/<name>/decline")
@guard.needs(Right.APPROVE)
def decline(name: str) -> AnyResponse:
    """Decline a proposal, with the reason."""
    return _closed(name, gettext("Declined."), keeping=False)


@blueprint.post("/review/<name>/changes")
@guard.needs(Right.APPROVE)
def ask_for_changes(name: str) -> AnyResponse:
    """Ask for changes: the text becomes a draft again."""
    return _closed(name, gettext("Asked for changes: the text is a draft again."), keeping=True)


@blueprint.post("/review/<name>/withdraw")
@guard.needs(Right.EDIT, Right.APPROVE)
def withdraw(name: str) -> AnyResponse:
    """Take one's own proposal back; its text becomes a draft again."""
    found = _proposal(name)
    if found.author != guard.member().actor:
        abort(403)
    return _closed(name, gettext("Taken back: the text is a draft again."), keeping=True)


@blueprint.get("/history/<path:name>")
@guard.needs(Right.READ)
def history(name: str) -> str:
    """Show every publication of a document, and any two of its revisions beside each other."""
    found = publishing.history(guard.record(), guard.act(), name)
    with guard.record().engine.connect() as connection:
        act = guard.act()
        look = library.look(connection, name, act.today) or abort(404)
        coming = library.coming(connection, name, act.today)
        ahead = [each.seq for each in found if each.since > act.today]
        off = [seq for seq in ahead if later.without(connection, name, seq, act) is not None]
    one, other = request.args.get("before", type=int), request.args.get("after", type=int)
    beside = None if one is None or other is None else _beside(name, one, other)
    return render_template(
        "review/history.html",
        name=name,
        look=look,
        waiting=coming.waiting,
        today=act.today,
        history=found,
        beside=beside,
        before=one,
        after=other,
        kind=library.kind_of(name),
        off=off,
        earlier=publishing.earlier(guard.record(), act, name),
    )


def _beside(name: str, one: int, other: int) -> service.Compared:
    """Return two revisions of a document beside each other."""
    with guard.record().engine.connect() as connection:
        try:
            held = [published.revision_of(connection, name, number) for number in (one, other)]
        except RefusedError:
            abort(404)
        are_public = all(published.was_published(connection, name, each.digest) for each in held)
        if not (are_public or guard.member().reads_unpublished(library.kind_of(name))):
            abort(403)
        both = service.beside(guard.record(), connection, name, [each.digest for each in held], guard.act())
    return service.compared(name, held[0].text, held[1].text, both, language.chosen())


@blueprint.post("/history/<path:name>/roll-back")
@guard.needs(Right.EDIT, Right.APPROVE)
def roll_back(name: str) -> AnyResponse:
    """Propose an earlier revision again, or call off what has not begun; either can be undone the same way."""
    asked.check_proposing(name)
    to, off = request.form.get("to", type=int), request.values.get("off", type=int)
    with guard.record().engine.connect() as connection:
        is_retired = name in revisions.retired(connection, guard.act().today)
    usual = "call-off" if off is not None else "bring-back" if is_retired else "roll-back"
    note = request.form.get("note", "").strip()[:LONGEST] or usual
    try:
        if off is None:
            done = publishing.rollback(guard.record(), name, guard.act(), to=to, note=note)
        else:
            done = later.call_off(guard.record(), name, off, note, guard.act())
    except BusyError:
        abort(503)
    if isinstance(done, Refused) or done.proposal is None:
        problems = done.problems if isinstance(done, Refused) else ()
        said = "; ".join(each.text(language.chosen()) for each in problems)
        flashing.tell(said or gettext("That revision is in effect already."), grade="bad" if said else "note")
        return redirect(url_for("review.history", name=name), 303)
    if done.is_new:
        flashing.tell(telling.back(usual), undo=url_for("review.withdraw", name=done.proposal))
    else:
        said = gettext("The same was proposed before and waits to be approved: nothing was added.")
        flashing.tell(said, grade="note")
    return redirect(url_for("review.proposal", name=done.proposal), 303)


def _proposed(name: str, text: str, period: Period, note: str) -> Proposed | Refused:
    """Propose a text; whoever approves it needs to read why."""
    if not says_something(note):
        return Refused((Problem(str(Refusal.NO_REMARK), "/note", {}),))
    return publishing.propose(guard.record(), {name: text}, period, note, guard.act())


def _check(name: str) -> None:
    kind, member = library.kind_of(name), guard.member()
    if not (member.may(Right.EDIT, kind) if kind else member.may(Right.EDIT) and not member.kinds):
        abort(403)


def _give_up(name: str, version: int) -> None:
    """Let go of a draft that was proposed, unless somebody has changed it meanwhile."""
    try:
        guard.record().writer.write(lambda transaction: drafts.discard(transaction, name, guard.act(), since=version))
    except StaleError:
        return


def _draft(name: str, period: Period, note: str, problems: tuple[Problem, ...]) -> str:
    _check(name)
    record, acting = guard.record(), guard.act()
    with record.engine.connect() as connection:
        look = library.look(connection, name, acting.today, library.DRAFT) or abort(404)
        first = period.since if period.since is not None and period.since > acting.today else None
        before = service.text_in_effect(connection, name, first or acting.today)
        policy = look.before if first is None else service.policy_on(record, connection, name, first)
        asked = revisions.asked(connection, name)
    checked = publishing.check(record, {name: look.text}, period, acting)
    with record.engine.connect() as connection:
        known = remarking.known(connection, checked.remarks, [name], acting.today)
        reported = service.reported(connection, name, look.text, acting)
    compared = service.compared(name, before, look.text, (policy, look.policy), language.chosen())
    return render_template(
        "review/draft.html",
        look=look,
        checked=checked,
        known=known,
        failing=service.failing(look.policy),
        told=None if look.policy is None else CameOut(look.policy, language.chosen()),
        compared=compared,
        standings=standings([compared], {name: library.DRAFT}),
        first=first,
        is_new=before is None,
        reported=reported,
        first_day=impacts.first_day(acting),
        period=period,
        note=note,
        problems=problems,
        asked=asked,
        **_shared(),
    )


def _proposal(name: str) -> Proposal:
    found = publishing.proposal(guard.record(), name)
    return abort(404) if isinstance(found, Refused) else found


def _page(found: Proposal, problems: tuple[Problem, ...], refused: Refused | Checked | None = None) -> str:
    shown = service.shown(guard.record(), found, guard.member(), guard.act(), language.chosen())
    remarks = () if refused is None else refused.remarks
    numbers = {each.document: str(each.number) for each in found.items}
    around = {"first_day": impacts.first_day(guard.act()), "standings": standings(shown.compared, numbers), **_shared()}
    return render_template("review/proposal.html", shown=shown, problems=problems, remarks=remarks, **around)


def _closed(name: str, said: str, *, keeping: bool) -> AnyResponse:
    found = _proposal(name)
    if found.author != guard.member().actor and not all(
        guard.member().may_approve(library.kind_of(each.document)) for each in found.items
    ):
        abort(403)
    close: Callable[..., Returned | Proposal | Refused]
    close = publishing.ask_for_changes if keeping else publishing.decline
    try:
        done = close(guard.record(), name, guard.act(), _remark())
    except BusyError:
        abort(503)
    if isinstance(done, Refused):
        return Response(_page(found, done.problems), 422)
    if isinstance(done, Returned) and done.apart:
        return _apart(found, done.apart[0])
    if isinstance(done, Proposal):
        flashing.tell(said)
        return redirect(url_for("review.index"), 303)
    flashing.tell(said if done.drafts else gettext("Taken back: nothing changes."))
    if found.author != guard.member().actor:
        return redirect(url_for("review.proposal", name=name), 303)  # it is the author's to work on
    if not done.drafts:
        return redirect(url_for("review.history", name=found.items[0].document), 303)
    return redirect(url_for("rulesets.text", name=done.drafts[0], of=library.DRAFT), 303)


def _apart(found: Proposal, document: str) -> AnyResponse:
    """Lead on from a proposal that was closed beside another draft: its author puts the two together."""
    if found.author == guard.member().actor:
        said = gettext("Taken back. There is another draft by now; both texts are kept, and can be put together here.")
        flashing.tell(said, grade="warn")
        return redirect(url_for("returned.lay", name=document, proposal=found.id), 303)
    said = gettext("Asked for changes. There is another draft by now; it stays, and leads to the text sent back.")
    flashing.tell(said, grade="warn")
    return redirect(url_for("review.proposal", name=found.id), 303)


def _remark() -> str:
    return request.form.get("remark", "").strip()[:LONGEST]


def _shared() -> dict[str, Any]:
    return {
        "comparisons": impact_report.comparisons,
        "changes": impact_report.changes,
        "amounts": impact_report.about,
        "paid": impact_report.paid,
        "concerned": _concerned,
        "behind": impact_report.behind,
        "called": _rules_called,
        "chosen": language.chosen(),
        "period_of": impacts.period_of,
    }


def _rules_called(sides: impact_report.Sides) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what the rules of two policies are called, by their ids: before and after."""
    return impact_report.called(sides, language.chosen())


def _concerned(comparison: Mapping[str, Any]) -> list[Concerned]:
    with guard.record().engine.connect() as connection:
        return impact_report.concerned(connection, comparison)
