// The form of one rule: parts come and go in place, what is wrong is said while one types, and what is typed is saved by
// itself. What cannot be saved stays, is said, and is tried again; nobody leaves before it is saved without being asked.
import { ask } from "./asking.js";
import { renew, trouble } from "./renewing.js";

const PAUSE = 250; // milliseconds without a key before it is checked
const QUIET = 1200; // and before it is saved
const AGAIN = 5000; // milliseconds before what could not be sent is tried again

const form = () => document.getElementById("rule-form");
const says = JSON.parse(form().dataset.says);
const state = { check: 0, save: 0, checked: 0, rebuilt: 0, version: form().elements.since.value, leaving: false, failed: false };
let work = Promise.resolve(); // one thing after the other: what the server makes of the form, and saving it

const typed = () => {
  const body = new URLSearchParams(new FormData(form()));
  body.delete("csrf_token");
  body.delete("since");
  return body.toString();
};
let kept = typed(); // what the server has of this page
const dirty = () => typed() !== kept;

const next = (what) => {
  work = work.then(what, what);
  return work;
};

const post = async (what, more = {}) => {
  const body = new FormData(form());
  for (const [name, value] of Object.entries({ do: what, ...more })) {
    body.set(name, value);
  }
  const send = () => {
    body.set("csrf_token", form().elements.csrf_token.value);
    return ask(form().action, { method: "POST", body }).catch(() => null);
  };
  let answer = await send();
  let why = answer && answer.status === 422 ? "" : trouble(answer);
  if (why === "renewable") {
    why = await renew();
    if (why === "renewed") {
      answer = await send();
      why = answer && answer.status === 422 ? "" : trouble(answer);
    }
  }
  return { answer, why: why === "renewable" ? "refused" : why };
};

const say = (text, bad) => {
  const status = document.getElementById("rule-state");
  status.textContent = text;
  status.classList.toggle("bad", Boolean(bad));
};

// Takes the draft up again as this page knows it, and saves what is typed here into it.
const bringBack = async () => {
  const body = new FormData();
  body.set("csrf_token", form().elements.csrf_token.value);
  await ask(`${form().dataset.back}${form().elements.since.value}`, { method: "POST", body }).catch(() => null);
  save("save");
};

// Says what stands in the way; what can pass by itself is tried again, also when the reader comes back to the page.
const refuse = (why) => {
  state.failed = true;
  say(says[why] || says.refused, true);
  if (why === "out") {
    const link = document.createElement("a");
    Object.assign(link, { href: says.login, target: "_blank", textContent: says.enter });
    document.getElementById("rule-state").append(" ", link);
  }
  if (why === "gone") {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "plain", textContent: says.back });
    button.addEventListener("click", bringBack);
    document.getElementById("rule-state").append(" ", button);
  }
  if (["failed", "out", "other"].includes(why)) {
    clearTimeout(state.save);
    state.save = setTimeout(() => save(), AGAIN);
  }
};

const tell = (told) => {
  for (const place of form().querySelectorAll("[data-said]")) {
    const said = told.said[place.dataset.said] || [];
    place.replaceChildren(...said.map((each) => {
      const span = document.createElement("span");
      span.className = `grade-${each.grade}`;
      span.textContent = `${each.word}: ${each.text} `;
      return span;
    }));
    place.hidden = !said.length;
    const wrong = said.some((each) => each.grade === "error");
    for (const input of form().querySelectorAll(`[aria-describedby="${place.id}"]`)) {
      if (wrong) {
        input.setAttribute("aria-invalid", "true");
      } else {
        input.removeAttribute("aria-invalid");
      }
    }
  }
  document.getElementById("rule-said").hidden = true;
  const condition = document.getElementById("rule-condition");
  condition.hidden = !told.condition;
  condition.querySelector("code").textContent = told.condition;
  for (const [id, text] of [["rule-words", told.words], ["rule-reason", told.reason]]) {
    const place = document.getElementById(id);
    place.hidden = !text;
    place.querySelector("[data-words]").textContent = text;
  }
};

const values = () => new Map(
  [...form().querySelectorAll("input[type='text'], input[type='date'], textarea, select")].map((each) => [each.id, each.value]));

// Puts another form in place of this one; what was typed since the server was asked stays, and so does the focus.
const exchange = (made, before, to) => {
  const now = values();
  const id = document.activeElement ? document.activeElement.id : "";
  form().replaceWith(made);
  made.elements.since.value = state.version;
  for (const [place, value] of now) {
    const again = document.getElementById(place);
    if (again && before.has(place) && before.get(place) !== value) {
      again.value = value;
    }
  }
  const focus = to || (id && document.getElementById(id));
  if (focus) {
    focus.focus();
  }
};

// Has the server make the form anew; of what only fits inputs to what is chosen, the last is enough.
const rebuild = (what) => {
  state.rebuilt += 1;
  const number = state.rebuilt;
  const old = () => what === "keep" && number !== state.rebuilt;
  return next(async () => {
    if (old()) {
      return;
    }
    const before = values();
    clearTimeout(state.check);
    const { answer, why } = await post(what);
    if (why || !answer.ok) {
      refuse(why || "refused");
      return;
    }
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("rule-form");
    if (made && !old()) {
      const moved = what.startsWith("remove:");
      exchange(made, moved ? new Map() : before, what !== "keep" && made.querySelector("[autofocus]"));
      later();
    }
  });
};

