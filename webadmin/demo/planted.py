"""The situations that are planted, by the ids they can be found under."""

from __future__ import annotations

OVERLOADED = "am-07"
"""Holds customers of far more load than the capacity."""

LEAVING = "am-15"
"""Leaves 30 days after the reference day; the status has been `leaving` for ten days."""

LEAVES_IN = 30

DIVERTING = "am-11"
"""Lost the diverted customer; somebody reported it."""

DIVERTED = "c-0117"
"""Lost 40 days before the reference day, sold to by a competitor 15 days later, without a transfer between."""

LOST_BEFORE, SOLD_AFTER = 40, 15

NEGLECTED = "c-0042"
"""A key account (tier A) nobody has been in contact with for five months."""

NEGLECTED_FOR = 152

LOSING = "am-29"
"""Lost three customers within five days: the one signal of severity `warn`."""

LOST_TOGETHER = ("c-0301", "c-0302", "c-0303")
LOST_TOGETHER_BEFORE = (100, 98, 96)

EXPORTING = "am-01"
"""Exported contacts and lost a customer nine days later: the one signal of severity `watch`, which is contested."""

LEFT = "c-0722"
"""The customer that was lost then."""

LEFT_BEFORE, EXPORTED_BEFORE = 66, 75

ORDERING_OUTSIDE = "am-04"
"""Lost a customer half a year ago that bought elsewhere two weeks later: a case was opened and decided about."""

ORDERED_OUTSIDE = "c-0251"
ORDERED_AFTER, KNOWN_BEFORE = 14, 160

HANDED_OVER = "c-0533"
"""Went from `EXPORTING` to somebody of the same team; that was contested, and answered."""

REPORT = "ev-report"
"""The whistle-blower's report on the diverted customer, twelve days before the reference day."""

REPORTED_BEFORE = 12
REPORTER = "am-31"
"""Who reported: a value of class `identity`, which no explanation shows."""

OWNERS = {DIVERTED: DIVERTING, **dict.fromkeys(LOST_TOGETHER, LOSING)}
"""Customers whose owner is given."""
