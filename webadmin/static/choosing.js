// What is chosen applies at once: the choice and what follows from it are put in the place of what stood there. What is
// typed below and a file that was chosen stay. Without this the button does it.
import { ask } from "./asking.js";

(() => {
  const form = () => document.querySelector("form.choosing[data-chosen]");
  if (!form()) return;
  let asked = 0;

  const byHand = () => form().querySelectorAll("[data-by-hand]").forEach((each) => { each.hidden = true; });

  // What was typed below, by id; it outlasts a choice for which there is nothing to fill in. Files cannot be typed anew,
  // so their input itself is kept.
  const typed = new Map();
  const isTyped = (each) => (each.matches("select") ? ![...each.options].every((one) => one.selected === one.defaultSelected) : each.value !== each.defaultValue);
  const carry = (before, after) => {
    for (const old of before.querySelectorAll("input[id]:not([type=hidden]), select[id]")) {
      if (isTyped(old)) {
        typed.set(old.id, old.type === "file" ? old : old.value);
      } else {
        typed.delete(old.id);
      }
    }
    for (const now of after.querySelectorAll("input[id]:not([type=hidden]), select[id]")) {
      const held = typed.get(now.id);
      if (held instanceof Element) {
        now.replaceWith(held);
      } else if (held !== undefined) {
        now.value = held;
      }
    }
  };

  const apply = async (changed) => {
    const mine = (asked += 1);
    const own = form();
    const said = new URLSearchParams(new FormData(own));
    if (changed.name === "policy") {
      // The revisions of another policy are others.
      [...said.keys()].filter((each) => each !== "policy").forEach((each) => said.delete(each));
    }
    const address = `${own.getAttribute("action")}?${said}`;
    const answer = await ask(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.querySelector("form.choosing[data-chosen]");
    const place = document.getElementById(own.dataset.chosen);
    const fresh = page.getElementById(own.dataset.chosen);
    if (mine !== asked) return; // a later choice is on its way
    if (!answer.ok || answer.redirected || !made || !place || !fresh) {
      own.submit(); // the page says itself what is the matter
      return;
    }
    const { id } = document.activeElement;
    carry(place, fresh);
    place.replaceWith(fresh);
    own.replaceWith(made);
    byHand();
    const held = id && made.querySelector(`#${CSS.escape(id)}`);
    if (held) held.focus();
    made.querySelector("[data-told]").textContent = (fresh.querySelector(".versus") || { textContent: "" }).textContent.trim();
    history.replaceState(null, "", address);
    document.dispatchEvent(new CustomEvent("fairlead:chosen"));
  };

  document.addEventListener("change", (event) => {
    if (event.target.form === form() && (event.target.matches("select") || event.target.value)) {
      apply(event.target).catch(() => form().submit());
    }
  });
  byHand();
})();
