"""Each work in a lesson's references leads to the bibliography, and the bibliography back.

A lesson writes its references out, so that they read well in JupyterLab too. The work is
recognised by its title.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

BIBLIOGRAPHY = "book/references"
#: A title in the lessons' references: in quotation marks or, of a book, emphasised.
_QUOTED = re.compile('[“"](.+?),?[”"]')


@dataclass(frozen=True)
class Work:
    """Where a work stands in the bibliography, and its number there."""

    anchor: str
    label: str


class Citations:
    """Which work stands where in the bibliography, and which lessons cite it."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self.cited: dict[str, list[str]] = defaultdict(list)

    def read(self, _app: Sphinx, env: BuildEnvironment) -> None:
        """Take the works from the bibliography, and find them in all lessons."""
        self.cited.clear()
        domain: Any = env.get_domain("cite")
        self.works = {
            folded(work.entry.fields["title"]): Work(work.citation_id, work.formatted_entry.label)
            for work in domain.citations
        }
        for page in sorted(env.found_docs):
            for _, work in self._found(env.get_doctree(page)):
                self.cited[work.anchor].append(page)

    def link(self, app: Sphinx, page: nodes.document, name: str) -> None:
        """Add the links to a page: forth in its references, back in the bibliography."""
        for item, work in list(self._found(page)):
            uri = f"{app.builder.get_relative_uri(name, BIBLIOGRAPHY)}#{work.anchor}"
            link = _reference(f"[{work.label}]", uri)
            link["reftitle"] = "in the bibliography"
            item[-1] += [nodes.Text(" "), link]
        for entry in page.findall(nodes.citation):
            lessons = self.cited[entry["ids"][0]]
            links = [_reference(app.env.titles[at].astext(), app.builder.get_relative_uri(name, at)) for at in lessons]
            back = nodes.inline(classes=["ln-cited"])
            for word, link in zip([" Cited in: ", *[" · "] * len(links)], links, strict=False):
                back += [nodes.Text(word), link]
            entry[-1] += back

    def _found(self, page: nodes.document) -> Iterator[tuple[nodes.Element, Work]]:
        """Each item of the references with the work that it names, where the bibliography has it."""
        for section in page.findall(nodes.section):
            if "references" in section["ids"]:
                for item in section.findall(nodes.list_item):
                    for work in filter(None, map(self._work, _titles(item))):
                        yield item, work
                        break

    def _work(self, title: str) -> Work | None:
        """The work of which this is the title, or its beginning."""
        return next((work for known, work in self.works.items() if known.startswith(folded(title))), None)


def folded(title: str) -> str:
    r"""A title without capitals, accents, spaces and what TeX needs.

    Examples
    --------
    >>> folded(r"M{\'e}moire sur {Fenchel}--{Young}") == folded("Mémoire sur Fenchel–Young")
    True
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"\\(?:[a-z]+|.)", "", title))
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def _titles(item: nodes.Element) -> Iterator[str]:
    yield from _QUOTED.findall(item.astext())
    yield from (emphasis.astext() for emphasis in item.findall(nodes.emphasis))


def _reference(words: str, uri: str) -> nodes.reference:
    return nodes.reference("", words, internal=True, refuri=uri)
