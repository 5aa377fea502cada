"use strict";
// The page across bureaus: a field that finds a bureau in all tables, long tables shortened, columns to sort by.
(() => {
  const FIRST_ROWS = 50; // of a long table, until the reader asks for all
  const FEWEST_TO_FIND = 12; // bureaus; fewer are found by eye
  const MISSING = "—";
  const place = document.querySelector(".find-bureau");
  if (!place) return;
  const words = place.dataset;
  const tables = [...document.querySelectorAll("main table")]
    .filter((table) => table.tBodies[0].querySelector("th .bureau"))
    .map((table) => ({ table, rows: [...table.tBodies[0].rows], isWhole: false, more: null }));
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  let sought = "";

  const nameOf = (row) => plain(row.querySelector(".bureau")?.textContent ?? "");
  const fill = (text, name, value) => text.replace(`{${name}}`, value);

  // ---- finding ------------------------------------------------------------------------------------------------------

  function show(entry) {
    const found = [...entry.table.tBodies[0].rows].filter((row) => nameOf(row).includes(sought));
    const shown = new Set(entry.isWhole ? found : found.slice(0, FIRST_ROWS));
    for (const row of entry.rows) row.hidden = !shown.has(row);
    const isCut = found.length > shown.size;
    if (isCut && !entry.more) entry.more = moreButton(entry);
    if (!entry.more) return;
    entry.more.hidden = !isCut;
    entry.more.textContent = fill(words.more, "count", found.length.toLocaleString("en"));
  }

  function moreButton(entry) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "show-rest";
    made.addEventListener("click", () => {
      entry.isWhole = true;
      show(entry);
      entry.table.closest(".table-frame").focus();
    });
    entry.table.closest(".table-block").append(made);
    return made;
  }

  function offerField() {
    const names = new Set(tables.flatMap((entry) => entry.rows.map(nameOf)));
    if (names.size < FEWEST_TO_FIND) return;
    const label = document.createElement("label");
    const field = document.createElement("input");
    const said = document.createElement("span");
    field.type = "search";
    field.setAttribute("autocomplete", "off");
    said.setAttribute("role", "status");
    label.append(`${words.label} `, field);
    field.addEventListener("input", () => {
      sought = plain(field.value);
      said.textContent = [...names].some((name) => name.includes(sought)) ? "" : words.none;
      tables.forEach(show);
    });
    place.append(label, said);
    document.querySelector("main").prepend(place); // above every section, where it stays in sight
    place.hidden = false;
  }

  // ---- sorting ------------------------------------------------------------------------------------------------------

  // Relations are in the order of names and stay so: no list of r from high to low.
  const isSorted = (entry) => entry.rows.length > 1 && !entry.table.closest("#relations");

  function valueOf(row, column) {
    const text = row.cells[column].textContent.trim();
    if (text === MISSING || text === "") return null;
    const number = Number.parseFloat(text.replace(/,/g, "").replace("−", "-"));
    return Number.isNaN(number) ? text : number;
  }

  function compare(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other), document.documentElement.lang);
  }

  function sort(entry, head, column) {
    const isRising = head.getAttribute("aria-sort") !== "ascending";
    const rows = entry.rows.map((row) => ({ row, value: valueOf(row, column) }));
    rows.sort((one, other) => {
      if (one.value === null || other.value === null) return (one.value === null) - (other.value === null); // last
      return compare(one.value, other.value) * (isRising ? 1 : -1);
    });
    entry.table.tBodies[0].append(...rows.map(({ row }) => row));
    for (const other of entry.table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isRising ? "ascending" : "descending");
    show(entry);
  }

  function offerSorting(entry) {
    [...entry.table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = fill(words.sort, "column", head.textContent.trim());
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(entry, head, column));
      head.append(button);
    });
  }

  offerField();
  tables.filter(isSorted).forEach(offerSorting);
  tables.forEach(show);
})();
