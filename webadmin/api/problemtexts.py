"""The sorts of problems: status, title and sentence of each, by its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policy.values import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of problem.

    Attributes:
        status: HTTP status.
        title: What sort it is, the same every time.
        detail: What to do about it, with `{…}` for what was found.
    """

    status: int
    title: Text
    detail: Text


KINDS: Mapping[str, Kind] = {
    "json": Kind(
        400,
        Text("请求正文不能作为 JSON 读取", "the body cannot be read as JSON"),
        Text(
            "请发送 UTF-8 编码的 JSON（RFC 8259），并改正 errors 中列出的各处",
            "send JSON in UTF-8 as RFC 8259 has it, and put right what `errors` names",
        ),
    ),
    "parameter": Kind(
        400,
        Text("参数不能使用", "a parameter cannot be used"),
        Text("请改正 errors 中列出的参数", "put the parameters right that `errors` names"),
    ),
    "idempotency-key": Kind(
        400,
        Text("Idempotency-Key 不能使用", "the Idempotency-Key cannot be used"),
        Text(
            "收到 {found}；请给出 1 至 {expected} 个可见 ASCII 字符，例如一个 UUID，且只给一次",
            "found {found}: give 1 to {expected} visible ASCII characters, a UUID for instance, and give it once",
        ),
    ),
    "http": Kind(
        400,
        Text("请求不符合 HTTP", "the request is no HTTP"),
        Text(
            "服务器无法读取请求行、请求头或分块正文（`{found}`），连接已关闭；请检查发送它的程序或代理",
            "the server could not read its first line, header fields or chunks (`{found}`) and closed the connection; "
            "look at the program or proxy that sent it",
        ),
    ),
    "token-missing": Kind(
        401,
        Text("缺少令牌", "a token is missing"),
        Text(
            "请在 Authorization 头中给出：Bearer <令牌>；令牌在网站的“登录名”中生成，"
            "或用 fairlead token create，此处需要权限：{scopes}",
            "send the header Authorization: Bearer <token>, made on the website under Logins, or by "
            "fairlead token create; scope needed here: {scopes}",
        ),
    ),
    "token-invalid": Kind(
        401,
        Text("令牌无效", "the token is not valid"),
        Text(
            "令牌未知、已撤销或已过期：请用 fairlead token create 生成新的",
            "it is unknown, revoked or past its end: make a new one with fairlead token create",
        ),
    ),
    "scope-missing": Kind(
        403,
        Text("令牌权限不足", "the token may not do that"),
        Text(
            "此处需要权限：{scopes}（之一即可）；该令牌有：{found}；请用 fairlead token create --scope 另行生成",
            "scope needed here: {scopes}, one is enough; this token has: {found}; make one that has it with "
            "fairlead token create --scope",
        ),
    ),
    "own-proposal": Kind(
        403,
        Text("不能批准自己提出或撰写的提案", "nobody approves what they proposed or have written"),
        Text("须由他人批准；原因见 errors", "somebody else must approve it; `errors` says why"),
    ),
    "unknown-policy": Kind(
        404,
        Text("没有此策略", "there is no such policy"),
        Text("{day} 没有生效的策略 `{found}`{near}", "no policy `{found}` is in effect on {day}{near}"),
    ),
    "policy-retired": Kind(
        410,
        Text("此策略已停用", "the policy is retired"),
        Text(
            "`{found}` 自 {since} 起停用，由 {author} 提出、{approver} 批准：{note}；请改用其他策略，或由管理员恢复它",
            "`{found}` is retired since {since}, proposed by {author}, approved by {approver}: {note}; ask another "
            "policy, or have an administrator bring it back",
        ),
    ),
    "unknown-decision": Kind(
        404,
        Text("没有此裁定", "there is no such decision"),
        Text(
            "记录中没有编号为 `{found}` 的裁定；GET /api/v1/decisions 可查找",
            "the record holds no decision with the id `{found}`; GET /api/v1/decisions finds them",
        ),
    ),
    "unknown-job": Kind(
        404,
        Text("没有此任务", "there is no such job"),
        Text(
            "没有该令牌可以查看的任务 `{found}`；POST /api/v1/jobs 的应答给出编号，他人的任务需要权限 `admin`",
            "there is no job `{found}` that this token may see; the answer of POST /api/v1/jobs has the id, and those "
            "of others take the scope `admin`",
        ),
    ),
    "unknown-signal": Kind(
        404,
        Text("没有此信号", "there is no such signal"),
        Text(
            "记录中没有编号为 `{found}` 的信号；GET /api/v1/signals 可查找",
            "the record holds no signal with the id `{found}`; GET /api/v1/signals finds them",
        ),
    ),
    "unknown-proposal": Kind(
        404,
        Text("没有此提案", "there is no such proposal"),
        Text(
            "记录中没有编号为 `{found}` 的提案；GET /api/v1/proposals 可查找",
            "the record holds no proposal with the id `{found}`; GET /api/v1/proposals finds them",
        ),
    ),
    "not-found": Kind(
        404,
        Text("没有此地址", "there is nothing at this address"),
        Text(
            "`{found}` 不是可用的地址{near}；全部地址见 /openapi.json 与 /api",
            "found `{found}`, where nothing is{near}; what there is stands in /openapi.json and at /api",
        ),
    ),
    "method": Kind(
        405,
        Text("此地址不支持该方法", "that method is not for this address"),
        Text(
            "收到 {found}，应为 {expected}（见 Allow 头）",
            "found {found}, expected {expected}, as the header Allow says",
        ),
    ),
    "in-flight": Kind(
        409,
        Text("同一 Idempotency-Key 的请求仍在处理", "a request with this Idempotency-Key is still being worked on"),
        Text("请稍后用同一键重试", "try again later with the same key"),
    ),
    "proposal-state": Kind(
        409,
        Text("提案的状态已变", "the proposal is not as it was"),
        Text(
            "未作任何更改；请查看后重新提出，原因见 errors",
            "nothing was changed; look at it and propose again where it is wanted: `errors` says why",
        ),
    ),
    "erased": Kind(
        410,
        Text("此裁定的内容已删除", "what this decision said has been erased"),
        Text("依据审计条目 `{found}` 删除", "the audit entry `{found}` says by whom and why"),
    ),
    "too-large": Kind(
        413,
        Text("请求正文过大", "the body is too large"),
        Text(
            "收到 {found} 字节，最多允许 {expected} 字节；请分成几次请求",
            "found {found} bytes, expected at most {expected}: send it in several requests",
        ),
    ),
    "content-coding": Kind(
        415,
        Text("不支持压缩的正文", "the body is compressed, which is not taken"),
        Text(
            "收到 Content-Encoding: {found}；请发送未压缩的正文，并去掉该标头",
            "found Content-Encoding: {found}: send the body uncompressed, without that header",
        ),
    ),
    "media-type": Kind(
        415,
        Text("不支持的内容类型", "the body is of a type that is not taken"),
        Text("收到 {found}；请使用 Content-Type: {expected}", "found {found}: send Content-Type: {expected}"),
    ),
    "body": Kind(
        422,
        Text("请求的形式不对", "the request does not have the form it should"),
        Text("有 {count} 处需要改正，见 errors", "put right what `errors` names; problems: {count}"),
    ),
    "facts": Kind(
        422,
        Text("数据不符合策略的输入", "the facts do not fit the policy's inputs"),
        Text("有 {count} 处需要改正，见 errors", "put right what `errors` names; problems: {count}"),
    ),
    "events": Kind(
        422,
        Text("事件不符合要求", "the events do not fit"),
        Text("有 {count} 处需要改正，见 errors", "put right what `errors` names; problems: {count}"),
    ),
    "proposal": Kind(
        422,
        Text("不能这样发布", "it cannot be published like that"),
        Text(
            "未作任何更改；有 {count} 处需要改正，见 errors",
            "nothing was changed; put right what `errors` names; problems: {count}",
        ),
    ),
    "as-of": Kind(
        422,
        Text("as_of 不是日期或时刻", "as_of is neither a day nor an instant"),
        Text(
            "请写成 2026-03-01，或带时区的 2026-03-01T09:00:00+08:00",
            "write 2026-03-01, or an instant with offset such as 2026-03-01T09:00:00+08:00",
        ),
    ),
    "evaluation": Kind(
        422,
        Text("策略无法对这些数据作出裁定", "the policy cannot decide these facts"),
        Text("原因见 errors", "`errors` says why"),
    ),
    "idempotency-mismatch": Kind(
        422,
        Text("该 Idempotency-Key 已用于另一请求", "this Idempotency-Key was used for another request"),
        Text(
            "同一键只能重复同一请求：地址、正文和可见类别都须相同",
            "a key only repeats one request: the same address, body and classes of values; use a new key",
        ),
    ),
    "too-many-requests": Kind(
        429,
        Text("请求过多", "too many requests"),
        Text("该令牌每分钟最多 {limit} 次", "this token may send {limit} in a minute"),
    ),
    "headers-too-large": Kind(
        431,
        Text("请求头过大", "the header fields are too large"),
        Text(
            "请求行和请求头合计最多允许 {expected} 字节；请缩短地址、Cookie 或其他请求头",
            "first line and header fields may have {expected} bytes together: shorten the address, cookies or others",
        ),
    ),
    "internal": Kind(
        500,
        Text("服务器出错了", "something went wrong on our side"),
        Text(
            "没有写入任何内容；请凭 X-Request-Id 联系服务器的维护者",
            "nothing was written; tell whoever runs this server the X-Request-Id",
        ),
    ),
    "transfer-coding": Kind(
        501,
        Text("不支持该传输编码", "that transfer coding is not carried out"),
        Text(
            "Transfer-Encoding 只支持 chunked，否则请给出 Content-Length",
            "the only Transfer-Encoding taken is chunked; otherwise send Content-Length",
        ),
    ),
    "busy": Kind(
        503,
        Text("暂时无法写入", "nothing can be written just now"),
        Text("没有写入任何内容；请按 Retry-After 重试", "nothing was kept; try again after Retry-After seconds"),
    ),
    "unreachable": Kind(
        503,
        Text("暂时无法连接数据库", "the database cannot be reached just now"),
        Text(
            "请按 Retry-After 重试，并沿用同一 Idempotency-Key：无法确定本次请求是否已写入",
            "try again after Retry-After seconds, with the same Idempotency-Key: whether anything of this call was "
            "kept is not known",
        ),
    ),
    "policy-not-loading": Kind(
        503,
        Text("策略无法载入", "the policy does not load"),
        Text(
            "生效的策略 `{found}` 有错误，须先由其作者改正",
            "the policy `{found}` is in effect and has errors that its author must put right",
        ),
    ),
}
