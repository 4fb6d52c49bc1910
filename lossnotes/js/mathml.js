// A formula as MathML, for what is shown after the page was built: nodes as [tag, attributes, ...what is inside], text
// as itself. No text becomes markup.

const NAMES = { sqrt: "√", sigmoid: "σ", pi: "π", inf: "∞" };
const SIGNS = { "+": "+", "-": "−" };
/** How tightly a formula holds together: a part that holds less than where it stands needs brackets. */
const [SUM, PRODUCT, POWER, ATOM] = [0, 1, 2, 3];

const node = (tag, ...inside) => [tag, {}, ...inside];
const row = (...parts) => node("mrow", ...parts);
const operator = (sign) => node("mo", sign);
const THIN = ["mspace", { width: "0.17em" }];
const DOTS = operator("⋯");

const isHigh = ([tag, , ...inside]) =>
  ["mfrac", "munder"].includes(tag) || inside.some((one) => Array.isArray(one) && isHigh(one));

/** Brackets grow with what is high; without a font for mathematics they would grow beside letters too. */
function bracketed(...inside) {
  const stretchy = String(inside.some(isHigh));
  return row(["mo", { stretchy }, "("], ...inside, ["mo", { stretchy }, ")"]);
}

/** A name; what follows "_" stands lower. */
function name(text) {
  const [base, ...lower] = text.split("_");
  return lower.length ? node("msub", node("mi", base), node("mi", lower.join("_"))) : node("mi", base);
}

const isTree = (tree, ...heads) => Array.isArray(tree) && heads.includes(tree[0]);
const isNegative = (tree) => isTree(tree, "-") && tree.length === 2;
const isCall = (tree) =>
  Array.isArray(tree) && tree.length > 1 && holds(tree) === ATOM && !isTree(tree, "at", "/", "abs");

function holds(tree) {
  if (isTree(tree, "+", "-")) return isNegative(tree) ? PRODUCT : SUM;
  if (isTree(tree, "*", "sum")) return PRODUCT;
  return isTree(tree, "^", "exp") ? POWER : ATOM;
}

/** A formula that stands where at least so much must hold together. */
const within = (tree, least) => (holds(tree) < least ? bracketed(inner(tree)) : inner(tree));

function sumOf([head, first, ...rest]) {
  if (!rest.length) return row(operator(SIGNS[head]), within(first, PRODUCT));
  const terms = rest.map((part) => [operator(SIGNS[head]), within(part, isNegative(part) ? ATOM : PRODUCT)]);
  return row(inner(first), ...terms.flat());
}

/** Whether a factor must be kept apart by a dot: a number, or a power of one. */
const isNumber = (tree) => typeof tree === "number" || (isTree(tree, "^", "*") && isNumber(tree[1]));

function productOf([, first, ...rest]) {
  let before = first;
  const factors = rest.map((part) => {
    const gap = isCall(before) || isCall(part) ? [THIN] : [];
    before = part;
    return [...(isNumber(part) ? [operator("·")] : [operator("\u2062"), ...gap]), within(part, POWER)];
  });
  return row(within(first, isTree(first, "sum") ? ATOM : PRODUCT), ...factors.flat());
}

/** ln p and ln(1 − p): a name stands alone after ln, as it may be typed. */
function called([head, ...parts]) {
  const [first] = parts;
  const isAlone = head === "ln" && (typeof first === "string" || isTree(first, "at"));
  const inside = parts.flatMap((part, n) => (n ? [operator(","), inner(part)] : [inner(part)]));
  return row(
    node("mi", NAMES[head] ?? head),
    operator("\u2061"),
    ...(isAlone ? [THIN, ...inside] : [bracketed(...inside)]),
  );
}

function inner(tree) {
  if (typeof tree === "number") return node("mn", String(tree));
  if (typeof tree === "string") return name(tree);
  const [head, first, second] = tree;
  switch (head) {
    case "+":
    case "-":
      return sumOf(tree);
    case "*":
      return productOf(tree);
    case "/":
      return tree.slice(2).reduce((above, below) => node("mfrac", above, inner(below)), inner(first));
    case "^":
      return node("msup", within(first, ATOM), inner(second));
    case "exp":
      return node("msup", node("mi", "e"), inner(first));
    case "sqrt":
      return node("msqrt", inner(first));
    case "abs":
      return row(operator("|"), inner(first), operator("|"));
    case "at":
      return node("msub", name(first), inner(second));
    case "sum":
      return row(node("munder", operator("∑"), node("mi", first)), within(tree[4], PRODUCT));
    default:
      return first === undefined ? node("mi", NAMES[head] ?? head) : called(tree);
  }
}

/** A formula as a `math` node, large where it stands in a line of its own. */
export const mathml = (tree, isLarge = false) => ["math", { displaystyle: String(isLarge) }, inner(tree)];

/** The first summand, factor or numerator of a formula, and dots. */
function begun(tree) {
  const [head, first] = Array.isArray(tree) ? tree : [];
  if (isNegative(tree)) return row(operator(SIGNS[head]), begun(first));
  if (isTree(tree, "+", "-")) {
    return holds(first) === SUM ? begun(first) : row(inner(first), operator(SIGNS[head]), DOTS);
  }
  if (head === "*") return isTree(first, "*") ? begun(first) : row(within(first, POWER), operator("·"), DOTS);
  if (head === "/") return node("mfrac", inner(first), DOTS);
  if (head === "^") return node("msup", within(first, ATOM), DOTS);
  if (head === "exp") return node("msup", node("mi", "e"), DOTS);
  return first === undefined ? DOTS : row(node("mi", NAMES[head] ?? head), bracketed(DOTS));
}

/** How a formula begins, as a `math` node. */
export const beginning = (tree) => node("math", begun(tree));

/** The element of a node. */
export function elementOf([tag, attributes, ...inside]) {
  const element = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside.map((one) => (Array.isArray(one) ? elementOf(one) : one)));
  return element;
}
