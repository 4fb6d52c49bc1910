// Numbers as a reader may type them, one or many.

import { compile } from "./formula.js";
import { FormulaError, cut, parse } from "./parse.js";

/** A number as it may be typed: −3, 1/3, ln(9). */
export function readNumber(text) {
  const number = compile(parse(text), [])([]);
  if (!Number.isFinite(number)) throw new FormulaError("expected a finite number; got none");
  return number;
}

/** Numbers with commas, semicolons or spaces between. */
export function readList(text, [fewest, most]) {
  const whole = cut(text).trim();
  // In 1,5 2,5 the comma is a point, in 1,5,2 it is none.
  if (/[0-9],[0-9]/.test(whole) && /[0-9.] +[-−0-9.]/.test(whole)) {
    throw new FormulaError("expected decimals with a point, as in 0.5; got commas inside numbers");
  }
  const parts = whole.split(/\s*[,;]\s*|\s+/).filter(Boolean);
  if (parts.length < fewest || parts.length > most) {
    throw new FormulaError(`expected ${fewest} to ${most} numbers; got ${parts.length}`);
  }
  return parts.map((part, n) => {
    try {
      return readNumber(part);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      throw new FormulaError(`number ${n + 1}: ${error.message}`);
    }
  });
}
