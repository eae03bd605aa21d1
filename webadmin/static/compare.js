// The comparison answers while somebody types; without it the button does the same.
import { ask } from "./asking.js";

(() => {
  const form = document.getElementById("facts");
  const PAUSE = 150; // milliseconds without a key before it is asked
  if (!form) return;
  let timer = 0;
  let asked = 0;
  const opened = (section) => [...section.querySelectorAll("details")].map((each) => each.open);
  const answer = async () => {
    const mine = (asked += 1);
    const given = await ask(form.action.split("#")[0], { method: "POST", body: new FormData(form) });
    const made = new DOMParser().parseFromString(await given.text(), "text/html").getElementById("decision");
    const now = document.getElementById("decision");
    if (!made || !now || mine !== asked) return; // a later answer is on its way
    const open = opened(now);
    const fresh = [...made.querySelectorAll("details")];
    if (fresh.length === open.length) fresh.forEach((each, at) => { each.open = open[at]; });
    now.replaceWith(made);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => answer().catch(() => {}), PAUSE);
  });
})();
