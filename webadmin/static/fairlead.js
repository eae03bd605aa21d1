// Keys of every page: `/` to search, `?` for the list of keys, `g` and a letter to go somewhere. All of it works without.
(() => {
  "use strict";
  const box = document.getElementById("search-box");
  const keys = document.getElementById("keys");
  const PATIENCE = 1500; // milliseconds between `g` and its letter
  let going = 0;

  const typing = (where) => where.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(where.tagName);

  const goes = (letter) => {
    const link = keys && keys.querySelector(`a[data-key="${CSS.escape(letter)}"]`);
    if (link) link.click();
    return Boolean(link);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const waiting = performance.now() - going < PATIENCE && going > 0;
    going = 0;
    if (waiting && goes(event.key)) {
      event.preventDefault();
    } else if (event.key === "/" && box && !(keys && keys.open)) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "?" && keys && !keys.open) {
      event.preventDefault();
      keys.showModal();
    } else if (event.key === "g") {
      going = performance.now();
    }
  });

  // A menu that is open closes with Escape, which gives the focus back, and with a click or a Tab out of it.
  const opened = () => [...document.querySelectorAll("details.menu[open]")];
  const leave = (where) => opened().filter((menu) => !menu.contains(where)).forEach((menu) => { menu.open = false; });
  document.addEventListener("keydown", (event) => {
    const menu = opened().find((each) => each.contains(event.target));
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => leave(event.target));
  document.addEventListener("focusin", (event) => leave(event.target));

  const gone = (flash) => {
    flash.remove();
    if (!document.querySelector(".flash")) document.querySelector(".flashes").remove();
  };

  // A draft that was just begun is given up by one press until something in it is changed; then it has a way of its own.
  for (const change of ["fairlead:drafted", "fairlead:typed"]) {
    document.addEventListener(change, () => document.querySelectorAll("[data-until-changed]").forEach(gone));
  }

  // What was just done stays in sight until somebody closes it; whoever did goes on where they read.
  document.querySelectorAll("[data-dismiss]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      gone(button.closest(".flash"));
      document.getElementById("content").focus({ preventScroll: true });
    });
  });

  // Where tabs do not fit one beside the other, the open one is in sight.
  document.querySelectorAll(".tabs > [aria-current]").forEach((tab) => {
    const line = tab.parentElement;
    line.scrollLeft += tab.getBoundingClientRect().right - line.getBoundingClientRect().right + 24;
  });

  // What went wrong takes the focus when a page comes back with it: the summary, else the first wrong field.
  const wrong = document.querySelector("main .mistakes:not([hidden]), main [role='alert']:not([hidden])")
    || document.querySelector("main .field.wrong :is(input, select, textarea)");
  if (wrong && [document.body, null].includes(document.activeElement)) {
    if (!wrong.matches("input, select, textarea")) wrong.tabIndex = -1;
    wrong.focus();
  }

  // Whoever comes to a part of a page by a link goes on from there: it takes the focus.
  const arrive = () => {
    const part = document.querySelector("main :is(tr, li, dl > div):target");
    if (!part) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  };
  addEventListener("hashchange", arrive);
  addEventListener("load", () => { if (document.activeElement === document.body) arrive(); });

  // Facts that were tried are kept in the tab for who typed them: nobody else finds them there.
  const who = document.body.dataset.who || "";
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("fairlead:try") && (!who || key.split(":")[2] !== who)) sessionStorage.removeItem(key);
  }

  // Ctrl+Enter in the editor: the text is saved, and what tries it opens: the panel beside it, else the page.
  document.addEventListener("fairlead:try", () => {
    const panel = document.querySelector("[data-open]:not([hidden])");
    const link = document.querySelector('.tabs a[href*="/try"]');
    if (panel) {
      panel.click();
    } else if (link && !document.body.classList.contains("has-beside")) {
      location.assign(link.href);
    }
  });
})();
