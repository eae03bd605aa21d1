// Offers what may stand at a place: keys by the schema, fields, functions, and the values a field may have.

// Returns the keys that lead to a place, `[]` for an item of a list, and whether a value is meant there.
export const placeAt = (lines, number, column) => {
  const line = lines[number].slice(0, column);
  const dashes = /^(\s*)((?:- +)*)/.exec(line);
  const start = dashes[0].length;
  const { path: inner, value, quoted } = insideLine(line.slice(start));
  const path = [];
  let limit = start;
  const dashed = (text, before) => {
    const at = [];
    for (let i = 0; i < text.length; i += 1) {
      if (text[i] === "-" && i < before) at.push(i);
    }
    return at;
  };
  const climb = (prefix) => {
    for (const at of dashed(prefix, limit).reverse()) {
      if (at < limit) {
        path.unshift("[]");
        limit = at + 0.5; // the key of a list may stand at the column of its dashes
      }
    }
  };
  climb(dashes[0]);
  for (let up = number - 1; up >= 0 && limit > 0; up -= 1) {
    const found = /^(\s*(?:- +)*)([^\s#"'{[][^:]*|"[^"]*")\s*:(?:\s|$)/.exec(lines[up]);
    const bare = /^(\s*(?:- +)+)/.exec(lines[up]);
    if (found && found[1].length < limit) {
      path.unshift(found[2].replace(/"/g, ""));
      limit = found[1].length;
      climb(found[1]);
    } else if (bare && bare[1].indexOf("-") < limit && limit % 1 === 0 && bare[1].length <= limit) {
      climb(bare[1]);
    }
  }
  return { path: [...path, ...inner], value, quoted };
};

// Returns what leads to the end of a line from its first key on, through `{…}` and `[…]`.
const insideLine = (text) => {
  const stack = [{ kind: "block", key: null }];
  let word = "";
  let quote = "";
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    const top = stack[stack.length - 1];
    if (quote) {
      quote = sign === quote ? "" : quote;
      word += sign;
    } else if ((sign === '"' || sign === "'") && !word.trim()) {
      quote = sign;
      word += sign;
    } else if (sign === ":" && top.key === null && top.kind !== "list" && /^(\s|$)/.test(text.slice(i + 1))) {
      top.key = word.trim().replace(/^["']|["']$/g, "");
      word = "";
    } else if ((sign === "{" || sign === "[") && !word.trim()) {
      stack.push({ kind: sign === "{" ? "map" : "list", key: null });
      word = "";
    } else if ((sign === "}" || sign === "]") && stack.length > 1 && top.kind !== "block") {
      stack.pop();
      word = sign;
    } else if (sign === "," && top.kind !== "block") {
      top.key = null;
      word = "";
    } else {
      word += sign;
    }
  }
  const path = stack.flatMap((each) => (each.kind === "list" ? ["[]"] : each.key === null ? [] : [each.key]));
  const last = stack[stack.length - 1];
  return { path, value: last.kind === "list" || last.key !== null, quoted: Boolean(quote) };
};

// Returns the schemas that hold at a path.
export const schemasAt = (root, path) => {
  const spread = (schema) => {
    if (schema.$ref) return spread({ ...root.$defs[schema.$ref.split("/").pop()] });
    return schema.anyOf ? schema.anyOf.flatMap(spread) : [schema];
  };
  let here = spread(root);
  for (const step of path) {
    here = here.flatMap((each) => {
      const below = step === "[]" ? each.items : (each.properties && each.properties[step]) || each.additionalProperties;
      return below && typeof below === "object" ? spread(below) : [];
    });
  }
  return here;
};

const own = (text, says) => text.split("\n")[says.language === "zh" ? 0 : 1] || text;

export const completing = (words, says) => (context) => {
  const known = words();
  if (!known) {
    return null;
  }
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  if (/^\s*#|\s#/.test(before)) {
    return null;
  }
  const lines = context.state.doc.sliceString(0, line.to).split("\n");
  const { path, value } = placeAt(lines, lines.length - 1, context.pos - line.from);
  const options = offered(known, says, path, value, before);
  const token = context.matchBefore(/[\p{L}\p{N}_.\-[\]]*/u);
  if (!options.length || (token.from === token.to && !context.explicit && !/[:{,"] ?$/.test(before))) {
    return null;
  }
  return { from: token.from, options, validFor: /^[\p{L}\p{N}_.\-[\]]*$/u };
};

const offered = (known, says, path, value, before) => {
  const fields = () => known.fields.map((each) => ({ label: each.path, detail: each.label, type: "variable", info: each.one_of.join(", ") || undefined }));
  const values = (name) => (known.fields.find((each) => each.path === name) || { one_of: [] }).one_of.map((each) => ({ label: each, type: "enum" }));
  const top = path[0] === "rules" && path[1] === "[]" ? path.slice(2) : null;
  if (path[0] === "inputs" && path.length === 2 && (value || path[1] === "[]")) {
    return known.vocabulary.map((each) => ({ label: each.path, detail: each.label, type: "variable" }));
  }
  const of = top || path;
  const when = of.indexOf("when");
  if (top && when >= 0 && of.length > when + 1) {
    return [...values(of[when + 1]), ...functions(known)];
  }
  if (top && of[0] === "then") {
    const names = Object.keys(known.outputs);
    if (of.length === 1) return names.map((each) => ({ label: each, type: "property", apply: `${each}: ` }));
    return (known.outputs[of[1]] || []).map((each) => ({ label: each, type: "enum" }));
  }
  const compared = /([\p{L}_][\p{L}\p{N}_.]*)\s*(?:=|!=|in\s*\(?)\s*(?:"[^"]*"\s*,\s*)*"?[\p{L}\p{N}_-]*$/u.exec(before);
  const schemas = schemasAt(known.schema, path);
  const isFeel = schemas.some((each) => each.format === "feel") || path[path.length - 2] === "derived";
  if (value && isFeel) {
    const choices = compared ? values(compared[1]).map((each) => ({ ...each, apply: /"[^"]*$/.test(before.split(/[=(,]/).pop()) ? each.label : `"${each.label}"`, boost: 9 })) : [];
    return [...choices, ...fields(), ...functions(known), ...["and", "or", "not", "in", "between", "null"].map((label) => ({ label, type: "keyword" }))];
  }
  if (value) {
    return schemas.flatMap((each) => [...(each.enum || []), ...(each.type === "boolean" ? ["true", "false"] : [])]).map((label) => ({ label: String(label), type: "enum" }));
  }
  if (of[of.length - 1] === "when") {
    return fields().map((each) => ({ ...each, apply: `${each.label}: ` }));
  }
  const seen = new Set();
  return schemas.flatMap((each) => Object.entries(each.properties || {}).map(([name, schema]) => [name, schema, (each.required || []).includes(name)]))
    .filter(([name]) => !seen.has(name) && seen.add(name))
    .map(([name, schema, needed]) => ({ label: name, type: "property", apply: `${name}: `, info: own(schema.description || "", says), detail: needed ? says.needed : undefined, boost: needed ? 1 : 0 }));
};

const functions = (known) => known.functions.map((each) => ({ label: each.name, type: "function", info: `${each.text}\n${each.example}`, apply: `${each.name}(` }));
