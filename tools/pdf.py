"""One PDF of the whole book, printed by a headless Chromium: ``python -m tools.pdf``.

It is printed twice: only when it is laid out are the contents' page numbers known.
"""

import argparse
import logging
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import yaml
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tools.browser import CLOSED, HOW, find_browser
from tools.joined import About, Book, Entry, join

# Chromium counts its objects wrongly, which harms no reader.
logging.getLogger("pypdf").setLevel(logging.ERROR)

#: Writes a page number beside each line of the contents.
_NUMBER = """numbers => document.querySelectorAll(".ln-number").forEach(
    place => { place.textContent = numbers[place.dataset.of]; })"""


def make(source: Path, target: Path, paper: str = "A4") -> int:
    """Print the site that was built in ``source``; return how many pages it has.

    Raises
    ------
    FileNotFoundError
        If the site is not built, lacks a file, or no browser is found.
    ValueError
        If a link leads nowhere, or the contents' page numbers do not settle.
    """
    site = source.resolve() / "_build" / "html"
    if not site.is_dir():
        raise FileNotFoundError("the site is not built: run `make book` first")
    browser = find_browser()
    if browser is None:
        raise FileNotFoundError(f"no Chromium-family browser found. {HOW.format(command='make pdf')}")
    about = _about(source)
    book = join(site, source / "_toc.yml", about)
    printed = PdfReader(BytesIO(_print(browser, book, paper)))
    # Chromium drops a link in silence where its target is missing or not printed.
    if lost := book.targets - {name.removeprefix("/") for name in printed.named_destinations}:
        raise ValueError(f"expected links that lead somewhere on paper; got {', '.join(sorted(lost))}")
    writer = PdfWriter(clone_from=printed)
    _describe(writer, about)
    _repair_outline(writer, book.headings)
    writer.write(target)
    return len(writer.pages)


def _about(source: Path) -> About:
    config = yaml.safe_load((source / "_config.yml").read_text(encoding="utf-8"))
    return About(
        title=config["title"],
        author=config["author"],
        language=config["sphinx"]["config"]["language"],
        version=version("lossnotes"),
        licence=config["html"]["extra_footer"],
    )


def _print(browser: str, book: Book, paper: str) -> bytes:
    """Print until the contents name the pages on which the chapters are."""
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder, "book.html")
        path.write_text(book.html, encoding="utf-8")
        page = driver.chromium.launch(executable_path=browser, args=CLOSED).new_page()
        page.set_default_timeout(600_000)  # hundreds of pages on a slow machine
        missing: list[str] = []
        page.on("requestfailed", lambda request: missing.append(request.url))
        page.goto(path.as_uri())
        page.evaluate("document.fonts.ready.then(() => null)")
        if missing:
            raise FileNotFoundError(f"expected every file that the pages ask for; missing: {', '.join(missing)}")
        return _numbered(page, book.contents, paper)


def _numbered(page: Page, contents: list[Entry], paper: str) -> bytes:
    numbers: dict[str, int] = {}
    for _ in range(4):
        printed = page.pdf(format=paper, print_background=True, outline=True, tagged=True)
        found = _page_numbers(PdfReader(BytesIO(printed)), contents)
        if found == numbers:
            return printed
        numbers = found
        page.evaluate(_NUMBER, numbers)
    raise ValueError("expected page numbers that settle; those of the contents still move after four prints")


def _page_numbers(printed: PdfReader, contents: list[Entry]) -> dict[str, int]:
    """On which page, counted from 1, each part and chapter begins."""
    places = printed.named_destinations
    pages = {entry.anchor: printed.get_destination_page_number(places[f"/{entry.anchor}"]) for entry in contents}
    return {anchor: page + 1 for anchor, page in pages.items() if page is not None}


def _describe(writer: PdfWriter, about: About) -> None:
    writer.add_metadata({"/Title": about.title, "/Author": about.author, "/Creator": "lossnotes"})
    writer.page_mode = "/UseOutlines"


def _repair_outline(writer: PdfWriter, headings: list[str]) -> None:
    """Give bookmarks the words of the headings: Chromium drops spaces and repeats what begins a page."""
    meant = {_squeezed(heading): heading for heading in headings}
    meant |= {squeezed * 2: heading for squeezed, heading in meant.items()}
    for bookmark in _bookmarks(cast(DictionaryObject, writer.root_object["/Outlines"].get_object())):
        title = str(bookmark["/Title"])
        bookmark[NameObject("/Title")] = TextStringObject(meant.get(_squeezed(title), title))


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _bookmarks(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    child = parent.get("/First")
    while child is not None:
        bookmark = child.get_object()
        yield bookmark
        yield from _bookmarks(bookmark)
        child = bookmark.get("/Next")


def main() -> None:
    """Print the book in this folder to ``_build/lossnotes.pdf``."""
    parser = argparse.ArgumentParser(prog="make pdf", description=__doc__)
    parser.add_argument("--paper", default="A4", help="a format that Chromium knows: A4, Letter, ...")
    paper = parser.parse_args().paper
    target = Path("_build", "lossnotes.pdf")
    print("Printing the book, a few minutes on a slow machine ...", flush=True)
    try:
        pages = make(Path(), target, paper)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f"make pdf: {error}")
    print(f"The book is in {target}: {pages} pages, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
