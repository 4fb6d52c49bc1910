// Tests a derived slope, or one that the reader types, at the reader's numbers: against the loss alone.

import { pageStore } from "./exercise.js";
import { written } from "./formula.js";
import { STEPS } from "./measure.js";
import { readList, readNumber } from "./numbers.js";
import { cut, parse, tried } from "./parse.js";
import { register } from "./registry.js";
import { element } from "./shared.js";
import {
  at,
  components,
  counted,
  curves,
  fault,
  fixed,
  inPairs,
  prepared,
  readStep,
  row,
  split,
  verdict,
  widest,
} from "./trial.js";

/** Where there is no kernel nobody else needs to know where the controls stand. */
const ALONE = { set: () => {}, kernel: () => [], onKernel: () => {} };

/** With a kernel: it computes the derived slopes in its own ways. */
export function benchStore(model) {
  return {
    set: (values) => {
      model.set("values", values);
      model.save_changes();
    },
    kernel: () => model.get("kernel_rows"),
    onKernel: (listen) => model.on("change:kernel_rows", listen),
  };
}

// --- what the reader sets ----------------------------------------------------------------

/** A step as its field holds it: 0.1, 1e-5. */
const stepText = (h) => (h >= 1e-3 ? String(h) : Number(h.toPrecision(3)).toExponential());

/** A number or a list as its field holds it. */
function asText(value) {
  return Array.isArray(value) ? value.map(asText).join(", ") : String(Number(value.toPrecision(12)));
}

/** Each control: its field and slider, how its text is read, and where the slider stands for a value. */
function inputsOf(root, { inputs, limits, h, panel }) {
  const of = (key) => ({
    key,
    field: root.querySelector(`[data-key="${key}"]`),
    slider: root.querySelector(`[data-slides="${key}"]`),
    unread: "",
  });
  const numbers = inputs.map(({ key, start, row: isRow }) => ({
    ...of(key),
    start,
    isRow,
    read: Array.isArray(start) ? (text) => readList(text, limits) : readNumber,
    text: asText,
    toSlider: (value) => value,
    fromSlider: (place) => place,
  }));
  if (!panel) return numbers;
  const step = {
    read: readStep,
    text: stepText,
    toSlider: Math.log10,
    fromSlider: (x) => Number((10 ** x).toPrecision(3)),
  };
  return [...numbers, { ...of("h"), start: h, ...step }];
}

/** A message at a field; nothing where nothing is wrong. */
function complain(root, field, text) {
  field.setAttribute("aria-invalid", Boolean(text));
  const place = root.querySelector(`#${CSS.escape(field.getAttribute("aria-describedby").split(" ").at(-1))}`);
  if (place.textContent !== text) place.textContent = text;
}

// --- the curve ---------------------------------------------------------------------------

/** Data to the SVG's units, on logarithmic axes. */
function logScales({ box: [left, top, width, height], x, y }) {
  const along = ([low, high], value) => Math.log(value / low) / Math.log(high / low);
  return {
    across: (value) => (left + along(x, value) * width).toFixed(2),
    down: (value) => (top + (1 - along(y, value)) * height).toFixed(2),
  };
}

/** A path with gaps where there is no value, no lower than the lowest. */
function pathOf(heights, { across, down }, lowest) {
  let pen = "M";
  return heights
    .map((height, n) => {
      const isSeen = Number.isFinite(height);
      const d = isSeen ? `${pen}${across(STEPS[n])} ${down(Math.max(lowest, Math.min(1e4, height)))}` : "";
      pen = isSeen ? "L" : "M";
      return d;
    })
    .join("");
}

/** What agrees to the last bit stands on the frame's lower edge. */
function showCurves(root, panel, heights) {
  const to = logScales(panel);
  const lowest = [1e-40, 1e-40, panel.y[0]];
  heights.forEach((curve, n) => {
    root.querySelector(`[data-gid="curve-${n}"] path`).setAttribute("d", pathOf(curve, to, lowest[n]));
  });
}

/** The reader's step on the curve: without a dot where nothing was measured. */
function showStep(root, panel, h, gap) {
  const [low, high] = panel.y;
  const { across, down } = logScales(panel);
  root.querySelector('[data-gid="step"] path').setAttribute("d", `M${across(h)} ${down(low)}V${down(high)}`);
  const mark = root.querySelector('[data-gid="point-0"] use');
  mark.setAttribute("visibility", gap === -Infinity ? "hidden" : "visible");
  mark.setAttribute("x", across(h));
  mark.setAttribute("y", down(Math.max(low, Math.min(high, gap))));
}

