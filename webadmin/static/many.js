// A file that is chosen is looked at, at once; the file stays chosen, so it can be started from there. Another choice of
// revisions looks at it again.
import { ask } from "./asking.js";

(() => {
  const look = async () => {
    const form = document.getElementById("upload");
    const file = document.getElementById("file");
    if (!form || !file || !file.files.length) return;
    const answer = await ask(form.dataset.preview, { method: "POST", body: new FormData(form) });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview");
    const now = document.getElementById("preview");
    if (!made || !now) return;
    made.querySelectorAll(".noscript").forEach((each) => each.remove());
    now.replaceWith(made);
  };
  const told = () => look().catch(() => {});
  document.addEventListener("change", (event) => {
    if (event.target.id === "file") told();
  });
  document.addEventListener("fairlead:chosen", told);
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("#upload button[formaction]");
    const file = document.getElementById("file");
    if (button && file && file.files.length) {
      event.preventDefault();
      told();
    }
  });
})();
