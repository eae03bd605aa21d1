"""`fairlead revisions` and `fairlead export`: what is in effect when, and its text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policy.cli.frame import Refused, WrongUse, echo_json, json_option, language_option, out, say
from policy.errors import did_you_mean
from policy.values import Language, Text
from webadmin.cli.opening import act, opened
from webadmin.cli.options import day_option
from webadmin.cli.revising import in_a_line, lasting

if TYPE_CHECKING:
    from webadmin.publishing.answers import Published

LIVE = Text("生效", "live")
SIGNED = Text("{author} 提出，{approver} 批准", "by {author}, approved by {approver}")
NOTHING = Text("没有已发布的版本", "nothing is published")
NO_SUCH = Text("`{name}` 没有已发布的版本{near}", "nothing is published as `{name}`{near}")
RETIRED = Text("停用：{period}", "retired: {period}")
NOT_LIVE = Text(
    "{day} 没有可以导出的内容{near}：fairlead revisions --on {day} 列出当日生效的版本",
    "there is nothing to export for {day}{near}: fairlead revisions --on {day} shows what is live then",
)
OCCUPIED = Text("目录 `{path}` 不为空：请另选目录", "the folder `{path}` is not empty: choose another")
NO_FOLDER = Text("`{path}` 不是目录", "`{path}` is no folder")
ALTERED = Text(
    "文本与其摘要不符，未写出任何文件：{documents}；请运行 fairlead verify",
    "texts are not what their digests say, so nothing was written: {documents}; see fairlead verify",
)
EXPORTED = Text(
    "已写出 {count} 个文件（{day} 生效的内容）到 `{path}`",
    "wrote what is live on {day} to `{path}`; documents: {count}",
)


@click.command(
    epilog="Example: fairlead revisions approval.order --on 2027-01-01",
    short_help="Show what was published, and what is live. 列出版本。",
)
@click.argument("policy", required=False)
@day_option("--on", "day", "The day that says which are live; today otherwise. 日期。")
@json_option
@language_option
def revisions(policy: str | None, day: date | None, language: Language, *, as_json: bool) -> None:
    """Show the publications of POLICY, or of every document, the newest first; `*` marks what is live on the day.

    列出 POLICY（或全部文件）的发布历史，最新的在前；`*` 表示当日生效。
    """
    from webadmin.publishing import service

    acting = act()
    with opened(language) as record:
        every = service.history(record, acting if day is None else replace(acting, today=day))
    found = [each for each in every if policy in (None, each.document)]
    if not found:
        raise Refused(_none(policy, {each.document for each in every}, language))
    if as_json:
        echo_json([_data(each) for each in found])
        return
    for each in found:
        _tell(each, language)


def _none(policy: str | None, known: set[str], language: Language) -> str:
    if policy is None:
        return NOTHING.to(language)
    return NO_SUCH.to(language).format(name=policy, near=_near(policy, known, language))


def _near(name: str, known: set[str], language: Language) -> str:
    near = did_you_mean(name, sorted(known)).get("suggestion")
    return say("near", language, name=near) if near else ""


def _tell(each: Published, language: Language) -> None:
    from webadmin.store.revisions import Period

    signed = SIGNED.to(language).format(author=each.author, approver=each.approver)
    period = lasting(Period(each.since, each.until), language)
    mark = "*" if each.is_live else " "
    period = RETIRED.to(language).format(period=period) if each.retires else period
    digest = each.digest.removeprefix("sha256:")[:12]
    out("  ".join((f"{mark} {each.document} {each.number}", period, signed, digest, in_a_line(each.note))).rstrip())


def _data(each: Published) -> dict[str, Any]:
    return {
        "document": each.document,
        "publication": each.seq,
        "revision": each.number,
        "digest": each.digest,
        "since": each.since,
        "until": each.until,
        "author": each.author,
        "approver": each.approver,
        "note": each.note,
        "published_at": each.published_at.isoformat(),
        "live": each.is_live,
        "retires": each.retires,
    }


@click.command(
    epilog="Example: fairlead export --on 2027-01-01 live/ && fairlead check live/",
    short_help="Write what is live into a folder. 导出生效的文件。",
)
@click.argument("folder", type=click.Path(path_type=Path))
@day_option("--on", "day", "What is live on that day; today otherwise. 日期。")
@click.option("--policy", metavar="ID", help="Only this policy and what it uses. 仅导出一条策略及其所用文件。")
@json_option
@language_option
def export(folder: Path, day: date | None, policy: str | None, language: Language, *, as_json: bool) -> None:
    """Write the documents live on a day into FOLDER, byte for byte as they were published.

    FOLDER is made where there is none, and refused where it holds anything. `fairlead check` accepts it.

    将当日生效的文件原样写入 FOLDER；目录须为空或不存在。
    """
    chosen = day or act().today
    with opened(language) as record:
        written = _written(record, folder, chosen, policy, language)
    if as_json:
        echo_json({"day": chosen, "files": list(map(str, written))})
        return
    click.echo(EXPORTED.to(language).format(day=chosen, path=folder, count=len(written)), err=True)


def _written(record: Any, folder: Path, day: date, policy: str | None, language: Language) -> list[Path]:
    from webadmin.publishing import export as exporting

    try:
        return exporting.write(folder, exporting.texts(record, day, policy))
    except exporting.NothingError as error:
        near = "" if policy is None else _near(policy, set(error.others), language)
        raise WrongUse(NOT_LIVE.to(language).format(day=day, near=near)) from error
    except exporting.OccupiedError as error:
        raise Refused(OCCUPIED.to(language).format(path=folder)) from error
    except exporting.AlteredError as error:
        documents = say("joint", language).join(error.documents)
        raise Refused(ALTERED.to(language).format(documents=documents)) from error
    except NotADirectoryError as error:
        raise WrongUse(NO_FOLDER.to(language).format(path=folder)) from error
    except OSError as error:
        raise Refused(say("unwritable", language, path=folder, why=error.strerror)) from error
