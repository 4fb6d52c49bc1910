// The number desk on a page: what is typed, and all that is known of it.

import { written } from "./formula.js";
import { lookUp, readClasses, readShare } from "./known.js";
import { element, inWords } from "./shared.js";

const DIGITS = 7;

/** Words and a link at their end. */
function told({ meaning, bug, do: advice, lesson }, suffix) {
  const link = Object.assign(element("a", "", lesson.title), {
    href: `${lesson.page}.${suffix}${lesson.anchor ? `#${lesson.anchor}` : ""}`,
  });
  const labelled = (label, words) => [element("strong", "", label), ` ${words} `];
  return element("p", "", `${meaning} `, ...labelled("A bug?", bug), ...labelled("What to do:", advice), "→ ", link);
}

const whole = (n) => n.toLocaleString("en");

/** The formula, and what it is with the numbers given. */
function computed({ known, value, K, epsilon, assumed }) {
  const given = [];
  if (K !== undefined) given.push(`K = ${whole(K)}${assumed ? ", which is assumed" : ""}`);
  if (epsilon !== undefined) given.push(`ε = ${epsilon}`);
  const formula = written(known.tree).replaceAll("epsilon", "ε");
  return `${formula} = ${inWords(value, DIGITS)}${given.length ? `, with ${given.join(" and ")}` : ""}.`;
}

function fitted(fit, suffix) {
  const { known, few, from, to } = fit;
  const doubts = [];
  if (from !== to)
    doubts.push(`Each K from ${whole(from)} to ${whole(to)} fits as well. Say how many classes you have.`);
  if (few) doubts.push("With so few digits, this is a hint and no proof.");
  const name = element("strong", "", `${known.name[0].toUpperCase()}${known.name.slice(1)}.`);
  return element("li", "", element("p", "", name, ` ${computed(fit)} ${doubts.join(" ")}`), told(known, suffix));
}

function nearly(one, typed) {
  const apart = inWords(Math.abs(one.value - typed), 2);
  return element(
    "p",
    "",
    `Close by, ${apart} ${one.value < typed ? "below" : "above"}: ${one.known.name}. ${computed(one)} `,
    "A run that has learnt nothing wavers about it.",
  );
}

/** How many explanations fit, and what the digits typed can tell. */
function summary({ kind, typed, fits, near, left }, text, isCounted) {
  const apart =
    left > 0
      ? ` ${left === 1 ? "One explanation is" : `${left} explanations are`} left out, as almost any number with so few digits fits: type more of them, or the number of classes.`
      : "";
  if (kind !== "number") return `${text.trim()}:${apart}`;
  const reach = `from ${inWords(typed.ends[0], 15)} to ${inWords(typed.ends[1], 15)}`;
  const shown = `${text.trim()} (what is rounded or cut off to it lies ${reach})`;
  const more = isCounted ? "" : " Say how many classes you have: most known values hang on it.";
  if (fits.length === 0) return `Nothing known fits ${shown}.${near.length ? "" : more}${apart}`;
  return `${fits.length === 1 ? "One known value fits" : `${fits.length} known values fit`} ${shown}.${apart}`;
}

/** Brings the desk to life. */
export function mountDesk(root, data, suffix = "html") {
  const form = root.querySelector("form");
  const [value, classes, share, loss] = ["value", "classes", "share", "loss"].map((name) => form.elements[name]);
  const [status, list] = [".ln-status", ".ln-found"].map((part) => root.querySelector(part));
  const say = (words, ...parts) => {
    status.textContent = words;
    list.replaceChildren(...parts);
  };
  const refuse = (field, words) => {
    field.setAttribute("aria-invalid", "true");
    field.focus();
    say(words);
  };
  const follow = () => {
    for (const field of [value, classes, share]) field.setAttribute("aria-invalid", "false");
    const [K, s] = [readClasses(classes.value), readShare(share.value)];
    if (Number.isNaN(K)) return refuse(classes, "Classes: expected a whole number from 2 on, or nothing.");
    if (Number.isNaN(s)) return refuse(share, "Share: expected a number between 0 and 1, as 0.9 or 90 %, or nothing.");
    const answer = lookUp(data, { text: value.value, K, share: s, loss: loss.value });
    if (answer.kind === "empty") return refuse(value, "Type the value at which the loss stays.");
    if (answer.kind === "unread")
      return refuse(value, "Expected one number as it is logged, as 2.3026, 1e-7, nan or inf.");
    const state = data.states[answer.kind];
    const found = element("ol", "", ...answer.fits.map((fit) => fitted(fit, suffix)));
    const near = answer.fits.length ? [] : answer.near.map((one) => nearly(one, answer.typed.value));
    say(
      summary(answer, value.value, K !== undefined),
      ...(state ? [told(state, suffix)] : []),
      ...near,
      ...(answer.fits.length ? [found] : []),
    );
    return undefined;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    follow();
  });
  // What was said is of other numbers.
  form.addEventListener("input", () => say(""));
  root.querySelectorAll("button[data-example]").forEach((button) => {
    button.addEventListener("click", () => {
      form.reset();
      Object.entries(data.examples[button.dataset.example]).forEach(([name, text]) => {
        form.elements[name].value = text;
      });
      follow();
    });
  });
  form.querySelector(".ln-controls").hidden = false;
}
