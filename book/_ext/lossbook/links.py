"""The finished site is read once more: no dead link, no request to another host.

Sphinx checks the links that it knows. These checks read what a browser reads, so they
also see links in raw HTML and in what cells displayed.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx
from sphinx.util import logging

_log = logging.getLogger(__name__)

#: Tags whose address the browser fetches by itself, and the attributes that hold it.
_FETCHED = {
    "img": ("src", "srcset"),
    "script": ("src",),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "input": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
}
#: The parts of a formula, half of all tags: they fetch nothing, and without an id nothing leads to them.
_FORMULA_PARTS = re.compile(r"</?mjx-(?![^>]*\bid=)[^>]*>")
#: Relations of <link> that the browser does not follow.
_NOT_FETCHED = {"canonical", "next", "prev", "author", "license", "index", "search", "alternate"}


class Page(HTMLParser):
    """What one page fetches, where it leads, and the ids that can be led to."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self._in_style = False
        self.feed(_FORMULA_PARTS.sub("", markup))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        self.ids += [values[name] for name in ("id",) if name in values]
        if tag == "a":
            self.ids += [values["name"]] if "name" in values else []
            self.links += [values["href"]] if "href" in values else []
        elif tag == "link" and not set(values.get("rel", "").split()) & _NOT_FETCHED:
            self.fetched.append(values.get("href", ""))
        for name in _FETCHED.get(tag, ()):
            # "a.png 1x, b.png 2x" holds several addresses.
            parts = values.get(name, "").split(",") if name == "srcset" else [values.get(name, "")]
            self.fetched += [part.split()[0] for part in parts if part.strip()]
        self.fetched += _addresses_in_style(values.get("style", ""))

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.fetched += _addresses_in_style(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False


def check_site(app: Sphinx, exception: Exception | None) -> None:
    """Warn, and so end a strict build, of each fault of the site that was just written."""
    if exception is None and app.builder.name == "html":
        for fault in faults(Path(app.outdir), app.config.notfound_urls_prefix):
            _log.warning(fault, type="site")


def faults(site: Path, prefix: str = "/") -> list[str]:
    """Each dead link and each request to another host, as ``page: what is wrong``.

    ``404.html`` links from the root, which is at ``prefix``: it is shown at any depth.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.html").write_text('<a href="b.html">b</a>')
    ...     faults(Path(folder))
    ['a.html: dead link b.html: no such page']
    """
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in pages_of(site)}
    if (lost := pages.get(site.resolve() / "404.html")) is not None:
        lost.links, lost.fetched = ([a.removeprefix(prefix) for a in listed] for listed in (lost.links, lost.fetched))
    found = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        found += [f"{name}: asks another host for {address}" for address in page.fetched if _elsewhere(address)]
        found += [f"{name}: dead link {link}: {why}" for link in page.links if (why := _dead(link, path, pages))]
        inside = [address for address in page.fetched if not _elsewhere(address)]
        found += [f"{name}: missing file {address}" for address in inside if _dead(address, path, pages)]
        found += [f"{name}: id {twice!r} stands twice" for twice in _repeated(page.ids)]
    for path in sorted(site.rglob("*.css")):
        addresses = _addresses_in_style(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(site)}: asks another host for {a}" for a in addresses if _elsewhere(a)]
    return found


def pages_of(site: Path) -> list[Path]:
    """The site's pages. The theme leaves unfilled templates among its own files; they are none."""
    return [path for path in sorted(site.rglob("*.html")) if path.relative_to(site).parts[0] != "_static"]


def _addresses_in_style(style: str) -> list[str]:
    urls = re.findall(r"url\(\s*['\"]?([^'\")]+)", style)
    return urls + re.findall(r"@import\s+['\"]([^'\"]+)", style)


def _elsewhere(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) and parts.scheme in ("", "http", "https", "ws", "wss")


def _dead(link: str, page: Path, pages: dict[Path, Page]) -> str:
    """Why a link leads nowhere; nothing for one that leads somewhere, or out of the book."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "no such page"
    # After a question mark: where the controls of a figure stand.
    fragment = unquote(parts.fragment).partition("?")[0]
    if fragment in ("", "top") or target not in pages or fragment in pages[target].ids:
        return ""
    return f"no #{fragment} on that page"


def _repeated(ids: list[str]) -> list[str]:
    return sorted({name for name in ids if ids.count(name) > 1})
