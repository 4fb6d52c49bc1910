// What widgets need in JupyterLab.

/** JupyterLab takes arrow keys and Enter for itself, but only where they reach the document. */
function keepKeys(el) {
  const keep = (event) => {
    const ours = el.contains(event.target) && event.key !== "Escape";
    if (ours && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  };
  window.addEventListener("keydown", keep, true);
  return () => window.removeEventListener("keydown", keep, true);
}
