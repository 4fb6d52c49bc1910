"""The pages of the built site as one HTML document, which ``pdf`` prints.

An id is unique on its own page only, so each gets its page's name in front, and a link
from page to page becomes one from place to place.
"""

import copy
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from sphinx_external_toc.parsing import parse_toc_yaml

#: What does nothing on paper. Boxes to tick stay.
_UNPRINTED = "script, button, .headerlink, .ln-controls:not(:has(fieldset)), .ln-tally"
#: Attributes that hold ids.
_REFERENCES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details")
_HEADINGS = ("h5", "h4", "h3", "h2", "h1")
_STYLE = Path(__file__).with_name("pdf.css")


@dataclass(frozen=True)
class About:
    """What stands on the title page; ``licence`` may hold HTML."""

    title: str
    author: str
    language: str
    version: str
    licence: str


@dataclass(frozen=True)
class Entry:
    """A line of the contents: a chapter, or a part, which has no page of the site."""

    title: str
    anchor: str
    is_part: bool = False


@dataclass(frozen=True)
class Book:
    """The document, its contents, what its headings say, and the places that its links lead to."""

    html: str
    contents: list[Entry]
    headings: list[str]
    targets: set[str]


class Chapter:
    """A page's article, with ids and links that hold among all pages."""

    def __init__(self, site: Path, name: str, pages: set[str], *, in_part: bool) -> None:
        self.name = name
        self.anchor = _anchor(name)
        self._folder = (site / name).parent
        self._pages = pages
        self.targets: set[str] = set()
        soup = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        self.head = [self._placed(tag) for tag in soup.select("head > link[rel=stylesheet]")]
        self.article = _only(soup, "article")
        for tag in self.article.select(_UNPRINTED):
            tag.decompose()
        self._move_answers()
        self._flatten_code()
        self._append_evidence(soup)
        self.headings = [
            " ".join(heading.get_text().split()) for heading in self.article.select("h1, h2, h3, h4, h5, h6")
        ]
        self.title = " ".join(_only(self.article, "h1").get_text().split())
        self.styles = [style.extract() for style in self.article.select("style")]
        for tag in self.article.find_all(True):
            self._rename(tag)
            self._placed(tag)
        if in_part:
            self._lower_headings()

    def _rename(self, tag: Tag) -> None:
        """Put the page's name in front of each id, where it stands and where it is meant."""
        for name, value in list(tag.attrs.items()):
            if not isinstance(value, str):
                continue
            if name == "id":
                tag[name] = f"{self.anchor}--{value}"
            elif name in _REFERENCES:
                tag[name] = " ".join(f"{self.anchor}--{one}" for one in value.split())
            elif "url(#" in value:
                tag[name] = value.replace("url(#", f"url(#{self.anchor}--")
            elif name == "href" and tag.name == "a":
                self._lead(tag, value)
            elif name in ("href", "xlink:href") and value.startswith("#"):
                tag[name] = f"#{self.anchor}--{value[1:]}"

    def _lead(self, link: Tag, address: str) -> None:
        """Lead into the document what led into the book; what led elsewhere on the site is a link no more."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return
        page = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), unquote(parts.path)))
        page = page.removesuffix(".html") if parts.path else self.name
        if page not in self._pages:
            del link["href"]
            return
        fragment = unquote(parts.fragment)
        target = _anchor(page) if fragment in ("", "top") else f"{_anchor(page)}--{fragment}"
        self.targets.add(target)
        link["href"] = f"#{target}"

    def _placed(self, tag: Tag) -> Tag:
        """Give a file that the page fetches its full address."""
        for name in ("src", "href", "xlink:href"):
            value = tag.get(name)
            if tag.name == "a" or not isinstance(value, str) or value.startswith(("#", "data:")):
                continue
            tag[name] = (self._folder / unquote(urlsplit(value).path)).resolve().as_uri()
        if tag.name == "img":
            tag["loading"] = "eager"
        return tag

    def _move_answers(self) -> None:
        """Move what a reader is asked for to the end, as the page's script does when the page is printed."""
        folds = self.article.select(".ln-answer:not(.ln-answer .ln-answer)")
        if not folds:
            return
        section = BeautifulSoup('<section class="ln-answers"><h2>Answers</h2></section>', "html.parser")
        for fold in folds:
            chain = fold.find_parent(class_="ln-asked")
            rows = BeautifulSoup('<div class="ln-derivation"><ol></ol></div>', "html.parser")
            first = [copy.copy(line) for line in chain.select("li")[:1]] if chain else []
            rows.select("ol")[0].extend([*first, *fold.select("ol > li:not(.ln-ask, .ln-given)")])
            section.select("section")[0].append(rows)
            fold.decompose()
        self.article.append(section)

    def _flatten_code(self) -> None:
        """Paper shows keywords and comments only; each other mark would be a node of the PDF's structure."""
        for span in self.article.select(".highlight pre span:not(.k, .kn, .kc, .ow, .c1, .cm)"):
            span.unwrap()

    def _append_evidence(self, soup: BeautifulSoup) -> None:
        """Put what the lines of checks hold at the chapter's end, each below its section's heading."""
        checks = self.article.select(".ln-evidence > .ln-checks")
        if not checks:
            return
        appendix = soup.new_tag("section", id="ln-evidence")
        appendix.append(soup.new_tag("h2", string="Evidence"))
        for part in checks:
            section = part.find_parent("section")
            heading = section.find(_HEADINGS) if section else None
            appendix.append(soup.new_tag("h3", string=" ".join(heading.get_text().split()) if heading else "Checks"))
            appendix.append(part.extract())
        (self.article.find("section") or self.article).append(appendix)

    def _lower_headings(self) -> None:
        """A part's heading is above its chapters'."""
        for heading in self.article.find_all(_HEADINGS):
            heading.name = f"h{int(heading.name[1]) + 1}"


