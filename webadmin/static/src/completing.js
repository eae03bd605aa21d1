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

// What stands behind a `{` of a reason, or within the quotes of a lookup, before the place that is typed at.
const HELD = /[{]([\p{L}\p{N}_.[\]]*)$/u;
const LOOKED_UP = /lookup\(\s*\\?"([^"\\]*)$/;
const COMPARED = /([\p{L}_][\p{L}\p{N}_.]*)\s*(?:=|!=|in\s*\(?)\s*(?:\\?"[^"]*"\s*,\s*)*\\?"?[\p{L}\p{N}_-]*$/u;
const WORD = String.raw`(?:[\p{L}\p{N}_.-]|(?<=[\p{L}\p{N}_])\[\]?)*`;

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
  const place = placeAt(lines, lines.length - 1, context.pos - line.from);
  const options = offered(known, says, place, before);
  const token = context.matchBefore(new RegExp(WORD, "u"));
  if (!options.length || (token.from === token.to && !context.explicit && !/[:{,"[=(] ?$/.test(before))) {
    return null;
  }
  return { from: token.from, options, validFor: new RegExp(`^${WORD}$`, "u") };
};

const seen = (options) => [...new Map(options.map((each) => [each.label, each])).values()];

const fieldsOf = (list) => list.map((each) => ({ label: each.path, detail: each.label, type: "variable", info: each.one_of.join(", ") || undefined }));

// The values a field may have, with what people call them.
const valuesOf = (known, name) => {
  const field = known.fields.find((each) => each.path === name) || known.vocabulary.find((each) => each.path === name);
  if (!field) return [];
  const values = field.type === "boolean" ? ["true", "false"] : field.one_of;
  return values.map((each) => ({ label: each, detail: field.names[each], type: "enum" }));
};

// What an output may be given; a list that is not begun yet is begun.
const givenTo = (known, name, isInside) => {
  const output = known.outputs[name];
  if (!output) return [];
  return output.values.map((each) => ({ ...each, type: "enum", apply: output.many && !isInside ? `[${each.label}]` : each.label }));
};

const fits = (pattern, path) => {
  const steps = pattern.split(".");
  return steps.length === path.length && steps.every((step, at) => step === "*" || step === path[at]);
};

// What the document itself, or others, have for a place.
const listed = (known, path) => {
  const found = Object.entries(known.places).find(([pattern]) => fits(pattern, path) || fits(pattern, [...path, "[]"]));
  if (!found) return [];
  const [pattern, list] = found;
  const begins = pattern.endsWith("[]") && path[path.length - 1] !== "[]";
  return known.lists[list].map((each) => ({ ...each, type: "enum", apply: begins ? `[${each.label}]` : each.label }));
};

// The next steps of the paths below a part of the facts a test gives.
const steps = (known, path) => {
  const begun = path.map((each) => (each === "[]" ? "" : each)).join(".").replace(/\.\.|\.$/g, "[].").replace(/\[\]\.$/, "[]");
  const prefix = begun && `${begun}.`;
  return seen(known.fields.filter((each) => each.path.startsWith(prefix)).map((each) => {
    const [step, ...rest] = each.path.slice(prefix.length).split(".");
    return { label: step.replace("[]", ""), detail: rest.length ? undefined : each.label, type: "property", apply: `${step.replace("[]", "")}: ` };
  }));
};

const offered = (known, says, { path, value, quoted }, before) => {
  const quote = before.slice(before.lastIndexOf('"') + 1);
  if (path.includes("because") && quoted && HELD.test(quote)) {
    return fieldsOf(known.fields);
  }
  if (LOOKED_UP.test(before)) {
    return known.lists.references.map((each) => ({ ...each, type: "enum" }));
  }
  return value ? atValue(known, path, before) : atKey(known, says, path);
};

const formula = (known, before) => {
  const compared = COMPARED.exec(before);
  const choices = compared ? valuesOf(known, compared[1]).map((each) => ({ ...each, apply: /^(true|false)$/.test(each.label) || /"[^"]*$/.test(before.split(/[=(,]/).pop()) ? each.label : `"${each.label}"`, boost: 9 })) : [];
  return [...choices, ...fieldsOf(known.fields), ...functions(known), ...["and", "or", "not", "in", "between", "null", "if", "then", "else"].map((label) => ({ label, type: "keyword" }))];
};

const atValue = (known, path, before) => {
  const rule = path[0] === "rules" && path[1] === "[]" ? path.slice(2) : [];
  const test = path[0] === "tests" && path[1] === "[]" ? path.slice(2) : [];
  const last = path[path.length - 1];
  if (path[0] === "inputs" && path.length === 2) {
    return fieldsOf(known.vocabulary);
  }
  const when = path.indexOf("when");
  if (when >= 0 && path.length > when + 1) {
    return [...valuesOf(known, path[when + 1]), ...functions(known)];
  }
  if (rule[0] === "then" && rule.length > 1) {
    return /:\s*["']?=[^:]*$/.test(before) ? formula(known, before) : givenTo(known, rule[1], rule.length > 2);
  }
  if (test[0] === "expect" && test[1] === "outcome" && test.length > 2) {
    return givenTo(known, test[2], test.length > 3);
  }
  if (test[0] === "given" && test.length > 1) {
    return valuesOf(known, test.slice(1).join(".").replace(/\.\[\]/g, "[]"));
  }
  if (path[0] === "outputs" && path[2] === "default") {
    return givenTo(known, path[1], path.length > 3);
  }
  if (path[0] === "inputs" && last === "default") {
    return valuesOf(known, path[2]);
  }
  const schemas = schemasAt(known.schema, path);
  if (schemas.some((each) => each.format === "feel") || path[path.length - 2] === "derived") {
    return formula(known, before);
  }
  const own = listed(known, path);
  const fixed = schemas.flatMap((each) => [...(each.enum || []), ...(each.type === "boolean" ? ["true", "false"] : [])]).map((label) => ({ label: String(label), type: "enum" }));
  return seen([...own, ...fixed]);
};

const atKey = (known, says, path) => {
  const rule = path[0] === "rules" && path[1] === "[]" ? path.slice(2) : [];
  const test = path[0] === "tests" && path[1] === "[]" ? path.slice(2) : [];
  const names = () => Object.keys(known.outputs).map((each) => ({ label: each, type: "property", apply: `${each}: ` }));
  const keys = (fields) => fieldsOf(fields).map((each) => ({ ...each, apply: `${each.label}: ` }));
  const last = path[path.length - 1];
  if (path[0] === "inputs" && path.length === 2) {
    return fieldsOf(known.vocabulary);
  }
  if ((rule[0] === "then" && rule.length === 1) || (test[1] === "outcome" && test.length === 2)) {
    return names();
  }
  if (last === "when") {
    return keys(known.fields);
  }
  if (path[0] === "derived" && last === "with") {
    return keys(known.vocabulary);
  }
  if (test[0] === "given") {
    return steps(known, test.slice(1));
  }
  const schemas = schemasAt(known.schema, path);
  return seen(schemas.flatMap((each) => Object.entries(each.properties || {}).map(([name, schema]) => {
    const needed = (each.required || []).includes(name);
    return { label: name, type: "property", apply: `${name}: `, info: own(schema.description || "", says), detail: needed ? says.needed : undefined, boost: needed ? 1 : 0 };
  })));
};

const functions = (known) => known.functions.map((each) => ({ label: each.name, type: "function", info: `${each.text}\n${each.example}`, apply: `${each.name}(` }));
