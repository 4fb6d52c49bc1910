// Gradient descent under a button: its steps, its pace, and the dots that it leaves.

import { compile, namesIn } from "./formula.js";
import { inWords, shown } from "./shared.js";

/** What is taken from each variable for a step, per step size, after so many slopes: the slope itself. */
const plain = () => (felt) => felt;

/** Adam (Kingma & Ba 2015, algorithm 1): the mean slope over the root of the mean square, both without their bias. */
function adam() {
  const [decay, decaySquare, least] = [0.9, 0.999, 1e-8];
  let [t, mean, square] = [0, [], []];
  return (felt) => {
    t += 1;
    mean = felt.map((slope, n) => decay * (mean[n] ?? 0) + (1 - decay) * slope);
    square = felt.map((slope, n) => decaySquare * (square[n] ?? 0) + (1 - decaySquare) * slope * slope);
    return felt.map((_, n) => mean[n] / (1 - decay ** t) / (Math.sqrt(square[n] / (1 - decaySquare ** t)) + least));
  };
}

const METHODS = { "gradient descent": plain, adam };

/**
 * How to descend, with values that have these names. `step(values)` moves the values, or says why it does not:
 * "undefined" (there is no slope), "diverged" (the next place is not finite), "rest" (the next place is the same) or
 * "end" with the next place, which a slider does not reach. `over(values)` says whether the run has come to its goal,
 * and `forget()` what was remembered of earlier slopes.
 */
export function descent({ keys, ends, slopes, size, until, methods, menu }, names) {
  const slots = keys.map((key) => names.indexOf(key));
  const [gradient, rate] = [slopes.map((tree) => compile(tree, names)), compile(size, names)];
  const goal = until ? compile(until, names) : () => 0;
  let move;
  return {
    over: (values) => goal(values) === 1,
    forget: () => {
      move = undefined;
    },
    step: (values) => {
      const felt = gradient.map((slope) => slope(values));
      if (felt.some(Number.isNaN)) return { why: "undefined" };
      move ??= METHODS[methods[menu ? values[names.indexOf(menu)] : 0]]();
      const moves = move(felt);
      const next = slots.map((slot, n) => values[slot] - rate(values) * moves[n]);
      if (!next.every(Number.isFinite)) return { why: "diverged" };
      // Adam's mean slope may pass through 0 where the slope itself is not 0.
      const still = moves === felt || felt.every((slope) => slope === 0);
      if (still && next.every((value, n) => value === values[slots[n]])) return { why: "rest" };
      if (next.some((value, n) => value < ends[n][0] || value > ends[n][1])) return { why: "end", next };
      slots.forEach((slot, n) => {
        values[slot] = next[n];
      });
      return undefined;
    },
  };
}

/** Takes so many steps and calls `each` after each; returns why it took fewer, or that the goal is reached. */
export function descend({ step, over }, values, steps, each) {
  for (let taken = 0; ; taken += 1) {
    if (over(values)) return { why: "goal" };
    if (taken === steps) return undefined;
    const stopped = step(values);
    if (stopped) return stopped;
    each(values);
  }
}

/** Steps after so many seconds: slow for 3 s, to be followed, then faster; 41 in 3 s, 1,807 in 4.5 s, 22,025 in 5.5. */
export function pace(seconds) {
  return Math.floor(Math.expm1(1.25 * (seconds + Math.max(0, seconds - 3))));
}

/** The most dots of a trail, and how many of the first ones always stay; of the others every second is left out. */
const [DOTS, FIRST] = [360, 120];

/** The places after each step; those after the first steps are thinned evenly as they become many. */
export function trail() {
  let [dots, every] = [[], 1];
  return {
    /** Whether the place after this step is one that is kept. */
    wants: (step) => step <= FIRST || step % every === 0,
    add: (step, place) => {
      dots.push([step, place]);
      if (dots.length <= DOTS) return;
      every *= 2;
      dots = dots.filter(([at]) => at <= FIRST || at % every === 0);
    },
    places: () => dots.map(([, place]) => place),
  };
}

/** How many of the last steps are compared, and the part of its slider below which a step is rounding. */
const [COMPARED, ROUNDING] = [8, 1e-9];

/** Whether the steps between these places, the last of a run, go to and fro and do not shrink. */
export function swings(places, ends) {
  if (places.length <= COMPARED) return false;
  const moves = places
    .slice(1)
    .map((place, k) => place.map((at, n) => (at - places[k][n]) / (ends[n][1] - ends[n][0])));
  const isTurned = moves.slice(1).every((move, k) => move.reduce((sum, part, n) => sum + part * moves[k][n], 0) < 0);
  const sizes = moves.map((move) => Math.hypot(...move));
  const [early, late] = [sizes.slice(0, COMPARED / 2), sizes.slice(COMPARED / 2)].map((half) => Math.max(...half));
  return isTurned && late > ROUNDING && late >= early * (1 - ROUNDING);
}

