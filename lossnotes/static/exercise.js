// Asks, reads what is typed and, where there is no kernel, judges it.
// EXERCISE, before this text, holds the answer, the points at which a formula is tried, and
// the tables of the grammar. The rules are those of parse.py, tree.py, rounding.py and judge.py.

const GRAMMAR = EXERCISE.grammar;
const OPERAND = "a number, a name or an opening bracket";
const STARTS = ["name", "constant", "function", "vulgar", "("];

/** A text that is no formula; says where, what was expected and what came. */
class FormulaError extends Error {}

// --- words ---------------------------------------------------------------------------

function quoted(text) {
  const shown = [...text].map((c) => (/[\p{C}\p{Z}]/u.test(c) && c !== " "
    ? `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}` : c)).join("");
  const short = [...shown];
  return short.length <= 30 ? `“${shown}”` : `“${short.slice(0, 30).join("")}…”`;
}

const ADVICE = {
  ",": ". Decimals have a point, as in 0.5; functions have one argument",
  "=": ". Leave out the left side",
  "\\": ". Write sigma(z), not \\sigma(z)",
  "{": ". Use round brackets",
  "}": ". Use round brackets",
  "%": ". Divide by 100",
};

function has(table, key) { return Object.hasOwn(table, key); }

function tokens(text) {
  // A character outside the first 65536 counts as one, as in Python.
  if (text.length > 2 * GRAMMAR.longest || [...text].length > GRAMMAR.longest) {
    throw new FormulaError(`expected at most ${GRAMMAR.longest} characters; got more`);
  }
  const chars = [...text.normalize("NFC")].map((c) => (has(GRAMMAR.aliases, c) ? GRAMMAR.aliases[c] : c));
  const found = [];
  for (let at = 0; at < chars.length;) at += nextWord(chars, at, found);
  found.push({ kind: "end", text: "", place: chars.length + 1 });
  return found;
}

/** Adds what stands at a place to the tokens found, and says how many characters it takes. */
function nextWord(chars, at, found) {
  const char = chars[at];
  const place = at + 1;
  const number = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/.exec(chars.slice(at).join(""));
  const add = (kind, text) => found.push({ kind, text, place });
  if (GRAMMAR.spaces.includes(char)) return 1;
  if (number) { add("number", numberWord(number[0], place)); return number[0].length; }
  if (has(GRAMMAR.vulgar, char)) { add("vulgar", char); return 1; }
  if (has(GRAMMAR.superscripts, char)) {
    const raised = taken(chars, at, (c) => has(GRAMMAR.superscripts, c));
    add("superscript", superscript(raised, place));
    return raised.length;
  }
  if (/\p{L}|√/u.test(char)) {
    const word = char === "√" ? [char] : taken(chars, at, (c) => /[\p{L}\p{M}_0-9]/u.test(c));
    found.push(...wordTokens(word.join(""), place));
    return word.length;
  }
  if (char === "*" && chars[at + 1] === "*") { add("^", "**"); return 2; }
  if (GRAMMAR.operators.includes(char)) { add(char, char); return 1; }
  throw new FormulaError(
    `place ${place}: expected ${OPERAND}, or an operator; got ${quoted(char)}${ADVICE[char] ?? ""}`);
}

function taken(chars, at, belongs) {
  let end = at;
  while (end < chars.length && belongs(chars[end])) end += 1;
  return chars.slice(at, end);
}

function numberWord(text, place) {
  const value = Number(text);
  if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(text.split(/[eE]/)[0]))) {
    throw new FormulaError(`place ${place}: expected a number that fits 64 bits; got ${quoted(text)}`);
  }
  return text;
}

function superscript(signs, place) {
  const digits = signs.map((sign) => GRAMMAR.superscripts[sign]).join("");
  if (/^-?[0-9]+$/.test(digits)) return digits;
  throw new FormulaError(`place ${place}: expected a raised whole number; got ${quoted(signs.join(""))}`);
}

