"""The first use of a glossary term on a page leads to the glossary.

The lessons' Markdown stays plain: the links are made when a page is written. Only running
text is looked at. A word in bold is explained where it stands, so it gets no link. Words
that are everyday English too are listed in the glossary's own front matter, as
``everyday``.

Behind the page's text stand the definitions of its terms, each a popover that ``terms.js``
opens at the word. They are no part of the text that search knows.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from lossbook import prose

GLOSSARY = "book/glossary"
#: What holds no running text: headings, code, formulas, what is a link already.
_NOT_TEXT = (
    nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block,
    nodes.raw, nodes.caption, nodes.comment,
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A glossary entry: where it stands, and what it says where that needs no formula."""

    name: str
    anchor: str
    hint: str


class Terms:
    """The glossary, read once all pages are, and linked to from each."""

    def __init__(self) -> None:
        self.forms: dict[str, Term] = {}
        self._met: dict[str, list[Term]] = {}
        self._definitions: dict[str, str] = {}

    def read(self, _app: Sphinx, env: BuildEnvironment) -> None:
        """Take the entries from the glossary, where the book has one."""
        entries = _entries(env) if GLOSSARY in env.found_docs else ()
        self.forms = {form: term for term in entries for form in forms(term.name)}
        self._definitions = {}

    def link(self, app: Sphinx, page: nodes.document, name: str) -> None:
        """Make the first use of each term on the page of a notebook a link."""
        if not self.forms or not str(app.env.doc2path(name)).endswith(".ipynb"):
            return
        glossary, pattern, met = app.builder.get_relative_uri(name, GLOSSARY), matcher(self.forms), set[str]()
        linked = self._met[name] = []
        for text in [text for text in page.findall(nodes.Text) if not prose.stands_in(text, *_NOT_TEXT)]:
            pieces: list[nodes.Node] = []
            end = 0
            for found in pattern.finditer(text):
                term = self.forms[_plain(found[0])]
                if term.name in met:
                    continue
                met.add(term.name)
                if isinstance(text.parent, nodes.strong):
                    continue
                linked.append(term)
                pieces += [nodes.Text(text[end : found.start()]), _reference(found[0], term, glossary)]
                end = found.end()
            if pieces:
                text.parent.replace(text, [*pieces, nodes.Text(text[end:])])

    def define(self, app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
        """Put the definitions of the page's terms behind its text."""
        terms = self._met.get(name, ())
        if terms and not self._definitions:
            self._definitions = _definitions(app)
        context["body"] = context.get("body", "") + "".join(
            f'<div popover class="ln-defined" id="define-{term.anchor}" data-of="{term.anchor}">'
            f"<p><strong>{html.escape(term.name)}</strong></p>{self._definitions[term.anchor]}</div>"
            for term in terms
        )


def _definitions(app: Sphinx) -> dict[str, str]:
    """Anchor → the first paragraph of each entry, as HTML for pages beside the glossary."""
    glossary = app.env.get_and_resolve_doctree(GLOSSARY, app.builder)
    here = app.builder.get_relative_uri(GLOSSARY, GLOSSARY) or app.builder.get_target_uri(GLOSSARY).rpartition("/")[2]
    found: dict[str, str] = {}
    for item in glossary.findall(nodes.definition_list_item):
        first = next(item.findall(nodes.paragraph)).deepcopy()
        for link in first.findall(nodes.reference):
            anchor = link.get("refid") or link.get("refuri", "").partition("#")[2]
            if link.get("refid") or link["refuri"].startswith("#"):
                link.attributes.pop("refid", None)
                link["refuri"] = f"{here}#{anchor}"
        written = app.builder.render_partial(first)["fragment"]  # type: ignore[attr-defined]
        found |= {term["ids"][0]: written for term in item.findall(nodes.term) if term["ids"]}
    return found


def forms(name: str) -> list[str]:
    """A term in the singular and the plural, as :func:`matcher` looks for them.

    Examples
    --------
    >>> forms("entropy"), forms("Hessian")
    (['entropy', 'entropies'], ['hessian', 'hessians', 'hessianes'])
    """
    plain = name.lower()
    return [plain, f"{plain[:-1]}ies"] if plain.endswith("y") else [plain, f"{plain}s", f"{plain}es"]


def matcher(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words, the longest first, and never within a longer one.

    Examples
    --------
    >>> matcher(["entropy", "label", "soft label"]).findall("Entropy of soft\\nlabel; cross-entropy")
    ['Entropy', 'soft\\nlabel']
    """
    longest_first = sorted(words, key=len, reverse=True)
    choice = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])", re.IGNORECASE)


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).lower()


def _entries(env: BuildEnvironment) -> Iterator[Term]:
    everyday = {word.strip() for word in str(env.metadata[GLOSSARY].get("everyday", "")).split(",")}
    for item in env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
        (definition,) = item.findall(nodes.definition)
        for term in item.findall(nodes.term):
            if term["ids"] and term.astext() not in everyday:
                yield Term(term.astext(), term["ids"][0], _hint(definition))


def _hint(definition: nodes.Element) -> str:
    """The first sentence, where plain text can show it, without the lesson that it leads to."""
    first = prose.sentences(next(definition.findall(nodes.paragraph)))[0]
    return re.sub(r"\s*\(lesson[^)]*\)", "", first)


def _reference(words: str, term: Term, glossary: str) -> nodes.reference:
    link = nodes.reference("", words, internal=True, refuri=f"{glossary}#{term.anchor}", classes=["ln-term"])
    if term.hint:
        link["reftitle"] = term.hint
    return link
