// What a bench computes and says: derived slopes beside those that the loss alone gives. It needs no page.

import { compile, namesIn } from "./formula.js";
import { roundingErrors } from "./judge.js";
import { STEPS, agreeing, apart, central, measure } from "./measure.js";
import { readNumber } from "./numbers.js";
import { FormulaError } from "./parse.js";
import { shown } from "./shared.js";

// --- what is read ------------------------------------------------------------------------

/** A step that a double can take beside 1. */
export function readStep(text) {
  const h = readNumber(text);
  if (h < 1e-15 || h > 0.1) throw new FormulaError("expected a step from 1e-15 to 0.1; got another");
  return h;
}

/** A tree whose sums and products have two parts each, as a typed one. */
export function inPairs(tree) {
  if (!Array.isArray(tree)) return tree;
  const [head, ...parts] = tree.map(inPairs);
  return ["+", "*"].includes(head) ? parts.reduce((a, b) => [head, a, b]) : [head, ...parts];
}

// --- what is computed --------------------------------------------------------------------

/** A line with what its short names stand for. */
function spelledOut(tree, names) {
  return names.reduceRight((body, [name, meaning]) => {
    return namesIn(body).includes(name) ? ["let", name, meaning, body] : body;
  }, tree);
}

/** A declaration's formulas as functions of its values: those of the controls in turn, then how many entries there are. */
export function prepared({ inputs, size, quantity, lines, costs = [] }) {
  const names = [...inputs.map(({ name }) => name), ...(size ? [size] : [])];
  const slot = (key) => inputs.findIndex((control) => control.key === key);
  const line = (spec, tree = spec.tree) => {
    const full = spelledOut(tree, spec.names);
    const all = spec.index ? [...names, spec.index] : names;
    return { ...spec, tree, full, all, slot: slot(spec.key), f: compile(full, all) };
  };
  const compiled = (tree) => compile(tree, names);
  return {
    names,
    quantity,
    loss: compiled(quantity),
    costs: costs.map(compiled),
    lines: lines.map((l) => line(l)),
    line,
  };
}

/** The values that formulas are given: lists are copied, as one entry is moved. */
export function row(values, { size }) {
  const copied = values.map((value) => (Array.isArray(value) ? [...value] : value));
  return size ? [...copied, copied.find(Array.isArray).length] : copied;
}

/** Each component of the gradient: its derived slope beside what the loss alone gives. */
export function components(bench, values) {
  const [lossDoubt] = roundingErrors(bench.quantity, bench.names, [values]);
  return bench.lines.flatMap((line, n) => {
    const list = values[line.slot];
    const places = line.index ? list.map((_, place) => place) : [null];
    return places.map((place) => {
      const given = place === null ? values : [...values, place + 1];
      const [derivedDoubt] = roundingErrors(line.full, line.all, [given]);
      const along = moved(bench.loss, values, line.slot, place);
      const x = place === null ? list : list[place];
      const doubts = { loss: lossDoubt, derived: derivedDoubt };
      return Object.assign(measure(along, x, line.f([...given]), doubts), { line: n, place, x, along });
    });
  });
}

/** The loss along one variable. */
function moved(loss, values, slot, place) {
  const copy = row(values, {});
  const into = place === null ? copy : copy[slot];
  const here = place === null ? slot : place;
  return (x) => {
    into[here] = x;
    return loss(copy);
  };
}

/** The components at one step: measured slope, how far apart, how many digits agree, whether anything was measured. */
export function at(h, found) {
  return found.map((component) => {
    const { along, x, derived, nearZero } = component;
    const measured = central(along, x, h);
    const gap = apart(derived, measured, nearZero);
    return { ...component, measured, gap, digits: agreeing(gap), flat: isFlat(h, component) };
  });
}

/** The largest that is a number. */
export const most = (numbers) => Math.max(...numbers.filter((x) => !Number.isNaN(x)));

/** The curves: at each step the widest gap of all components, and what the step and rounding may do to it. */
export function curves(found) {
  const scaled = found.map((component) => {
    const { derived, slopes, widths, roundings, best, nearZero } = component;
    const scale = nearZero ? 1 : Math.max(Math.abs(derived) || 0, Math.abs(slopes[best]));
    const isMeasured = (slope, n) => Number.isFinite(slope) && !isNothing(STEPS[n], component);
    const gaps = slopes.map((slope, n) => (isMeasured(slope, n) ? apart(derived, slope, nearZero) : NaN));
    return [widths.map((x) => x / scale), roundings.map((x) => x / scale), gaps];
  });
  return [0, 1, 2].map((kind) => STEPS.map((_, n) => most(scaled.map((rows) => rows[kind][n]))));
}

/** What keeps values from being used, and the control that is the cause; nothing where nothing does. */
export function fault({ loss }, data, values) {
  const lists = data.inputs.filter(({ key }) => Array.isArray(values[key]));
  const count = ({ key }) => values[key].length;
  const odd = lists.find((list) => count(list) !== count(lists[0]));
  if (odd) {
    const text = `Expected as many as of ${lists[0].name}, ${count(lists[0])}; there are ${count(odd)}.`;
    return { key: odd.key, text };
  }
  const past = data.inputs.find(({ key, row: isRow }) => isRow && !isOneOf(values[key], count(lists[0])));
  if (past) return { key: past.key, text: `Expected a whole number from 1 to ${count(lists[0])}, one for each entry.` };
  const all = data.inputs.map(({ key }) => values[key]);
  const height = loss(row(all, data));
  if (Number.isFinite(height)) return null;
  const cause = data.inputs.findIndex((control, n) => isCause(loss, data, all, n));
  const value = Number.isNaN(height) ? "has no value" : `is ${shown(height, 3)}`;
  const words = cause < 0 ? "these numbers" : "this";
  return { key: data.inputs[Math.max(cause, 0)].key, text: `With ${words} the ${data.what} ${value}.` };
}

