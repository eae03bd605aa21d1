// The form of the stages: inputs that fit what is chosen come without loading the page, and nobody leaves by mistake.
import { ask } from "./asking.js";
import { renew, trouble } from "./renewing.js";

const form = () => document.getElementById("stage-form");
const typed = () => new URLSearchParams([...new FormData(form())].filter(([name]) => name !== "csrf_token")).toString();
const first = form().querySelector("[aria-invalid], [autofocus]");
const refused = form().querySelector("[role=alert]");
let kept = refused || form().querySelector("[autofocus]") ? "" : typed(); // what the server has of this page
let leaving = false;
let turn = 0;

const send = () => {
  const body = new URLSearchParams(new FormData(form()));
  body.set("do", "keep");
  return ask(form().action, { method: "POST", body }).catch(() => null);
};

// Has the server fit the inputs to what is chosen; what was typed meanwhile stays, and so does the focus.
const rebuild = async () => {
  turn += 1;
  const mine = turn;
  let answer = await send();
  if (trouble(answer) === "renewable" && await renew() === "renewed") {
    answer = await send();
  }
  if (mine !== turn) {
    return;
  }
  const status = document.getElementById("stage-state");
  status.textContent = answer && answer.ok ? "" : form().dataset.failed;
  if (!answer || !answer.ok) {
    return;
  }
  const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("stage-form");
  if (!made || mine !== turn) {
    return;
  }
  const id = document.activeElement ? document.activeElement.id : "";
  const values = [...form().querySelectorAll("input[type=text], input[type=date], textarea, select")].map((each) => [each.id, each.value]);
  form().replaceWith(made);
  for (const [place, value] of values) {
    const again = document.getElementById(place);
    if (again && !again.matches("[data-rebuild]") && again.value !== value && (again.tagName !== "SELECT" || [...again.options].some((each) => each.value === value))) {
      again.value = value;
    }
  }
  const again = id && document.getElementById(id);
  if (again) {
    again.focus();
  }
};

document.addEventListener("change", (event) => {
  if (form().contains(event.target) && event.target.matches("[data-rebuild]")) {
    rebuild();
  }
});
document.addEventListener("submit", (event) => {
  leaving = leaving || event.target === form();
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && typed() !== kept) {
    event.preventDefault();
  }
});

document.documentElement.classList.add("scripted");
if (first && document.activeElement === document.body) {
  first.focus();
}
