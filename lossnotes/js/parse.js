// Reads a typed formula. What it cannot read, it names, with the place.
//
//    sum      = product (("+" | "-") product)*
//    product  = sign (("*" | "/") sign | power)*        a power that follows is multiplied, but for 1½
//    sign     = ("-" | "+") sign | power
//    power    = atom ("^" exponent | superscript)?
//    exponent = ("-" | "+") exponent | power            so x^y^z = x^(y^z), -x^2 = -(x^2)
//    atom     = number | name | member | constant | function argument | "(" sum ")" | "|" sum "|"
//             | "frac" "(" sum ")" "(" sum ")" | "Σ" index? product
//    argument = "(" sum ")" | number | name | member | constant  a bare one must stand alone
//    member   = family "_" index                        z_k, zₖ, z_{k}: an index that is known, or that a Σ runs over
//
// Braces are brackets, and what LaTeX writes with a backslash reads as without it.

/** Characters of a formula, levels of brackets, signs and powers, letters of a word that may be a product of names. */
const [LONGEST, DEEPEST, LONGEST_PRODUCT] = [500, 40, 12];

const each = (characters, meaning) => Object.fromEntries([...characters].map((c) => [c, meaning]));
/** What a character stands for, where it is not itself. */
const ALIASES = {
  ...each("−–—‐‑﹣", "-"),
  ...each("·⋅∙•×∗", "*"),
  ...each("÷∕⁄", "/"),
  "[": "(",
  "]": ")",
  "∣": "|",
  "∑": "Σ",
  µ: "μ",
};
const SUPERSCRIPTS = { ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((c, n) => [c, String(n)])), "⁻": "-" };
const SUBSCRIPTS = Object.fromEntries(
  [..."₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"].map((c, n) => [c, "0123456789aehijklmnoprstuvx"[n]]),
);
/** LaTeX's own words → what they are here. */
const LATEX = { left: "", right: "", ",": "", ";": "", "!": "", cdot: "*", times: "*" };
const ACCENTS = { hat: "\u0302", bar: "\u0304", tilde: "\u0303" };
const ACCENTED = /^\\(hat|bar|tilde)\s*(?:\{\s*(\p{L})\s*\}|(\p{L}))/u;
const WORD = /^\p{L}(?:_\{[\p{L}\p{M}0-9]+\}|[\p{L}\p{M}_0-9])*/u;
/** A sum, with an index or without, which may say from where to where. */
const SUM = /^(?:sum(?!\p{L})|Σ)(?:_\{\s*(\p{L})\s*(?:=\s*1\s*)?\}|_(\p{L}))?(?:\s*\^\s*(?:\{\s*(\w+)\s*\}|(\w)))?/u;
/** A left side: a name, which may have an argument, or a derivative. */
const LEFT = /^\s*(?!sum|Σ)(?:∂\s*\p{L}\s*\/\s*∂\s*)?\p{L}[\p{L}\p{M}_0-9]{0,12}(?:\(\p{L}\))?\s*=(?!=)/u;
const MEMBER = /^(.+)_(\p{L})$/u;
const SPACES = " \t\n\r\u00a0\u2002\u2003\u2009\u200a\u202f\u205f";
const FRACTIONS = { "½": [1, 2], "⅓": [1, 3], "⅔": [2, 3], "¼": [1, 4], "¾": [3, 4] };
const CONSTANTS = { e: "e", pi: "pi", π: "pi" };
/** A function and its inverse, asin or arcsin; LaTeX writes it with a backslash. */
const withInverse = (name) => [
  [name, [name]],
  [`a${name}`, [`a${name}`, `arc${name}`, `ar${name}`]],
];
/** A function's name in a tree → how it may be typed, the first as the reader is told of it. */
const SPELLINGS = {
  exp: ["exp"],
  ln: ["ln", "log"],
  sqrt: ["sqrt", "√"],
  abs: ["abs"],
  sigmoid: ["sigma", "σ", "sigmoid"],
  softplus: ["softplus"],
  sign: ["sign", "sgn"],
  logit: ["logit"],
  log1p: ["log1p"],
  expm1: ["expm1"],
  log2: ["log2", "log_2"],
  log10: ["log10", "log_10"],
  logcosh: ["logcosh"],
  ...Object.fromEntries(["sin", "cos", "tan", "sinh", "cosh", "tanh"].flatMap(withInverse)),
};
const CALLED = Object.fromEntries(
  Object.entries(SPELLINGS).flatMap(([name, typed]) => typed.map((word) => [word, name])),
);

