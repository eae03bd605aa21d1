"""The page of one decision under two revisions. Nothing of it is kept as a decision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, abort, render_template, request

from webadmin import guard, language, noting
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.comparing import beside, choosing, sources
from webadmin.comparing.beside import Asker, Trial
from webadmin.comparing.choosing import Chosen, Offered
from webadmin.comparing.forms import LONGEST, Choice
from webadmin.comparing.sources import Filled, Reading
from webadmin.comparison.sides import Side
from webadmin.store import jobs

blueprint = Blueprint("comparing", __name__)

READ = (Right.SIMULATE, Right.PROVE)
"""Who compares one decision: who simulates, and who audits, for it changes nothing and keeps nothing."""

FROM = ("decision", "customer", "deal")
"""What facts can be filled in from, by the name of its field."""


@blueprint.get("/simulations/compare")
@guard.needs(*READ)
def one() -> str:
    """Choose two revisions; show what both say to facts that are there already, or the form for them."""
    choice = Choice.of(request.args, {})
    with reading() as found:
        offered, chosen = choose(found, choice)
        if chosen.both is None:
            return _page(offered, chosen, None)
        filled, unfound = _filled(found, chosen)
        trial = beside.empty(chosen.both, _asker()) if filled is None else _trial(chosen.both, filled)
        shown = _page(offered, chosen, trial, filled, unfound)
    if filled is not None and filled.of != "row":
        note(filled)
    return shown


@blueprint.post("/simulations/compare")
@guard.needs(*READ)
def answer() -> str:
    """Answer what was typed under both revisions."""
    choice = Choice.of(request.args, request.form)
    with reading() as found:
        offered, chosen = choose(found, choice)
    if chosen.both is None:
        return _page(offered, chosen, None)
    return _page(offered, chosen, beside.from_form(chosen.both, request.form, _asker()))


@contextmanager
def reading() -> Iterator[Reading]:
    """Open the record for whoever is signed in."""
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        yield Reading(record, connection, circle_of(connection, member, act.today), member.classes, act)


def choose(found: Reading, choice: Choice) -> tuple[Offered, Chosen]:
    """Return what can be chosen, and what is."""
    offered = choosing.offered(found.record, found.connection, choice, found.act)
    return offered, choosing.chosen(found.record, found.connection, choice, offered, found.act)


def note(filled: Filled) -> None:
    """Leave the audit entry of facts having been read."""
    noting.keep(lambda transaction: sources.note_read(transaction, guard.act(), filled))


def _asker() -> Asker:
    return Asker(language.chosen(), guard.member().classes, guard.act().today)


def _trial(sides: tuple[Side, Side], filled: Filled) -> Trial:
    return beside.filled(sides, filled, _asker())


def _filled(found: Reading, chosen: Chosen) -> tuple[Filled | None, str]:
    """Return the facts asked for, and the name of the field in which nothing was found."""
    if "job" in request.args:
        return _of_row(found), ""
    for of in FROM:
        value = request.args.get(of, "").strip()[:LONGEST]
        if value and chosen.other is not None:
            made = _of(found, chosen.other, of, value)
            return made, "" if made is not None else of
    return None, ""


def _of(found: Reading, side: Side, of: str, value: str) -> Filled | None:
    if of == "decision":
        decided = sources.of_decision(found, value)
        return decided[0] if decided is not None and decided[1].policy == side.policy.id else None
    if of == "customer":
        return sources.of_customer(found, side.policy, value)
    return sources.of_deal(found, side.policy, value)


def _of_row(found: Reading) -> Filled:
    name, number = request.args["job"], request.args.get("row", type=int)
    job = jobs.find(found.connection, name) if number is not None and 0 < number < 1 << 31 else None
    if job is None or number is None or not may_see(job):
        abort(404)
    return sources.of_row(found, name, number) or abort(404)


def may_see(job: jobs.Job) -> bool:
    """Say whether somebody may see a comparison: whoever asked for it, and who sees everybody."""
    member = guard.member()
    is_there = job.kind == "compare" and member.may(Right.SIMULATE)
    return is_there and (job.created_by == member.actor or member.sees_everybody)


def _page(
    offered: Offered, chosen: Chosen, trial: Trial | None, filled: Filled | None = None, unfound: str = ""
) -> str:
    more: dict[str, Any] = {"again": True, "answered": trial.answered} if trial is not None else {}
    return render_template(
        "comparing/one.html",
        offered=offered,
        chosen=chosen,
        trial=trial,
        filled=filled,
        unfound=unfound,
        asked={of: request.args.get(of, "").strip()[:LONGEST] for of in FROM},
        **more,
    )
