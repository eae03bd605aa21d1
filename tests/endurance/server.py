"""A server in small: threads that decide without end and say each id once the decision is kept.

Lines of standard output: `open`, `kept <request> <id>`, `busy <seconds>`, `wrong <error>`. Each line is one write, so
that whoever reads them knows only whole ones, wherever the process is killed.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from threading import Thread
from time import sleep

from webadmin.decisions import service
from webadmin.decisions.service import Asked
from webadmin.store.record import Record
from webadmin.store.writer import BusyError


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def decide(record: Record, request: str) -> str:
    facts = {
        "order": {"id": request, "amount": 600000, "discount": 0},
        "customer": {"id": f"c-{request[-1]}", "tier": "B"},
        "requester": {"id": "am-07", "team": "east-1"},
    }
    with record.engine.connect() as connection:
        asked = Asked("approval.order", facts, "2026-03-01")
        made = service.make(record, connection, asked, actor="client:endurance", now=service.clock())
    service.keep(record, [made])
    return made.record.id


def work(record: Record, name: str, pause: float) -> None:
    for number in count():
        request = f"{name}-{number}"
        try:
            kept = decide(record, request)
        except BusyError as error:
            tell(f"busy {error.seconds}")
            sleep(0.02)
        except Exception as error:  # noqa: BLE001 - whoever started this says what is wrong with it
            tell(f"wrong {type(error).__name__}: {str(error)[:300]!r}")
            sleep(0.02)
        else:
            tell(f"kept {request} {kept}")
        if pause:
            sleep(pause)


def main(address: str, name: str, threads: str, pause: str) -> None:
    record = Record.open(address)
    tell("open")
    running = [Thread(target=work, args=(record, f"{name}-{each}", float(pause))) for each in range(int(threads))]
    for each in running:
        each.start()
    for each in running:
        each.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
