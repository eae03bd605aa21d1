"""`fairlead erase`: takes what the record says about a person out of it, and leaves the chains whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from policy.cli.frame import Refused, echo_json, json_option, language_option, out, say, tell
from policy.values import Language
from webadmin.cli.opening import act, opened

if TYPE_CHECKING:
    from webadmin.store.erase import Erased


@click.command(
    epilog='Example: fairlead erase am-07 --reason "asked for by the person, GDPR art. 17"',
    short_help="Erase a person from the record. 从记录中删除个人信息。",
)
@click.argument("person")
@click.option("--reason", required=True, help="Why; kept in the record, so without the person's name. 理由。")
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing. 试运行。")
@json_option
@language_option
def erase(person: str, reason: str, language: Language, *, dry_run: bool, as_json: bool) -> None:
    """Erase what the record says about PERSON, known by the own id or by that of another system.

    Decisions, events and audit entries about the person are emptied; where the person is only mentioned, an id of
    nobody takes the place of the name. The chains stay whole, and verification says who erased, when and why. Backups
    and exported files are not touched.

    删除记录中关于某人的内容：相关的行被清空，仅提及之处以无主编号代替；哈希链保持完整。
    """
    from webadmin.database import compact
    from webadmin.store.erase import erase as erased
    from webadmin.store.erase import rehearse
    from webadmin.store.refusing import RefusedError

    with opened(language) as record:
        try:
            done = (rehearse if dry_run else erased)(record, person, reason, act())
        except RefusedError as error:
            raise Refused(say(str(error.why), language, **error.values)) from error
        clean = dry_run or compact(record.engine, done.tables)
    if as_json:
        echo_json(_told(done, clean=clean, dry_run=dry_run))
        return
    _tell(done, language)
    if not clean:
        tell("not-compacted", language)
    if dry_run:
        tell("would-erase", language)
    else:
        tell("erased", language, entry=done.entry)


def _told(done: Erased, *, clean: bool, dry_run: bool) -> dict[str, Any]:
    told = {**asdict(done), "left": list(done.left)}
    if dry_run:  # there is neither such an entry nor such an id
        return {name: value for name, value in told.items() if name not in ("entry", "token")} | {"dry_run": True}
    return {**told, "clean": clean}


def _tell(done: Erased, language: Language) -> None:
    for code, counts in (("emptied", done.emptied), ("redacted", done.redacted), ("removed", done.removed)):
        if counts:
            out(say(code, language, rows=_listed(counts, language)))
    if done.left:
        out(say("texts-left", language, documents=say("joint", language).join(sorted(set(done.left)))))


def _listed(counts: Mapping[str, int], language: Language) -> str:
    return say("joint", language).join(f"{table} {count}" for table, count in sorted(counts.items()))
