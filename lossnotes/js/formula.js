// Formulas are trees: numbers, names, and lists of a head and its parts, as in ["+", "z", ["exp", 2]].
// Heads: + − * / ^ max min, the comparisons with "and", "or" and "not", ["if", condition, then, ..., else],
// ["at", family, place], ["sum" or "product", index, first, last, term], constants as ["pi"],
// ["lowest" or "integral", variable, low, high, term], ["let", name, tree, where it stands], ["typed", name, order, argument] for a derivative of a function that a reader
// types, and the functions of functions.js. They are data, and nothing in them is run.

import { DERIVATIVES, FUNCTIONS } from "./functions.js";
import { lowest, quadrature } from "./numerical.js";

const CONSTANTS = { pi: Math.PI, e: Math.E, inf: Infinity };
const COMPARISONS = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** Arithmetic with numbers. An arithmetic says what a number, an operation and a function mean, and what to compare. */
export const NUMBERS = {
  number: (x) => x,
  plain: (x) => x,
  operations: {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "^": (a, b) => a ** b,
    max: Math.max,
    min: Math.min,
  },
  negative: (a) => -a,
  call: (name) => FUNCTIONS[name],
};

/** By the chain rule; what does not move has no slope, whatever the derivative is there. */
function chained([, slope, curvature], value, [first, second]) {
  if (slope === 0 && curvature === 0) return [value, 0, 0];
  return [value, first * slope, second * slope * slope + first * curvature];
}

function jetPower([a, ...moves], [b, ...moved]) {
  const value = a ** b;
  // Of r^1 at 0 the curvature is 0, and not 0 times the infinite 1/r.
  const factor = (coefficient, exponent) => (coefficient === 0 ? 0 : coefficient * a ** exponent);
  const part = chained([a, ...moves], value, [factor(b, b - 1), factor(b * (b - 1), b - 2)]);
  if (moved.every((x) => x === 0)) return part;
  // e to the product of b and ln a
  const exponent = JETS.operations["*"]([b, ...moved], chained([a, ...moves], Math.log(a), [1 / a, -1 / a / a]));
  return chained(exponent, value, [value, value]);
}

/** Arithmetic with 2-jets: [value, slope, curvature] in one variable, which is given as [x, 1, 0]. */
export const JETS = {
  number: (x) => [x, 0, 0],
  plain: ([x]) => x,
  operations: {
    "+": (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]],
    "-": (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]],
    "*": ([a, s, c], [b, t, d]) => [a * b, a * t + s * b, a * d + 2 * s * t + c * b],
    "/": (a, b) => JETS.operations["*"](a, chained(b, 1 / b[0], [-1 / b[0] / b[0], 2 / b[0] / b[0] / b[0]])),
    "^": jetPower,
    max: (a, b) => (a[0] >= b[0] ? a : b),
    min: (a, b) => (a[0] <= b[0] ? a : b),
  },
  negative: (a) => [-a[0], -a[1], -a[2]],
  call: (name) => {
    if (!Object.hasOwn(DERIVATIVES, name)) throw new Error(`no derivative is known of ${name}`);
    return (jet) => {
      const value = FUNCTIONS[name](jet[0]);
      if (Number.isNaN(value)) return [NaN, NaN, NaN]; // 1/x is no slope of ln x where x is negative
      return chained(jet, value, DERIVATIVES[name](jet[0], value));
    };
  },
};

/** A tree as a function of a list with the values of these names. */
export function compile(tree, names, arithmetic = NUMBERS) {
  return build(tree, new Map(names.map((name, slot) => [name, slot])), arithmetic);
}

