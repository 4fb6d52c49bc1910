// What a formula may call, by the name that it has in a tree. Each keeps its digits where its definition would lose them.

const { exp, log: ln, log1p, expm1, log2, log10, sqrt, abs, sign, floor, sin, cos, tan, tanh, sinh, cosh } = Math;

/** A polynomial, its highest coefficient first. */
const polynomial = (coefficients) => (x) => coefficients.reduce((value, c) => value * x + c);

const B = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]; // B₂, B₄, ...
/** Stirling's series: lnΓ(x + 1) − x ln x + x − ½ ln 2πx in odd powers of 1/x, times x. */
const stirling = polynomial(B.map((b, i) => b / ((2 * i + 2) * (2 * i + 1))).reverse());
/** ½ ln x + lnΓ(x) − lnΓ(x + ½) in the same powers. */
const halfStep = polynomial(B.map((b, i) => (b * (1 - 4 ** -(i + 1))) / ((i + 1) * (2 * i + 1))).reverse());
/** From here on what the series leave out is below rounding. */
const ENOUGH = 10;
const HALF_LN_TAU = 0.5 * ln(2 * Math.PI);

function lngamma(x) {
  if (!(x >= 0) || x === 0) return x === 0 ? Infinity : NaN;
  let [shift, y] = [0, x];
  for (; y < ENOUGH; y += 1) shift += ln(y);
  return (y - 0.5) * ln(y) - y + HALF_LN_TAU + stirling(1 / y / y) / y - shift;
}

const softplus = (x) => Math.max(x, 0) + log1p(exp(-abs(x)));
const sigmoid = (x) => (x >= 0 ? 1 / (1 + exp(-x)) : ((e) => e / (1 + e))(exp(x)));

function logcosh(x) {
  const a = abs(x);
  return a < 2 ? log1p(2 * sinh(a / 2) ** 2) : a - Math.LN2 + log1p(exp(-2 * a));
}

function log1psquare(x) {
  const a = abs(x);
  return a <= 1 ? log1p(a * a) : 2 * ln(a) + log1p(1 / a / a);
}

function logsumexp(...z) {
  const top = Math.max(...z);
  const first = z.indexOf(top);
  return top + log1p(z.reduce((sum, t, j) => (j === first ? sum : sum + exp(t - top)), 0));
}

/** A mean over a yes or no; what has no weight may be infinite. */
function mix(y, a, b) {
  const blend = y * a + (1 - y) * b;
  if (!Number.isNaN(blend)) return blend;
  if (y >= 1) return a;
  return y <= 0 ? b : blend;
}

function bernoulliCost(z, y) {
  const weight = z < 0 ? y : 1 - y;
  return (weight ? weight * abs(z) : 0) + log1p(exp(-abs(z)));
}

function bernoulliSlope(z, y) {
  const e = exp(-abs(z));
  const small = e / (1 + e);
  return z < 0 ? small - y : 1 - y - small;
}

const power = (z, gamma) => exp(-(gamma ? gamma * softplus(-z) : 0));

function focalSlope(z, gamma) {
  const e = exp(-abs(z));
  const [right, wrong] = [(z < 0 ? e : 1) / (1 + e), (z < 0 ? 1 : e) / (1 + e)];
  return power(z, gamma) * (right + gamma * (wrong ? wrong * softplus(z) : 0));
}

/** e^z − kz + lnΓ(k + 1), as deviance and what is left at its minimum (Loader 2000). */
function poissonCost(z, k) {
  if (z === Infinity) return z;
  if (k < 1) return exp(z) - (k ? k * z : 0) + lngamma(k + 1);
  const d = z - ln(k);
  let [n, rest] = [k, 0.5 * ln(2 * Math.PI * k)];
  for (; n < ENOUGH; n += 1) rest += (n + 0.5) * log1p(1 / n) - 1;
  return rest + (abs(d) > 2 ? exp(z) - k * (1 + d) : k * (expm1(d) - d)) + stirling(1 / n / n) / n;
}

const poissonSlope = (z, k) => ((d) => (abs(d) < 1 ? k * expm1(d) : exp(z) - k))(k > 0 ? z - ln(k) : Infinity);

const scaled = (a, b, factor, ...divisors) => divisors.reduce((x, s) => x / s, 2 * (a / 2 - b / 2) * factor);
const gaussianCost = (a, b, sigma) => 0.5 * scaled(a, b, 1, sigma) ** 2 + ln(sigma) + HALF_LN_TAU;
const laplaceCost = (a, b, scale) => abs(scaled(a, b, 1, scale)) + ln(2 * scale);

function studentCost(a, b, nu, s) {
  let [h, rest] = [nu / 2, 0];
  for (; h < ENOUGH; h += 1) rest += 0.5 * log1p(0.25 / (h * (h + 1)));
  const tail = log1psquare((a / s - b / s) / sqrt(nu));
  return ((nu + 1) / 2) * tail + ln(s) + HALF_LN_TAU + rest + halfStep(1 / h / h) / h;
}

function studentSlope(a, b, nu, s) {
  const x = (a / s - b / s) / sqrt(nu);
  if (abs(x) <= 1) return (((nu + 1) / nu) * (a / s - b / s)) / s / (1 + x * x);
  return (nu + 1) / (a - b) / (1 + 1 / x / x);
}

