"""Who may do what: every route of the website against every role, written down; a route that is not here fails."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.webadmin.conftest import MakeApp
from tests.webadmin.signing import signed_in
from webadmin.store.logins import Role

ROLES = (Role.ADMIN, Role.MANAGER, Role.ACCOUNT_MANAGER, Role.AUDITOR)

ALL, OPEN, TOKEN = "all", "open", "token"
EDITORS = (Role.ADMIN,)
APPROVERS = (Role.ADMIN, Role.MANAGER)
TEAM = PROVERS = (Role.ADMIN, Role.MANAGER, Role.AUDITOR)

TABLE: Mapping[str, str | tuple[Role, ...]] = {
    "GET /": ALL,
    "GET /account": ALL,
    "POST /account": ALL,
    "GET /login": OPEN,
    "POST /login": OPEN,
    "POST /logout": OPEN,
    "POST /theme/<name>": OPEN,
    "POST /language/<name>": OPEN,
    "GET /static/<path:filename>": OPEN,
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /metrics": TOKEN,
    "GET /openapi.json": OPEN,
    "GET /api": ALL,
    "GET /api/v1/policies": TOKEN,
    "GET /api/v1/policies/<policy>": TOKEN,
    "POST /api/v1/policies/<policy>/decisions": TOKEN,
    "POST /api/v1/policies/<policy>/decisions/batch": TOKEN,
    "GET /api/v1/decisions": TOKEN,
    "GET /api/v1/decisions/<id>": TOKEN,
    "POST /api/v1/decisions/<id>/recompute": TOKEN,
    "GET /api/v1/jobs/<id>": TOKEN,
    "GET /api/v1/signals": TOKEN,
    "GET /api/v1/signals/<id>": TOKEN,
    "POST /api/v1/events": TOKEN,
    "GET /api/v1/proposals": TOKEN,
    "POST /api/v1/proposals": TOKEN,
    "GET /api/v1/proposals/<id>": TOKEN,
    "POST /api/v1/proposals/<id>/approve": TOKEN,
    "POST /api/v1/proposals/<id>/decline": TOKEN,
    "POST /api/v1/jobs": TOKEN,
    "POST /api/v1/jobs/<id>/cancel": TOKEN,
    "GET /help": ALL,
    "GET /help/codes": ALL,
    "GET /help/functions": ALL,
    "GET /help/<name>": ALL,
    "GET /search": ALL,
    "GET /search/names.json": TEAM,
    "GET /policies": ALL,
    "GET /policies/<name>": ALL,
    "GET /policies/new": EDITORS,
    "POST /policies/new": EDITORS,
    "GET /policies/new/free": EDITORS,
    "GET /policies/<name>/retire": APPROVERS,
    "POST /policies/<name>/retire": APPROVERS,
    "GET /policies/<name>/read": ALL,
    "GET /policies/<name>/table.csv": ALL,
    "GET /policies/<name>/table.xlsx": ALL,
    "GET /policies/<name>/text": ALL,
    "GET /policies/<name>/tests": ALL,
    "GET /policies/<name>/try": ALL,
    "POST /policies/<name>/try": ALL,
    "POST /policies/<name>/beside": ALL,
    "POST /policies/<name>/decision.json": ALL,
    "GET /policies/<name>/rules/<rule>": ALL,
    "POST /policies/<name>/rules/<rule>": EDITORS,
    "GET /policies/<name>/new-rule": EDITORS,
    "POST /policies/<name>/new-rule": EDITORS,
    "GET /policies/<name>/stages": EDITORS,
    "POST /policies/<name>/stages": EDITORS,
    "POST /policies/<name>/tests/add": EDITORS,
    "POST /policies/<name>/tests/<int:number>/expect": EDITORS,
    "POST /policies/<name>/tests/<int:number>/rename": EDITORS,
    "POST /policies/<name>/tests/<int:number>/remove": EDITORS,
    "GET /documents/<path:name>": ALL,
    "GET /tables/<path:name>": ALL,
    "POST /drafts/<path:name>/anew": EDITORS,
    "POST /drafts/<path:name>/begin": EDITORS,
    "POST /drafts/<path:name>/back/<int:version>": EDITORS,
    "POST /drafts/<path:name>/change": EDITORS,
    "POST /drafts/<path:name>/check": EDITORS,
    "POST /drafts/<path:name>/discard": EDITORS,
    "POST /drafts/<path:name>/redo": EDITORS,
    "GET /drafts/<name>/table": EDITORS,
    "POST /drafts/<name>/table": EDITORS,
    "POST /drafts/<path:name>/text": EDITORS,
    "POST /drafts/<path:name>/undo": EDITORS,
    "GET /review": ALL,
    "GET /review/<name>": ALL,
    "POST /review/<name>/approve": APPROVERS,
    "POST /review/<name>/changes": APPROVERS,
    "POST /review/<name>/decline": APPROVERS,
    "POST /review/<name>/withdraw": APPROVERS,
    "GET /review/draft/<path:name>": EDITORS,
    "POST /review/draft/<path:name>/impact": APPROVERS,
    "GET /review/draft/<path:name>/propose": EDITORS,
    "POST /review/draft/<path:name>/propose": EDITORS,
    "GET /history/<path:name>": ALL,
    "POST /history/<path:name>/roll-back": APPROVERS,
    "GET /decisions": TEAM,
    "GET /decisions.csv": TEAM,
    "GET /decisions/<name>": TEAM,
    "GET /decisions/<name>.json": TEAM,
    "POST /decisions/<name>/recompute": PROVERS,
    "GET /drafts/<path:name>/words.json": EDITORS,
    "GET /drafts/<path:name>/with/<proposal>": EDITORS,
    "POST /drafts/<path:name>/merge": EDITORS,
    "GET /first-steps": EDITORS,
    "POST /first-steps/hide": EDITORS,
    "POST /first-steps/show": EDITORS,
    "GET /logins": EDITORS,
    "GET /logins/new": EDITORS,
    "POST /logins/new": EDITORS,
    "GET /logins/<id>": EDITORS,
    "POST /logins/<id>/reach": EDITORS,
    "POST /logins/<id>/password": EDITORS,
    "POST /logins/<id>/close": EDITORS,
    "GET /logins/tokens": EDITORS,
    "POST /logins/tokens": EDITORS,
    "POST /logins/tokens/<id>/revoke": EDITORS,
    "GET /imports": EDITORS,
    "POST /imports": EDITORS,
    "POST /imports/discard": EDITORS,
    "GET /imports/<name>": EDITORS,
    "POST /imports/<name>": EDITORS,
    "POST /imports/<name>/discard": EDITORS,
    "POST /imports/<name>/mapping": EDITORS,
    "GET /imports/<name>/mapping.yaml": EDITORS,
    "GET /imports/<name>/preview": EDITORS,
    "GET /imports/<name>/problems.csv": EDITORS,
    "GET /imports/<name>/progress": EDITORS,
    "GET /imports/<name>/refused.csv": EDITORS,
    "POST /imports/<name>/start": EDITORS,
    "GET /imports/done/<name>": EDITORS,
    "GET /imports/done/<name>/left-out.csv": EDITORS,
    "POST /imports/done/<name>/undo": EDITORS,
    "GET /imports/mappings.yaml": EDITORS,
    "POST /imports/mappings/forget": EDITORS,
    "GET /me": ALL,
    "GET /me/contest": ALL,
    "POST /me/contest": ALL,
    "POST /me/contests/<name>/withdraw": ALL,
    "GET /contests": TEAM,
    "GET /contests/<name>": TEAM,
    "POST /contests/<name>/answer": APPROVERS,
    "GET /cases": TEAM,
    "GET /signals": TEAM,
    "GET /signals/<name>": TEAM,
    "POST /signals/<name>/case": APPROVERS,
    "GET /people": TEAM,
    "GET /people/<name>": TEAM,
    "GET /teams/<name>": TEAM,
    "GET /customers": TEAM,
    "GET /customers/<name>": TEAM,
    "GET /simulations": PROVERS,
    "GET /simulations/plans/new": APPROVERS,
    "POST /simulations/plans": APPROVERS,
    "GET /simulations/plans/compare": PROVERS,
    "GET /simulations/plans/<name>": PROVERS,
    "GET /simulations/plans/<name>/edit": APPROVERS,
    "POST /simulations/plans/<name>/edit": APPROVERS,
    "POST /simulations/plans/<name>/again": APPROVERS,
    "GET /simulations/plans/<name>/customers/<customer>": PROVERS,
    "POST /simulations/plans/<name>/customers/<customer>": APPROVERS,
    "POST /simulations/plans/<name>/reset": APPROVERS,
    "POST /simulations/plans/<name>/back": APPROVERS,
    "POST /simulations/plans/<name>/settings": APPROVERS,
    "POST /simulations/plans/<name>/copy": APPROVERS,
    "POST /simulations/plans/<name>/delete": APPROVERS,
    "POST /simulations/plans/<name>/restore": APPROVERS,
    "GET /simulations/plans/<name>/compare": PROVERS,
    "GET /simulations/plans/<name>/compare.<form>": PROVERS,
    "GET /simulations/plans/<name>/<which>.<form>": PROVERS,
    "POST /simulations/plans/<name>/apply": APPROVERS,
    "POST /simulations/plans/<name>/undo": APPROVERS,
    "GET /simulations/compare": PROVERS,
    "POST /simulations/compare": PROVERS,
    "GET /simulations/many": APPROVERS,
    "POST /simulations/many": APPROVERS,
    "POST /simulations/many/preview": APPROVERS,
    "GET /simulations/many/template.<kind>": APPROVERS,
    "GET /simulations/many/<name>": APPROVERS,
    "GET /simulations/many/<name>.<kind>": APPROVERS,
    "POST /simulations/many/<name>/cancel": APPROVERS,
    "POST /simulations/many/<name>/delete": APPROVERS,
}
"""Method and address → who gets past the door: `ALL` whoever is signed in, `OPEN` everybody, `TOKEN` who has one."""

THINGS: Mapping[str, tuple[Role, ...]] = {
    "/people/<name>": TEAM,
    "/teams/<name>": TEAM,
    "/customers/<name>": TEAM,
    "/contests/<name>": TEAM,
    "/decisions/<name>": TEAM,
    "/signals/<name>": TEAM,
    "/simulations/plans/<name>": PROVERS,
}
"""How addresses begin that name somebody, or something of theirs → who reads what they name.

