// The points of a panel: where they are seen, and the handles by which they are dragged.

import { placeOrEdge } from "./marks.js";

/** Each point's marker, and the handle over it. */
export function movePoints(panel, values) {
  const { svg, to, points } = panel;
  points.forEach(({ at }, n) => {
    const [x, y] = at.map((f) => f(values));
    const spot = placeOrEdge(panel, n, [to.across(x), to.down(y)], [x, y]);
    const [across, down] = spot?.at ?? [];
    const markers = [svg.querySelector(`[data-gid="point-${n}"] use`), svg.querySelector(`[data-handle="${n}"]`)];
    markers.filter(Boolean).forEach((marker) => {
      // At the edge an arrow stands for the point; it can still be dragged.
      const seen = spot && !(spot.out && marker.tagName === "use");
      marker.setAttribute("visibility", seen ? "visible" : "hidden");
      const [h, v] = marker.tagName === "circle" ? ["cx", "cy"] : ["x", "y"];
      if (spot) {
        marker.setAttribute(h, across.toFixed(2));
        marker.setAttribute(v, down.toFixed(2));
      }
    });
  });
}

/** A wide invisible handle on each point that can be dragged: a marker is too small for a finger. */
export function addHandles({ svg, to, points }, move) {
  points.forEach(({ drag }, n) => {
    if (!drag.length) return;
    const handle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    Object.entries({ "data-handle": n, r: 16, fill: "transparent" }).forEach(([k, v]) => handle.setAttribute(k, v));
    handle.classList.add("ln-handle");
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const held = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      move(drag, to.data(held.x, held.y));
    });
    svg.append(handle);
  });
}
