// Two versions put together: what comes out is shown as soon as something is chosen, and nothing is sent to where nobody is
// signed in. All of it works without.
import { ask } from "./asking.js";
import { renew } from "./renewing.js";

const form = document.getElementById("merge");
const says = JSON.parse(form.dataset.says);
const state = { asked: 0, alive: false };
const area = () => document.getElementById("text");
const typed = () => area().value !== area().defaultValue;

const show = async () => {
  state.asked += 1;
  const number = state.asked;
  const body = new FormData(form);
  body.set("do", "show");
  const answer = await ask(form.action, { method: "POST", body }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected || number !== state.asked) {
    return;
  }
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("merged");
  if (made && number === state.asked && !typed()) {
    document.getElementById("merged").replaceWith(made);
  }
};

const refuse = (why) => {
  const status = form.querySelector("[data-status]");
  status.hidden = false;
  status.textContent = says[why];
  if (why === "out") {
    const link = document.createElement("a");
    Object.assign(link, { href: says.login, target: "_blank", textContent: says.enter });
    status.append(" ", link);
  }
};

// Whether the draft is not there any more: the form is sent then, for the answer offers to begin a new one with the text.
const gone = async () => {
  const answer = await ask(form.dataset.alive).catch(() => null);
  return Boolean(answer) && answer.status === 404;
};

form.addEventListener("change", (event) => {
  if (!event.target.matches("[type=radio]")) {
    return;
  }
  event.target.closest("fieldset").classList.remove("open");
  if (!typed()) {
    show();
  }
});

form.addEventListener("submit", async (event) => {
  if (state.alive) {
    return;
  }
  event.preventDefault();
  const why = await renew(form.dataset.alive);
  if (why !== "renewed" && !(why === "gone" && await gone())) {
    refuse(why);
    return;
  }
  state.alive = true;
  form.requestSubmit(event.submitter);
});

window.addEventListener("beforeunload", (event) => {
  if (!state.alive && (typed() || form.querySelector("[type=radio]:checked"))) {
    event.preventDefault();
  }
});
document.documentElement.classList.add("scripted");
