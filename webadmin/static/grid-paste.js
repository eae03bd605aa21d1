// A block copied from a spreadsheet: it fills the cells from where it is pasted, and adds a rule for each row too many.

// Reads what spreadsheets copy: tabs and lines; a cell that holds either stands in quotes.
const parsed = (text) => {
  const found = [[]];
  const cell = /(?:"((?:[^"]|"")*[\t\n](?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/y;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (;;) {
    const [, quoted, plain, end] = cell.exec(clean);
    const value = quoted === undefined ? plain : quoted.replace(/""/g, '"');
    found[found.length - 1].push(value.replace(/\s+/g, " ").trim());
    if (!end) {
      return found;
    }
    if (end === "\n") {
      found.push([]);
    }
  }
};

const NAMED = 8; // cells that did not fit which are named, by where they stand in what was copied

const listed = (cells, { place, between }) => {
  const named = cells.slice(0, NAMED).map(([row, column, value]) => place.replace(/%[rct]/g, (sign) => ({ "%r": row, "%c": column, "%t": value })[sign]));
  return `${cells.length}: ${named.join(between)}${cells.length > NAMED ? " …" : ""}`;
};

export const pasting = ({ grid, cells, at, isCell, put, say }) => {
  const paste = (cell, text) => {
    const block = parsed(text);
    if (block.length === 1 && block[0].length === 1) {
      return false;
    }
    const body = new FormData();
    const [row, column] = [+cell.dataset.row, +cell.dataset.column];
    const last = Math.max(...cells().map((each) => +each.dataset.row));
    let added = 0;
    const dropped = [];
    const ask = (what, rule, part, was, value) => Object.entries({ what, rule, part, was, value }).forEach(([name, each]) => body.append(name, each));

    block.forEach((values, down) => {
      const isNew = row + down > last;
      if (isNew) {
        added += 1;
        ask("add", "", "", "", column === 0 ? values[0] : "");
      }
      const wanted = values.map((value, right) => [value, column + right]);
      // The name comes last: until then the changes know the rule by the one it has.
      for (const [value, place] of [...wanted.filter(([, each]) => each > 0), ...wanted.filter(([, each]) => each === 0)]) {
        const to = isNew ? cells().find((each) => +each.dataset.column === place && each.form.elements.what.value !== "when") : at(row + down, place);
        if (!to) {
          dropped.push(...(value ? [[down + 1, place - column + 1, value]] : []));
        } else if (place > 0 || !isNew) {
          const { what, rule, part, was } = to.form.elements;
          ask(what.value, isNew ? `+${added}` : rule.value, part.value, isNew ? "" : was.value, value);
        }
      }
    });

    const count = body.getAll("what").length;
    const { most, says } = grid().dataset;
    if (count > +most) {
      say("many", count, most);
    } else if (count) {
      put({ action: cell.form.action, body, note: dropped.length ? "dropped" : "", count: listed(dropped, JSON.parse(says)) });
    }
    return true;
  };

  document.addEventListener("paste", (event) => {
    if (isCell(event.target) && paste(event.target, event.clipboardData.getData("text"))) {
      event.preventDefault();
    }
  });
};
