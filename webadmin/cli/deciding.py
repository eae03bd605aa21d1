"""`fairlead decide` as the engine has it, and besides over the deals in the database: `--from deals`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policy.cli.deciding import Asked, check_use
from policy.cli.deciding import decide as decide_without_record
from policy.cli.frame import Refused, WrongUse, progress, say, tell
from policy.errors import AsOfError, did_you_mean
from policy.values import Language
from webadmin.cli.opening import act, furnished, patient
from webadmin.cli.revising import in_a_line

if TYPE_CHECKING:
    from policy.cli.bulk import Tally
    from webadmin.decisions.deals import DealRun
    from webadmin.decisions.service import RetiredPolicyError
    from webadmin.store.record import Record
    from webadmin.store.revisions import Act

DEALS = Path("deals")
"""What `--from` names instead of a file; a file of that name is `./deals`."""


@click.command(
    "decide",
    epilog=f"{decide_without_record.epilog}; fairlead decide approval.order --from deals --dry-run",
    short_help=decide_without_record.short_help,
)
@click.option("--again", is_flag=True, help="With --from deals: keep what is in the record, too. 重复的也写入。")
@click.option("--dry-run", is_flag=True, help="With --from deals: keep nothing. 只试算，不写入。")
@click.pass_context
def decide(context: click.Context, /, *, again: bool, dry_run: bool, **options: Any) -> None:
    """Decide with POLICY, such as approval.order: from facts as JSON, or for every row of a CSV or XLSX file.

    Prints the status, the outcome, and what the policy makes of it; with --json the canonical decision. Exit code 1
    when facts or rows are refused.

    --from deals decides every deal in the database for the day it was closed on (or --as-of), under the policy in
    effect there on that day, and keeps the decisions in the record; what is kept already is not kept twice.

    依据策略作出裁定，可给出理由；--from 可批量处理 CSV 或 XLSX 文件；--from deals 裁定数据库中的商机并记入记录。
    """
    asked = Asked(**options)
    if asked.table == DEALS:
        _check(asked)
        context.exit(_decide_deals(asked, again=again, dry_run=dry_run))
    for option, given in (("--again", again), ("--dry-run", dry_run)):
        if given:
            raise WrongUse(say("only-with-deals", asked.language, option=option))
    context.invoke(decide_without_record, **options)


decide.params = [*decide_without_record.params, *decide.params]


def _check(asked: Asked) -> None:
    given = {
        "--facts": asked.facts,
        "--map": asked.mapping,
        "--events": asked.events,
        "--explain": asked.explain or None,
    }
    for option, value in given.items():
        if value is not None:
            raise WrongUse(say("not-with-deals", asked.language, option=option))
    check_use(asked, is_mapped=False)


def _decide_deals(asked: Asked, *, again: bool, dry_run: bool) -> int:
    """Decide the stored deals, and print the report; return the exit code."""
    from policy.cli.bulk import Tally, drain, tell_outcome
    from webadmin.decisions.deals import DealRun

    acting = act()
    with furnished(asked.language, acting) as record, tempfile.TemporaryFile("w+", encoding="utf-8") as body:
        _check_policy(asked, record, acting)
        tally = Tally(asked.language, body)
        with progress("deciding", asked.language, _count(record)) as advance, patient(asked.language):
            run = DealRun(record, asked.policy, acting, asked.as_of, is_dry=dry_run, again=again, progress=advance)
            drain(asked, _records(run, tally))
        code = tell_outcome(asked, run.report, tally)
    said = "decisions-not-kept" if dry_run else "decisions-kept"
    tell(said, asked.language, kept=run.kept, known=run.known)
    return code


def _count(record: Record) -> int:
    from webadmin.store import deals

    with record.engine.connect() as connection:
        return deals.count(connection)


def _check_policy(asked: Asked, record: Record, acting: Act) -> None:
    """Refuse a policy that is not there.

    Raises:
        WrongUse: none of that name is in effect, or the day is none.
        Refused: it does not load.
    """
    from webadmin.decisions import service
    from webadmin.store.catalogue import Unloadable

    try:
        day = acting.today if asked.as_of is None else service.day_for(asked.as_of)
        with record.engine.connect() as connection:
            service.policy_for(record, connection, asked.policy, day)
    except AsOfError as error:
        raise WrongUse(say("bad-day", asked.language, found=asked.as_of)) from error
    except service.RetiredPolicyError as error:
        raise WrongUse(_retired(error, asked.language)) from error
    except service.UnknownPolicyError as error:
        raise WrongUse(_unknown(asked.policy, error.others, asked.language)) from error
    except Unloadable as error:
        why = "; ".join(map(str, error.prepared.findings[:3]))
        raise Refused(say("not-loading", asked.language, name=asked.policy, why=why)) from error


def _retired(error: RetiredPolicyError, language: Language) -> str:
    gone = error.retired
    signed = {"author": gone.author, "approver": gone.approver, "note": in_a_line(gone.note)}
    return say("retired", language, name=error.name, since=gone.since, **signed)


def _unknown(name: str, others: tuple[str, ...], language: Language) -> str:
    near = did_you_mean(name, others).get("suggestion")
    known = say("joint", language).join(others) or "–"
    return say("not-in-effect", language, name=name, near=say("near", language, name=near) if near else "", known=known)


def _records(run: DealRun, tally: Tally) -> Iterator[Mapping[str, Any]]:
    """Yield one flat record for each deal that was decided."""
    from policy.tables import flat

    for each in run:
        if each.made is not None:
            tally.decided(each.row, each.made.decision, each.made.policy)
            yield flat(each.row, each.made.decision)
        elif each.error is not None:
            tally.erred(each.row, each.error)
        else:
            tally.refused(each.row)
