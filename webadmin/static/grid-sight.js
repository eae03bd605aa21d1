// What stays in sight: the heads of the columns below the toolbar, which sticks to the top of the page and would cover
// them; and an open menu, which the box one scrolls in would cut off.

const EDGE = 8; // pixels between a menu and the edge of the window

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

  document.addEventListener("toggle", (event) => event.target.matches("#grid .scroll details.menu[open]") && place(event.target), true);
  document.addEventListener("focusin", () => requestAnimationFrame(uncover));
  document.addEventListener("scroll", look, { capture: true, passive: true });
  document.addEventListener("fairlead:drafted", look);
  window.addEventListener("resize", look);
  look();
};