Who does not is told that there is nothing (404), whatever they ask for: a refusal would tell that somebody is there.
Whoever reads it, and every function that is not for one's role, is told so (403), with what to do next.
"""

VALUES = {
    "rule": "key-account",
    "name": "approval.order",
    "person": "am-1",
    "policy": "approval.order",
    "customer": "c-1",
    "which": "moves",
    "form": "csv",
    "id": "x",
    "filename": "fairlead.css",
    "version": "1",
    "proposal": "none",
    "kind": "csv",
    "number": "1",
}


@pytest.fixture(scope="module")
def site(make_app: MakeApp, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application without policies: past the door is 404, which is not what is asked here."""
    made = make_app(rules=tmp_path_factory.mktemp("none"))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Return each way in: method and address, and its rule."""
    return [
        (f"{method} {rule.rule}", rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def address(app: Flask, rule: Rule) -> str:
    """Return an address of a rule."""
    values = {name: VALUES[name] for name in rule.arguments}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"}))))


def refusal(rule: Rule, role: Role) -> int:
    """Return how a role is refused that may not go where a rule leads."""
    readers = next((who for thing, who in THINGS.items() if rule.rule.startswith(thing)), ROLES)
    return 403 if role in readers else 404


def test_the_table_of_things_says_who_reads_them() -> None:
    assert {thing: TABLE[f"GET {thing}"] for thing in THINGS} == dict(THINGS)


def test_what_is_not_for_a_role_leads_on(site: Flask) -> None:
    """Who is refused reads what to do next; who looks for somebody else's is told of nothing, and led back."""
    client = signed_in(site, Role.ACCOUNT_MANAGER)
    function, thing = (client.get(each, headers={"Accept-Language": "en"}) for each in ("/decisions", "/decisions/x"))

    assert (function.status_code, thing.status_code) == (403, 404)
    assert "ask who looks after the logins for the right" in function.text
    assert 'href="/help/logins#roles"' in function.text
    assert "not allowed" not in thing.text
    for page in (function.text, thing.text):
        main = page.partition("<main")[2]
        assert 'href="/me"' in main


def test_the_table_holds_every_route_and_no_other(site: Flask) -> None:
    assert {name for name, _ in routes(site)} == set(TABLE)


@pytest.mark.parametrize("role", [*ROLES, None], ids=lambda role: str(role or "nobody"))
def test_each_role_gets_where_the_table_says(site: Flask, role: Role | None) -> None:
    wrong = []
    for name, rule in routes(site):
        client = site.test_client() if role is None else signed_in(site, role)
        method, said = name.split(" ")[0], TABLE.get(name, ())
        answer = client.open(address(site, rule), method=method)
        answer.close()
        to_login = answer.status_code == 303 and (answer.location or "").startswith("/login?next=")
        if said is TOKEN:
            fits = answer.status_code == 401
        elif role is None:
            fits = to_login != (said is OPEN)
        else:
            may = said in (ALL, OPEN) or role in said
            fits = not to_login and (answer.status_code != 401 or name == "POST /login")
            fits = fits and (answer.status_code == refusal(rule, role) if not may else answer.status_code != 403)
        if not fits or (answer.status_code >= 500 and name != "GET /readyz"):
            wrong.append((name, said, answer.status_code))
    assert wrong == []
