// A file that is chosen is looked at, at once; the file stays chosen, so it can be started from there.
"use strict";
(() => {
  const form = document.getElementById("upload");
  const file = document.getElementById("file");
  if (!form || !file) return;
  const look = async () => {
    if (!file.files.length) return;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview");
    const now = document.getElementById("preview");
    if (!made || !now) return;
    made.querySelectorAll(".noscript").forEach((each) => each.remove());
    now.replaceWith(made);
  };
  const told = () => look().catch(() => {});
  file.addEventListener("change", told);
  form.querySelector("button[formaction]").addEventListener("click", (event) => {
    if (file.files.length) {
      event.preventDefault();
      told();
    }
  });
})();
