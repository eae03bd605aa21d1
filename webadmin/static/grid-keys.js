// Keys in the grid: Enter and the arrows go from cell to cell as in a spreadsheet, Alt and a key does something to the
// rule. A click selects what stands in a cell as Tab does; a second one puts the caret there.

export const keys = ({ grid, cells, isCell, reveal, save, giveUp, listed, ranged }) => {
  let goal = null; // the column one came from, while one passes a row in which cells are one
  let stepping = false;

  const go = (to) => {
    stepping = true;
    reveal(to);
    to.focus();
    stepping = false;
    if (to.select) {
      to.select();
    }
  };

  // The cell of a row in a column; where several are one, that one.
  const under = (row, column) => cells().filter((each) => +each.dataset.row === row && +each.dataset.column <= column).pop();

  const vertical = (cell, by) => {
    const wanted = goal === null ? +cell.dataset.column : goal;
    const to = under(+cell.dataset.row + by, wanted);
    if (to) {
      goal = wanted;
      go(to);
    }
    return Boolean(to);
  };

  const sideways = (cell, by) => {
    const row = cells().filter((each) => each.dataset.row === cell.dataset.row);
    const to = row[row.indexOf(cell) + by];
    if (to) {
      goal = null;
      go(to);
    }
    return Boolean(to);
  };

  // Whether the caret stands where an arrow can only mean the next cell.
  const atEdge = (cell, by) => {
    if (cell.matches("select")) {
      return true;
    }
    if (cell.type !== "text") {
      return false;
    }
    const { selectionStart: from, selectionEnd: to, value } = cell;
    return (to - from === value.length) || (from === to && from === (by < 0 ? 0 : value.length));
  };

  // What a key does to the rule of a cell: presses the button of its menu.
  const done = ({ key, altKey, shiftKey }) => {
    const acts = { ArrowUp: ["move", "up"], ArrowDown: shiftKey ? ["copy", ""] : ["move", "down"], Enter: ["add", ""], Delete: ["remove", ""] };
    return altKey && (!shiftKey || key === "ArrowDown") ? acts[key] : undefined;
  };

  const act = (cell, [what, value]) => {
    save(cell);
    const forms = [...cell.closest("tr").querySelectorAll(".acts form")];
    const form = forms.find((each) => each.elements.what.value === what && each.elements.value.value === value);
    if (!form.querySelector("button").disabled) {
      form.requestSubmit();
    }
  };

  const step = (back) => {
    const button = grid().querySelector(`[data-key="${back ? "z" : "y"}"]`);
    if (!button.disabled) {
      button.form.requestSubmit();
    }
  };

  const arrow = (cell, key) => {
    const by = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
    if (key === "ArrowUp" || key === "ArrowDown") {
      return cell.matches("input[type=text], input:not([type])") && vertical(cell, by);
    }
    return atEdge(cell, by) && sideways(cell, by);
  };

  document.addEventListener("focusin", (event) => {
    if (!stepping && isCell(event.target)) {
      goal = null;
    }
  });

  // Steps through the draft from anywhere on the page, except where the same key undoes what is typed in a field.
  const stepFrom = (event) => {
    const letter = (event.ctrlKey || event.metaKey) && !event.altKey ? event.key.toLowerCase() : "";
    const isTyped = event.target.closest("input, select, textarea, [contenteditable], dialog, .try-panel");
    if ((letter === "z" || letter === "y") && !isTyped) {
      event.preventDefault();
      step(letter === "z" && !event.shiftKey);
    }
  };

  document.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (event.isComposing || event.defaultPrevented) {
      return;
    }
    if (!isCell(cell)) {
      stepFrom(event);
      return;
    }
    const { key } = event;
    const command = event.ctrlKey || event.metaKey;
    const letter = command && !event.altKey ? key.toLowerCase() : "";
    if (done(event)) {
      event.preventDefault();
      act(cell, done(event));
    } else if (key === "Enter") {
      event.preventDefault();
      if (!vertical(cell, event.shiftKey ? -1 : 1)) {
        save(cell);
      }
    } else if (key === "Escape") {
      ranged.clear();
      giveUp(cell);
    } else if (key === "F2" && listed.enter(cell)) {
      event.preventDefault();
    } else if (key.startsWith("Arrow") && !command && !event.altKey) {
      if (event.shiftKey ? ranged.extend(cell, key) : arrow(cell, key)) {
        event.preventDefault();
      }
    } else if ((letter === "z" || letter === "y") && cell.value === cell.dataset.shown) {
      event.preventDefault();
      step(letter === "z" && !event.shiftKey);
    } else if (letter === "d") {
      event.preventDefault();
      ranged.fill(cell);
    }
  });

  let fresh = null; // the cell a press of the mouse has just given the focus
  document.addEventListener("mousedown", (event) => {
    fresh = isCell(event.target) && event.target !== document.activeElement ? event.target : null;
  });
  document.addEventListener("click", ({ target }) => {
    // A row is as high as its highest cell: what lies below a field belongs to it, too.
    const below = target.matches("#grid tbody :is(td, th), #grid tbody :is(.boxed, .cell)") && target.closest("td, th").querySelector("[data-row]");
    if (below && getSelection().isCollapsed) {
      go(below);
    }
    if (target === fresh && target.select && target.selectionStart === target.selectionEnd) {
      target.select();
    }
    fresh = null;
  });
};
