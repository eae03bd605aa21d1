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
        "找不到策略目录 `{path}`：请用 --rules 指明，或新建该目录",
        "there is no folder `{path}`: name the folder of the policies with --rules, or make it",
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
        "`{path}` 的扩展名应为 .csv 或 .jsonl", "`{path}` should end in .csv or .jsonl, which says how it is written"
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
        "{name}: {passed} of {tests} tests pass, {hit} of {rules} rules are hit",
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
    "table-refused": Text("无法用 `{mapping}` 读取 `{table}`", "`{table}` cannot be read with `{mapping}`"),
    "listening": Text(
        "Fairlead 已启动：{address}（策略目录 {rules}，按 Ctrl-C 停止）",
        "Fairlead is at {address} (policies from {rules}; Ctrl-C stops it)",
    ),
    "stopped": Text("Fairlead 已停止", "Fairlead has stopped"),
    "worker-ready": Text(
        "任务进程 {name} 已启动（按 Ctrl-C 停止）", "the worker {name} is ready for jobs (Ctrl-C stops it)"
    ),
    "job-waiting": Text("等待中", "waiting"),
    "job-running": Text("执行中", "running"),
    "job-done": Text("已完成", "done"),
    "job-failed": Text("失败", "failed"),
    "job-cancelled": Text("已取消", "cancelled"),
    "no-jobs": Text("没有任务", "there are no jobs"),
    "record-busy": Text("数据库暂时无法写入：{why}", "the database takes no writes just now: {why}"),
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
    "bad-date": Text(
        "{option} `{found}` 不是日期：请写成 2026-03-01", "{option} `{found}` is no day: write it as 2026-03-01"
    ),
    "recomputing": Text("重新计算中", "recomputing"),
    "checking": Text("检查中", "checking"),
    "testing": Text("测试中", "testing"),
    "deciding": Text("裁定中", "deciding"),
}
