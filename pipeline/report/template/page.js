"use strict";
// The page's behaviour: folds, the list of contents, and the charts (unpacked, drawn, themed, sized for paper).
(() => {
  const root = document.documentElement;
  const wide = matchMedia("(min-width: 68.75rem)"); // the width at which style.css sets the contents beside the text
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const PAPER_WIDTH = 680; // px at 96 dpi: A4 (210 mm) less two margins of 14 mm is 688
  const NARROW = 480; // px of plot width below which a chart is laid out for a phone

  // ---- folds and contents -------------------------------------------------------------------------------------------

  const folds = () => document.querySelectorAll("details.fold");

  function closeFolds() {
    for (const fold of folds()) {
      fold.open = false;
      fold.removeAttribute("data-fold");
    }
  }

  function followContents() {
    const contents = document.querySelector(".contents details");
    if (!contents) return;
    const settle = () => { contents.open = wide.matches; };
    settle();
    wide.addEventListener("change", settle);
    contents.addEventListener("click", (event) => {
      if (event.target.closest("a") && !wide.matches) contents.open = false;
      if (event.target.closest("summary") && wide.matches) event.preventDefault();
    });
    const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const [id, link] of links) {
          if (id === entry.target.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      }
    }, { rootMargin: "-15% 0px -75% 0px" });
    for (const id of links.keys()) watcher.observe(document.getElementById(id));
  }

  // ---- charts -------------------------------------------------------------------------------------------------------

  const plots = [...document.querySelectorAll(".plot")];
  const figures = new WeakMap();

  async function unpackPlotly() {
    const packed = atob(document.getElementById("plotly-packed").textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  }

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
    const size = { "width": width, "height": layout.height || 360 };
    for (const [path, value] of Object.entries(phone)) size[path] = narrow ? value : valueAt(layout, path);
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

  async function draw(plot, settings) {
    const figure = JSON.parse(plot.querySelector("script").textContent);
    figures.set(plot, figure);
    try {
      const changes = { ...themeOf(figure.layout), ...sizeOf(figure.layout, plot.clientWidth) };
      const place = document.createElement("div");
      plot.append(place);
      await Plotly.newPlot(place, figure.data, withPaths(figure.layout, changes), settings.config);
      plot.dataset.state = "drawn";
    } catch (error) {
      console.error(error);
      plot.dataset.state = "failed";
      const note = document.createElement("p");
      note.className = "plot-failed";
      note.textContent = settings.words.chart_failed;
      plot.replaceChildren(note);
    }
  }

  function redraw(widthOf) {
    for (const plot of plots) {
      if (plot.dataset.state !== "drawn") continue;
      const width = widthOf(plot);
      if (!width) continue; // hidden, or the window is just being made smaller: plotly cannot draw on nothing
      const { layout } = figures.get(plot);
      Plotly.relayout(plot.lastElementChild, { ...themeOf(layout), ...sizeOf(layout, width) });
    }
  }

  function prepareForPaper() {
    root.classList.add("printing");
    for (const fold of folds()) {
      fold.dataset.wasOpen = String(fold.open);
      fold.open = true;
    }
    redraw(() => PAPER_WIDTH);
  }

  function returnToScreen() {
    root.classList.remove("printing");
    for (const fold of folds()) fold.open = fold.dataset.wasOpen === "true";
    redraw((plot) => plot.clientWidth);
  }

  function redrawOnNewWidth() {
    let drawnAt = root.clientWidth;
    addEventListener("resize", () => {
      if (root.clientWidth === drawnAt) return; // a phone's address bar changes only the height
      drawnAt = root.clientWidth;
      redraw((plot) => plot.clientWidth);
    });
  }

  function tellTrouble(settings) {
    root.classList.add("no-charts");
    const trouble = document.getElementById("chart-trouble");
    trouble.textContent = settings.words.old_browser;
    trouble.hidden = false;
  }

  async function drawCharts() {
    const settings = JSON.parse(document.getElementById("chart-settings").textContent);
    try {
      await unpackPlotly();
      if (settings.locale) Plotly.register(settings.locale);
    } catch (error) {
      console.error(error);
      tellTrouble(settings);
      return;
    }
    closeFolds();
    for (const plot of plots) await draw(plot, settings);
    redrawOnNewWidth();
    dark.addEventListener("change", () => redraw((plot) => plot.clientWidth));
    root.dataset.charts = "done"; // every chart has been drawn or says that it failed
  }

  followContents();
  addEventListener("beforeprint", prepareForPaper);
  addEventListener("afterprint", returnToScreen);
  if (plots.length) drawCharts();
  else closeFolds();
})();
