// What the theme leaves undone for readers who use the keyboard.

let pressed = null;

/** The theme takes the focus from buttons that it answers to; a keyboard is lost without it. */
function giveBack() {
  setTimeout(() => {
    if (document.activeElement === document.body) pressed?.focus();
  });
}

document.addEventListener(
  "click",
  (event) => {
    pressed = event.detail === 0 ? event.target.closest("button") : null; // 0: no mouse, no finger
    giveBack();
  },
  true,
);
// Behind an open dialog nothing can have the focus: then it returns when the dialog closes.
document.querySelectorAll("dialog").forEach((dialog) => dialog.addEventListener("close", giveBack));

/** What is wide scrolls in its own box, and only a box with the focus scrolls by arrow keys. */
const boxes = document.querySelectorAll(
  "pre, .cell_output > .output, div.math, .ln-math, " +
    "mjx-container[display], .pst-scrollable-table-container, .bd-article table",
);
const scrolls = (box) => {
  const { overflowX, overflowY } = getComputedStyle(box);
  return (
    (box.scrollWidth > box.clientWidth && overflowX !== "visible") ||
    (box.scrollHeight > box.clientHeight && /auto|scroll/.test(overflowY))
  );
};
// All are asked before one is told: else the page would be laid out anew for each.
const watch = new ResizeObserver((changes) =>
  changes
    .map(({ target }) => [target, scrolls(target)])
    .forEach(([box, stop]) => {
      if (stop) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }),
);
boxes.forEach((box) => watch.observe(box));
