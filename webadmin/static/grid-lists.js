// The list beside a cell in which several values may stand, and the picker beside one for a day: clicked with a mouse,
// or entered with F2. Browsers that have no popovers keep their own list.

const DAY = /\d{4}-\d{2}-\d{2}/;

export const lists = ({ isCell, save }) => {
  const panel = document.createElement("div");
  panel.className = "cell-values";
  panel.setAttribute("role", "group");
  panel.popover = "manual";
  document.body.append(panel);
  let owner = null;

  const values = (cell) => cell.value.split(/[,，、]/).map((each) => each.trim()).filter(Boolean);

  const choice = (option) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = option.value;
    box.checked = values(owner).includes(option.value);
    label.append(box, ` ${option.label || option.value}`);
    return label;
  };

  const day = () => {
    const picker = document.createElement("input");
    picker.type = "date";
    picker.value = (DAY.exec(owner.value) || [""])[0];
    picker.setAttribute("aria-label", owner.getAttribute("aria-label"));
    return picker;
  };

  const place = () => {
    const { left, top, bottom } = owner.getBoundingClientRect();
    const above = bottom + panel.offsetHeight > innerHeight && top > panel.offsetHeight;
    panel.style.left = `${Math.max(0, Math.min(left, innerWidth - panel.offsetWidth - 8))}px`;
    panel.style.top = `${above ? top - panel.offsetHeight : bottom}px`;
  };

  const show = (cell) => {
    owner = cell;
    panel.setAttribute("aria-label", cell.getAttribute("aria-label"));
    panel.replaceChildren(...("day" in cell.dataset ? [day()] : [...document.getElementById(cell.dataset.list).options].map(choice)));
    panel.showPopover();
    place();
  };

  const hide = () => {
    if (panel.matches(":popover-open")) {
      panel.hidePopover();
    }
    owner = null;
  };

  const has = (cell) => {
    if (cell.hasAttribute("list")) {
      cell.dataset.list = cell.getAttribute("list");
      cell.removeAttribute("list"); // the browser's own list shows only what begins as the cell does
    }
    return "list" in cell.dataset || "day" in cell.dataset;
  };

  const write = (event) => {
    if (event.target.type === "date") {
      const picked = event.target.value;
      owner.value = DAY.test(owner.value) && picked ? owner.value.replace(DAY, picked) : picked;
    } else {
      owner.value = [...panel.querySelectorAll("input:checked")].map((each) => each.value).join(", ");
    }
  };

  const none = { holds: () => false, enter: () => false };
  if (!panel.showPopover) {
    return none;
  }
  panel.addEventListener("change", write);
  // A click there leaves the focus in the cell, which is saved when it is left.
  panel.addEventListener("mousedown", (event) => event.target.type === "date" || event.preventDefault());
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      owner.focus();
    }
  });
  panel.addEventListener("focusout", (event) => {
    const left = owner;
    if (left && event.relatedTarget !== left && !panel.contains(event.relatedTarget)) {
      hide();
      save(left);
    }
  });
  document.addEventListener("focusin", (event) => {
    if (isCell(event.target)) {
      if (has(event.target)) {
        show(event.target);
      } else {
        hide();
      }
    } else if (!panel.contains(event.target)) {
      hide();
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target === owner) {
      panel.querySelectorAll("[type=checkbox]").forEach((box) => { box.checked = values(owner).includes(box.value); });
    }
  });
  document.addEventListener("scroll", () => owner && place(), true);
  document.addEventListener("fairlead:drafted", () => {
    const now = owner && document.getElementById(owner.id);
    if (!now) {
      hide();
    } else if (now !== owner) {
      now.value = owner.value;
      has(now);
      owner = now;
    }
  });

  return {
    holds: (where) => Boolean(where) && panel.contains(where),
    enter: (cell) => {
      const first = cell === owner && panel.querySelector("input");
      if (first) {
        first.focus();
      }
      return Boolean(first);
    },
  };
};
