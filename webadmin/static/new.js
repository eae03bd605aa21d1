// The form of a new policy: says while one types whether an id is free, and shows only what belongs to the choices made.
import { ask } from "./asking.js";

(() => {
  const form = document.querySelector("#new-policy");
  const kind = form.querySelector("#kind");
  const id = form.querySelector("#id");
  const said = form.querySelector("#id-said");
  const copy = form.querySelector("#copy");

  const show = () => {
    const start = form.querySelector("[name=start]:checked").value;
    for (const part of form.querySelectorAll("[data-start]")) {
      part.hidden = part.dataset.start !== start;
    }
    for (const hint of form.querySelectorAll("[data-kind]")) {
      hint.hidden = hint.dataset.kind !== kind.value;
    }
    form.querySelector("#id-kind").textContent = `${kind.value}.`;
  };

  let asking = new AbortController();
  let wait;
  const look = async () => {
    asking.abort();
    asking = new AbortController();
    if (!id.value.trim()) {
      said.textContent = "";
      return;
    }
    const query = new URLSearchParams({ kind: kind.value, id: id.value });
    try {
      const answer = await ask(`${form.dataset.free}?${query}`, { signal: asking.signal });
      const found = answer.ok && !answer.redirected ? await answer.json() : null;
      if (found) {
        said.textContent = found.said;
        said.classList.toggle("bad", !found.free);
        said.classList.toggle("good", found.free);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        said.textContent = ""; // it is checked again when the form is sent
      }
    }
  };
  const later = () => {
    clearTimeout(wait);
    wait = setTimeout(look, 250);
  };

  id.addEventListener("input", later);
  kind.addEventListener("change", () => {
    show();
    later();
  });
  copy.addEventListener("change", () => {
    const wanted = copy.value.split(".")[0];
    if ([...kind.options].some((each) => each.value === wanted)) {
      kind.value = wanted;
      show();
      later();
    }
  });
  for (const each of form.querySelectorAll("[name=start]")) {
    each.addEventListener("change", show);
  }
  show();
})();