// --- the lines ---------------------------------------------------------------------------

/** A line under test: the derived one until the reader types another. */
class TestedLine {
  constructor(root, part, spec) {
    Object.assign(this, { root, spec, text: written(inPairs(spec.tree)), unread: "" });
    [this.field, this.state, this.back] = ["input", ".ln-state", "button"].map((found) => part.querySelector(found));
    this.paper = part.querySelector(".ln-still");
    this.derivedPaper = [...this.paper.childNodes];
    this.derive();
  }
  get isDerived() {
    return this.tree === this.spec.tree;
  }
  /** The derived line, which gives the answer away as long as the reader is asked for it. */
  derive() {
    this.field.value = this.isAsked ? "" : this.text;
    this.show(this.spec.tree, this.isAsked ? "the derived line, shown when you have typed yours" : "the derived line");
  }
  /** Takes what stands in the field. */
  take(words) {
    const { value, unread } = tried((text) => parse(text, this.spec.spellings, this.spec.classes), this.field.value);
    if (unread) {
      complain(this.root, this.field, unread);
      this.state.textContent = "not tested";
    } else if (JSON.stringify(value) === JSON.stringify(inPairs(this.spec.tree)))
      this.show(this.spec.tree, "the derived line");
    else this.show(value, words);
    this.unread = unread;
  }
  show(tree, words) {
    Object.assign(this, { tree, unread: "" });
    complain(this.root, this.field, "");
    this.state.textContent = words;
    this.back.hidden = this.isDerived;
    const typed = `Slope in ${this.spec.name}, ${words}: ${this.field.value}`;
    this.paper.replaceChildren(...(this.isDerived ? this.derivedPaper : [typed]));
  }
}

/** What a text says of slopes that are the same to the last bit. */
const MOST_DIGITS = 16;

// --- the bench ---------------------------------------------------------------------------

class Bench {
  constructor(root, data, store) {
    Object.assign(this, { root, data, store, listeners: new Set(), found: [] });
    this.trial = prepared(data);
    this.derived = [...this.trial.lines];
    this.inputs = inputsOf(root, data);
    this.values = this.starts;
    const parts = [...root.querySelectorAll(".ln-line")];
    this.lines = data.lines.map((spec, n) => new TestedLine(root, parts[n], spec));
  }
  get starts() {
    return Object.fromEntries(this.inputs.map(({ key, start }) => [key, start]));
  }
  find(selector) {
    return this.root.querySelector(selector);
  }
  input(key) {
    return this.inputs.find((input) => input.key === key);
  }
  /** The values that formulas are given. */
  get given() {
    return row(
      this.data.inputs.map(({ key }) => this.values[key]),
      this.data,
    );
  }

  // What changes

  /** Sets controls; lists that are not named become as long as those that are. */
  set(moves) {
    const length = Object.values(moves).find(Array.isArray)?.length;
    const fitted = ([key, value]) => {
      if (Object.hasOwn(moves, key)) return [key, moves[key]];
      const { start } = this.input(key);
      const isOdd = length && Array.isArray(value) && value.length !== length;
      return [key, isOdd ? [...start, ...Array(length).fill(0)].slice(0, length) : value];
    };
    this.values = Object.fromEntries(Object.entries(this.values).map(fitted));
    this.inputs.forEach((input) => {
      input.unread = "";
      input.field.value = input.text(this.values[input.key]);
    });
    this.update();
  }
  /** Takes what stands in a control's field. */
  take(input) {
    const { value, unread } = tried(input.read, input.field.value);
    input.unread = unread;
    if (!unread) this.values = { ...this.values, [input.key]: value };
    this.update(input.key === "h");
  }
  slide(input) {
    input.unread = "";
    this.values = { ...this.values, [input.key]: input.fromSlider(Number(input.slider.value)) };
    input.field.value = input.text(this.values[input.key]);
    this.update(input.key === "h");
  }
  resize(change) {
    const lists = Object.entries(this.values).filter(([, value]) => Array.isArray(value));
    const [fewest, largest] = this.data.limits;
    const changed = lists.map(([key, list]) => [key, change(list)]);
    if (changed.every(([, { length }]) => length >= fewest && length <= largest)) this.set(Object.fromEntries(changed));
  }
  reset() {
    this.lines.forEach((line) => line.derive());
    this.set(this.starts);
  }
  /** Puts a typed line under test. */
  test(line, words) {
    line.take(words);
    this.update();
  }
  /** What the reader typed in an asked line; the derived one where that was cleared. */
  answer(line, text) {
    line.isAsked &&= !text;
    if (text) {
      line.field.value = cut(text);
      line.take("your line");
    } else line.derive();
    this.update();
  }

