"""`fairlead publish`, `approve`, `decline`, `proposals` and `rollback`: two identities put a text into effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policy.cli.frame import WrongUse, echo_json, json_option, language_option, out, progress, say, unreadable
from policy.values import Language, Text
from webadmin.cli.acting import identity
from webadmin.cli.opening import act, furnished, opened
from webadmin.cli.options import day_option
from webadmin.cli.revising import (
    STATES,
    data_of,
    findings,
    in_a_line,
    lasting,
    tell_refusal,
    tell_remarks,
    undisturbed,
)

if TYPE_CHECKING:
    from webadmin.publishing.answers import Proposal, Proposed
    from webadmin.publishing.overtaking import Overtaken
    from webadmin.store.revisions import Act, Period

NEW = Text("新增", "new")
CHANGED = Text("变更", "changed")
UNCHANGED = Text("未变", "unchanged")
INSTEAD = Text("（替换第 {number} 版）", "  (instead of revision {number})")
PROPOSED = Text(
    "已提出提案 {id}，{period}生效。须由他人批准：\nfairlead approve {id}",
    "proposed as {id}, in effect {period}. Next, somebody else runs:\nfairlead approve {id}",
)
WAITING = Text(
    "同样的提案 {id} 已在等待批准。须由他人批准：\nfairlead approve {id}",
    "the very same waits already as {id}. Next, somebody else runs:\nfairlead approve {id}",
)
NOTHING = Text("没有需要提出的内容：这些文件均已生效", "nothing to propose: all of this is in effect as it is")
OVERTAKES = Text(
    "注意：取代了原定 {since} 起生效的{document}第 {number} 版",
    "mind: it takes the place of {document} {number}, which was to begin on {since}",
)
UNRETIRES = Text(
    "注意：原定 {since} 起停用{document}，因此失效", "mind: it undoes that {document} was to be retired from {since} on"
)
APPROVED = Text(
    "已批准，自 {since} 起生效：{documents}",
    "approved; in effect from {since} on: {documents}",
)
RETIRED = Text("已批准，自 {since} 起停用：{documents}", "approved; retired from {since} on: {documents}")
DECLINED = Text("已否决提案 {id}", "declined the proposal {id}")
WITHDRAWN = Text("已撤回提案 {id}", "withdrew the proposal {id}")
NO_PROPOSALS = Text("没有待批的提案", "no proposal waits")
NONE_AT_ALL = Text("没有提案", "there are no proposals")
BY_TO_RETIRE = Text("{author} 提出停用：{period}", "by {author}, to be retired {period}")
BY = Text("{author} 提出，{period}生效", "by {author}, in effect {period}")
DECIDED = Text("{state}，{by}", "{state} by {by}")


@click.command(
    epilog='Example: fairlead publish rules/approval/order.yaml --from 2027-01-01 --note "new limits"',
    short_help="Propose policies for publication. 提出发布。",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@day_option("--from", "since", "First day in effect; otherwise the day of approval. 生效首日。")
@day_option("--until", "until", "First day no longer in effect; otherwise without end. 失效日。")
@click.option("--note", default="", help="Why; kept in the record. 说明。")
@json_option
@language_option
def publish(
    paths: tuple[Path, ...], since: date | None, until: date | None, note: str, language: Language, *, as_json: bool
) -> None:
    """Propose the documents at PATHS, files or folders, all together; a second identity approves them.

    They are checked with everything they would be in effect with, on every day the set changes, and their tests are
    run. Nothing is proposed where there is an error, a failing test, a penalty policy without its consultation, or a
    period that begins in the past. What is in effect as it is, is left out.

    提出发布 PATHS 中的文件，须由他人批准；提出前会与届时生效的其他文件一并检查，并运行测试。
    """
    from webadmin.access.scopes import Scope
    from webadmin.publishing import service
    from webadmin.publishing.answers import Refused
    from webadmin.store.revisions import Period

    documents, period = _read(paths, language), Period(since, until)
    with furnished(language, act()) as record, undisturbed(language):
        who = identity(record, language).needing((Scope.PUBLISH,), language)
        with progress("checking", language):
            done = service.propose(record, documents, period, note, who.act, may_backdate=who.may_backdate)
    if isinstance(done, Refused):
        raise tell_refusal(done, since or who.act.today, language, as_json=as_json)
    _tell_proposed(done, period, who.act, language, as_json=as_json)


def _read(paths: Sequence[Path], language: Language) -> dict[str, bytes]:
    """Return the texts at some paths by the names of their files.

    Raises:
        WrongUse: there is none, or one cannot be read.
    """
    from policy.engine import documents_in
    from policy.yamltext.canonical import MOST_BYTES

    for path in paths:
        if not path.exists():
            raise WrongUse(say("path-missing", language, path=path))
    found: dict[str, bytes] = {}
    for file in documents_in(paths):
        try:
            with file.open("rb") as opened_file:
                found[str(file)] = opened_file.read(MOST_BYTES + 1)
        except OSError as error:
            raise unreadable(error, file, language) from error
    if not found:
        raise WrongUse(say("no-documents", language, path=", ".join(map(str, paths))))
    return found


def _tell_proposed(done: Proposed, period: Period, act: Act, language: Language, *, as_json: bool) -> None:
    if as_json:
        echo_json(_data_of_proposed(done))
        return
    tell_remarks(done.remarks, period.since or act.today, language)
    for change in done.changes:
        word = (NEW if change.before is None else CHANGED).to(language)
        instead = "" if change.before is None else INSTEAD.to(language).format(number=change.before.number)
        out(f"{word}  {change.document}{instead}")
    for name in done.unchanged:
        out(f"{UNCHANGED.to(language)}  {name}")
    _tell_overtaken(done.overtakes, language)
    said = NOTHING if done.proposal is None else PROPOSED if done.is_new else WAITING
    click.echo(said.to(language).format(id=done.proposal, period=lasting(period, language)), err=True)


def _tell_overtaken(overtakes: Iterable[Overtaken], language: Language) -> None:
    for each in overtakes:
        said = (UNRETIRES if each.retires else OVERTAKES).to(language)
        click.echo(said.format(since=each.since, document=each.document, number=each.number), err=True)


def _data_of_overtaken(overtakes: Iterable[Overtaken]) -> list[dict[str, Any]]:
    return [
        {"document": each.document, "revision": each.number, "since": each.since, "retires": each.retires}
        for each in overtakes
    ]


def _data_of_proposed(done: Proposed) -> dict[str, Any]:
    return {
        "proposal": done.proposal,
        "is_new": done.is_new,
        "documents": [
            {
                "document": each.document,
                "source": each.source,
                "digest": each.digest,
                "instead_of": None if each.before is None else each.before.number,
            }
            for each in done.changes
        ],
        "unchanged": list(done.unchanged),
        "overtakes": _data_of_overtaken(done.overtakes),
        "findings": findings(done.remarks),
    }


@click.command(
    epilog='Example: fairlead approve 0199… --comment "as agreed"',
    short_help="Approve what somebody else proposed. 批准提案。",
)
@click.argument("proposal")
@click.option("--comment", default="", help="What you say to it; kept in the record. 意见。")
@json_option
@language_option
def approve(proposal: str, comment: str, language: Language, *, as_json: bool) -> None:
    """Approve PROPOSAL, which somebody else made: all of its documents take effect at once, or none.

    The whole set is checked once more with what is in effect by now. A running server follows without a restart.

    批准他人提出的 PROPOSAL：其中的文件同时生效；批准前会再次检查。
    """
    from webadmin.access.scopes import Scope
    from webadmin.publishing import service
    from webadmin.publishing.answers import Refused

    with opened(language) as record, undisturbed(language):
        who = identity(record, language).needing((Scope.APPROVE,), language)
        with progress("checking", language):
            done = service.approve(record, proposal, who.act, may_backdate=who.may_backdate, remark=comment)
    if isinstance(done, Refused):
        raise tell_refusal(done, who.act.today, language, as_json=as_json)
    if as_json:
        told = {"proposal": proposal, "since": done.since, "publications": list(done.publications)}
        echo_json({**told, "overtakes": _data_of_overtaken(done.overtakes)})
        return
    _tell_overtaken(done.overtakes, language)
    documents = say("joint", language).join(f"{each.document} {each.number}" for each in done.proposal.items)
    said = RETIRED if done.proposal.retires else APPROVED
    click.echo(said.to(language).format(since=done.since, documents=documents), err=True)


@click.command(
    epilog='Example: fairlead decline 0199… --comment "the limit is too low"',
    short_help="Decline a proposal, or withdraw your own. 否决提案。",
)
@click.argument("proposal")
@click.option("--comment", required=True, help="Why; kept in the record. 理由。")
@json_option
@language_option
def decline(proposal: str, comment: str, language: Language, *, as_json: bool) -> None:
    """Decline PROPOSAL, or withdraw it where it is your own.

    否决 PROPOSAL；自己的提案则为撤回。
    """
    from webadmin.access.scopes import Scope
    from webadmin.publishing import service
    from webadmin.publishing.answers import Refused

    with opened(language) as record, undisturbed(language):
        who = identity(record, language).needing((Scope.APPROVE, Scope.PUBLISH), language)
        found = service.proposal(record, proposal)
        is_own = not isinstance(found, Refused) and found.author == who.act.actor
        if not is_own:
            who.needing((Scope.APPROVE,), language)
        done = service.decline(record, proposal, who.act, comment)
    if isinstance(done, Refused):
        raise tell_refusal(done, who.act.today, language, as_json=as_json)
    if as_json:
        echo_json({"proposal": proposal, "state": "withdrawn" if is_own else "declined"})
        return
    click.echo((WITHDRAWN if is_own else DECLINED).to(language).format(id=proposal), err=True)


@click.command(epilog="Example: fairlead proposals --all --json", short_help="Show the proposals that wait. 列出提案。")
@click.option("--all", "show_all", is_flag=True, help="Those that were decided, too. 包括已决定的。")
@json_option
@language_option
def proposals(language: Language, *, show_all: bool, as_json: bool) -> None:
    """Show the proposals that wait for a second identity.

    列出等待批准的提案。
    """
    from webadmin.publishing import service

    with opened(language) as record:
        found = service.all_proposals(record, only_open=not show_all)
    if as_json:
        echo_json([data_of(each) for each in found])
        return
    for each in found:
        _tell_proposal(each, language)
    if not found:
        click.echo((NONE_AT_ALL if show_all else NO_PROPOSALS).to(language), err=True)


def _tell_proposal(each: Proposal, language: Language) -> None:
    state = STATES[each.state].to(language)
    if each.decided_by is not None:
        state = DECIDED.to(language).format(state=state, by=each.decided_by)
    by = (BY_TO_RETIRE if each.retires else BY).to(language)
    by = by.format(author=each.author, period=lasting(each.period, language))
    out(f"{each.id}  {state}  {by}  {in_a_line(each.note)}".rstrip())
    for item in each.items:
        out(f"  {item.document} {item.number}  {item.digest}")
    if each.remark:
        out(f"  {in_a_line(each.remark)}")


@click.command(
    epilog="Example: fairlead rollback approval.order --to 3",
    short_help="Propose an earlier revision again. 回退到更早的版本。",
)
@click.argument("policy")
@click.option(
    "--to", type=click.IntRange(min=1), metavar="REVISION", help="Its number; otherwise the one before. 版本号。"
)
@click.option("--note", default="", help="Why; kept in the record. 说明。")
@json_option
@language_option
def rollback(policy: str, to: int | None, note: str, language: Language, *, as_json: bool) -> None:
    """Propose an earlier revision of POLICY again, in effect from the day somebody else approves it.

    POLICY may also be `vocabulary` or a reference table such as `reference/exchange-rate`. The past stays as it was,
    and rolling back once more undoes it.

    将 POLICY 回退到更早的版本：作为新的提案，须由他人批准；可再次回退以撤销。
    """
    from webadmin.access.scopes import Scope
    from webadmin.publishing import service
    from webadmin.publishing.answers import Refused
    from webadmin.store.revisions import Period

    with opened(language) as record, undisturbed(language):
        who = identity(record, language).needing((Scope.PUBLISH,), language)
        done = service.rollback(record, policy, who.act, to=to, note=note)
    if isinstance(done, Refused):
        raise tell_refusal(done, who.act.today, language, as_json=as_json)
    _tell_proposed(done, Period(), who.act, language, as_json=as_json)
