// A long page is laid out part by part while the browser is idle: its first picture does not
// wait for the whole, and soon the scroll bar tells the true length. custom.css says which parts.

const parts = [
  ...document.querySelectorAll(
    ".bd-article section > section, .bd-article section > section > .cell:not(.tag_remove-input)",
  ),
];
const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 20));

function layOutNext() {
  const part = parts.shift();
  if (!part) return;
  part.style.contentVisibility = "visible";
  part.getBoundingClientRect(); // now, so that the next part is a task of its own
  whenIdle(layOutNext);
}

function layOutAll() {
  parts.splice(0).forEach((part) => {
    part.style.contentVisibility = "visible";
  });
}

// Where a link leads to is known only when all that stands above it is laid out.
if (location.hash) {
  layOutAll();
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ behavior: "instant" });
}
addEventListener(
  "click",
  (event) => {
    if (event.target.closest("a[href*='#']")) layOutAll();
  },
  true,
);
addEventListener("load", () => whenIdle(layOutNext));
