// Asks for lines of a derivation, and shows what comes of what is typed.

import { judgeLine } from "./ask.js";
import { pageStore } from "./exercise.js";
import { beginning, elementOf, mathml } from "./mathml.js";
import { FormulaError, cut, parse } from "./parse.js";
import { tell } from "./registry.js";

/** Where there is no kernel: the page's storage remembers what was typed, and whether the line was shown. */
function pageMemory({ identifier }) {
  const typed = pageStore({ identifier });
  const shown = pageStore({ identifier: `${identifier} shown` });
  return { ...typed, isShown: () => shown.answered() !== "", show: (isShown) => shown.answer(isShown ? "1" : "") };
}

/** Where there is one: Python sees what is typed and its verdict as traits of the widget. */
export function kernelMemory(model) {
  return ({ identifier }) => {
    const set = (trait, value) => {
      const { [identifier]: _, ...others } = model.get(trait);
      model.set(trait, value ? { ...others, [identifier]: value } : others);
    };
    const others = () => model.get("shown").filter((one) => one !== identifier);
    return {
      answered: () => model.get("answered")[identifier] ?? "",
      answer: (text) => set("answered", cut(text)),
      isShown: () => model.get("shown").includes(identifier),
      show: (isShown) => model.set("shown", isShown ? [...others(), identifier] : others()),
      settle: (verdict) => {
        set("verdicts", verdict);
        model.save_changes();
      },
      onChange: (listen) => model.on("change:answered change:shown", listen),
    };
  };
}

const MARKS = {
  there: "✓ Right.",
  early: "→ It follows, and is not there yet.",
  same: "=",
  apart: "✗ It does not follow.",
  unreadable: "? I cannot read that.",
};
const NOTHING = { status: "", text: "", reply: -1, tree: null, part: null, isGoal: false };

/** Brings a chain to life: each of its asked lines gets a verdict, and then the rest of the chain. */
export function mountChain(root, data, memory = pageMemory) {
  // Found before any of them moves what follows it.
  const places = data.lines.map(({ identifier }) => {
    const form = root.querySelector(`form[data-line="${CSS.escape(identifier)}"]`);
    return { form, asked: form.closest("li"), fold: form.closest("ol").nextElementSibling };
  });
  places[0].asked.closest(".ln-asked").dataset.live = "";
  const follow = data.lines.map((line, n) => mountLine(places[n], line, memory(line)));
  window.addEventListener("beforeprint", () => {
    places.toReversed().forEach(askOnPaper);
    answersOnPaper().append(answerOnPaper(places[0]));
  });
  window.addEventListener("afterprint", () => {
    document.querySelector(".ln-answers")?.remove();
    follow.forEach((line) => line());
  });
}

/** Paper has a blank for the line, whatever the reader has typed. */
function askOnPaper({ form, asked, fold }) {
  form.dataset.state = "open";
  asked.classList.remove("ln-given-up");
  form.querySelector(".ln-field").hidden = false;
  showRest(asked, fold, false);
}

/** Where answers stand on paper: at the end of the page. */
function answersOnPaper() {
  const before = document.querySelector(".ln-answers");
  if (before) return before;
  const section = Object.assign(document.createElement("section"), { className: "ln-answers" });
  section.append(Object.assign(document.createElement("h2"), { textContent: "Answers" }));
  (document.querySelector("article") ?? document.body).append(section);
  return section;
}

/** A chain's first line, and those from the one that is asked to the last. */
function answerOnPaper({ asked, fold }) {
  const chain = asked.closest(".ln-asked").cloneNode();
  chain.removeAttribute("data-live");
  chain.append(document.createElement("ol"));
  const lines = fold.querySelectorAll("ol > li:not(.ln-ask, .ln-given)");
  for (const line of [asked.parentElement.firstElementChild, ...lines]) {
    chain.firstElementChild.append(Object.assign(line.cloneNode(true), { hidden: false }));
  }
  return chain;
}

/** The lines that follow an asked one: in its own list, aligned with it, or folded away. */
function showRest(asked, fold, isShown) {
  const [list] = fold.querySelectorAll(":scope > ol");
  if (isShown) asked.after(...list.children);
  else while (asked.nextElementSibling) list.append(asked.nextElementSibling);
  fold.open = isShown;
}

