// A page on which something is still going on looks again every second, unless somebody is typing.
import { ask } from "./asking.js";

(() => {
  if (!document.querySelector("[data-again]")) {
    return;
  }
  // Both pages hold the same reports, in the same order.
  const replaced = (page) => {
    const made = page.querySelectorAll(".impact");
    document.querySelectorAll(".impact").forEach((now, place) => {
      if (made[place] && now.querySelector("[data-again]") && !now.contains(document.activeElement)) {
        now.replaceWith(made[place]);
      }
    });
  };
  const look = async () => {
    const answer = await ask(location.pathname + location.search);
    if (answer.redirected) {
      location.replace(answer.url); // it is over, and what came of it is another page
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    replaced(page);
    // What is told or offered elsewhere on the page once it is over.
    document.querySelectorAll("[data-with-answer]").forEach((each) => {
      const fresh = page.getElementById(each.id);
      if (fresh && !each.contains(document.activeElement)) {
        each.replaceWith(fresh);
      }
    });
    if (document.querySelector("[data-again]")) {
      setTimeout(look, 1000);
    }
  };
  setTimeout(look, 1000);
})();
