"""`fairlead serve`: the web pages and the HTTP API."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.frame import WrongUse, echo_json, json_option, language_option, tell
from policy.values import Language
from webadmin.cli.opening import database_refusal, heads_refusal

if TYPE_CHECKING:
    from webadmin.settings import Settings


@click.command(
    epilog="Example: fairlead serve --port 8080 --rules rules",
    short_help="Open the web pages. 打开网页。",
)
@click.option("--host", help="Address to listen on; the settings say 127.0.0.1. 监听地址。")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; 0 takes any free one. 端口。")
@click.option("--rules", type=click.Path(path_type=Path), help="Folder of the policies. 策略目录。")
@click.option(
    "--demo", is_flag=True, help="Fill an empty database with made-up data and logins. 空库时载入演示数据与登录名。"
)
@json_option
@language_option
def serve(
    host: str | None, port: int | None, rules: Path | None, language: Language, *, demo: bool, as_json: bool
) -> None:
    """Open the web pages and the HTTP API.

    Settings stand in config/*.toml; options stand over them. Changed policy files are read without a restart.

    打开网页与 HTTP 接口。
    """
    from webadmin.jobs.child import Child
    from webadmin.settings import SettingsError, load

    try:
        settings = load(os.environ)
    except SettingsError as error:
        raise WrongUse(str(error)) from error
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        rules=settings.rules if rules is None else rules.absolute(),
    )

    def told(address: str) -> None:
        if as_json:
            echo_json({"address": address, "rules": str(settings.rules), "worker": settings.worker})
            sys.stdout.flush()
        tell("listening", language, address=address, rules=settings.rules)

    if not settings.rules.is_dir():
        tell("rules-missing", language, path=settings.rules)
    if demo:
        _furnish(settings, language)
    child = Child({**os.environ, "DATABASE_URL": settings.database})

    def ready(address: str) -> None:
        told(address)
        if settings.worker:
            child.start()
        tell("worker-beside" if settings.worker else "worker-absent", language)

    try:
        _listen(settings, ready, language)
    finally:
        child.close()
    tell("stopped", language)


def _furnish(settings: Settings, language: Language) -> None:
    """Load the demonstration; where there are no policies for it, the pages say what to do."""
    from webadmin.cli.furnishing import furnish
    from webadmin.cli.opening import NothingShipped

    try:
        furnish(settings, language)
    except NothingShipped:
        tell("demo-left-out", language)


def _listen(settings: Settings, ready: Callable[[str], None], language: Language) -> None:
    """Serve until asked to stop.

    Raises:
        WrongUse: it cannot be served; says why.
    """
    from sqlalchemy.exc import DatabaseError

    from webadmin.migrations import NewerError
    from webadmin.server import ServerError, listen
    from webadmin.store.heads import HeadsError

    try:
        listen(settings, ready)
    except ServerError as error:
        raise WrongUse(error.text.to(language)) from error
    except HeadsError as error:
        raise heads_refusal(error, language) from error
    except NewerError as error:
        raise WrongUse(str(error)) from error
    except (DatabaseError, OSError) as error:
        raise database_refusal(error, settings, language) from error
