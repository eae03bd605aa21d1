"""The commands that need no database: check, test, decide, schema.

Data go to standard output, everything said about them to standard error. Exit codes: 0 fine, 1 findings or refusals,
2 wrong use. Only this package reads the clock: a decision is for today unless `--as-of` says otherwise.
"""

from __future__ import annotations

from policy.cli.checking import check
from policy.cli.deciding import decide
from policy.cli.schemas import schema
from policy.cli.testing import test

COMMANDS = (check, test, decide, schema)
"""Every command, in order of use."""