function wordTokens(word, place) {
  if (has(EXERCISE.names, word)) return [{ kind: "name", text: word, place }];
  if (has(GRAMMAR.spellings, word)) return [{ kind: "function", text: word, place }];
  if (has(GRAMMAR.constants, word)) return [{ kind: "constant", text: word, place }];
  const parts = [...word].length <= GRAMMAR.longestProduct ? productOfNames(word) : null;
  if (!parts) throw new FormulaError(`place ${place}: expected ${EXERCISE.vocabulary}; got ${quoted(word)}`);
  let at = place;
  return parts.map((part) => { at += [...part].length; return { kind: "name", text: part, place: at - [...part].length }; });
}

/** `wx` as `w`, `x`; the longest name first. */
function productOfNames(word) {
  if (!word) return [];
  const longestFirst = Object.keys(EXERCISE.names).sort((a, b) => [...b].length - [...a].length || (a < b ? -1 : 1));
  for (const name of longestFirst) {
    const rest = word.startsWith(name) ? productOfNames(word.slice(name.length)) : null;
    if (rest) return [name, ...rest];
  }
  return null;
}

// --- phrases -------------------------------------------------------------------------

class Parser {
  constructor(text) { this.tokens = tokens(text); this.at = 0; this.depth = 0; this.bars = 0; }
  get token() { return this.tokens[this.at]; }
  take() { this.at += 1; return this.tokens[this.at - 1]; }
  expected(what) {
    const got = this.token.kind === "end" ? "the end" : quoted(this.token.text);
    return new FormulaError(`place ${this.token.place}: expected ${what}; got ${got}`);
  }
  deeper() {
    this.depth += 1;
    if (this.depth > GRAMMAR.deepest) {
      throw new FormulaError(`place ${this.token.place}: expected at most ${GRAMMAR.deepest} levels; got more`);
    }
  }
  formula() {
    if (this.token.kind === "end") throw new FormulaError("expected a formula; got nothing");
    const node = this.sum();
    if (this.token.kind !== "end") throw this.expected("an operator or the end");
    return node;
  }
  sum() {
    const first = this.product();
    const rest = [];
    while (["+", "-"].includes(this.token.kind)) rest.push([this.take().kind, this.product()]);
    return rest.length ? { kind: "sum", first, rest } : first;
  }
  product() {
    const first = this.sign();
    const rest = [];
    for (;;) {
      if (["*", "/"].includes(this.token.kind)) rest.push([this.take().kind, this.sign()]);
      else if (this.token.kind === "vulgar" && this.tokens[this.at - 1].kind === "number") {
        throw this.expected("+ or * before a fraction");
      } else if (STARTS.includes(this.token.kind) || (this.token.kind === "|" && !this.bars)) rest.push(["*", this.power()]);
      else return rest.length ? { kind: "product", first, rest } : first;
    }
  }
  sign() { return this.signed(() => this.sign()); }
  exponent() { return this.signed(() => this.exponent()); }
  signed(again) {
    if (!["+", "-"].includes(this.token.kind)) return this.power();
    this.deeper();
    const sign = this.take().kind;
    const operand = again();
    this.depth -= 1;
    return sign === "-" ? { kind: "negative", operand } : operand;
  }
  power() {
    const base = this.atom();
    if (this.token.kind === "superscript") {
      const digits = this.take().text;
      const raised = { kind: "number", text: digits.replace("-", "") };
      return { kind: "power", base, exponent: digits.startsWith("-") ? { kind: "negative", operand: raised } : raised };
    }
    if (this.token.kind !== "^") return base;
    this.deeper();
    this.take();
    const node = { kind: "power", base, exponent: this.exponent() };
    this.depth -= 1;
    return node;
  }
  atom() {
    switch (this.token.kind) {
      case "(": return this.bracket();
      case "|": return this.betweenBars();
      case "function": return this.call();
      default: return this.single(OPERAND);
    }
  }
  single(what) {
    switch (this.token.kind) {
      case "number":
      case "vulgar": return { kind: "number", text: this.take().text };
      case "name": return { kind: "name", name: EXERCISE.names[this.take().text] };
      case "constant": return { kind: "constant", name: GRAMMAR.constants[this.take().text] };
      default: throw this.expected(what);
    }
  }
  bracket() {
    this.deeper();
    this.take();
    const { bars } = this;
    this.bars = 0;
    const node = this.sum();
    if (this.token.kind !== ")") throw this.expected("a closing bracket");
    this.take();
    this.bars = bars;
    this.depth -= 1;
    return node;
  }
  betweenBars() {
    this.deeper();
    this.take();
    this.bars += 1;
    const argument = this.sum();
    if (this.token.kind !== "|") throw this.expected("a closing bar");
    this.take();
    this.bars -= 1;
    this.depth -= 1;
    return { kind: "call", name: "abs", argument };
  }
  call() {
    const word = this.take().text;
    const name = GRAMMAR.spellings[word];
    if (this.token.kind === "(") return { kind: "call", name, argument: this.bracket() };
    const argument = this.single(`an opening bracket after ${quoted(word)}`);
    if ([...STARTS, "^", "superscript"].includes(this.token.kind)) {
      throw this.expected(`brackets around the argument of ${quoted(word)}`);
    }
    return { kind: "call", name, argument };
  }
}

