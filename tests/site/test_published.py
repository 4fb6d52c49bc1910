"""A book that knows its repository and its address: buttons, cards, sitemap, and the page for dead addresses."""

import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from small_books import jupyter_book, notebook, write_book

ADDRESS = "https://ada.example/notes/"
FORK = "https://github.com/Grace/fork"
#: What a runner of GitHub says of a branch, and a person of the site.
RUNNER = {
    "GITHUB_REPOSITORY": "Grace/fork",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REF_NAME": "a/b",
    "GITHUB_SHA": "c0ffee",
    "BASE_URL": ADDRESS,
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of two pages, built where its repository and its address are known."""
    book = tmp_path_factory.mktemp("published")
    lesson = nbformat.reads(notebook("print(6 * 7)"), as_version=4)
    lesson.cells[0].source = "# What $x$ & “y” ask\n\nA loss of $\\frac12$. It “costs” 5 < 6."
    write_book(book, {"intro.md": "# Loss notes\n\nTwo losses.\n", "lesson.ipynb": nbformat.writes(lesson)})
    code, output = jupyter_book(book, **RUNNER)
    assert code == 0, output
    return book


@pytest.fixture(scope="module")
def published(book):
    """The folder of that site."""
    return book / "_build" / "html"


def soup(site, page):
    return BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def buttons(site, page):
    return {link.get_text(strip=True): link["href"] for link in soup(site, page).select("a.btn-sm[href]")}


def test_buttons_lead_home_and_launch_the_very_lesson(published):
    found = buttons(published, "book/lesson")
    assert found["Binder"] == "https://mybinder.org/v2/gh/Grace/fork/a%2Fb?urlpath=lab/tree/book/lesson.ipynb"
    assert found["Colab"] == "https://colab.research.google.com/github/Grace/fork/blob/colab/book/lesson.ipynb"
    assert found["Repository"] == FORK
    assert not {"Binder", "Colab"} & set(buttons(published, "book/intro"))


def test_colab_has_a_copy_that_installs_this_very_commit(book):
    (copy,) = (book / "_build/colab").rglob("*.ipynb")
    assert copy.relative_to(book / "_build/colab") == Path("book/lesson.ipynb")
    cells = nbformat.read(copy, as_version=4).cells
    assert f"git+{FORK}@c0ffee" in cells[0].source
    assert cells[1:] == nbformat.read(book / "book" / "lesson.ipynb", as_version=4).cells


def test_a_published_page_has_a_card_and_a_canonical_link(published):
    head = soup(published, "book/lesson").head
    address = f"{ADDRESS}book/lesson.html"
    assert head.find("link", rel="canonical")["href"] == address
    tags = {tag["property"]: tag["content"] for tag in head.find_all("meta", property=re.compile("^og:"))}
    assert tags["og:url"] == address
    assert tags["og:site_name"] == "Loss notes"
    assert "& “y” ask" in tags["og:title"]
    assert tags["og:description"] == "A loss of ½. It “costs” 5 < 6."
    assert "hinge" in tags["og:image:alt"]
    with Image.open(published / tags["og:image"].removeprefix(ADDRESS)) as card:
        assert card.size == (int(tags["og:image:width"]), int(tags["og:image:height"])) == (1200, 630)


def test_a_published_site_has_a_sitemap_of_what_is_written(published):
    listed = re.findall(r"<loc>(.+?)</loc>", (published / "sitemap.xml").read_text())
    assert sorted(listed) == [f"{ADDRESS}book/{name}.html" for name in ("intro", "lesson")]
    assert f"Sitemap: {ADDRESS}sitemap.xml" in (published / "robots.txt").read_text()


class _Lost(SimpleHTTPRequestHandler):
    """Serves a folder under a prefix, and 404.html for what is not there, as GitHub Pages does."""

    prefix = "/"

    def translate_path(self, path):
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def send_error(self, code, *_):
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(Path(self.directory, "404.html").read_bytes())

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(("built", "prefix"), [("site", "/"), ("published", "/notes/")])
@pytest.mark.parametrize("depth", ["gone", "book/gone.html", "book/old/and/gone.html"])
def test_a_dead_address_leads_back_at_any_depth(browser_page, request, built, prefix, depth):
    folder = request.getfixturevalue(built)
    handler = partial(type("Handler", (_Lost,), {"prefix": prefix}), directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}{prefix}"
        page = browser_page(f"{root}{depth}")
        assert page.get_by_role("heading", name="No page here").is_visible()
        assert [fault for fault in page.faults if depth not in fault and "404 (Not Found)" not in fault] == []
        assert page.locator("nav.bd-links a").count() >= 2
        page.get_by_role("link", name="the first page").click()
        page.wait_for_load_state("networkidle")
        assert page.url == f"{root}book/intro.html"
        server.shutdown()
