// A page without a kernel: what its figures and exercises need stands beside each of them, as data.

import { mountExercise } from "./exercise.js";
import { mountFigure } from "./figure.js";

document.querySelectorAll("script.ln-data").forEach((block) => {
  const data = JSON.parse(block.textContent);
  const mount = data.kind === "figure" ? mountFigure : mountExercise;
  mount(block.previousElementSibling, data);
});
