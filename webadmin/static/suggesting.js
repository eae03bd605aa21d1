// Offers people, customers or teams while part of a name is typed; without it the part itself finds.
import { ask } from "./asking.js";

(() => {
  const PAUSE = 150; // milliseconds without a key before it is asked
  let timer = 0;
  let asked = 0;

  const listOf = (input) => {
    const id = `${input.id}-names`;
    let list = document.getElementById(id);
    if (!list) {
      list = document.createElement("datalist");
      list.id = id;
      input.after(list);
      input.setAttribute("list", id);
    }
    return list;
  };

  const offer = async (input) => {
    const mine = (asked += 1);
    const answer = await ask(`${input.dataset.names}&q=${encodeURIComponent(input.value)}`);
    if (!answer.ok || answer.redirected) return;
    const { names } = await answer.json();
    if (mine !== asked) return; // a later answer is on its way
    listOf(input).replaceChildren(...names.map(({ id, name }) => {
      const option = document.createElement("option");
      option.value = "byId" in input.dataset ? id : name;
      option.label = "byId" in input.dataset ? name : `${name} · ${id}`;
      return option;
    }));
  };

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("input[data-names]") || !input.value.trim()) return;
    clearTimeout(timer);
    timer = setTimeout(() => offer(input).catch(() => {}), PAUSE);
  });
})();
