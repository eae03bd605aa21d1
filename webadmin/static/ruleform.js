// The form of one rule: parts come and go in place, and what is wrong is said while one types.
"use strict";
(() => {
  const PAUSE = 250;
  const form = () => document.getElementById("rule-form");
  if (!form()) {
    return;
  }
  const state = { timer: 0, rebuilt: 0, checked: 0, dirty: false, leaving: false };

  const send = (body) => fetch(form().action, {
    method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin",
  });

  const withWhat = (what) => {
    const body = new FormData(form());
    body.set("do", what);
    return body;
  };

  const typed = () => new Map(
    [...form().querySelectorAll("input[type='text'], input[type='date'], textarea, select")].map((each) => [each.id, each.value]));

  // Puts the form as the server made it in place of this one. The focus goes where the server says, else stays; what
  // was typed while the server was asked is kept.
  const rebuild = async (what) => {
    const before = typed();
    const asked = ++state.rebuilt;
    clearTimeout(state.timer);
    const answer = await send(withWhat(what));
    if (!answer.ok) {
      location.reload();
      return;
    }
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("rule-form");
    if (!made || asked !== state.rebuilt) {
      return;
    }
    const now = typed();
    const id = document.activeElement ? document.activeElement.id : "";
    form().replaceWith(made);
    for (const [place, value] of now) {
      const again = document.getElementById(place);
      if (what === "keep" && again && before.has(place) && before.get(place) !== value) {
        again.value = value;
      }
    }
    const to = (what !== "keep" && made.querySelector("[autofocus]")) || (id && document.getElementById(id));
    if (to) {
      to.focus();
    }
    later();
  };

  const say = (told) => {
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
    document.getElementById("rule-state").textContent = told.state;
    const condition = document.getElementById("rule-condition");
    condition.hidden = !told.condition;
    condition.querySelector("code").textContent = told.condition;
    const words = document.getElementById("rule-words");
    words.hidden = !told.words;
    words.querySelector("[data-words]").textContent = told.words;
  };

  const check = async () => {
    const asked = ++state.checked;
    const { rebuilt } = state;
    const answer = await send(withWhat("check"));
    if (answer.ok && asked === state.checked && rebuilt === state.rebuilt && !answer.redirected) {
      say(await answer.json());
    }
  };

  const later = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(check, PAUSE);
  };

  document.addEventListener("input", (event) => {
    if (!form().contains(event.target)) {
      return;
    }
    state.dirty = true;
    const gives = event.target.dataset.gives;
    if (gives && (event.target.checked || event.target.value)) {
      form().elements[gives].checked = true;
    }
    if (!event.target.matches("[data-rebuild]")) {
      later();
    }
  });

  document.addEventListener("change", (event) => {
    if (form().contains(event.target) && event.target.matches("[data-rebuild]")) {
      state.dirty = true;
      rebuild("keep");
    }
  });

  document.addEventListener("submit", (event) => {
    if (event.target !== form()) {
      return;
    }
    const what = event.submitter ? event.submitter.value : "save";
    if (/^(line|group|text|remove):/.test(what)) {
      event.preventDefault();
      state.dirty = true;
      rebuild(what);
    } else {
      state.leaving = true;
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (state.dirty && !state.leaving) {
      event.preventDefault();
    }
  });

  document.documentElement.classList.add("scripted");
  const first = form().querySelector("[aria-invalid], [autofocus]");
  if (first && document.activeElement === document.body) {
    first.focus();
  }
})();
