"use strict";
// The page's behaviour around its charts: folds, the list of contents, and paper.
(() => {
  const root = document.documentElement;
  const PAPER_WIDTH = 680; // px at 96 dpi: A4 (210 mm) less two margins of 14 mm is 688

  const PAPER_HALF = 320; // two charts side by side, and the gap between them

  // ---- folds and contents -------------------------------------------------------------------------------------------

  const folds = () => document.querySelectorAll("details.fold");

  ronghe.closeFolds = () => {
    for (const fold of folds()) {
      fold.open = false;
      fold.removeAttribute("data-fold");
    }
  };

  // All details at once: for paper, which has what is open, and for searching in the page.
  function offerAllFolds() {
    const list = document.querySelector(".contents ol");
    if (!list || !folds().length) return;
    const button = document.createElement("button");
    const isOpen = () => [...folds()].every((fold) => fold.open);
    const tell = () => { button.textContent = isOpen() ? ronghe.words.close_folds : ronghe.words.open_folds; };
    button.type = "button";
    button.className = "all-folds";
    button.addEventListener("click", () => {
      const open = !isOpen();
      for (const fold of folds()) fold.open = open;
    });
    document.addEventListener("toggle", tell, true); // of any fold, whoever opens or closes it
    tell();
    list.after(button);
  }

  function followContents() {
    const contents = document.querySelector(".contents");
    if (!contents) return;
    const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1).split(";")[0], link]));
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

  // On a phone every section but the first shows its answer alone, until it is asked for or the address leads into it.
  function foldSections() {
    for (const section of [...document.querySelectorAll("main > section")].slice(1)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "section-toggle";
      button.setAttribute("aria-controls", section.id);
      const fold = (isBrief) => {
        section.classList.toggle("brief", isBrief);
        button.setAttribute("aria-expanded", String(!isBrief));
        button.textContent = isBrief ? ronghe.words.more : ronghe.words.less;
      };
      button.addEventListener("click", () => fold(!section.classList.contains("brief")));
      section.addEventListener("ronghe-open", () => fold(false));
      const head = section.querySelector(":scope > .lead") || section.querySelector(":scope > h2");
      head.after(button);
      fold(true);
    }
  }

  function openTarget() {
    const target = document.getElementById(location.hash.slice(1).split(";")[0]);
    const section = target && target.closest("main > section.brief");
    if (!section) return;
    root.style.overflowAnchor = "none"; // else the browser holds on to what stood below the folded section
    section.dispatchEvent(new Event("ronghe-open"));
    target.scrollIntoView({ behavior: "instant" }); // a long way, the end of which would move under way
    requestAnimationFrame(() => requestAnimationFrame(() => { root.style.overflowAnchor = ""; }));
  }

  // ---- paper --------------------------------------------------------------------------------------------------------

  // How like charts of a section are read is said below the first of those that are printed.
  function sayOnce() {
    let before = null;
    const isSeen = (note) => note.getClientRects().length > 0;
    for (const note of [...document.querySelectorAll(".how-to-read")].filter(isSeen)) {
      const section = note.closest("section");
      const isSaid = before !== null && before.section === section && before.words === note.textContent;
      note.classList.toggle("said", isSaid);
      before = { section, words: note.textContent };
    }
  }

  function prepareForPaper() {
    root.classList.add("printing");
    sayOnce();
    ronghe.drawForPaper((plot) => (plot.closest(".half") ? PAPER_HALF : PAPER_WIDTH));
  }

  function returnToScreen() {
    root.classList.remove("printing");
    ronghe.returnFromPaper();
  }

  offerAllFolds();
  followContents();
  foldSections();
  openTarget();
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", prepareForPaper);
  addEventListener("afterprint", returnToScreen);
  ronghe.startCharts();
})();
