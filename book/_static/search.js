// Shows what ranking.js finds for the question in the address; runs on the search page only.
"use strict";
{
  const PAGES_SHOWN = 10;
  const SECTIONS_SHOWN = 3;

  const made = (name, className, ...content) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };

  function link(address, text) {
    const element = made("a", "", text);
    element.href = address;
    return element;
  }

  function marked(text, wanted, book) {
    const { from, to, spans } = searching.excerpt(text, wanted, book);
    const shown = made("p", "ln-excerpt", from ? "… " : "");
    let end = from;
    for (const [start, stop] of spans) {
      shown.append(text.slice(end, start), made("mark", "", text.slice(start, stop)));
      end = stop;
    }
    shown.append(text.slice(end, to), to < text.length ? " …" : "");
    return shown;
  }

  function item({ address, part, title, sections }, wanted, book) {
    const heading = made("h2", "", link(address, title));
    const shown = made("li", "", heading, part ? made("span", "ln-part", part) : "");
    // Under a page's title stands what its own first words say, and under each heading its section.
    const [own, others] = [
      sections.find(({ heading: name }) => name === title),
      sections.filter(({ heading: name }) => name !== title),
    ];
    if (own?.text) shown.append(marked(own.text, wanted, book));
    for (const { kind, anchor, heading: name, text } of others.slice(0, SECTIONS_SHOWN)) {
      shown.append(made("h3", kind === "name" ? "ln-name" : "", link(`${address}#${anchor}`, name)));
      if (text) shown.append(marked(text, wanted, book));
    }
    return shown;
  }

  const said = (found, question) =>
    `${found} ${found === 1 ? "page" : "pages"} for “${question}”${found > PAGES_SHOWN ? `. The best ${PAGES_SHOWN}:` : "."}`;

  function nothing(question, { pages }) {
    const of = (kind) => pages.find(({ sections }) => sections.some((section) => section.kind === kind));
    const offers = [of("question"), of("term")]
      .filter(Boolean)
      .map(({ address, title }) => made("li", "", link(address, title)));
    return [
      made("p", "", question ? "Try other words, or look here:" : "Type a word or a question, or look here:"),
      made("ul", "", ...offers),
    ];
  }

  function show() {
    const question = (new URLSearchParams(location.search).get("q") ?? "").trim();
    for (const field of document.querySelectorAll("input[name=q]")) field.value = question;
    const results = document.getElementById("search-results");
    const status = made("p", "search-summary");
    status.setAttribute("role", "status");
    results.append(status);
    const book = searching.index(SEARCHED);
    const { pages, wanted } = searching.rank(question, book);
    const short = question.length > 80 ? `${question.slice(0, 80)}…` : question;
    if (pages.length)
      results.append(made("ol", "search", ...pages.slice(0, PAGES_SHOWN).map((page) => item(page, wanted, book))));
    else results.append(...nothing(question, book));
    // A screen reader tells what comes into a status that is there already.
    requestAnimationFrame(() => {
      status.textContent = pages.length ? said(pages.length, short) : question ? `Nothing found for “${short}”.` : "";
    });
  }

  show();
}
