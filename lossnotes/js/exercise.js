// Asks, and shows the verdict on what is answered.

import { judge } from "./judge.js";
import { cut } from "./parse.js";

/** The browser may refuse to store anything: then nothing is remembered, and all else works. */
function stored(use) {
  try {
    return use(window.localStorage);
  } catch {
    return null;
  }
}

/** Where there is no kernel: the page's storage remembers. */
export function pageStore(question) {
  const key = `lossnotes ${location.pathname} ${question.identifier}`;
  let answered = stored((storage) => storage.getItem(key)) ?? "";
  return {
    answered: () => answered,
    answer: (text) => {
      answered = text;
      stored((storage) => (text && text === cut(text) ? storage.setItem(key, text) : storage.removeItem(key)));
    },
    settle: () => {},
    onChange: () => {},
  };
}

/** Where there is one: Python sees the answer and the verdict as traits of the widget. */
export function answerStore(model) {
  return {
    answered: () => model.get("answered"),
    answer: (text) => model.set("answered", cut(text)),
    settle: (verdict) => {
      model.set("verdict", verdict);
      model.save_changes();
    },
    onChange: (listen) => model.on("change:answered", listen),
  };
}

const MARKS = { right: "✓ Right.", wrong: "✗ Not yet.", unreadable: "? I cannot read that." };

/** Shows a verdict; what a reader typed is only ever text. */
function showVerdict(root, { answered, status, text, read, reply }) {
  const feedback = root.querySelector(".ln-feedback");
  const verdict = feedback.querySelector(".ln-verdict");
  const mark = Object.assign(document.createElement("span"), {
    className: "ln-mark",
    textContent: MARKS[status] ?? "",
  });
  feedback.dataset.status = status;
  verdict.replaceChildren(...(status ? [mark, text ? ` ${text}` : ""] : [text]));
  feedback.querySelector(".ln-read").textContent = read && read !== answered.trim() ? `Read as ${read}` : "";
  feedback.querySelectorAll(".ln-reply").forEach((element, n) => {
    element.hidden = n !== reply;
  });
}

const NOTHING = { status: "", text: "", read: "", reply: -1, answered: "" };

/** Brings an exercise to life: what is answered in it gets a verdict. */
export function mountExercise(root, question, store = pageStore(question)) {
  const form = root.querySelector("form");
  const fields = [...form.querySelectorAll("input")];
  const clear = form.querySelector(".ln-clear");
  const isChoice = question.kind === "choice";
  const current = () => (isChoice ? (fields.find((field) => field.checked)?.value ?? "") : fields[0].value);
  const fill = (text) => {
    if (isChoice) for (const field of fields) field.checked = field.value === text;
    else if (cut(fields[0].value) !== text) fields[0].value = text;
  };
  const follow = () => {
    const answered = store.answered();
    const verdict = answered ? judge(question, answered) : NOTHING;
    fill(answered);
    clear.hidden = !answered;
    if (!isChoice) fields[0].setAttribute("aria-invalid", verdict.status === "unreadable");
    showVerdict(root, verdict);
    store.settle(answered ? verdict : {});
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!current().trim()) {
      showVerdict(root, { ...NOTHING, text: isChoice ? "Choose an answer first." : "Type an answer first." });
      return;
    }
    store.answer(current());
    follow();
  });
  // What was said is of another answer.
  form.addEventListener("input", () => showVerdict(root, { ...NOTHING, answered: current() }));
  clear.addEventListener("click", () => {
    store.answer("");
    follow();
    fields[0].focus();
  });
  form.querySelector("fieldset")?.removeAttribute("disabled");
  form.querySelector(".ln-controls").hidden = false;
  store.onChange(follow);
  follow();
}