function parse(text) { return new Parser(text).formula(); }

// --- the tree ------------------------------------------------------------------------

const CHAINS = ["sum", "product"];

function bracketed(node, ...kinds) { return kinds.includes(node.kind) ? `(${written(node)})` : written(node); }

/** The formula as the reader is shown it. */
function written(node) {
  switch (node.kind) {
    case "number": return node.text.replaceAll("-", "−");
    case "call": return `${node.name}(${written(node.argument)})`;
    case "negative": return `−${bracketed(node.operand, "negative", ...CHAINS)}`;
    case "power": return [node.base, node.exponent].map((n) => bracketed(n, "negative", "power", ...CHAINS)).join("^");
    case "sum": return node.rest.reduce((text, [sign, term]) => {
      const inside = written(term);
      const loose = term.kind === "sum" || inside.startsWith("−");
      return `${text} ${sign === "-" ? "−" : "+"} ${loose ? `(${inside})` : inside}`;
    }, bracketed(node.first, "sum"));
    case "product": {
      let text = bracketed(node.first, ...CHAINS);
      let divided = false;
      node.rest.forEach(([sign, factor]) => {
        text = (divided ? `(${text})` : text) + (sign === "*" ? "·" : "/") + bracketed(factor, "negative", ...CHAINS);
        divided = sign === "/";
      });
      return text;
    }
    default: return node.name;
  }
}

const JOIN = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b };
const CONSTANTS = { e: Math.E, π: Math.PI };

/** What the formula is worth where its names have these values. */
function value(node, names) {
  switch (node.kind) {
    case "number": return has(GRAMMAR.vulgar, node.text) ? JOIN["/"](...GRAMMAR.vulgar[node.text]) : Number(node.text);
    case "name": return names[node.name];
    case "constant": return CONSTANTS[node.name];
    case "call": return EXERCISE.functions[node.name](value(node.argument, names));
    case "negative": return -value(node.operand, names);
    case "power": return value(node.base, names) ** value(node.exponent, names);
    default: return node.rest.reduce((sum, [sign, part]) => JOIN[sign](sum, value(part, names)), value(node.first, names));
  }
}

// --- what rounding does: the rules of rounding.py ------------------------------------

const UNIT = 2 ** -52;
// What is infinite because it is too large is so whatever its last digits.
const times = (size, error) => (Number.isFinite(size) || error === Infinity ? Math.abs(size) * error : 0);
const ifLeft = (left, error) => (left > 0 ? error : Infinity);

/** A value with a bound on its error; what has no finite value has none in exact arithmetic either. */
function settled(value, error, own = UNIT) {
  if (error === Infinity) return [value, Infinity];
  if (!Number.isFinite(value)) return [value, 0];
  return [value, (Number.isNaN(error) ? Infinity : error) + own * Math.abs(value)];
}

const JOIN_ROUNDED = {
  "+": ([a, e], [b, f]) => settled(a + b, e + f),
  "-": ([a, e], [b, f]) => settled(a - b, e + f),
  "*": ([a, e], [b, f]) => settled(a * b, times(a, f) + times(b, e) + e * f),
  "/": ([a, e], [b, f]) => {
    const left = Math.abs(b) - f;
    return settled(a / b, f === 0 ? e / Math.abs(b) : ifLeft(left, (e + times(a / b, f)) / left));
  },
};

