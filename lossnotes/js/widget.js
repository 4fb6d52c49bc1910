// A notebook with a kernel: figures and exercises as widgets.

import { answerStore, mountExercise } from "./exercise.js";
import { mountLive } from "./figure.js";
import { keepKeys } from "./shared.js";

export function render({ model, el }) {
  el.innerHTML = model.get("markup");
  const data = model.get("data");
  if (data.kind === "figure") mountLive(el, data, model);
  else mountExercise(el, data, answerStore(model));
  // JupyterLab sets the math of HTML, but leaves that of widgets to them.
  model.widget_manager?.rendermime?.latexTypesetter?.typeset(el);
  return keepKeys(el);
}
