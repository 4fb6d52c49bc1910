// A function of one variable that a reader types: its field, its value and its exact derivatives.

import { JETS, compile } from "./formula.js";
import { FormulaError, cut, parse, tried } from "./parse.js";
import { shown } from "./shared.js";

/** The sign of a jet just beside its place, above it (1) or below (-1): that of the first of its parts that is not 0. */
function signBeside([value, slope, curvature], side) {
  return Math.sign([value, slope * side, curvature].find((part) => part !== 0) ?? 0);
}

/** Arithmetic with jets on one side of a place; `met` is told where the other side may be another branch. */
const beside = (side, met) => ({
  ...JETS,
  call: (name) => {
    if (name !== "sign" && name !== "abs") return JETS.call(name);
    return (jet) => {
      if (jet[0] === 0) met();
      const sign = signBeside(jet, side);
      if (name === "sign") return [sign, 0, 0];
      return sign < 0 ? JETS.negative(jet) : jet;
    };
  },
});
const ORDERS = [0, 1, 2];

/**
 * A typed formula as a list: the function, its slope and its curvature, as functions of a number. At a kink the slope
 * is not a number; `below` and `above` are the same list for one side of each place.
 * Throws FormulaError where the text is none.
 */
export function withDerivatives(text, names) {
  const tree = parse(text, [names]);
  let branches = false;
  const meet = () => {
    branches = true;
  };
  const [below, above] = [-1, 1].map((side) => compile(tree, names.slice(0, 1), beside(side, meet)));
  const value = compile(tree, names.slice(0, 1));
  const at = (jet, x) => jet([[x, 1, 0]]);
  const derivative = (n) => (x) => {
    branches = false;
    const one = at(below, x);
    if (!branches) return one[n];
    const other = at(above, x);
    return one[0] === other[0] && one[n] === other[n] ? one[n] : NaN;
  };
  const oneSided = (jet) => ORDERS.map((n) => (n ? (x) => at(jet, x)[n] : (x) => value([x])));
  return Object.assign([(x) => value([x]), derivative(1), derivative(2)], {
    below: oneSided(below),
    above: oneSided(above),
  });
}

/** What a read-out says where a typed formula has a kink: its values on both sides; undefined where it has none. */
export function bothSides(f, values, digits) {
  const side = (name) => f(values.map((value) => value?.[name] ?? value));
  const found = [side("below"), side("above")];
  if (!found.every(Number.isFinite) || found[0] === found[1]) return undefined;
  return `${found.map((value) => shown(value, digits)).join(" and ")} (kink)`;
}

/** Places over the range at which a formula must have a value somewhere. */
const TRIED = 81;

const triedIn = ([low, high]) => Array.from({ length: TRIED }, (_, n) => low + (n / (TRIED - 1)) * (high - low));
const isSame = (a, b) => Object.is(a, b) || Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));

/** The function of a text; throws FormulaError where it is none, or has no value anywhere in its range. */
export function read(text, { names, span }) {
  const f = withDerivatives(text, names);
  if (triedIn(span).some((x) => Number.isFinite(f[0](x)))) return f;
  const [low, high] = span;
  const [from, to] = [low, high].map((end) => shown(end, 6));
  throw new FormulaError(`expected a finite value somewhere from ${names[0]} = ${from} to ${to}; got none`);
}

/** How long a reader rests before what cannot be read is told: half a formula is no mistake. */
const REST = 700;

/** What stands for a text that is none: no value anywhere. */
const UNREAD = ORDERS.map(() => () => NaN);
Object.assign(UNREAD, { below: UNREAD, above: UNREAD });

/** Brings the field of a typed formula to life; `current()` is the function, without a value where it cannot be read. */
export function mountTyped(root, declared, store) {
  const { key } = declared;
  const field = root.querySelector(`input[data-key="${key}"]`);
  const note = root.querySelector(`[data-note="${key}"]`);
  const presets = root.querySelector(`[data-presets="${key}"]`);
  const attempt = (text) => tried((formula) => read(formula, declared), text);
  const first = read(field.defaultValue, declared);
  let [f, seen, timer] = [first, field.defaultValue, 0];
  const choose = (text) => {
    if (presets) presets.value = [...presets.options].find((option) => option.value === text)?.value ?? "";
  };
  const wait = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const take = (text) => {
    wait();
    const { value, unread } = attempt(text);
    [f, seen, field.value, note.textContent] = [value ?? UNREAD, text, cut(text), unread];
    field.setAttribute("aria-invalid", unread !== "");
    choose(text);
  };
  const commit = () => {
    wait();
    store.set({ [key]: cut(field.value) });
  };
  field.addEventListener("input", () => {
    wait();
    choose(field.value);
    if (attempt(field.value).unread) timer = setTimeout(commit, REST);
    else commit();
  });
  // Not when the field is left: a line that appears would move the button that is being pressed.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") commit();
  });
  presets?.addEventListener("change", () => {
    if (!presets.value) return;
    seen = undefined;
    store.set({ [key]: presets.value });
  });
  choose(seen);
  return {
    /** The function; what the store holds may have been set from outside. */
    current: () => {
      const text = store.get(key);
      if (text !== undefined && text !== seen) take(text);
      return f;
    },
    isRead: () => f !== UNREAD,
    /** Whether it is another function than at first, however that is written. */
    isOwn: () => !triedIn(declared.span).every((x) => isSame(f[0](x), first[0](x))),
    /** What would be told after a rest is told now. */
    hurry: () => {
      if (timer) commit();
    },
    /** As if what is in the field had not been typed. */
    forget: () => {
      seen = undefined;
    },
    settle: (asked) => (typeof asked === "string" && asked.trim() ? cut(asked) : undefined),
  };
}
