// Marks FEEL where a document holds it: in conditions, cells and formulas.
import { syntaxTree } from "@codemirror/language";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";

const TOKEN = /"(?:[^"\\]|\\.)*"|@"[^"]*"|\b(?:and|or|not|if|then|else|in|between|some|every|satisfies|for|return|instance of|true|false|null|function)\b|\b\d+(?:\.\d+)?\b|[\p{L}_][\p{L}\p{N}_ ]*(?=\()|<=|>=|!=|\.\.|[<>=]/gu;
const MARKS = Object.fromEntries(["string", "keyword", "number", "function", "operator"].map((name) => [name, Decoration.mark({ class: `feel-${name}` })]));

const sort = (token) => {
  if (/^@?"/.test(token)) return "string";
  if (/^\d/.test(token)) return "number";
  if (/^[<>=!.]/.test(token)) return "operator";
  return /^(and|or|not|if|then|else|in|between|some|every|satisfies|for|return|instance of|true|false|null|function)$/.test(token) ? "keyword" : "function";
};

const built = (view, known) => {
  const marks = new RangeSetBuilder();
  let done = 0;
  const mark = (from, to) => {
    let text = view.state.sliceDoc(from, to);
    if (text.startsWith('"') && text.endsWith('"')) { // YAML's quotes around it
      text = ` ${text.slice(1, -1).replace(/\\"/g, '""')} `;
    }
    for (const found of text.matchAll(TOKEN)) {
      const start = from + found.index;
      if (start >= done) {
        done = start + found[0].length;
        marks.add(start, Math.min(done, to), MARKS[sort(found[0])]);
      }
    }
  };
  const inside = (node) => {
    for (let here = node.parent; here; here = here.parent) {
      if (here.name === "Pair") {
        const key = here.getChild("Key");
        if (key && known.has(view.state.sliceDoc(key.from, key.to))) {
          return true;
        }
      }
    }
    return false;
  };
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from, to,
      enter: (node) => {
        if (node.name === "Key") {
          return false;
        }
        if (["Literal", "QuotedLiteral", "BlockLiteralContent"].includes(node.name) && inside(node.node)) {
          mark(node.from, node.to);
        }
        return true;
      },
    });
  }
  return marks.finish();
};

export const feel = (known) => ViewPlugin.fromClass(class {
  constructor(view) {
    this.decorations = built(view, known);
  }

  update(update) {
    if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state)) {
      this.decorations = built(update.view, known);
    }
  }
}, { decorations: (plugin) => plugin.decorations });
