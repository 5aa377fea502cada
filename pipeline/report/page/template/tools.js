"use strict";
// The list of contents and the reader's choice: open beside the text, closed above it on a phone, where only one of them
// is open at a time. Runs where they stand, before the text below them is drawn: what is read must not jump.
(() => {
  const wide = matchMedia("(min-width: 68.75rem)"); // the width at which style.css sets the contents beside the text
  const tools = [...document.querySelectorAll(".tools details")];
  const settle = () => { for (const tool of tools) tool.open = wide.matches; };
  settle();
  wide.addEventListener("change", settle);
  for (const tool of tools) {
    tool.addEventListener("toggle", () => {
      if (tool.open && !wide.matches) for (const other of tools) if (other !== tool) other.open = false;
    });
    tool.addEventListener("click", (event) => {
      if (event.target.closest("a") && !wide.matches) tool.open = false;
      if (event.target.closest("summary") && wide.matches) event.preventDefault();
    });
  }
})();
