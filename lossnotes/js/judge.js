// Is an answer right, and where is it not? On a page and in JupyterLab alike.

import { NUMBERS, compile, namesIn, written } from "./formula.js";
import { FormulaError, cut, parse, tried } from "./parse.js";
import { shown } from "./shared.js";

/** Two values are the same where they differ by no more than this part of the larger, or of the largest answer. */
const [RELATIVE, ABSOLUTE] = [1e-9, 1e-12];
/** And by no more than so many times what rounding is seen to do to the formula there. */
const DOUBTS = 8;
/** How often rounding is tried: an even number, as each try has its mirror image. */
const TRIES = 16;
/** At so many points, at least, rounding must leave enough to see a difference. */
export const LEAST_SPEAKING = 8;
export const HIDDEN =
  "Rounding leaves too few digits of it to be compared: somewhere nearly equal numbers are subtracted. " +
  "Write it another way.";
const NOWHERE = "It has no finite value at any place that was tried. Look at how it was read.";
/** A counterexample should be seen at once: the first point with a gap of this part of the values there. */
const CLEAR = 0.05;

/**
 * What an exercise says to an answer: `status` is "right", "wrong" or "unreadable", `text` says why, `read` is the
 * formula as it was read, and `reply` the number of the reply that this wrong answer has, -1 without one.
 */
export function judge(question, answered) {
  const nothing = { answered: cut(answered), read: "", reply: -1, text: "" };
  const { value, unread } = tried((text) => JUDGES[question.kind](question, text), answered);
  return { ...nothing, ...(value ?? { status: "unreadable", text: unread }) };
}

function judgeChoice({ choices, answer, replies }, answered) {
  if (!choices.includes(answered)) throw new FormulaError("expected one of the choices; got none of them");
  return answered === answer ? { status: "right" } : { status: "wrong", reply: replies.indexOf(answered) };
}

/** Whether a number is the answer, rounded to as many digits as were typed. */
function isRounded(number, typed, answer) {
  const digits = typed.replace(/^[^1-9]*/, "").replace(/[^0-9]/g, "").length;
  return digits > 1 && digits < 16 && Number(answer.toPrecision(digits)) === number;
}

function judgeNumber({ answer, tolerance, replies }, answered) {
  const tree = parse(answered);
  const number = compile(tree, [])([]);
  const read = written(tree);
  const near = (value, goal, times = 1) => Math.abs(value - goal) <= times * tolerance * (Math.abs(goal) || 1);
  if (!Number.isFinite(number)) return { status: "wrong", text: "Yours has no finite value.", read };
  if (near(number, answer)) return { status: "right", read };
  const reply = replies.findIndex((wrong) => near(number, wrong) || isRounded(number, answered, wrong));
  let text = `${shown(number, 6)} is too ${number < answer ? "small" : "large"}.`;
  if (reply < 0 && isRounded(number, answered, answer)) text = "Close: give it to more digits.";
  else if (reply < 0 && near(number, answer, 10)) text = `Close, and ${text}`;
  else if (answer && near(-number, answer)) text = `${shown(number, 6)} has the wrong sign.`;
  return { status: "wrong", text, read, reply };
}

function judgeFormula({ spellings, points, answer, replies }, answered) {
  const names = spellings.map(([first]) => first);
  const tree = parse(answered, spellings);
  const read = written(tree);
  const at = (formula) => {
    const f = compile(formula, names);
    return points.map((point) => f([...point]));
  };
  const [ours, theirs] = [at(tree), at(answer)];
  const { apart, speaking, equals, clear } = compared(ours, theirs, roundingErrors(tree, names, points));
  if (!apart.length) {
    const why = ours.some(Number.isFinite) ? HIDDEN : NOWHERE;
    if (speaking < LEAST_SPEAKING) return { status: "unreadable", text: why, read };
    return { status: "right", text: `It agrees with the answer at ${speaking} points.`, read };
  }
  const reply = replies.map(at).findIndex(equals);
  const place = clear();
  const used = [...namesIn(tree), ...namesIn(answer)];
  const where = names
    .map((name, n) => `${name} = ${shown(points[place][n], 12)}`)
    .filter((_, n) => used.includes(names[n]));
  const text = `At ${where.join(", ")} yours ${gap(ours[place], theirs[place], "the answer")}.`;
  return { status: "wrong", text, read, reply };
}

