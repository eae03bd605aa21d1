// Keys in the grid: Enter and the arrows go from cell to cell as in a spreadsheet, Alt and an arrow moves the rule.

export const keys = ({ grid, cells, isCell, reveal, save, giveUp, listed }) => {
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

  const moveRule = (cell, to) => {
    save(cell);
    const forms = [...cell.closest("tr").querySelectorAll(".acts form")];
    const form = forms.find((each) => each.elements.what.value === "move" && each.elements.value.value === to);
    if (!form.querySelector("button").disabled) {
      form.requestSubmit();
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

  document.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!isCell(cell) || event.isComposing) {
      return;
    }
    const { key } = event;
    const command = event.ctrlKey || event.metaKey;
    if (key === "Enter") {
      event.preventDefault();
      if (!vertical(cell, event.shiftKey ? -1 : 1)) {
        save(cell);
      }
    } else if (key === "Escape") {
      giveUp(cell);
    } else if (key === "F2" && listed.enter(cell)) {
      event.preventDefault();
    } else if (event.altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      moveRule(cell, key === "ArrowUp" ? "up" : "down");
    } else if (key.startsWith("Arrow") && !command && !event.shiftKey && !event.altKey) {
      if (arrow(cell, key)) {
        event.preventDefault();
      }
    } else if (command && key.toLowerCase() === "z" && cell.value === cell.dataset.shown) {
      event.preventDefault();
      const { form } = grid().querySelector(`[data-key="${event.shiftKey ? "y" : "z"}"]`);
      form.requestSubmit();
    }
  });
};