// Puts what stands around the form in its new state: whether something can be undone, the name of the rule, the acts.
const renewed = (page, told) => {
  const on = document.activeElement;
  const place = on && !form().contains(on) || on && on.closest(".actions") ? on.value || on.textContent : "";
  document.getElementById("around").replaceWith(page.getElementById("around"));
  for (const part of [".rule-head", ".toolbar"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  const made = page.getElementById("rule-form");
  form().action = made.action;
  form().querySelector(".actions").replaceWith(made.querySelector(".actions"));
  for (const since of document.querySelectorAll("input[name=since]")) {
    since.value = state.version;
  }
  const again = place && [...document.querySelectorAll(".rule-head a, .toolbar :is(a, button), #rule-form .actions button")]
    .find((each) => (each.value || each.textContent) === place && !each.disabled);
  if (again) {
    again.focus();
  }
  if (new URL(told.address, location.href).pathname !== location.pathname) {
    history.replaceState(null, "", told.address);
  }
};

// Saves what is typed; says whether everything is where it belongs then. Who has asked for it is told all that is wrong.
const sent = async (asked) => {
  clearTimeout(state.save);
  if (!dirty()) {
    return true;
  }
  const [now, before] = [typed(), values()];
  say(says.saving);
  const { answer, why } = await post("autosave", asked ? { asked } : {});
  if (answer && answer.status === 409) {
    // Two people changed the same: the form itself goes, and the answer is the page that puts both together.
    state.leaving = true;
    HTMLFormElement.prototype.submit.call(form());
    return false;
  }
  if (why) {
    refuse(why);
    return false;
  }
  const told = await answer.json();
  state.checked += 1;
  state.failed = false;
  if (told.waits || answer.status === 422) {
    say(told.waits || says.marked, true);
    if (told.said) {
      tell(told);
    }
    return false;
  }
  kept = now;
  state.version = told.version;
  const page = new DOMParser().parseFromString(told.html, "text/html");
  renewed(page, told);
  if (told.merged) {
    const changed = typed() !== now;
    exchange(new DOMParser().parseFromString(told.html, "text/html").getElementById("rule-form"), before);
    kept = changed ? "" : typed();
  }
  document.dispatchEvent(new CustomEvent("fairlead:drafted"));
  if (dirty()) {
    later();
  } else {
    tell(told);
    say(told.state);
  }
  return !dirty();
};

function save(asked = "") {
  return next(() => sent(asked));
}

const check = async () => {
  const number = ++state.checked;
  const { answer, why } = await post("check");
  if (why || !answer.ok || number !== state.checked) {
    return;
  }
  const told = await answer.json();
  if (number === state.checked && dirty()) {
    tell(told);
    if (!state.failed) {
      say(told.state);
    }
  }
};

// Checks soon, and saves a little later: a name only when its field is left, for half a name is none.
const later = () => {
  clearTimeout(state.check);
  clearTimeout(state.save);
  state.check = setTimeout(check, PAUSE);
  if (!document.activeElement || document.activeElement.id !== "id") {
    state.save = setTimeout(() => save(), QUIET);
  }
};

document.addEventListener("input", (event) => {
  if (!form().contains(event.target)) {
    return;
  }
  if (!state.failed) {
    say(says.typing);
  }
  const { gives } = event.target.dataset;
  if (gives && (event.target.checked || event.target.value)) {
    form().elements[gives].checked = true;
  }
  if (!event.target.matches("[data-rebuild]")) {
    later();
  }
});

document.addEventListener("change", (event) => {
  if (form().contains(event.target) && event.target.matches("[data-rebuild]")) {
    rebuild("keep");
  }
});

document.addEventListener("focusout", (event) => {
  if (event.target.id === "id" && dirty()) {
    clearTimeout(state.save);
    state.save = setTimeout(() => save(), PAUSE);
  }
});

document.addEventListener("submit", async (event) => {
  const other = event.target;
  if (event.defaultPrevented || other.closest(".try-panel, dialog")) {
    return;
  }
  const what = event.submitter ? event.submitter.value : "save";
  if (other === form() && /^(line|group|text|remove):/.test(what)) {
    event.preventDefault();
    rebuild(what);
  } else if (other === form() && what === "save") {
    event.preventDefault();
    if (await save("1")) {
      say(document.getElementById("rule-state").textContent || says.saved);
    } else {
      const wrong = form().querySelector("[aria-invalid]");
      if (wrong) {
        wrong.focus();
      }
    }
  } else if (dirty() && other.method === "post") {
    event.preventDefault();
    const [action, was] = [other.action, event.submitter];
    if (await save("1")) {
      const now = other.isConnected ? other : [...document.querySelectorAll("form")].find((each) => each.action === action);
      const by = other === form() ? [...form().querySelectorAll("[name=do]")].find((each) => each.value === what) : was;
      state.leaving = true;
      now.requestSubmit(by && now.contains(by) ? by : undefined);
    }
  } else {
    state.leaving = true;
  }
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest && event.target.closest("a[href]");
  const plain = !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (link && plain && !link.target && !link.getAttribute("href").startsWith("#") && dirty()) {
    event.preventDefault();
    await save();
    location.assign(link.href); // what could not be saved is asked about
  }
});

window.addEventListener("beforeunload", (event) => {
  if (dirty() && !state.leaving) {
    event.preventDefault();
  }
});
for (const back of ["online", "focus"]) {
  window.addEventListener(back, () => state.failed && dirty() && save());
}

document.documentElement.classList.add("scripted");
const first = form().querySelector("[aria-invalid], [autofocus]");
if (first && document.activeElement === document.body) {
  first.focus();
}
