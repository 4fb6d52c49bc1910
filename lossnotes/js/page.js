// A page without a kernel: what its figures, exercises and benches need stands beside each of them, as data.

import { mountChain } from "./asked_chain.js";
import { mountBench } from "./bench.js";
import { mountDesk } from "./desk.js";
import { mountExercise } from "./exercise.js";
import { mountFigure } from "./figure.js";
import { mountGuess, mountGuessed } from "./guess.js";
import { mountMoves } from "./moves.js";

/** The kind of an output → what brings it to life. */
const MOUNTS = {
  figure: mountFigure,
  choice: mountExercise,
  number: mountExercise,
  formula: mountExercise,
  chain: mountChain,
  guess: mountGuess,
  bench: mountBench,
  desk: mountDesk,
};

document.querySelectorAll("script.ln-data").forEach((block) => {
  const data = JSON.parse(block.textContent);
  MOUNTS[data.kind](block.previousElementSibling, data);
});
mountGuessed();
mountMoves();
