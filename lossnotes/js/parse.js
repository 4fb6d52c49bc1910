// Reads a typed formula. What it cannot read, it names, with the place.
//
//    sum      = product (("+" | "-") product)*
//    product  = sign (("*" | "/") sign | power)*        a power that follows is multiplied, but for 1½
//    sign     = ("-" | "+") sign | power
//    power    = atom ("^" exponent | superscript)?
//    exponent = ("-" | "+") exponent | power            so x^y^z = x^(y^z), -x^2 = -(x^2)
//    atom     = number | name | constant | function argument | "(" sum ")" | "|" sum "|"
//    argument = "(" sum ")" | number | name | constant  a bare one must stand alone

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
  µ: "μ",
};
const SUPERSCRIPTS = { ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((c, n) => [c, String(n)])), "⁻": "-" };
const SPACES = " \t\n\r\u00a0\u2002\u2003\u2009\u200a\u202f\u205f";
const FRACTIONS = { "½": [1, 2], "⅓": [1, 3], "⅔": [2, 3], "¼": [1, 4], "¾": [3, 4] };
const CONSTANTS = { e: "e", pi: "pi", π: "pi" };
/** A function's name in a tree → how it may be typed, the first as the reader is told of it. */
const SPELLINGS = {
  exp: ["exp"],
  ln: ["ln", "log"],
  sqrt: ["sqrt", "√"],
  abs: ["abs"],
  sigmoid: ["sigma", "σ", "sigmoid"],
  softplus: ["softplus"],
  tanh: ["tanh"],
  sin: ["sin"],
  cos: ["cos"],
  sign: ["sign", "sgn"],
};
const CALLED = Object.fromEntries(
  Object.entries(SPELLINGS).flatMap(([name, typed]) => typed.map((word) => [word, name])),
);

const OPERAND = "a number, a name or an opening bracket";
const STARTS = ["name", "constant", "function", "fraction", "("];
const ADVICE = {
  ",": ". Decimals have a point, as in 0.5; functions have one argument",
  "=": ". Leave out the left side",
  "\\": ". Write sigma(z), not \\sigma(z)",
  "{": ". Use round brackets",
  "}": ". Use round brackets",
  "%": ". Divide by 100",
};

/** A text that is no formula; says where, what was expected and what came. */
export class FormulaError extends Error {}

const has = (table, key) => Object.hasOwn(table, key);

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

function vocabulary(spellings) {
  const functions = Object.values(SPELLINGS)
    .map(([first]) => first)
    .join(", ");
  if (!spellings.length) return `a number or a function (${functions})`;
  const known = spellings
    .map(([first, ...more]) => (more.length ? `${first} (${more.join(" or ")})` : first))
    .join(", ");
  return `one of the names ${known}, or a function (${functions})`;
}

/**
 * A text as a tree. `spellings` has for each name how it may be typed, first as it is called in the tree.
 * Throws FormulaError where it is none.
 */
export function parse(text, spellings = []) {
  return new Parser(text, spellings).formula();
}

// --- words ---------------------------------------------------------------------------

class Words {
  constructor(text, spellings) {
    // A character outside the first 65536 counts as one.
    if (text.length > 2 * LONGEST || [...text].length > LONGEST) {
      throw new FormulaError(`expected at most ${LONGEST} characters; got more`);
    }
    this.spellings = spellings;
    this.names = Object.fromEntries(spellings.flatMap((typed) => typed.map((word) => [word, typed[0]])));
    this.chars = [...text.normalize("NFC")].map((c) => (has(ALIASES, c) ? ALIASES[c] : c));
    this.found = [];
    for (let at = 0; at < this.chars.length;) at += this.next(at);
    this.found.push({ kind: "end", text: "", place: this.chars.length + 1 });
  }
  /** Adds what stands at a place to the words found, and says how many characters it takes. */
  next(at) {
    const char = this.chars[at];
    const place = at + 1;
    const add = (kind, text, length = 1) => {
      this.found.push({ kind, text, place });
      return length;
    };
    const number = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/.exec(this.chars.slice(at).join(""));
    if (SPACES.includes(char)) return 1;
    if (number) return add("number", inRange(number[0], place), number[0].length);
    if (has(FRACTIONS, char)) return add("fraction", char);
    if (has(SUPERSCRIPTS, char)) {
      const raised = this.taken(at, (c) => has(SUPERSCRIPTS, c));
      return add("superscript", superscript(raised, place), raised.length);
    }
    if (/\p{L}|√/u.test(char)) {
      const word = char === "√" ? [char] : this.taken(at, (c) => /[\p{L}\p{M}_0-9]/u.test(c));
      this.found.push(...this.meanings(word.join(""), place));
      return word.length;
    }
    if (char === "*" && this.chars[at + 1] === "*") return add("^", "**", 2);
    if ("+-*/^()|".includes(char)) return add(char, char);
    throw new FormulaError(
      `place ${place}: expected ${OPERAND}, or an operator; got ${quoted(char)}${ADVICE[char] ?? ""}`,
    );
  }
  taken(at, belongs) {
    let end = at;
    while (end < this.chars.length && belongs(this.chars[end])) end += 1;
    return this.chars.slice(at, end);
  }
  meanings(word, place) {
    if (has(this.names, word)) return [{ kind: "name", text: word, place }];
    if (has(CALLED, word)) return [{ kind: "function", text: word, place }];
    if (has(CONSTANTS, word)) return [{ kind: "constant", text: word, place }];
    const parts = [...word].length <= LONGEST_PRODUCT ? this.productOfNames(word) : null;
    if (!parts) throw new FormulaError(`place ${place}: expected ${vocabulary(this.spellings)}; got ${quoted(word)}`);
    let at = place;
    return parts.map((text) => {
      at += [...text].length;
      return { kind: "name", text, place: at - [...text].length };
    });
  }
  /** `wx` as `w`, `x`; the longest name first. */
  productOfNames(word) {
    if (!word) return [];
    const longestFirst = Object.keys(this.names).sort((a, b) => [...b].length - [...a].length || (a < b ? -1 : 1));
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
  constructor(text, spellings) {
    ({ found: this.tokens, names: this.names } = new Words(text, spellings));
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
      case "constant":
        return [CONSTANTS[this.take().text]];
      default:
        throw this.expected(what);
    }
  }
  /** What stands between brackets or bars. Within bars another bar closes; within brackets it opens again. */
  between(close, what) {
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
  call() {
    const word = this.take().text;
    const name = CALLED[word];
    if (this.token.kind === "(") return [name, this.between(")", "a closing bracket")];
    const argument = this.single(`an opening bracket after ${quoted(word)}`);
    // log 2p is log(2p) to one reader and log(2)·p to another.
    if ([...STARTS, "^", "superscript"].includes(this.token.kind)) {
      throw this.expected(`brackets around the argument of ${quoted(word)}`);
    }
    return [name, argument];
  }
}
