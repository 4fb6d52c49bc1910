"""What the tests do with a page: open it, move a control, read a number, list its ids."""

from lossbook.links import Page


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
    return Page((site / "book" / name).read_text(encoding="utf-8")).ids
