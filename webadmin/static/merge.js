// Two versions put together: what comes out is shown as soon as something is chosen. All of it works without.
(() => {
  "use strict";
  const form = document.getElementById("merge");
  if (!form) {
    return;
  }
  let asked = 0;
  let leaving = false;
  const area = () => document.getElementById("text");
  const typed = () => area().value !== area().defaultValue;

  const show = async () => {
    const number = ++asked;
    const body = new FormData(form);
    body.set("do", "show");
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin",
    }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected || number !== asked) {
      return;
    }
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("merged");
    if (made && number === asked && !typed()) {
      document.getElementById("merged").replaceWith(made);
    }
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

  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (typed() || form.querySelector("[type=radio]:checked"))) {
      event.preventDefault();
    }
  });
  document.documentElement.classList.add("scripted");
})();