/** Function → a bound on its error by those of its argument x, which may be off by e, and of its value v. */
const ERRORS = {
  exp: (x, e, v) => times(v, Math.expm1(e)),
  ln: (x, e) => ifLeft(Math.abs(x) - e, -Math.log1p(-e / Math.abs(x))),
  "√": (x, e) => ifLeft(Math.abs(x) - e, e / Math.sqrt(Math.abs(x))),
  abs: (x, e) => e,
  σ: (x, e, v) => Math.min(v * Math.expm1(e), 1),
  softplus: (x, e, v) => Math.min(v * Math.expm1(e), e),
  tanh: (x, e) => Math.min(e, 2),
  sin: (x, e) => Math.min(e, 2),
  cos: (x, e) => Math.min(e, 2),
  sign: (x, e) => ifLeft(Math.abs(x) - e, 0),
};

function powerRounded([a, e], [b, f]) {
  const result = a ** b;
  if (e === 0 && f === 0) return settled(result, 0, 4 * UNIT);
  const size = Math.abs(a);
  if (e > 0 && e >= size) return settled(result, b > f ? (size + e) ** Math.abs(b) : Infinity, 4 * UNIT);
  const ofBase = e === 0 ? 0 : -(Math.abs(b) + f) * Math.log1p(-e / size);
  const ofExponent = f === 0 ? 0 : Math.abs(Math.log(size)) * f;
  return settled(result, times(result, Math.expm1(ofBase + ofExponent)), 4 * UNIT);
}

/** What the formula is worth, and how far from its exact value that may be. */
function rounded(node, names) {
  switch (node.kind) {
    case "name": return [names[node.name], 0];
    case "constant": return [CONSTANTS[node.name], UNIT * CONSTANTS[node.name]];
    case "number": {
      const number = value(node, names);
      return [number, Number.isInteger(number) ? 0 : UNIT * Math.abs(number)];
    }
    case "negative": {
      const [operand, error] = rounded(node.operand, names);
      return [-operand, error];
    }
    case "power": return powerRounded(rounded(node.base, names), rounded(node.exponent, names));
    case "call": {
      const [argument, error] = rounded(node.argument, names);
      const result = EXERCISE.functions[node.name](argument);
      return settled(result, error === 0 ? 0 : ERRORS[node.name](argument, error, result), 4 * UNIT);
    }
    default:
      return node.rest.reduce((so, [sign, part]) => JOIN_ROUNDED[sign](so, rounded(part, names)), rounded(node.first, names));
  }
}

function namesIn(node) {
  if (node.kind === "name") return [node.name];
  const below = [node.argument, node.operand, node.base, node.exponent, node.first, ...(node.rest ?? []).map((r) => r[1])];
  return below.filter(Boolean).flatMap(namesIn);
}

// --- the verdict ---------------------------------------------------------------------

/** As much of an answer as a verdict repeats. */
function cut(text) { return [...text.slice(0, 2 * GRAMMAR.longest + 2)].slice(0, GRAMMAR.longest + 1).join(""); }

/** Right, wrong or unreadable, why, how it was read, and which reply it has: as in judge.py. */
function judge(answered) {
  try {
    return { read: "", reply: -1, answered, ...JUDGES[EXERCISE.kind](answered) };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const text = `${error.message[0].toUpperCase()}${error.message.slice(1)}.`;
    return { read: "", reply: -1, answered: cut(answered), status: "unreadable", text };
  }
}

function judgeChoice(answered) {
  if (!EXERCISE.choices.includes(answered)) throw new FormulaError("expected one of the choices; got none of them");
  if (answered === EXERCISE.answer) return { status: "right", text: "" };
  return { status: "wrong", text: "", reply: EXERCISE.replies.indexOf(answered) };
}

function isNear(number, goal, times = 1) {
  return Math.abs(number - goal) <= times * EXERCISE.tolerance * (Math.abs(goal) || 1);
}

