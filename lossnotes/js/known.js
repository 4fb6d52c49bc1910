// What is known of the value at which a loss stays: every explanation whose formula gives it, to the digits typed.

import { compile } from "./formula.js";

/** Characters that are read of what is typed. */
const LONGEST = 80;
/** What may stand round a number that is copied from a log. */
const LOGGED = /^(?:(?:\w+[_ ])?loss|tensor|[\s:=()[\],;])*$/i;
const NUMBER = /[-−]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+−]?\d+)?/gi;
/** Float32 holds a loss to this part of itself. */
const FLOAT32 = 2 ** -22;
/** Of what is told as a fit, chance would give one number in 10, of a hint one in 2. */
const [FITS, HINT] = [0.1, 0.5];
/** What is rounded to the digits typed is spread by at most this part of it: for a fit, for a hint. */
const [NARROW, WIDE] = [0.01, 0.1];
/** How far round a value others are counted by which chance is judged, and where they are many: as parts of it. */
const [ROUND, LOCAL] = [0.25, 0.02];
/** A run wavers about a value by this part of it. */
const WAVERS = 0.005;
/** Below it a loss is as good as 0, if few digits say no more. */
const TINY = 1e-5;

/**
 * What was typed: {kind: "empty", "unread", "nan", "infinite"} or {kind: "number", value, low, high, ends}: what is rounded
 * or cut off to these digits lies between its ends, in float32 from low to high.
 */
export function readLogged(text) {
  const typed = text.slice(0, LONGEST + 1).trim();
  if (!typed) return { kind: "empty" };
  if (typed.length > LONGEST) return { kind: "unread" };
  const grouped = typed.replace(/(\d),(?=\d{3}(?:,\d{3})*\.)/g, "$1");
  const bare = grouped.replace(/nan|[-+−]?(?:inf(?:inity)?|∞)/i, "");
  if (bare !== grouped && LOGGED.test(bare)) return { kind: /nan/i.test(grouped) ? "nan" : "infinite" };
  const found = grouped.match(NUMBER) ?? [];
  if (found.length !== 1 || !LOGGED.test(grouped.replace(NUMBER, ""))) return { kind: "unread" };
  const [mantissa, exponent = "0"] = found[0].replaceAll("−", "-").replace(",", ".").toLowerCase().split("e");
  const value = Number(`${mantissa}e${exponent}`);
  if (!Number.isFinite(value)) return { kind: "unread" };
  const unit = 10 ** (Number(exponent) - (mantissa.split(".")[1] ?? "").length);
  const [size, slack] = [Math.abs(value), Math.abs(value) * FLOAT32];
  const ends = [size - unit / 2, size + unit].map((end) => Number(end.toPrecision(15)));
  const [low, high] = [ends[0] - slack, ends[1] + slack];
  const below = value < 0;
  const turned = ends.map((end) => -end).toReversed();
  return { kind: "number", value, low: below ? -high : low, high: below ? -low : high, ends: below ? turned : ends };
}

/** A whole number of classes from 2 on, undefined where none is typed, NaN where it is no such number. */
export function readClasses(text) {
  const typed = text.slice(0, LONGEST).replace(/[\s,_]/g, "");
  if (!typed) return undefined;
  const count = /^\d+$/.test(typed) ? Number(typed) : NaN;
  return count >= 2 && count <= 1e9 ? count : NaN;
}

/** A share between 0 and 1, also in per cent; undefined or NaN as above. */
export function readShare(text) {
  const typed = text.slice(0, LONGEST).replace(/\s/g, "").replace(",", ".");
  if (!typed) return undefined;
  const [, digits, percent] = typed.match(/^(\d*\.?\d+)(%?)$/) ?? [];
  const share = Number(digits) / (percent ? 100 : 1);
  return share > 0 && share < 1 ? share : NaN;
}

