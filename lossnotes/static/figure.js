// Moves what Matplotlib drew: it sets path data and marker places and draws nothing else.
// FIGURE, before this text, holds the formulas that SymPy printed.

/** A number with FIGURE.digits significant digits, as the page shows it before any script runs. */
function shown(value) {
  const [digits, exponent] = value.toPrecision(FIGURE.digits).split("e");
  const short = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return (exponent ? `${short}e${exponent.replace("+", "")}` : short).replaceAll("-", "−");
}

/** The sliders' positions where there is no kernel: the page itself keeps them. */
function pageStore() {
  const values = new Map();
  let changed = () => {};
  return {
    get: (key) => values.get(key),
    set: (key, value) => { values.set(key, value); changed(); },
    onChange: (listen) => { changed = listen; },
  };
}

/** The same where there is one: Python sees each position as a trait of the widget. */
function kernelStore(model) {
  return {
    get: (key) => model.get(key),
    set: (key, value) => { model.set(key, value); model.save_changes(); },
    onChange: (listen) => model.on("change", listen),
  };
}

/** Data to the SVG's units. Far outside the frame is enough: browsers cannot draw 1e30. */
function scales({ box: [left, top, width, height], x, y }) {
  const far = (value) => Math.min(1e5, Math.max(-1e5, value));
  return {
    across: (value) => far(left + ((value - x[0]) / (x[1] - x[0])) * width).toFixed(2),
    down: (value) => far(top + ((y[1] - value) / (y[1] - y[0])) * height).toFixed(2),
  };
}

function places({ x: [low, high] }) {
  return Array.from({ length: FIGURE.samples }, (_, i) => low + ((high - low) * i) / (FIGURE.samples - 1));
}

/** A curve's path; where it is not finite it has a gap. */
function path(xs, ys, { across, down }) {
  let pen = "M";
  let d = "";
  xs.forEach((x, i) => {
    if (!Number.isFinite(ys[i])) { pen = "M"; return; }
    d += `${pen}${across(x)} ${down(ys[i])}`;
    pen = "L";
  });
  return d;
}

/** A closed area between two curves, over the places where both are finite. */
function area(xs, lower, upper, { across, down }) {
  const kept = xs.map((_, i) => i).filter((i) => Number.isFinite(lower[i]) && Number.isFinite(upper[i]));
  const corners = [...kept.map((i) => [xs[i], upper[i]]), ...kept.reverse().map((i) => [xs[i], lower[i]])];
  return corners.length ? `M${corners.map(([x, y]) => `${across(x)} ${down(y)}`).join("L")}Z` : "";
}

function movePanel(svg, panel, values) {
  const to = scales(panel);
  const xs = places(panel);
  const part = (name, tag) => svg.querySelector(`[data-gid="${name}"] ${tag}`);
  panel.curves.forEach((f, n) => {
    part(`curve-${n}`, "path").setAttribute("d", path(xs, xs.map((x) => f(x, ...values)), to));
  });
  panel.bands.forEach(([lower, upper], n) => {
    const edges = [lower, upper].map((f) => xs.map((x) => f(x, ...values)));
    part(`band-${n}`, "path").setAttribute("d", area(xs, ...edges, to));
  });
  panel.points.forEach((place, n) => {
    const [x, y] = place.map((f) => f(...values));
    const marker = part(`point-${n}`, "use");
    const seen = Number.isFinite(x) && Number.isFinite(y);
    marker.setAttribute("visibility", seen ? "visible" : "hidden");
    if (seen) { marker.setAttribute("x", to.across(x)); marker.setAttribute("y", to.down(y)); }
  });
}

/** Brings a figure to life: its sliders move its curves, points and read-outs. */
function mount(root, store) {
  const inputs = [...root.querySelectorAll("input[data-key]")];
  const starts = inputs.map((input) => input.getAttribute("value"));
  const svgs = [...root.querySelectorAll(".ln-panel > svg")];
  const cells = [...root.querySelectorAll(".ln-readouts td:first-of-type")];
  const update = () => {
    const values = inputs.map((input) => store.get(input.dataset.key));
    inputs.forEach((input, n) => {
      if (Number(input.value) !== values[n]) input.value = values[n];
      input.closest(".ln-slider").querySelector(".ln-value").textContent = shown(values[n]);
    });
    svgs.forEach((svg, n) => movePanel(svg, FIGURE.panels[n], values));
    cells.forEach((cell, n) => { cell.textContent = shown(FIGURE.readouts[n](...values)); });
  };
  inputs.forEach((input, n) => {
    if (store.get(input.dataset.key) === undefined) store.set(input.dataset.key, Number(starts[n]));
    input.addEventListener("input", () => store.set(input.dataset.key, Number(input.value)));
  });
  root.querySelector("button").addEventListener("click", () => {
    inputs.forEach((input, n) => store.set(input.dataset.key, Number(starts[n])));
  });
  root.querySelector(".ln-controls").hidden = false;
  store.onChange(update);
  update();
}

/** With a kernel, what NumPy and 50-digit arithmetic make of each read-out stands beside the script's. */
function showKernel(root, model) {
  const table = root.querySelector(".ln-readouts");
  if (!table) return;
  const rows = [...table.querySelectorAll("tr")];
  const cells = rows.map((row) => [0, 1].map(() => row.insertCell()));
  cells.flat().forEach((cell) => { cell.className = "ln-kernel"; });
  const head = table.createTHead().insertRow();
  ["", "JavaScript", "NumPy", "50 digits"].forEach((name) => {
    head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: name }));
  });
  const show = () => model.get("kernel_readouts").forEach((texts, n) => {
    texts.forEach((text, k) => { cells[n][k].textContent = text; });
  });
  model.on("change:kernel_readouts", show);
  show();
}

function render({ model, el }) {
  el.innerHTML = model.get("markup");
  mount(el, kernelStore(model));
  showKernel(el, model);
}

export default { render };
