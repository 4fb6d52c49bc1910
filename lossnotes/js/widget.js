// A notebook with a kernel: figures, exercises and benches as widgets.

import { kernelMemory, mountChain } from "./asked_chain.js";
import { benchStore, mountBench } from "./bench.js";
import { mountDesk } from "./desk.js";
import { answerStore, mountExercise } from "./exercise.js";
import { mountLive } from "./figure.js";
import { guessStore, mountGuess } from "./guess.js";
import { keepKeys } from "./shared.js";

const exercise = (el, data, model) => mountExercise(el, data, answerStore(model));
const chain = (el, data, model) => mountChain(el, data, kernelMemory(model));
const guess = (el, data, model) => mountGuess(el, data, guessStore(model));
const desk = (el, data) => mountDesk(el.firstElementChild, data, "ipynb");
const bench = (el, data, model) => mountBench(el.firstElementChild, data, benchStore(model));

/** The kind of an output → what brings it to life; that returns what is to be done when it is taken away, if anything. */
const MOUNTS = { figure: mountLive, choice: exercise, number: exercise, formula: exercise, chain, guess, bench, desk };

export function render({ model, el }) {
  el.innerHTML = model.get("markup");
  const data = model.get("data");
  const leave = MOUNTS[data.kind](el, data, model);
  // JupyterLab sets the math of HTML, but leaves that of widgets to them.
  model.widget_manager?.rendermime?.latexTypesetter?.typeset(el);
  const letGo = keepKeys(el);
  return () => {
    leave?.();
    letGo();
  };
}
