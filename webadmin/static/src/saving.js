// Saves what is typed by itself. Nothing typed is ever lost: what cannot be saved stays, is said, and is tried again.
import { diff } from "@codemirror/merge";
import { ChangeSet } from "@codemirror/state";
import { renew, trouble } from "../renewing.js";

const QUIET = 1200; // milliseconds without a key before it is saved
const AGAIN = 5000; // milliseconds before what failed is tried again

// Says who else works on the draft, as the page did when it was opened.
const accompanied = (company) => {
  const place = document.getElementById("company");
  const told = [...place.children].map((each) => each.textContent);
  if (told.join() !== company.join()) {
    place.replaceChildren(...company.map((each) => Object.assign(document.createElement("p"), { className: "notice company", role: "status", textContent: each })));
  }
};

export const saving = ({ form, area, says, request, fromServer, text, view }) => {
  const status = document.getElementById("saved");
  let kept = area.value; // what the server has of this page
  let since = null; // changes after what is being sent, null while nothing is
  let timer = 0;
  let running = null;
  let leaving = false;

  const dirty = () => text() !== kept;
  const say = (what, bad) => {
    status.textContent = what;
    status.classList.toggle("bad", Boolean(bad));
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => now(), wait);
  };

  // What somebody else has changed meanwhile is put into what has been typed since.
  const merge = (sent, merged) => {
    const parts = diff(sent, merged).map((each) => ({ from: each.fromA, to: each.toA, insert: merged.slice(each.fromB, each.toB) }));
    const theirs = ChangeSet.of(parts, sent.length).map(since.desc);
    view().dispatch({ changes: theirs, annotations: fromServer.of(true) });
  };

  // Says what stands in the way; what can pass by itself is tried again, also when the reader comes back to the page.
  const refuse = (why) => {
    say(says[why] || says.refused, true);
    if (why === "out") {
      const link = document.createElement("a");
      Object.assign(link, { href: says.login, target: "_blank", textContent: says.enter });
      status.append(" ", link);
    }
    if (["failed", "out", "other"].includes(why)) {
      later(AGAIN);
    }
  };

  const send = async () => {
    const sent = text();
    since = ChangeSet.empty(sent.length);
    say(says.saving);
    const body = new FormData(form);
    body.set("text", sent);
    const ask = () => {
      body.set("csrf_token", form.elements.csrf_token.value);
      return request(form.action, body).catch(() => null);
    };
    let answer = await ask();
    let why = trouble(answer);
    if (why === "renewable") {
      why = await renew();
      if (why === "renewed") {
        answer = await ask();
        why = trouble(answer);
      }
    }
    if (answer && answer.status === 409) {
      // Two people changed the same lines: the form itself goes, and the answer is the page that shows both.
      area.value = text();
      leaving = true;
      HTMLFormElement.prototype.submit.call(form);
      return false;
    }
    if (why) {
      refuse(why);
      return false;
    }
    const found = await answer.json();
    for (const field of document.querySelectorAll("input[name=since]")) {
      field.value = found.version;
    }
    accompanied(found.company);
    kept = found.merged ? found.text : sent;
    if (found.merged) {
      merge(sent, found.text);
    }
    say(`${found.merged ? says.merged : says.saved} ${found.at}`);
    since = null;
    if (dirty()) {
      later(QUIET);
    }
    return true;
  };

  // Saves what is not saved yet; says whether everything is.
  const now = async () => {
    clearTimeout(timer);
    while (running) {
      await running;
    }
    if (!dirty()) {
      return true;
    }
    running = send().finally(() => { running = null; since = null; });
    return running;
  };

  for (const back of ["online", "focus"]) {
    window.addEventListener(back, () => status.classList.contains("bad") && now());
  }

  window.addEventListener("beforeunload", (event) => {
    if (dirty() && !leaving) {
      event.preventDefault();
      now(); // sent while the browser asks: whoever leaves nevertheless loses nothing that could be saved
    }
  });

  document.addEventListener("visibilitychange", () => document.hidden && now());

  // Undo and the like are done to what has been saved.
  document.addEventListener("submit", async (event) => {
    const other = event.target;
    if (other === form) {
      event.preventDefault();
      now();
    } else if (other.elements.since && dirty()) {
      event.preventDefault();
      if (await now()) {
        other.requestSubmit(event.submitter);
      }
    }
  });

  // Who follows a link goes there once all is saved; what could not be is asked about. It is asked for at the window, for
  // what the page itself does with a link comes first.
  window.addEventListener("click", async (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    const plain = !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#") || !dirty()) {
      return;
    }
    event.preventDefault();
    await now();
    if (!leaving) { // else both texts are shown side by side
      location.assign(link.href);
    }
  });

  return {
    now,
    changed: (update) => {
      if (since) {
        since = since.compose(update.changes);
      }
      area.value = text();
      if (dirty()) {
        say(says.typing);
        later(QUIET);
      } else if (!since) {
        clearTimeout(timer);
        say(says.saved);
      }
    },
  };
};
