// A session that has ended, and was begun again in another tab: the page goes on with a new token, and loses nothing.

import { ask } from "./asking.js";

// Asks for the page at an address. Says how it went: "renewed", or why not: "out" (nobody is signed in), "other" (somebody else is), "gone", "failed".
export const renew = async (address = location.href) => {
  const answer = await ask(address).catch(() => null);
  if (!answer || answer.status >= 500) {
    return "failed";
  }
  if (answer.redirected) {
    return "out";
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("main [name=csrf_token]");
  if (page.body.dataset.who !== document.body.dataset.who) {
    return "other";
  }
  if (!answer.ok || !fresh) {
    return "gone";
  }
  for (const each of document.querySelectorAll("[name=csrf_token]")) {
    each.value = fresh.value;
  }
  for (const each of document.querySelectorAll("[data-token]")) {
    each.dataset.token = fresh.value;
  }
  return "renewed";
};

// Why an answer was none: "" where it was one, "renewable" where a new token may help.
export const trouble = (answer) => {
  if (!answer || answer.status >= 500 || answer.status === 429) {
    return "failed";
  }
  if (answer.redirected || answer.status === 400 || answer.status === 401) {
    return "renewable";
  }
  if (answer.status === 413) {
    return "large";
  }
  return answer.ok || answer.status === 409 ? "" : "gone";
};
