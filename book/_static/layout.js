// A long page is laid out part by part while the browser is idle: its first picture does not
// wait for the whole, and soon the scroll bar tells the true length. custom.css says which parts.

const parts = [
  ...document.querySelectorAll(
    ".bd-article section > section, .bd-article section > section > .cell:not(.tag_remove-input)",
  ),
];
const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 20));

/** Goes on when the fonts are there that parts have asked for: each that comes lays out anew all that is laid out. */
function next() {
  document.fonts.ready.then(() => whenIdle(layOutSome));
}

/** As many parts as take a few milliseconds: each task costs the browser a picture, and a long one delays a reader. */
function layOutSome() {
  const end = performance.now() + 5;
  while (parts.length && performance.now() < end && document.fonts.status === "loaded") {
    const part = parts.shift();
    part.style.contentVisibility = "visible";
    part.getBoundingClientRect(); // now, so that its time is counted and its fonts are asked for
  }
  if (parts.length) next();
}

function layOutAll() {
  parts.splice(0).forEach((part) => {
    part.style.contentVisibility = "visible";
  });
}

/** The place that an address names. Folds around it open: some browsers open none by themselves. */
function reach(hash) {
  let name = hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // A % that encodes nothing is part of the name.
  }
  const place = document.getElementById(name);
  const isHidden = Boolean(place?.closest("details:not([open])"));
  for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  return { place, isHidden };
}

// Where a link leads to is known only when all that stands above it is laid out.
if (location.hash) {
  layOutAll();
  reach(location.hash).place?.scrollIntoView({ behavior: "instant" });
}
addEventListener("hashchange", () => {
  const { place, isHidden } = reach(location.hash);
  if (isHidden) place.scrollIntoView({ behavior: "instant" }); // else the browser has been there
});
addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href*='#']");
    if (!link) return;
    layOutAll();
    if (link.pathname === location.pathname) reach(link.hash);
  },
  true,
);
addEventListener("load", next);
