"use strict";
// Slides that turn by themselves on a wide screen; on a phone and on paper they stand one below the other.
(() => {
  const root = document.documentElement;
  const wide = matchMedia("(min-width: 50rem)"); // the width at which style.css lays out slides
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const SECONDS = Number(document.body.dataset.seconds);
  const REST = 30_000; // ms after which a pointer that lies still no longer holds the slide: nobody is there

  const slides = [...document.querySelectorAll(".slide")];
  const links = [...document.querySelectorAll(".pages a")];
  const button = document.querySelector(".pause");
  const status = document.querySelector("[data-position]");
  let current = 0;
  let stopped = false; // by the button or the space bar, until it is pressed again
  let held = false; // by a pointer that moves or a focus that is seen
  let turning = 0;
  let resting = 0;

  function show(number) {
    current = (number + slides.length) % slides.length;
    slides.forEach((slide, place) => {
      const away = wide.matches && place !== current;
      slide.classList.toggle("current", place === current);
      slide.inert = away;
    });
    links.forEach((link, place) => {
      if (place === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    plan();
  }

  function plan() {
    clearTimeout(turning);
    const runs = wide.matches && !still.matches && !stopped && !held;
    root.classList.toggle("turning", runs);
    if (runs) turning = setTimeout(() => show(current + 1), SECONDS * 1000);
  }

  // A turn by hand is told to a screen reader; a turn by itself is not.
  function turn(number) {
    show(number);
    status.textContent = status.dataset.position.replace("##", String(slides.length)).replace("#", String(current + 1));
  }

  function stop(now) {
    stopped = now;
    button.setAttribute("aria-pressed", String(stopped));
    button.textContent = stopped ? button.dataset.resume : button.dataset.pause;
    plan();
  }

  function hold() {
    held = true;
    root.classList.remove("idle");
    clearTimeout(resting);
    resting = setTimeout(release, REST);
    plan();
  }

  function release() {
    clearTimeout(resting);
    root.classList.add("idle"); // the pointer is hidden until it moves
    held = document.querySelector(":focus-visible") !== null;
    plan();
  }

  const keys = {
    ArrowRight: () => turn(current + 1),
    ArrowDown: () => turn(current + 1),
    PageDown: () => turn(current + 1),
    ArrowLeft: () => turn(current - 1),
    ArrowUp: () => turn(current - 1),
    PageUp: () => turn(current - 1),
    Home: () => turn(0),
    End: () => turn(slides.length - 1),
    " ": () => stop(!stopped),
  };

  document.addEventListener("keydown", (event) => {
    if (!wide.matches || !(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " && event.target === button) return; // the button does it itself
    event.preventDefault();
    keys[event.key]();
  });
  links.forEach((link, place) => link.addEventListener("click", (event) => {
    if (!wide.matches) return;
    event.preventDefault();
    turn(place);
  }));
  button.addEventListener("click", () => stop(!stopped));
  document.addEventListener("pointermove", hold);
  root.addEventListener("pointerleave", release);
  document.addEventListener("focusin", (event) => { if (event.target.matches(":focus-visible")) hold(); });
  document.addEventListener("focusout", release);
  wide.addEventListener("change", () => show(current));
  still.addEventListener("change", plan);

  button.hidden = still.matches;
  const asked = slides.findIndex((slide) => `#${slide.id}` === location.hash);
  root.classList.add("slideshow");
  show(Math.max(asked, 0));
  release();
})();
