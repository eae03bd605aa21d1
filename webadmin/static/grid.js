// The grid of a draft: cells are saved when they are left, one after the other. What cannot be saved stays where it was
// typed, is said, and is tried again; nobody leaves the page before all is saved without being asked.
import { ask } from "./asking.js";
import { drags } from "./grid-drag.js";
import { keys } from "./grid-keys.js";
import { lists } from "./grid-lists.js";
import { pasting } from "./grid-paste.js";
import { ranges } from "./grid-range.js";
import { sight } from "./grid-sight.js";
import { renew, trouble } from "./renewing.js";

const AGAIN = 5000; // milliseconds before what could not be sent is tried again
const CELL = "#grid [data-row]";

let composing = null; // settled once a method of input has given the text it is making
document.addEventListener("compositionstart", () => {
  composing = new Promise((done) => {
    ["compositionend", "focusout"].forEach((end) => document.addEventListener(end, () => done(), { once: true }));
  });
});

const queue = [];
let running = null;
let timer = 0;
let replacing = false; // a cell that is taken away has not been left

const grid = () => document.getElementById("grid");
const rows = () => [...grid().querySelectorAll("tbody tr")];
const cells = () => [...document.querySelectorAll(CELL)];
const isCell = (where) => Boolean(where && where.matches && where.matches(CELL));
const at = (row, column) => cells().find((each) => +each.dataset.row === row && +each.dataset.column === column);
const differs = (cell) => cell.value !== cell.dataset.shown;
const missed = () => [...grid().querySelectorAll("[data-missed]")];
const pending = () => queue.length > 0 || cells().some(differs);

// On a phone the cells of a rule show once it is opened.
const reveal = (cell) => {
  const opens = cell.offsetParent === null && cell.closest("tr").querySelector(".opens");
  if (opens) {
    opens.open = true;
  }
};

// What stands over a cell while nobody types into it is what it holds.
const rewrite = (cell) => {
  if (cell.form && "whole" in cell.form.dataset) {
    cell.form.dataset.whole = cell.value;
  }
};

// A cell that kept what it showed while it had the focus shows what it holds once it is left, unless it was typed into.
const catchUp = (cell) => {
  if ("later" in cell.dataset) {
    if (!differs(cell)) {
      see(cell, cell.dataset.later);
      cell.value = cell.dataset.later;
      cell.dataset.shown = cell.value;
    }
    delete cell.dataset.later;
  }
};

// What a cell was changed from: what its reader has seen there.
const see = (cell, was) => {
  cell.dataset.was = was;
  cell.form.elements.was.value = was;
};

// Takes back what was typed in a cell and could not be saved; once none is left the line says again what it said before.
const giveUp = (cell) => {
  cell.value = cell.dataset.was;
  cell.dataset.shown = cell.value;
  const box = cell.closest(".boxed");
  if (!("missed" in box.dataset)) {
    return;
  }
  delete box.dataset.missed;
  document.getElementById(`${cell.id}-said`)?.remove();
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("aria-describedby");
  const status = grid().querySelector("[data-status]");
  if (!missed().length && !queue.length && status.saved) {
    status.replaceChildren(...status.saved);
    status.classList.remove("bad");
  }
};

const say = (name, count, most) => {
  const status = grid().querySelector("[data-status]");
  status.saved ??= [...status.childNodes];
  const says = JSON.parse(grid().dataset.says);
  status.textContent = says[name].replace("%", () => count).replace("#", () => most ?? "#");
  status.classList.toggle("bad", name !== "saving");
  if (name === "out") {
    const link = document.createElement("a");
    Object.assign(link, { href: says.login, target: "_blank", textContent: says.enter });
    status.append(" ", link);
  }
  if (name === "gone") {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "plain", textContent: says.back });
    button.addEventListener("click", bringBack);
    status.append(" ", button);
  }
};

