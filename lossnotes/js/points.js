// The points of a panel: where they are seen, and the handles by which they are dragged.

import { placeOrEdge } from "./marks.js";

/** The rows of values for which a point is seen: one, or one for each member of its list. */
function rowsOf({ slot }, values) {
  return slot === undefined ? [values] : values[slot].map((_, k) => [k + 1, ...values]);
}

/** As many markers as there are members: copies of the first that Matplotlib has drawn. */
function markersOf(svg, n, count) {
  const markers = [...svg.querySelectorAll(`[data-gid="point-${n}"] use`)];
  markers.splice(count).forEach((marker) => marker.remove());
  while (markers.length < count) {
    const marker = markers[0].cloneNode();
    markers.at(-1).after(marker);
    markers.push(marker);
  }
  return markers;
}

/** Each point's marker, and the handle over it. */
export function movePoints(panel, values) {
  const { svg, to, points } = panel;
  points.forEach((point, n) => {
    const rows = rowsOf(point, values);
    const isOne = point.slot === undefined;
    const markers = markersOf(svg, n, rows.length);
    const style = markers[0].getAttribute("style") ?? markers[0].parentElement.getAttribute("style") ?? "";
    rows.forEach((row, k) => {
      const [x, y] = point.at.map((f) => f(row));
      const name = isOne ? `${n}` : `${n}-${k}`;
      const spot = placeOrEdge(panel, `edge-${name}`, style, [to.across(x), to.down(y)], [x, y]);
      const handle = point.drag.length ? handleOf(panel, point, name, k) : null;
      [markers[k], handle].filter(Boolean).forEach((marker) => put(marker, spot));
    });
    if (!isOne) dropAbsent(svg, n, rows.length);
  });
}

/** At the edge an arrow stands for the point; it can still be dragged. */
function put(marker, spot) {
  const isSeen = spot && !(spot.out && marker.tagName === "use");
  marker.setAttribute("visibility", isSeen ? "visible" : "hidden");
  if (!spot) return;
  const [h, v] = marker.tagName === "circle" ? ["cx", "cy"] : ["x", "y"];
  marker.setAttribute(h, spot.at[0].toFixed(2));
  marker.setAttribute(v, spot.at[1].toFixed(2));
}

/** Takes away what a list that has become shorter has left. */
function dropAbsent(svg, n, count) {
  const left = svg.querySelectorAll(
    `[data-handle^="${n}-"], [data-mark^="edge-${n}-"], g[data-gid^="edge-${n}-"], [data-gid^="edge-${n}-"]`,
  );
  left.forEach((part) => {
    const name = part.dataset.handle ?? part.dataset.mark ?? part.dataset.gid;
    if (Number(name.split("-").at(-1)) >= count) part.remove();
  });
}

/** A wide invisible handle on a point that can be dragged, made where there is none: a marker is too small for a finger. */
function handleOf({ svg, to, hold }, { drag, lists }, name, k) {
  const found = svg.querySelector(`[data-handle="${name}"]`);
  if (found) return found;
  const handle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  Object.entries({ "data-handle": name, r: 16, fill: "transparent" }).forEach(([at, v]) => handle.setAttribute(at, v));
  lists.forEach((key) => handle.setAttribute(`data-of-${key}`, k));
  handle.classList.add("ln-handle");
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const held = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    hold(drag, to.data(held.x, held.y), k);
  });
  svg.append(handle);
  return handle;
}
