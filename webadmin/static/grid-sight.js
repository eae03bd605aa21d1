// What stays in sight: the heads of the columns below the toolbar, which sticks to the top of the page and would cover
// them; and an open menu, which the box one scrolls in would cut off.

const EDGE = 8; // pixels between a menu and the edge of the window
const MOST_KEPT = 4; // columns of outputs the style sheet can keep at the right
const LEAST = 26; // pixels of a cell that can be pressed
const LARGEST_SHARE = 0.6; // of the width of the box, for what stays in sight at its sides

export const sight = ({ grid }) => {
  const bar = () => grid().querySelector(".grid-head");
  const pane = () => grid().querySelector(".scroll");

  // How far the toolbar reaches into the box, and how high the heads are, for the style sheet.
  const heads = () => {
    const [box, head] = [pane(), grid().querySelector("thead")];
    const isStuck = getComputedStyle(bar()).position === "sticky";
    const over = isStuck ? bar().getBoundingClientRect().bottom - box.getBoundingClientRect().top : 0;
    const under = Math.max(0, Math.min(over, box.clientHeight - head.offsetHeight));
    box.style.setProperty("--under", `${under}px`);
    box.style.setProperty("--heads", `${head.offsetHeight}px`);
    document.documentElement.style.setProperty("scroll-padding-top", isStuck ? `${bar().offsetHeight + head.offsetHeight + EDGE}px` : "");
  };

  // How far from the right each column stays that does: what rules give, before what can be done with them. Where they
  // would leave too little room between them and the name of the rule, they scroll with the others.
  const sides = () => {
    const [box, first] = [pane(), grid().querySelector("thead tr:last-child > :first-child")];
    const kept = [...grid().querySelectorAll("thead tr:last-child > .kept")].reverse();
    let right = kept.length ? grid().querySelector("thead tr:last-child > :last-child").offsetWidth : 0;
    kept.forEach((each, at) => {
      box.style.setProperty(`--from-${at + 1}`, `${right}px`);
      right += each.offsetWidth;
    });
    const fits = kept.length > 0 && kept.length <= MOST_KEPT && first.offsetWidth + right < box.clientWidth * LARGEST_SHARE;
    box.classList.toggle("keeps", fits);
    box.style.setProperty("--wider", "0px");
    box.style.setProperty("--wider", `${fits ? sliver(box.clientWidth - right) : 0}px`);
    box.style.setProperty("--kept-right", fits ? `${right}px` : "0px");
    box.style.setProperty("--kept-left", `${kept.length ? first.offsetWidth : 0}px`);
  };

  // How much is seen of a column of which too little is left before an edge to be pressed: the names are wider by that.
  const sliver = (edge) => {
    const zero = pane().getBoundingClientRect().left - pane().scrollLeft + pane().clientLeft;
    const seen = [...grid().querySelectorAll("thead tr:last-child > th:not(:first-child, .kept, .kept ~ *)")].map((each) => {
      const { left, right } = each.getBoundingClientRect();
      return right - zero > edge ? edge - left + zero : 0;
    });
    return Math.ceil(seen.find((each) => each > 0 && each < LEAST) ?? 0);
  };

  // Near the first row the box has nothing left to scroll: then the page goes back until what has the focus is free.
  const uncover = () => {
    const on = document.activeElement;
    if (!on.matches("#grid tbody *") || getComputedStyle(bar()).position !== "sticky") {
      return;
    }
    const lack = grid().querySelector("thead").getBoundingClientRect().bottom + EDGE - on.getBoundingClientRect().top;
    if (lack > EDGE) {
      const inside = Math.min(lack, pane().scrollTop);
      pane().scrollTop -= inside;
      window.scrollBy(0, inside - lack);
    }
  };

  // A browser takes a cell of which a little is seen for seen: it is brought out from under what stays at the sides.
  const aside = () => {
    const cell = document.activeElement.closest("#grid tbody td:not(.keeps .kept, .keeps td:last-child)");
    if (!cell || getComputedStyle(bar()).position !== "sticky") {
      return;
    }
    const kept = (side) => parseFloat(pane().style.getPropertyValue(side)) || 0;
    const [box, on] = [pane().getBoundingClientRect(), document.activeElement.getBoundingClientRect()];
    const isBefore = cell.compareDocumentPosition(cell.parentElement.querySelector(".kept") ?? cell) & Node.DOCUMENT_POSITION_FOLLOWING;
    const [left, right] = [box.left + kept("--kept-left"), box.right - kept(isBefore ? "--kept-right" : "--from-1")];
    pane().scrollLeft += on.left < left ? on.left - left : Math.max(0, Math.min(on.right - right, on.left - left));
  };

  const place = (menu) => {
    const [by, panel] = [menu.querySelector("summary").getBoundingClientRect(), menu.querySelector(":scope > div")];
    panel.classList.add("placed");
    const { offsetWidth: width, offsetHeight: height } = panel;
    const top = by.bottom + height > innerHeight - EDGE ? Math.max(EDGE, by.top - height) : by.bottom;
    panel.style.left = `${Math.max(EDGE, Math.min(by.right - width, innerWidth - width - EDGE))}px`;
    panel.style.top = `${top}px`;
  };

  const menus = () => grid().querySelectorAll(".scroll details.menu[open]").forEach(place);

  const look = () => {
    heads();
    menus();
  };
  const lay = () => {
    sides();
    look();
  };

  document.addEventListener("toggle", (event) => event.target.matches("#grid .scroll details.menu[open]") && place(event.target), true);
  document.addEventListener("focusin", () => requestAnimationFrame(() => {
    uncover();
    aside();
  }));
  document.addEventListener("scroll", look, { capture: true, passive: true });
  // The box has another width when the panel beside it opens, too.
  const sized = new ResizeObserver(() => requestAnimationFrame(lay));
  const begin = () => {
    sized.disconnect();
    sized.observe(pane());
    lay();
  };

  document.addEventListener("fairlead:drafted", begin);
  window.addEventListener("resize", lay);
  begin();
};
