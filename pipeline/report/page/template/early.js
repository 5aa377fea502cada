// Without this class the page is laid out for a browser that runs no scripts: folds open, no places for charts.
document.documentElement.classList.add("scripts");
window.ronghe = {}; // what the scripts of a page lend each other
