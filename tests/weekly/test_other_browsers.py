"""Pages in Firefox and in WebKit, Safari's engine, as Playwright ships them."""

from pathlib import Path

import pytest
from pages import go

#: A page, and what is typed into its first exercise.
PAGES = {"book/intro": None, "book/one-bit": "0.847", "book/ledger": None}
NUMBERS = "([figure, before]) => figure.querySelector('.ln-readouts').innerText !== before"


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def browser(request, driver):
    """In the place of Chromium."""
    kind = getattr(driver, request.param)
    if not Path(kind.executable_path).is_file():
        pytest.skip(f"Playwright's {request.param} is not installed: playwright install --with-deps {request.param}")
    started = kind.launch()
    yield started
    started.close()


@pytest.mark.parametrize("name", PAGES)
def test_sliders_move_answers_are_judged_and_nothing_is_amiss(browser_page, address, name):
    page = browser_page(f"{address}/{name}.html")
    figure = page.locator("main .ln-figure").first
    if figure.count():
        before = figure.locator(".ln-readouts").inner_text()
        figure.locator("input[type=range]").first.press("ArrowRight")
        page.wait_for_function(NUMBERS, arg=[figure.element_handle(), before])
    if PAGES[name]:
        exercise = page.locator(".ln-exercise").first
        exercise.get_by_role("textbox").fill(PAGES[name])
        exercise.get_by_role("textbox").press("Enter")
        exercise.get_by_role("status").filter(has_text="✓ Right.").wait_for()
    go(page, page.url, "networkidle")
    assert page.faults == []