// Takes the draft up again as this page knows it, and saves what is typed here into it.
const bringBack = async () => {
  const body = new FormData();
  body.set("csrf_token", grid().querySelector("[name=csrf_token]").value);
  await ask(grid().dataset.back, { method: "POST", body }).catch(() => null);
  run();
};

const post = (work) => {
  const own = document.getElementById(work.cell);
  if (work.again && own) {
    work.body.set("was", own.dataset.copied || own.dataset.was); // what this page itself has put there meanwhile
  }
  work.body.set("csrf_token", grid().querySelector("[name=csrf_token]").value);
  work.body.set("since", work.since || grid().dataset.since);
  return ask(work.action + location.search, { method: "POST", body: work.body }).catch(() => null);
};

// Sends a change; returns "" where the server took it or said why not, else the name of what stood in the way.
const send = async (work) => {
  let answer = await post(work);
  if (trouble(answer) === "renewable") {
    const how = await renew();
    if (how !== "renewed") {
      return how;
    }
    answer = await post(work);
  }
  const why = trouble(answer);
  if (why) {
    return why === "renewable" ? "refused" : why;
  }
  const html = await answer.text().catch(() => null);
  await composing; // a cell replaced in the middle of a syllable would lose it
  return html === null ? "failed" : replace(html, work) ? "" : "gone";
};

const drain = async () => {
  while (queue.length) {
    say("saving");
    const work = queue[0];
    const why = await send(work);
    if (why === "refused" || why === "large") {
      // Sending it again would not help: it stays where it was typed.
      queue.shift();
      const cell = document.getElementById(work.cell);
      if (cell) {
        cell.closest(".boxed").dataset.missed = "";
        cell.dataset.shown = cell.dataset.was;
      }
    }
    if (why) {
      say(why);
      if (queue.length && why !== "gone") {
        timer = setTimeout(run, AGAIN);
      }
      return;
    }
    if (work.note) {
      say(work.note, work.count);
    } else if (missed().length) {
      say("kept");
    }
  }
};

const run = () => {
  clearTimeout(timer);
  running = running || drain().finally(() => { running = null; });
  return running;
};

const put = (work) => {
  work.again = Boolean(work.cell) && queue.some((each) => each.cell === work.cell);
  queue.push(work);
  run();
};

const save = (cell) => {
  if (!differs(cell)) {
    return;
  }
  const body = new FormData(cell.form);
  cell.dataset.shown = cell.value;
  cell.form.querySelector(".cell-words")?.remove(); // they say what stood there before
  put({ action: cell.form.action, body, cell: cell.id, value: cell.value, since: cell.dataset.since });
  delete cell.dataset.since;
};

// Saves all that is typed; says whether everything is where it belongs then.
const flush = async () => {
  const before = missed().length;
  cells().filter(differs).forEach(save);
  while (running || (queue.length && navigator.onLine)) {
    await run();
    if (queue.length) {
      break;
    }
  }
  return !queue.length && missed().length <= before;
};

// Puts the new grid in place of the old one: what has the focus, what is typed, and where one has scrolled stay.
const replace = (html, work) => {
  const before = grid();
  const made = new DOMParser().parseFromString(html, "text/html");
  const fresh = made.getElementById("grid");
  if (!fresh) {
    return false;
  }
  queue.shift();
  const held = holding(before);
  const { scrollLeft, scrollTop } = before.querySelector(".scroll");
  const names = rows().map((row) => row.id);
  const kept = missed().filter((each) => each.querySelector("[data-row]").id !== work.cell);
  const typed = new Map(cells().filter(differs).map((each) => [each.id, each.value]));
  const beside = fields(before, work);
  for (const id of ["around", "gives", "worked-out", "needs"]) {
    document.getElementById(id)?.replaceWith(made.getElementById(id)); // a reference table gives and needs nothing
  }
  replacing = true;
  before.replaceWith(fresh);
  replacing = false;
  kept.forEach(carry);
  beside();
  for (const each of queue.filter((waiting) => waiting.cell)) {
    const cell = document.getElementById(each.cell);
    if (cell) {
      cell.value = each.value;
      cell.dataset.shown = each.value;
      rewrite(cell);
    }
  }
  follow(work);
  document.dispatchEvent(new CustomEvent("fairlead:drafted"));
  Object.assign(fresh.querySelector(".scroll"), { scrollLeft, scrollTop });
  settle(held, work, names);
  for (const [id, value] of typed) {
    const cell = document.getElementById(id) || (held && held.id === id && at(held.row, held.column));
    if (cell) {
      cell.value = value;
      rewrite(cell);
    }
  }
  keep(held, work);
  return true;
};

