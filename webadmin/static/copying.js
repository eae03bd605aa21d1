// A number to hand on: a press copies it; where that is not allowed it is selected, to be copied by hand.
(() => {
  const select = (code) => {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    const usual = [...button.childNodes];
    const status = document.createElement("span"); // what a button is called anew is not read out: this is
    status.className = "hidden";
    status.setAttribute("role", "status");
    button.after(status);
    const say = (text) => {
      status.textContent = text;
      setTimeout(() => {
        status.textContent = "";
        button.replaceChildren(...usual);
      }, 2000);
    };
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.said;
        say(`${button.dataset.said} ${button.dataset.copy}`);
      } catch {
        select(button.previousElementSibling);
        say(button.dataset.selected);
      }
    });
  });
})();
