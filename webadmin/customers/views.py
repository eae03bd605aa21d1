"""Pages of customers; whoever may not see one finds none there."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from webadmin import guard, language, noting
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.customers import listing, service
from webadmin.customers.listing import Sight
from webadmin.roster.wording import declared_of
from webadmin.store.dated import Of
from webadmin.store.things import CUSTOMER_STATES

blueprint = Blueprint("customers", __name__)

MOST_PAGES = 10_000


@blueprint.get("/customers")
@guard.needs(Right.TEAM)
def index() -> str:
    """List the customers of whomever the reader sees."""
    act, wish = guard.act(), listing.read(request.args)
    with guard.record().reading() as connection:
        circle = circle_of(connection, guard.member(), act.today)
        policies = guard.record().catalogue.policies(connection, act.today)
        sight = Sight(circle, language.chosen(), service.worth(policies, guard.member().classes))
        found = listing.customers(connection, wish, act.today, sight)
    noting.listed("customers", {**wish.filters, "page": wish.page}, [each.who.id for each in found.lines])
    said = {"fields": declared_of(policies, Of.CUSTOMER), "states": CUSTOMER_STATES, "nobody": listing.NOBODY}
    return render_template("customers/index.html", wish=wish, found=found, **said)


@blueprint.get("/customers/<name>")
@guard.needs(Right.TEAM, about=(Right.TEAM,))
def customer(name: str) -> str:
    """Show one customer; an audit entry says who has seen it."""
    member, act = guard.member(), guard.act()
    page = request.args.get("page", 1, int)
    if not 1 <= page <= MOST_PAGES:
        abort(404)
    with guard.record().reading() as connection:
        circle = circle_of(connection, member, act.today)
        if not circle.sees(Of.CUSTOMER, name):
            abort(404)
        policies = guard.record().catalogue.policies(connection, act.today)
        seen = service.customer(connection, policies, name, page, (member.classes, circle), member) or abort(404)
    noting.read("customer", name)
    said = {"fields": declared_of(policies, Of.CUSTOMER), "types": policies.events, "policies": policies}
    return render_template("customers/customer.html", seen=seen, page=page, day=act.today, **said)
