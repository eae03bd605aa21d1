"""Proposals over HTTP: texts are proposed, looked at, approved and declined, every remark at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from policy.errors import Finding, Grade
from policy.model.canonical import canonical_json
from policy.model.reading import pointed
from policy.values import Text
from webadmin.access.scopes import Scope
from webadmin.api.calls import Answer, Call
from webadmin.api.fitting import fitted
from webadmin.api.parsing import parsed
from webadmin.api.problems import MOST_ERRORS, Fault, ProblemError, both
from webadmin.api.proposalshapes import (
    ApproveBody,
    ApprovedData,
    DeclineBody,
    ProposalData,
    ProposalPage,
    ProposalQuery,
    ProposalWhole,
    ProposeBody,
    ProposedData,
)
from webadmin.api.registry import Example, operation
from webadmin.api.searching import cursor_of
from webadmin.publishing import service
from webadmin.publishing.answers import Proposal, Refused
from webadmin.publishing.overtaking import Overtaken
from webadmin.store.revisions import Period, Refusal

_KINDS = {
    Refusal.UNKNOWN_PROPOSAL: "unknown-proposal",
    Refusal.OWN: "own-proposal",
    Refusal.NOT_OPEN: "proposal-state",
    Refusal.OVERTAKEN: "proposal-state",
}
"""Kinds of refusals, by the first one said; all others are `proposal`."""

_Body = ProposeBody | ApproveBody | DeclineBody

_TABLE = """\
reference: bonus-point
title: {zh: 奖励积分, en: Bonus points}
key: [region]
columns:
  region: {type: string, label: {zh: 区域, en: Region}}
  points: {type: number, scale: 0, label: {zh: 积分, en: Points}}
rows:
  - {from: 2026-01-01, region: east, points: 10}
  - {from: 2026-01-01, region: west, points: 12}
"""


@operation(
    "propose",
    "POST",
    "/api/v1/proposals",
    title=Text("提出发布", "Propose texts for publication"),
    scopes=(Scope.PUBLISH,),
    body=ProposeBody,
    answer=ProposedData,
    problems=("json", "body", "proposal"),
    examples=(Example("a table of its own", {"documents": {"bonus-point.yaml": _TABLE}, "note": "as agreed"}),),
)
def propose(call: Call) -> Answer:
    """Propose texts, all together; somebody else approves them.

    They are checked with all they would be in effect with, on every day that set changes, and their tests are run; one
    error and nothing is proposed. What is in effect as it is, is left out.
    """
    body = fitted(parsed(call.body), ProposeBody)
    period = Period(body.since, body.until)
    done = service.propose(
        call.record, body.documents, period, body.note, call.act, may_backdate=Scope.ADMIN in call.holder.scopes
    )
    if isinstance(done, Refused):
        raise _refused(done, body)
    changes = [
        {
            "document": each.document,
            "source": each.source,
            "digest": each.digest,
            "instead_of": None if each.before is None else each.before.number,
        }
        for each in done.changes
    ]
    told = {
        "proposal": done.proposal,
        "is_new": done.is_new,
        "documents": changes,
        "unchanged": list(done.unchanged),
        "overtakes": _overtakes(done.overtakes),
        "remarks": [
            {
                "grade": str(each.finding.grade),
                "code": each.finding.code,
                "detail": each.finding.text(call.language),
                **_place(each.finding),
                "day": each.day,
            }
            for each in done.remarks
        ],
    }
    return Answer(200, canonical_json(told))


@operation(
    "search-proposals",
    "GET",
    "/api/v1/proposals",
    title=Text("查找提案", "Search proposals"),
    scopes=(Scope.READ, Scope.PUBLISH, Scope.APPROVE),
    query=ProposalQuery,
    answer=ProposalPage,
    examples=(Example("what waits for somebody", query={"state": "open"}),),
)
def search(call: Call) -> Answer:
    """Find proposals, the newest first, a page at a time."""
    asked, after = call.query, cursor_of(call.query.cursor)
    found = [
        each
        for each in service.all_proposals(call.record, only_open=asked.state == "open")
        if asked.state in (None, each.state) and (after is None or each.id < after)
    ]
    page = found[: asked.limit]
    more = page[-1].id if len(found) > len(page) else None
    return Answer(200, canonical_json({"items": [_told(each) for each in page], "next": more}))


@operation(
    "read-proposal",
    "GET",
    "/api/v1/proposals/{id}",
    title=Text("查看一项提案", "Read a proposal"),
    scopes=(Scope.READ, Scope.PUBLISH, Scope.APPROVE),
    answer=ProposalWhole,
    problems=("unknown-proposal",),
    examples=(Example("with its texts", path={"id": "{proposal}"}),),
)
def read(call: Call) -> Answer:
    """Return a proposal with its texts: they never change, so what is read is what would take effect."""
    name = call.path["id"]
    texts = service.texts(call.record, name)
    return Answer(200, canonical_json({**_told(_found(call, name)), "texts": texts}))


@operation(
    "approve",
    "POST",
    "/api/v1/proposals/{id}/approve",
    title=Text("批准提案", "Approve a proposal"),
    scopes=(Scope.APPROVE,),
    body=ApproveBody,
    answer=ApprovedData,
    problems=("json", "body", "unknown-proposal", "own-proposal", "proposal-state", "proposal"),
    examples=(Example("what somebody else proposed", {"comment": "as agreed"}, path={"id": "{proposal}"}),),
)
def approve(call: Call) -> Answer:
    """Approve what somebody else proposed: all of its documents take effect at once, or none.

    The whole set is checked once more with what is in effect by now. Decisions follow from the next one on.
    """
    body, name = fitted(parsed(call.body), ApproveBody), call.path["id"]
    may_backdate = Scope.ADMIN in call.holder.scopes
    try:
        done = service.approve(call.record, name, call.act, may_backdate=may_backdate, remark=body.comment)
    except service.MovedError as error:
        raise ProblemError("busy", headers={"Retry-After": "1"}) from error
    if isinstance(done, Refused):
        raise _refused(done, body)
    told = {
        "proposal": name,
        "since": done.since,
        "publications": list(done.publications),
        "overtakes": _overtakes(done.overtakes),
    }
    return Answer(200, canonical_json(told))


@operation(
    "decline",
    "POST",
    "/api/v1/proposals/{id}/decline",
    title=Text("否决提案", "Decline a proposal"),
    scopes=(Scope.APPROVE, Scope.PUBLISH),
    body=DeclineBody,
    answer=ProposalData,
    problems=("json", "body", "unknown-proposal", "proposal-state", "proposal"),
    examples=(Example("with the reason", {"comment": "the limit is too low"}, path={"id": "{proposal}"}),),
)
def decline(call: Call) -> Answer:
    """Decline a proposal and say why, or withdraw one's own. To decline those of others takes the scope `approve`."""
    body, name = fitted(parsed(call.body), DeclineBody), call.path["id"]
    if _found(call, name).author != call.holder.actor and not call.holder.may((Scope.APPROVE,)):
        found = tuple(f"`{each}`" for each in sorted(call.holder.scopes))
        raise ProblemError("scope-missing", {"scopes": (f"`{Scope.APPROVE}`",), "found": found})
    done = service.decline(call.record, name, call.act, body.comment)
    if isinstance(done, Refused):
        raise _refused(done, body)
    return Answer(200, canonical_json(_told(_found(call, name))))


