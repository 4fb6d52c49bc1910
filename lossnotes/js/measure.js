// A slope measured from values alone, by central differences, and what the step and rounding do to it.

/** The steps at which a slope is tried: 57 from 0.1 to 1e-15, four to a decade. */
export const STEPS = Array.from({ length: 57 }, (_, n) => 10 ** (-(n + 4) / 4));
/** Half a unit in the last place, as part of a number. */
const HALF_UNIT = 2 ** -53;
/** A doubt is what six half units of every operation do at worst; rounding does half of one, and seldom all at once. */
const TYPICAL = 1 / 12;
/** Of two neighbouring steps the squares differ by this part of the larger. */
const SHRINKS = 1 - 10 ** -0.5;
/** So many times what rounding and the step explain is more than they explain. */
const FAR = 8;

/** (f(x + h) − f(x − h)) / 2h, as anybody would write it. */
export function central(f, x, h) {
  return (f(x + h) - f(x - h)) / (2 * h);
}

/** How far apart two numbers are: as a part of the larger, or as such where both are 0 but for rounding. */
export function apart(a, b, nearZero) {
  if (a === b) return 0;
  const gap = Math.abs(a - b) / (nearZero ? 1 : Math.max(Math.abs(a), Math.abs(b)));
  return Number.isNaN(gap) ? Infinity : gap;
}

/** How many digits agree: whole ones only; infinitely many where the last bit does. */
export function agreeing(gap) {
  return gap === 0 ? Infinity : Math.max(0, Math.floor(-Math.log10(gap)));
}

/**
 * One slope at all steps: `f` gives the loss along one variable, which stands at `x`; `doubts` are what rounding does at
 * worst to the loss and to the derived slope. What comes of it: `slopes` by differences, what the width of the step (`widths`)
 * and `roundings` may do to each, the number of the `best` step, whether the slope is 0 but for those (`nearZero`), and
 * whether the derived one is further off at the best step than they explain (`refuted`).
 */
export function measure(f, x, derived, doubts) {
  const slopes = STEPS.map((h) => central(f, x, h));
  const roundings = STEPS.map((h) => (TYPICAL * doubts.loss + HALF_UNIT * Math.abs(x * derived || 0)) / h);
  const changes = slopes.slice(1).map((slope, n) => Math.abs(slopes[n] - slope));
  const widths = stepErrors(slopes, changes, roundings);
  const errors = widths.map((width, n) => width + roundings[n]);
  const best = errors.reduce((at, error, n) => (error < errors[at] || Number.isNaN(errors[at]) ? n : at), 0);
  // A change that is not clear of rounding is no width, and may be one.
  const allowed = FAR * (errors[best] + doubts.derived) + (changes[best] || 0) / SHRINKS;
  const nearZero = Math.max(Math.abs(derived), Math.abs(slopes[best])) <= allowed && allowed < Infinity;
  const refuted = !Number.isFinite(derived) || !(Math.abs(derived - slopes[best]) <= allowed);
  return { derived, slopes, widths, roundings, best, nearZero, refuted };
}

/** What the width of the step does, told from how the slope changes from step to step: it shrinks with the square. */
function stepErrors(slopes, changes, roundings) {
  const seen = changes.map((change, n) => (change > FAR * roundings[n + 1] ? change / SHRINKS : 0));
  const bends = seen.map((width, n) => width / STEPS[n] ** 2).filter((bend) => bend > 0 && bend < Infinity);
  const bend = bends.length ? Math.min(...bends) : 0;
  return slopes.map((slope, n) => (Number.isFinite(slope) ? Math.max(bend * STEPS[n] ** 2, seen[n] ?? 0) : NaN));
}
