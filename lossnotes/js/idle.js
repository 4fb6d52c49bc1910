// A slider that moves nothing at the present choice of the menus says so.

/** Parts of the way from a slider's one end to the other at which it is tried. */
const TRIED = [0, 0.29, 0.61, 1];
/** How many places of a curve are compared. */
const PLACES = 24;

/** All that a figure shows at these values, in numbers. */
function seen({ panels, readouts }, values) {
  const numbers = readouts.map((f) => f(values));
  panels.forEach(({ xs, curves, bands, points, arrows }) => {
    const some = xs.filter((_, n) => n % Math.ceil(xs.length / PLACES) === 0);
    [...curves, ...bands.flat()].forEach((f) => numbers.push(...some.map((x) => f([x, ...values]))));
    points.forEach(({ at }) => numbers.push(...at.map((f) => f(values))));
    arrows.forEach(({ places, parts }) =>
      places.forEach((row) => numbers.push(...parts.map((f) => f([...row, ...values])))),
    );
  });
  return numbers;
}

function along(input, part) {
  return Number(input.min) + part * (Number(input.max) - Number(input.min));
}

/** Whether what a figure shows is the same wherever this slider stands, and whichever way the others stand. */
function movesNothing(parts, sliders, slider, values) {
  const elsewhere = (part) => values.map((value, n) => (sliders.has(n) ? along(sliders.get(n), part) : value));
  return [values, elsewhere(0.37), elsewhere(0.71)].every((others) => {
    const [first, ...rest] = TRIED.map((part) => seen(parts, others.with(slider, along(sliders.get(slider), part))));
    return rest.every((numbers) => numbers.every((number, n) => Object.is(number, first[n])));
  });
}

/** Greys out what moves nothing, but for `others`; to be called when a menu has changed. */
export function greyIdle(root, { keys, panels, readouts, others }, values) {
  const input = (key) => root.querySelector(`[data-key="${key}"]`);
  const menus = [...root.querySelectorAll("select[data-key]")];
  if (!menus.length) return;
  const choice = menus.map((menu) => menu.selectedOptions[0]?.textContent).join(", ");
  const sliders = new Map(
    keys.map((key, n) => [n, input(key)]).filter(([n, found]) => found?.type === "range" && !others.includes(keys[n])),
  );
  sliders.forEach((slider, n) => {
    const idle = movesNothing({ panels, readouts }, sliders, n, values);
    const around = slider.closest(".ln-slider");
    around.classList.toggle("ln-idle", idle);
    around.querySelector(".ln-idle-why")?.remove();
    slider.removeAttribute("aria-describedby");
    if (!idle) return;
    const because = document.createElement("span");
    Object.assign(because, { className: "ln-idle-why", id: `${root.id}-${keys[n]}-because` });
    because.textContent = `moves nothing for ${choice}`;
    around.append(because);
    slider.setAttribute("aria-describedby", because.id);
  });
}