/** The functions that a message names. */
const TOLD = "exp, ln, sqrt, abs, sigma, softplus, sin, cos, tanh, cosh, log1p and others";
const OPERAND = "a number, a name or an opening bracket";
const STARTS = ["name", "member", "constant", "function", "fraction", "frac", "sum", "("];
const ADVICE = {
  ",": ". Decimals have a point, as in 0.5; functions have one argument",
  "=": ". Leave out the left side",
  "∂": ". Work the derivative out",
  "%": ". Divide by 100",
};

/** A text that is no formula; says where, what was expected and what came. */
export class FormulaError extends Error {}

const has = (table, key) => Object.hasOwn(table, key);

/** What a reader makes of a text as `value`; or `unread`, a sentence that says why it cannot. */
export function tried(reader, text) {
  try {
    return { value: reader(text), unread: "" };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return { unread: `${error.message[0].toUpperCase()}${error.message.slice(1)}.` };
  }
}

/** As much of a text as there is to read, and a little more. */
export function cut(text) {
  return Array.from(text.slice(0, 2 * LONGEST + 2))
    .slice(0, LONGEST + 1)
    .join("");
}

function quoted(text) {
  const visible = (c) =>
    /[\p{C}\p{Z}]/u.test(c) && c !== " " ? `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}` : c;
  const all = [...text].map(visible).join("");
  const short = [...all];
  return short.length <= 30 ? `“${all}”` : `“${short.slice(0, 30).join("")}…”`;
}

function vocabulary(spellings, { families, indices }) {
  const members = families.map(([family]) => [`${family}_${indices[0] ?? "j"}`]);
  if (!spellings.length && !members.length) return `a number or a function (${TOLD})`;
  const known = [...spellings, ...members]
    .map(([first, ...more]) => (more.length ? `${first} (${more.join(" or ")})` : first))
    .join(", ");
  return `one of the names ${known}, or a function (${TOLD})`;
}

/** What a formula about classes has besides names: families of numbers, indices that are known, and what Σ runs to. */
const NO_CLASSES = { families: [], indices: [], size: "" };

/**
 * A text as a tree. `spellings` has for each name how it may be typed, first as it is called in the tree, and
 * `classes.families` the same for each family. Throws FormulaError where it is none.
 */
export function parse(text, spellings = [], classes = NO_CLASSES) {
  // "z = ln p" answers what z is; spaces keep the places of what follows.
  const right = text.replace(LEFT, (left) => " ".repeat([...left].length));
  return new Parser(right, spellings, classes).formula();
}

/** Words as they may be typed → the name in the tree. */
const namesOf = (spellings) =>
  Object.fromEntries(spellings.flatMap((typed) => typed.map((word) => [lowered(word).join(""), typed[0]])));

/** Characters, those that stand lower as "_" and themselves: one, two or no characters for each. */
function lowered(text) {
  const chars = [...text];
  return chars.map((c, n) => {
    if (!has(SUBSCRIPTS, c)) return has(ALIASES, c) ? ALIASES[c] : c;
    return (has(SUBSCRIPTS, chars[n - 1]) ? "" : "_") + SUBSCRIPTS[c];
  });
}

// --- words ---------------------------------------------------------------------------

