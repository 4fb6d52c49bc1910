// What figures and exercises share.

/** A number with so many significant digits, as the page shows it before any script runs. */
export function shown(number, digits) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "undefined" : number > 0 ? "∞" : "−∞";
  const [mantissa, exponent] = number.toPrecision(digits).split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return (exponent ? `${short}e${exponent.replace("+", "")}` : short).replaceAll("-", "−");
}

/** A number in a sentence: all digits of its whole part, which have commas from ten thousand on. */
export function inWords(number, digits) {
  const size = Math.abs(number);
  if (!(size >= 1 && size < 1e9)) return shown(number, digits);
  const [whole, ...rest] = shown(number, Math.max(digits, Math.trunc(size).toString().length)).split(".");
  return [size < 1e4 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

/** The place nearest to a value, of those that lie a step apart from low to high. */
export function nearest([low, high, step], value) {
  const near = low + Math.round((Math.min(high, Math.max(low, value)) - low) / step) * step;
  return Number(Math.min(high, near).toPrecision(12));
}

/** JupyterLab takes arrow keys and Enter for itself, but only where they reach the document. */
export function keepKeys(el) {
  const keep = (event) => {
    const ours = el.contains(event.target) && event.key !== "Escape";
    if (ours && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  };
  window.addEventListener("keydown", keep, true);
  return () => window.removeEventListener("keydown", keep, true);
}

/** An element with a class, "" for none, and what stands in it. */
export function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}
