// Which sections answer a question best: BM25F with the synonyms of the field. It needs no page, and leaves
// `searching` for search.js.
// SEARCHED (searchtexts.js) has pages, [address, part of the book, [[anchor, heading, kind, text], ...]],
// and synonyms, lists of words for one thing.
"use strict";
{
  // How much a word counts in a page's title, in a heading and in text, and how much a long one takes off.
  const FIELDS = [
    { weight: 1.4, length: 0.3 },
    { weight: 4, length: 0.4 },
    { weight: 1, length: 0.6 },
  ];
  const KINDS = new Map([
    ["question", 1.4],
    ["claim", 0.5],
    ["name", 0.55],
    ["aside", 0.6],
  ]);
  const SATURATION = 1.6;
  const SYNONYM = 0.8; // against the word itself
  const STANDS_IN = 1.5; // for words that the book never says
  const PAIR = 0.7; // two words side by side
  const SMALL = 0.2; // a word of STOPS
  const ROUNDED = 0.9; // 2.3026 for 2.30
  const LONGER = 0.7; // a word that begins with what was typed last
  const SLIP = 0.5; // a word that differs in one letter
  const WHOLE = { weight: 0.4, saturation: 8 }; // what all of a page's running text adds to its best section
  const SAME = 1.4; // a heading that is the question
  const NEAR = 0.5; // of the best section's score: what else a page shows
  const RUNNING = new Set(["page", "section"]);
  const MOST = 400; // letters of a question
  const LENGTH = 190; // letters of an excerpt

  const STOPS = new Set(
    (
      "a an and are as at be been but by can could did do does for from get gets got had has have how i if in into is it its me my " +
      "need of on or our should so some than that the their them then there these they this to us use used using was we were what " +
      "when where while who why will with would you your"
    ).split(" "),
  );
  const RAW = /\d+(?:[.,]\d+)+|[\p{L}\p{N}]+(?:[_.'’-]+[\p{L}\p{N}]+)*/gu;
  const HUMP = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
  const ENDING = /(?:ications?|at(?:e[ds]?|ing|ions?|ives?|ors?)|ities|ity|ings?|ed|ions?|ies|ers?|ly|es|[eys])$/;

  const stems = new Map();

  /** A word in British spelling without its ending: "saturates" and "saturation" are one. */
  function stem(word) {
    if (!stems.has(word)) stems.set(word, stemmed(word));
    return stems.get(word);
  }

  function stemmed(word) {
    if (word.length < 4 || STOPS.has(word) || /[^a-z]/.test(word)) return word;
    const british = word.replace(/iz(?=e|ing|ation)/, "is").replace(/(?<=[a-z]{3})or(?=$|s$|ed$|ing$)/, "our");
    const bare = british.replace(/(?<![aisu])s$/, "");
    const short = bare.replace(ENDING, (ending) => (/(?:ss|us|is)$/.test(bare) ? ending : ""));
    return short.length < 3 ? bare : short.replace(/([bdfglmnprt])\1$/, "$1");
  }

  /** The parts of an identifier, a word with hyphens or a number, in small letters. */
  function parts(raw) {
    if (/^\d+([.,]\d+)+$/.test(raw)) return [raw.replaceAll(",", "")];
    const word = raw.replace(/['’](?:s$)?/gu, "");
    return word
      .split(/[_.-]+/u)
      .flatMap((part) => part.split(HUMP))
      .map((part) => part.toLowerCase());
  }

  /** Where words stand in a text: each by itself, identifiers whole as well, pairs, and "=3" for the fourth of CONCEPTS. */
  function terms(text, concepts) {
    const words = [];
    const found = [];
    for (const { 0: raw, index: start } of text.matchAll(RAW)) {
      const end = start + raw.length;
      const split = parts(raw);
      if (split.length > 1) found.push({ start, end, term: stem(split.join("")) });
      for (const part of split) (STOPS.has(part) ? found : words).push({ start, end, term: stem(part) });
    }
    const meaning = (term) => concepts.get(term)?.[0] ?? term;
    words.forEach(({ start }, i) => {
      let phrase = "";
      for (const { end, term } of words.slice(i, i + 4)) {
        if (phrase && !phrase.includes(" ")) found.push({ start, end, term: `${meaning(phrase)} ${meaning(term)}` });
        phrase += phrase ? ` ${term}` : term;
        for (const concept of concepts.get(phrase) ?? []) found.push({ start, end, term: `=${concept}` });
      }
    });
    return { words, found: [...words, ...found] };
  }

  const phrase = ({ words }) => words.map(({ term }) => term).join(" ");

  /** What is known of all sections: which terms stand in which, and how often, long sections and light fields less. */
  function index({ pages, synonyms }) {
    const concepts = new Map();
    const phrases = synonyms.map((group) => new Set(group.map((text) => phrase(terms(text, concepts)))));
    phrases.forEach((group, i) => group.forEach((one) => concepts.set(one, [...(concepts.get(one) ?? []), i])));

    const sections = [];
    const listed = pages.map(([address, part, places]) => {
      const page = { address, part, title: places[0][1], sections: [] };
      for (const [anchor, heading, kind, text] of places) {
        const fields = [kind === "page" ? "" : page.title, heading, text].map((field) => terms(field, concepts));
        page.sections.push({ page, anchor, heading, kind, text, fields, phrase: phrase(fields[1]) });
      }
      sections.push(...page.sections);
      return page;
    });
    const mean = FIELDS.map(
      (_, f) => sections.reduce((sum, { fields }) => sum + fields[f].words.length, 1) / sections.length,
    );
    const postings = new Map();
    for (const section of sections)
      section.fields.forEach(({ words, found }, f) => {
        const { weight, length } = FIELDS[f];
        const one = weight / (1 - length + (length * words.length) / mean[f]);
        for (const { term } of found) {
          if (!postings.has(term)) postings.set(term, new Map());
          const counts = postings.get(term);
          counts.set(section, (counts.get(section) ?? 0) + one);
        }
      });
    for (const section of sections) delete section.fields;
    const words = [...postings.keys()].filter((term) => !/[ =]/.test(term));
    return { concepts, postings, words, sections, pages: listed };
  }

  /** Whether two words differ by one letter: one more, one less, another, or two that changed places. */
  function slip(a, b) {
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const [restA, restB] = [a.slice(i), b.slice(i)];
    return (
      restA.slice(1) === restB ||
      restA === restB.slice(1) ||
      restA.slice(1) === restB.slice(1) ||
      (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
    );
  }

  /** What a word or a pair of the question may be in the texts, as [term, how much it counts]. */
  function meant(term, typed, { postings, words }) {
    if (term.includes(" ")) return [[term, PAIR]];
    if (STOPS.has(term)) return [[term, SMALL]];
    const beginning = typed && term.length > 2 ? LONGER : /^\d+\.\d+$/.test(term) ? ROUNDED : 0;
    const like = (test, weight) => words.filter(test).map((word) => [word, weight]);
    const all = postings.has(term) ? [[term, 1]] : [];
    if (beginning) all.push(...like((word) => word !== term && word.startsWith(term), beginning));
    return all.length || term.length < 5 ? all : like((word) => slip(word, term), SLIP);
  }

  /** What is asked for: of each word what it may mean, of which the best counts in a section. */
  function asked({ words, found }, book) {
    const groups = new Map();
    for (const { start, end, term } of found) {
      const synonym = term.startsWith("=");
      const said = () => words.some((word) => word.start >= start && word.end <= end && book.postings.has(word.term));
      const meanings = synonym
        ? [[term, said() ? SYNONYM : STANDS_IN]]
        : meant(term, term === words.at(-1)?.term, book);
      // Groups of synonyms that the same words belong to are one here.
      const key = synonym ? `=${start}-${end}` : term;
      groups.set(key, [...(groups.get(key) ?? []), ...meanings]);
    }
    return [...groups.values()];
  }

  /** How well sections, and the running text of pages, answer one word. */
  function answers(meanings, { postings, sections }) {
    const best = new Map();
    const raise = (place, score) => best.set(place, Math.max(best.get(place) ?? 0, score));
    for (const [term, weight] of meanings) {
      const counts = postings.get(term) ?? new Map();
      const rarity = weight * Math.log(1 + (sections.length - counts.size + 0.5) / (counts.size + 0.5));
      const told = new Map();
      for (const [section, count] of counts) {
        raise(section, (rarity * count) / (SATURATION + count));
        if (RUNNING.has(section.kind)) told.set(section.page, (told.get(section.page) ?? 0) + count);
      }
      for (const [page, count] of told) raise(page, (rarity * count) / (WHOLE.saturation + count));
    }
    return best;
  }

  /** The pages that answer a question, best first, each with its best sections; and the terms that they were found by. */
  function rank(question, book) {
    const told = terms(question.slice(0, MOST), book.concepts);
    const groups = asked(told, book);
    const scores = new Map();
    for (const meanings of groups)
      answers(meanings, book).forEach((score, place) => scores.set(place, (scores.get(place) ?? 0) + score));
    const whole = phrase(told);
    const of = (section) =>
      (scores.get(section) ?? 0) * (KINDS.get(section.kind) ?? 1) * (section.phrase === whole ? SAME : 1);
    const pages = book.pages.map((page) => {
      const [best, ...rest] = page.sections.toSorted((a, b) => of(b) - of(a));
      const score = of(best) && of(best) + WHOLE.weight * (scores.get(page) ?? 0);
      return { ...page, sections: [best, ...rest.filter((one) => of(one) > NEAR * of(best))], score };
    });
    const wanted = new Set(groups.flat().map(([term]) => term));
    return { pages: pages.filter(({ score }) => score).toSorted((a, b) => b.score - a.score), wanted };
  }

  /** Where terms stand in a text, as [start, end], none over another. */
  function standing(text, wanted, { concepts }) {
    const spans = terms(text, concepts).found.filter(
      ({ term }) => wanted.has(term) && !STOPS.has(term) && !term.includes(" "),
    );
    const kept = [];
    for (const { start, end } of spans.sort((a, b) => a.start - b.start || b.end - a.end))
      if (start >= (kept.at(-1)?.[1] ?? 0)) kept.push([start, end]);
    return kept;
  }

  /** The part of a text with the most words that were asked for, from the start of a sentence where one is near. */
  function excerpt(text, wanted, book) {
    const spans = standing(text, wanted, book);
    const within = ([first]) =>
      new Set(
        spans
          .filter(([start, end]) => start >= first && end < first + LENGTH)
          .map(([start, end]) => text.slice(start, end).toLowerCase()),
      ).size;
    const [first] = spans.reduce((best, span) => (within(span) > within(best) ? span : best), spans[0] ?? [0, 0]);
    const sentence = text.lastIndexOf(". ", first) + 1;
    const near =
      first < LENGTH / 3 ? 0 : first - sentence < LENGTH / 3 ? sentence : text.indexOf(" ", first - LENGTH / 3);
    const from = Math.min(near < 0 ? 0 : near, first);
    const to = text.length <= from + LENGTH ? text.length : Math.max(text.lastIndexOf(" ", from + LENGTH), first + 1);
    return { from, to, spans: spans.filter(([start, end]) => start >= from && end <= to) };
  }

  globalThis.searching = { index, rank, excerpt };
}
