"""What the commands say, in zh and en."""

from __future__ import annotations

from collections.abc import Mapping

from policy.values import Text

SENTENCES: Mapping[str, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
    "decided": Text("已裁定", "decided"),
    "no_hit": Text("无规则命中", "no hit"),
    "undetermined": Text("无法裁定", "undetermined"),
    "conflict": Text("规则冲突", "conflict"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "nothing": Text("无", "none"),
    "outcome": Text("规则给出", "outcome"),
    "result": Text("结果", "result"),
    "hits": Text("命中规则", "hits"),
    "missing": Text("缺少数据", "missing"),
    "also": Text("；", "; "),
    "joint": Text("、", ", "),
    "path-missing": Text(
        "找不到 `{path}`：应为策略文件或其所在目录",
        "`{path}` is not there: expected a policy file, or a folder of policy files",
    ),
    "no-documents": Text(
        "`{path}` 中没有策略：请在其中放入 *.yaml 文件，例如 approval/order.yaml，或用 --rules 指明目录",
        "there are no policies in `{path}`: put *.yaml files there, such as approval/order.yaml, or name their folder",
    ),
    "unknown-policy": Text(
        "`{rules}` 中没有策略 `{name}`{near}；现有：{known}",
        "there is no policy `{name}` in `{rules}`{near}; there are: {known}",
    ),
    "near": Text("（是否想写 `{name}`？）", " (did you mean `{name}`?)"),
    "policy-unsound": Text(
        "策略 `{name}` 有错误，不能使用；改好后再试",
        "the policy `{name}` has errors and cannot be used; put them right and try again",
    ),
    "others-unsound": Text(
        "其他文件有 {count} 处错误，不影响本策略；运行 fairlead check {rules} 查看",
        "errors in other files, which do not touch this policy: {count}; see fairlead check {rules}",
    ),
    "file-missing": Text("找不到文件 `{path}`", "there is no file `{path}`"),
    "rules-missing": Text(
        "找不到策略目录 `{path}`，不会从中发布任何内容：请用 --rules 指明，或新建该目录后重新启动",
        "there is no folder `{path}`, so nothing is published from it: name the folder of the policies with --rules, "
        "or make it and start again",
    ),
    "left-out": Text(
        "`{rules}` 中以下文档有错误，未发布：{names}。可运行 fairlead check {rules} 查看全部问题",
        "not published from `{rules}`, because of errors: {names}; fairlead check {rules} lists every finding",
    ),
    "demo-left-out": Text(
        "未载入演示数据：没有可用的策略", "the made-up organisation was not loaded: there are no policies for it"
    ),
    "unreadable": Text("无法读取 `{path}`：{why}", "`{path}` cannot be read: {why}"),
    "unwritable": Text("无法写入 `{path}`：{why}", "`{path}` cannot be written: {why}"),
    "bad-day": Text(
        "--as-of `{found}` 不是日期：请写成 2026-03-01，或带时区的时刻 2026-03-01T09:00:00+08:00",
        "--as-of `{found}` is no day: write 2026-03-01, or an instant with offset such as 2026-03-01T09:00:00+08:00",
    ),
    "facts-or-file": Text(
        "缺少数据：用 --facts FILE（- 表示标准输入）给出一件事的数据，或用 --from FILE.csv --map MAPPING.yaml 批量处理",
        "facts are missing: give --facts FILE (- for standard input) for one decision, "
        "or --from FILE.csv --map MAPPING.yaml for many",
    ),
    "facts-and-file": Text("--facts 与 --from 只能选一个", "give either --facts or --from, not both"),
    "map-missing": Text(
        "--from 需要 --map MAPPING.yaml，说明各列对应哪些字段",
        "--from needs --map MAPPING.yaml, which says which column is which field",
    ),
    "only-with-from": Text("{option} 只能与 --from 一起使用", "{option} is only for use with --from"),
    "only-with-facts": Text("{option} 不能与 --from 一起使用", "{option} cannot be used with --from"),
    "output-form": Text(
        "`{path}` 的扩展名应为 .csv、.xlsx 或 .jsonl",
        "`{path}` should end in .csv, .xlsx or .jsonl, which says how it is written",
    ),
    "facts-refused": Text(
        "数据有 {count} 处不符合 `{name}` 的输入", "the facts do not fit the inputs of `{name}`; problems: {count}"
    ),
    "events-json": Text(
        '`{path}` 不是事件列表：应为 JSON 数组，例如 [{{"id": "e1", …}}]',
        '`{path}` is no list of events: expected a JSON array such as [{{"id": "e1", …}}]',
    ),
    "checked": Text(
        "文件 {documents} 个，可用策略 {policies} 条；错误 {errors} 处，警告 {warnings} 处，提示 {notes} 处",
        "documents: {documents}, sound policies: {policies}; errors: {errors}, warnings: {warnings}, notes: {notes}",
    ),
    "tested": Text(
        "{name}：{tests} 项测试通过 {passed} 项，{rules} 条规则命中 {hit} 条",
        "{name}: {passed} of {tests} {tests:test passes|tests pass}, {hit} of {rules} {rules:rule is|rules are} hit",
    ),
    "never-hit": Text("没有测试命中：{rules}", "no test hits: {rules}"),
    "failed": Text("未通过", "fails"),
    "difference": Text("{path}：应为 {expected}，得到 {got}", "{path}: expected {expected}, got {got}"),
    "all-tested": Text(
        "{policies} 条策略，{tests} 项测试：通过 {passed} 项，未通过 {failed} 项；{unhit} 条规则没有测试命中",
        "policies: {policies}, tests: {tests}, passed: {passed}, failed: {failed}; rules that no test hits: {unhit}",
    ),
    "not-tested": Text(
        "{count} 处错误，有错误的策略未测试；运行 fairlead check 查看",
        "policies with errors were not tested (errors: {count}); see fairlead check",
    ),
    "no-tests": Text("`{path}` 中没有可测试的策略", "there is no policy to test in `{path}`"),
    "row": Text("第 {number} 行{key}：{text}", "row {number}{key}: {text}"),
    "rows-shown": Text(
        "{count} 条逐行说明中的前 {shown} 条（--report FILE 写出全部）：",
        "remarks on single rows, {shown} of {count} (--report FILE writes all):",
    ),
    "decisions": Text("裁定：", "decisions:"),
    "without-decision": Text("未能裁定的行", "rows without a decision"),
    "answers": Text("结论：", "answers:"),
    "answers-more": Text("另有 {count} 种结论", "further answers: {count}"),
    "amounts": Text("合计金额：", "amounts in all:"),
    "awards": Text("激励：", "awards:"),
    "earned": Text("计得", "earned"),
    "held": Text("暂扣", "held back"),
    "paid": Text("应付", "paid"),
    "carried": Text("结转", "carried"),
    "also-read": Text(
        "{option} `{path}` 同时也是要读取的文件：请换一个文件名",
        "{option} `{path}` is also read: choose another name, so that nothing is lost",
    ),
    "written-twice": Text(
        "--output 与 --report 同为 `{path}`：请用两个文件", "--output and --report are both `{path}`: choose two files"
    ),
    "as-of-twice": Text(
        "映射 `{mapping}` 自己说明每行适用的日期，--as-of 不会生效：请去掉其一",
        "the mapping `{mapping}` says itself which day each row is for; take --as-of or that out",
    ),
    "no-policies": Text(
        "所给路径中没有可测试的策略：{paths}", "there is no policy to test at {paths}: name a policy file or its folder"
    ),
    "missing-in": Text("缺少数据的行数：", "rows in which something was missing:"),
    "map-other": Text(
        "映射 `{mapping}` 对应策略 `{found}`，而不是 `{name}`：请改用 {found}，或换一个映射文件",
        "the mapping `{mapping}` is for the policy `{found}`, not for `{name}`: decide with {found}, "
        "or name another mapping",
    ),
    "import-map": Text(
        "缺少映射：用 --map MAPPING.yaml 说明 `{path}` 的列，或给出含 import.toml 的文件夹",
        "a mapping is missing: say with --map MAPPING.yaml what the columns of `{path}` are, "
        "or name a folder with an import.toml",
    ),
    "import-folder-map": Text(
        "`{path}` 是文件夹，映射由其中的 import.toml 说明：请去掉 --map",
        "`{path}` is a folder, whose import.toml names the mappings: leave --map out",
    ),
    "import-manifest": Text("无法使用文件夹的说明：{why}", "the folder's description cannot be used: {why}"),
    "import-refused": Text(
        "`{name}` 有 {count} 行被拒绝，未写入任何内容",
        "nothing of `{name}` was written: {count} {count:row is|rows are} refused",
    ),
    "import-stopped": Text("其余 {count} 个文件未导入", "files not imported after it: {count}"),
    "import-row": Text(
        "{sheet}第 {row} 行，列 `{column}`：{remark}：{why}", "{sheet}row {row}, column `{column}`: {remark}: {why}"
    ),
    "import-changed": Text("{count} 个已有的值改变：", "values that were known and change: {count}"),
    "import-value": Text("  {of} {id}：{field}：{before} → {after}", "  {of} {id}: {field}: {before} → {after}"),
    "import-value-since": Text(
        "  {of} {id}：{field}：{before} → {after}（自 {since} 起）",
        "  {of} {id}: {field}: {before} → {after}, from {since} on",
    ),
    "import-more": Text("  其余 {count} 个见 --report 或 --json", "  {count} more: see --report or --json"),
    "import-sheet": Text("工作表 `{sheet}`，", "sheet `{sheet}`, "),
    "importing": Text("导入中", "importing"),
    "no-vocabulary": Text(
        "数据库中没有生效的词汇表，也无法从 `{rules}` 发布：请用 FAIRLEAD_RULES 指明策略目录",
        "no vocabulary is in effect in the database, and none could be published from `{rules}`: "
        "name the folder of the policies with FAIRLEAD_RULES",
    ),
    "record-busy": Text("数据库暂时无法写入：{why}", "the database takes no writes just now: {why}"),
    "only-with-deals": Text(
        "{option} 只与 --from deals 连用", "{option} means something with --from deals only: leave it out"
    ),
    "not-with-deals": Text(
        "{option} 与 --from deals 连用没有意义：请去掉", "{option} means nothing with --from deals: leave it out"
    ),
    "retired": Text(
        "`{name}` 自 {since} 起停用，由 {author} 提出、{approver} 批准：{note}；该日之前的裁定请给出 --as-of",
        "`{name}` is retired since {since}, proposed by {author}, approved by {approver}: {note}; give --as-of for a "
        "day before",
    ),
    "not-in-effect": Text(
        "数据库中没有生效的策略 `{name}`{near}；现有：{known}。若已有它的文件，可用 fairlead check 查看为何未发布",
        "no policy `{name}` is in effect in the database{near}; there are: {known}. Where there is a file for it, "
        "fairlead check says why it was not published",
    ),
    "policy-unknown": Text(
        "数据库中没有策略 `{name}`{near}；现有：{known}",
        "no policy `{name}` is in the database{near}; there are: {known}",
    ),
    "not-loading": Text("策略 `{name}` 无法加载：{why}", "the policy `{name}` is in effect and does not load: {why}"),
    "decisions-kept": Text(
        "写入记录 {kept} 份裁定；{known} 份已在记录中",
        "decisions written into the record: {kept}; there already: {known}",
    ),
    "decisions-not-kept": Text(
        "试运行，未写入裁定；{known} 份已在记录中", "a dry run: no decision was written; there already: {known}"
    ),
    "demo-not-empty": Text(
        "数据库中已有人员、客户、商机或事件：请另用一个空的数据库（DATABASE_URL），或用 --force 与其并存",
        "the database holds people, customers, deals or events already: name an empty one with DATABASE_URL, "
        "or load beside them with --force",
    ),
    "demo-loaded": Text(
        "演示数据已载入，基准日 {day}。所有人员与客户均为虚构。",
        "the made-up organisation is loaded, as of {day}; none of its people and customers are real",
    ),
    "demo-loading": Text(
        "数据库为空，正在载入演示数据（约半分钟）",
        "the database is empty: loading a made-up organisation (about half a minute)",
    ),
    "demo-logins": Text(
        "以上登录名与密码（名称、角色、密码）保存在 {path}",
        "sign in with one of these (name, role, password); they stand in {path}",
    ),
    "demo-written": Text("演示文件已写入 `{path}`", "the files of the made-up organisation are in `{path}`"),
    "loading": Text("载入中", "loading"),
    "table-refused": Text("无法用 `{mapping}` 读取 `{table}`", "`{table}` cannot be read with `{mapping}`"),
    "listening": Text(
        "Fairlead 已启动：{address}（策略目录 {rules}，按 Ctrl-C 停止）",
        "Fairlead is at {address} (policies from {rules}; Ctrl-C stops it)",
    ),
    "stopped": Text("Fairlead 已停止", "Fairlead has stopped"),
    "heads-key": Text(
        "没有可用的链首签名密钥（{where}）：请设置 FAIRLEAD_HEAD_KEY，至少 16 个字符",
        "there is no key to sign the heads with ({where}): set FAIRLEAD_HEAD_KEY to 16 characters or more",
    ),
    "no-database": Text(
        "无法打开数据库 {database}（{why}）：请检查 DATABASE_URL",
        "the database {database} cannot be opened ({why}): check DATABASE_URL",
    ),
    "heads-other": Text(
        "`{where}` 是另一个数据库的链首：请用 FAIRLEAD_HEADS 为此数据库另行指定文件；若有意换用新的数据库，请先将该文件"
        "及其旁同名文件移走保存",
        "`{where}` holds the heads of another database: name a file for those of this one with FAIRLEAD_HEADS; where "
        "the database was begun anew on purpose, first move that file and those of the same name beside it elsewhere",
    ),
    "backup-missing": Text("找不到 `{path}`", "there is no `{path}`"),
    "backup-exists": Text("`{path}` 已存在：请换一个文件名", "`{path}` is there already: choose another name"),
    "backup-damaged": Text("`{path}` 已损坏：{said}", "`{path}` is damaged: {said}"),
    "backup-no-room": Text(
        "`{path}` 所在磁盘写不下（{said}），没有留下未完成的文件：请腾出空间，或换一处存放",
        "`{path}` has no room for it, or cannot be written to ({said}); nothing half-done was left there: free room "
        "there, or name a file elsewhere",
    ),
    "backup-heads": Text(
        "数据库与导出的链首不符（{where}）：请先运行 fairlead verify",
        "the database is not what the exported heads say ({where}): run fairlead verify first",
    ),
    "backup-tool": Text(
        "PATH 中没有 {tool}：请安装与服务器同版本的 {package}",
        "{tool} is not on PATH: install {package}, of the version of the server",
    ),
    "backup-tool-old": Text(
        "{tool} 与服务器版本不符：请安装与服务器同版本的 {package} 后重试（{said}）",
        "{tool} is older than the server: install {package} of the server's version, and try again ({said})",
    ),
    "backup-server-full": Text(
        "数据库服务器的磁盘已满：请在服务器上腾出空间后重试，没有改动任何内容（{said}）",
        "the disk of the database's server is full: free room there, and try again; nothing was changed ({said})",
    ),
    "backup-failed": Text(
        "{tool} 失败，没有改动任何内容，也没有留下未完成的文件：请按其说明处理后重试（{said}）",
        "{tool} failed, nothing was changed and nothing half-done left: mend what it says, and try again ({said})",
    ),
    "restore-in-use": Text(
        "`{path}` 正在使用：请先停止 fairlead serve 及其他使用者",
        "`{path}` is in use: stop fairlead serve and whoever else has it open",
    ),
    "restore-newer": Text(
        "{at} 导出的链首（{file}）比备份新：恢复会丢失其后的条目；确认无妨后加上 --force",
        "the heads exported at {at} ({file}) are newer than the backup: what came later would be lost; "
        "if that must be, add --force",
    ),
    "restore-unsound": Text(
        "备份未通过验证（{count} 处），没有恢复；确需恢复请加上 --accept-findings",
        "the backup does not hold (findings: {count}) and was not restored; if it must be, add --accept-findings",
    ),
    "backing-up": Text("备份中", "backing up"),
    "backed-up": Text("已备份到 {path}（{size} 字节）", "backed up to {path} ({size} bytes)"),
    "kept-aside": Text("原数据库保存为 {aside}", "the old database is kept as {aside}"),
    "restored": Text("已恢复 {path}，审计记录 {entry}", "{path} was restored; the audit entry is {entry}"),
    "erase-unknown": Text(
        "记录中没有以 `{found}` 相称的人，或已删除", "nobody in the record is known by `{found}`, or not any more"
    ),
    "erase-ambiguous": Text(
        "不同系统以 `{found}` 称呼不同的人：请给出本系统的编号",
        "several people are called `{found}` by different systems: give the own id",
    ),
    "erase-blank": Text(
        "没有写明理由：请以 --reason 说明为何删除，理由会留在记录中",
        "the reason is blank: say with --reason why; it is kept in the record",
    ),
    "would-erase": Text(
        "试运行：什么都没有删除，也没有留下审计记录", "a dry run: nothing was erased, and nothing noted"
    ),
    "erase-reason": Text(
        "理由中含有此人的姓名或编号，而理由会留在记录中：请换一种写法",
        "the reason names the person and is kept in the record: put it otherwise",
    ),
    "emptied": Text("清空：{rows}", "emptied: {rows}"),
    "redacted": Text("去除姓名：{rows}", "taken out of: {rows}"),
    "removed": Text("移除：{rows}", "removed: {rows}"),
    "texts-left": Text(
        "以下文档的文本提到此人，未作改动：{documents}",
        "the texts of these documents name the person and were left as they are: {documents}",
    ),
    "not-compacted": Text(
        "有程序一直在读取：数据库日志中还留有旧页；所有使用者结束后即消失",
        "somebody was reading all the while: the log of the database still holds old pages until all its users end",
    ),
    "erased": Text("已删除，审计记录 {entry}", "erased; the audit entry is {entry}"),
    "verifying": Text("验证中", "verifying"),
    "bad-recompute": Text(
        "--recompute 的值是 `{found}`：应为 all、none 或一个数，例如 1000",
        "--recompute is `{found}`: expected all, none, or a number such as 1000",
    ),
    "bad-part": Text(
        "--only 的值是 `{found}`：应为 decisions、events 或 audit，可带范围，例如 decisions:5000-6000",
        "--only is `{found}`: expected decisions, events or audit, perhaps with a range, such as decisions:5000-6000",
    ),
    "wrong": Text("✗ {place}：{said}", "✗ {place}: {said}"),
    "wrong-more": Text("  {place}：另有 {count} 处 {wrong}", "  {place}: further ones of the sort {wrong}: {count}"),
    "checked-all": Text("已检查：{rows}", "checked: {rows}"),
    "recomputed": Text(
        "重新计算：相同 {same}，不同 {different}，文本缺失或无法载入 {lacking}",
        "decided once more: {same} the same, {different} different, {lacking} whose texts are lost or no longer load",
    ),
    "unproven": Text("不能证明：", "cannot be proven:"),
    "proven": Text("全部相符", "everything holds"),
    "not-proven": Text("记录不完整或被更改：{count} 处", "the record was altered or is incomplete; findings: {count}"),
    "worker-ready": Text(
        "任务进程 {name} 已启动，执行任务并查看新事件（按 Ctrl-C 停止）",
        "the worker {name} is ready for jobs and looks at new events (Ctrl-C stops it)",
    ),
    "no-signals": Text("没有信号", "there are no signals"),
    "signals-behind": Text(
        "还有 {count} 个事件未查看：由任务进程（fairlead worker）或 --look 处理",
        "events nobody has looked at yet: {count}; a worker does that (fairlead worker), or --look",
    ),
    "signal-line": Text(
        "{state}  {pattern}  {key}  {since} 至 {until}  [{severity}]  {id}",
        "{state}  {pattern}  {key}  {since} to {until}  [{severity}]  {id}",
    ),
    "signal-raised": Text("已提出", "raised"),
    "signal-one-engine": Text("单引擎", "one engine"),
    "signal-under-review": Text("待人工查看", "under review"),
    "signal-second-engine-unavailable": Text("第二引擎不可用", "second engine unavailable"),
    "signal-withdrawn": Text("已撤回", "withdrawn"),
    "signal-answer-first": Text("第一引擎：{found}", "first engine: {found}"),
    "signal-answer-second": Text("第二引擎：{found}", "second engine: {found}"),
    "signal-matches": Text("{count} 处匹配", "matches: {count}"),
    "signal-unasked": Text("没有结果", "no answer"),
    "worker-beside": Text(
        "任务进程随服务器运行：执行长任务并查看新事件", "a worker runs beside it: long work, and looking at new events"
    ),
    "worker-absent": Text(
        "未启动任务进程（jobs.worker = false）：请另行运行 fairlead worker，否则长任务和新事件无人处理",
        "no worker is started (jobs.worker is false): run fairlead worker, or long work and new events wait",
    ),
    "demo-signals": Text(
        "已查看全部事件，信号 {count} 个：运行 fairlead signals 查看",
        "every event was looked at; signals: {count}, which fairlead signals lists",
    ),
    "job-waiting": Text("等待中", "waiting"),
    "job-running": Text("执行中", "running"),
    "job-done": Text("已完成", "done"),
    "job-failed": Text("失败", "failed"),
    "job-cancelled": Text("已取消", "cancelled"),
    "no-jobs": Text("没有任务", "there are no jobs"),
    "job-unknown": Text(
        "没有任务 `{id}`：运行 fairlead jobs 查看", "there is no job `{id}`; fairlead jobs lists the newest"
    ),
    "job-over": Text("任务 `{id}` 已结束（{state}），无法取消", "the job `{id}` has ended already ({state})"),
    "job-cancelled-now": Text("任务 {id} 已取消", "the job {id} is cancelled"),
    "job-cancelled-soon": Text("任务 {id} 将在当前步骤后取消", "the job {id} will be cancelled after its present step"),
    "job-started": Text(
        "任务 {id} 已提交：运行 fairlead jobs show {id} 查看结果",
        "the job {id} waits for a worker; fairlead jobs show {id} tells what it comes to",
    ),
    "import-job-only": Text(
        "--job 不能与 --dry-run 或 --report 一起使用：结果见 fairlead jobs show",
        "--job goes without --dry-run and --report: fairlead jobs show tells what it comes to",
    ),
    "date-out-of-range": Text(
        "{option} `{found}` 超出范围：应为 {first} 至 {last} 之间的日期",
        "{option} `{found}` is out of range: expected a day from {first} to {last}",
    ),
    "empty-period": Text(
        "--since {since} 不早于 --until {until}：其间没有任何一天",
        "--since {since} is not before --until {until}: no day lies between",
    ),
    "bad-date": Text(
        "{option} `{found}` 不是日期：应为年-月-日，例如 2026-03-01",
        "{option} `{found}` is no day: expected year-month-day, such as 2026-03-01",
    ),
    "recomputing": Text("重新计算中", "recomputing"),
    "checking": Text("检查中", "checking"),
    "testing": Text("测试中", "testing"),
    "deciding": Text("裁定中", "deciding"),
}