def _overtakes(overtakes: Iterable[Overtaken]) -> list[dict[str, Any]]:
    return [
        {"document": each.document, "revision": each.number, "since": each.since, "retires": each.retires}
        for each in overtakes
    ]


def _found(call: Call, name: str) -> Proposal:
    found = service.proposal(call.record, name)
    if isinstance(found, Refused):
        raise _refused(found)
    return found


def _told(each: Proposal) -> dict[str, Any]:
    return {
        "id": each.id,
        "state": each.state,
        "documents": [
            {"document": item.document, "revision": item.number, "digest": item.digest} for item in each.items
        ],
        "since": each.period.since,
        "until": each.period.until,
        "retires": each.retires,
        "author": each.author,
        "note": each.note,
        "created_at": each.created_at.isoformat(),
        "decided_at": None if each.decided_at is None else each.decided_at.isoformat(),
        "decided_by": each.decided_by,
        "comment": each.remark,
    }


def _place(finding: Finding) -> dict[str, Any]:
    return {"document": finding.place.source, "line": finding.place.line, "column": finding.place.column}


def _refused(refused: Refused, body: _Body | None = None) -> ProblemError:
    """Return the problem a refusal is, with pointers into the body that was sent."""
    faults = list(_faults(refused, body))
    code = next((_KINDS[kind] for kind in _KINDS for each in refused.problems if each.code == kind), "proposal")
    found = next((str(each.values["found"]) for each in refused.problems if "found" in each.values), "")
    return ProblemError(code, {"count": str(len(faults)), "found": found[:60]}, faults[:MOST_ERRORS])


def _faults(refused: Refused, body: _Body | None) -> Iterator[Fault]:
    fields = () if body is None else body.__struct_fields__
    sources = body.documents if isinstance(body, ProposeBody) else {}
    for each in refused.problems:  # approving may find fault with a period that was sent when it was proposed
        yield Fault(each.code, both(each), pointer=each.pointer if each.pointer[1:] in fields else None)
    for remark in refused.remarks:
        finding = remark.finding
        if finding.grade is not Grade.ERROR:
            continue
        source = finding.place.source
        near = finding.values.get("suggestion")
        yield Fault(
            finding.code,
            both(finding),
            pointer=pointed("/documents", source) if source in sources else None,
            suggestion=None if near is None else str(near),
            **_place(finding),
            day=remark.day,
        )