/**
 * Values of a formula beside those that are right, with what rounding may do to the first: the places where they
 * are `apart`, and the one of them where it is `clear`; at how many of the others digits are left to compare; and whether the
 * formula `equals` another, by its values.
 */
export function compared(ours, theirs, doubts) {
  const scale = Math.max(...theirs.map(Math.abs)) || 1;
  const allowed = (a, b) => RELATIVE * Math.max(Math.abs(a), Math.abs(b)) + ABSOLUTE * scale;
  const same = (a, b, doubt) =>
    doubt === Infinity ||
    (Number.isFinite(a) && Number.isFinite(b)
      ? Math.abs(a - b) <= allowed(a, b) + DOUBTS * doubt
      : !Number.isFinite(a) && !Number.isFinite(b));
  const apart = ours.map((_, n) => n).filter((n) => !same(ours[n], theirs[n], doubts[n]));
  return {
    apart,
    speaking: doubts.filter((doubt, n) => Number.isFinite(ours[n]) && DOUBTS * doubt <= allowed(ours[n], theirs[n]))
      .length,
    equals: (others) => ours.every((value, n) => same(value, others[n], doubts[n])),
    clear: () => clearest(apart, ours, theirs, scale),
  };
}

/** Numbers of which every one that is rounded is moved by one or three units of rounding, up or down by chance. */
function shaken(direction) {
  let state = 1809;
  const moved = (x, isExact) => {
    // A number for each operation, needed or not: so both directions stay in step.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const units = (state >>> 31 ? direction : -direction) * (state & 0x40000000 ? 3 : 1);
    return isExact ? x : x * (1 + units * 2 ** -52);
  };
  const { operations, call } = NUMBERS;
  const rounding = ["+", "-", "*", "/", "^"].map((head) => {
    const rounded = (a, b) => {
      const result = operations[head](a, b);
      return moved(result, [a, b, result].every(Number.isSafeInteger));
    };
    return [head, rounded];
  });
  return {
    ...NUMBERS,
    number: (x) => moved(x, Number.isSafeInteger(x)),
    operations: { ...operations, ...Object.fromEntries(rounding) },
    call:
      (name) =>
      (...values) =>
        moved(call(name)(...values), name === "abs" || name === "sign"),
  };
}

/** What rounding does to a formula at each point: how far it moves when all that is rounded is moved a little. */
export function roundingErrors(tree, names, points) {
  const plain = compile(tree, names);
  const tries = [1, -1].map((direction) => compile(tree, names, shaken(direction)));
  return points.map((point) => {
    const value = plain([...point]);
    let most = 0;
    for (let n = 0; n < TRIES; n += 1) {
      const other = tries[n % 2]([...point]);
      // In ln(1 − σ(z)) at z = 38 nothing is left of 1 − σ(z), and a right formula is infinite there.
      if (Number.isFinite(value) || Number.isFinite(other)) most = Math.max(most, Math.abs(other - value) || 0);
      if (Number.isFinite(value) !== Number.isFinite(other)) return Infinity;
    }
    return most;
  });
}

/** The point to show: the first with a gap to be seen, else the one with the widest. */
function clearest(apart, ours, theirs, scale) {
  const finite = apart.filter((n) => Number.isFinite(ours[n]));
  if (!finite.length) return apart[0];
  const gaps = finite.map(
    (n) => Math.abs(ours[n] - theirs[n]) / Math.max(Math.abs(ours[n]), Math.abs(theirs[n]), scale),
  );
  const clear = gaps.findIndex((width) => width > CLEAR);
  return finite[clear < 0 ? gaps.indexOf(Math.max(...gaps)) : clear];
}

/** What a formula gives at a place, beside the value of what is right. */
export function gap(ours, theirs, right) {
  if (!Number.isFinite(ours)) return `has no finite value; ${right} is ${shown(theirs, 3)}`;
  const digits = [3, 6, 12].find((n) => shown(ours, n) !== shown(theirs, n)) ?? 17;
  return `gives ${shown(ours, digits)}, ${right} ${shown(theirs, digits)}`;
}

const JUDGES = { choice: judgeChoice, number: judgeNumber, formula: judgeFormula };
