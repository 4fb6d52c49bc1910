// A list of numbers as a control of a figure: its field, its points under the keyboard, and what draws it anew.

import { asSeed, draw, nextSeed } from "./draws.js";
import { readList } from "./numbers.js";
import { tried } from "./parse.js";
import { nearest, shown } from "./shared.js";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const subscript = (number) => [...String(number)].map((digit) => SUBSCRIPTS[digit]).join("");

export const isSame = (one, other) =>
  one === other ||
  (Array.isArray(one) &&
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((value, n) => value === other[n]));

/** A list as its field holds it. */
const asText = (list) => list.map((value) => String(Number(value.toPrecision(12)))).join(", ");

/** Brings a list to life. A list in the store is never changed: another takes its place. */
export function mountList(root, declared, store) {
  const { key, label, limits, reach, draws, seed } = declared;
  const [field, seedField] = [key, seed].map((name) => root.querySelector(`input[data-key="${name}"]`));
  const note = root.querySelector(`[data-note="${key}"]`);
  const grips = root.querySelector(`[data-grips="${key}"]`);
  const told = root.querySelector(`[data-seed="${key}"]`);
  let shownList;
  const current = () => store.get(key) ?? declared.start;
  const drawnBy = () => store.get(seed) ?? draws?.seed;
  const isDrawn = () => Boolean(draws) && isSame(current(), draw(draws, drawnBy()));
  const tell = (text) => {
    field.setAttribute("aria-invalid", text !== "");
    if (note.textContent !== text) note.textContent = text;
  };
  /** The numbers of a text; undefined where it is no such list, with the reason told to `failed`. */
  const read = (text, failed) => {
    const { value, unread } = tried((list) => readList(list, limits), text);
    if (unread) failed(unread);
    return value;
  };
  field.addEventListener("input", () => {
    const list = read(field.value, tell);
    if (!list) return;
    tell("");
    shownList = list;
    store.set({ [key]: list });
  });
  const drawAnew = (number) => store.set({ [seed]: number, [key]: draw(draws, number) });
  root.querySelector(`[data-draw="${key}"]`)?.addEventListener("click", () => drawAnew(nextSeed(drawnBy())));
  seedField?.addEventListener("input", () => drawAnew(Number(seedField.value)));

  const handlesOf = (k) => root.querySelectorAll(`[data-of-${key}="${k}"]`);
  const addGrip = (k) => {
    const [min, max, step] = reach;
    const grip = Object.assign(document.createElement("input"), { type: "range", min, max, step });
    grip.setAttribute("aria-label", `${label} ${k + 1}`);
    grip.addEventListener("input", () => store.set({ [key]: current().with(k, Number(grip.value)) }));
    const ring = (isOn) => handlesOf(k).forEach((handle) => handle.classList.toggle("ln-focused", isOn));
    grip.addEventListener("focus", () => ring(grip.matches(":focus-visible")));
    grip.addEventListener("blur", () => ring(false));
    grips.append(grip);
  };
  const showGrips = (list) => {
    if (!reach) return;
    while (grips.childElementCount > list.length) grips.lastElementChild.remove();
    while (grips.childElementCount < list.length) addGrip(grips.childElementCount);
    [...grips.children].forEach((grip, k) => {
      grip.value = list[k];
      grip.title = `${label}${subscript(k + 1)} = ${shown(list[k], 6)}`;
    });
  };
  const show = () => {
    const list = current();
    if (!isSame(list, shownList)) {
      shownList = list;
      field.value = asText(list);
      tell("");
    }
    if (draws) {
      seedField.value = drawnBy();
      const by = `seed ${drawnBy()}${isDrawn() ? "" : ", then moved"}`;
      if (told.textContent !== by) told.textContent = by;
    }
    showGrips(list);
  };
  return {
    current,
    show,
    starts: { [key]: declared.start, ...(draws ? { [seed]: draws.seed } : {}) },
    /** What the store is to hold where a member is dragged to a value. */
    moved: (k, value) => ({ [key]: current().with(k, nearest(reach, value)) }),
    /** What a link or a button may ask of the list or its seed. */
    settle: (name, asked) => {
      if (name === seed) return asSeed(asked);
      return read(Array.isArray(asked) ? asText(asked) : String(asked), () => {});
    },
    /** Moves with the numbers of a seed, where that alone is asked for. */
    withDrawn: (moves) =>
      draws && seed in moves && !(key in moves) ? { ...moves, [key]: draw(draws, moves[seed]) } : moves,
    /** What a link has to say. */
    inLink: () => {
      if (isSame(current(), declared.start)) return [];
      return isDrawn() ? [[seed, drawnBy()]] : [[key, asText(current())]];
    },
    forget: () => {
      shownList = undefined;
    },
  };
}
