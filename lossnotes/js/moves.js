// Links in the text move figures, and numbers in the text follow them.

import { figures, withFigure } from "./registry.js";
import { inWords } from "./shared.js";

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The values that a query asks of a figure's controls. */
function asked({ keys, settle }, query) {
  // In a typed formula + is no space.
  const texts = new URLSearchParams(query.replaceAll("+", "%2B"));
  return keys
    .map((key) => [key, texts.has(key) ? settle(key, texts.get(key)) : undefined])
    .filter(([, value]) => value !== undefined);
}

const positions = ({ keys, get }) => Object.fromEntries(keys.map((key) => [key, get(key)]));

/** A control with its label. */
const controlOf = ({ root }, key) => root.querySelector(`[data-key="${key}"]`).closest(".ln-controls > *");

/** Marks what has moved, for a moment. */
function mark(figure, keys) {
  for (const control of keys.map((key) => controlOf(figure, key))) {
    control.classList.remove("ln-moved");
    void control.offsetWidth; // or the animation of an earlier link would go on
    control.classList.add("ln-moved");
    control.addEventListener("animationend", () => control.classList.remove("ln-moved"), { once: true });
  }
}

/** Where the part of the window begins and ends that no bar covers. */
function inSight() {
  return [parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0, innerHeight];
}

/** Scrolls until picture, moved controls and buttons are seen, no further than needed; returns how far. */
function bringIntoView(figure, keys) {
  const parts = [
    ...figure.root.querySelectorAll(".ln-panels, .ln-buttons, .ln-slopes, .ln-says"),
    ...keys.map((key) => controlOf(figure, key)),
  ];
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const [top, bottom] = inSight();
  const above = Math.min(...boxes.map((box) => box.top)) - top;
  const below = Math.max(...boxes.map((box) => box.bottom)) - bottom;
  // Of what is higher than the window, the picture is seen.
  const wanted = above < 0 || below > above ? above : Math.max(0, below);
  const end = document.documentElement.scrollHeight - innerHeight - scrollY;
  const way = Math.max(-scrollY, Math.min(end, wanted));
  if (way) scrollBy({ top: way, behavior: calm() ? "instant" : "smooth" });
  return way;
}

/** Adds a button to the figure that leads back to the link, until that is in sight again; returns what takes it away. */
function offerWayBack({ root }, link) {
  root.querySelector(".ln-back")?.remove();
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "ln-back",
    textContent: "↩ Back to the text",
  });
  let wasAway = false;
  const sight = new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting && wasAway) leave();
    wasAway ||= !isIntersecting;
  });
  const leave = () => {
    sight.disconnect();
    button.remove();
  };
  button.addEventListener("click", () => {
    leave();
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: "center", behavior: calm() ? "instant" : "smooth" });
  });
  root.querySelector(".ln-controls, .ln-buttons").append(button);
  sight.observe(link);
  return leave;
}

/** Keeps where a figure stands with this entry of the history, so that Back and Forward find it. */
function remember(id, keep, ...address) {
  const moved = { ...history.state?.moved, [id]: positions(figures.get(id)) };
  history[keep]({ ...history.state, moved }, "", ...address);
}

/** Does what a link in the text asks. */
function follow(link) {
  const { figure: id, moves: query } = link.dataset;
  const figure = figures.get(id);
  const moves = asked(figure, query);
  const keys = moves.map(([key]) => key);
  remember(id, "replaceState");
  figure.set(Object.fromEntries(moves));
  figure.restart?.(); // where the controls stood there already, a run may have left
  remember(id, "pushState", link.hash);
  const { top, bottom } = link.getBoundingClientRect();
  const leave = offerWayBack(figure, link);
  const way = bringIntoView(figure, keys);
  mark(figure, keys);
  const [first, last] = inSight();
  if (bottom - way >= first && top - way <= last) leave();
}

/** After Back, Forward or Reload: figures stand where they stood. */
function recall() {
  for (const [id, stood] of Object.entries(history.state?.moved ?? {})) {
    const figure = figures.get(id);
    if (!figure) continue;
    figure.set(Object.fromEntries(Object.entries(stood).filter(([key]) => figure.keys.includes(key))));
    figure.root.querySelector(".ln-back")?.remove();
  }
}

/** Does what the address asks, as in page.html#figure?w=0.5, unless the reader has been here. */
function followAddress() {
  const [id, query] = location.hash.slice(1).split("?");
  const figure = figures.get(id);
  if (!figure || !query || history.state?.moved) return;
  figure.set(Object.fromEntries(asked(figure, query)));
  figure.root.scrollIntoView();
}

/** A number in the text is what the figure's read-out says. */
function bind(place) {
  const { figure: id, readout, digits } = place.dataset;
  withFigure(id, (figure) => {
    const { keys, starts, get } = figure;
    const show = () => {
      place.textContent = inWords(figure.readout(readout).value, Number(digits));
    };
    figure.onChange(show);
    if (keys.some((key) => get(key) !== starts[key])) show();
  });
}

export function mountMoves() {
  document.querySelectorAll("a.ln-move").forEach((link) => {
    link.hash += `?${link.dataset.moves}`; // to be copied, or opened beside this page
    link.addEventListener("click", (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      follow(link);
    });
  });
  document.querySelectorAll(".ln-live[data-figure]").forEach(bind);
  addEventListener("popstate", recall);
  addEventListener("hashchange", followAddress);
  recall();
  followAddress();
}
