// A figure alone at its own address, as in page.html?alone=figure#figure?z=-6: to be embedded in slides.
// It stands in the page's head, so that nothing else is painted before.
(() => {
  const id = new URLSearchParams(location.search).get("alone");
  if (!id) return;
  const page = document.documentElement;
  const figure = `#${CSS.escape(id)}`;
  page.classList.add("ln-alone");
  const style = document.createElement("style");
  style.textContent = `
    .ln-alone:not(:has(${figure})) body { visibility: hidden; }
    .ln-alone:has(${figure}) body :not(:has(${figure}), ${figure}, ${figure} *) { display: none !important; }
    .ln-alone, .ln-alone :has(${figure}) {
      display: block !important; position: static !important; overflow: visible !important;
      width: auto !important; min-width: 0 !important; max-width: none !important; min-height: 0 !important;
      margin: 0 !important; padding: 0 !important; border: 0 !important; content-visibility: visible !important;
    }
    .ln-alone ${figure} { width: auto !important; max-width: 62rem !important; margin: 0 auto !important; padding: 0.75rem; }
    .ln-from { margin: 0.5em 0 0; font-size: 0.85em; }`;
  document.head.append(style);
  addEventListener("DOMContentLoaded", () => {
    const shown = document.getElementById(id);
    if (!shown) {
      page.classList.remove("ln-alone"); // the page as it is
      return;
    }
    for (let fold = shown.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const title = shown.closest("article, main")?.querySelector("h1")?.cloneNode(true) ?? document.createElement("h1");
    title.querySelectorAll(".headerlink").forEach((link) => link.remove());
    const whole = Object.assign(document.createElement("a"), {
      href: `${location.pathname}#${encodeURIComponent(id)}`,
      target: "_blank", // a slide would show the lesson in a small frame
      rel: "noopener",
      textContent: title.textContent.trim() || document.title,
    });
    const from = Object.assign(document.createElement("p"), { className: "ln-from" });
    from.append("From: ", whole);
    shown.append(from);
  });
})();
