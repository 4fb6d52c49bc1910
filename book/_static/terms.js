// A word that the glossary explains opens its definition where it stands: under a mouse, with the
// focus, or at a tap. Where a browser has no popovers, the word is a link to the glossary.

/** How long a mouse rests on a word before it opens, and is away before it closes, in milliseconds. */
const [OPENS, CLOSES] = [150, 250];

function open(word, definition) {
  const { left, bottom, top } = word.getClientRects()[0] ?? word.getBoundingClientRect();
  definition.showPopover();
  const { width, height } = definition.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const above = bottom + height + 8 > clientHeight && top > height + 8;
  const across = Math.max(8, Math.min(left, clientWidth - width - 8));
  definition.style.left = `${across + scrollX}px`;
  definition.style.top = `${(above ? top - height - 6 : bottom + 6) + scrollY}px`;
}

function explain(word, definition) {
  let timer;
  const soon = (work, wait) => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
  const show = () => open(word, definition);
  const hide = () => {
    if (word !== document.activeElement) definition.hidePopover();
  };
  word.removeAttribute("title"); // the definition says it all
  word.setAttribute("aria-describedby", definition.id);
  let finger = false;
  word.addEventListener("pointerdown", ({ pointerType }) => {
    finger = pointerType === "touch";
  });
  word.addEventListener("click", (event) => {
    if (!finger) return;
    finger = false;
    event.preventDefault();
    show();
  });
  word.addEventListener("focus", () => {
    if (word.matches(":focus-visible")) show();
  });
  // Tab goes on: what is still open would be walked at the end of the page, and give the focus back as it closes.
  word.addEventListener("blur", ({ relatedTarget: next }) => {
    soon(hide, next && !definition.contains(next) ? 0 : CLOSES);
  });
  [word, definition].forEach((part) => {
    part.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType === "mouse") soon(show, part === word ? OPENS : 0);
    });
    part.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType === "mouse") soon(hide, CLOSES);
    });
  });
}

if (HTMLElement.prototype.showPopover) {
  const words = [...document.querySelectorAll("a.ln-term")];
  document.querySelectorAll(".ln-defined").forEach((definition) => {
    const word = words.find(({ hash }) => hash === `#${definition.dataset.of}`);
    if (word) explain(word, definition);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") document.querySelector(".ln-defined:popover-open")?.hidePopover();
  });
}
