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
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.said;
        setTimeout(() => {
          button.replaceChildren(...usual);
        }, 2000);
      } catch {
        select(button.previousElementSibling);
      }
    });
  });
})();
