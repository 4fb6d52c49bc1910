// Ranks what Sphinx's search finds, and shows where the words stand; runs on the search page only.
// The texts are SEARCH_TEXTS, from a script of their own: page -> [part of the book, [anchor, heading, text], ...].
"use strict";

const WORDS = (new URLSearchParams(location.search).get("q") ?? "")
  .toLowerCase()
  .split(/[^\p{L}\p{N}]+/u)
  .filter(Boolean);
// "saturates" finds "saturation" too, as Sphinx's own search does.
const STEMS = WORDS.map((word) => (word.length > 5 ? word.slice(0, -2) : word));
const FOUND = STEMS.length ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${STEMS.join("|")})[\\p{L}\\p{N}]*`, "giu") : /$^/g;
const LENGTH = 180;

const count = (text) => text.match(FOUND)?.length ?? 0;
const sectionsOf = (page) => SEARCH_TEXTS[page]?.slice(1) ?? [];

// A page that speaks of it often comes before one that mentions it; a title before both.
var Scorer = {
  score: ([page, , anchor, description, score]) =>
    score +
    (anchor || description
      ? 0
      : Math.min(
          9,
          Math.log2(
            1 +
              count(
                sectionsOf(page)
                  .map((s) => s[2])
                  .join(" "),
              ),
          ),
        )),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

function excerpt(text) {
  const first = Math.max(0, text.search(FOUND));
  // From the sentence in which it stands, where that begins near by.
  const sentence = text.lastIndexOf(". ", first) + 2;
  const start =
    first < LENGTH / 2 ? 0 : first - sentence < LENGTH / 2 ? sentence : text.indexOf(" ", first - LENGTH / 2) + 1;
  const rest = text.slice(start);
  const end = rest.length <= LENGTH ? rest.length : rest.lastIndexOf(" ", LENGTH);
  return (start ? "… " : "") + rest.slice(0, end) + (end < rest.length ? " …" : "");
}

function marked(text) {
  const shown = document.createElement("p");
  shown.className = "ln-excerpt";
  let end = 0;
  for (const { 0: word, index } of text.matchAll(FOUND)) {
    const mark = document.createElement("mark");
    mark.textContent = word;
    shown.append(text.slice(end, index), mark);
    end = index + word.length;
  }
  shown.append(text.slice(end));
  return shown;
}

function explain(item) {
  const link = item.querySelector("a");
  const [address, anchor] = link.getAttribute("href").split("#");
  const page = address.replace(/\.html$/, "");
  const sections = sectionsOf(page);
  const best =
    (anchor && sections.find((section) => section[0] === anchor)) ||
    sections.reduce((a, b) => (count(b[2]) > count(a[2]) ? b : a), ["", "", ""]);
  const part = document.createElement("span");
  part.className = "ln-part";
  part.textContent = SEARCH_TEXTS[page]?.[0] ?? "";
  link.after(part);
  if (best[2]) item.append(marked(excerpt(best[2])));
  if (best[0] && best !== sections[0] && !link.textContent.includes(best[1])) {
    const section = document.createElement("a");
    section.href = `${address}#${best[0]}`;
    section.textContent = best[1];
    part.append(part.textContent ? " › " : "", section);
  }
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes)
    for (const node of addedNodes) if (node.matches?.("#search-results li")) explain(node);
}).observe(document.documentElement, { childList: true, subtree: true });
