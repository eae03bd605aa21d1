"""`fairlead login`: ways in to the web pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from policy.cli.frame import Refused, WrongUse, echo_json, json_option, language_option, out
from policy.values import Language, Text

if TYPE_CHECKING:
    from webadmin.store.record import Record

Result = TypeVar("Result")

ROLES = ("admin", "manager", "account-manager", "auditor")
KINDS = ("approval", "assignment", "incentive", "penalty", "scorecard")

MADE = Text(
    "已建立登录名 {name}（{role}）。首次登录后须更改密码；下面的密码只显示这一次：",
    "made the login {name} ({role}). The password must be changed at the first sign-in; it is shown once:",
)
GIVEN = Text(
    "已为 {name} 设置新密码，其所有会话已结束。首次登录后须更改密码；下面的密码只显示这一次：",
    "{name} has a new password, and its sessions have ended. It must be changed at once; it is shown once:",
)
CLOSED = Text("已停用登录名 {name}，其所有会话已结束", "closed the login {name}, and ended every session it had")
CLOSED_ALREADY = Text("登录名 {name} 早已停用", "the login {name} was closed already")
REFUSALS = {
    "login-taken": Text("登录名 `{found}` 已存在", "there is a login `{found}` already"),
    "login-unknown": Text(
        "没有有效的登录名 `{found}`：fairlead login list 列出全部",
        "there is no open login `{found}`: fairlead login list shows all",
    ),
    "login-second": Text("人员 `{found}` 已有登录名", "the person `{found}` has a login already"),
    "login-person": Text("没有编号为 `{found}` 的人员", "there is no person with the id `{found}`"),
    "login-erased": Text("人员 `{found}` 的资料已删除", "the person `{found}` was erased"),
}
BUSY = Text("暂时无法写入：{why}", "nothing can be written just now: {why}")
NAME = Text(
    "名称 `{name}` 不能使用：请用 1 至 100 个字母、数字、点、下划线、@ 或连字符",
    "the name `{name}` cannot be used: take 1 to 100 letters, digits, points, underscores, @ or hyphens",
)
STATES = {"open": Text("有效", "open"), "closed": Text("已停用", "closed"), "new": Text("尚无密码", "no password yet")}
NONE = Text(
    "没有登录名：fairlead login add NAME --role admin", "there are no logins: fairlead login add NAME --role admin"
)


@click.group(
    name="login",
    epilog="Example: fairlead login add admin --role admin",
    short_help="Make, list and close logins of the web pages. 管理网页登录名。",
)
def login() -> None:
    """Logins of people who use the web pages.

    管理使用网页的人员的登录名：建立、列出、换密码、停用。
    """


@login.command(
    epilog="Example: fairlead login add li.wei --role manager --person hr:1042 --kind approval",
    short_help="Make a login and show its password once. 建立登录名。",
)
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What it may do. 角色。")
@click.option("--person", metavar="ID", help="Whose it is: an id, or SOURCE:ID as imported. 所属人员。")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only policies of this kind may be changed. 策略类别。",
)
@click.option("--team", "teams", multiple=True, metavar="ID", help="Only people of this team are seen. 团队。")
@json_option
@language_option
def add(  # noqa: PLR0913 - one for each option
    name: str,
    role: str,
    person: str | None,
    kinds: tuple[str, ...],
    teams: tuple[str, ...],
    language: Language,
    *,
    as_json: bool,
) -> None:
    """Make the login NAME; the password is random, and must be changed at the first sign-in.

    建立登录名 NAME；密码随机生成，首次登录后须更改。
    """
    from webadmin.access import making
    from webadmin.cli.opening import act
    from webadmin.store.logins import Reach, Role

    if not re.fullmatch(r"[\w.@-]{1,100}", name):
        raise WrongUse(NAME.to(language).format(name=name[:100]))
    acting, reach = act(), Reach(Role(role), kinds, teams)
    password = _done(language, lambda record: making.make(record, name, reach, acting, person=person))
    _show(name, role, password, MADE, language, as_json=as_json)


@login.command(name="list", epilog="Example: fairlead login list --json", short_help="Show all logins. 列出登录名。")
@json_option
@language_option
def show(language: Language, *, as_json: bool) -> None:
    """Show every login, with its role and whether it is open.

    列出全部登录名、角色与状态。
    """
    from webadmin.cli.opening import opened
    from webadmin.store import logins

    with opened(language) as record, record.engine.connect() as connection:
        found = logins.everybody(connection)
    if as_json:
        echo_json([_data(each) for each in found])
        return
    for each in found:
        out("  ".join((each.name, each.role, STATES[_state(each)].to(language), each.kinds)).rstrip())
    if not found:
        click.echo(NONE.to(language), err=True)


@login.command(epilog="Example: fairlead login password li.wei", short_help="Give a new password. 重设密码。")
@click.argument("name")
@json_option
@language_option
def password(name: str, language: Language, *, as_json: bool) -> None:
    """Give the login NAME a new random password and end every session it has.

    为 NAME 生成新密码，并结束其所有会话。
    """
    from webadmin.access import signing
    from webadmin.cli.opening import act

    acting = act()
    given = _done(language, lambda record: signing.give(record, name, acting))
    _show(name, "", given, GIVEN, language, as_json=as_json)


@login.command(epilog="Example: fairlead login close li.wei", short_help="Close a login. 停用登录名。")
@click.argument("name")
@language_option
def close(name: str, language: Language) -> None:
    """Close the login NAME: nobody comes in with it any more, and every session ends.

    停用登录名 NAME，并结束其所有会话。
    """
    from webadmin.cli.opening import act
    from webadmin.store import logins

    acting = act()
    was_open = _done(
        language, lambda record: record.writer.write(lambda transaction: logins.disable(transaction, name, acting))
    )
    click.echo((CLOSED if was_open else CLOSED_ALREADY).to(language).format(name=name), err=True)


def _done(language: Language, work: Callable[[Record], Result]) -> Result:
    """Work on the record.

    Raises:
        Refused: it cannot be done; says why.
    """
    from webadmin.cli.opening import opened
    from webadmin.store.refusing import RefusedError
    from webadmin.store.writer import BusyError

    with opened(language) as record:
        try:
            return work(record)
        except RefusedError as error:
            raise Refused(REFUSALS[error.why].to(language).format(**error.values)) from error
        except BusyError as error:
            raise Refused(BUSY.to(language).format(why=error)) from error


def _show(name: str, role: str, password: str, said: Text, language: Language, *, as_json: bool) -> None:
    if as_json:
        echo_json({"name": name, "password": password})
        return
    click.echo(said.to(language).format(name=name, role=role), err=True)
    click.echo(password)


def _state(row: Any) -> str:
    return "closed" if row.disabled_at is not None else "open" if row.password is not None else "new"


def _data(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "role": row.role,
        "state": _state(row),
        "person": row.person_id,
        "kinds": row.kinds.split(),
        "teams": row.teams.split(),
        "created_at": row.created_at.isoformat(),
    }
