"""The page of what was found."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for
from markupsafe import Markup

from policy.engine import Policies
from policy.model.canonical import canonical_json
from policy.values import Text
from webadmin import guard, language, library, links, noting
from webadmin.access.circle import circle_of
from webadmin.access.rights import Right
from webadmin.search import inside, service, titles
from webadmin.search.inside import Part, Sort
from webadmin.search.nearby import Nearby, nearby
from webadmin.store.dated import Of
from webadmin.wording.speech import Speech

blueprint = Blueprint("search", __name__)


REASONED = (Sort.RULE, Sort.ROW)
"""Sorts of parts whose name may be a reason with fields in it."""


@blueprint.get("/search/names.json")
@guard.needs(Right.TEAM, Right.SIMULATE)
def names() -> Response:
    """Give the people or customers whose name or number holds what is being typed, for a filter that asks for one."""
    of = request.args.get("of", "")
    if of not in (Of.PERSON, Of.CUSTOMER):
        abort(404)
    text = service.cleaned(request.args.get("q", ""))
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        circle = circle_of(connection, member, act.today)
        found = service.called(connection, Of(of), text, circle) if text else []
    told = {"names": [{"id": each.id, "name": each.to(language.chosen())} for each in found]}
    return Response(canonical_json(told), mimetype="application/json")


@blueprint.get("/search")
@guard.needs()
def results() -> str:
    """Show what was found, a few of each sort."""
    text = service.cleaned(request.args.get("q", ""))
    record, member, act = guard.record(), guard.member(), guard.act()
    with record.reading() as connection:
        circle = circle_of(connection, member, act.today)
        policies = record.catalogue.policies(connection, act.today)
        every = [
            each
            for each in titles.every(connection, policies, act.today)
            if each.state != "new" or member.reads_unpublished(library.kind_of(each.name))
        ]
        hits = service.found(connection, text, member, circle, every, policies.documents)
        readable = every if member.may(Right.READ) else []
        near = Nearby() if hits.any_named else nearby(connection, text, circle, readable)
    shown = [each.id for each in (*hits.people, *hits.customers, *near.named)] + [each.id for each in hits.decisions]
    if shown:
        noting.listed("search", {"text": text}, shown)
    called = {each.name: each.title for each in every}
    return render_template(
        "search/results.html",
        text=text,
        hits=hits,
        near=near,
        titles=called,
        most=service.MOST,
        few=inside.FEW,
        address_of=address_of,
        reasons={each: _reason(policies, each) for each in hits.parts if each.sort in REASONED and each.label},
        users={each: inside.users(each, policies) for each in hits.parts},
    )


def address_of(part: Part) -> str:
    """Return the address of the page a part of a document stands on."""
    if part.sort is Sort.TEST:
        return url_for("rulesets.tests", name=part.document)
    return links.document_page(part.document)


def _reason(policies: Policies, part: Part) -> Markup | str:
    """Return what a part is called, its fields as people call them."""
    reader, label = language.chosen(), part.label or Text("", "")
    if part.document not in policies:
        return label.to(reader)
    return Speech(policies[part.document].rule_set, reader).reason(label)