/** The values that an explanation has: [{value, K, given}], one for each choice, with K searched for where it may be. */
function members({ tree, names, choices, searches }, { K, share }, searched) {
  const value = compile(tree, ["K", "s", "epsilon"]);
  const needs = (name) => names.includes(name);
  if (needs("s") && share === undefined) return [];
  if (needs("K") && K === undefined && !searches) return [];
  const counts = needs("K") && K === undefined ? searched : [K];
  const smoothed = needs("epsilon") ? choices.epsilon : [undefined];
  return counts.flatMap((k) =>
    smoothed.map((e) => ({
      value: value([k, share, e]),
      K: needs("K") ? k : undefined,
      epsilon: e,
      assumed: needs("K") && K === undefined,
    })),
  );
}

/** The whole numbers K from which and up to which a formula that moves one way in K fits. */
function range({ tree }, k, fits) {
  const value = compile(tree, ["K", "s", "epsilon"]);
  const last = (sign) => {
    let [inside, step] = [k, sign];
    const holds = (n) => n >= 2 && n < 1e9 && fits(value([n]));
    while (holds(inside + step)) {
      inside += step;
      step *= 2;
    }
    while (Math.abs(step) > 1) {
      step /= 2;
      if (holds(inside + step)) inside += step;
    }
    return inside;
  };
  return [last(-1), last(1)];
}

/** How many values of an explanation would be met by chance. */
function chanceOf(places, width, size) {
  const within = (part) => places.filter((far) => far <= part * size + width).length;
  const density = (part) => (within(part) * width) / (2 * part * size);
  return within(LOCAL) < 3 ? density(ROUND) : Math.max(density(ROUND), density(LOCAL));
}

/** Whether two explanations are one value with one remedy: ln 2 and ln K for two classes. */
function isSame({ known, value }, { known: other, value: again }) {
  const isOne = known.do === other.do || known.lesson.title === other.lesson.title;
  return isOne && Math.abs(value - again) < 1e-12 * Math.abs(value);
}

/**
 * All that is known of a value: {kind, typed, fits: [{known, value, K, from, to, few}], near, left}. ``few`` says that
 * the digits typed are few for it, ``left`` counts what any number with so few digits would fit.
 */
export function lookUp({ known, searched }, { text, K, share, loss }) {
  const typed = readLogged(text);
  const answer = { kind: typed.kind, typed, fits: [], near: [], left: 0 };
  if (typed.kind !== "number") return answer;
  const { value, low, high } = typed;
  if (value === 0) return { ...answer, kind: "zero" };
  const fits = (x) => x >= low && x <= high;
  const size = Math.abs(value);
  const place = (x) => Math.abs(x - value);
  for (const one of known) {
    if (loss ? !one.losses.includes(loss) : one.asked_for) continue;
    const all = members(one, { K, share }, searched).toSorted((a, b) => place(a.value) - place(b.value));
    const [best] = all;
    if (!best) continue;
    if (!all.some((m) => fits(m.value))) {
      const mayWaver = one.wavers && !best.assumed && place(best.value) <= WAVERS * size;
      if (mayWaver) answer.near.push({ known: one, ...best });
      continue;
    }
    const chance = chanceOf(
      all.map((m) => place(m.value)),
      high - low,
      size,
    );
    const spread = (high - low) / size;
    if (chance >= HINT || spread >= WIDE) answer.left += 1;
    else {
      const [from, to] = best.assumed ? range(one, best.K, fits) : [best.K, best.K];
      answer.fits.push({ known: one, ...best, from, to, few: chance >= FITS || spread >= NARROW });
    }
  }
  const best = answer.fits.toSorted(
    (a, b) => a.few - b.few || a.known.rank - b.known.rank || a.assumed - b.assumed || place(a.value) - place(b.value),
  );
  const isSaid = (one, n) => best.slice(0, n).some((before) => isSame(before, one));
  answer.fits = best.filter((one, n) => !isSaid(one, n));
  if (answer.fits.length === 0 && size < TINY) answer.kind = "tiny";
  else if (answer.fits.length === 0 && value < 0) answer.kind = "negative";
  return answer;
}