def join(site: Path, toc: Path, about: About) -> Book:
    """The whole book, with gaps for the contents' page numbers."""
    order = list(_order(toc))
    pages = {name for name, is_part, _ in order if not is_part}
    contents: list[Entry] = []
    headings, body = ["Contents"], []
    # Each page, and each figure, brings its styles along: once is enough.
    head: dict[str, None] = {}
    targets: set[str] = set()
    running_heads = ""
    for name, is_part, in_part in order:
        if is_part:
            contents.append(Entry(name, f"part-{len(contents)}", is_part=True))
            headings.append(name)
            body.append(f'<section class="ln-part" id="{contents[-1].anchor}"><h1>{escape(name)}</h1></section>')
            continue
        chapter = Chapter(site, name, pages, in_part=in_part)
        contents.append(Entry(chapter.title, chapter.anchor))
        headings += chapter.headings
        targets |= chapter.targets
        head |= dict.fromkeys(str(tag) for tag in [*chapter.head, *chapter.styles])
        running_heads += _running_head(chapter)
        kind = "ln-in-part" if in_part else "ln-alone"
        body.append(f'<div class="{kind}" id="{chapter.anchor}" style="page: {chapter.anchor}">{chapter.article}</div>')
    style = f"<style>{_STYLE.read_text(encoding='utf-8')}{running_heads}</style>"
    html = (
        f'<!DOCTYPE html><html lang="{escape(about.language)}" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{escape(about.title)}</title>{''.join(head)}{style}</head>"
        '<body><main class="bd-main"><div class="bd-content"><div class="bd-article-container">'
        f"{_title_page(about)}{_contents(contents)}{''.join(body)}</div></div></main></body></html>"
    )
    return Book(html, contents, headings, targets)


def _order(toc: Path) -> Iterator[tuple[str, bool, bool]]:
    """Each part and page in reading order: its name, whether it is a part, whether it is in one."""
    pages = parse_toc_yaml(toc)

    def below(page: str, in_part: bool) -> Iterator[tuple[str, bool, bool]]:
        yield page, False, in_part
        for group in pages[page].subtrees:
            if group.caption:
                yield group.caption, True, False
            for name in (item for item in group.items if item in pages):
                yield from below(str(name), in_part or bool(group.caption))

    yield from below(pages.root.docname, False)


def _anchor(page: str) -> str:
    return re.sub(r"[^\w-]", "-", f"page-{page}")


def _only(soup: Tag, selector: str) -> Tag:
    found = soup.select_one(selector)
    if found is None:
        raise ValueError(f"expected a page with <{selector}>; got one without: is the site built by `make book`?")
    return found


def _running_head(chapter: Chapter) -> str:
    title = re.sub(r'["\\]', r"\\\g<0>", " ".join(chapter.title.split()))
    return f'@page {chapter.anchor} {{ @top-left {{ content: "{title}"; }} }}\n'


def _title_page(about: About) -> str:
    return (
        f'<section class="ln-title-page"><p class="ln-title">{escape(about.title)}</p><p>{escape(about.author)}</p>'
        f'<p class="ln-imprint">Version {escape(about.version)}. {about.licence}</p></section>'
    )


def _contents(entries: list[Entry]) -> str:
    lines = [
        f'<li class="{"ln-to-part" if entry.is_part else "ln-to-chapter"}"><a href="#{entry.anchor}">'
        f'<span>{escape(entry.title)}</span><span class="ln-number" data-of="{entry.anchor}">000</span></a></li>'
        for entry in entries
    ]
    return f'<nav class="ln-contents"><h1 id="contents">Contents</h1><ol>{"".join(lines)}</ol></nav>'
