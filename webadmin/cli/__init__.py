"""The command `fairlead`: the engine's commands, the web pages, and what works on the record.

Each command lies in a module of its own and imports what it needs when it is called, so that all start quickly.
"""

from __future__ import annotations

import click

from policy.cli import COMMANDS
from webadmin.cli.backing import backup, restore
from webadmin.cli.deciding import decide
from webadmin.cli.demonstrating import demo
from webadmin.cli.erasing import erase
from webadmin.cli.importing import import_
from webadmin.cli.jobs import jobs, recompute
from webadmin.cli.logins import login
from webadmin.cli.publishing import approve, decline, proposals, publish, rollback
from webadmin.cli.revisions import export, revisions
from webadmin.cli.serving import serve
from webadmin.cli.signals import signals
from webadmin.cli.speaking import Speaking
from webadmin.cli.tokens import token
from webadmin.cli.verifying import verify
from webadmin.cli.working import worker


@click.group(
    cls=Speaking,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: fairlead check rules/ && fairlead serve",
)
@click.version_option(
    package_name="fairlead",
    prog_name="fairlead",
    message="%(prog)s %(version)s",
    help="Show the version and exit. 显示版本。",
)
def main() -> None:
    """Decide by written policies who serves whom, who must approve, who earns what, and say why.

    按书面策略裁定：谁服务哪位客户、谁来审批、谁得多少，并说明理由。
    """


for _command in (
    *COMMANDS,
    decide,
    import_,
    demo,
    publish,
    approve,
    decline,
    proposals,
    revisions,
    rollback,
    export,
    serve,
    login,
    token,
    worker,
    jobs,
    recompute,
    signals,
    verify,
    erase,
    backup,
    restore,
):
    main.add_command(_command)
