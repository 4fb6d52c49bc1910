// What a style sheet cannot do for paper; undone when it is printed.

const undo = [];

/** A figure as its caption describes it: paper does not show where its sliders stand. */
function resetFigure(figure) {
  const controls = [...figure.querySelectorAll("[data-key]")];
  const before = controls.map((control) => control.value);
  figure.querySelector("[data-do=reset]")?.click();
  undo.push(() =>
    controls.forEach((control, n) => {
      if (control.value === before[n]) return;
      control.value = before[n];
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }),
  );
}

function toPaper() {
  const page = document.documentElement;
  const theme = page.dataset.theme;
  page.dataset.theme = "light";
  undo.push(() => {
    page.dataset.theme = theme;
  });
  document.querySelectorAll(".ln-explore").forEach(resetFigure);
}

addEventListener("beforeprint", toPaper);
addEventListener("afterprint", () => undo.splice(0).forEach((step) => step()));
