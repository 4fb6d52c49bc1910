// The form of a formula: what is left of it where the order of summands and factors, and where a minus stands, say
// nothing. How large it is, and what is still in it.
//
// A node has a `kind`: "leaf", "sum" of parts with signs, "product" of parts above and below, "power", "call". Each
// keeps the tree that it came from. Minus signs are moved into sums, and out of products.

import { namesIn } from "./formula.js";

const PRODUCTS = ["*", "/"];

/** A tree as [sign, node]. What a sum runs over has the number of the sum for its name. */
function signed(tree, running = new Map()) {
  const inside = (part) => signed(part, running);
  if (typeof tree === "number") return [tree < 0 ? -1 : 1, leaf(tree, String(Math.abs(tree)))];
  if (typeof tree === "string") return [1, leaf(tree, running.get(tree) ?? tree)];
  const [head, ...parts] = tree;
  if (head === "+" || head === "-") return sumOf(tree, inside);
  if (PRODUCTS.includes(head)) return productOf(tree, inside);
  if (head === "^" || head === "sqrt") return powerOf(tree, inside);
  if (head === "at") return [1, leaf(tree, `${parts[0]}_${running.get(parts[1]) ?? parts[1]}`)];
  if (head === "sum" || head === "product") {
    const [index, first, last, term] = parts;
    const inner = new Map(running).set(index, `#${running.size}`);
    return call(head, tree, [inside(first), inside(last), signed(term, inner)]);
  }
  return parts.length ? call(head, tree, parts.map(inside)) : [1, leaf(tree, head)];
}

const leaf = (tree, text) => ({ kind: "leaf", tree, text });
const call = (head, tree, parts) => [1, { kind: "call", head, tree, parts }];

function sumOf(tree, inside) {
  const parts = [];
  const add = (sign, part) => {
    const [head, first, second] = Array.isArray(part) ? part : [];
    if (head === "+") for (const one of part.slice(1)) add(sign, one);
    else if (head === "-" && second === undefined) add(-sign, first);
    else if (head === "-") {
      add(sign, first);
      for (const one of part.slice(2)) add(-sign, one);
    } else {
      const [own, node] = inside(part);
      parts.push(...(node.kind === "sum" ? node.parts.map(([s, one]) => [sign * own * s, one]) : [[sign * own, node]]));
    }
  };
  add(1, tree);
  return parts.length === 1 ? parts[0] : [1, { kind: "sum", tree, parts }];
}

/** A sum with the other sign. */
const turned = (sign, node) =>
  sign < 0 && node.kind === "sum" ? [1, { ...node, parts: node.parts.map(([s, one]) => [-s, one]) }] : [sign, node];

function productOf(tree, inside) {
  const parts = [];
  let sign = 1;
  const add = (power, part) => {
    const [head, first, ...rest] = Array.isArray(part) ? part : [];
    if (PRODUCTS.includes(head)) {
      add(power, first);
      for (const one of rest) add(head === "/" ? -power : power, one);
      return;
    }
    const [own, node] = inside(part);
    sign *= own;
    const times = node.kind === "sum" ? commonNumber(node) : "";
    if (times) parts.push([power, leaf(Number(times), times)], [power, without(node, times)]);
    else if (node.kind === "product") parts.push(...node.parts.map(([p, one]) => [power * p, one]));
    else if (node.text !== "1") parts.push([power, node]);
  };
  add(1, tree);
  if (!parts.length) return [sign, leaf(tree, "1")];
  if (parts.length === 1 && parts[0][0] > 0) return turned(sign, parts[0][1]);
  return [sign, { kind: "product", tree, parts }];
}

const isTimes = (text) => (part) => part[0] > 0 && part[1].text === text;

/** The number by which all terms of a sum are multiplied, as text: SymPy writes 2(p − y) as 2p − 2y. */
function commonNumber({ parts }) {
  const [, first] = parts[0];
  const numbers = first.kind === "product" ? first.parts.filter(([p, { text }]) => p > 0 && Number(text) > 1) : [];
  const found = numbers.map(([, { text }]) => text);
  return (
    found.find((text) => parts.every(([, { kind, parts: f }]) => kind === "product" && f.some(isTimes(text)))) ?? ""
  );
}

/** A sum without the number that all its terms are multiplied by. */
function without(node, text) {
  const terms = node.parts.map(([sign, term]) => {
    const factors = term.parts.toSpliced(term.parts.findIndex(isTimes(text)), 1);
    return [sign, factors.length === 1 && factors[0][0] > 0 ? factors[0][1] : { ...term, parts: factors }];
  });
  return { ...node, parts: terms };
}

