// Values that are searched for or added up, in the steps of Python's numerical.py.

const GRID = 200;
const [SECTIONS, HALVINGS] = [50, 50];
const [LEVEL, ROUNDING] = [1e-9, 2 ** -49];
const GOLDEN = (Math.sqrt(5) - 1) / 2;

function section(value, from, to) {
  let [a, b] = [from, to];
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [fc, fd] = [value(c), value(d)];
  for (let n = 0; n < SECTIONS; n += 1) {
    if (fc <= fd) {
      [b, d, fd] = [d, c, fc];
      c = b - GOLDEN * (b - a);
      fc = value(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + GOLDEN * (b - a);
      fd = value(d);
    }
  }
  return (a + b) / 2;
}

/** How far a flat reaches to one side. */
function edge(value, grid, heights, [place, start, step], level) {
  let [inner, k] = [place, start + step];
  for (; heights[k] <= level; k += step) inner = grid[k];
  if (k < 0 || k > GRID) return inner;
  let outer = grid[k];
  for (let n = 0; n < HALVINGS; n += 1) {
    const middle = (inner + outer) / 2;
    if (value(middle) <= level) inner = middle;
    else outer = middle;
  }
  return inner;
}

const seenAs = (found) => (Number.isFinite(found) ? found : Infinity);

/** The place between two ends at which a function is lowest, of a flat its middle; NaN where it has no finite value or falls without end. */
export function lowest(f, low, high) {
  if (!(low < high)) return NaN;
  const value = (x) => seenAs(f(x));
  const grid = Array.from({ length: GRID + 1 }, (_, n) => low + (high - low) * (n / GRID));
  const values = grid.map((x) => f(x));
  if (values.includes(-Infinity)) return NaN;
  const heights = values.map(seenAs);
  const seen = heights.filter(Number.isFinite);
  if (!seen.length) return NaN;
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  const k = heights.findIndex((height) => height <= least + 1e-12 * (most - least));
  let place = section(value, grid[Math.max(k - 1, 0)], grid[Math.min(k + 1, GRID)]);
  let height = value(place);
  if (heights[k] <= height) [place, height] = [grid[k], heights[k]];
  const beside = [heights[k - 1], heights[k + 1]].filter(Number.isFinite);
  const rise = beside.length ? Math.max(Math.min(...beside) - height, 0) : 0;
  const level = height + LEVEL * rise + ROUNDING * Math.abs(height);
  const [left, right] = [-1, 1].map((step) => edge(value, grid, heights, [place, k, step], level));
  const isEnd = place === grid[0] || place === grid[GRID];
  return isEnd && right - left < grid[1] - grid[0] ? place : (left + right) / 2;
}

const PANELS = 100;
/** The Gauss–Legendre rule of eight places, which lie alike on both sides of the middle. */
const HALF = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.22238103445337448],
  [0.9602898564975363, 0.10122853629037626],
];
const RULE = HALF.flatMap(([place, weight]) => [
  [-place, weight],
  [place, weight],
]);

/** The integral of a function between two ends. */
export function quadrature(f, low, high) {
  const half = (high - low) / PANELS / 2;
  let total = 0;
  for (let n = 0; n < PANELS; n += 1) {
    const middle = low + half * (2 * n + 1);
    for (const [place, weight] of RULE) total += weight * f(middle + half * place);
  }
  return half * total;
}
