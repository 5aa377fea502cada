"use strict";
// What the reader has chosen - a party group, a metric, a range of quarters - for every table, sentence and chart at once.
// It stands in the address, so that a link can point at it: #place;group=...;metric=...;from=2021Q1;to=2021Q4
(() => {
  const form = document.querySelector(".choices");
  const NAMES = form ? [...form.querySelectorAll("select")].map((field) => field.name) : []; // of group, metric, from, to
  const status = document.querySelector(".chosen");
  const listeners = [];
  let choice = { group: "", metric: "", from: "", to: "" };
  ronghe.choice = () => choice;
  ronghe.onChoice = (listener) => listeners.push(listener);
  ronghe.isChosen = isChosen;
  if (!form) return;

  const field = (name) => form.elements[name];
  const isWhole = () => NAMES.every((name) => !choice[name]);

  function isChosen(quarter, group, metric) {
    if (choice.group && group && group !== choice.group && group !== field("group").selectedIndex) return false;
    if (choice.metric && metric && metric !== choice.metric) return false;
    return !(quarter && ((choice.from && quarter < choice.from) || (choice.to && quarter > choice.to)));
  }

  // ---- the address --------------------------------------------------------------------------------------------------

  function readAddress() {
    const [place, ...pairs] = location.hash.slice(1).split(";");
    const read = { group: "", metric: "", from: "", to: "" };
    for (const pair of pairs) {
      const [name, value] = pair.split("=");
      const offered = NAMES.includes(name) ? [...field(name).options].map((option) => option.value) : [];
      const wanted = offered.find((option) => encodeURIComponent(option) === value || option === value);
      if (wanted) read[name] = wanted; // what this page does not offer is left out
    }
    return { place, read };
  }

  const suffix = () =>
    NAMES.filter((name) => choice[name]).map((name) => `;${name}=${encodeURIComponent(choice[name])}`).join("");

  function followAddress() {
    const { place, read } = readAddress();
    take(read);
    const target = place && document.getElementById(place);
    if (target && !isWhole()) target.scrollIntoView(); // without a choice the browser has done so itself
  }

  function writeAddress() {
    const { place } = readAddress();
    history.replaceState(null, "", `#${place}${suffix()}`);
  }

  function markLinks() {
    for (const link of document.querySelectorAll("a[href^='#']")) {
      link.setAttribute("href", `${link.getAttribute("href").split(";")[0]}${suffix()}`);
    }
  }

  // ---- what is shown ------------------------------------------------------------------------------------------------

  function take(wanted) {
    choice = { ...wanted };
    for (const name of NAMES) field(name).value = choice[name];
    form.querySelector(".show-all").disabled = isWhole();
    for (const piece of document.querySelectorAll("[data-group], [data-metric], [data-quarter]")) {
      const { quarter, group, metric } = piece.dataset;
      piece.hidden = !isChosen(quarter, group, metric);
      if (piece.scope === "col") hideColumn(piece);
    }
    for (const table of document.querySelectorAll(".table-block table")) {
      const rows = [...table.tBodies[0].rows];
      noteNothing(table.closest(".table-block"), rows.length > 0 && rows.every((row) => row.hidden));
    }
    tell();
    markLinks();
    for (const listener of listeners) listener();
  }

  // The head of a column says what its cells are about.
  function hideColumn(head) {
    for (const row of head.closest("table").tBodies[0].rows) row.cells[head.cellIndex].hidden = head.hidden;
  }

  function noteNothing(block, isEmpty) {
    block.classList.toggle("nothing", isEmpty);
    const note = block.querySelector(".nothing-note");
    if (note) note.hidden = !isEmpty;
    else if (isEmpty) block.prepend(ronghe.nothingNote());
  }

  ronghe.nothingNote = () => {
    const note = document.createElement("p");
    note.className = "nothing-note";
    note.textContent = ronghe.words.nothing_chosen;
    return note;
  };

  function tell() {
    const label = (name) => field(name).selectedOptions[0].textContent;
    const parts = ["group", "metric"].filter((name) => choice[name]).map(label);
    if (choice.from || choice.to) parts.push(`${label("from")} – ${label("to")}`);
    status.hidden = isWhole();
    status.textContent = isWhole() ? "" : `${ronghe.words.shown_only}${parts.join(" · ")}${ronghe.words.not_affected}`;
    form.querySelector("summary").dataset.chosen = parts.join(" · ");
  }

  function takeFields(changed) {
    const wanted = Object.fromEntries(NAMES.map((name) => [name, field(name).value]));
    if (wanted.from && wanted.to && wanted.from > wanted.to) wanted[changed === "from" ? "to" : "from"] = wanted[changed];
    const stay = placeOfReader();
    take(wanted);
    stay();
    writeAddress();
  }

  // What hides above must not carry the reader away from the section that is being read.
  function placeOfReader() {
    const section = [...document.querySelectorAll("main > section")].find((one) => one.getBoundingClientRect().bottom > 160);
    const before = section ? section.getBoundingClientRect().top : 0;
    return () => { if (section && before < 0) scrollBy({ top: section.getBoundingClientRect().top, behavior: "instant" }); };
  }

  form.addEventListener("change", (event) => takeFields(event.target.name));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector(".show-all").addEventListener("click", () => {
    take({ group: "", metric: "", from: "", to: "" });
    writeAddress();
    field("group").focus();
  });
  addEventListener("hashchange", followAddress);
  followAddress();
})();
