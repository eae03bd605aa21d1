// What the panel beside the editor asks of it: to mark the rules that hit, to show a line, to save before a test is made.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

const told = StateEffect.define();
const MARKS = Object.fromEntries(["hit", "near", "open"].map((name) => [name, Decoration.line({ class: `rule-${name}` })]));

const marks = (state, { rules, lines }) => Decoration.set(
  Object.entries(lines)
    .filter(([, line]) => line <= state.doc.lines)
    .map(([rule, line]) => MARKS[rules[rule]].range(state.doc.line(line).from)),
  true,
);

export const verdictMarks = StateField.define({
  create: () => Decoration.none,
  update: (now, transaction) => transaction.effects.filter((each) => each.is(told))
    .reduce((_, each) => marks(transaction.state, each.value), now.map(transaction.changes)),
  provide: (field) => EditorView.decorations.from(field),
});

// Goes to a place: the editor scrolls to it, and once its lines have their heights the page scrolls to the editor's line.
export const go = (view, at) => {
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  const show = (again) => view.requestMeasure({
    read: () => view.domAtPos(Math.min(at, view.state.doc.length)).node,
    write: (node) => {
      (node.closest ? node : node.parentElement).closest(".cm-line")?.scrollIntoView({ block: "center" });
      if (again) {
        requestAnimationFrame(() => show(false)); // scrolled there, lines that were only estimated are measured
      }
    },
  });
  show(true);
};

export const beside = (view, saver) => {
  document.addEventListener("fairlead:verdicts", (event) => view.dispatch({ effects: told.of(event.detail) }));
  document.addEventListener("fairlead:save", (event) => saver.now().then((saved) => saved && event.detail()));
  document.addEventListener("fairlead:go", (event) => {
    go(view, view.state.doc.line(Math.min(event.detail, view.state.doc.lines)).from);
    view.focus();
  });
};
