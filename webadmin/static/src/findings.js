// Findings at their place in the text, and as a list below it.

// The code point `column` of a line, from 1, as an offset: beyond the basic plane a code point is two units.
const offset = (text, column) => [...text].slice(0, column - 1).join("").length;

export const findings = (state, found, says) => found.map((each) => {
  const line = state.doc.line(Math.min(Math.max(each.line, 1), state.doc.lines));
  const from = Math.min(line.from + offset(line.text, each.column), line.to);
  const word = /^[^\s,:{}[\]"'#]+/.exec(line.text.slice(from - line.from));
  const to = Math.min(line.to, from + Math.max(1, word ? word[0].length : 1));
  const severity = { error: "error", warning: "warning" }[each.grade] || "info";
  return { from: Math.min(from, to), to, severity, message: `${says.grades[each.grade]}: ${each.said}`, source: each.code };
});

export const shownList = (place, found, says, go) => {
  const said = place.querySelector("[data-count]");
  const { findings: all, passed, tests } = found;
  const grave = all.filter((each) => each.grade === "error").length;
  said.textContent = all.length ? says.remarks.replace("%", all.length).replace("%", grave) : says.sound;
  place.querySelector("[data-tests]").textContent = passed === null ? "" : says.tests.replace("%", passed).replace("%", tests);
  place.classList.toggle("has-errors", grave > 0);
  const list = place.querySelector("ul");
  list.replaceChildren(...all.map((each) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const grade = document.createElement("span");
    const text = document.createElement("span");
    button.type = "button";
    button.className = "plain";
    button.textContent = says.line.replace("%", each.line);
    button.addEventListener("click", () => go(each));
    grade.className = `badge grade-${each.grade}`;
    grade.textContent = says.grades[each.grade];
    text.textContent = each.said;
    item.append(button, " ", grade, " ", text);
    if (each.ranges) {
      const more = document.createElement("details");
      const head = document.createElement("summary");
      head.textContent = says.ranges;
      more.append(head, each.ranges);
      item.append(more);
    }
    return item;
  }));
};
