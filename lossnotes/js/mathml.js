// A formula as MathML, for what is shown after the page was built. All text in it is escaped.

const NAMES = { sqrt: "√", sigmoid: "σ", pi: "π", inf: "∞" };
const SIGNS = { "+": "+", "-": "−" };
/** How tightly a formula holds together: a part that holds less than where it stands needs brackets. */
const [SUM, PRODUCT, POWER, ATOM] = [0, 1, 2, 3];

const escaped = (text) =>
  text.replaceAll(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const row = (...parts) => `<mrow>${parts.join("")}</mrow>`;
const operator = (sign) => `<mo>${sign}</mo>`;
const THIN = '<mspace width="0.17em"></mspace>';
const DOTS = operator("⋯");

/** Brackets grow with what is high; without a font for mathematics they would grow beside letters too. */
function bracketed(inside) {
  const grows = /<m(?:frac|under)>/.test(inside);
  const [open, close] = ["(", ")"].map((one) => `<mo stretchy="${grows}">${one}</mo>`);
  return row(open, inside, close);
}

/** A name; what follows "_" stands lower. */
function name(text) {
  const [base, ...lower] = text.split("_");
  const letter = `<mi>${escaped(base)}</mi>`;
  return lower.length ? `<msub>${letter}<mi>${escaped(lower.join("_"))}</mi></msub>` : letter;
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
  const terms = rest.map((part) => operator(SIGNS[head]) + within(part, isNegative(part) ? ATOM : PRODUCT));
  return row(inner(first), ...terms);
}

/** Whether a factor must be kept apart by a dot: a number, or a power of one. */
const isNumber = (tree) => typeof tree === "number" || (isTree(tree, "^", "*") && isNumber(tree[1]));

function productOf([, first, ...rest]) {
  let before = first;
  const factors = rest.map((part) => {
    const gap = isCall(before) || isCall(part) ? THIN : "";
    before = part;
    return (isNumber(part) ? operator("·") : operator("&#x2062;") + gap) + within(part, POWER);
  });
  return row(within(first, isTree(first, "sum") ? ATOM : PRODUCT), ...factors);
}

/** ln p and ln(1 − p): a name stands alone after ln, as it may be typed. */
function called([head, ...parts]) {
  const [first] = parts;
  const isAlone = head === "ln" && (typeof first === "string" || isTree(first, "at"));
  const inside = parts.map(inner).join(operator(","));
  return row(
    `<mi>${NAMES[head] ?? escaped(head)}</mi>`,
    operator("&#x2061;"),
    isAlone ? THIN + inside : bracketed(inside),
  );
}

function inner(tree) {
  if (typeof tree === "number") return `<mn>${escaped(String(tree))}</mn>`;
  if (typeof tree === "string") return name(tree);
  const [head, first, second] = tree;
  switch (head) {
    case "+":
    case "-":
      return sumOf(tree);
    case "*":
      return productOf(tree);
    case "/":
      return tree.slice(2).reduce((above, below) => `<mfrac>${above}${inner(below)}</mfrac>`, inner(first));
    case "^":
      return `<msup>${within(first, ATOM)}${inner(second)}</msup>`;
    case "exp":
      return `<msup><mi>e</mi>${inner(first)}</msup>`;
    case "sqrt":
      return `<msqrt>${inner(first)}</msqrt>`;
    case "abs":
      return row(operator("|"), inner(first), operator("|"));
    case "at":
      return `<msub>${name(first)}${inner(second)}</msub>`;
    case "sum":
      return row(`<munder><mo>∑</mo><mi>${escaped(first)}</mi></munder>`, within(tree[4], PRODUCT));
    default:
      return first === undefined ? `<mi>${NAMES[head] ?? escaped(head)}</mi>` : called(tree);
  }
}

/** A formula as a `math` element, large where it stands in a line of its own. */
export const mathml = (tree, isLarge = false) => `<math displaystyle="${isLarge}">${inner(tree)}</math>`;

/** The first summand, factor or numerator of a formula, and dots. */
function begun(tree) {
  const [head, first, ...rest] = Array.isArray(tree) ? tree : [];
  if (isNegative(tree)) return row(operator(SIGNS[head]), begun(first));
  if (isTree(tree, "+", "-")) {
    const isLonger = holds(first) === SUM;
    return row(isLonger ? begun(first) : inner(first), isLonger ? "" : operator(SIGNS[head]) + DOTS);
  }
  if (head === "*") return isTree(first, "*") ? begun(first) : row(within(first, POWER), operator("·"), DOTS);
  if (head === "/") return `<mfrac>${inner(first)}${DOTS}</mfrac>`;
  if (head === "^") return `<msup>${within(first, ATOM)}${DOTS}</msup>`;
  if (head === "exp") return `<msup><mi>e</mi>${DOTS}</msup>`;
  return rest.length || first !== undefined ? row(`<mi>${NAMES[head] ?? escaped(head)}</mi>`, bracketed(DOTS)) : DOTS;
}

/** How a formula begins, as a `math` element. */
export const beginning = (tree) => `<math>${begun(tree)}</math>`;
