// One switch for all folded code of a page.

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