function judgeNumber(answered) {
  const node = parse(answered);
  const number = value(node, {});
  const read = written(node);
  if (!Number.isFinite(number)) return { status: "wrong", text: "Yours has no finite value.", read };
  if (isNear(number, EXERCISE.answer)) return { status: "right", text: "", read };
  return { status: "wrong", text: tooFar(number), read, reply: EXERCISE.replies.findIndex((wrong) => isNear(number, wrong)) };
}

function tooFar(number) {
  if (isNear(number, EXERCISE.answer, 10)) return "Close: give it to more digits.";
  if (EXERCISE.answer && isNear(-number, EXERCISE.answer)) return `${shown(number, 6)} has the wrong sign.`;
  return `${shown(number, 6)} is too ${number < EXERCISE.answer ? "small" : "large"}.`;
}

function allowed(ours, theirs) {
  return EXERCISE.relative * Math.max(Math.abs(ours), Math.abs(theirs)) + EXERCISE.absolute;
}

/** Whether two values are the same number but for what rounding may have done, or both none. */
function agree(ours, theirs, doubt = 0) {
  if (doubt === Infinity) return true;
  if (!Number.isFinite(ours) || !Number.isFinite(theirs)) return !Number.isFinite(ours) && !Number.isFinite(theirs);
  return Math.abs(ours - theirs) <= allowed(ours, theirs) + EXERCISE.doubts * doubt;
}

function judgeFormula(answered) {
  const node = parse(answered);
  const read = written(node);
  const places = EXERCISE.points.map((point) => Object.fromEntries(point.map((x, n) => [EXERCISE.shownNames[n], x])));
  const ours = places.map((names) => value(node, names));
  const doubts = places.map((names) => rounded(node, names)[1]);
  const theirs = EXERCISE.points.map((point) => EXERCISE.answer(...point));
  const apart = ours.map((_, n) => n).filter((n) => !agree(ours[n], theirs[n], doubts[n]));
  if (!apart.length) {
    const finite = ours.map((v) => (Number.isFinite(v) ? v : 0));
    const speaking = doubts.filter((doubt, n) => EXERCISE.doubts * doubt <= allowed(finite[n], theirs[n])).length;
    if (speaking < EXERCISE.leastSpeaking) return { status: "unreadable", text: EXERCISE.hidden, read };
    return { status: "right", text: `It agrees with the answer at ${speaking} points.`, read };
  }
  const reply = EXERCISE.replies.findIndex(
    (wrong) => EXERCISE.points.every((point, n) => agree(ours[n], wrong(...point), doubts[n])));
  const at = clearest(apart, ours, theirs);
  const used = [...namesIn(node), ...EXERCISE.used];
  const where = EXERCISE.shownNames.filter((name) => used.includes(name)).map((name) => `${name} = ${shown(places[at][name], 12)}`);
  return { status: "wrong", text: `At ${where.join(", ")} yours ${gap(ours[at], theirs[at])}.`, read, reply };
}

/** The point to show: the first with a gap to be seen, else the one with the widest. */
function clearest(apart, ours, theirs) {
  const finite = apart.filter((n) => Number.isFinite(ours[n]));
  if (!finite.length) return apart[0];
  const gaps = finite.map((n) => Math.abs(ours[n] - theirs[n]) / Math.max(Math.abs(ours[n]), Math.abs(theirs[n]), EXERCISE.scale));
  const clear = gaps.findIndex((width) => width > EXERCISE.clear);
  return finite[clear < 0 ? gaps.indexOf(Math.max(...gaps)) : clear];
}

function gap(ours, theirs) {
  if (!Number.isFinite(ours)) return `has no finite value; the answer is ${shown(theirs, 3)}`;
  const digits = [3, 6, 12].find((n) => shown(ours, n) !== shown(theirs, n)) ?? 17;
  return `gives ${shown(ours, digits)}, the answer ${shown(theirs, digits)}`;
}

const JUDGES = { choice: judgeChoice, number: judgeNumber, formula: judgeFormula };

// --- the page ------------------------------------------------------------------------

/** The browser may refuse to store anything: then nothing is remembered, and all else works. */
function stored(use) {
  try { return use(window.localStorage); } catch { return null; }
}

