// The form of a new policy: says while one types whether an id is free, and shows only what belongs to the choices made.
"use strict";
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

  let asked = 0;
  let wait;
  const ask = async () => {
    const number = ++asked;
    if (!id.value.trim()) {
      said.textContent = "";
      return;
    }
    const query = new URLSearchParams({ kind: kind.value, id: id.value });
    try {
      const answer = await fetch(`${form.dataset.free}?${query}`, { credentials: "same-origin" });
      const found = answer.ok && !answer.redirected ? await answer.json() : null;
      if (found && number === asked) {
        said.textContent = found.said;
        said.classList.toggle("bad", !found.free);
        said.classList.toggle("good", found.free);
      }
    } catch {
      said.textContent = ""; // it is checked again when the form is sent
    }
  };
  const later = () => {
    clearTimeout(wait);
    wait = setTimeout(ask, 250);
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
