"""`fairlead signals`: what patterns of events ask somebody to look at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from policy.cli.frame import echo_json, json_option, language_option, out, say, tell
from policy.values import Language
from webadmin.cli.opening import check_policy, opened, patient

if TYPE_CHECKING:
    from webadmin.store.record import Record

STATES = ("raised", "one-engine", "under-review", "second-engine-unavailable", "withdrawn")


@click.command(
    epilog="Examples: fairlead signals; fairlead signals --state under-review --json; fairlead signals --look",
    short_help="List signals: what patterns of events found. 列出信号。",
)
@click.option("--state", type=click.Choice(STATES), help="Those in one state. 某一状态的信号。")
@click.option("--policy", metavar="POLICY", help="Those of one policy. 某个策略的信号。")
@click.option("--key", metavar="TEXT", help="Those of one customer or manager, say. 某位客户或经理的信号。")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=50, help="How many at most, the newest first. 最多几条。"
)
@click.option("--look", is_flag=True, help="First look at the events nobody has looked at. 先查看新事件。")
@json_option
@language_option
def signals(limit: int, language: Language, *, look: bool, as_json: bool, **sought: str | None) -> None:
    """List signals with their state, key, time, events, and what each of the two engines found.

    A worker looks at new events by itself; --look does it here, for where none runs.

    列出信号及其状态、键、时间、事件和两个引擎的结果。
    """
    from webadmin.signals.telling import Teller
    from webadmin.store.signals import Query, behind, search

    with opened(language) as record:
        check_policy(record, sought["policy"], language)
        if look:
            with patient(language):
                look_here(record)
        with record.engine.connect() as connection:
            found = search(connection, Query(**sought), limit)
            teller = Teller(connection, found)
            told = [teller.listed(each) for each in found]
            waiting, _ = behind(connection)
    if as_json:
        echo_json(told)
    else:
        for each in told:
            out(_text(each, language))
    if not told:
        tell("no-signals", language)
    if waiting:
        tell("signals-behind", language, count=waiting)


def look_here(record: Record) -> None:
    """Look at every event that was not looked at, in this process.

    Raises:
        BusyError: the database takes no writes just now.
    """
    from webadmin.decisions.service import clock
    from webadmin.secondengine.process import SecondEngine
    from webadmin.signals.looking import Looker

    engine = SecondEngine()
    try:
        Looker(record, engine, clock).catch_up()
    finally:
        engine.close()


def _text(told: dict[str, Any], language: Language) -> str:
    answers = told["answers"]
    lines = [
        say(
            "signal-line",
            language,
            state=say(f"signal-{told['state']}", language),
            pattern=f"{told['policy']}/{told['pattern']}",
            key=told["key"],
            since=_there(told["first_time"]),
            until=_there(told["last_time"]),
            severity=told["severity"],
            id=told["id"],
        ),
        *(
            f"    {_there(each['time'])}  {each['type']}  {each['source']}/{each['event_id']}"
            for each in told["events"]
        ),
        "    " + say("signal-answer-first", language, found=_answer(answers["first"], language)),
        "    " + say("signal-answer-second", language, found=_answer(answers["second"], language)),
    ]
    if told["reason"] is not None:
        lines.append(f"    {told['reason'][str(language)]}")
    return "\n".join(lines)


def _name(event: dict[str, Any]) -> str:
    return f"{event['source']}/{event['event_id']}"


def _there(written: str) -> str:
    """Return an instant as clocks show it where the organisation is."""
    from policy.model.instants import zone
    from webadmin.store.days import TIME_ZONE

    return datetime.fromisoformat(written).astimezone(zone(TIME_ZONE)).strftime("%Y-%m-%d %H:%M")


def _answer(matches: list[list[str]] | None, language: Language) -> str:
    return say("signal-unasked", language) if matches is None else say("signal-matches", language, count=len(matches))