const count = (steps) => `${inWords(steps, 3)} step${steps === 1 ? "" : "s"}`;
const standing = (keys, places) => keys.map((key, n) => `${key} = ${shown(places[n], 4)}`).join(", ");

/** What is said at the end of a run, and when it is paused. */
export function ending(run, found) {
  const swung = found.swings && found.why !== "goal" ? " It goes to and fro: a smaller step swings less." : "";
  return sentence(run, found) + swung;
}

function sentence({ goal, keys }, { steps, why, places, next }) {
  const here = standing(keys, places);
  switch (why) {
    case "goal":
      return steps ? `${goal || "Reached"} after ${count(steps)}, at ${here}.` : `There already, at ${here}.`;
    case "undefined":
      return `Stopped after ${count(steps)}: the loss has no slope at ${here}.`;
    case "diverged":
      return `Diverged at step ${inWords(steps + 1, 3)}: the next place is not finite.`;
    case "rest":
      return `At rest after ${count(steps)}, at ${here}: the next step moves nothing.`;
    case "end":
      return `Stopped after ${count(steps)}: the next goes to ${standing(keys, next)}, past the end of the slider.`;
    case "most":
      return `Ended after ${count(steps)}, at ${here}${goal ? `. Not reached: ${goal}` : ""}.`;
    default:
      return `${count(steps)} so far, at ${here}.`;
  }
}

// --- on a page -------------------------------------------------------------------------

/** How wide a dot of the trail is, and the one where a run stands that no point of the figure follows. */
const [DOT, HEAD] = [4.5, 9];

/** A path of dots, below the figure's points: strokes without length, with round ends. A veil over the count hides it. */
function dotsOn({ svg }, colour, width, counter) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("style", `fill:none;stroke:var(--ln-${colour});stroke-width:${width};stroke-linecap:round`);
  path.dataset.trail = width === HEAD ? "head" : "dots";
  path.dataset.count = counter;
  const above = svg.querySelector('[data-gid^="point-"], [data-handle]');
  if (above) above.before(path);
  else svg.append(path);
  return path;
}

