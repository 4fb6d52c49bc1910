// A guess: what it asks for is veiled until the reader has said a number, or wants to see.

import { pageStore } from "./exercise.js";
import { readNumber } from "./numbers.js";
import { cut, tried } from "./parse.js";
import { tell, whenTold, withFigure } from "./registry.js";
import { inWords } from "./shared.js";

/** What is kept where the reader only looked: nothing that a guess can be. */
const LOOKED = "?";
/** Digits of what the reader said. */
const OWN_DIGITS = 6;

/** The number that was typed, with commas between its thousands or before its decimals, or without; throws FormulaError where there is none. */
function numberIn(text) {
  const typed = cut(text);
  const isGrouped = /^\s*[-−]?\d{1,3}(,\d{3})+(\.\d+)?\s*$/.test(typed);
  const plain = isGrouped ? typed.replaceAll(",", "") : typed.replace(/^(\s*[-−]?\d+),(\d+\s*)$/, "$1.$2");
  return readNumber(plain);
}

/** What a stored answer has come to: a number, NaN for a look, undefined where it says nothing. */
export function saidIn(answered) {
  if (answered === LOOKED) return NaN;
  return answered ? tried(numberIn, answered).value : undefined;
}

/** What a part of a picture is found by: its own name, and of a point the handles, one or of each member of a list. */
function selector(gid) {
  const n = gid.startsWith("point-") && gid.slice("point-".length);
  return `[data-gid="${gid}"]${n ? `, [data-handle="${n}"], [data-handle^="${n}-"]` : ""}`;
}

/** Hides what a guess asks for in a figure until it is made, and gives its picture another text until then. What shows a formula that the reader has typed is not asked for. */
function veilFigure(id, at, names, alt, figure) {
  const picture = figure.root.querySelector(".ln-panels");
  const whole = picture.getAttribute("aria-label");
  const svgs = [...figure.root.querySelectorAll(".ln-panel > svg")];
  const drawn = figure.parts.flatMap((parts, n) =>
    parts.flatMap(([gid, name]) => Array.from(svgs[n].querySelectorAll(selector(gid)), (part) => [name, part])),
  );
  const rows = [...figure.root.querySelectorAll(".ln-readouts tr")];
  // Where a run stands tells as much as how far it has counted.
  const trails = [...figure.root.querySelectorAll("path[data-count]")];
  const inText = [...document.querySelectorAll(".ln-live[data-figure]")].filter(({ dataset }) => dataset.figure === at);
  const veiled = [
    ...drawn,
    ...rows.map((row) => [row.querySelector("th")?.textContent, row]),
    ...trails.map((trail) => [trail.dataset.count, trail]),
    ...inText.map((live) => [live.dataset.readout, live]),
  ].filter(([name]) => names.includes(name));
  const curves = figure.parts.map((parts) => parts.filter(([gid]) => !gid.startsWith("point-")));
  let said;
  const follow = () => {
    // A figure that stands alone has no question beside it.
    const open = said === undefined && !document.documentElement.classList.contains("ln-alone");
    const own = open ? figure.own() : [];
    const isVeiled = (name) => open && names.includes(name) && !own.includes(name);
    for (const [name, part] of veiled) part.classList.toggle("ln-veiled", isVeiled(name));
    svgs.forEach(({ parentElement }, n) =>
      parentElement.classList.toggle("ln-waits", curves[n].length > 0 && curves[n].every(([, name]) => isVeiled(name))),
    );
    picture.setAttribute("aria-label", open ? alt : whole);
  };
  const ends = [
    figure.onChange(follow),
    whenTold(id, (now) => {
      said = now;
      follow();
    }),
  ];
  return () => ends.forEach((end) => end());
}

/** Shows the question, or what was said beside what is so. */
function show(root, { answer, digits, unit }, said) {
  const open = said === undefined;
  const pair = (before, number, places) => {
    const part = document.createElement("span");
    part.append(before, Object.assign(document.createElement("strong"), { textContent: inWords(number, places) }));
    if (unit) part.append(` ${unit}`);
    part.append(".");
    return part;
  };
  const both = Number.isNaN(said) ? [] : [pair("You said ", said, OWN_DIGITS), " "];
  root.querySelector("form").hidden = !open;
  root.querySelector(".ln-clear").hidden = open;
  root.querySelector(".ln-verdict").replaceChildren(...(open ? [] : [...both, pair("It is ", answer, digits)]));
}

/** What had the focus is gone, so it goes to what has come. */
function focus(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** Where there is a kernel, Python sees what was answered as a trait of the widget. */
export function guessStore(model) {
  return {
    answered: () => model.get("answered"),
    answer: (text) => {
      model.set("answered", cut(text));
      model.save_changes();
    },
    onChange: (listen) => model.on("change:answered", listen),
  };
}

/** Brings a guess to life. */
export function mountGuess(root, data, store = pageStore(data)) {
  const [form, verdict] = ["form", ".ln-verdict"].map((part) => root.querySelector(part));
  const field = form.querySelector("input");
  const follow = () => {
    const said = saidIn(store.answered());
    field.setAttribute("aria-invalid", "false");
    if (said === undefined) field.value = "";
    show(root, data, said);
    tell(data.identifier, said);
  };
  const commit = (text) => {
    store.answer(text);
    follow();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (tried(numberIn, field.value).unread) {
      verdict.textContent = "Type a number, such as −0.5, or choose “Show me”.";
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return;
    }
    commit(field.value);
    focus(verdict);
  });
  form.querySelector(".ln-look").addEventListener("click", () => {
    commit(LOOKED);
    focus(verdict);
  });
  root.querySelector(".ln-clear").addEventListener("click", () => {
    commit("");
    field.focus();
  });
  form.querySelector(".ln-controls").hidden = false;
  const ends = Object.entries(data.veils).map(([figure, names]) => {
    let lift = () => {};
    return withFigure(figure, (there) => {
      lift();
      lift = veilFigure(data.identifier, figure, names, data.alt[figure], there);
    });
  });
  store.onChange(follow);
  follow();
  foldedBy(data.identifier).forEach((fold) => {
    fold.addEventListener("toggle", () => {
      if (!fold.open || saidIn(store.answered()) !== undefined) return;
      commit(LOOKED);
      focus(fold.querySelector("p"));
    });
  });
  // Who has read on without a guess, and follows a link that sets the figure, wants to see it.
  const readOn = ({ target }) => {
    const link = target.closest("a.ln-move");
    const isPast = link && root.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isPast && Object.hasOwn(data.veils, link.dataset.figure) && saidIn(store.answered()) === undefined) {
      commit(LOOKED);
    }
  };
  document.addEventListener("click", readOn);
  return () => {
    document.removeEventListener("click", readOn);
    ends.forEach((end) => end());
  };
}

function foldedBy(id) {
  return [...document.querySelectorAll("details.ln-veil")].filter(({ dataset }) => dataset.guess === id);
}

/** What in the text of a page waits for a guess: the paragraph with the answer, and what the reader said. */
export function mountGuessed() {
  document.querySelectorAll("details.ln-veil").forEach((fold) =>
    whenTold(fold.dataset.guess, (said) => {
      fold.open = said !== undefined;
      fold.classList.toggle("ln-told", fold.open);
    }),
  );
  document.querySelectorAll(".ln-live[data-guess]").forEach((place) => {
    const blank = place.textContent;
    whenTold(place.dataset.guess, (said) => {
      if (said === undefined) place.textContent = blank;
      else place.textContent = Number.isNaN(said) ? "nothing" : inWords(said, OWN_DIGITS);
    });
  });
}
