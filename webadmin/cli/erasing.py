"""`fairlead erase`: takes what the record says about a person out of it, and leaves the chains whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import click

from policy.cli.frame import Refused, echo_json, json_option, language_option, out, say, tell
from policy.values import Language
from webadmin.cli.opening import act, opened


@click.command(
    epilog='Example: fairlead erase am-07 --reason "asked for by the person, GDPR art. 17"',
    short_help="Erase a person from the record. 从记录中删除个人信息。",
)
@click.argument("person")
@click.option("--reason", required=True, help="Why; kept in the record, so without the person's name. 理由。")
@json_option
@language_option
def erase(person: str, reason: str, language: Language, *, as_json: bool) -> None:
    """Erase what the record says about PERSON, known by the own id or by that of another system.

    Decisions, events and audit entries about the person are emptied; where the person is only mentioned, an id of
    nobody takes the place of the name. The chains stay whole, and verification says who erased, when and why. Backups
    and exported files are not touched.

    删除记录中关于某人的内容：相关的行被清空，仅提及之处以无主编号代替；哈希链保持完整。
    """
    from webadmin.database import compact
    from webadmin.store.erase import erase as erased
    from webadmin.store.refusing import RefusedError

    with opened(language) as record:
        try:
            done = erased(record, person, reason, act())
        except RefusedError as error:
            raise Refused(say(str(error.why), language, **error.values)) from error
        clean = compact(record.engine, done.tables)
    if as_json:
        echo_json({**asdict(done), "left": list(done.left), "clean": clean})
        return
    for code, counts in (("emptied", done.emptied), ("redacted", done.redacted), ("removed", done.removed)):
        if counts:
            out(say(code, language, rows=_listed(counts, language)))
    if done.left:
        out(say("texts-left", language, documents=say("joint", language).join(sorted(set(done.left)))))
    if not clean:
        tell("not-compacted", language)
    tell("erased", language, entry=done.entry)


def _listed(counts: Mapping[str, int], language: Language) -> str:
    return say("joint", language).join(f"{table} {count}" for table, count in sorted(counts.items()))
