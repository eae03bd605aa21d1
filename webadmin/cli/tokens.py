"""`fairlead token`: tokens for applications that use the HTTP API."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from policy.cli.frame import Refused, WrongUse, echo_json, json_option, language_option, out
from policy.values import Language, Text
from webadmin.cli.options import language_of

if TYPE_CHECKING:
    from webadmin.access.tokens import Listed

LONGEST = timedelta(days=730)
"""The longest a token may live."""

SCOPES = ("decide", "read", "events", "publish", "approve", "metrics", "admin")
CLASSES = ("personal", "pay")
"""What can be chosen, besides `open`, which every token has; the same as `webadmin.access.scopes` has."""

MADE = Text(
    "已为 {client} 生成令牌 {id}，有效至 {until}。下面的令牌只显示这一次：",
    "made the token {id} for {client}; it lives until {until}. This is shown once:",
)
REVOKED = Text(
    "已撤销 {client} 的令牌 {id}；一秒内各处失效",
    "revoked the token {id} of {client}; it opens nothing within a second",
)
REFUSALS = {
    "two-live": Text(
        "{name} 已有两个有效令牌：请先用 fairlead token revoke 撤销一个",
        "two tokens of {name} live already: revoke one first with fairlead token revoke",
    ),
    "unknown": Text(
        "没有编号为 `{name}` 的令牌：fairlead token list 列出全部",
        "there is no token with the id `{name}`: fairlead token list shows all",
    ),
    "revoked": Text("令牌 `{name}` 已经撤销", "the token `{name}` is revoked already"),
}
BUSY = Text("暂时无法写入：{why}", "nothing can be written just now: {why}")
NAME = Text(
    "名称 `{name}` 不能使用：请用 1 至 100 个字母、数字、点、下划线或连字符",
    "the name `{name}` cannot be used: take 1 to 100 letters, digits, points, underscores or hyphens",
)
LIFETIME = Text(
    "--expires 的值是 `{found}`：应为天数或小时数，从 1h 到 {most}d，例如 90d 或 12h",
    "--expires is `{found}`: expected days or hours from 1h to {most}d, such as 90d or 12h",
)
STATES = {
    "live": Text("有效", "live"),
    "revoked": Text("已撤销", "revoked"),
    "expired": Text("已过期", "expired"),
}
NONE = Text("没有令牌", "there are no tokens")


@click.group(
    name="token",
    epilog="Example: fairlead token create crm --scope decide --scope read --class personal --expires 90d",
    short_help="Make, list and revoke tokens of the HTTP API. 管理 API 令牌。",
)
def token() -> None:
    """Tokens of applications that use the HTTP API.

    管理使用 HTTP API 的应用的令牌：生成、列出、撤销。
    """


def _lifetime(context: click.Context, _: click.Parameter, value: str) -> timedelta:
    """Read `90d` or `12h`."""
    found = re.fullmatch(r"([0-9]{1,5})([dh])", value)
    lifetime = timedelta(0)
    if found is not None:
        lifetime = timedelta(days=int(found[1])) if found[2] == "d" else timedelta(hours=int(found[1]))
    if not timedelta(0) < lifetime <= LONGEST:
        raise WrongUse(LIFETIME.to(language_of(context)).format(found=value, most=LONGEST.days))
    return lifetime


@token.command(
    epilog="Example: fairlead token create crm --scope decide --expires 90d",
    short_help="Make a token and show it once. 生成令牌。",
)
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="What it may do. 权限。"
)
@click.option(
    "--class",
    "classes",
    multiple=True,
    type=click.Choice(CLASSES),
    help="Classes of values it may read back. 可见类别。",
)
@click.option("--expires", default="90d", show_default=True, callback=_lifetime, help="How long it lives. 有效期。")
@click.option("--per-minute", type=click.IntRange(1, 1_000_000), help="Requests in a minute. 每分钟请求数。")
@json_option
@language_option
def create(  # noqa: PLR0913 - one for each option
    name: str,
    scopes: tuple[str, ...],
    classes: tuple[str, ...],
    expires: timedelta,
    per_minute: int | None,
    language: Language,
    *,
    as_json: bool,
) -> None:
    """Make a token for the application NAME; at most two of an application live at a time.

    为应用 NAME 生成令牌；每个应用最多同时有两个有效令牌。
    """
    from policy.model.document import FieldClass
    from webadmin.access import tokens
    from webadmin.access.scopes import Scope
    from webadmin.cli.opening import act

    if not re.fullmatch(r"[\w.-]{1,100}", name):
        raise WrongUse(NAME.to(language).format(name=name[:100]))
    acting = act()
    until = acting.now + expires
    wish = tokens.Wish(name, frozenset(map(Scope, scopes)), frozenset(map(FieldClass, classes)), until, per_minute)
    made = _written(language, lambda transaction: tokens.make(transaction, wish, actor=acting.actor, now=acting.now))
    if as_json:
        echo_json({"id": made.id, "client": name, "token": made.secret, "expires_at": until.isoformat()})
        return
    click.echo(MADE.to(language).format(client=name, id=made.id, until=f"{until:%Y-%m-%d}"), err=True)
    click.echo(made.secret)


@token.command(name="list", epilog="Example: fairlead token list --json", short_help="Show all tokens. 列出令牌。")
@json_option
@language_option
def show(language: Language, *, as_json: bool) -> None:
    """Show every token without its secret, which nobody keeps.

    列出全部令牌；令牌本身不保存，无法再显示。
    """
    from webadmin.access import tokens
    from webadmin.cli.opening import act, opened

    now = act().now
    with opened(language) as record, record.engine.connect() as connection:
        found = tokens.listed(connection)
    states = [_state(each, is_live=each.is_live(now)) for each in found]
    if as_json:
        echo_json([_data(each, state) for each, state in zip(found, states, strict=True)])
        return
    for each, state in zip(found, states, strict=True):
        until = f"{each.expires_at:%Y-%m-%d}"
        out(f"{each.id}  {each.client}  {STATES[state].to(language)}  {until}  {each.scopes}  {each.classes}".rstrip())
    if not found:
        click.echo(NONE.to(language), err=True)


@token.command(epilog="Example: fairlead token revoke 0199…", short_help="Revoke a token. 撤销令牌。")
@click.argument("id")
@language_option
def revoke(id: str, language: Language) -> None:  # noqa: A002 - the name of the argument
    """Revoke the token with this id, as `fairlead token list` shows it.

    撤销令牌，编号见 fairlead token list。
    """
    from webadmin.access import tokens
    from webadmin.cli.opening import act

    acting = act()
    was = _written(language, lambda transaction: tokens.revoke(transaction, id, actor=acting.actor, now=acting.now))
    click.echo(REVOKED.to(language).format(client=was.client, id=was.id), err=True)


def _written(language: Language, work: Any) -> Any:
    """Write to the record.

    Raises:
        Refused: it cannot be done; says why.
    """
    from webadmin.access.tokens import TokenRefusedError
    from webadmin.cli.opening import opened
    from webadmin.store.writer import BusyError

    with opened(language) as record:
        try:
            return record.writer.write(work)
        except TokenRefusedError as error:
            raise Refused(REFUSALS[error.why].to(language).format(name=error.name)) from error
        except BusyError as error:
            raise Refused(BUSY.to(language).format(why=error)) from error


def _state(each: Listed, *, is_live: bool) -> str:
    return "revoked" if each.revoked_at is not None else "live" if is_live else "expired"


def _data(each: Listed, state: str) -> dict[str, Any]:
    return {
        "id": each.id,
        "client": each.client,
        "state": state,
        "scopes": each.scopes.split(),
        "classes": each.classes.split(),
        "per_minute": each.per_minute,
        "created_at": each.created_at.isoformat(),
        "created_by": each.created_by,
        "expires_at": each.expires_at.isoformat(),
        "revoked_at": None if each.revoked_at is None else each.revoked_at.isoformat(),
    }
