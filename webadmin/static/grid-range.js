// Several cells at once: Shift and the arrows mark a block from the cell that has the focus, which can be copied as
// spreadsheets read it, and filled down from its first row; without a block Ctrl+D takes what stands above.

export const ranges = ({ grid, cells, at, isCell, put, saves }) => {
  let from = null;
  let to = null;
  const told = document.createElement("p");
  told.className = "hidden";
  told.setAttribute("role", "status");
  document.body.append(told);

  const place = (cell) => ({ row: +cell.dataset.row, column: +cell.dataset.column });
  const between = (one, other) => Array.from({ length: Math.abs(one - other) + 1 }, (_, step) => Math.min(one, other) + step);
  const block = () => between(from.row, to.row).map((row) => between(from.column, to.column).map((column) => at(row, column)));

  const draw = () => {
    grid().querySelectorAll("[data-ranged]").forEach((each) => { delete each.dataset.ranged; });
    const marked = to ? block().flat().filter(Boolean) : [];
    marked.forEach((cell) => { cell.closest(".boxed").dataset.ranged = ""; });
    told.textContent = to ? JSON.parse(grid().dataset.says).marked.replace("%", marked.length) : "";
  };

  const clear = () => {
    if (to) {
      [from, to] = [null, null];
      draw();
    }
  };

  const isWhole = (cell) => cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;

  // Marks one cell more or less; returns whether the key meant that, and not a part of the text in the cell.
  const extend = (cell, key) => {
    const across = key === "ArrowLeft" || key === "ArrowRight";
    if (cell.type !== "text" || (across && !to && !isWhole(cell))) {
      return false;
    }
    const by = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
    const all = cells().map(place);
    const [axis, other] = across ? ["column", "row"] : ["row", "column"];
    from = to ? from : place(cell);
    const last = to || from;
    const wanted = last[axis] + by;
    const ends = all.map((each) => each[axis]);
    to = { [axis]: Math.min(Math.max(wanted, Math.min(...ends)), Math.max(...ends)), [other]: last[other] };
    draw();
    at(to.row, to.column)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  };

  const fields = (cell) => cell.form.elements;
  const text = (cell) => cell.value || cell.dataset.copied || ""; // also the one that stands for both languages
  const kind = (cell) => `${fields(cell).what.value} ${fields(cell).part.value}`;

  // What the cells below the first of each column are to hold: the same as that one.
  const copies = (columns) => columns.flatMap(([first, ...rest]) => {
    const named = first && first.dataset.column !== "0";
    return named ? rest.filter((each) => each && kind(each) === kind(first) && text(each) !== text(first)).map((each) => [each, text(first)]) : [];
  });

  const fill = (cell) => {
    const { row, column } = place(cell);
    const rows = to && from.row !== to.row ? block() : [[at(row - 1, column)], [cell]];
    const made = copies(rows[0].map((_, number) => rows.map((each) => each[number])));
    if (!made.length) {
      return;
    }
    saves();
    const body = new FormData();
    for (const [each, value] of made) {
      const { what, rule, part } = fields(each);
      Object.entries({ what: what.value, rule: rule.value, part: part.value, was: each.dataset.was, value }).forEach(([name, held]) => body.append(name, held));
    }
    put({ action: cell.form.action, body });
  };

  document.addEventListener("copy", (event) => {
    if (to && isCell(event.target)) {
      event.clipboardData.setData("text/plain", block().map((row) => row.map((each) => (each ? text(each) : "")).join("\t")).join("\n"));
      event.preventDefault();
    }
  });
  document.addEventListener("focusin", clear);
  document.addEventListener("mousedown", clear);
  document.addEventListener("input", clear);
  document.addEventListener("fairlead:drafted", () => { [from, to] = [null, null]; });

  return { extend, clear, fill };
};
