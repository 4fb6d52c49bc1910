"""Scripts load everywhere as one text, data cannot end its element, and the palette has one home."""

import re

import pytest
from py_mini_racer import MiniRacer

from lossnotes import assets, palette


@pytest.mark.parametrize("entry", ["formula.js", "judge.js", "parse.js"])
def test_a_bundle_is_a_classic_script(entry):
    engine = MiniRacer()
    engine.eval(assets.bundle(entry))
    assert engine.eval("typeof lossnotes") == "object"
    assert engine.eval("Object.keys(lossnotes).length") >= 1


def test_a_widget_is_one_module(browser_page):
    page = browser_page("data:text/html,<title>empty</title>")
    found = page.evaluate(
        """async (text) => {
            const url = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
            return typeof (await import(url)).default.render;
        }""",
        assets.bundle("widget.js", module=True),
    )
    assert found == "function"


@pytest.mark.parametrize(
    "source",
    [
        'import a from "./b.js";\n',
        'import * as b from "./b.js";\n',
        'import { a } from "b";\n',
        "export default 1;\n",
        "export { a };\n",
        "const a = 1;\nimport('./b.js');\n",
    ],
)
def test_only_named_imports_and_exports_are_joined(source, tmp_path, monkeypatch):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text(source)
    monkeypatch.setattr(assets, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"a\.js: expected named imports and exports; got "):
        assets.bundle.__wrapped__("a.js")


def test_modules_keep_their_own_names(tmp_path, monkeypatch):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text(
        'import { two } from "./b.js";\n// A comment\nconst hidden = 1;\n\n/** A comment */\n'
        "export const three = hidden + two;\n"
    )
    (tmp_path / "js" / "b.js").write_text(
        'const hidden = "https://not.a/comment".length;\nexport const two = hidden - 19;\n'
    )
    monkeypatch.setattr(assets, "files", lambda _: tmp_path)
    script = assets.bundle.__wrapped__("a.js")
    engine = MiniRacer()
    engine.eval(script)
    assert engine.eval("lossnotes.three") == 3
    assert "A comment" not in script


def test_nothing_is_evaluated_from_strings():
    script = assets.bundle("page.js") + assets.bundle("widget.js", module=True)
    assert not re.search(r"\beval\(|Function\(|setTimeout\(\"|document\.write|insertAdjacentHTML|\bimport\(", script)
    # The markup that Python wrote; nothing else becomes HTML.
    assert re.findall(r".*innerHTML.*", script) == ['el.innerHTML = model.get("markup");']


def test_data_cannot_end_its_element(browser_page):
    hostile = {"words": "</script><!--<script>\u2028\u2029]]>&amp;\\u003c", "number": 1e-300}
    block = assets.data_block(hostile)
    assert block.count("<") == 2
    assert not set("\u2028\u2029") & set(block)
    page = browser_page("data:text/html,<title>empty</title>")
    page.set_content(f"<main>{block}<p>after</p></main>")
    assert page.evaluate("JSON.parse(document.querySelector('.ln-data').textContent)") == hostile
    assert page.locator("p").inner_text() == "after"
    with pytest.raises(ValueError, match="JSON"):
        assets.data_block([float("nan")])


@pytest.mark.parametrize(
    ("theme", "media", "wanted"), [("light", "screen", 0), ("dark", "screen", 1), ("dark", "print", 0)]
)
def test_variables_follow_theme_and_paper(browser_page, theme, media, wanted):
    page = browser_page("data:text/html,<title>empty</title>")
    page.set_content(f"<html data-theme={theme}><style>{palette.variables()}</style><body></body></html>")
    page.emulate_media(media=media)
    found = page.evaluate(
        "['0', '3', 'good', 'bad'].map(n => getComputedStyle(document.body).getPropertyValue('--ln-' + n))"
    )
    lists = (palette.COLOURS, palette.DARK_COLOURS)[wanted]
    assert found == [lists[0], lists[3], palette.MARKS["good"][wanted], palette.MARKS["bad"][wanted]]
