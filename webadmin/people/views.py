"""Pages of people; whoever may not see somebody finds nobody there."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webadmin import guard, language, noting
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.people import forms, service
from webadmin.roster.pay import Eyes
from webadmin.roster.wording import declared_of, patterns_of
from webadmin.store.dated import Of
from webadmin.store.things import PERSON_STATES

blueprint = Blueprint("people", __name__)


FEW = 50
"""Customers of a person that are shown at once; the others open below them."""


@blueprint.get("/people")
@guard.needs(Right.TEAM)
def index() -> str:
    """List people on a day."""
    member, today = guard.member(), guard.act().today
    wish = forms.read(request.args, today)
    with guard.record().reading() as connection:
        policies = guard.record().catalogue.policies(connection, wish.day)
        eyes = Eyes(language.chosen(), member.classes)
        found = service.people(connection, policies, wish, circle_of(connection, member, today), eyes)
    noting.listed("people", {**wish.asked, "page": wish.page}, [each.who.id for each in found.lines])
    fields = declared_of(policies, Of.PERSON)
    return render_template("people/index.html", wish=wish, found=found, fields=fields, states=PERSON_STATES)


@blueprint.get("/people/<name>")
@guard.needs(Right.TEAM, about=(Right.TEAM,))
def person(name: str) -> str:
    """Show one person on a day; an audit entry says who has seen it."""
    member, act = guard.member(), guard.act()
    day, is_wrong = forms.day_of(request.args.get("day", ""), act.today)
    with guard.record().reading() as connection:
        circle = circle_of(connection, member, act.today)
        if not circle.sees(Of.PERSON, name):
            abort(404)
        policies = guard.record().catalogue.policies(connection, day)
        seen = service.person(connection, policies, name, day, circle, member.classes) or abort(404)
    noting.read("person", name)
    said = {
        "fields": declared_of(policies, Of.PERSON),
        "tiers": declared_of(policies, Of.CUSTOMER).get("tier"),
        "patterns": patterns_of(policies),
    }
    return render_template("people/person.html", seen=seen, day=day, is_wrong=is_wrong, few=FEW, **said)


@blueprint.get("/teams/<name>")
@guard.needs(Right.TEAM, about=(Right.TEAM,))
def team(name: str) -> Response:
    """Lead to the people of a team."""
    return redirect(url_for("people.index", team=name))
