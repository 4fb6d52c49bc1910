// Is a typed line of a derivation the next one? It is judged against the line above it and the line that is asked.

import { compile, namesIn } from "./formula.js";
import { PARTS, formKey, formOf, partThatIs, sizeOf, termWithout, usuallyGone } from "./form.js";
import { HIDDEN, LEAST_SPEAKING, compared, gap, roundingErrors } from "./judge.js";
import { parse, tried } from "./parse.js";
import { shown } from "./shared.js";

/** How many classes are tried, and at how many points for each number of them and each index. */
const [SIZES, POINTS, SEED] = [[2, 3, 5], 32, 1809];
/** What rounding does is looked for at so many points at a time: it takes as long as the rest together. */
const AT_ONCE = 32;
/** By so much a line may be longer than the one that is asked. */
const LONGER = 3;

/**
 * What is said to a line: `status` is "there", "early" (it follows, and something must still be gone), "same" (as
 * above), "apart" (it does not follow) or "unreadable"; `text` says why, `reply` is the number of the reply that a
 * known slip has, -1 without one, `tree` the line as it was read, `part` what must be gone, and `isGoal` whether the
 * line has the form of the one that is asked.
 */
export function judgeLine(line, typed) {
  const nothing = { tree: null, reply: -1, text: "", part: null, isGoal: false };
  const { value, unread } = tried((text) => {
    const tree = parse(text, line.spellings, line.classes);
    return { tree, ...judged(line, tree) };
  }, typed);
  return { ...nothing, ...(value ?? { status: "unreadable", text: heldBySum(line, typed) || unread }) };
}

/** What is said to a line that still has the name over which the line above adds up, as "y" in "q - y". */
function heldBySum({ above, classes }, typed) {
  const words = typed.match(/[\p{L}_]+/gu) ?? [];
  const name = summedOver(above).find((index) => !classes.indices.includes(index) && words.includes(index));
  return name && `The sum runs over ${name}: put in each value that ${name} has, and add up. No ${name} is left.`;
}

/** The names over which the sums and products of a tree run. */
const summedOver = (tree) =>
  Array.isArray(tree) ? [...(["sum", "product"].includes(tree[0]) ? [tree[1]] : []), ...tree.flatMap(summedOver)] : [];

function judged(line, tree) {
  const key = formKey(formOf(tree));
  const isGoal = key === formKey(formOf(line.goal));
  if (!isGoal && key === formKey(formOf(line.above))) return sameAsAbove(line);
  const trials = new Trials(line);
  const place = trials.placeApart(tree, line.goal);
  if (place >= 0) {
    const isSame = (other) => trials.placeApart(tree, other) < 0;
    if (line.relation === "derivative" && isSame(line.above)) return sameAsAbove(line);
    return { status: "apart", reply: line.replies.findIndex(isSame), text: trials.witness(place, tree) };
  }
  if (trials.speaking(tree) < LEAST_SPEAKING) return { status: "unreadable", text: HIDDEN };
  if (isGoal || line.forms.some((form) => formKey(formOf(form)) === key)) return { status: "there", isGoal };
  return unfinished(line, formOf(tree)) ?? { status: "there", isGoal };
}

function sameAsAbove({ relation }) {
  const what = relation === "derivative" ? "That is the function itself; its derivative is asked." : "";
  return { status: "same", text: what || "That is the line above. Take the next step." };
}

/** What must still be gone from a line that follows; nothing where it is there. */
function unfinished({ above, goal, gone, relation, variables }, form) {
  const wanted = formOf(goal);
  const idle = (line) => relation === "constant" && termWithout(variables, line);
  if (idle(form) && !idle(wanted)) {
    return { status: "early", text: `Still in it: a term without ${variables.join(" or ")}`, part: idle(form).tree };
  }
  for (const name of gone ?? usuallyGone(formOf(above), wanted)) {
    const node = partThatIs(name, form);
    if (node) return { status: "early", text: `Still in it: ${PARTS[name][0]}`, part: node.tree };
  }
  if (sizeOf(form) <= sizeOf(wanted) + LONGER) return null;
  return { status: "early", text: "It can be written shorter: collect what is alike, and cancel what cancels." };
}

