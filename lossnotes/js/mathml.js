// A formula as MathML, for what is shown after the page was built. All text in it is escaped.

const NAMES = { sqrt: "√", sigmoid: "σ", pi: "π", e: "e", inf: "∞" };
const SIGNS = { "+": "+", "-": "−", "*": "·", "/": "/" };
/** How tightly a formula holds together: a part that holds less than where it stands needs brackets. */
const [SUM, PRODUCT, POWER, ATOM] = [0, 1, 2, 3];

const escaped = (text) =>
  text.replaceAll(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const row = (...parts) => `<mrow>${parts.join("")}</mrow>`;
const operator = (sign) => `<mo>${sign}</mo>`;
const bracketed = (inside) => row('<mo stretchy="true">(</mo>', inside, '<mo stretchy="true">)</mo>');

function number(value) {
  const text = `<mn>${escaped(String(Math.abs(value)))}</mn>`;
  return value < 0 ? row(operator("−"), text) : text;
}

/** A name; what follows "_" stands lower. */
function name(text) {
  const [base, ...lower] = text.split("_");
  const letter = `<mi>${escaped(base)}</mi>`;
  return lower.length ? `<msub>${letter}<mi>${escaped(lower.join("_"))}</mi></msub>` : letter;
}

function holds(tree) {
  if (typeof tree === "number") return tree < 0 ? SUM : ATOM;
  if (!Array.isArray(tree)) return ATOM;
  const [head, , second] = tree;
  if (head === "+" || (head === "-" && second !== undefined)) return SUM;
  if (head === "-" || head === "*" || head === "sum") return PRODUCT;
  return head === "^" || head === "exp" ? POWER : ATOM;
}

/** A formula that stands where at least so much must hold together. */
const within = (tree, least) => (holds(tree) < least ? bracketed(inner(tree)) : inner(tree));

/** Whether a factor may follow another without a sign: 2z and yz, but 2·3 and z·2. */
const needsSign = (tree) =>
  typeof tree === "number" || (Array.isArray(tree) && ["^", "*"].includes(tree[0]) && needsSign(tree[1]));
const isNegative = (tree) => tree < 0 || (Array.isArray(tree) && tree[0] === "-" && tree.length === 2);

function sumOf([head, ...parts]) {
  const [first, ...rest] = parts;
  if (!rest.length) return row(operator(SIGNS[head]), within(first, PRODUCT));
  const terms = rest.map((part) => operator(SIGNS[head]) + within(part, isNegative(part) ? ATOM : PRODUCT));
  return row(inner(first), ...terms);
}

function productOf([, first, ...rest]) {
  const factors = rest.map((part) => {
    const sign = needsSign(part) ? operator("·") : "<mo>&#x2062;</mo>";
    return sign + within(part, isNegative(part) ? ATOM : POWER);
  });
  return row(within(first, first[0] === "sum" ? ATOM : PRODUCT), ...factors);
}

function inner(tree) {
  if (typeof tree === "number") return number(tree);
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
      return row("<mo>|</mo>", inner(first), "<mo>|</mo>");
    case "at":
      return `<msub>${name(first)}${inner(second)}</msub>`;
    case "sum":
      return row(`<munder><mo>∑</mo><mi>${escaped(first)}</mi></munder>`, within(tree[4], PRODUCT));
    default:
      return first === undefined ? `<mi>${NAMES[head] ?? escaped(head)}</mi>` : called(tree);
  }
}

function called([head, ...parts]) {
  const between = parts.map(inner).join(operator(","));
  return row(`<mi>${NAMES[head] ?? escaped(head)}</mi>`, "<mo>&#x2061;</mo>", bracketed(between));
}

/** A formula as a `math` element. */
export const mathml = (tree) => `<math>${inner(tree)}</math>`;

/** How a formula begins, as a `math` element: its first summand, factor or numerator. */
export function beginning(tree) {
  const dots = operator("⋯");
  const begun = (part) => {
    const [head, first, second] = Array.isArray(part) ? part : [];
    if (head === "+" || head === "-") {
      if (second === undefined) return row(operator(SIGNS[head]), begun(first));
      return [
        ["+", "-"].includes(first[0]) && first.length > 2 ? begun(first) : inner(first),
        operator(SIGNS[head]),
        dots,
      ];
    }
    if (head === "*") return [within(first, PRODUCT), operator("·"), dots];
    if (head === "/") return `<mfrac>${inner(first)}<mrow>${dots}</mrow></mfrac>`;
    if (head === undefined || first === undefined) return dots;
    return head === "^" || head === "exp"
      ? `<msup>${head === "exp" ? "<mi>e</mi>" : inner(first)}${dots}</msup>`
      : row(`<mi>${NAMES[head] ?? escaped(head)}</mi>`, bracketed(dots));
  };
  const parts = begun(tree);
  return `<math>${Array.isArray(parts) ? row(...parts) : parts}</math>`;
}
