"""Lines of a derivation are typed on a page: by keyboard, by mouse and by touch, and without scripts."""

import re

import pytest
from asked import CHAINS
from axe_playwright_python.sync_playwright import Axe
from pages import complete


@pytest.fixture
def opened(browser_page, tmp_path):
    """Opens a page that holds some chains and nothing else."""

    def open_chains(*names, **options):
        body = "".join(CHAINS[name]()._repr_mimebundle_()[0]["text/html"] for name in names)
        # Set when a book is built; as LaTeX it would be too wide.
        body = re.sub(r"\\\((?:\\displaystyle )?(.*?)\\\)", lambda found: f"<i>{found[1][:6]}</i>", body)
        head = '<meta name="viewport" content="width=device-width">'
        path = tmp_path / "page.html"
        path.write_text(complete(f"<main><h1>Page</h1>{body}</main>", head=head), encoding="utf-8")
        return browser_page(path.as_uri(), **options)

    return open_chains


def form(page, line):
    return page.locator(f"form[data-line={line}]")


def field(page, line):
    return form(page, line).get_by_role("textbox")


def said(page, line):
    return form(page, line).get_by_role("status").inner_text().strip()


def seen(page, text):
    """How often a text is seen."""
    return page.get_by_text(text).locator("visible=true").count()


def rows(page):
    """The lines of a chain that are seen, without the question."""
    return page.locator(".ln-derivation ol > li:not(.ln-ask, .ln-given)").locator("visible=true")