/** Where lines are tried: the same places each time. */
class Trials {
  constructor(line) {
    const { scalars, members, classes, relation, variables, goal } = line;
    this.line = line;
    this.names = [
      ...(classes.size ? [classes.size] : []),
      ...classes.indices,
      ...scalars.map(([name]) => name),
      ...members.map(([name]) => name),
    ];
    this.isPaired = relation === "constant";
    this.rows = placesOf(classes, this.draws(scalars, members));
    // The partner of a place differs from it in nothing but the variables that the constant must not hold.
    this.partners = this.isPaired
      ? placesOf(classes, this.draws(scalars, members)).map((row, n) =>
          row.map((value, slot) => (variables.includes(this.names[slot]) ? value : this.rows[n][slot])),
        )
      : [];
    const isFound = this.values(goal).map(Number.isFinite);
    this.rows = this.rows.filter((_, n) => isFound[n]);
    this.partners = this.partners.filter((_, n) => isFound[n]);
    this.all = this.rows.map((_, n) => n);
  }
  draws(scalars, members) {
    this.random ??= randomly(SEED);
    return (size) => [
      ...scalars.map(([, ...range]) => numberIn(this.random, ...range)),
      ...members.map(([, ...range]) => Array.from({ length: size }, () => numberIn(this.random, ...range))),
    ];
  }
  /** A formula with what its short names stand for, of those that it needs. */
  meant(tree) {
    const used = this.basics(tree);
    const needed = this.line.where.filter(([name]) => used.has(name));
    return needed.reduceRight((inside, [name, meaning]) => ["let", name, meaning, inside], tree);
  }
  values(tree) {
    const f = compile(this.meant(tree), this.names);
    const at = (rows) => rows.map((row) => f([...row]));
    const values = at(this.rows);
    if (!this.isPaired) return values;
    const moved = at(this.partners);
    return values.map((value, n) => moved[n] - value);
  }
  /** What rounding does to a formula at some of the places; elsewhere it may do anything. */
  roundingErrors(tree, places) {
    const errors = this.all.map(() => Infinity);
    for (const rows of [this.rows, ...(this.isPaired ? [this.partners] : [])]) {
      const found = roundingErrors(
        this.meant(tree),
        this.names,
        places.map((n) => rows[n]),
      );
      places.forEach((n, slot) => {
        errors[n] = found[slot] + (rows === this.rows ? 0 : errors[n]);
      });
    }
    return errors;
  }
  /** Where a formula and another have different values, clearest to be seen; -1 where they have nowhere. */
  placeApart(tree, other) {
    const [ours, theirs] = [this.values(tree), this.values(other)];
    const { apart } = compared(
      ours,
      theirs,
      this.all.map(() => 0),
    );
    for (let from = 0; from < apart.length; from += AT_ONCE) {
      const doubts = this.roundingErrors(tree, apart.slice(from, from + AT_ONCE));
      const found = compared(ours, theirs, doubts);
      if (found.apart.length) return found.clear();
    }
    return -1;
  }
  /** At how many places rounding leaves something of a formula to compare, of some that are looked at. */
  speaking(tree) {
    const step = Math.max(1, Math.floor(this.rows.length / AT_ONCE));
    const doubts = this.roundingErrors(
      tree,
      this.all.filter((n) => n % step === 0),
    );
    return compared(this.values(tree), this.values(this.line.goal), doubts).speaking;
  }
  witness(place, tree) {
    const values = [tree, this.line.goal].map((formula) => this.values(formula)[place]);
    const used = this.basics(["+", tree, this.line.goal]);
    const { indices, size } = this.line.classes;
    const said = (name, value, row) => {
      if (!Array.isArray(value)) return `${name} = ${short(value)}`;
      if (used.has(size)) return `${name} = (${value.map(short).join(", ")})`;
      // Without a sum, how many members were tried says nothing: there may be K classes and two of these.
      return indices.map((k) => `${name}_${k} = ${short(value[row[this.names.indexOf(k)] - 1])}`).join(", ");
    };
    const where = (row) =>
      this.names.flatMap((name, n) => (used.has(name) ? [said(name, row[n], row)] : [])).join(", ");
    if (this.isPaired) {
      const changed = gap(...values, "the line above").replace("gives", "changes by");
      return `From ${where(this.rows[place])} to ${where(this.partners[place])} yours ${changed}.`;
    }
    const right = this.line.relation === "derivative" ? "the derivative" : "the line above";
    const at = where(this.rows[place]);
    return `${at ? `At ${at} yours` : "Yours"} ${gap(...values, right)}.`;
  }
  /** The names in a formula, and in what its short names stand for. */
  basics(tree) {
    const meanings = new Map(this.line.where);
    const found = new Set();
    const add = (name) => {
      if (found.has(name)) return;
      found.add(name);
      if (meanings.has(name)) namesIn(meanings.get(name)).forEach(add);
    };
    namesIn(tree).forEach(add);
    return found;
  }
}

const short = (value) => shown(value, 6);

/** Numbers from 0 to 1, the same for the same seed. */
function randomly(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A number inside an interval, short enough to be read: a hundredth of the way is fine enough. */
function numberIn(random, low, high, isWhole) {
  const digits = isWhole ? 0 : -Math.floor(Math.log10((high - low) / 100));
  const [first, last] = isWhole
    ? [low, high]
    : [Math.floor(low * 10 ** digits) + 1, Math.ceil(high * 10 ** digits) - 1];
  return Number(`${first + Math.floor(random() * (last - first + 1))}e${-digits}`);
}

/** The values of all names at each place: sizes and indices, then what is drawn for a size. */
function placesOf({ size, indices }, draw) {
  const here = (head, count) => Array.from({ length: POINTS }, () => [...head, ...draw(count)]);
  if (!size) return here([], 0);
  return SIZES.flatMap((count) => {
    const each = (heads) => heads.flatMap((head) => Array.from({ length: count }, (_, k) => [...head, k + 1]));
    return indices.reduce(each, [[count]]).flatMap((head) => here(head, count));
  });
}
