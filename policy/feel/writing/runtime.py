"""What generated Python calls, by the names it uses."""

from __future__ import annotations

from decimal import getcontext

from policy.feel import figures
from policy.feel import operations as op
from policy.feel import running as run
from policy.feel.builtins.lists import known_list_contains, larger, smaller
from policy.feel.builtins.ranges import make_range
from policy.feel.builtins.temporal import unread
from policy.feel.problems import fail
from policy.feel.reckoning import RECKONING, reckon
from policy.feel.values import NO_BOUND, Budget, alone, call, call_named, charge

RUNTIME: dict[str, object] = {
    "_add": op.add,
    "_subtract": op.subtract,
    "_multiply": op.multiply,
    "_divide": op.divide,
    "_power": op.power,
    "_negate": op.negate,
    "_days_after": op.days_after,
    "_getcontext": getcontext,
    "_RECKONING": RECKONING,
    "_reckon": reckon,
    "_total": figures.total,
    "_overflown": figures.overflown,
    "_rounded_slowly": figures.rounded_slowly,
    "_whole": figures.Whole(),
    "_less": op.less,
    "_at_most": op.at_most,
    "_more": op.more,
    "_at_least": op.at_least,
    "_equal": op.equal,
    "_unequal": op.unequal,
    "_known_equal": op.known_equal,
    "_known_unequal": op.known_unequal,
    "_passes": op.passes,
    "_known_passes": op.known_passes,
    "_truth": op.truth,
    "_no": op.no,
    "_range": make_range,
    "_NO_BOUND": NO_BOUND,
    "_path": run.path,
    "_column": run.column,
    "_position": run.position,
    "_kept": run.kept,
    "_kept_known": run.kept_known,
    "_selected": run.selected,
    "_selected_known": run.selected_known,
    "_steps": run.steps,
    "_source": run.source,
    "_alone": alone,
    "_charge": charge,
    "_loop": run.loop,
    "_loop_joined": run.loop_joined,
    "_loop_partial": run.loop_partial,
    "_loop_nested": run.loop_nested,
    "_some": run.some,
    "_every": run.every,
    "_define": run.define,
    "_instance": run.instance,
    "_now": run.now,
    "_lookup": run.lookup,
    "_call": call,
    "_call_named": call_named,
    "_list_contains": known_list_contains,
    "_smaller": smaller,
    "_larger": larger,
    "_fail": fail,
    "_unread": unread,
    "_Budget": Budget,
}
"""Functions the generated source calls, by their names in it."""
