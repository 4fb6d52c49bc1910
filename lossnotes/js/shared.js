// What figures and exercises share.

/** A number with so many significant digits, as the page shows it before any script runs. */
export function shown(number, digits) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "undefined" : number > 0 ? "∞" : "−∞";
  const [mantissa, exponent] = number.toPrecision(digits).split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return (exponent ? `${short}e${exponent.replace("+", "")}` : short).replaceAll("-", "−");
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