const isOneOf = (value, count) => Number.isInteger(value) && value >= 1 && value <= count;

/** Whether the loss has a value once this control alone stands where it stood at first. */
function isCause(loss, data, all, n) {
  const { start } = data.inputs[n];
  if (Array.isArray(start) && start.length !== all[n].length) return false;
  return Number.isFinite(loss(row(all.with(n, start), data)));
}

// --- what is said ------------------------------------------------------------------------

/** So many times the other is most. */
const MOST = 4;
/** How many digits agree, in words. */
export const counted = (digits, nearZero) => {
  if (digits === Infinity) return "the same to the last bit";
  return `${digits} ${nearZero ? "place" : "digit"}${digits === 1 ? "" : "s"}`;
};

/** What one sees at a step, in a headline and a sentence. */
export function verdict(h, rows, name, what) {
  const worst = rows.reduce((a, b) => (b.gap > a.gap ? b : a));
  const head = headline(worst, rows.length > 1 ? name : null);
  const refuted = worst.refuted ? worst : rows.find((one) => one.refuted);
  if (refuted) return [head, refutation(refuted, what)];
  if (worst.flat) return ["The measurement finds no slope.", flatSays(h, what)];
  if (worst.digits === Infinity) return [head, "At this step neither its width nor rounding does any harm."];
  const near = STEPS.reduce(
    (a, step, n) => (Math.abs(Math.log(step / h)) < Math.abs(Math.log(STEPS[a] / h)) ? n : a),
    0,
  );
  const [width, rounding] = [worst.widths[near], worst.roundings[near]];
  if (!Number.isFinite(worst.measured)) return [head, `At so wide a step the ${what} has no value. Make h smaller.`];
  if (width > MOST * rounding) {
    return [head, `The width of h contributes most: between the two sides the ${what} bends. Make h smaller.`];
  }
  const reach = agreeing(apart(worst.slopes[worst.best], worst.derived, worst.nearZero));
  if (rounding > MOST * width && worst.digits < reach - 1) return [head, roundingSays(h, worst, what)];
  if (!worst.widths.some(Boolean))
    return [head, `This ${what} is a parabola here: any h would give the exact slope. Only rounding does harm.`];
  return [head, "This step is about the best: a wider one bends more, a narrower one rounds more."];
}

/** Whether 64-bit numbers do not tell the loss here from the loss on either side, though the line has a slope. */
function isFlat(h, { derived, along, x }) {
  const here = along(x);
  return derived !== 0 && along(x + h) === here && along(x - h) === here;
}

/** Whether nothing was measured where next to nothing is to be: that is no agreement. */
function isNothing(h, component) {
  return component.nearZero && isFlat(h, component);
}

/** How far the reader's step leaves the two apart, of all components the most; −∞ where nothing was measured. */
export const widest = (rows) => most(rows.map(({ gap, flat, nearZero }) => (flat && nearZero ? NaN : gap)));

function flatSays(h, what) {
  const same = `Here and on both sides the ${what} is the same number to the last bit: nothing is left to divide.`;
  return h < 0.1 ? `${same} Make h larger.` : same;
}

function headline(worst, name) {
  const { digits, nearZero } = worst;
  if (digits === Infinity) return name ? "All agree to the last bit." : "They agree to the last bit.";
  if (!digits) return name ? `In ${name(worst)} not one digit agrees.` : "Not one digit agrees.";
  const agree = digits === 1 ? "agrees" : "agree";
  return `${name ? "At least " : ""}${counted(digits, nearZero)} ${agree}.`;
}

function refutation({ derived, slopes, best }, what) {
  if (!Number.isFinite(derived)) return "The line has no value here.";
  const off = shown(Math.abs(derived - slopes[best]), 3);
  return `No h mends this: even where h is best, the line is off by ${off}. It is not the slope of this ${what}.`;
}

function roundingSays(h, { along, x }, what) {
  const [right, left] = [along(x + h), along(x - h)];
  const same = agreeing(apart(right, left, false));
  const advice = h < 0.1 ? " Make h larger." : "";
  const few = `in ${Math.min(same, 15)} of its 16 digits, so their difference has only ${16 - Math.min(same, 15)}.`;
  const how = same === Infinity ? "to the last bit: nothing is left to divide." : few;
  return `Rounding contributes most: on the two sides the ${what} agrees ${how}${advice}`;
}

/** A number with so many significant digits, zeros at the end included. */
export function fixed(number, digits) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "undefined" : number > 0 ? "∞" : "−∞";
  return number === 0 ? "0" : number.toPrecision(digits).replace("+", "").replaceAll("-", "−");
}

/** A text up to its digits that agree, and the rest. */
export function split(text, digits) {
  let seen = 0;
  for (let n = 0; n < text.length; n += 1) {
    const isDigit = /[0-9]/.test(text[n]);
    if (seen === digits && (seen || isDigit)) return [text.slice(0, n), text.slice(n)];
    if (isDigit && (seen || text[n] !== "0")) seen += 1;
  }
  return [text, ""];
}
