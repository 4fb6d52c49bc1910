// What a picture says of parts that are not seen: a point outside the frame, an arrow too short to be seen.

import { shown } from "./shared.js";

const SVG = "http://www.w3.org/2000/svg";
/** Significant digits of a number in the picture. */
const DIGITS = 3;
/** An arrow shorter than this, in the picture's units, is a dot, and how wide that is. */
const [SHORT, DOT] = [3, 1.2];
/** The part of the frame's width right of which there is no room for a number. */
const ROOM = 0.75;
const EIGHTHS = Array.from({ length: 9 }, (_, n) => (n * Math.PI) / 4);

/** Whether an arrow is too short to be seen as one. */
export function isShort(x, y, tipX, tipY) {
  return Math.hypot(tipX - x, tipY - y) < SHORT;
}

/** A dot as path data. */
export function dot(x, y) {
  return `M${EIGHTHS.map((t) => `${(x + DOT * Math.cos(t)).toFixed(2)} ${(y + DOT * Math.sin(t)).toFixed(2)}`).join("L")}`;
}

/** The group with this name, empty; one that Matplotlib has drawn gives way to it. */
function group(svg, name) {
  let found = svg.querySelector(`[data-mark="${name}"]`);
  if (!found) {
    svg.querySelectorAll(`[data-gid="${name}"]`).forEach((first) => first.remove());
    found = svg.appendChild(document.createElementNS(SVG, "g"));
    found.dataset.mark = name;
    found.setAttribute("pointer-events", "none");
  }
  found.replaceChildren();
  return found;
}

function add(parent, tag, attributes, text = "") {
  const node = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.textContent = text;
  parent.append(node);
}

/** As large as the panel's other letters. */
function write(parent, text, x, y, anchor, fill = "") {
  const letters = parent.ownerSVGElement.querySelector("text[style]")?.getAttribute("style") ?? "";
  const style = `${letters};text-anchor:${anchor};${fill}`;
  add(parent, "text", { x: x.toFixed(2), y: y.toFixed(2), style }, text);
}

/** Numbers beside arrows that are dots: of each its place and what it stands for. Near the right edge, left of it. */
export function numberDots({ svg, box: [left, , width] }, name, dots, { style: { stroke } }) {
  const numbers = group(svg, name);
  // Of the arrow's colour, and dark enough for letters.
  const fill = stroke ? `fill:color-mix(in srgb, ${stroke} 70%, currentColor)` : "";
  dots.forEach(([x, y, value]) => {
    const isLeft = x > left + ROOM * width;
    write(numbers, shown(value, DIGITS), x + (isLeft ? -5 : 5), y - 5, isLeft ? "end" : "start", fill);
  });
}

/**
 * Where a point is seen: at its place, or at the edge of the frame that it has left, with an arrow that says
 * which way and with its value. Undefined where it has no place.
 */
export function placeOrEdge({ svg, box: [left, top, width, height] }, name, style, [across, down], [x, y]) {
  if (Number.isNaN(across) || Number.isNaN(down)) {
    group(svg, name);
    return undefined;
  }
  const seen = [Math.min(left + width, Math.max(left, across)), Math.min(top + height, Math.max(top, down))];
  const [dx, dy] = [across - seen[0], down - seen[1]].map((way) => (Math.abs(way) > 0.5 ? Math.sign(way) : 0));
  const marked = svg.querySelector(`[data-mark="${name}"], [data-gid="${name}"]`);
  const mark = marked || dx || dy ? group(svg, name) : undefined;
  if (!dx && !dy) return { at: [across, down], out: false };
  const turn = (Math.atan2(dy, dx) * 180) / Math.PI;
  add(mark, "path", {
    d: "M0 0L-9 -5L-9 5Z",
    style,
    transform: `translate(${seen.map((v) => v.toFixed(2))})rotate(${turn})`,
  });
  const text = dx && dy ? `(${shown(x, DIGITS)}, ${shown(y, DIGITS)})` : shown(dx ? x : y, DIGITS);
  const right = seen[0] > left + width / 2;
  const low = seen[1] > top + height / 2;
  write(mark, text, seen[0] + (right ? -12 : 12), seen[1] + (low ? -4 : 12), right ? "end" : "start");
  return { at: seen, out: true };
}
