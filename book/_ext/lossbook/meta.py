"""What a page says of itself to search engines and to those who share it.

The site's own address is known where it is published, and only there. Without it there is
no card, no sitemap and no canonical link; titles and descriptions are always there.
"""

import html
import re
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from lossbook import cards, prose

#: Search engines show about 160 characters of a description.
_ENOUGH, _MOST = 110, 220
#: Pages that Sphinx makes and no author wrote.
_MADE = {
    "search": "Search all lessons and reference pages of the book.",
    "genindex": "Every function, class and glossary term of the book, from A to Z.",
    "404": "There is no page at this address.",
}
_ABOUT = "why deep learning uses squared error and cross-entropy"


def know_prefix(_app: Sphinx, config: Config) -> None:
    """Let the page for dead addresses link from the root: it is shown at any depth."""
    prefix = urlsplit(config.html_baseurl).path or "/"
    config.notfound_urls_prefix = prefix
    config.notfound_context = {
        "title": "No page here",
        "body": "<h1>No page here</h1><p>The page that you asked for has moved, or never was. "
        f'Begin at <a href="{prefix}{config.root_doc}.html">the first page</a>, '
        f'or <a href="{prefix}search.html">search the book</a>.</p>',
    }


def describe(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add description, icon and card to a page's head, and tell the first page's title from the book's."""
    title = re.sub(r"<[^>]+>", "", context.get("title", ""))
    told = description(doctree) if doctree else _MADE.get(page, "")
    icon = context["pathto"]("_static/apple-touch-icon.png", resource=True)
    tags = [f'<link rel="apple-touch-icon" href="{icon}">', _meta("name", "description", told)]
    if app.config.html_baseurl and doctree:
        tags += _card(app.config, page, html.unescape(title), told)
    context["metatags"] = "\n".join([context.get("metatags", ""), *tags])
    if page == app.config.root_doc:
        context["docstitle"] = _ABOUT


def description(doctree: nodes.document) -> str:
    """A page's first sentences, about as many as search engines show."""
    told: list[str] = []
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and not paragraph["classes"]:
            for sentence in filter(None, prose.sentences(paragraph)):
                told.append(sentence)
                if len(" ".join(told)) >= _ENOUGH:
                    return shorten(" ".join(told), _MOST, placeholder=" …")
    return " ".join(told)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Draw the cards and write ``robots.txt``, where the site's address is known."""
    base, site = app.config.html_baseurl, Path(app.outdir)
    if exception is None and base and app.builder.name == "html":
        robots = f"User-agent: *\nAllow: /\n\nSitemap: {urljoin(base, 'sitemap.xml')}\n"
        (site / "robots.txt").write_text(robots, encoding="utf-8")
        titles = {page: title.astext() for page, title in app.env.titles.items()}
        titles[app.config.root_doc] = _ABOUT.capitalize()
        cards.write_cards(site, titles, app.config.html_title)


def _card(config: Config, page: str, title: str, told: str) -> list[str]:
    base = config.html_baseurl
    properties = {
        "og:type": "website" if page == config.root_doc else "article",
        "og:site_name": config.html_title,
        "og:title": title,
        "og:description": told,
        "og:url": urljoin(base, f"{page}.html"),
        "og:image": urljoin(base, cards.path(page)),
        "og:image:width": str(cards.WIDTH),
        "og:image:height": str(cards.HEIGHT),
        "og:image:alt": f"{title}. {cards.ALT}",
    }
    tags = [_meta("property", name, value) for name, value in properties.items()]
    return [*tags, _meta("name", "twitter:card", "summary_large_image")]


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(value)}">'
