"use strict";
// The charts: unpacked, drawn from the reader's place outwards, themed, sized, and narrowed to what the reader has chosen.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const NARROW = 480; // px of plot width below which a chart is laid out for a phone
  // On paper charts are lower, so that two with their words stand on a sheet of A4 in either language: this share of
  // their height, or so many px. Rows whose names have two lines need 30 px each, and their frame a legend of three lines.
  const PAPER = { share: 0.6, least: 240, row: 30, frame: 130 };
  const MANY = 120; // charts of a page (a bureau of 12 groups has 60): a phone would draw more for minutes and hold all
  const REACH = 3; // screens around the reader's place: of many charts only those within are drawn
  const plots = [...document.querySelectorAll(".plot")];
  const figures = new WeakMap();
  let settings = null;
  let drawing = false;

  async function unpackPlotly() {
    const bytes = ronghe.fromBase85(document.getElementById("plotly-packed").textContent);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  }

  // ---- what a chart looks like --------------------------------------------------------------------------------------

  // What a chart takes from the page: colours and font. Its paper is the page's: a downloaded picture needs a background.
  function themeOf(layout) {
    const style = getComputedStyle(root);
    const colour = (name) => style.getPropertyValue(name).trim();
    const theme = {
      "paper_bgcolor": colour("--page"),
      "plot_bgcolor": "rgba(0,0,0,0)",
      "font.color": colour("--ink"),
      "font.family": style.getPropertyValue("--text-font").trim(),
      "legend.bgcolor": "rgba(0,0,0,0)",
      "hoverlabel.bgcolor": colour("--surface"),
      "hoverlabel.bordercolor": colour("--strong-line"),
      "hoverlabel.font.color": colour("--ink"),
      "modebar.bgcolor": "rgba(0,0,0,0)",
      "modebar.color": colour("--muted"),
      "modebar.activecolor": colour("--accent"),
    };
    const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
    for (const axis of new Set(["xaxis", "yaxis", ...axes])) {
      theme[`${axis}.gridcolor`] = colour("--line");
      theme[`${axis}.linecolor`] = colour("--strong-line");
      theme[`${axis}.tickcolor`] = colour("--strong-line");
      theme[`${axis}.zerolinecolor`] = colour("--strong-line");
      theme[`${axis}.automargin`] = true;
    }
    return theme;
  }

  function valueAt(layout, path) {
    const value = path.split(".").reduce((part, key) => (part ? part[key] : undefined), layout);
    return value === undefined ? null : value; // null: what plotly does when nothing is said
  }

  function heightOnPaper(layout, height) {
    const rows = layout.meta && layout.meta.rows;
    const lower = rows ? PAPER.frame + PAPER.row * rows.length : height * PAPER.share;
    return Math.min(height, Math.max(PAPER.least, lower));
  }

  // A legend below stands so many heights of the plot under it: in a lower plot the axis would run into it. There it
  // keeps to the bottom of the chart.
  function legendAt(layout, isLow) {
    const isBelow = isLow && layout.legend && layout.legend.y < 0;
    return isBelow ? { "legend.yref": "container", "legend.y": 0, "legend.yanchor": "bottom" } : { "legend.yref": "paper" };
  }

  // On a phone the legend stands above, the text is smaller, and a finger scrolls the page instead of zooming the chart.
  function sizeOf(layout, width) {
    const narrow = width < NARROW;
    const phone = {
      "font.size": 11,
      "margin.l": 8,
      "margin.r": 8,
      "legend.orientation": "h",
      "legend.x": 0,
      "legend.xanchor": "left",
      "legend.y": 1.02,
      "legend.yanchor": "bottom",
    };
    const height = layout.height || 360;
    const isOnPaper = root.classList.contains("printing");
    const size = { "width": width, "height": isOnPaper ? heightOnPaper(layout, height) : height };
    for (const [path, value] of Object.entries(phone)) size[path] = narrow ? value : valueAt(layout, path);
    Object.assign(size, legendAt(layout, isOnPaper && !narrow));
    if (!size["font.size"]) size["font.size"] = 13;
    size.dragmode = narrow || matchMedia("(pointer: coarse)").matches ? false : layout.dragmode || "zoom";
    return size;
  }

  function withPaths(layout, changes) {
    const result = JSON.parse(JSON.stringify(layout));
    for (const [path, value] of Object.entries(changes)) {
      if (value === null) continue;
      const keys = path.split(".");
      const last = keys.pop();
      let place = result;
      for (const key of keys) {
        place[key] = place[key] || {};
        place = place[key];
      }
      place[last] = value;
    }
    return result;
  }

  // ---- what a chart shows of what was chosen ------------------------------------------------------------------------

  // A trace is about one group, metric or quarter, or each of its points is: then ``meta`` holds a list of their length.
  function chosenTraces(data) {
    return data.flatMap((trace) => {
      const { quarter, group, metric, faded } = trace.meta || {};
      if (faded) return [withFaded(trace, faded.map((each) => ronghe.isChosen(each)))];
      const list = [quarter, group, metric].find(Array.isArray);
      if (!list) return ronghe.isChosen(quarter, group, metric) ? [trace] : [];
      const kept = list.map((_, place) => ronghe.isChosen(at(quarter, place), at(group, place), at(metric, place)));
      return kept.some(Boolean) ? [pointsOf(trace, kept)] : [];
    });
  }

  // Where the whole is what counts, months that are not chosen fade and none is left out.
  const withFaded = (trace, kept) =>
    kept.every(Boolean)
      ? trace
      : { ...trace, marker: { ...trace.marker, opacity: kept.map((isKept) => (isKept ? 0.9 : 0.15)) } };

  const at = (value, place) => (Array.isArray(value) ? value[place] : value);

  function pointsOf(value, kept) {
    if (Array.isArray(value)) return value.length === kept.length ? value.filter((_, place) => kept[place]) : value;
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pointsOf(part, kept)]));
  }

  // The months of the chosen quarters, within those of the chart; null where there are none.
  function chosenSpan(layout) {
    const { from, to } = ronghe.choice();
    const [first, last] = layout.meta.months;
    const start = from ? monthStart(from, 0) : first;
    const end = to ? monthStart(to, 1) : last;
    const span = [start > first ? start : first, end < last ? end : last];
    return span[0] < span[1] ? span : null;
  }

  function monthStart(quarter, later) {
    const months = (Number(quarter.slice(5)) - 1 + later) * 3;
    const year = Number(quarter.slice(0, 4)) + Math.floor(months / 12);
    return `${year}-${String((months % 12) + 1).padStart(2, "0")}-01`;
  }

  // A chart of rows (a group or a metric each, at heights 0, 1, 2 ...) loses those that are not chosen and closes up.
  function closedUp(figure) {
    const rows = figure.layout.meta && figure.layout.meta.rows;
    if (!rows) return figure;
    const kept = rows.map(({ group, metric }) => ronghe.isChosen("", group, metric));
    if (kept.every(Boolean)) return figure;
    const count = kept.filter(Boolean).length;
    const rowOf = (y) => Math.min(Math.max(Math.round(y), 0), rows.length - 1);
    const moved = (y) => y - kept.slice(0, rowOf(y)).filter((isKept) => !isKept).length;
    const onRow = (part) => part.yref === undefined || part.yref === "y";
    const place = (part) => (onRow(part) ? { ...part, ...movedEnds(part, moved) } : part);
    const layout = withPaths(figure.layout, {
      "height": figure.layout.height - (rows.length - count) * figure.layout.meta.row_height,
      "yaxis.tickvals": [...Array(count).keys()],
      "yaxis.ticktext": figure.layout.yaxis.ticktext.filter((_, row) => kept[row]),
      "yaxis.range": [count - 0.5, -0.5],
      "legend.y": (figure.layout.legend.y * rows.length) / Math.max(count, 1),
    });
    layout.annotations = (figure.layout.annotations || []).filter((note) => !onRow(note) || kept[rowOf(note.y)]).map(place);
    layout.shapes = (figure.layout.shapes || []).map(place);
    const data = figure.data.flatMap((trace) => {
      const own = trace.y.map((y) => kept[rowOf(y)]);
      const left = pointsOf(trace, own);
      return left.y.length ? [{ ...left, y: left.y.map(moved) }] : [];
    });
    return { data, layout };
  }

  const movedEnds = (part, moved) =>
    Object.fromEntries(["y", "y0", "y1"].filter((end) => end in part).map((end) => [end, moved(part[end])]));

  // The axis of months: its reach, and as many of its months named as there is room for.
  function axisOf(layout, width) {
    const span = layout.meta && layout.meta.months && chosenSpan(layout);
    if (!span) return {};
    const months = (Date.parse(span[1]) - Date.parse(span[0])) / 2_629_800_000; // ms of a mean month
    const step = [1, 2, 3, 6, 12].find((each) => (months / each) * 64 < width) || 12; // px of a label such as 2021-10
    const names = layout.xaxis.tickvals ? {} : { "xaxis.dtick": `M${step}` }; // an axis of quarters names its own
    return { "xaxis.range": span, "xaxis.autorange": false, ...names };
  }

  const looksOf = (layout, width) => ({ ...themeOf(layout), ...sizeOf(layout, width), ...axisOf(layout, width) });

  function shownFigure(plot, width) {
    const { data, layout } = closedUp(figures.get(plot));
    const isOutside = layout.meta && layout.meta.months && !chosenSpan(layout);
    return { data: isOutside ? [] : chosenTraces(data), layout: withPaths(layout, looksOf(layout, width)) };
  }

  // Whether a choice leaves nothing: what else a chart holds (a festival in its legend) is no reason to draw it.
  function isLeftEmpty(whole, left) {
    const isTold = (trace) => trace.meta;
    return whole.some(isTold) ? !left.some(isTold) : whole.length > 0 && left.length === 0;
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------

  async function draw(plot, width) {
    figures.set(plot, figures.get(plot) || JSON.parse(plot.querySelector("script").textContent));
    try {
      const { data, layout } = shownFigure(plot, width);
      plot.style.setProperty("--plot-height", `${layout.height}px`);
      const isEmpty = isLeftEmpty(figures.get(plot).data, data);
      plot.classList.toggle("nothing", isEmpty);
      if (isEmpty && !plot.querySelector(".nothing-note")) plot.prepend(ronghe.nothingNote());
      if (!plot.querySelector(".drawing")) plot.append(Object.assign(document.createElement("div"), { className: "drawing" }));
      await Plotly.react(plot.querySelector(".drawing"), data, layout, settings.config);
      plot.dataset.state = "drawn";
    } catch (error) {
      console.error(error);
      plot.dataset.state = "failed";
      const note = document.createElement("p");
      note.className = "plot-failed";
      note.textContent = ronghe.words.chart_failed;
      plot.replaceChildren(note);
    }
  }

  const isOfMany = plots.length > MANY;

  // The chart nearest to what the reader sees comes first; one that is hidden waits until it is chosen. Of many charts
  // those far away, or in a section that is folded, wait until the reader comes near.
  function nextToDraw() {
    const distance = (plot) => {
      const box = plot.getBoundingClientRect();
      return box.top > innerHeight ? box.top - innerHeight : Math.max(0, -box.bottom);
    };
    const isFolded = (plot) => getComputedStyle(plot).visibility === "hidden"; // a section on a phone
    const isWanted = (plot) => !isOfMany || (distance(plot) < REACH * innerHeight && !isFolded(plot));
    const waiting = plots.filter((plot) => !plot.dataset.state && plot.clientWidth && isWanted(plot));
    return waiting.reduce((best, plot) => (best && distance(best) <= distance(plot) ? best : plot), null);
  }

  const pause = () => new Promise((resolve) => { setTimeout(resolve); });

  async function drawAll() {
    if (drawing) return;
    drawing = true;
    root.dataset.charts = "drawing";
    for (let plot = nextToDraw(); plot; plot = nextToDraw()) {
      await draw(plot, plot.clientWidth);
      await pause(); // the page scrolls and answers between two charts
    }
    drawing = false;
    root.dataset.charts = "done"; // every chart that can be seen has been drawn or says that it failed
  }

  // Whatever brings the reader elsewhere, or shows what was folded.
  function drawWhereReaderComes() {
    let isAsked = false;
    const drawSoon = () => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(() => {
        isAsked = false;
        drawAll();
      });
    };
    for (const event of ["scroll", "click", "hashchange", "resize"]) addEventListener(event, drawSoon);
  }

  // Another figure in the place of the one that the page came with.
  ronghe.showFigure = async (plot, figure) => {
    figures.set(plot, figure);
    if (plot.dataset.state === "drawn" && plot.clientWidth) await draw(plot, plot.clientWidth);
  };

  const redraw = (widthOf) => {
    for (const plot of plots) {
      if (plot.dataset.state !== "drawn") continue;
      const width = widthOf(plot);
      if (!width) continue; // hidden, or the window is just being made smaller: plotly cannot draw on nothing
      const { layout } = closedUp(figures.get(plot));
      Plotly.relayout(plot.querySelector(".drawing"), looksOf(layout, width));
    }
  };

  // Paper does not wait: what is not drawn yet is drawn at once, in full before the sheets are laid out.
  ronghe.drawForPaper = (widthOf) => {
    redraw(widthOf);
    const waiting = window.Plotly ? plots.filter((plot) => !plot.dataset.state && plot.clientWidth) : [];
    for (const plot of waiting) draw(plot, widthOf(plot));
  };
  const toScreen = () => redraw((plot) => plot.clientWidth);

  async function followChoice() {
    for (const plot of plots) if (plot.dataset.state === "drawn" && plot.clientWidth) await draw(plot, plot.clientWidth);
    await drawAll();
  }

  // Changed back, a chart has the layout that it had, and plotly leaves some legends where the lower chart of the sheet
  // had them, on the numbers of the axis: it is drawn from nothing, as when the page was loaded.
  ronghe.returnFromPaper = async () => {
    for (const plot of plots) {
      if (plot.dataset.state !== "drawn" || !plot.clientWidth) continue;
      Plotly.purge(plot.querySelector(".drawing"));
      await draw(plot, plot.clientWidth);
    }
  };

  function redrawOnNewWidth() {
    let drawnAt = root.clientWidth;
    addEventListener("resize", () => {
      if (root.clientWidth === drawnAt) return; // a phone's address bar changes only the height
      drawnAt = root.clientWidth;
      toScreen();
    });
  }

  function tellTrouble() {
    root.classList.add("no-charts");
    const trouble = document.getElementById("chart-trouble");
    trouble.textContent = ronghe.words.old_browser;
    trouble.hidden = false;
  }

  async function start() {
    settings = JSON.parse(document.getElementById("chart-settings").textContent);
    try {
      await unpackPlotly();
      if (settings.locale) Plotly.register(settings.locale);
    } catch (error) {
      console.error(error);
      tellTrouble();
      return;
    }
    ronghe.closeFolds();
    await drawAll();
    if (isOfMany) drawWhereReaderComes();
    redrawOnNewWidth();
    dark.addEventListener("change", toScreen);
    ronghe.onChoice(followChoice);
  }

  ronghe.startCharts = () => (plots.length ? start() : ronghe.closeFolds());
})();