// The address names the columns that are shown though no rule looks at them yet: each change is answered with them.
const follow = (work) => {
  const [what, part] = [work.body.get("what"), work.body.get("part")];
  const isTaken = !grid().querySelector(":scope > [role='alert']");
  if (!("columns" in grid().dataset) || !isTaken || !["add-column", "remove-column"].includes(what)) {
    return;
  }
  const address = new URL(location.href);
  const rest = address.searchParams.getAll("column").filter((each) => each !== part);
  address.searchParams.delete("column");
  (what === "add-column" ? [...rest, part] : rest).forEach((each) => address.searchParams.append("column", each));
  history.replaceState(null, "", address);
};

// What is typed in the forms below the grid and not sent yet stays, and so does whether they are open.
const fields = (before, work) => {
  const open = [...before.querySelectorAll("details[data-kept][open]")].map((each) => each.dataset.kept);
  const typed = [...before.querySelectorAll("[data-field]")].filter((each) => each.value !== each.dataset.field);
  return () => {
    const isTaken = !grid().querySelector(":scope > [role='alert']");
    grid().querySelectorAll("details[data-kept]").forEach((each) => { each.open = each.open || open.includes(each.dataset.kept); });
    typed.filter((each) => !isTaken || each.form.id !== work.form).forEach((each) => {
      Object.assign(document.getElementById(each.id) || {}, { value: each.value });
    });
  };
};

// Keeps a cell whose text was not taken, with what is said of it.
const carry = (old) => {
  const cell = old.querySelector("[data-row]");
  const now = document.getElementById(cell.id);
  if (now) {
    Object.assign(cell.dataset, { row: now.dataset.row, column: now.dataset.column });
    now.closest(".boxed").replaceWith(old);
  }
};

const holding = (before) => {
  const on = document.activeElement;
  if (!before.contains(on)) {
    return on === document.body ? {} : null;
  }
  const { row, column, key, was, shown, since } = on.dataset;
  const caret = on.type === "text" ? [on.selectionStart, on.selectionEnd, on.selectionDirection] : null;
  return { id: on.id, row: +row, column: +column, key, isCell: isCell(on), value: on.value, was, shown, since: since || before.dataset.since, caret };
};

// Leaves the cell with the focus as one is about to type there, or does. What it shows does not change because the reason
// was saved in the other language; what somebody else has put there is no less a clash for having come with the answer.
const keep = (held, work) => {
  const cell = document.activeElement;
  if (!held || !held.isCell || !isCell(cell) || held.id !== cell.id) {
    return;
  }
  const isTyped = held.value !== held.shown;
  const { what, rule } = cell.form.elements;
  const isOwn = work.cell && what.value === "because" && work.body.get("what") === "because" && work.body.get("rule") === rule.value;
  if (work.cell !== cell.id && cell.dataset.was !== held.was && (isTyped || isOwn)) {
    if (!isTyped) {
      cell.dataset.later = cell.dataset.was;
      cell.value = held.value;
      cell.dataset.shown = held.value;
    } else if (!isOwn) {
      cell.dataset.since = held.since;
    }
    see(cell, held.was);
  }
  if (held.caret && cell.type === "text") {
    cell.setSelectionRange(...(cell.value === held.value ? held.caret : [0, cell.value.length]));
  }
};

