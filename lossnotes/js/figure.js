// Moves what Matplotlib has plotted: it sets path data and marker places, and makes no picture of its own.

import { compile } from "./formula.js";
import { greyIdle } from "./idle.js";
import { isSame, mountList } from "./list.js";
import { dot, isShort, numberDots } from "./marks.js";
import { movePoints } from "./points.js";
import { register, whenTold } from "./registry.js";
import { mountRuns } from "./run.js";
import { inWords, nearest, shown } from "./shared.js";
import { bothSides, mountTyped } from "./typed.js";

/** The controls' positions where there is no kernel: the page itself keeps them. */
function pageStore({ grid, frames }) {
  const values = new Map();
  const listeners = new Set();
  return {
    get: (key) => values.get(key),
    set: (moves) => {
      for (const [key, value] of Object.entries(moves)) values.set(key, value);
      for (const listen of listeners) listen();
    },
    onChange: (listen) => {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    frame: (inputs) => frames?.[inputs.reduce((at, input, n) => at * grid[n] + position(input), 0)],
  };
}

/** The same where there is one: Python sees each position as a trait of the widget. */
function controlStore(model) {
  return {
    get: (key) => model.get(key),
    set: (moves) => {
      model.set(moves);
      model.save_changes();
    },
    onChange: (listen) => {
      model.on("change", listen);
      return () => model.off("change", listen);
    },
    frame: () => model.get("frame"),
  };
}

/** The number of a control's position: 0, 1, 2, ... */
function position(input) {
  return Math.round((Number(input.value) - Number(input.min || 0)) / Number(input.step || 1));
}

/** Data to the SVG's units, and back. */
function scales({ box: [left, top, width, height], x, y, log }) {
  const along = ([low, high], logarithmic) => {
    const f = logarithmic ? Math.log10 : (v) => v;
    return {
      to: (v) => (f(v) - f(low)) / (f(high) - f(low)),
      from: (t) => (logarithmic ? low * (high / low) ** t : low + t * (high - low)),
    };
  };
  const [across, up] = [along(x, log[0]), along(y, log[1])];
  return {
    across: (v) => left + across.to(v) * width,
    down: (v) => top + (1 - up.to(v)) * height,
    data: (px, py) => [across.from((px - left) / width), up.from(1 - (py - top) / height)],
  };
}

/** A place as path data. Far outside the frame is enough: browsers cannot draw 1e30. */
function place(x, y) {
  const far = (value) => Math.min(1e5, Math.max(-1e5, value)).toFixed(2);
  return `${far(x)} ${far(y)}`;
}

function places({ span: [low, high], log }, samples) {
  const last = samples - 1;
  const at = (i) => (log[0] ? low * (high / low) ** (i / last) : low + i * ((high - low) / last));
  return Array.from({ length: samples }, (_, i) => at(i));
}

/**
 * Halvings of the way between two places, and the part of a climb that is left after them where a curve jumps. With
 * twice as many the place of a lowest point, which jumps where two are equally low, would glide there by rounding.
 */
const [HALVINGS, KEPT] = [30, 0.125];
/** The part of the frame's height that a curve may climb between two places before it is asked whether it jumps. */
const STEEP = 0.05;

/**
 * Where a function jumps between two places: both sides of the jump, [x, y], with a gap between them. Of a pole, whose
 * sides have no end, the gap alone; nothing where the values come near each other as the places do.
 */
export function jump(f, left, right) {
  let [a, b, fa, fb] = [left, right, f(left), f(right)];
  const first = Math.abs(fb - fa);
  for (let n = 0; n < HALVINGS; n += 1) {
    const [m, fm] = [(a + b) / 2, f((a + b) / 2)];
    if (!Number.isFinite(fm)) return [[b, NaN]];
    if (Math.abs(fm - fa) >= Math.abs(fb - fm)) [b, fb] = [m, fm];
    else [a, fa] = [m, fm];
    if (Math.abs(fb - fa) <= KEPT * first) return [];
  }
  // A side that is one of the two places is drawn already.
  const isPole = Math.abs(fb - fa) > 2 * first;
  return [
    [a, fa],
    [b, NaN],
    [b, fb],
  ].filter(([x, y]) => Number.isNaN(y) || !(isPole || x === left || x === right));
}

/** A curve's places, [x, y], with a gap where it jumps: no line may join what is apart. */
function withGaps(xs, f, steep) {
  let before = NaN;
  return xs.flatMap((x, i) => {
    const y = f(x);
    const climb = Math.abs(y - before);
    before = y;
    return climb > steep && climb < Infinity ? [...jump(f, xs[i - 1], x), [x, y]] : [[x, y]];
  });
}

/** A curve's path. It has a gap where the curve is not finite and where it jumps. */
function path(xs, f, to, steep) {
  let pen = "M";
  return withGaps(xs, f, steep)
    .map(([x, y]) => {
      const down = to.down(y);
      const d = Number.isFinite(down) ? pen + place(to.across(x), down) : "";
      pen = d ? "L" : "M";
      return d;
    })
    .join("");
}

/** A closed area between two curves, over the places where both are finite. It is upright where one of them jumps. */
function area(samples, edges, { across, down }, steep) {
  const xs = edges.reduce((found, f) => withGaps(found, f, steep).map(([x]) => x), samples);
  const [lower, upper] = edges.map((f) => xs.map(f));
  const kept = xs.map((_, i) => i).filter((i) => Number.isFinite(down(lower[i])) && Number.isFinite(down(upper[i])));
  const corners = [...kept.map((i) => [xs[i], upper[i]]), ...kept.reverse().map((i) => [xs[i], lower[i]])];
  return corners.length ? `M${corners.map(([x, y]) => place(across(x), down(y))).join("L")}Z` : "";
}

/** How long the barbs of an arrow are, and by how much they are turned from the way back. */
const [HEAD, TURN] = [6, (Math.PI * 25) / 180];

/** An arrow whose head has one shape, whatever the axes; half of a short arrow. */
function arrow(x, y, tipX, tipY) {
  const [backX, backY] = [x - tipX, y - tipY];
  const part = HEAD / Math.max(Math.hypot(backX, backY), 2 * HEAD);
  const barb = (angle) =>
    place(
      tipX + part * (Math.cos(angle) * backX - Math.sin(angle) * backY),
      tipY + part * (Math.sin(angle) * backX + Math.cos(angle) * backY),
    );
  const [one, other] = [barb(TURN), barb(-TURN)];
  return `M${place(x, y)}L${place(tipX, tipY)}M${one}L${place(tipX, tipY)}L${other}`;
}

function arrowPath({ places: rows, parts }, values, { across, down }) {
  return rows
    .map((row) => {
      const [x, y, dx, dy] = parts.map((f) => f([...row, ...values]));
      const ends = [across(x), down(y), across(x + dx), down(y + dy)];
      if (!ends.every(Number.isFinite)) return "";
      return isShort(...ends) ? dot(ends[0], ends[1]) : arrow(...ends);
    })
    .join("");
}

/** What stands beside the arrows that are dots. */
function dotNumbers({ places: rows, parts, number }, values, { across, down }) {
  if (!number) return [];
  return rows.flatMap((row) => {
    const [x, y, dx, dy] = parts.map((f) => f([...row, ...values]));
    const ends = [across(x), down(y), across(x + dx), down(y + dy)];
    return isShort(...ends) ? [[ends[0], ends[1], number([...row, ...values])]] : [];
  });
}

function moveCurves(panel, values) {
  const { svg, to, xs, curves, bands, arrows } = panel;
  const [low, high] = panel.y;
  const setPath = (name, d) => svg.querySelector(`[data-gid="${name}"] path`).setAttribute("d", d);
  const point = [0, ...values];
  const overX = (f) => (x) => {
    point[0] = x;
    return f(point);
  };
  const steep = STEEP * Math.abs(high - low);
  curves.forEach((f, n) => setPath(`curve-${n}`, path(xs, overX(f), to, steep)));
  bands.forEach((edges, n) => setPath(`band-${n}`, area(xs, edges.map(overX), to, steep)));
  arrows.forEach((kind, n) => {
    setPath(`arrows-${n}`, arrowPath(kind, values, to));
    const shaft = svg.querySelector(`[data-gid="arrows-${n}"] path`);
    if (kind.number) numberDots(panel, `dots-${n}`, dotNumbers(kind, values, to), shaft);
  });
}

/** Steps to the SVG's unit, and the number that stands for a gap. */
const [FINE, GAP] = [20, -32768];

/** A frame's curves: 16-bit places. */
function showFrame(svg, [curves]) {
  curves.forEach((packed, n) => {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    const whole = new Int16Array(bytes.buffer);
    let [d, pen] = ["", "M"];
    for (let i = 0; i < whole.length; i += 2) {
      if (whole[i] === GAP) {
        pen = "M";
        continue;
      }
      d += pen + place(whole[i] / FINE, whole[i + 1] / FINE);
      pen = "L";
    }
    svg.querySelector(`[data-gid="curve-${n}"] path`).setAttribute("d", d);
  });
}

/** The number that a link asks for; NaN where it asks for none, as Number("") is 0. */
export function linked(text) {
  return text?.trim() ? Number(text) : NaN;
}

/** The value that a control can take nearest to what is asked of it; undefined where that is none. */
function settled(input, asked) {
  const value = typeof asked === "string" ? linked(asked) : asked;
  if (!Number.isFinite(value)) return undefined;
  if (input.options) return Math.min(input.options.length - 1, Math.max(0, Math.round(value)));
  return nearest(
    ["min", "max", "step"].map((name) => Number(input[name])),
    value,
  );
}

/** The formulas of a figure, and what of a panel does not move. */
function prepared({ samples, panels, readouts }, known, svgs) {
  const functions = (trees, ...before) => trees.map((tree) => compile(tree, [...before, ...known]));
  return {
    readouts: functions(readouts),
    panels: panels.map((panel, n) => ({
      ...panel,
      svg: svgs[n],
      to: scales(panel),
      xs: places(panel, samples),
      curves: functions(panel.curves, panel.axis),
      bands: panel.bands.map((edges) => functions(edges, panel.axis)),
      points: panel.points.map(({ at, index, list, drag }) => ({
        at: index === null ? functions(at) : functions(at, index),
        slot: index === null ? undefined : known.indexOf(list),
        lists: index === null ? [] : drag.map(([key]) => key),
        drag: drag.map(([key, tree]) => [key, compile(tree, [...POINTER, ...known])]),
      })),
      arrows: panel.arrows.map(({ names, parts, number, ...rest }) => ({
        ...rest,
        parts: functions(parts, ...names),
        number: number && functions([number], ...names)[0],
      })),
    })),
  };
}

/** Whether one of these names stands in a declaration. */
const mentions = (what, names) =>
  typeof what === "string"
    ? names.includes(what)
    : what instanceof Object && Object.values(what).some((part) => mentions(part, names));

const KINDS = { curve: "curves", band: "bands", point: "points", arrows: "arrows" };

/** The names of the parts and read-outs that hang on typed formulas, by themselves or through a run. */
function hangingOn(keys, { runs, panels, parts, readouts, said }) {
  const ofRuns = runs.filter(({ slopes }) => mentions(slopes, keys)).flatMap((run) => [run.steps, run.places].flat());
  const hangs = (what) => mentions(what, [...keys, ...ofRuns]);
  const isDrawn = (panel, [kind, n]) => hangs(panel[KINDS[kind]]?.[n]);
  const drawn = parts.flatMap((named, n) => named.filter(([gid]) => isDrawn(panels[n], gid.split("-"))));
  return [...drawn.map(([, name]) => name), ...said.filter((_, n) => hangs(readouts[n])).map(([name]) => name)];
}

/** Where a point is held. */
const POINTER = ["pointer_x", "pointer_y"];

/** Significant digits of a slider, whose steps may need them. */
const OF_SLIDER = 6;

/** Brings a figure to life: its controls move its curves, points and read-outs. */
function bringToLife(root, figure, store) {
  const inputs = [...root.querySelectorAll("[data-key]")];
  const input = (key) => inputs.find(({ dataset }) => dataset.key === key);
  const typed = new Map(figure.typed.map((declared) => [declared.key, mountTyped(root, declared, store)]));
  const lists = figure.lists.map((declared) => mountList(root, declared, store));
  const ofLists = Object.assign({}, ...lists.map((list) => list.starts));
  const isOther = (key) => typed.has(key) || Object.hasOwn(ofLists, key);
  const listOf = (key) => lists.find((list) => Object.hasOwn(list.starts, key));
  const starts = inputs.map((i) => {
    if (Object.hasOwn(ofLists, i.dataset.key)) return ofLists[i.dataset.key];
    const start = i.querySelector("[selected]")?.value ?? i.getAttribute("value");
    return typed.has(i.dataset.key) ? start : Number(start ?? 0);
  });
  const svgs = [...root.querySelectorAll(".ln-panel > svg")];
  const names = [...figure.keys, ...figure.counters.map(([name]) => name), ...figure.lists.map(({ size }) => size)];
  const { panels, readouts } = prepared(figure, names, svgs);
  const cells = [...root.querySelectorAll(".ln-readouts td:first-of-type")];
  // A guess that was not made is no number; what a run counts is at its start before the first step.
  const all = () => [
    ...figure.keys.map((key) => typed.get(key)?.current() ?? store.get(key) ?? NaN),
    ...figure.counters.map(([name, start]) => store.get(name) ?? (start ? store.get(start) : 0)),
    ...lists.map((list) => list.current().length),
  ];
  const arrange = (values) => {
    inputs.forEach((control) => {
      const { key } = control.dataset;
      if (isOther(key)) return;
      const value = values[figure.keys.indexOf(key)];
      if (Number(control.value) !== value) control.value = value;
      const text = control.closest(".ln-slider")?.querySelector(".ln-value");
      if (text) text.textContent = shown(value, OF_SLIDER);
    });
    panels.forEach((panel) => movePoints(panel, values));
    lists.forEach((list) => list.show());
  };
  const menus = [...root.querySelectorAll("select[data-key]")];
  // A step size moves a run that stands still, and a slider where a run begins moves its dot.
  const strides = figure.runs.map(({ size }) => compile(size, names));
  const begun = [...figure.runs.flatMap(({ keys }) => keys), ...figure.counters.map(([, start]) => start)];
  let chosen = "";
  const grey = (values) => {
    const choice = menus.map(({ value }) => value).join();
    if (choice !== chosen && !store.frame(inputs)?.length)
      greyIdle(root, { keys: figure.keys, panels, readouts: [...readouts, ...strides], others: begun }, values);
    chosen = choice;
  };
  const update = () => {
    const values = all();
    arrange(values);
    grey(values);
    panels.forEach((panel) => moveCurves(panel, values));
    const frame = store.frame(inputs);
    if (frame?.length) showFrame(svgs[0], frame);
    cells.forEach((cell, n) => {
      const value = frame?.length ? frame[1][n] : readouts[n](values);
      cell.textContent = worded(n, value, values);
      cell.title = Number.isFinite(value) ? value : "";
    });
  };
  const isRead = () => [...typed.values()].every((field) => field.isRead());
  const worded = (n, value, values) =>
    (Number.isNaN(value) && !isRead() && "–") ||
    (Number.isNaN(value) && typed.size && bothSides(readouts[n], values, figure.digits)) ||
    (figure.whole.includes(n) ? inWords(value, figure.digits) : shown(value, figure.digits));
  const readout = (name) => {
    const n = figure.said.findIndex(([said]) => said === name);
    if (n < 0) return undefined;
    const frame = store.frame(inputs);
    const values = all();
    const value = frame?.length ? frame[1][n] : readouts[n](values);
    return { value, text: worded(n, value, values) };
  };
  const drag = (handles, pointer, k) => {
    const moves = handles.map(([key, f]) => [key, f([...pointer, ...all()])]);
    if (!moves.every(([, value]) => Number.isFinite(value))) return; // outside of where the point can be
    const taken = moves.map(([key, value]) => listOf(key)?.moved(k, value) ?? { [key]: settled(input(key), value) });
    store.set(Object.assign({}, ...taken));
  };
  const reset = () => {
    typed.forEach((field) => field.forget());
    lists.forEach((list) => list.forget());
    store.set({
      ...Object.fromEntries(inputs.map(({ dataset }, n) => [dataset.key, starts[n]])),
      ...Object.fromEntries(figure.counters.map(([name]) => [name, null])),
    });
  };
  const moved = inputs.filter(({ dataset }) => !isOther(dataset.key));
  moved.forEach((control) => {
    control.addEventListener("input", () => store.set({ [control.dataset.key]: Number(control.value) }));
  });
  for (const panel of panels) panel.hold = drag;
  root.querySelector("[data-do=reset]").addEventListener("click", reset);
  root.querySelector("[data-do=save]").addEventListener("click", () => savePicture(root, svgs));
  if (store.get(figure.keys[0]) === undefined) reset();
  root.querySelector(".ln-controls").hidden = false;
  store.onChange(update);
  const hurry = () => typed.forEach((field) => field.hurry());
  const live = { store, panels, all, names, isRead, hurry };
  const restart = figure.runs.length ? mountRuns(root, figure, live) : undefined;
  // Matplotlib has plotted the start, without handles; and a browser may remember where the controls were. At a kink of
  // a typed formula NumPy has one slope, and the script has both.
  if (!typed.size && starts.every((start, n) => isSame(store.get(inputs[n].dataset.key), start))) {
    arrange(all());
    grey(all());
  } else update();
  const ends = Object.entries(figure.guesses).map(([key, id]) =>
    whenTold(id, (said) => store.set({ [key]: Number.isFinite(said) ? said : null })),
  );
  return {
    root,
    keys: inputs.map(({ dataset }) => dataset.key),
    starts: Object.fromEntries(inputs.map(({ dataset }, n) => [dataset.key, starts[n]])),
    get: store.get,
    set: (moves) => store.set(lists.reduce((more, list) => list.withDrawn(more), moves)),
    settle: (key, asked) => {
      if (typed.has(key)) return typed.get(key).settle(asked);
      if (listOf(key)) return listOf(key).settle(key, asked);
      return input(key) ? settled(input(key), asked) : undefined;
    },
    onChange: store.onChange,
    readout,
    own: () => {
      const keys = [...typed].filter(([, field]) => field.isOwn()).map(([key]) => key);
      return keys.length ? hangingOn(keys, figure) : []; // asked at each move while a guess is open
    },
    /** What a link to where the figure stands has to say. */
    query: () => {
      const moves = inputs
        .map(({ dataset }, n) => [dataset.key, store.get(dataset.key), starts[n]])
        .filter(([key, value, start]) => !listOf(key) && value !== start);
      const parts = [...moves.map(([key, value]) => [key, value]), ...lists.flatMap((list) => list.inLink())];
      return parts.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
    },
    reset,
    restart,
    parts: figure.parts,
    leave: () => ends.forEach((end) => end()),
  };
}

/** The static page: an address holds a position, as in #figure?w=0.5. */
export function mountFigure(root, figure) {
  const shownHere = bringToLife(root, figure, pageStore(figure));
  const link = root.querySelector("[data-do=link]");
  link.addEventListener("click", () => {
    const query = shownHere.query();
    history.replaceState(null, "", `#${root.id}${query ? `?${query}` : ""}`);
    const told = (words) => {
      link.textContent = words;
      setTimeout(() => {
        link.textContent = "Link to this";
      }, 2500);
    };
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error("no clipboard"));
    copied.then(
      () => told("Link copied"),
      () => told("Link is in the address bar"),
    );
  });
  register(root.id, shownHere);
}