/** Where there is no kernel: the script judges, and the page's storage remembers. */
function pageStore() {
  const key = `lossnotes ${location.pathname} ${EXERCISE.identifier}`;
  let answered = stored((storage) => storage.getItem(key)) ?? "";
  let changed = () => {};
  return {
    answered: () => answered,
    verdict: () => judge(answered),
    answer: (text) => {
      const longest = 2 * GRAMMAR.longest;
      answered = text;
      stored((storage) => (text && text.length <= longest ? storage.setItem(key, text) : storage.removeItem(key)));
      changed();
    },
    onChange: (listen) => { changed = listen; },
  };
}

/** Where there is one: Python sees the answer as a trait of the widget, and gives the verdict as another. */
function kernelStore(model) {
  return {
    answered: () => model.get("answered"),
    verdict: () => model.get("verdict"),
    answer: (text) => { model.set("answered", text); model.save_changes(); },
    onChange: (listen) => model.on("change:answered change:verdict", listen),
  };
}

const MARKS = { right: "✓ Right.", wrong: "✗ Not yet.", unreadable: "? I cannot read that." };

/** Shows a verdict; what a reader typed is only ever text. */
function showVerdict(root, { answered, status, text, read, reply }) {
  const feedback = root.querySelector(".ln-feedback");
  const verdict = feedback.querySelector(".ln-verdict");
  const mark = Object.assign(document.createElement("span"), { className: "ln-mark", textContent: MARKS[status] ?? "" });
  feedback.dataset.status = status;
  verdict.replaceChildren(...(status ? [mark, text ? ` ${text}` : ""] : [text]));
  feedback.querySelector(".ln-read").textContent = read && read !== answered.trim() ? `Read as ${read}` : "";
  feedback.querySelectorAll(".ln-reply").forEach((element, n) => { element.hidden = n !== reply; });
}

const NOTHING = { status: "", text: "", read: "", reply: -1 };

/** Brings an exercise to life: what is answered in it gets a verdict. */
function mount(root, store) {
  const form = root.querySelector("form");
  const fields = [...form.querySelectorAll("input")];
  const clear = form.querySelector(".ln-clear");
  const isChoice = EXERCISE.kind === "choice";
  const current = () => (isChoice ? fields.find((field) => field.checked)?.value ?? "" : fields[0].value);
  const fill = (text) => {
    if (isChoice) fields.forEach((field) => { field.checked = field.value === text; });
    else if (fields[0].value !== text) fields[0].value = text;
  };
  const update = () => {
    const answered = store.answered();
    const verdict = answered ? store.verdict() : NOTHING;
    // The kernel answers in its own time: until then its verdict is on an earlier answer.
    const late = answered && verdict.answered !== cut(answered);
    clear.hidden = !answered;
    if (!isChoice) fields[0].setAttribute("aria-invalid", verdict.status === "unreadable");
    showVerdict(root, late ? { ...NOTHING, text: "Checking …" } : verdict);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (current().trim()) store.answer(current());
    else showVerdict(root, { ...NOTHING, text: isChoice ? "Choose an answer first." : "Type an answer first." });
  });
  clear.addEventListener("click", () => {
    store.answer("");
    fill("");
    fields[0].focus();
  });
  form.querySelector("fieldset")?.removeAttribute("disabled");
  form.querySelector(".ln-controls").hidden = false;
  store.onChange(() => { fill(store.answered()); update(); });
  fill(store.answered());
  update();
  unfoldInPrint(root);
}

/** On paper nobody can unfold a solution. */
function unfoldInPrint(root) {
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...root.querySelectorAll("details:not([open])")];
    folded.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
}

/** The static page may show the same exercise twice: each finds the first that has no script yet. */
function mountPage(identifier) {
  const all = [...document.querySelectorAll(".ln-exercise")].filter((root) => root.id === identifier);
  const root = all.find((candidate) => !candidate.dataset.mounted);
  root.dataset.mounted = "yes";
  mount(root, pageStore());
}

function render({ model, el }) {
  el.innerHTML = model.get("markup");
  mount(el, kernelStore(model));
  // JupyterLab sets the math of HTML, but leaves that of widgets to them.
  model.widget_manager?.rendermime?.latexTypesetter?.typeset(el);
  return keepKeys(el);
}

export default { render };
