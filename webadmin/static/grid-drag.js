// Rules and columns are dragged by their grip, with a mouse, a pen or a finger. A line shows where they would go, Escape
// leaves all as it was. The menus and the keys do the same; nothing can only be dragged.

const NEAR = 60; // pixels from an edge within which the page follows
const STEP = 16; // pixels it follows by

export const drags = ({ grid, put, saves }) => {
  document.body.classList.add("drags");
  let held = null; // { grip, sort, from, places, to }

  const rows = () => [...grid().querySelectorAll("tbody tr")];
  const heads = () => [...grid().querySelectorAll("thead th[data-part]")];
  const isMovable = (each) => each.matches("tr") || Boolean(each.querySelector(".grip"));

  const unmark = () => grid().querySelectorAll("[data-drop], [data-dragged]").forEach((each) => {
    delete each.dataset.drop;
    delete each.dataset.dragged;
  });

  // Where the pointer is among what can be dragged: the one it would take the place of, none for its own.
  const target = ({ clientX, clientY }) => {
    const isRow = held.sort === "row";
    const at = isRow ? clientY : clientX;
    const boxes = held.places.map((each) => each.getBoundingClientRect());
    const [begin, end] = isRow ? ["top", "bottom"] : ["left", "right"];
    let to = boxes.findIndex((box) => at < box[end]);
    to = to < 0 ? boxes.length - 1 : at < boxes[0][begin] ? 0 : to;
    return to === held.from || !isMovable(held.places[to]) ? null : to;
  };

  const mark = () => {
    unmark();
    held.places[held.from].dataset.dragged = "";
    if (held.to !== null) {
      held.places[held.to].dataset.drop = held.to < held.from ? "before" : "after";
    }
  };

  const follow = ({ clientX, clientY }) => {
    const pane = grid().querySelector(".scroll");
    const box = pane.getBoundingClientRect();
    if (held.sort === "row") {
      window.scrollBy(0, clientY < NEAR ? -STEP : clientY > innerHeight - NEAR ? STEP : 0);
      pane.scrollBy(0, clientY < box.top + NEAR ? -STEP : clientY > box.bottom - NEAR ? STEP : 0);
    } else {
      pane.scrollBy(clientX < box.left + NEAR ? -STEP : clientX > box.right - NEAR ? STEP : 0, 0);
    }
  };

  const drop = () => {
    const { sort, from, to, places } = held;
    const body = new FormData();
    const change = sort === "row"
      ? { what: "move", rule: places[from].id.replace(/^rule-/, ""), part: "", value: String(to + 1) }
      : { what: "move-column", rule: "", part: places[from].dataset.part, value: places[to].dataset.part };
    Object.entries(change).forEach(([name, value]) => body.append(name, value));
    saves();
    put({ action: grid().querySelector("table .acts form").action, body });
  };

  const stop = (isDone) => {
    if (!held) {
      return;
    }
    if (isDone && held.to !== null) {
      drop();
    }
    held = null;
    unmark();
    document.body.classList.remove("dragging");
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest && event.target.closest("#grid .grip");
    if (!grip || event.button !== 0 || !event.isPrimary) {
      return;
    }
    event.preventDefault(); // no text is selected on the way
    const sort = grip.closest("thead") ? "column" : "row";
    const places = sort === "row" ? rows() : heads();
    held = { id: event.pointerId, sort, places, from: places.indexOf(grip.closest(sort === "row" ? "tr" : "th")), to: null };
    grip.setPointerCapture(event.pointerId);
    document.body.classList.add("dragging");
    mark();
  });
  document.addEventListener("pointermove", (event) => {
    if (held && event.pointerId === held.id) {
      follow(event);
      held.to = target(event);
      mark();
    }
  });
  document.addEventListener("pointerup", (event) => held && event.pointerId === held.id && stop(true));
  document.addEventListener("pointercancel", () => stop(false));
  document.addEventListener("keydown", (event) => {
    if (held && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      stop(false);
    }
  }, true);
  document.addEventListener("fairlead:drafted", () => stop(false)); // the rows that were held are not there any more
};
