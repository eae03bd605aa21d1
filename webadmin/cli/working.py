"""`fairlead worker`: the process that does long work, and looks at new events."""

from __future__ import annotations

import logging
import os
import signal
import sys
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import click

from policy.cli.frame import echo_json, json_option, language_option, tell
from policy.values import Language
from webadmin.cli.opening import opened

if TYPE_CHECKING:
    from webadmin.jobs.context import Stop

LAST_STEP = 20
"""Seconds a tied worker has for its last step; after that its lease runs out and another one goes on."""


@click.command(
    epilog="Example: fairlead worker",
    short_help="Do long work, and look at new events. 执行长任务，查看新事件。",
)
@click.option("--tied", is_flag=True, help="End with standard input; `serve` starts it so. 标准输入结束时退出。")
@json_option
@language_option
def worker(language: Language, *, tied: bool, as_json: bool) -> None:
    """Do the jobs that wait, one at a time, and look at new events, until Ctrl-C or SIGTERM.

    `fairlead serve` starts one by itself (setting `jobs.worker`); more of them may run, on other machines too where the
    record is on PostgreSQL. A worker that is asked to end finishes its step and gives its job back; what a killed one
    leaves, another takes over from its last step.

    逐个执行等待中的任务并查看新事件，直到按 Ctrl-C 或收到 SIGTERM；中断的任务由其他进程从上一步继续。
    """
    from webadmin.decisions.service import clock
    from webadmin.jobs.context import Around, Stop
    from webadmin.jobs.kinds import KINDS
    from webadmin.jobs.worker import Worker, worker_name
    from webadmin.secondengine.process import SecondEngine
    from webadmin.signals.running import Looking

    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    if tied:
        Thread(target=_until_input_ends, args=(stop,), daemon=True).start()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with opened(language) as record:
        if as_json:
            echo_json({"worker": worker_name()})
            sys.stdout.flush()
        if not tied:
            tell("worker-ready", language, name=worker_name())
        around = Around(clock, stop)
        looking = Looking(record, around, SecondEngine())
        looking.start()
        Worker(record, KINDS, around).run()
        looking.join(LAST_STEP)


def _until_input_ends(stop: Stop) -> None:
    """Ask for the end once whoever started this is gone."""
    while os.read(0, 4096):
        pass
    stop.ask()
    sleep(LAST_STEP)
    os._exit(1)