def type_in(page, line, text):
    field(page, line).fill(text)
    field(page, line).press("Enter")
    return said(page, line)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_fraction_as_it_is_read_keeps_off_the_buttons_and_moves_none(opened, width):
    page = opened("slope", width=width)
    keys = form(page, "slope").locator(".ln-keys")
    before = keys.bounding_box()["y"]
    field(page, "slope").fill("e^z/(1+e^z) - y/(1+y)")
    read = form(page, "slope").locator(".ln-preview math").bounding_box()
    assert read["y"] + read["height"] + 6 <= keys.bounding_box()["y"] == before
    assert field(page, "slope").evaluate("i => getComputedStyle(i).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_before_an_answer_the_chain_ends_above_the_line(opened):
    page = opened("slope")
    assert rows(page).count() == 1
    assert field(page, "slope").is_visible()
    assert not form(page, "curvature").is_visible()
    assert not seen(page, "The slope of softplus")
    assert page.locator("summary").locator("visible=true").count() == 0
    assert page.faults == []


def test_by_keyboard_to_the_end_of_the_chain(opened):
    page = opened("slope")
    page.keyboard.press("Tab")
    assert field(page, "slope").evaluate("(input) => input === document.activeElement")
    page.keyboard.type("σ(z) + y")
    assert "σ" in page.locator(".ln-preview math").first.text_content()
    page.keyboard.press("Enter")
    assert said(page, "slope").startswith("✗ It does not follow. The slope of")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("-(y - σ(z))")
    page.keyboard.press("Enter")
    assert said(page, "slope") == "✓ Right. The slope of softplus is σ."
    # The reader's own line stands for the book's, and the next is asked.
    assert rows(page).count() == 1
    assert "−(y−σ(z))" in form(page, "slope").locator(".ln-typed").text_content().replace("\u2061", "").replace(" ", "")
    assert page.evaluate("document.activeElement.textContent") == "Clear"
    page.keyboard.press("Tab")
    page.keyboard.type("p(1-p)")
    page.keyboard.press("Enter")
    assert said(page, "curvature").startswith("? I cannot read that.")
    assert field(page, "curvature").get_attribute("aria-invalid") == "true"
    type_in(page, "curvature", "σ(z)(1 - σ(z))")
    assert rows(page).count() == 2
    assert seen(page, "1 − σ(z) is σ(−z).")
    assert page.faults == []


def test_a_line_of_another_form_stands_above_the_book_s(opened):
    page = opened("slope")
    assert type_in(page, "slope", "p - y") == "✓ Right. The book writes it so:"
    assert rows(page).count() == 2
    assert seen(page, "The slope of softplus is σ.") == 1


def test_what_follows_stands_aligned_with_what_is_above(opened):
    # Only the first of these lines has a left side.
    page = opened("cost")
    type_in(page, "cost", "(y - 1) ln(1 - p) - y ln p")
    edges = page.locator("ol > li > .ln-right").locator("visible=true")
    assert edges.count() == 3
    assert len({round(edges.nth(n).bounding_box()["x"]) for n in range(3)}) == 1


def test_hints_come_one_after_the_other(opened):
    page = opened("cost")
    hint = form(page, "cost").get_by_role("button", name="Hint")
    hint.click()
    assert said(page, "cost") == "The logarithm of a product is a sum."
    hint.click()
    assert "It begins" in said(page, "cost")
    assert "⋯" in said(page, "cost")
    assert hint.is_disabled()
    assert type_in(page, "cost", "ln p").startswith("✗ It does not follow.")


def test_what_is_still_in_it_is_shown(opened):
    page = opened("cost")
    text = type_in(page, "cost", "-ln(p^y) - ln((1-p)^(1-y))")
    assert text.startswith("→ It follows, and is not there yet. Still in it: a power inside a logarithm")
    assert form(page, "cost").locator(".ln-verdict math").count() == 1
    assert type_in(page, "cost", "-ln(p^y (1-p)^(1-y))") == "= That is the line above. Take the next step."


def test_by_mouse_buttons_type_names(opened):
    page = opened("general")
    keys = form(page, "general").locator(".ln-key")
    wanted = {"p_k": 0, "T": 0, "t_k": 0}
    for n in range(keys.count()):
        wanted |= {keys.nth(n).get_attribute("data-text"): n}
    keys.nth(wanted["p_k"]).click()
    page.keyboard.type(" ")
    keys.nth(wanted["T"]).click()
    page.keyboard.type(" - ")
    keys.nth(wanted["t_k"]).click()
    assert field(page, "general").input_value() == "p_k T - t_k"
    form(page, "general").get_by_role("button", name="Check").click()
    assert said(page, "general").startswith("✓ Right.")


def test_a_button_leaves_the_cursor_inside_its_brackets(opened):
    page = opened("cost")
    form(page, "cost").locator("[data-text='ln(|)']").click()
    page.keyboard.type("p")
    assert field(page, "cost").input_value() == "ln(p)"


def test_buttons_type_a_root_and_pi_where_a_line_has_them(opened):
    page = opened("bell", "slope")
    field(page, "bell").fill("r^2/2 + ")
    for text in ("ln(|)", "√(|)"):
        form(page, "bell").locator(f"[data-text='{text}']").click()
    page.keyboard.type("2")
    form(page, "bell").locator("[data-text=π]").click()
    assert field(page, "bell").input_value() == "r^2/2 + ln(√(2π))"
    form(page, "bell").get_by_role("button", name="Check").click()
    assert said(page, "bell").startswith("✓ Right.")
    assert form(page, "slope").locator("[data-text=π], [data-text='√(|)']").count() == 0


def test_by_touch(browser, opened, tmp_path):
    opened("slope")
    with browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        field(page, "slope").tap()
        form(page, "slope").locator("[data-text=p]").tap()
        page.keyboard.type("-")
        form(page, "slope").locator("[data-text=y]").tap()
        form(page, "slope").get_by_role("button", name="Check").tap()
        assert said(page, "slope").startswith("✓ Right.")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        form(page, "slope").get_by_role("button", name="Clear").tap()
        form(page, "slope").get_by_role("button", name="Show the line").tap()
        assert seen(page, "The slope of softplus is σ.")


def test_answers_are_kept_until_they_are_cleared(opened):
    page = opened("slope", "cost")
    type_in(page, "slope", "p - y")
    form(page, "curvature").get_by_role("button", name="Show the line").click()
    type_in(page, "cost", "ln(")
    page.reload()
    assert said(page, "slope").startswith("✓ Right.")
    assert said(page, "curvature") == "Here it is:"
    assert said(page, "cost").startswith("? I cannot read that.")
    form(page, "slope").get_by_role("button", name="Clear").click()
    assert not form(page, "curvature").is_visible()
    assert field(page, "slope").evaluate("(input) => input === document.activeElement")
    type_in(page, "slope", "p - y")
    assert said(page, "curvature") == "Here it is:"
    form(page, "slope").get_by_role("button", name="Clear").click()
    form(page, "cost").get_by_role("button", name="Clear").click()
    page.reload()
    assert field(page, "slope").input_value() == field(page, "cost").input_value() == ""
    assert said(page, "slope") == said(page, "cost") == ""


def test_others_hear_what_was_typed(opened):
    page = opened("slope")
    page.evaluate(
        "() => { window.heard = []; document.addEventListener('ln-answered', (e) => window.heard.push(e.detail)); }"
    )
    type_in(page, "slope", "σ(z) + y")
    form(page, "slope").get_by_role("button", name="Clear").click()
    heard = page.evaluate("window.heard")
    assert heard == [{"identifier": "slope", "text": "σ(z) + y"}, {"identifier": "slope", "text": ""}]


def test_nothing_typed_asks_for_a_line(opened):
    page = opened("cost")
    form(page, "cost").get_by_role("button", name="Check").click()
    assert said(page, "cost") == "Type a line first."


def test_hostile_lines_stay_text(opened):
    page = opened("cost")
    for typed in ("<img src=x onerror=alert(1)>", "constructor", "__proto__", "p" * 100_000, "(" * 400):
        assert type_in(page, "cost", typed).startswith("? I cannot read that.")
    assert page.locator("img").count() == 0
    # Ten megabytes at once, as a paste brings them.
    page.evaluate("(text) => { document.querySelector('input').value = text.repeat(1e7); }", "p")
    form(page, "cost").get_by_role("button", name="Check").click()
    assert said(page, "cost").startswith("? I cannot read that. Expected at most 500 characters")
    assert page.faults == []


def test_without_scripts_the_line_is_folded(opened):
    page = opened("slope", javascript=False)
    assert page.locator("form").locator("visible=true").count() == 0
    assert not seen(page, "The slope of softplus is σ.")
    page.locator("summary").first.click()
    assert seen(page, "The slope of softplus is σ.")
    assert not seen(page, "The slope of σ.")


def test_on_paper_a_line_is_a_blank(opened):
    page = opened("cost")
    type_in(page, "cost", "-y ln p")
    page.emulate_media(media="print")
    assert form(page, "cost").get_by_role("button").locator("visible=true").count() == 0
    assert form(page, "cost").locator(".ln-line").is_visible()
    assert not form(page, "cost").locator(".ln-feedback").is_visible()
    assert not page.locator("input").is_visible()


def test_answers_stand_at_the_end_of_what_is_printed(opened):
    page = opened("slope", "cost")
    type_in(page, "slope", "p - y")
    form(page, "curvature").get_by_role("button", name="Show the line").click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    chains = page.locator("main .ln-derivation")
    assert [chains.nth(n).locator("ol > li:not(.ln-given)").locator("visible=true").count() for n in range(2)] == [2, 2]
    answers = page.locator(".ln-answers .ln-derivation")
    assert [answers.nth(n).locator("ol > li").locator("visible=true").count() for n in range(2)] == [4, 2]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".ln-answers").count() == 0
    assert said(page, "slope").startswith("✓ Right.")
    assert said(page, "curvature") == "Here it is:"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_in_the_way_of_those_who_do_not_see_it(opened, theme):
    page = opened("slope", "general", theme=theme)
    type_in(page, "slope", "σ(z) + y")
    type_in(page, "general", "p_k T - t_k")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "best-practice"]}).response["violations"]
    assert [(one["id"], node["html"]) for one in found for node in one["nodes"]] == []


@pytest.mark.parametrize("name", CHAINS)
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_scrolls_sideways(opened, name, width):
    page = opened(name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_was_said_of_a_line_goes_when_it_is_changed(opened):
    page = opened("slope")
    assert type_in(page, "slope", "y").startswith("✗")
    field(page, "slope").press_sequentially("+")
    assert said(page, "slope") == ""


def test_a_hint_keeps_its_place(opened):
    page = opened("cost")
    hint = form(page, "cost").get_by_role("button", name="Hint")
    before = hint.bounding_box()
    hint.click()
    hint.click()
    assert hint.bounding_box()["x"] == before["x"]
    assert form(page, "cost").get_by_role("button", name="Show the line").is_visible()
