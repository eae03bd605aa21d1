"""What a token may do, and which classes of values it may read back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from policy.model.document import FieldClass
from policy.values import Text


class Scope(StrEnum):
    """What a token may do."""

    DECIDE = "decide"
    READ = "read"
    EVENTS = "events"
    PUBLISH = "publish"
    APPROVE = "approve"
    METRICS = "metrics"
    ADMIN = "admin"


MEANINGS: Mapping[Scope, Text] = {
    Scope.DECIDE: Text("请求裁定，查看策略的输入", "ask for decisions, and see what policies take"),
    Scope.READ: Text(
        "查看与重算已记录的裁定，查看策略与信号", "read and recompute recorded decisions, read policies and signals"
    ),
    Scope.EVENTS: Text("上报事件", "tell events"),
    Scope.PUBLISH: Text("提出策略版本", "propose revisions of policies"),
    Scope.APPROVE: Text("批准他人提出的版本", "approve what somebody else proposed"),
    Scope.METRICS: Text("读取 /metrics", "read /metrics"),
    Scope.ADMIN: Text("以上全部，以及他人启动的任务", "all of these, and the jobs of others"),
}

READABLE = (FieldClass.OPEN, FieldClass.PERSONAL, FieldClass.PAY)
"""Classes a token may read; who reported something is read back to nobody."""

GUARDED = frozenset(READABLE) - {FieldClass.OPEN}
"""Classes a token must be given to read them: with these it reads all it ever may."""