function mountLine({ form, asked, fold }, line, store) {
  const find = (selector) => form.querySelector(selector);
  const button = (name) => find(`[data-do=${name}]`);
  const field = find("input");
  const itself = fold.querySelector("li");
  const given = asked.previousElementSibling?.matches(".ln-given") ? asked.previousElementSibling : null;
  const hints = [find(".ln-because"), find(".ln-begins")];
  if (!hints[1].textContent) hints[1].append("It begins ", elementOf(beginning(line.goal)));

  const preview = () => {
    find(".ln-preview").replaceChildren(...readAs(field.value, line));
  };
  const say = ({ status, text, reply, part }) => {
    const verdict = find(".ln-verdict");
    const mark = Object.assign(document.createElement("b"), { textContent: MARKS[status] ?? "" });
    verdict.replaceChildren(...(status ? [mark, " "] : []), reply < 0 ? text : "");
    if (part) verdict.append(", ", elementOf(mathml(part)));
    find(".ln-feedback").dataset.status = status;
    form.querySelectorAll(".ln-reply").forEach((element, n) => {
      element.hidden = n !== reply;
    });
  };
  const follow = () => {
    const typed = store.answered();
    const verdict = typed ? judgeLine(line, typed) : NOTHING;
    const isThere = verdict.status === "there";
    const isDone = isThere || store.isShown();
    if (cut(field.value) !== typed) field.value = typed;
    field.setAttribute("aria-invalid", verdict.status === "unreadable");
    form.dataset.state = isDone ? "done" : "open";
    if (given) given.hidden = isDone;
    showRest(asked, fold, isDone);
    // The reader's own line stands for the book's where it has its form, and the book's for one that was not found.
    itself.hidden = isThere && verdict.isGoal;
    asked.classList.toggle("ln-given-up", isDone && !isThere);
    find(".ln-field").hidden = isDone;
    find(".ln-typed").hidden = !isThere;
    find(".ln-typed").replaceChildren(...(isThere ? [elementOf(mathml(verdict.tree, true))] : []));
    for (const name of ["check", "hint", "show"]) button(name).hidden = isDone;
    button("hint").disabled = false;
    button("clear").hidden = !typed && !isDone;
    hints.forEach((hint, n) => {
      hint.hidden = !(n === 0 && isThere && verdict.isGoal);
    });
    let text = isThere && !verdict.isGoal ? "The book writes it so:" : verdict.text;
    if (isDone && !isThere) text = "Here it is:";
    say(isDone ? { ...verdict, status: isThere ? "there" : "", reply: -1, text } : verdict);
    preview();
    store.settle(typed ? { status: verdict.status, text: verdict.text, reply: verdict.reply } : null);
    // What the text says of the line waits for it, as it does for a guess.
    tell(line.identifier, isDone ? NaN : undefined);
    document.dispatchEvent(new CustomEvent("ln-answered", { detail: { identifier: line.identifier, text: typed } }));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!field.value.trim()) {
      say({ ...NOTHING, text: "Type a line first." });
      return;
    }
    store.answer(field.value);
    follow();
    if (form.dataset.state === "done") button("clear").focus();
  });
  field.addEventListener("input", () => {
    preview();
    say(NOTHING);
  });
  button("hint").addEventListener("click", () => {
    const next = hints.find((hint) => hint.hidden);
    if (next) next.hidden = false;
    // It keeps its place: a second click would else fall on what shows the line.
    button("hint").disabled = hints.every((hint) => !hint.hidden);
    if (button("hint").disabled) field.focus();
  });
  button("show").addEventListener("click", () => {
    store.show(true);
    follow();
    button("clear").focus();
  });
  button("clear").addEventListener("click", () => {
    store.show(false);
    store.answer("");
    follow();
    field.focus();
  });
  form.querySelectorAll(".ln-key").forEach((key) => {
    // The field keeps the focus, and a phone its keyboard.
    key.addEventListener("pointerdown", (event) => event.preventDefault());
    key.addEventListener("click", () => {
      type(field, key.dataset.text);
      preview();
    });
  });
  form.hidden = false;
  store.onChange(follow);
  follow();
  return follow;
}

/** What is typed, as it is read; nothing while it cannot be. */
function readAs(text, { spellings, classes }) {
  try {
    return text.trim() ? [elementOf(mathml(parse(text, spellings, classes), true))] : [];
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return [];
  }
}

/** Types a text where the cursor is, and leaves it at "|". */
function type(field, text) {
  const [before, after = ""] = text.split("|");
  const [start, end] = [field.selectionStart, field.selectionEnd];
  field.setRangeText(before + after, start, end, "end");
  field.focus();
  field.setSelectionRange(start + before.length, start + before.length);
}
