// The figures that are shown and what the reader guessed, by their ids: what stands outside of a figure moves and
// watches it through this alone.

/** Each widget has a module of its own, so what they share is kept where all of them find it. */
const shared = (globalThis[Symbol.for("lossnotes")] ??= {
  figures: new Map(),
  waiting: new Map(),
  guesses: new Map(),
  watching: new Map(),
});

/**
 * Id → what a figure lets others do:
 *
 * - `root`, the element that holds it, and `keys`, those of its controls;
 * - `starts`, key → where the control stands at first;
 * - `get(key)`, and `set(moves)` with key → value, of which each is one that `settle` has given;
 * - `settle(key, asked)`, the value nearest to a number or to the text of a link, undefined where there is none;
 * - `onChange(listener)`, which is called after the figure has followed; it returns what ends that;
 * - `readout(name)`, its `value` and its `text` as the figure shows it, undefined where there is none;
 * - `own()`, the names of the parts and read-outs that show a formula of the reader's own;
 * - `reset()`, and of a figure with a run `restart()`, which puts it back to where it began.
 */
export const figures = shared.figures;

/** Adds a figure, in place of an earlier one with its id; returns what takes it away again. */
export function register(id, figure) {
  figures.set(id, figure);
  for (const use of shared.waiting.get(id) ?? []) use(figure);
  return () => {
    if (figures.get(id) === figure) figures.delete(id);
  };
}

/** Calls `use` with the figure that has this id, now or as soon as there is one, and with each that takes its place. */
export function withFigure(id, use) {
  const waiting = shared.waiting.get(id) ?? new Set();
  shared.waiting.set(id, waiting.add(use));
  if (figures.has(id)) use(figures.get(id));
  return () => waiting.delete(use);
}

/** Says what a guess has come to: a number, NaN where the reader only looked, undefined while it is open. */
export function tell(id, said) {
  shared.guesses.set(id, said);
  for (const use of shared.watching.get(id) ?? []) use(said);
}

/** Calls `use` with what a guess has come to, at once if there is one and whenever that changes. */
export function whenTold(id, use) {
  const watching = shared.watching.get(id) ?? new Set();
  shared.watching.set(id, watching.add(use));
  if (shared.guesses.has(id)) use(shared.guesses.get(id));
  return () => watching.delete(use);
}
