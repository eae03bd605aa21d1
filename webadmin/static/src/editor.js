// The text of a draft as an editor. It takes the place of the text area, which stays what is sent and read without it.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { ask } from "../asking.js";
import { beside, go, verdictMarks } from "./beside.js";
import { completing } from "./completing.js";
import { feel } from "./feel.js";
import { findings, shownList } from "./findings.js";
import { saving } from "./saving.js";

const TYPED = 150; // milliseconds without a key before the text is checked

const form = document.getElementById("typing");
const area = document.getElementById("text");
const says = JSON.parse(form.dataset.says);
const fromServer = Annotation.define();

const request = (address, body) => ask(address, { method: "POST", body });

let words = null;
ask(form.dataset.words)
  .then((answer) => (answer.ok ? answer.json() : null))
  .then((found) => { words = found; });

let waiting = 0;
let asked = 0;

// Asks for the findings of what is typed; an answer to an older text is dropped.
const check = async () => {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  const text = view.state.doc.toString();
  body.set("text", text);
  const number = ++asked;
  const answer = await request(form.dataset.check, body).catch(() => null);
  if (!answer || !answer.ok || answer.redirected || number !== asked) {
    return;
  }
  show(await answer.json());
};

// The views above the text count what is typed. What keeps it from loading is said anew where it stands already: a line
// more there would push away the text somebody types into.
const count = (around) => {
  const made = new DOMParser().parseFromString(around, "text/html");
  const [tabs, fresh] = [document.querySelector("nav.tabs"), made.querySelector("nav.tabs")];
  if (tabs && fresh && !tabs.contains(document.activeElement)) {
    tabs.replaceWith(fresh);
  }
  const [told, again] = [document.querySelector("#around > .notice.bad"), made.querySelector(".notice.bad")];
  if (told) {
    told.hidden = !again;
    told.replaceChildren(...(again ? again.childNodes : []));
  }
};

const show = (found) => {
  count(found.around);
  view.dispatch(setDiagnostics(view.state, findings(view.state, found.findings, says)));
  shownList(document.getElementById("findings"), found, says, (finding) => {
    const line = view.state.doc.line(Math.min(finding.line, view.state.doc.lines));
    go(view, Math.min(line.from + finding.column - 1, line.to));
    view.focus();
  });
};

const saver = saving({ form, area, says, request, fromServer, text: () => view.state.doc.toString(), view: () => view });

const attempt = () => {
  saver.now().then((saved) => saved && document.dispatchEvent(new CustomEvent("fairlead:try")));
  return true;
};

const view = new EditorView({
  doc: area.value,
  parent: document.getElementById("editor"),
  extensions: [
    EditorView.cspNonce.of(form.dataset.nonce),
    EditorState.phrases.of(says.phrases),
    EditorState.tabSize.of(2),
    indentUnit.of("  "),
    EditorView.contentAttributes.of({ "aria-label": says.label, "aria-describedby": "typing-keys", spellcheck: "false" }),
    lineNumbers(), foldGutter(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(),
    history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
    search({ top: true }), highlightSelectionMatches(),
    yaml(), syntaxHighlighting(classHighlighter), feel(new Set(says.feel)), verdictMarks,
    autocompletion({ override: [completing(() => words, says)], icons: false }),
    keymap.of([
      { key: "Mod-s", preventDefault: true, run: () => { saver.now(); return true; } },
      { key: "Mod-Enter", preventDefault: true, run: attempt },
      ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap,
      // Escape and then Tab leaves the editor, as everywhere; Tab alone indents.
      ...defaultKeymap, indentWithTab,
    ]),
    EditorView.theme({
      ".cm-lintRange": { backgroundImage: "none !important" },
      ".cm-lintPoint:after": { borderBottomColor: "currentColor" },
    }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) {
        return;
      }
      saver.changed(update);
      document.dispatchEvent(new CustomEvent("fairlead:typed", { detail: update.state.doc.toString() }));
      clearTimeout(waiting);
      waiting = setTimeout(check, TYPED);
    }),
  ],
});

beside(view, saver);
document.getElementById("editor").hidden = false;
document.getElementById("typing-text").hidden = true;
document.querySelector(".listing-of-draft").hidden = true;
document.getElementById("findings").hidden = false;
check();
const wanted = /^#L(\d+)$/.exec(location.hash);
if (wanted && +wanted[1] <= view.state.doc.lines) {
  go(view, view.state.doc.line(Math.max(1, +wanted[1])).from);
}
