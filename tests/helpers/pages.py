"""The pages of the book, and what tests do with one: open it, move a control, read a number, list its ids."""

from pathlib import Path

import yaml

from lossbook import links
from lossnotes import assets

ROOT = Path(__file__).parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
#: The pages of each part of the book, as ``book/one-bit``, in the reader's order.
PARTS = {part["caption"]: [chapter["file"] for chapter in part["chapters"]] for part in TOC["parts"]}
#: The pages of the numbered parts.
LESSONS = [page for part in TOC["parts"] if part.get("numbered") for page in PARTS[part["caption"]]]
#: Optional pages with what lessons leave out.
FURTHER = PARTS.get("Further", [])

#: The addresses of all pages, with those that Sphinx makes.
PAGES = [
    *(f"{page}.html" for page in (TOC["root"], *(page for pages in PARTS.values() for page in pages))),
    "search.html?q=residual",
    "genindex.html",
]
#: The addresses of executed pages, on which the package shows something.
EXECUTED = [name for name in PAGES if (ROOT / name.replace(".html", ".ipynb")).is_file()]
#: The page that stands for all lessons where one is enough.
LESSON = "book/gaussian-noise.html"

#: Where pages once were, and where they are now.
MOVED = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["redirects"]


def complete(body, title="Page", head=""):
    """Outputs as a page of their own, with the script and the styles that the book gives them."""
    style = f"<style>{assets.sheet(*assets.SHEETS)}</style>{head}"
    script = f"<script>{assets.bundle('page.js')}</script>"
    top = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{style}</head>'
    return f"{top}<body>{body}{script}</body></html>"


def go(page, url, wait="load"):
    """Open an address. On a busy machine the network may rest before the page's own scripts have run: wait for both."""
    page.goto(url, wait_until="load")
    page.wait_for_load_state(wait)


def open_page(browser, url, *, width=1280, theme="light", javascript=True, wait="load"):
    """A page in a context of its own, which holds what went wrong on it: ``page.faults``."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=theme, java_script_enabled=javascript
    )
    page = context.new_page()
    page.faults = faults = []
    page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("requestfailed", lambda r: faults.append(f"failed: {r.url}"))
    page.on("response", lambda r: faults.append(f"status {r.status}: {r.url}") if r.status >= 400 else None)
    page.on("request", lambda r: None if _inside(r.url) else faults.append(f"asks another host: {r.url}"))
    go(page, url, wait)
    return page


def _inside(url):
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "file:", "data:", "blob:"))


def set_control(control, value):
    """Give a control a value, as the reader's hand does."""
    control.evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})); }",
        str(value),
    )


def number(text):
    """A number that a page shows."""
    return float(text.replace("−", "-"))


def ids(site, name):
    """The ids of a page of the book, each as often as it stands there."""
    return links.Page((site / "book" / name).read_text(encoding="utf-8")).ids
