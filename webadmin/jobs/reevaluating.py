"""`reevaluate`: what recorded decisions of one policy would be under another of its texts.

Each is decided again from its recorded facts and events, as of its recorded day. Nothing is logged as a decision. The
result says how many change, from what to what, and by which rules; it is bounded however many there are.

What was recorded may have been decided under an earlier revision than the one in effect. Such decisions are decided
under what is in effect, too: the result holds the text against that, and against what was recorded. A decision that was
recorded under the very documents in effect stands as it is: the same closure and facts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from policy.engine import NamedText, Policy
from policy.engine import prepare as prepared
from policy.errors import Grade, PolicyError
from policy.values import Language, Text
from webadmin.decisions.service import today
from webadmin.jobs import tallying
from webadmin.jobs.amounts import amount_of
from webadmin.jobs.context import JobContext, ProblemError
from webadmin.jobs.selecting import pages, query_of, refused
from webadmin.jobs.tallying import Tally
from webadmin.store import decisions, published, revisions
from webadmin.store.decisions import Found, Query
from webadmin.store.recompute import parsed
from webadmin.store.refusing import RefusedError

NOT_IN_EFFECT = Text("策略“{policy}”目前没有生效的版本", "no revision of the policy `{policy}` is in effect")
NO_REVISION = Text("策略“{policy}”没有第 {number} 版", "the policy `{policy}` has no revision {number}")
UNSOUND = Text("策略文本有错误：{first}", "the text of the policy has errors: {first}")


def run(context: JobContext, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Decide recorded decisions under another text.

    Args:
        context: The job.
        arguments: `policy`, and as `webadmin.jobs.selecting` describes them; `revision`, a number, or `text`, a draft,
            each in place of the revision in effect today; `beside`, document → digest of a text that is proposed
            together with it.

    Returns:
        `total`; beside what was recorded: `counts` (`same`, `changed`, `refused`, `erased`), `rules` (rule → changed
        decisions it hits on one side only), `changes` (`from`, `to`, `count`, `examples`, the most frequent first),
        `others` (changed decisions not among those), `concerned` (term such as `person=am-07` → changed decisions
        about it, the most frequent, up to 200), `paid` (currency → what is paid before and after, over all
        statements), `gains` (person → how much more is paid to them), `amounts` (currency → the sum of the amount that
        says how much a decision is about, over changed decisions); `now`, the same beside what is in effect decides,
        None where nothing is; `earlier` (decisions not recorded under that and what it uses), `amount` (path of the
        amount, None for none), `revision` (digest of the text decided by), `standing` (digest of the text in effect
        when the job began, None for none).

    Raises:
        ProblemError: an argument cannot be read, or the text has errors.
    """
    query = query_of(arguments)
    if not query.policy:
        raise refused("policy")
    with context.record.engine.connect() as connection:
        state = context.resumed or _begun(context, connection, query, arguments.get("beside", {}))
        policy = _policy(connection, arguments, state["texts"])
        standing = context.record.catalogue.prepared(connection, state["effective"]).policies.get(query.policy)
    for page in pages(context.record.engine, query, state["before"]):
        state = _after((policy, standing), state, page)
        context.progress(sum(state["recorded"]["counts"].values()), state["total"])
        context.checkpoint(state)
    return {
        **tallying.result(state["recorded"]),
        "total": state["total"],
        "earlier": state["earlier"],
        "now": None if standing is None else tallying.result(state["now"]),
        "standing": state["effective"].get(query.policy),
        "amount": None if (of := amount_of(policy)) is None else of.path,
        "revision": policy.digest,
    }


def _begun(context: JobContext, connection: Connection, query: Query, beside: Mapping[str, str]) -> dict[str, Any]:
    """Return the state before the first page; the texts decided by are settled for the whole job."""
    effective = {
        each.document: each.digest
        for each in context.record.catalogue.in_effect(connection, today(context.now())).values()
    }
    return {
        "before": None,
        "total": decisions.count(connection, query),
        "effective": effective,
        "texts": {**effective, **beside},
        "recorded": tallying.empty(),
        "now": tallying.empty(),
        "earlier": 0,
    }


def _policy(connection: Connection, arguments: Mapping[str, Any], digests: Mapping[str, str]) -> Policy:
    """Return the policy to decide by, with the other documents as they were in effect when the job began."""
    name = arguments["policy"]
    texts = revisions.texts(connection, digests)
    if arguments.get("text") is not None:
        texts[name] = arguments["text"]
    elif arguments.get("revision") is not None:
        texts[name] = _revision(connection, name, arguments["revision"])
    if name not in texts:
        raise ProblemError(_filled(NOT_IN_EFFECT, policy=name))
    made = prepared(NamedText(each, text) for each, text in sorted(texts.items()))
    policy = made.policies.get(name)
    if policy is None:
        errors = [each for each in made.findings if each.grade is Grade.ERROR and each.place.source == name]
        first = (errors or made.findings)[0]
        said = {each: f"{first.place}: {first.text(each)}" for each in Language}
        raise ProblemError(Text(UNSOUND.zh.format(first=said[Language.ZH]), UNSOUND.en.format(first=said[Language.EN])))
    return policy


def _revision(connection: Connection, name: str, number: int) -> str:
    try:
        return str(published.revision_of(connection, name, number).text)
    except RefusedError as error:
        raise ProblemError(_filled(NO_REVISION, policy=name, number=number)) from error


def _filled(text: Text, **values: object) -> Text:
    return Text(text.zh.format(**values), text.en.format(**values))


def _after(policies: tuple[Policy, Policy | None], state: Mapping[str, Any], page: list[Found]) -> dict[str, Any]:
    """Return the state after one more page, decided under a text and, where it was not, under what is in effect."""
    policy, standing = policies
    recorded, live, earlier = Tally(policy, state["recorded"]), Tally(policy, state["now"]), state["earlier"]
    for each in page:
        if each.body is None:
            recorded.erased()
            live.erased()
            continue
        body = parsed(each.body)
        after = _decided(policy, body)
        recorded.add(each.id, body, body["decision"], after)
        if standing is not None:
            earlier += not _is_by(standing, body)
            live.add(each.id, body, _standing(standing, body), after)
    return {**state, "before": page[-1].id, "recorded": recorded.data(), "now": live.data(), "earlier": earlier}


def _is_by(policy: Policy, body: Mapping[str, Any]) -> bool:
    """Say whether a decision was made by a policy and all that it uses, so that it would come out byte for byte."""
    return bool(body["decision"]["closure"] == dict(policy.rule_set.closure))


def _standing(policy: Policy, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is in effect decides of recorded facts, as it was recorded if that was so then."""
    recorded: dict[str, Any] = body["decision"]
    return recorded if _is_by(policy, body) else _decided(policy, body)


def _decided(policy: Policy, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a policy decides of recorded facts, as plain data; None where it refuses them."""
    try:
        made = policy.decide(body["facts"], as_of=body["decision"]["as_of"], events=body["events"])
    except PolicyError:
        return None
    return parsed(made.to_json())