  // What follows

  update(isStepOnly = false) {
    const { data } = this;
    const wrong = fault(this.trial, data, this.values);
    this.inputs.forEach((input) => {
      const said = wrong?.key === input.key ? wrong.text : "";
      complain(this.root, input.field, input.unread || said);
      if (input.isRow) input.slider.max = this.given.at(-1);
      if (input.slider) input.slider.value = input.toSlider(this.values[input.key]);
    });
    const isStale = wrong || [...this.inputs, ...this.lines].some(({ unread }) => unread);
    this.root.classList.toggle("ln-stale", Boolean(isStale));
    if (wrong) return;
    if (!isStepOnly) this.measure();
    this.show();
    for (const listener of this.listeners) listener();
  }
  measure() {
    const { trial, data, store } = this;
    store.set(Object.fromEntries(data.inputs.map(({ key }) => [key, this.values[key]])));
    trial.lines = this.lines.map((line, n) => (line.isDerived ? this.derived[n] : trial.line(line.spec, line.tree)));
    this.found = trial.lines.length ? components(trial, this.given) : [];
    if (data.panel) showCurves(this.root, data.panel, curves(this.found));
  }
  show() {
    const { data, values } = this;
    this.showCosts();
    const places = data.inputs.map(({ key, name }) => `${name}: ${asText(values[key])}`).join("; ");
    this.find(".ln-inputs + .ln-still").textContent = data.panel ? `${places}; h = ${stepText(values.h)}` : places;
    if (!data.panel) return;
    this.rows = at(values.h, this.found);
    this.showRows();
    const [head, more] = verdict(values.h, this.rows, (component) => this.name(component), data.what);
    this.find(".ln-says").replaceChildren(element("strong", "", head), ` ${more}`);
    this.find(".ln-near").hidden = !this.rows.some(({ nearZero, flat }) => nearZero && !flat);
    this.input("h").slider.setAttribute("aria-valuetext", `${stepText(values.h)}: ${head}`);
    showStep(this.root, data.panel, values.h, widest(this.rows));
  }
  name({ line, place }) {
    const { name } = this.data.lines[line];
    return place === null ? name : `${name}${"₁₂₃₄₅₆₇₈"[place]}`;
  }
  showRows() {
    const { digits } = this.data;
    const kernel = this.store.kernel();
    const made = this.rows.map((one, n) => {
      const head = element("th", "", element("i", "", this.data.lines[one.line].name));
      head.scope = "row";
      if (one.place !== null) head.append(element("sub", "", String(one.place + 1)));
      const text = fixed(one.measured, digits);
      const [same, off] = one.nearZero ? [text, ""] : split(text, one.digits);
      const cells = [
        element("td", "", fixed(one.derived, digits)),
        element("td", "", same, ...(off ? [element("span", "ln-off", off)] : [])),
        element("td", one.digits ? "" : "ln-none", one.flat ? "–" : counted(one.digits, one.nearZero)),
      ];
      const others = this.lines[one.line].isDerived ? (kernel[n] ?? []) : ["", ""];
      const more = kernel.length ? others.map((value) => element("td", "ln-kernel", value)) : [];
      return element("tr", "", head, ...cells, ...more);
    });
    this.find(".ln-slopes tbody").replaceChildren(...made);
  }
  showCosts() {
    const { costs, loss } = this.trial;
    if (!costs.length) return;
    const [cost, constant] = costs.map((f) => f([...this.given]));
    const value = loss([...this.given]);
    const cells = this.root.querySelectorAll(".ln-costs td");
    [cost, value, cost - value, constant].forEach((shown, n) => {
      cells[n].textContent = fixed(shown, this.data.digits);
    });
  }
  /** With a kernel, two more columns. */
  showKernel() {
    const head = this.find(".ln-slopes thead tr");
    if (!head || !this.store.kernel().length) return;
    ["line by NumPy", "line to 50 digits"].forEach((text) => {
      head.append(Object.assign(element("th", "", text), { scope: "col" }));
    });
    this.store.onKernel(() => this.rows && this.showRows());
  }