/** A number in float16 (kind 0), float32 (1) or float64 (2). */
function rounded(x, kind) {
  if (kind > 1) return x;
  if (kind > 0 || Number.isNaN(x)) return Math.fround(x);
  if (abs(x) >= 65520) return sign(x) * Infinity;
  const step = 1.5 * 2 ** (Math.max(floor(Math.log2(abs(x))), -14) + 42);
  return x + step - step;
}

/** The rest of a division, with the sign of the divisor. */
function mod(a, b) {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

const { asin, acos, atan, atan2, asinh, acosh, atanh, ceil } = Math;
const PLAIN = { exp, ln, log1p, expm1, log2, log10, sqrt, abs, sign, floor, ceil, sin, cos, tan, sinh, cosh, tanh };
const INVERSE = {
  asin,
  acos,
  atan,
  atan2,
  asinh,
  acosh,
  atanh,
  asec: (x) => acos(1 / x),
  acsc: (x) => asin(1 / x),
  acot: (x) => atan(1 / x),
  asech: (x) => acosh(1 / x),
  acsch: (x) => asinh(1 / x),
  acoth: (x) => atanh(1 / x),
};
const RECIPROCAL = {
  sec: (x) => 1 / cos(x),
  csc: (x) => 1 / sin(x),
  cot: (x) => 1 / tan(x),
  sech: (x) => 1 / cosh(x),
  csch: (x) => 1 / sinh(x),
  coth: (x) => 1 / tanh(x),
};
const STEPS = {
  Heaviside: (x) => (sign(x) + 1) / 2,
  frac: (x) => x - floor(x),
  mod,
  rounded,
  sinc: (x) => (x === 0 ? 1 : sin(x) / x),
};

export const FUNCTIONS = {
  ...PLAIN,
  ...INVERSE,
  ...RECIPROCAL,
  ...STEPS,
  sigmoid,
  softplus,
  logcosh,
  log1psquare,
  logsumexp,
  lngamma,
  logit: (p) => ln(p / (1 - p)),
  mix,
  redescend: (x) => (abs(x) <= 1 ? x / (1 + x * x) : 1 / (x + 1 / x)),
  difference: (a, b) => a - b,
  scaled,
  hinged: (a, b, margin) => a - b + margin,
  gaussian_cost: gaussianCost,
  laplace_cost: laplaceCost,
  halfsquare: (x) => 0.5 * x * x,
  linear_tail: (a, b, delta) => delta * (abs(a - b) - delta / 2),
  bernoulli_cost: bernoulliCost,
  bernoulli_slope: bernoulliSlope,
  focal_cost: (z, gamma) => power(z, gamma) * softplus(z),
  focal_slope: focalSlope,
  poisson_cost: poissonCost,
  poisson_slope: poissonSlope,
  student_cost: studentCost,
  student_slope: studentSlope,
};

/** A slope of which the derivative is x times a power of it. */
const grown = (x, slope, times, degree) => [slope, times * x * slope ** degree];
/** First and second derivative by the argument x and the value f, for what a reader may type. */
export const DERIVATIVES = {
  exp: (x, f) => [f, f],
  ln: (x) => [1 / x, -1 / x / x],
  sqrt: (x, f) => [0.5 / f, -0.25 / f / x],
  abs: (x) => [sign(x), 0],
  sign: () => [0, 0],
  sin: (x, f) => [cos(x), -f],
  cos: (x, f) => [-sin(x), -f],
  tan: (x, f) => [1 + f * f, 2 * f * (1 + f * f)],
  sinh: (x, f) => [cosh(x), f],
  cosh: (x, f) => [sinh(x), f],
  tanh: (x, f) => [1 / cosh(x) ** 2, (-2 * f) / cosh(x) ** 2],
  asin: (x) => grown(x, 1 / sqrt((1 - x) * (1 + x)), 1, 3),
  acos: (x) => grown(x, -1 / sqrt((1 - x) * (1 + x)), 1, 3),
  asinh: (x) => grown(x, 1 / Math.hypot(1, x), -1, 3),
  acosh: (x) => grown(x, 1 / sqrt((x - 1) * (x + 1)), -1, 3),
  atan: (x) => grown(x, 1 / (1 + x * x), -2, 2),
  atanh: (x) => grown(x, 1 / ((1 - x) * (1 + x)), 2, 2),
  log1p: (x) => [1 / (1 + x), -1 / (1 + x) ** 2],
  expm1: (x) => [exp(x), exp(x)],
  log2: (x) => [Math.LOG2E / x, -Math.LOG2E / x / x],
  log10: (x) => [Math.LOG10E / x, -Math.LOG10E / x / x],
  logcosh: (x) => [tanh(x), 1 / cosh(x) ** 2],
  sigmoid: (x, f) => ((slope) => [slope, slope * (1 - 2 * f)])(f * sigmoid(-x)),
  softplus: (x) => [sigmoid(x), sigmoid(x) * sigmoid(-x)],
  logit: (x) => [1 / x / (1 - x), (2 * x - 1) / (x * (1 - x)) ** 2],
};
