// The grid of a draft: cells are saved when they are left; Tab, Enter and Shift move as in a spreadsheet; a block can be pasted.
"use strict";
(() => {
  const busy = { running: false, waiting: [] };

  const grid = () => document.getElementById("grid");
  const cells = () => [...grid().querySelectorAll("input[data-row]")];
  const at = (row, column) => cells().find((each) => +each.dataset.row === row && +each.dataset.column === column);

  const send = async (address, body) => {
    const answer = await fetch(address + location.search, {
      method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin",
    });
    if (!answer.ok && answer.status !== 409) {
      location.reload();
      return;
    }
    if (answer.redirected) {
      location.assign(answer.url);
      return;
    }
    replace(await answer.text());
  };

  // Where the focus is in a grid: what has it may come back by its id, its key, or the row it stands in.
  const rowsOf = (whole) => [...whole.querySelectorAll("tbody tr")];
  const placeOf = (focused, whole) => {
    const row = focused.closest("tbody tr");
    const adds = !row && focused.form && focused.form.elements.what && focused.form.elements.what.value === "add";
    return { id: focused.id, key: focused.dataset.key, row: row && row.id, at: rowsOf(whole).indexOf(row), adds };
  };

  // What takes its place in a new grid: never nothing, for then a keyboard would start at the top of the page.
  const successor = (place, whole) => {
    const rows = rowsOf(whole);
    const row = (place.row && document.getElementById(place.row)) || rows[Math.min(place.at, rows.length - 1)];
    return (place.id && document.getElementById(place.id))
      || (place.key && whole.querySelector(`[data-key="${place.key}"]:not(:disabled)`))
      || (place.adds && rows.length && rows[rows.length - 1].querySelector("input[data-row]"))
      || (row && row.querySelector(".acts summary"))
      || whole.querySelector("input[data-row], a, button:not(:disabled)");
  };

  // Puts the new grid in place of the old one: what has the focus, what is half typed and where one has scrolled stay.
  const replace = (html) => {
    const before = grid();
    const focused = document.activeElement;
    const place = focused && before.contains(focused) ? placeOf(focused, before) : null;
    const id = place && place.id;
    const typed = id && focused.matches("input[data-row]") && focused.value !== was(focused) ? focused.value : null;
    const left = before.querySelector(".scroll").scrollLeft;
    const made = new DOMParser().parseFromString(html, "text/html").getElementById("grid");
    if (!made) {
      return;
    }
    before.replaceWith(made);
    document.dispatchEvent(new CustomEvent("fairlead:drafted"));
    made.querySelector(".scroll").scrollLeft = left;
    const again = place && successor(place, made);
    if (again) {
      again.focus();
      if (typed !== null && again.id === id) {
        again.value = typed;
      }
    }
  };

  const was = (cell) => cell.form.elements.was.value;

  // One after the other, each on the state the one before left.
  const later = (work) => {
    busy.waiting.push(work);
    if (!busy.running) {
      run();
    }
  };
  const run = async () => {
    busy.running = true;
    while (busy.waiting.length) {
      await busy.waiting.shift()();
    }
    busy.running = false;
  };

  const save = (cell) => {
    if (cell.value === was(cell)) {
      return;
    }
    const { action } = cell.form;
    const body = new FormData(cell.form);
    later(() => {
      body.set("since", grid().dataset.since);
      return send(action, body);
    });
  };

  const paste = (cell, text) => {
    const rows = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((row) => row.split("\t"));
    if (rows.length === 1 && rows[0].length === 1) {
      return false;
    }
    const body = new FormData();
    body.set("csrf_token", cell.form.elements.csrf_token.value);
    rows.forEach((row, down) => row.forEach((value, right) => {
      const to = at(+cell.dataset.row + down, +cell.dataset.column + right);
      if (to && to.form.elements.what.value !== "rename") {
        for (const name of ["what", "rule", "part", "was"]) {
          body.append(name, to.form.elements[name].value);
        }
        body.append("value", value.trim());
      }
    }));
    later(() => {
      body.set("since", grid().dataset.since);
      return send(cell.form.action, body);
    });
    return true;
  };

  const step = (cell, down, right) => {
    const to = at(+cell.dataset.row + down, +cell.dataset.column + right);
    if (to) {
      to.focus();
      to.select();
    }
    return Boolean(to);
  };

  document.addEventListener("focusout", (event) => {
    if (event.target.matches && event.target.matches("#grid input[data-row]")) {
      save(event.target);
    }
  });

  document.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches || !cell.matches("#grid input[data-row]")) {
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      if (!step(cell, event.shiftKey ? -1 : 1, 0)) {
        save(cell);
      }
    } else if (event.key === "Escape") {
      cell.value = was(cell);
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const row = cell.closest("tr");
      const wanted = [...row.querySelectorAll(".acts form")].find(
        (form) => form.elements.what.value === "move" && form.elements.value.value === (event.key === "ArrowUp" ? "up" : "down"));
      wanted.requestSubmit();
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && cell.value === was(cell)) {
      event.preventDefault();
      const button = grid().querySelector(`[data-key="${event.shiftKey ? "y" : "z"}"]`);
      button.form.requestSubmit();
    }
  });

  document.addEventListener("paste", (event) => {
    const cell = event.target;
    if (cell.matches && cell.matches("#grid input[data-row]") && paste(cell, event.clipboardData.getData("text"))) {
      event.preventDefault();
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!grid().contains(form) || form.method !== "post" || form.action.endsWith("/discard")) {
      return;
    }
    event.preventDefault();
    const body = new FormData(form);
    later(() => {
      body.set("since", grid().dataset.since);
      return send(form.action, body);
    });
  });
})();