function build(tree, slots, arithmetic) {
  const inside = (part) => build(part, slots, arithmetic);
  if (typeof tree === "number") return () => arithmetic.number(tree);
  if (typeof tree === "string") {
    const slot = slots.get(tree);
    if (slot === undefined) throw new Error(`no value is given for ${tree}`);
    return (v) => v[slot];
  }
  const [head, ...parts] = tree;
  if (Object.hasOwn(CONSTANTS, head)) return () => arithmetic.number(CONSTANTS[head]);
  if (Object.hasOwn(arithmetic.operations, head)) return joined(head, parts.map(inside), parts, arithmetic);
  if (Object.hasOwn(FUNCTIONS, head)) return called(arithmetic.call(head), parts.map(inside));
  switch (head) {
    case "if":
      return chosen(parts, slots, arithmetic);
    case "at":
      return member(...parts.map(inside), arithmetic);
    case "let":
      return named(parts, slots, arithmetic);
    case "typed":
      return typed(parts, slots, arithmetic);
    case "sum":
      return repeated("+", 0, parts, slots, arithmetic);
    case "product":
      return repeated("*", 1, parts, slots, arithmetic);
    case "lowest":
      return between(lowest, parts, slots, arithmetic);
    case "integral":
      return between(quadrature, parts, slots, arithmetic);
    default:
      throw new Error(`a formula cannot call ${head}`);
  }
}

function joined(head, built, parts, arithmetic) {
  const join = arithmetic.operations[head];
  const [first] = built;
  if (head === "-" && built.length === 1) return (v) => arithmetic.negative(first(v));
  if (head === "^" && parts[1] === 2) return (v) => ((x) => arithmetic.operations["*"](x, x))(first(v));
  return built.reduce((a, b) => (v) => join(a(v), b(v)));
}

function called(f, [a, b, ...more]) {
  if (!b) return (v) => f(a(v));
  return more.length ? (v) => f(a(v), b(v), ...more.map((part) => part(v))) : (v) => f(a(v), b(v));
}

function condition([head, ...parts], slots, arithmetic) {
  if (head === "true" || head === "false") return () => head === "true";
  if (head === "and" || head === "or" || head === "not") {
    const inside = parts.map((part) => condition(part, slots, arithmetic));
    if (head === "not") return (v) => !inside[0](v);
    return head === "and" ? (v) => inside.every((part) => part(v)) : (v) => inside.some((part) => part(v));
  }
  const compare = COMPARISONS[head];
  const [a, b] = parts.map((part) => build(part, slots, arithmetic));
  return (v) => compare(arithmetic.plain(a(v)), arithmetic.plain(b(v)));
}

function chosen([when, then, ...rest], slots, arithmetic) {
  const holds = condition(when, slots, arithmetic);
  const yes = build(then, slots, arithmetic);
  const no = rest.length > 1 ? chosen(rest, slots, arithmetic) : build(rest[0], slots, arithmetic);
  return (v) => (holds(v) ? yes(v) : no(v));
}

/** A member of a family, counted from 1 as on the page; its values are a list. One that is not there is no number. */
function member(family, place, arithmetic) {
  const absent = arithmetic.number(NaN);
  return (v) => family(v)[arithmetic.plain(place(v)) - 1] ?? absent;
}

/** What has a name of its own inside is kept after the values. */
function withName(name, slots) {
  const slot = Math.max(-1, ...slots.values()) + 1;
  return [slot, new Map(slots).set(name, slot)];
}

function named([name, tree, body], slots, arithmetic) {
  const once = build(tree, slots, arithmetic);
  const [slot, inner] = withName(name, slots);
  const rest = build(body, inner, arithmetic);
  return (v) => {
    v[slot] = once(v);
    return rest(v);
  };
}

/** The value given for a typed function is the list of it and its derivatives: functions of a number. */
function typed([name, order, argument], slots, arithmetic) {
  if (arithmetic !== NUMBERS) throw new Error(`no derivative is known of the typed ${name}`);
  const slot = slots.get(name);
  if (slot === undefined) throw new Error(`no function is given for ${name}`);
  const place = build(argument, slots, arithmetic);
  return (v) => v[slot][order](place(v));
}

function repeated(operation, start, [index, first, last, term], slots, arithmetic) {
  const [low, high] = [first, last].map((end) => build(end, slots, arithmetic));
  const [slot, inner] = withName(index, slots);
  const body = build(term, inner, arithmetic);
  const join = arithmetic.operations[operation];
  return (v) => {
    let total = arithmetic.number(start);
    const end = arithmetic.plain(high(v));
    for (let k = arithmetic.plain(low(v)); k <= end; k += 1) {
      v[slot] = arithmetic.number(k);
      total = join(total, body(v));
    }
    return total;
  };
}

