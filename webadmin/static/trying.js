// Tries a policy while one types: beside a view of it, or on the page that tries. What was typed is kept in this tab only,
// for this login and this policy, until one signs out. A view that has saved something says so: `fairlead:drafted`; an editor
// says what is typed: `fairlead:typed` with the text. Rules that hit are marked where a view has `#rule-<id>` or
// `[data-rule-row=<id>]`; an editor hears `fairlead:verdicts`.
import { ask } from "./asking.js";

(() => {
  const root = document.querySelector("[data-try]");
  if (!root) {
    return;
  }
  const QUIET = 120; // milliseconds without a key before it is asked
  const onPage = root.hasAttribute("data-page");
  const kept = `fairlead:try:${root.dataset.who}:${root.dataset.policy}`;
  const touched = `${kept}:touched`; // once something is filled in, or was asked to be decided, what is missing is an error
  const openness = `fairlead:try-open:${root.dataset.who}`;
  const at = (name) => root.querySelector(`[data-${name}]`);
  let typed = null; // the text in an editor, once it is another than the saved one
  let waiting = 0;
  let running = null;

  // Ids of the panel must not meet those of the view: `customer.id` may be a column there.
  const apart = (made) => {
    if (onPage) {
      return made;
    }
    for (const name of ["id", "for", "form", "aria-labelledby", "aria-describedby"]) {
      for (const each of made.querySelectorAll(`[${name}]`)) {
        each.setAttribute(name, each.getAttribute(name).split(" ").map((one) => `try-${one}`).join(" "));
      }
    }
    for (const each of made.querySelectorAll('a[href^="#"]')) {
      each.setAttribute("href", `#try-${each.getAttribute("href").slice(1)}`);
    }
    return made;
  };
  const form = () => root.querySelector(onPage ? "#facts" : "#try-facts");

  const entries = () => [...new FormData(form())].filter(([name]) => name !== "csrf_token" && !name.startsWith("@"));
  const keep = () => {
    if (form()) {
      sessionStorage.setItem(kept, JSON.stringify(entries()));
    }
  };
  const remembered = () => {
    try {
      return JSON.parse(sessionStorage.getItem(kept));
    } catch {
      return null;
    }
  };

  // What is asked for without a key having been pressed in the form is answered without saying that it is empty.
  const touch = (more) => {
    const filling = more.find(([name]) => name === "@fill");
    if (filling && filling[1] === "empty:") {
      sessionStorage.removeItem(touched);
    } else if (filling) {
      sessionStorage.setItem(touched, "1");
    }
    return more.some(([name]) => !name.startsWith("@")) || filling || sessionStorage.getItem(touched) ? more : [...more, ["keep", "1"]];
  };

  const shape = (where) => where ? [...where.querySelectorAll("[name]")].filter((each) => !/^(@|look$|add$|remove$)/.test(each.name)).map((each) => `${each.tagName} ${each.name}`).join("\n") : "";

  // Only what is wrong with an input changes around it: what is being typed stays as it is.
  const mend = (made) => {
    const before = form();
    for (const field of made.querySelectorAll(".field")) {
      const control = field.querySelector("[name]");
      const own = control && [...before.querySelectorAll(".field [name]")].find((each) => each.name === control.name);
      const place = own && own.closest(".field");
      if (!place) {
        continue;
      }
      place.className = field.className;
      place.querySelectorAll(":scope > .error").forEach((each) => each.remove());
      const error = field.querySelector(":scope > .error");
      if (error) {
        place.querySelector("label, .label").after(error);
      }
      for (const name of ["aria-invalid", "aria-describedby"]) {
        const holder = control.hasAttribute(name) ? control : null;
        if (holder) own.setAttribute(name, control.getAttribute(name)); else own.removeAttribute(name);
      }
    }
  };

  const replace = (place, made) => {
    const focused = document.activeElement;
    const id = place.contains(focused) ? focused.id : "";
    const open = new Set([...place.querySelectorAll("details[open] > summary")].map((each) => each.textContent));
    place.replaceChildren(...made.childNodes);
    for (const each of place.querySelectorAll("details:not([open]) > summary")) {
      if (open.has(each.textContent)) each.parentElement.open = true;
    }
    const again = id && document.getElementById(id);
    if (again) again.focus();
  };

  const show = (html, whole) => {
    const made = new DOMParser().parseFromString(html, "text/html");
    const broken = made.querySelector("[data-broken]");
    const notice = at("notice");
    const below = onPage ? root.querySelector(".decision") : at("facts");
    if (broken && !below) {
      broken.querySelector("[data-below]").remove();
    }
    if (notice) {
      notice.replaceChildren(...(broken ? [broken] : []));
    }
    root.classList.toggle("is-old", Boolean(broken && below));
    if (broken) {
      return;
    }
    apart(made.body);
    for (const each of whole || onPage ? [] : made.querySelectorAll("[role=alert]")) {
      each.removeAttribute("role"); // it would interrupt at every key; the line at the top says it quietly
    }
    const answer = made.querySelector("[data-answer]");
    if (!answer) {
      return;
    }
    const facts = onPage ? null : made.querySelector("[data-facts]");
    if (!onPage && !at("facts")) {
      at("body").replaceChildren(answer, facts);
    } else {
      replace(at("answer"), answer);
      const fresh = (facts || made).querySelector("form");
      const mine = onPage ? root.querySelector(".facts-side") : at("facts");
      const theirs = onPage ? made.querySelector("[data-facts]") : facts;
      if (whole || shape(fresh) !== shape(form())) {
        replace(mine, theirs);
      } else {
        mend(theirs);
      }
    }
    if (whole) {
      keep();
    }
    mark();
  };

  const verdicts = () => {
    const found = root.querySelector("[data-verdicts]");
    return found ? { rules: JSON.parse(found.dataset.verdicts), lines: JSON.parse(found.dataset.lines), said: found.dataset.said } : { rules: {}, lines: {}, said: "" };
  };
  const rows = (rule) => [document.getElementById(`rule-${rule}`), ...document.querySelectorAll(`[data-rule-row="${CSS.escape(rule)}"]`)].filter((each) => each && !root.contains(each));

  // Marks the rules in the view beside; a mark has a sign besides its colour.
  const mark = () => {
    const now = root.hidden ? { rules: {}, lines: {}, said: "" } : verdicts();
    for (const each of document.querySelectorAll(".rule-hit, .rule-near, .rule-open")) {
      each.classList.remove("rule-hit", "rule-near", "rule-open");
    }
    for (const [rule, verdict] of Object.entries(now.rules)) {
      const line = document.getElementById(`L${now.lines[rule]}`);
      for (const each of [...rows(rule), ...(line ? [line] : [])]) {
        each.classList.add(`rule-${verdict}`);
      }
    }
    document.dispatchEvent(new CustomEvent("fairlead:verdicts", { detail: { rules: now.rules, lines: now.lines } }));
    const status = at("status");
    const wrong = root.querySelector(".mistakes h2");
    now.said = now.said || (wrong ? wrong.textContent : "");
    if (status && status.textContent !== now.said) {
      status.textContent = now.said;
    }
  };

  const decide = async (more = [], whole = false, given = null) => {
    clearTimeout(waiting);
    if (running) {
      running.abort();
    }
    const mine = new AbortController();
    running = mine;
    const body = new FormData();
    body.set("csrf_token", root.dataset.token);
    const facts = given || (form() ? entries() : remembered() || []);
    for (const [name, value] of [...facts, ...touch(more)]) {
      body.append(name, value);
    }
    if (!facts.length && !more.length) {
      body.set("@fill", "empty:");
    }
    const area = document.getElementById("text");
    const text = typed === null && area && document.getElementById("typing") ? area.value : typed;
    if (text !== null) {
      body.set("@text", text);
    }
    root.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(root.dataset.try, { method: "POST", body, signal: mine.signal });
      if (answer.redirected || !answer.ok) {
        throw new Error(String(answer.status));
      }
      const html = await answer.text();
      if (running === mine) {
        show(html, whole);
      }
    } catch (error) {
      if (error.name !== "AbortError" && running === mine) {
        const said = document.createElement("p");
        said.className = "notice bad";
        said.textContent = root.dataset.failed;
        (at("notice") || at("answer")).replaceChildren(said);
      }
    } finally {
      if (running === mine) {
        running = null;
        root.removeAttribute("aria-busy");
      }
    }
  };
  const soon = () => {
    if (!root.hidden) { // also without a form: the panel may have been opened over a text that did not load
      clearTimeout(waiting);
      waiting = setTimeout(decide, QUIET);
    }
  };

  const own = (target) => form() && (target.form === form() || form().contains(target));
  root.addEventListener("input", (event) => {
    if (own(event.target) && !event.target.name.startsWith("@")) {
      keep();
      sessionStorage.setItem(touched, "1");
      soon();
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.target.name === "@find" && event.key === "Enter") {
      event.preventDefault();
      find();
    }
  });
  const find = () => decide([["@find", root.querySelector('[name="@find"]').value], ["look", "1"]], true);

  // What one form sends on a page of its own is asked for here; only what becomes part of the draft leaves the page.
  document.addEventListener("click", (event) => {
    const filling = event.target.closest("[data-fill]");
    if (filling && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open();
      decide([["@fill", filling.dataset.fill]], true);
      return;
    }
    const rule = event.target.closest("[data-rule], [data-broken] [data-line]");
    if (rule && root.contains(rule) && go(rule)) {
      event.preventDefault();
      return;
    }
    const button = event.target.closest("button");
    if (!button || button.form !== form() || !form() || button.hasAttribute("data-leaves") || (button.formAction || "").endsWith("decision.json")) {
      return;
    }
    if (onPage && document.querySelector("header").contains(button)) {
      return;
    }
    event.preventDefault();
    if (button.name === "look") {
      find();
    } else if (button.name === "@fill") {
      decide([["@fill", button.value]], true);
    } else if (button.name) {
      decide([[button.name, button.value]], true);
    } else {
      sessionStorage.setItem(touched, "1");
      decide();
    }
  });

  // A test becomes part of the draft as it is saved: what is typed is saved before.
  document.addEventListener("submit", (event) => {
    const leaves = event.submitter && event.submitter.hasAttribute("data-leaves");
    if (event.target !== form() || !leaves || typed === null) {
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    document.dispatchEvent(new CustomEvent("fairlead:save", { detail: () => { typed = null; form().requestSubmit(submitter); } }));
  });

  // Shows a rule in the view beside; false where it is not there.
  const go = (link) => {
    const rule = link.dataset.rule;
    const line = rule ? verdicts().lines[rule] : link.dataset.line;
    const editor = document.getElementById("editor");
    if (editor && !editor.hidden && line) {
      document.dispatchEvent(new CustomEvent("fairlead:go", { detail: Number(line) }));
      return true;
    }
    const place = rule ? rows(rule)[0] || document.getElementById(`L${line}`) : document.getElementById(`L${line}`);
    if (!place) {
      return false;
    }
    place.scrollIntoView({ block: "center" });
    place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
    return true;
  };

  // The panel begins where the head of the page ends, which scrolls away.
  const header = document.querySelector("header");
  const rise = () => root.style.setProperty("top", `${Math.max(0, header.getBoundingClientRect().bottom)}px`);

  const opener = document.querySelector("[data-open]");
  const open = () => {
    if (onPage || !root.hidden) {
      return;
    }
    root.hidden = false;
    rise();
    opener.hidden = true;
    document.body.classList.add("has-beside");
    sessionStorage.setItem(openness, "1");
  };
  const close = () => {
    root.hidden = true;
    opener.hidden = false;
    document.body.classList.remove("has-beside");
    sessionStorage.removeItem(openness);
    mark();
    opener.focus();
  };

  document.addEventListener("fairlead:typed", (event) => {
    typed = event.detail;
    soon();
  });
  document.addEventListener("fairlead:drafted", soon);

  if (onPage) {
    const filled = /[?&](test|decision|rule)=/.test(location.search) || root.querySelector(".decision, .mistakes");
    if (filled) {
      keep();
      sessionStorage.setItem(touched, "1");
    } else if (remembered()) {
      decide([], true, remembered());
    }
    return;
  }
  document.addEventListener("scroll", rise, { passive: true });
  window.addEventListener("resize", rise);
  opener.hidden = false;
  opener.addEventListener("click", async () => {
    open();
    await decide();
    const first = root.querySelector("form input:not([type=hidden]), form select");
    (first || at("close")).focus();
  });
  at("close").addEventListener("click", close);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
    }
  });
  if (sessionStorage.getItem(openness) && matchMedia("(min-width: 70rem)").matches) {
    open();
    decide();
  }
})();