function powerOf(tree, inside) {
  const [head, base, exponent] = tree;
  if (head === "sqrt") return [1, { kind: "power", tree, base: inside(base), exponent: inside(["/", 1, 2]) }];
  if (base[0] === "e" && Array.isArray(base)) return call("exp", tree, [inside(exponent)]);
  const [sign, raised] = inside(exponent);
  if (raised.text === "1") return sign > 0 ? inside(base) : inside(["/", 1, base]);
  const power = { kind: "power", tree, base: inside(base), exponent: [1, raised] };
  return [1, sign > 0 ? power : { kind: "product", tree, parts: [[-1, power]] }];
}

/** A tree's node, and whether it is negative: [sign, node]. */
export const formOf = (tree) => turned(...signed(tree));

const inner = (node) =>
  ({ sum: node.parts, product: node.parts, call: node.parts, power: [node.base, node.exponent] })[node.kind] ?? [];

/** The same text for formulas of the same form. */
export function formKey([sign, node]) {
  const keys = inner(node).map(formKey);
  const ordered = ["sum", "product"].includes(node.kind) ? keys.sort() : keys;
  return `${sign < 0 ? "-" : "+"}${node.text ?? `${node.head ?? node.kind}(${ordered.join(",")})`}`;
}

/** How many names, numbers, functions, powers, sums, products and fractions a formula has. Signs are free. */
export function sizeOf([, node]) {
  const parts = node.kind === "call" && node.head === "sum" ? node.parts.slice(2) : inner(node);
  const isFraction = node.kind === "product" && node.parts.some(([power]) => power < 0);
  return 1 + (isFraction && node.parts.length > 1 ? 1 : 0) + parts.reduce((size, part) => size + sizeOf(part), 0);
}

const isCall = (node, head) => node.kind === "call" && node.head === head;
const isPower = (node) => node.kind === "power" || isCall(node, "exp");
const logarithmOf = (test) => (node) => isCall(node, "ln") && test(node.parts[0][1]);

/** What may have to be gone from a line: its name → how it is said, whether a node is one, and which nodes count. */
export const PARTS = {
  "product in a logarithm": ["a product inside a logarithm", logarithmOf((node) => node.kind === "product")],
  "power in a logarithm": [
    "a power inside a logarithm",
    logarithmOf((node) => isPower(node) || (node.kind === "product" && node.parts.some(([, part]) => isPower(part)))),
  ],
  "logarithm of a sigmoid": ["the logarithm of a sigmoid", logarithmOf((node) => holdsSigmoid(node))],
  "sigmoid of a logarithm": [
    "the sigmoid of a logarithm",
    (node) => isCall(node, "sigmoid") && parts([1, node]).some((one) => isCall(one, "ln") || isCall(one, "logit")),
  ],
  sum: ["a sum over the classes", (node) => isCall(node, "sum")],
  brackets: [
    "brackets to multiply out",
    (node) => node.kind === "product" && node.parts.some(([power, part]) => power > 0 && part.kind === "sum"),
  ],
  fraction: ["a fraction", (node) => node.kind === "product" && node.parts.some(([power]) => power < 0)],
  logarithm: ["a logarithm", (node) => isCall(node, "ln")],
  exponential: ["an exponential", (node) => isCall(node, "exp")],
  "outer sum": ["a sum, all terms of which share a factor to take out", (node) => node.kind === "sum", "outermost"],
};

/** Every part of a formula, itself first. */
const parts = ([, node]) => [node, ...inner(node).flatMap(parts)];
const holdsSigmoid = (node) =>
  isCall(node, "sigmoid") || (node.kind === "sum" && node.parts.some(([, part]) => isCall(part, "sigmoid")));

/** What is gone by itself where it is in the line above and not in the goal. */
const USUAL = [
  "product in a logarithm",
  "power in a logarithm",
  "logarithm of a sigmoid",
  "sigmoid of a logarithm",
  "sum",
];

/** The part of a formula that is such a one; nothing where there is none. */
export function partThatIs(name, form) {
  const [, test, where] = PARTS[name];
  return (where === "outermost" ? [form[1]] : parts(form)).find(test);
}

/** A term of a formula that holds none of these names; nothing where there is none. */
export function termWithout(names, [, node]) {
  const terms = node.kind === "sum" ? node.parts.map(([, term]) => term) : [node];
  return terms.find(({ tree }) => !namesIn(tree).some((name) => names.includes(name)));
}

/** What must be gone from a line, where its author does not say. */
export const usuallyGone = (above, goal) => USUAL.filter((name) => partThatIs(name, above) && !partThatIs(name, goal));