/** The picture as it stands, with the page's colours written into it. */
function savePicture(root, svgs) {
  const style = getComputedStyle(svgs[0]);
  const colour = (n) => style.getPropertyValue(`--ln-${n}`).trim();
  let left = 0;
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = root.querySelector(".ln-panels").getAttribute("aria-label");
  const write = (node) => new XMLSerializer().serializeToString(node);
  const parts = svgs.map((svg) => {
    const { width, height } = svg.viewBox.baseVal;
    const copy = svg.cloneNode(true);
    copy.querySelectorAll("[data-handle], .ln-veiled").forEach((handle) => handle.remove());
    Object.entries({ x: left, width, height }).forEach(([name, value]) => copy.setAttribute(name, value));
    left += width;
    return write(copy);
  });
  const high = Math.max(...svgs.map((svg) => svg.viewBox.baseVal.height));
  const paper = getComputedStyle(document.body).backgroundColor;
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left}" height="${high}" viewBox="0 0 ${left} ${high}">` +
    `${write(title)}<rect width="100%" height="100%" fill="${paper}"/>${parts.join("")}</svg>`;
  const plain = text.replace(/calc\(([\d.]+px)\*var\(--ln-letter,1\)\)/g, "$1");
  const own = plain.replaceAll("currentColor", style.color).replace(/var\(--ln-(\d)[^)]*\)/g, (_, n) => colour(n));
  const address = URL.createObjectURL(new Blob([own], { type: "image/svg+xml" }));
  const name = `${root.closest("figure")?.id || root.querySelector("figure")?.id || "figure"}.svg`;
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

