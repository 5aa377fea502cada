"use strict";
// Two sides of a comparison: the reader's choice of groups and quarters, answered from the numbers and words in the page.
// It stands in the address: #compare;left=2:2021Q4;right=2:2020Q4;show=volume_xiang (group number or all, quarter)
(() => {
  const SECTION = "compare";
  const KEYS = ["left", "right", "show"];
  const SIDES = ["left", "right"];
  const MISSING = "—";
  const panel = document.getElementById("compare-panel");
  if (!panel) return;

  const data = JSON.parse(panel.dataset.comparison);
  const { words } = data;
  const field = (name) => panel.querySelector(`select[name="${name}"]`);
  const blocks = [...panel.querySelectorAll(".compare-tables .table-block")];
  const chart = document.getElementById("chart-compare");
  const plot = chart.querySelector(".plot");
  const firstFigure = JSON.parse(plot.querySelector("script").textContent);

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? values[name] : hole));
  const joined = (parts) =>
    parts.filter(Boolean).reduce((first, second) => fill(words.join, { first, second }), "").trim();

  // ---- the address --------------------------------------------------------------------------------------------------

  function addressParts() {
    const [place, ...pairs] = location.hash.slice(1).split(";");
    return { place, pairs: pairs.map((pair) => pair.split("=")) };
  }

  function readAddress() {
    const { place, pairs } = addressParts();
    const own = pairs.filter(([name]) => KEYS.includes(name));
    for (const [name, text] of own) {
      const value = (text || "").replace(/%3A/gi, ":"); // as some programs write a link
      if (name === "show") choose(field("show"), value);
      else {
        const [group, quarter] = value.split(":");
        choose(field(`${name}-group`), group);
        choose(field(`${name}-quarter`), quarter);
      }
    }
    sameScope("left");
    answer();
    if (place === SECTION && own.length) document.getElementById(SECTION).scrollIntoView();
  }

  // What the page does not offer is left out.
  function choose(select, value) {
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  }

  function writeAddress(place) {
    const { pairs } = addressParts();
    const others = pairs.filter(([name]) => !KEYS.includes(name)).map((pair) => pair.join("="));
    const own = SIDES.map((side) => `${side}=${field(`${side}-group`).value}:${field(`${side}-quarter`).value}`);
    history.replaceState(null, "", `#${[place, ...own, `show=${field("show").value}`, ...others].join(";")}`);
  }

  // Every group in turn is a choice for both sides: when one side takes or leaves it, so does the other.
  function sameScope(changed) {
    const [mine, other] = changed === "right" ? ["right", "left"] : ["left", "right"];
    const [group, opposite] = [field(`${mine}-group`), field(`${other}-group`)];
    if (group.value !== opposite.value && (group.value === "all" || opposite.value === "all")) opposite.value = group.value;
  }

  // ---- numbers ------------------------------------------------------------------------------------------------------

  // One decimal, as Python rounds it: a quarter lies exactly between two decimals and goes to the even one.
  function oneDecimal(number) {
    const size = Math.abs(number);
    const rounded = (size * 4) % 4 === 1 ? size - 0.05 : size;
    const text = rounded.toFixed(1).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    if (Number(rounded.toFixed(1)) === 0) return text;
    return `${number < 0 ? "−" : "+"}${text}`;
  }

  // Whether the two sides are one group that has become another between, or within, the two quarters.
  function hasOthers(left, right) {
    if (left.group !== right.group || left.quarter === right.quarter) return false;
    const [earlier, later] = left.quarter < right.quarter ? [left, right] : [right, left];
    return data.eras[`${earlier.group}:${earlier.quarter}`][0] !== data.eras[`${later.group}:${later.quarter}`][1];
  }

  function difference(kind, isSameSeason, isOther, [left, , leftNoise, leftState, leftPartial], [right, , rightNoise, rightState, rightPartial]) {
    for (const state of ["no_data", "nothing_due"]) {
      if (leftState === state || rightState === state) return { reason: state };
    }
    if (kind === "heavy") return { reason: "heavy" };
    if (leftPartial || rightPartial) return { reason: "partial" };
    const isInProportion = kind === "amount" || kind === "price";
    if (isInProportion && right <= 0) return { reason: "no_base" };
    const gap = left - right;
    const isKnown = leftNoise !== null && rightNoise !== null;
    const isSeasonal = kind !== "points" && !isSameSeason;
    const worth = isOther ? "others" : isSeasonal ? "season" : !isKnown ? "unknown" : Math.abs(gap) > Math.hypot(leftNoise, rightNoise) ? "clear" : "within";
    return { number: isInProportion ? (100 * gap) / right : gap, worth };
  }

  // ---- tables -------------------------------------------------------------------------------------------------------

  const valuesOf = (side) => data.sides[`${side.group}:${side.quarter}`];
  const isOwned = (cell) => cell[3] !== "not_owned";

  function rowsOf(left, right) {
    const isSpring = [left, right].every((side) => side.quarter.endsWith("Q1"));
    const isSameSeason = left.quarter.slice(-2) === right.quarter.slice(-2);
    const values = [left, right].map(valuesOf);
    const isOther = hasOthers(left, right);
    return (isSpring ? data.parts : data.order).flatMap((code) => {
      const [label, kind] = data.items[code];
      const pair = values.map((value) => value[code]);
      if (!pair.every(isOwned)) return []; // named in a note instead
      const found = difference(kind, isSameSeason, isOther, ...pair);
      const size = left.group !== right.group && kind === "amount" ? words.sizes : "";
      return [[
        label,
        pair[0][1],
        pair[1][1],
        found.reason ? MISSING : fill(words[`unit_${kind}`], { number: oneDecimal(found.number) }),
        found.reason ? words[found.reason] : words[found.worth] + size,
      ]];
    });
  }

  function cell(tag, text, likeness) {
    const made = document.createElement(tag);
    if (likeness.className) made.className = likeness.className;
    if (tag === "th") made.scope = "row";
    made.textContent = text;
    return made;
  }

  // Put rows into a table that stands there already: its buttons and its frame stay as they are.
  function fillTable(block, caption, heads, rows) {
    const table = block.querySelector("table");
    const head = table.tHead.rows[0];
    while (head.cells.length > heads.length) head.deleteCell(-1);
    while (head.cells.length < heads.length) head.append(head.cells[head.cells.length - 1].cloneNode());
    heads.forEach((text, place) => { head.cells[place].textContent = text; });
    table.caption.textContent = caption;
    block.querySelector(".table-frame").setAttribute("aria-label", caption);
    const made = rows.map((row) => {
      const line = document.createElement("tr");
      line.append(...row.map((text, place) => cell(place ? "td" : "th", text, head.cells[place])));
      return line;
    });
    table.tBodies[0].replaceChildren(...made);
    if (block.classList.contains("phone-cards")) ronghe.prepareCards(table);
  }

  const quarterName = (side) => data.quarters[side.quarter].name;
  const groupName = (side) => data.groups[side.group - 1];
  const sideName = (side) => fill(words.side, { group: groupName(side), quarter: quarterName(side) });

  function showTables(pairs) {
    const isSame = pairs.every(([left, right]) => left.group === right.group);
    blocks.forEach((block, place) => {
      block.hidden = place >= pairs.length;
      if (block.hidden) return;
      const [left, right] = pairs[place];
      const names = [left, right].map(isSame ? quarterName : sideName);
      const caption = isSame
        ? fill(words.table_of_group, { group: groupName(left), left: names[0], right: names[1] })
        : fill(words.table, { left: names[0], right: names[1] });
      const heads = [...block.querySelector("thead").rows[0].cells].map((head) => head.textContent);
      fillTable(block, caption, [heads[0], ...names, heads[3], heads[4]], rowsOf(left, right));
    });
  }

  // The metrics that one of the two groups does not own: there is nothing to compare.
  function notShared(left, right) {
    const [mine, other] = [left, right].map(valuesOf);
    const codes = data.order.filter((code) => isOwned(mine[code]) !== isOwned(other[code]));
    return codes.map((code) => data.items[code][0]).join(words.separator);
  }

  function showNotes([left, right], isSameGroup) {
    const [first, second] = [left, right].map((side) => data.quarters[side.quarter]);
    const term = (side) => side.quarter.slice(4);
    const said = [];
    if (left.quarter === right.quarter && isSameGroup) said.push(words.same);
    if (term(left) === "Q1" && term(right) === "Q1" && left.quarter !== right.quarter) {
      said.push(joined([words.spring, first.note, second.note]));
    } else if (term(left) !== term(right)) said.push(words.seasons);
    if (first.midAutumn !== second.midAutumn && left.quarter.slice(0, 4) !== right.quarter.slice(0, 4)) {
      said.push(joined([words.mid_autumn, first.note, second.note]));
    }
    if (!isSameGroup) said.push(words.groups);
    const onOneSide = notShared(left, right);
    if (onOneSide) said.push(fill(words.not_owned, { metrics: onOneSide }));
    const items = said.map((text) => Object.assign(document.createElement("li"), { textContent: text }));
    panel.querySelector(".compare-notes ul").replaceChildren(...items);
  }

  // ---- the chart ----------------------------------------------------------------------------------------------------

  // Points by month of the quarter; a metric of two first quarters by its two parts.
  function placesOf(pairs, code, isPoints) {
    const terms = pairs.flat().map((side) => side.quarter.slice(5));
    const isSpring = terms.every((term) => term === "1") && !isPoints;
    if (isSpring) return [`${code}@parts`, data.places.parts];
    return [code, terms.every((term) => term === terms[0]) ? data.places[terms[0]] : data.places.any];
  }

  function linesOf(pairs, code, places) {
    return pairs.flatMap((pair) =>
      pair.map((side, place) => ({
        side,
        place,
        values: (data.months[`${side.group}:${side.quarter}`] || {})[code] || places.map(() => null),
      })),
    ).filter((line) => line.values.some((value) => value !== null));
  }

  function showChart(pairs, isEvery) {
    const code = field("show").value;
    const [what, digits] = data.shown[code];
    const [key, places] = placesOf(pairs, code, !data.items[code] || data.items[code][1] === "points");
    const lines = linesOf(pairs, key, places);
    const figure = structuredClone(firstFigure);
    const [full, dashed] = firstFigure.data;
    figure.data = lines.map((line) => {
      const likeness = structuredClone(line.place ? dashed : full);
      return {
        ...likeness,
        x: places,
        y: line.values,
        name: fill(words.side, { group: data.drawn_groups[line.side.group - 1], quarter: quarterName(line.side) }),
        line: { ...likeness.line, color: data.colours[line.side.group - 1] },
        hovertemplate: `%{fullData.name}<br>%{x}: %{y:,.${digits}f}<extra></extra>`,
      };
    });
    figure.layout.annotations[0].text = what;
    ronghe.showFigure(plot, figure);
    const names = pairs[0].map(isEvery ? quarterName : sideName);
    const title = fill(words.chart_title, { what });
    chart.querySelector(".chart-title").textContent = title;
    chart.querySelector(".chart-summary").textContent =
      fill(words.chart_summary, { what, left: names[0], right: names[1] });
    const shown = (value) => (value === null ? MISSING : inDigits(value, digits));
    const rows = places.map((name, place) => [name, ...lines.map((line) => shown(line.values[place]))]);
    fillTable(chart.querySelector(".table-block"), title, [words.place, ...lines.map((line) => sideName(line.side))], rows);
  }

  function inDigits(number, digits) {
    const [whole, rest] = Math.abs(number).toFixed(digits).split(".");
    const text = [whole.replace(/\B(?=(\d{3})+(?!\d))/g, ","), ...(rest ? [rest] : [])].join(".");
    return number < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  }

  // ---- answering ----------------------------------------------------------------------------------------------------

  function answer() {
    const sides = SIDES.map((side) => ({ group: field(`${side}-group`).value, quarter: field(`${side}-quarter`).value }));
    const isEvery = sides[0].group === "all";
    const pairs = isEvery
      ? data.groups.map((_, place) => sides.map((side) => ({ ...side, group: place + 1 })))
      : [sides.map((side) => ({ ...side, group: Number(side.group) }))];
    showTables(pairs);
    showNotes(pairs[0], pairs.every(([left, right]) => left.group === right.group));
    showChart(pairs, isEvery);
  }

  panel.addEventListener("change", (event) => {
    sameScope(event.target.name.split("-")[0]);
    answer();
    writeAddress(SECTION);
  });
  // The bar of the page writes its own choice into the address and nothing else: ours goes back into it.
  const isInAddress = () => addressParts().pairs.some(([name]) => KEYS.includes(name));
  ronghe.onChoice(() => {
    if (isInAddress()) setTimeout(() => { if (!isInAddress()) writeAddress(addressParts().place); });
  });
  addEventListener("hashchange", readAddress);
  readAddress();
})();