class Words {
  constructor(text, spellings, classes) {
    // A character outside the first 65536 counts as one.
    if (text.length > 2 * LONGEST || [...text].length > LONGEST) {
      throw new FormulaError(`expected at most ${LONGEST} characters; got more`);
    }
    Object.assign(this, { spellings, classes, names: namesOf(spellings), families: namesOf(classes.families) });
    const read = lowered(text.normalize("NFC"));
    this.chars = read.flatMap((typed) => [...typed]);
    this.places = [...read.flatMap((typed, n) => [...typed].map(() => n + 1)), read.length + 1];
    this.found = [];
    for (let at = 0; at < this.chars.length;) at += this.next(at);
    this.found.push({ kind: "end", text: "", place: read.length + 1 });
  }
  /** Adds what stands at a place to the words found, and says how many characters it takes. */
  next(at) {
    const char = this.chars[at];
    const place = this.places[at];
    const rest = this.chars.slice(at).join("");
    const add = (kind, text, length = 1, more = {}) => {
      this.found.push({ kind, text, place, ...more });
      return length;
    };
    const number = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/.exec(rest);
    if (SPACES.includes(char)) return 1;
    if (number) return add("number", inRange(number[0], place), number[0].length);
    if (has(FRACTIONS, char)) return add("fraction", char);
    if (has(SUPERSCRIPTS, char)) {
      const raised = this.taken(at, (c) => has(SUPERSCRIPTS, c));
      return add("superscript", superscript(raised, place), raised.length);
    }
    const sum = this.classes.families.length ? SUM.exec(rest) : null;
    if (sum) return add("sum", sum[0], [...sum[0]].length, { index: this.index(sum, place) });
    const word = char === "√" ? [char] : WORD.exec(rest);
    if (word) {
      this.found.push(...this.meanings(word[0].replaceAll(/[{}]/g, ""), place));
      return [...word[0]].length;
    }
    if (char === "\\") return this.latex(rest, place, add);
    if ("{}".includes(char)) return add(char === "{" ? "(" : ")", char);
    if (char === "*" && this.chars[at + 1] === "*") return add("^", "**", 2);
    if ("+-*/^()|".includes(char)) return add(char, char);
    throw this.stranger(char, place);
  }
  taken(at, belongs) {
    let end = at;
    while (end < this.chars.length && belongs(this.chars[end])) end += 1;
    return this.chars.slice(at, end);
  }
  /** The index of a sum; nothing where its term will tell. */
  index([, inBraces, bare, longEnd, shortEnd], place) {
    const { size } = this.classes;
    const end = longEnd ?? shortEnd ?? size;
    if (end !== size) throw new FormulaError(`place ${place}: expected a sum from 1 to ${size}; got one to ${end}`);
    return inBraces ?? bare ?? "";
  }
  /** Reads what begins with a backslash; most of it is left to be read without. */
  latex(rest, place, add) {
    const accented = ACCENTED.exec(rest);
    if (accented) {
      const [whole, accent, inBraces, bare] = accented;
      this.found.push(...this.meanings(((inBraces ?? bare) + ACCENTS[accent]).normalize("NFC"), place));
      return [...whole].length;
    }
    const word = /^\\(\p{L}+|[,;!])/u.exec(rest)?.[1];
    if (word === "frac") return add("frac", word, word.length + 1);
    if (word && has(LATEX, word)) return LATEX[word] ? add(LATEX[word], word, word.length + 1) : word.length + 1;
    if (word) return 1;
    throw this.stranger("\\", place);
  }
  stranger(char, place) {
    return new FormulaError(
      `place ${place}: expected ${OPERAND}, or an operator; got ${quoted(char)}${ADVICE[char] ?? ""}`,
    );
  }
  meanings(word, place) {
    const isMember = has(this.families, MEMBER.exec(word)?.[1] ?? "");
    const kinds = { name: has(this.names, word), function: has(CALLED, word), constant: has(CONSTANTS, word) };
    const kind = Object.keys(kinds).find((one) => kinds[one]) ?? (isMember ? "member" : "");
    if (kind) return [{ kind, text: word, place }];
    const parts = [...word].length <= LONGEST_PRODUCT ? this.productOfNames(word) : null;
    if (!parts) {
      const known = vocabulary(this.spellings, this.classes);
      throw new FormulaError(`place ${place}: expected ${known}; got ${quoted(word)}`);
    }
    let at = place;
    return parts.map((text) => {
      at += [...text].length;
      const part = has(this.names, text) ? "name" : has(CALLED, text) ? "function" : "member";
      return { kind: part, text, place: at - [...text].length };
    });
  }
  /** `wx` as `w`, `x`, `t_jz_j` as `t_j`, `z_j`, and `ylogp` as `y`, `log`, `p`; the longest first. */
  productOfNames(word) {
    if (!word) return [];
    const members = Object.keys(this.families).map((family) => {
      const [next] = word.slice(family.length + 1);
      return `${family}_${/\p{L}/u.test(next) ? next : ""}`;
    });
    const fits = [
      ...Object.keys(this.names),
      ...Object.keys(CALLED),
      ...members.filter((member) => MEMBER.test(member)),
    ];
    const longestFirst = fits.sort((a, b) => [...b].length - [...a].length || (a < b ? -1 : 1));
    for (const name of longestFirst) {
      const rest = word.startsWith(name) ? this.productOfNames(word.slice(name.length)) : null;
      if (rest) return [name, ...rest];
    }
    return null;
  }
}