// Gives the focus back to what had it; where that is gone, to what takes its place.
const settle = (held, work, names) => {
  if (!held) {
    return;
  }
  const what = work.body.get("what");
  const now = rows();
  const same = now.find((row) => row.id === `rule-${work.body.get("rule")}`);
  let to = null;
  if (held.isCell) {
    to = document.getElementById(held.id) || at(held.row, held.column);
  } else if (what === "add" || what === "copy") {
    const added = now.find((row) => !names.includes(row.id));
    to = added && (what === "add" && added.querySelector('[data-column="1"]') || added.querySelector("[data-row]"));
  } else if (what === "remove" && !same) {
    const place = Math.min(Math.max(names.indexOf(`rule-${work.body.get("rule")}`), 0), now.length - 1);
    to = now[place] && now[place].querySelector(".acts summary");
  } else if (what === "move") {
    to = same && same.querySelector(".acts summary");
  } else if (what === "add-column") {
    to = cells().find((each) => each.form.elements.part.value === work.body.get("part") && each.form.elements.what.value === "cell");
  } else if (what === "move-column") {
    to = grid().querySelector(`[data-key="column-${CSS.escape(work.body.get("part"))}"]`);
  } else if (held.key) {
    to = grid().querySelector(`[data-key="${held.key}"]:not(:disabled)`) || grid().querySelector("[data-key]:not(:disabled)");
  } else {
    to = document.getElementById(work.cell);
  }
  // Never nothing, for then a keyboard would start at the top of the page.
  to = to || (held.id !== undefined && grid().querySelector("[data-row], a, button:not(:disabled)"));
  if (to) {
    if (isCell(to)) {
      reveal(to);
    }
    if (what === "add" || what === "copy") {
      to.closest("tr")?.querySelectorAll(".opens").forEach((each) => { each.open = true; });
    }
    to.focus();
    if (isCell(to) && !held.isCell && to.select) {
      to.select();
    }
  }
};

document.addEventListener("focusout", (event) => {
  if (isCell(event.target) && !replacing && !listed.holds(event.relatedTarget)) {
    catchUp(event.target);
    rewrite(event.target);
    save(event.target);
  }
});

// The second press of a double click means no second rule, and leaves the focus in the one that was added.
for (const press of ["mousedown", "click"]) {
  document.addEventListener(press, (event) => {
    const form = event.detail > 1 && event.target.closest("#grid button")?.form;
    if (form && ["add", "copy"].includes(form.elements.what?.value)) {
      event.preventDefault();
    }
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.closest(".try-panel, dialog")) {
    return;
  }
  if (grid().contains(form) && form.method === "post" && !form.action.endsWith("/discard")) {
    event.preventDefault();
    const box = form.closest(".boxed");
    const cell = box && box.querySelector("[data-row]").id;
    put({ action: form.action, form: form.id, body: new FormData(form), cell, value: form.elements.value && form.elements.value.value });
  } else if (pending()) {
    event.preventDefault();
    const { action } = form;
    if (await flush()) {
      (form.isConnected ? form : [...grid().querySelectorAll("form")].find((each) => each.action === action)).requestSubmit();
    }
  }
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest && event.target.closest("a[href]");
  const plain = !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || link.target || link.getAttribute("href").startsWith("#") || !pending()) {
    return;
  }
  event.preventDefault();
  if (await flush()) {
    location.assign(link.href);
  }
});

window.addEventListener("beforeunload", (event) => {
  if (pending() || missed().length) {
    event.preventDefault();
  }
});
for (const back of ["online", "focus"]) {
  window.addEventListener(back, () => queue.length && run());
}

const listed = lists({ isCell, save });
const ranged = ranges({ grid, cells, at, isCell, put, saves: () => cells().forEach(save) });
keys({ grid, at, cells, isCell, reveal, save, giveUp, listed, ranged });
pasting({ grid, cells, at, isCell, put, say });
sight({ grid });
drags({ grid, put, saves: () => cells().forEach(save) });
