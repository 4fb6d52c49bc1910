// One switch for all folded code of a page, and links that lead into a fold.

const CHOICE = "lossnotes code";
const folds = [...document.querySelectorAll(".tag_hide-input > details.hide, details.ln-evidence")];
const allCode = document.querySelector(".ln-all-code");
const areShown = () => folds.every((fold) => fold.open);

/** The browser may refuse to store anything: then nothing is remembered, and all else works. */
function stored(use) {
  try {
    return use(window.localStorage);
  } catch {
    return null;
  }
}

function show(shown) {
  for (const fold of folds) fold.open = shown;
}

function sayWhatItDoes() {
  allCode.textContent = areShown() ? "Hide all code" : "Show all code";
}

if (allCode) {
  if (stored((storage) => storage.getItem(CHOICE)) === "shown") show(true);
  sayWhatItDoes();
  allCode.addEventListener("click", () => {
    const shown = !areShown();
    show(shown);
    stored((storage) => (shown ? storage.setItem(CHOICE, "shown") : storage.removeItem(CHOICE)));
  });
  for (const fold of folds) fold.addEventListener("toggle", sayWhatItDoes);
}

/** Opens each fold around the place that an address names; some browsers open none by themselves. */
function unfold(hash) {
  let place = null;
  try {
    place = document.getElementById(decodeURIComponent(hash.slice(1)));
  } catch {
    return null; // an address may hold a % that encodes nothing
  }
  const closed = [];
  for (let fold = place?.closest("details:not([open])"); fold; fold = fold.closest("details:not([open])")) {
    fold.open = true;
    closed.push(fold);
  }
  return closed.length ? place : null;
}

// layout.js, which comes later, scrolls to where the page's address leads.
unfold(location.hash);
addEventListener("hashchange", () => unfold(location.hash)?.scrollIntoView());
addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href*='#']");
    if (link && link.pathname === location.pathname) unfold(link.hash);
  },
  true,
);