/**
 * What a rule makes of a term in one variable between two ends. It is kept until one of the values changes of which it
 * is made: a curve asks for its normaliser at each place. Lists among them are never changed, but replaced.
 */
function between(rule, [variable, first, last, term], slots, arithmetic) {
  if (arithmetic !== NUMBERS) throw new Error(`no derivative is known of what is searched for or added up`);
  const [low, high] = [first, last].map((end) => build(end, slots, arithmetic));
  const [slot, inner] = withName(variable, slots);
  const body = build(term, inner, arithmetic);
  const used = [...new Set([first, last, term].flatMap(namesIn))].map((name) => slots.get(name));
  let [before, found] = [];
  return (v) => {
    const now = used.map((at) => v[at]);
    if (before && now.every((value, n) => Object.is(value, before[n]))) return found;
    const along = (x) => {
      v[slot] = x;
      return body(v);
    };
    [before, found] = [now, rule(along, low(v), high(v))];
    return found;
  };
}

// --- trees as such ---------------------------------------------------------------------

/** Trees that are 0 where the formula may have a kink or a jump: what abs and sign are given, and what is compared. */
export function switches(tree) {
  if (!Array.isArray(tree)) return [];
  const [head, ...parts] = tree;
  const below = parts.flatMap(switches);
  if (head === "abs" || head === "sign") return [parts[0], ...below];
  if (head === "max" || head === "min" || Object.hasOwn(COMPARISONS, head)) {
    return [...parts.slice(1).map((part) => ["-", parts[0], part]), ...below];
  }
  return below;
}

/** The names in a tree. */
export function namesIn(tree) {
  if (typeof tree === "string") return [tree];
  return Array.isArray(tree) ? tree.slice(1).flatMap(namesIn) : [];
}

const SHOWN = { sqrt: "√", sigmoid: "σ", pi: "π" };
const SUM = ["+", "-"];
const PRODUCT = ["*", "/"];

const isSum = (tree) => SUM.includes(tree[0]) && tree.length > 2;
const isProduct = (tree) => PRODUCT.includes(tree[0]);
const isLoose = (tree) => tree < 0 || SUM.includes(tree[0]) || isProduct(tree);
const bracketed = (tree, needed) => (needed ? `(${written(tree)})` : written(tree));

/** The formula as a reader is shown it; it reads back as the same tree. */
export function written(tree) {
  if (typeof tree === "number") return String(tree).replaceAll("-", "−").replace("+", "");
  if (typeof tree === "string") return tree;
  const [head, a, b, ...more] = tree;
  if (more.length && "+-*/".includes(head)) return written([head, tree.slice(0, -1), more.at(-1)]);
  if (b === undefined && head === "-") return `−${bracketed(a, isLoose(a))}`;
  if (isSum(tree)) {
    const term = written(b);
    return `${written(a)} ${head === "-" ? "−" : "+"} ${isSum(b) || term.startsWith("−") ? `(${term})` : term}`;
  }
  // In a/b·c one reader sees (a/b)·c and another a/(b·c).
  if (isProduct(tree))
    return (
      bracketed(a, isSum(a) || ["/", "sum"].includes(a[0])) + (head === "*" ? "·" : "/") + bracketed(b, isLoose(b))
    );
  const isRaised = (part) => isLoose(part) || ["^", "ln", "sum"].includes(part[0]);
  if (head === "^") return [a, b].map((part) => bracketed(part, isRaised(part))).join("^");
  if (head === "at") return `${a}_${b}`;
  if (head === "sum") return `Σ_${a} ${bracketed(tree[4], isSum(tree[4]))}`;
  const name = SHOWN[head] ?? head;
  return a === undefined ? name : `${name}(${tree.slice(1).map(written).join(", ")})`;
}
