"""`fairlead verify`: proves the record, or names the first row of each chain that is not as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from policy.cli.frame import FOUND, WrongUse, echo_json, json_option, language_option, out, progress, say, tell
from policy.values import Language
from webadmin.cli.opening import act, exported, opened, patient

if TYPE_CHECKING:
    from webadmin.store.report import Report
    from webadmin.store.verify import Scope, Watch

_PART = re.compile(r"(decisions|events|audit)(?::(\d{1,15})(?:-(\d{1,15}))?)?")


@click.command(
    epilog="Example: fairlead verify --recompute 1000",
    short_help="Prove that nothing in the record was altered. 验证记录未被篡改。",
)
@click.option(
    "--recompute",
    default="all",
    metavar="all|none|N",
    help="Decisions to decide once more: all, none, or a number of them, spread evenly. 重新计算的裁定。",
)
@click.option("--only", metavar="CHAIN[:FIRST[-LAST]]", help="A part: decisions:5000-6000. 只检查一部分。")
@click.option("--job", is_flag=True, help="Leave it to a worker, which goes on after a kill. 交给任务进程。")
@json_option
@language_option
@click.pass_context
def verify(
    context: click.Context, recompute: str, only: str | None, language: Language, *, job: bool, as_json: bool
) -> None:
    """Hold every row of the record against its hash chain, the exported heads, and the decision made once more.

    Names the first row of each chain that was altered, deleted or moved, who erased what, and what cannot be proven.
    Exit code 0 only if everything holds.

    逐行核对哈希链、链首与重新计算的裁定，指出第一处被更改、删除或移动的行，以及不能证明的内容。
    """
    from webadmin.store.verify import verify as verified

    scope = scope_of(recompute, only, language)
    if job:
        _handed_over(scope, language, as_json=as_json)
        return
    with opened(language, changing=False) as record, progress("verifying", language) as advance:
        watch, outside = _watch(advance), exported(language)
        with record.reading() as connection:
            report = verified(connection, record.catalogue, outside, scope, watch=watch)
    if as_json:
        echo_json(report.to_data())
    else:
        tell_report(report, language)
    if not report.holds:
        context.exit(FOUND)


def _handed_over(scope: Scope, language: Language, *, as_json: bool) -> None:
    """Leave it to a worker, and tell the id of the job."""
    from webadmin.cli.jobs import tell_started
    from webadmin.jobs import service, verifying

    who = act()
    with opened(language) as record, patient(language):
        name = service.start(record, verifying.KIND, verifying.plain(scope), actor=who.actor, now=who.now)
        tell_started(service.find(record, name), language, as_json=as_json)


def scope_of(recompute: str, only: str | None, language: Language) -> Scope:
    """Return what the options ask for.

    Raises:
        WrongUse: they cannot be read.
    """
    from webadmin.store.chain import Chain
    from webadmin.store.verify import Scope

    if recompute not in {"all", "none"} and not re.fullmatch(r"[0-9]{1,12}", recompute):
        raise WrongUse(say("bad-recompute", language, found=recompute))
    count = {"all": None, "none": 0}[recompute] if recompute in {"all", "none"} else int(recompute)
    if only is None:
        return Scope(count)
    part = _PART.fullmatch(only)
    chain, first, last = ("", None, None) if part is None else part.groups()
    begin, end = int(first or 1), None if last is None else int(last)
    if part is None or begin < 1 or (end is not None and end < begin):
        raise WrongUse(say("bad-part", language, found=only))
    return Scope(count, Chain(chain), begin, end)


def _watch(advance: Callable[[int], None]) -> Watch:
    from webadmin.store.verify import Watch

    passed = 0

    def told(done: int, _total: int, _report: Report) -> None:
        nonlocal passed
        advance(done - passed)
        passed = done

    return Watch(told)


def tell_report(report: Report, language: Language) -> None:
    """Print a report: what is wrong, what was erased, what was checked, and what cannot be proven."""
    from webadmin.store import wording

    for finding in report.first.values():
        place, said = wording.place_of(finding, language), wording.sentence(finding, language)
        out(say("wrong", language, place=place, said=said))
    for place, wrong, count in report.more():
        out(say("wrong-more", language, place=wording.PLACES[place].to(language), wrong=wrong, count=count))
    for each in report.erasures.values():
        out(wording.erased(each, language))
    _tell_checked(report, language)
    if report.unproven:
        out(say("unproven", language))
    for open_ in report.unproven:
        out(f"  {wording.unproven(open_, language)}")
    tell("proven" if report.holds else "not-proven", language, count=report.wrong)


def _tell_checked(report: Report, language: Language) -> None:
    from webadmin.store import wording

    counts = wording.checked(report.checked, language)
    out(say("checked-all", language, rows=say("joint", language).join(counts)))
    if report.recomputed:
        same = report.recomputed["same"]
        different = report.recomputed["different"]
        out(
            say(
                "recomputed",
                language,
                same=same,
                different=different,
                lacking=report.recomputed.total() - same - different,
            )
        )
