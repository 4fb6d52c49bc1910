// Made data from a stated seed: the numbers that Python's Draws draws. Number k of a seed depends on the two alone.

const WORD = 2 ** 32;
const GOLDEN = 0x9e3779b9;

/** A 32-bit hash. */
function mix(x) {
  let h = (x + GOLDEN) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** Number k of a stream, above 0 and below 1. */
const uniform = (start, k) => (mix((start + Math.imul(k, GOLDEN)) >>> 0) + 0.5) / WORD;

const rounded = (x) => Math.floor(x * 100 + 0.5) / 100;

/** The numbers of a seed: rounded to two decimals, as the last digits of a logarithm differ from engine to engine. */
export function draw({ kind, parameters: [first, second], count, far }, seed) {
  const start = mix(seed);
  const number = (k) => {
    const u = uniform(start, 2 * k);
    if (kind === "bernoulli") return u < first ? 1 : 0;
    if (kind === "uniform") return rounded(first + (second - first) * u);
    const turn = 2 * Math.PI * uniform(start, 2 * k + 1);
    return rounded(first + second * Math.sqrt(-2 * Math.log(u)) * Math.cos(turn)); // Box and Muller
  };
  const drawn = Array.from({ length: count }, (_, k) => number(k));
  return far === null ? drawn : [...drawn.slice(0, -1), far];
}

/** The seed after this one; after the last, the first. */
export const nextSeed = (seed) => (seed + 1) % WORD;

/** A seed as it may stand in a link; undefined where that is none. */
export function asSeed(text) {
  return /^\d{1,10}$/.test(String(text).trim()) && Number(text) < WORD ? Number(text) : undefined;
}