/** With a kernel, what NumPy and 50-digit arithmetic make of each read-out stands beside the script's. */
function showKernel(root, model) {
  const table = root.querySelector(".ln-readouts");
  if (!table || !model.get("kernel_readouts").length) return;
  const rows = [...table.querySelectorAll("tr")];
  const cells = rows.map((row) => [0, 1].map(() => row.insertCell()));
  cells.flat().forEach((cell) => {
    cell.className = "ln-kernel";
  });
  const head = table.createTHead().insertRow();
  ["", "JavaScript", "NumPy", "50 digits"].forEach((name) => {
    head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: name }));
  });
  const show = () =>
    model.get("kernel_readouts").forEach((texts, n) => {
      texts.forEach((text, k) => {
        cells[n][k].textContent = text;
      });
    });
  model.on("change:kernel_readouts", show);
  show();
}

/** In a notebook: the same, moved by Python too; returns what is to be done when it is taken away. */
export function mountLive(root, figure, model) {
  const shownHere = bringToLife(root, figure, controlStore(model));
  root.querySelector("[data-do=link]").remove();
  showKernel(root, model);
  addPositions(root, figure.positions, shownHere);
  const leave = register(root.querySelector("figure").id, shownHere);
  return () => {
    leave();
    shownHere.leave();
  };
}

/** Buttons for positions with names: on a page, links in the text have them. */
function addPositions(root, positions, { set, settle }) {
  const buttons = Object.entries(positions).map(([name, moves]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.addEventListener("click", () =>
      set(Object.fromEntries(Object.entries(moves).map(([key, value]) => [key, settle(key, value)]))),
    );
    return button;
  });
  root.querySelector(".ln-buttons").prepend(...buttons);
}