  // What others see: a number by its name

  readout(name) {
    const rows = this.rows ?? [];
    if (name === "digits" && rows.length) {
      const digits = Math.min(MOST_DIGITS, ...rows.map((one) => one.digits));
      return { value: digits, text: String(digits) };
    }
    const [what, ...rest] = name.split("-");
    const found = rows.find((one) => this.plainName(one) === rest.join("-"));
    const value =
      found &&
      new Map([
        ["line", found.derived],
        ["measured", found.measured],
      ]).get(what);
    return value === undefined ? undefined : { value, text: fixed(value, this.data.digits) };
  }
  plainName({ line, place }) {
    const { key } = this.data.lines[line];
    return place === null ? key : `${key}${place + 1}`;
  }
}

function connect(bench) {
  const { root, data, inputs, lines } = bench;
  const press = (name, does) => bench.find(`[data-do=${name}]`)?.addEventListener("click", does);
  inputs.forEach((input) => {
    input.field.addEventListener("input", () => bench.take(input));
    input.slider?.addEventListener("input", () => bench.slide(input));
  });
  lines.forEach((line) => {
    line.field.addEventListener("input", () => bench.test(line, "a line of yours"));
    line.back.addEventListener("click", () => {
      bench.answer(line, "");
      line.field.focus();
    });
  });
  root.querySelectorAll("[data-preset]").forEach((button) => {
    button.addEventListener("click", () => bench.set(data.presets[Number(button.dataset.preset)]));
  });
  press("more", () => bench.resize((list) => [...list, 0]));
  press("fewer", () => bench.resize((list) => list.slice(0, -1)));
  press("reset", () => bench.reset());
}

/** The keyboard reaches what has to be scrolled, and nothing else that does nothing. */
function letScroll(root) {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = target.closest(".ln-scroll");
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  root.querySelectorAll(".ln-scroll, .ln-scroll > table").forEach((part) => watch.observe(part));
  return () => watch.disconnect();
}

/** Hears what is typed in asked lines; returns what ends that. */
function hear(bench) {
  const asked = bench.lines.filter(({ spec }) => spec.typed);
  const hearOf = (line, text) => {
    const form = document.querySelector(`form[data-line="${line.spec.typed}"]`);
    const isAbove = form && form.compareDocumentPosition(bench.root) & Node.DOCUMENT_POSITION_FOLLOWING;
    line.isAsked = Boolean(isAbove) && form.dataset.state !== "done";
    bench.answer(line, text);
  };
  const listen = ({ detail }) => {
    for (const line of asked) if (line.spec.typed === detail.identifier) hearOf(line, detail.text);
  };
  document.addEventListener("ln-answered", listen);
  for (const line of asked) hearOf(line, pageStore({ identifier: line.spec.typed }).answered());
  return () => document.removeEventListener("ln-answered", listen);
}

/** Brings a bench to life; returns what takes it away again. */
export function mountBench(root, data, store = ALONE) {
  const bench = new Bench(root, data, store);
  connect(bench);
  bench.showKernel();
  root.querySelectorAll(".ln-controls").forEach((part) => {
    part.hidden = false;
  });
  bench.set({});
  const ends = [hear(bench), letScroll(root)];
  const figure = {
    root,
    keys: bench.inputs.map(({ key }) => key),
    starts: bench.starts,
    get: (key) => bench.values[key],
    set: (moves) => bench.set(moves),
    settle: (key, asked) => {
      const input = bench.input(key);
      return input && tried(input.read, String(asked)).value;
    },
    onChange: (listener) => {
      bench.listeners.add(listener);
      return () => bench.listeners.delete(listener);
    },
    readout: (name) => bench.readout(name),
    reset: () => bench.reset(),
  };
  ends.push(register(root.id, figure));
  return () => ends.forEach((end) => end());
}
