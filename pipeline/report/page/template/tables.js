"use strict";
// Tables: cards on a phone, and the numbers behind a chart to copy or to save.
(() => {
  const { words } = JSON.parse(document.getElementById("page-settings").textContent);
  const MISSING = "—";
  const NUMBER = /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?$/; // as the page writes it: commas by thousands or none
  const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/; // what a spreadsheet program may take for the beginning of a formula
  ronghe.words = words;

  // A card shows its row as lines of label and value. Laid out so a table is none to a screen reader, unless roles say so.
  function prepareCards(table) {
    const labels = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    table.setAttribute("role", "table");
    for (const part of [table.tHead, ...table.tBodies]) part.setAttribute("role", "rowgroup");
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, place) => {
        const isHead = cell.tagName === "TH";
        cell.setAttribute("role", isHead ? (cell.scope === "col" ? "columnheader" : "rowheader") : "cell");
        if (isHead) return;
        cell.dataset.label = labels[place];
        if (cell.textContent === MISSING) cell.dataset.missing = "";
      });
    }
  }

  // What is shown of a table, row by row: hidden rows and columns belong to what the reader has not chosen.
  function shownRows(table) {
    return [...table.rows]
      .filter((row) => !row.hidden)
      .map((row) => [...row.cells].filter((cell) => !cell.hidden).map((cell) => plain(textOf(cell))));
  }

  function textOf(cell) {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("sup").forEach((mark) => mark.remove()); // the number of a footnote is no part of a value
    return copy.textContent;
  }

  // A number as a spreadsheet program reads it; text that it could take for a formula gets an apostrophe.
  function plain(text) {
    const trimmed = text.trim();
    if (trimmed === MISSING) return "";
    const number = trimmed.replace("−", "-");
    if (NUMBER.test(number)) return number.replace(/,/g, "").replace(/^\+/, "");
    return FORMULA.test(trimmed) ? `'${trimmed}` : trimmed;
  }

  const csvField = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const asCsv = (rows) => `\ufeff${rows.map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`;
  const asTabs = (rows) => rows.map((row) => row.map((text) => text.replace(/\s+/g, " ")).join("\t")).join("\n");

  function save(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 80) || "data"}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea"); // a page from a file has no clipboard in some browsers
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done ? undefined : Promise.reject(new Error("copy"));
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function offerData(fold) {
    const table = fold.querySelector("table");
    const bar = document.createElement("p");
    const said = document.createElement("span");
    bar.className = "data-tools";
    said.setAttribute("role", "status");
    const tell = (text) => { said.textContent = text; };
    bar.append(
      button(words.copy, () => copy(asTabs(shownRows(table))).then(() => tell(words.copied), () => tell(words.copy_failed))),
      button(words.save_csv, () => save(table.caption.textContent, asCsv(shownRows(table)))),
      said,
    );
    fold.querySelector(".fold-content").prepend(bar);
  }

  ronghe.prepareCards = prepareCards; // for rows that come later
  document.querySelectorAll(".phone-cards table").forEach(prepareCards);
  document.querySelectorAll(".fold.data").forEach(offerData);
})();