function dotted(places, { to, box: [left, top, width, height] }) {
  return places
    .map(([x, y]) => [to.across(x), to.down(y)])
    .filter(([x, y]) => x >= left && x <= left + width && y >= top && y <= top + height)
    .map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h0`)
    .join("");
}

/** One run of a figure, whose steps have a read-out of this name: where it is, and its trail. What it has counted is kept in the store, so that others see it. */
function oneRun(declared, colour, counter, { store, panels, all, names, menus }) {
  const { keys, follows } = declared;
  const panel = panels[declared.panel];
  const way = descent(declared, names);
  const at = declared.at.map((tree) => compile(tree, names));
  const path = dotsOn(panel, colour, DOT, counter);
  const head = follows ? undefined : dotsOn(panel, colour, HEAD, counter);
  const counters = [declared.steps, ...declared.places];
  // A change of these by hand is another start; one of the step size is not, unless it is chosen from a menu.
  const used = [...declared.slopes, ...declared.at, declared.until ?? 0].flatMap(namesIn);
  const chosen = namesIn(declared.size).filter((name) => menus.includes(name));
  const watched = names.filter(
    (name) => !counters.includes(name) && [...keys, ...used, ...chosen, declared.menu].includes(name),
  );
  const look = () => watched.map((name) => store.get(name));
  const counted = () => store.get(declared.steps) ?? 0;
  const places = () => declared.places.map((place, n) => store.get(place) ?? store.get(keys[n]));
  const pairs = (list, values) => Object.fromEntries(list.map((name, n) => [name, values?.[n] ?? null]));
  /** What the store is to hold with the run at a place. */
  const moves = (place, steps) => ({
    ...pairs(declared.places, steps ? place : null),
    ...(follows ? pairs(keys, place) : {}),
    [declared.steps]: steps || null,
  });
  const slots = keys.map((key) => names.indexOf(key));
  const countSlot = names.indexOf(declared.steps);
  /** The values of all names, with this run where it stands. */
  const here = () => {
    const values = all();
    places().forEach((place, n) => {
      values[slots[n]] = place;
    });
    return values;
  };
  const dot = (values) => at.map((f) => f(values));
  let [start, steps, dots, stopped, seen, last] = [];
  const draw = (values) => {
    path.setAttribute("d", dotted(dots.places(), panel));
    head?.setAttribute("d", dotted([dot(values)], panel));
  };
  return {
    ended: () => stopped !== undefined,
    steps: () => steps,
    words: () => {
      const said = ending(declared, { steps, places: places(), swings: swings(last, declared.ends), ...stopped });
      return declared.name ? `${declared.name}: ${said}` : said;
    },
    /** Takes steps; returns what the store is to hold then. */
    advance: (most) => {
      const values = here();
      stopped = descend(way, values, Math.min(most, declared.most - steps), () => {
        steps += 1;
        values[countSlot] = steps; // a loss, a step size or a dot may hold the count
        if (dots.wants(steps)) dots.add(steps, dot(values));
        last.push(slots.map((slot) => values[slot]));
        if (last.length > COMPARED + 1) last.shift();
      });
      if (!stopped && steps === declared.most) stopped = { why: "most" };
      draw(values);
      const place = slots.map((slot) => values[slot]);
      return moves(place, steps);
    },
    /** Begins where the figure stands. */
    begin: () => {
      [start, steps, dots, stopped, seen] = [places(), counted(), trail(), undefined, look()];
      last = [start];
      way.forget();
      draw(here());
    },
    /** What the figure shows now is this run's own doing. */
    settle: () => {
      seen = look();
    },
    /** Whether something else has moved the figure. */
    moved: () => counted() !== steps || look().some((value, n) => value !== seen[n]),
    /** What the store is to hold at the start, and what it is to forget where the figure was moved by hand. */
    atStart: () => moves(start, 0),
    forgotten: () => (counted() === steps && steps > 0 ? pairs(counters) : {}),
  };
}

/** Brings the buttons of a figure's runs to life; `live` is its store, its panels, and its values by names. Returns what puts them back to their start. */
export function mountRuns(root, { runs: declared, whole, readouts: trees, said: titles }, live) {
  const { store } = live;
  const box = root.querySelector(".ln-run");
  const [run, step, back] = ["run", "step", "back"].map((name) => box.querySelector(`[data-run="${name}"]`));
  const said = box.querySelector(".ln-said");
  const readouts = root.querySelector(".ln-readouts")?.parentElement;
  // As long as a guess veils a count, what is said of the run is veiled too.
  const rows = [...root.querySelectorAll(".ln-readouts tr")];
  whole.forEach((n) => rows[n].classList.add("ln-counted"));
  const menus = [...root.querySelectorAll("select[data-key]")].map(({ dataset }) => dataset.key);
  const runs = declared.map((one, n) => {
    const number = declared.slice(0, n).filter(({ panel }) => panel === one.panel).length;
    const row = trees.findIndex((tree) => tree === one.steps);
    return oneRun(one, (one.follows ? 1 : number) % 4, titles[row]?.[0] ?? "", { ...live, menus });
  });
  let [frame, ours, clock] = [0, false, {}];
  const ended = () => runs.filter((one) => one.ended());
  const over = () => ended().length === runs.length;
  const set = (moves) => {
    ours = true;
    store.set(Object.assign({}, ...moves));
    ours = false;
    runs.forEach((one) => one.settle());
  };
  const advance = (steps) => set(runs.filter((one) => !one.ended()).map((one) => one.advance(steps)));
  const say = (sentences) => {
    const lines = sentences.map((textContent) => Object.assign(document.createElement("span"), { textContent }));
    said.replaceChildren(...lines);
  };
  /** Stands still, and says so; while a run is on the way nothing is said to a screen reader. */
  const stand = (sentences) => {
    cancelAnimationFrame(frame);
    frame = 0;
    readouts?.removeAttribute("aria-busy");
    run.textContent = over() ? "Run again" : "Run";
    run.disabled = !live.isRead();
    step.disabled = over() || run.disabled;
    back.disabled = !runs.some((one) => one.steps());
    say(sentences);
  };
  const report = () => stand(runs.map((one) => one.words()));
  const tick = (now) => {
    if (!root.isConnected) return;
    clock.seconds += Math.min(now - (clock.at ?? now), 100) / 1000;
    clock.at = now;
    const due = pace(clock.seconds) - clock.due;
    clock.due += due;
    const before = ended().length;
    if (due) advance(due);
    if (over()) {
      report();
      return;
    }
    if (ended().length > before) say(ended().map((one) => one.words()));
    frame = requestAnimationFrame(tick);
  };
  /** Another start, with what the store is to hold or to forget for it. */
  const begin = (moves) => {
    clock = { seconds: 0, due: 0 };
    if (moves.some((ones) => Object.keys(ones).length)) set(moves);
    runs.forEach((one) => one.begin());
    stand([]);
  };
  const goBack = () => begin(runs.map((one) => one.atStart()));
  run.addEventListener("click", () => {
    live.hurry();
    if (run.disabled) return;
    if (frame) {
      report();
      return;
    }
    if (over()) goBack();
    advance(matchMedia("(prefers-reduced-motion: reduce)").matches ? Infinity : 0);
    if (over()) {
      report();
      return;
    }
    stand(ended().map((one) => one.words()));
    run.textContent = "Pause";
    back.disabled = false;
    readouts?.setAttribute("aria-busy", "true");
    clock.at = undefined;
    frame = requestAnimationFrame(tick);
  });
  step.addEventListener("click", () => {
    live.hurry();
    if (run.disabled) return;
    advance(1);
    report();
  });
  back.addEventListener("click", goBack);
  store.onChange(() => {
    if (ours || !runs.some((one) => one.moved())) return;
    begin(runs.map((one) => one.forgotten()));
  });
  begin([]);
  return goBack;
}