function inRange(text, place) {
  const value = Number(text);
  if (Number.isFinite(value) && (value !== 0 || !/[1-9]/.test(text.split(/[eE]/)[0]))) return text;
  throw new FormulaError(`place ${place}: expected a number that fits 64 bits; got ${quoted(text)}`);
}

function superscript(signs, place) {
  const digits = signs.map((sign) => SUPERSCRIPTS[sign]).join("");
  if (/^-?[0-9]+$/.test(digits)) return digits;
  throw new FormulaError(`place ${place}: expected a raised whole number; got ${quoted(signs.join(""))}`);
}

// --- phrases -------------------------------------------------------------------------

class Parser {
  constructor(text, spellings, classes) {
    ({ found: this.tokens, names: this.names, families: this.families } = new Words(text, spellings, classes));
    this.classes = classes;
    /** The indices of the sums around this place; nothing for one that its term has yet to tell. */
    this.running = [];
    this.at = 0;
    this.depth = 0;
    this.bars = 0;
  }
  get token() {
    return this.tokens[this.at];
  }
  take() {
    this.at += 1;
    return this.tokens[this.at - 1];
  }
  expected(what) {
    const got = this.token.kind === "end" ? "the end" : quoted(this.token.text);
    return new FormulaError(`place ${this.token.place}: expected ${what}; got ${got}`);
  }
  /** What is read one level deeper. */
  deeper(read) {
    this.depth += 1;
    if (this.depth > DEEPEST) {
      throw new FormulaError(`place ${this.token.place}: expected at most ${DEEPEST} levels; got more`);
    }
    const tree = read(this.take());
    this.depth -= 1;
    return tree;
  }
  formula() {
    if (this.token.kind === "end") throw new FormulaError("expected a formula; got nothing");
    const tree = this.sum();
    if (this.token.kind !== "end") throw this.expected("an operator or the end");
    return tree;
  }
  sum() {
    let tree = this.product();
    while (["+", "-"].includes(this.token.kind)) tree = [this.take().kind, tree, this.product()];
    return tree;
  }
  product() {
    let tree = this.signed();
    for (;;) {
      if (["*", "/"].includes(this.token.kind)) tree = [this.take().kind, tree, this.signed()];
      else if (this.token.kind === "fraction" && this.tokens[this.at - 1].kind === "number") {
        // 1½ is a sum to most readers, and would be a product here.
        throw this.expected("+ or * before a fraction");
      } else if (STARTS.includes(this.token.kind) || (this.token.kind === "|" && !this.bars)) {
        tree = ["*", tree, this.power()];
      } else return tree;
    }
  }
  signed() {
    if (!["+", "-"].includes(this.token.kind)) return this.power();
    return this.deeper(({ kind }) => (kind === "-" ? ["-", this.signed()] : this.signed()));
  }
  power() {
    const base = this.atom();
    if (this.token.kind === "superscript") {
      const raised = Number(this.take().text);
      return ["^", base, raised < 0 || Object.is(raised, -0) ? ["-", -raised] : raised];
    }
    return this.token.kind === "^" ? this.deeper(() => ["^", base, this.signed()]) : base;
  }
  atom() {
    switch (this.token.kind) {
      case "(":
        return this.between(")", "a closing bracket");
      case "|":
        return ["abs", this.between("|", "a closing bar")];
      case "function":
        return this.call();
      case "frac":
        this.take();
        return ["/", this.between(")", "a closing brace", "("), this.between(")", "a closing brace", "(")];
      case "sum":
        return this.series();
      default:
        return this.single(OPERAND);
    }
  }
  single(what) {
    switch (this.token.kind) {
      case "number":
        return Number(this.take().text);
      case "fraction":
        return ["/", ...FRACTIONS[this.take().text]];
      case "name":
        return this.names[this.take().text];
      case "member":
        return this.member(this.take());
      case "constant":
        return [CONSTANTS[this.take().text]];
      default:
        throw this.expected(what);
    }
  }
  /** What stands between brackets or bars. Within bars another bar closes; within brackets it opens again. */
  between(close, what, open = this.token.kind) {
    if (this.token.kind !== open) throw this.expected("an opening brace");
    return this.deeper(() => {
      const { bars } = this;
      this.bars = close === "|" ? bars + 1 : 0;
      const tree = this.sum();
      if (this.token.kind !== close) throw this.expected(what);
      this.take();
      this.bars = bars;
      return tree;
    });
  }
  member({ text, place }) {
    const [, family, index] = MEMBER.exec(text);
    if (![...this.classes.indices, ...this.running].includes(index)) {
      const open = this.running.lastIndexOf("");
      if (open < 0) {
        const known = this.classes.indices.join(" or ");
        const wanted = `${known && `the index ${known}, or `}one that a sum around it runs over, as in Σ_${index} ${text}`;
        throw new FormulaError(`place ${place}: expected ${wanted}; got ${quoted(text)}`);
      }
      this.running[open] = index;
    }
    return ["at", this.families[family], index];
  }
  /** Σ takes all factors that follow. */
  series() {
    return this.deeper(({ text, index, place }) => {
      this.running.push(index);
      const term = this.product();
      const found = this.running.pop();
      if (found) return ["sum", found, 1, this.classes.size, term];
      throw new FormulaError(
        `place ${place}: expected the index that the sum runs over, as in Σ_j; got ${quoted(text)}`,
      );
    });
  }
  call() {
    const word = this.take().text;
    const name = CALLED[word];
    if (this.token.kind === "(") {
      const called = [name, this.between(")", "a closing bracket")];
      // ln(1 − p)^y is ln((1 − p)^y) to one reader and (ln(1 − p))^y to another.
      if (name !== "ln" || !["^", "superscript"].includes(this.token.kind)) return called;
      throw this.expected(`brackets around what is raised, as in ${word}((…)^2) or (${word}(…))^2`);
    }
    const argument = this.single(`an opening bracket after ${quoted(word)}`);
    // log 2p is log(2p) to one reader and log(2)·p to another.
    if ([...STARTS, "^", "superscript"].includes(this.token.kind)) {
      throw this.expected(`brackets around the argument of ${quoted(word)}`);
    }
    return [name, argument];
  }
}
