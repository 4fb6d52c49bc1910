"""What the tests do with a page: open it, move a control, read a number, list its ids."""

from pathlib import Path

import yaml

from lossbook import links

ROOT = Path(__file__).parents[1]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
#: The pages of each part of the book, as ``book/one-bit``, in the reader's order.
PARTS = {part["caption"]: [chapter["file"] for chapter in part["chapters"]] for part in TOC["parts"]}
#: The pages of the numbered parts.
LESSONS = [page for part in TOC["parts"] if part.get("numbered") for page in PARTS[part["caption"]]]

#: Where pages once were, and where they are now.
MOVED = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["redirects"]


def go(page, url, wait="load"):
    """Open an address. On a busy machine the network may rest before the page's own scripts have run: wait for both."""
    page.goto(url, wait_until="load")
    page.wait_for_load_state(wait)


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
