"""A plan as tables for spreadsheets; what would be taken for a formula is kept from being one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from policy.engine import Policy
from policy.tables.export import write_csv, write_xlsx
from policy.values import Language, Text
from webadmin import headings, language, words
from webadmin.reassigning.keeping import Plan
from webadmin.reassigning.proposal import Move
from webadmin.simulations import service
from webadmin.simulations.beside import Pair
from webadmin.simulations.grounds import Grounds
from webadmin.store.naming import Named

TABLES = ("moves", "loads")
FORMS: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Form → media type."""


@dataclass(frozen=True, slots=True)
class Called:
    """What people, customers, teams and rows of the policy are called in a language, by id."""

    names: Mapping[str, Named]
    rows: Mapping[str, Text]
    language: Language
    policy: Policy | None
    teams: Mapping[str, Text] = field(default_factory=dict)

    def team(self, id_: str) -> str:
        """Return the name of a team, its id where none is known."""
        return self.teams[id_].to(self.language) if id_ in self.teams else id_

    def name(self, id_: str | None) -> str:
        """Return the name of a person or customer, its id where none is known."""
        return "" if id_ is None else self.names[id_].to(self.language) if id_ in self.names else id_

    def row(self, id_: str) -> str:
        """Return what a row is called, its id where it has no label."""
        return service.row_name(id_, self.rows, self.language)


def table(plan: Plan, which: str, form: str, called: Called) -> bytes:
    """Return one of the `TABLES` of a plan in one of the `FORMS`."""
    return _written(headings.headed((_moves if which == "moves" else _loads)(plan, called)), form, which)


def _written(made: Iterable[Mapping[str, Any]], form: str, sheet: str) -> bytes:
    records = list(made)
    if form == "xlsx":
        body = io.BytesIO()
        write_xlsx(body, records, sheet=sheet, more=headings.further())
        return body.getvalue()
    text = io.StringIO(newline="")
    write_csv(text, records, more=headings.further())
    return text.getvalue().encode("utf-8-sig")


def _moves(plan: Plan, called: Called) -> Iterator[dict[str, Any]]:
    grounds = Grounds(called.policy, called.rows, called.name, called.language)
    fields = {} if called.policy is None else called.policy.rule_set.fields
    for move in plan.moves:
        yield {
            "customer": move.customer,
            "customer_name": called.name(move.customer),
            "cause": str(words.CAUSES[move.cause]),
            "customer_status": str(words.STANDINGS.get(move.status, move.status)),
            "tier": move.tier or "",
            "load": move.load,
            "value": move.value,
            "from": move.giver,
            "from_name": called.name(move.giver),
            "to": move.taker or "",
            "to_name": called.name(move.taker),
            "since": move.since,
            "until": move.until,
            "score": move.score,
            "score_of_owner": move.was,
            "by_hand": headings.flag(move.by_hand),
            "reason": move.reason,
            "cost": move.apart,
            "because": service.said(move, called.language, fields),
            "speaks_for": grounds.favour(move),
            "second_best": "" if move.rival is None else called.name(move.rival.person),
            "second_score": None if move.rival is None else move.rival.score,
            "compared": language.joined((grounds.compared(move), grounds.tie(move))),
            "excluded": "; ".join(f"{called.row(row)}: {count}" for row, count in move.out.items()),
            "passes": "; ".join(map(called.row, (*move.passes, *move.pace))),
        }


def compared(pairs: Iterable[Pair], plans: tuple[Plan, Plan], form: str, called: Called) -> bytes:
    """Return every customer one of two plans is about as a table in one of the `FORMS`: who takes it under each."""
    more: dict[str, str] = {}
    for side, plan in zip(("one", "other"), plans, strict=True):
        given = {"side": words.SIDES[side], "plan": plan.name}
        more |= {
            f"{side}.to": gettext("%(side)s (%(plan)s): taken by", **given),
            f"{side}.until": gettext("%(side)s (%(plan)s): until", **given),
            f"{side}.score": gettext("%(side)s (%(plan)s): score", **given),
        }
    records = headings.headed((_pair(each, called) for each in pairs), {"differs": gettext("Different?"), **more})
    return _written(records, form, "compared")


def _pair(pair: Pair, called: Called) -> dict[str, Any]:
    record: dict[str, Any] = {"customer": pair.customer, "customer_name": called.name(pair.customer)}
    record |= {"from": pair.giver, "from_name": called.name(pair.giver), "differs": headings.flag(pair.differs)}
    for side, move in (("one", pair.first), ("other", pair.second)):
        taker = None if move is None else move.taker
        record |= {
            f"{side}.to": called.name(taker) if taker is not None else _left(move),
            f"{side}.until": None if move is None else move.until,
            f"{side}.score": None if move is None else move.score,
        }
    return record


def _left(move: Move | None) -> str:
    """Say why a customer changes hands by nobody."""
    if move is None:
        return str(gettext("not moved"))
    return str(gettext("stays") if move.by_hand else gettext("nobody"))


def _loads(plan: Plan, called: Called) -> Iterator[dict[str, Any]]:
    """Yield everybody a plan is about; what is held before, taken and handed over comes to what is held after."""
    for each in service.shown(plan).people:
        before, sums = each.before, each.sums
        row: dict[str, Any] = {"person": before.person, "name": called.name(before.person), "team": before.team}
        row |= {"team_name": called.team(before.team), "capacity": before.capacity}
        for what in ("load", "count", "value"):
            column = "customers" if what == "count" else what
            row |= {
                f"{column}_before": getattr(sums.held, what),
                f"{column}_taken": getattr(sums.taken, what),
                f"{column}_given": getattr(sums.given, what),
                f"{column}_after": getattr(sums.after, what),
            }
        yield row | {"lost_taken": sums.taken.lost, "lost_given": sums.given.lost}
