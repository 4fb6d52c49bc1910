"""The build passes what is true, refuses what is false, the second time too, and never shows a stale result."""

import shutil
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from pages import ROOT
from small_books import jupyter_book, notebook, write_book
from sphinx.errors import ExtensionError

from lossbook import execute, links

SHOWN = "from IPython.display import HTML\nHTML('<section id=\"huber\">Huber</section>')"
#: Places of a lesson that other pages may lead to: a mark in the text, a cell, an id that a cell displays.
PLACES = ("a16", "cell-derive-it", "huber")


def marked_lesson(*sources):
    """A lesson that has these places."""
    lesson = nbformat.reads(notebook(*sources, SHOWN), as_version=4)
    lesson.cells[0].source += '\n\n<a id="a16"></a>It is no distance.'
    lesson.cells[1].id = "derive-it"
    return nbformat.writes(lesson)


@pytest.fixture(scope="module")
def true_book(tmp_path_factory):
    """A book without a fault: its folder, and what was said as it was built."""
    book = tmp_path_factory.mktemp("true")
    intro = "# Intro\n\n" + "".join(f"[x](lesson.ipynb#{name})\n" for name in PLACES)
    write_book(book, {"intro.md": intro, "lesson.ipynb": marked_lesson("print(6 * 7)")})
    code, output = jupyter_book(book)
    assert code == 0, output
    return book, output


def shown(book, name="lesson"):
    return (book / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")


def test_a_true_book_passes_and_each_marked_place_can_be_linked_to(true_book):
    book, output = true_book
    assert "Executing 1 of 1 lessons" in output
    assert "42" in shown(book)
    assert [name for name in PLACES if f'href="lesson.html#{name}"' not in shown(book, "intro")] == []


def test_without_a_home_there_is_no_dead_button(true_book):
    book, _ = true_book
    buttons = BeautifulSoup(shown(book), "html.parser").select("a.btn-sm[href]")
    assert [link["href"] for link in buttons if "://" in link["href"]] == []
    assert "canonical" not in shown(book)
    assert not (book / "_build/colab").exists()


def test_a_lesson_executes_again_if_it_or_a_pin_changes_and_one_dead_link_is_enough(true_book):
    book, _ = true_book
    with (book / "book/_ext/lossbook/links.py").open("a") as code_of_no_lesson:
        code_of_no_lesson.write("# changed\n")
    with (book / "book/intro.md").open("a") as page:
        page.write('\n<a href="gone.html">gone</a>\n')
    code, output = jupyter_book(book)
    assert "Executing" not in output
    assert code != 0
    assert output.count("WARNING") == output.count("dead link gone.html") == 1, output
    write_book(book, {"intro.md": "# Intro\n", "lesson.ipynb": marked_lesson("print(6 * 8)")})
    code, output = jupyter_book(book)
    assert code == 0, output
    assert "48" in shown(book)
    with (book / "requirements.txt").open("a") as pins:
        pins.write("# changed\n")
    assert "Executing 1 of 1 lessons" in jupyter_book(book)[1]


def test_a_change_of_the_package_executes_all_again_but_none_of_script_or_style(tmp_path, monkeypatch):
    package = tmp_path / "lossnotes"
    shutil.copytree(ROOT / "lossnotes", package)
    monkeypatch.setattr(execute, "_PACKAGE", package)
    before = execute.fingerprint(ROOT)
    for name, again in (("verify.py", True), ("js/figure.js", False), ("static/figure.css", False)):
        (package / name).write_text((package / name).read_text() + "\n")
        after = execute.fingerprint(ROOT)
        assert (after != before) is again, name
        before = after


# What is refused: two books that hold every fault, each built twice


def built_twice(book):
    """What both builds said; neither passed."""
    outputs = []
    for attempt in ("first", "second"):
        code, output = jupyter_book(book)
        assert code != 0, f"the {attempt} build passed"
        outputs.append(output)
    return outputs


def with_a_wrong_sign():
    """A real lesson, but for one sign in a derivative."""
    source = (ROOT / "book" / "gaussian-noise.ipynb").read_text(encoding="utf-8")
    right = "gradient = (y_hat[k, m] - y[k, m]) / sigma**2"
    assert source.count(right) == 1
    return source.replace(right, "gradient = (y[k, m] - y_hat[k, m]) / sigma**2")


PRODUCT = """import sympy as sp
from lossnotes import Derivation
a, b = sp.symbols('a b', positive=True)
Derivation('L', sp.log(a * b)).step(sp.log(a) * sp.log(b), 'the log of a product')"""
#: A lesson → the lesson with its fault, and what the build says of it.
FALSE_CELLS = {
    "number": (notebook("assert round(0.1 + 0.2, 2) == 0.31"), ["AssertionError", "== 0.31"]),
    "check": (
        notebook("from lossnotes import verify", "verify.equal('ln 2', 0.7, 0.6931471805599453)"),
        ["VerificationError", "ln 2"],
    ),
    "step": (notebook(PRODUCT), ["StepError", "the two sides differ", "the log of a product"]),
    "sign": (with_a_wrong_sign(), ["StepError", "each ŷ stands in one term only"]),
}


@pytest.fixture(scope="module")
def false_cells(tmp_path_factory):
    """The failures of a book whose lessons fail, all but one, by lesson, for each of its builds."""
    book = tmp_path_factory.mktemp("cells")
    lessons = {f"{name}.ipynb": source for name, (source, _) in FALSE_CELLS.items()}
    write_book(book, {"intro.md": "# Intro\n", "right.ipynb": notebook("print(6 * 7)"), **lessons})
    first, second = built_twice(book)
    assert f"Executing {len(lessons) + 1} of {len(lessons) + 1} lessons" in first
    assert f"Executing {len(lessons)} of {len(lessons) + 1} lessons" in second
    return [failures(output) for output in (first, second)]


def failures(output):
    """Of each lesson that failed, what is said below its name."""
    told = output.partition(f"{len(FALSE_CELLS)} of ")[2].split("book/")
    parts = (part.partition(".ipynb\n") for part in told)
    return {name: failure for name, _, failure in parts if name in FALSE_CELLS}


@pytest.mark.parametrize("name", FALSE_CELLS)
@pytest.mark.parametrize("build", [0, 1], ids=["first", "second"])
def test_a_false_cell_is_refused(false_cells, build, name):
    for word in FALSE_CELLS[name][1]:
        assert word in false_cells[build].get(name, "not named")


def test_one_failing_lesson_is_enough(tmp_path, monkeypatch):
    def run(path, _notebook, _timeout):
        return execute.Execution(0.1, failure="this one" if path.stem == "wrong" else "")

    monkeypatch.setattr(execute, "_execute", run)
    (tmp_path / "requirements.txt").write_text("")
    for name in ("right", "wrong"):
        (tmp_path / f"{name}.ipynb").write_text(notebook(name))
    settings = SimpleNamespace(nb_execution_cache_path=str(tmp_path / "cache"), nb_execution_timeout=60)
    book = SimpleNamespace(
        found_docs={"right", "wrong"}, find_files=lambda *_: None, doc2path=lambda name: tmp_path / f"{name}.ipynb"
    )
    app = SimpleNamespace(srcdir=tmp_path, config=settings, env=book, builder=SimpleNamespace())
    monkeypatch.delenv("LESSON", raising=False)
    for waiting in (2, 1):  # the right one's result is kept
        with pytest.raises(ExtensionError, match=f"(?s)1 of {waiting} lessons failed.*wrong.*this one"):
            execute.execute_lessons(app)


#: What a page may hold → what is said of it when the written page is read.
FALSE_MARKUP = {
    '<a href="gone.html">gone</a>': "dead link gone.html",
    "<a href='#no-id'>gone</a>": "no #no-id on that page",
    '<img src="https://example.org/a.png" alt="a">': "asks another host for https://example.org/a.png",
    "<img src='gone.png' alt='gone'>": "missing file gone.png",
    '<script src="//example.org/a.js"></script>': "asks another host for //example.org/a.js",
    '<p style="background:url(https://example.org/b.png)">b</p>': "asks another host for https://example.org/b.png",
    '<p id="twice"></p><p id="twice"></p>': "id 'twice' stands twice",
}
#: What a page may hold → what Sphinx says of it.
FALSE_SOURCE = {
    "[gone](gone.md)": "gone.md",
    "[gone](lesson.ipynb#no-anchor)": "no-anchor",
    "[gone](lesson.ipynb#cell-gone)": "cell-gone",
    "{cite}`nobody2000`": "nobody2000",
    "{doc}`nowhere`": "nowhere",
    r"Let $\frac{1$ be.": r"formula \frac{1: Missing close brace",
    r"$$\nosuch x$$": r"Undefined control sequence \nosuch",
    "\\begin{align}\na &= \\noalign b\n\\end{align}": r"Undefined control sequence \noalign",
}
#: What a cell may display → what is said of it.
FALSE_OUTPUT = {
    'from IPython.display import HTML\nHTML(\'<img src="https://example.org/c.png" alt="c">\')': (
        "asks another host for https://example.org/c.png"
    ),
    "from lossnotes import exercise\nexercise(r'What is $\\sqrt{2$?', answer=1)": (
        r"formula \sqrt{2: Missing close brace"
    ),
}
FALSE_PAGES = FALSE_MARKUP | FALSE_SOURCE | FALSE_OUTPUT


@pytest.fixture(scope="module")
def false_pages(tmp_path_factory):
    """What is said of a book whose cells run and whose pages are full of faults, for each of its builds."""
    book = tmp_path_factory.mktemp("pages")
    intro = "# Intro\n\n" + "\n\n".join([*FALSE_MARKUP, *FALSE_SOURCE])
    write_book(book, {"intro.md": intro, "lesson.ipynb": notebook(*FALSE_OUTPUT)})
    return built_twice(book)


@pytest.mark.parametrize("fault", FALSE_PAGES)
@pytest.mark.parametrize("build", [0, 1], ids=["first", "second"])
def test_a_fault_of_a_page_is_refused(false_pages, build, fault):
    assert FALSE_PAGES[fault] in false_pages[build]


@pytest.mark.parametrize("markup", FALSE_MARKUP)
def test_each_fault_is_found_alone(tmp_path, markup):
    (tmp_path / "a.html").write_text(markup)
    (told,) = links.faults(tmp_path)
    assert FALSE_MARKUP[markup] in told


def test_links_that_lead_somewhere_are_no_faults(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="https://example.org">out</a><a href="b.html#here">in</a><a href="mailto:a@b.c">mail</a>'
        '<link rel="canonical" href="https://example.org/a"><img srcset="c.png 1x, c.png 2x">'
    )
    (tmp_path / "b.html").write_text('<a name="here"></a>')
    (tmp_path / "c.png").write_text("")
    assert links.faults(tmp_path) == []


def test_each_address_of_a_list_or_a_style_is_read(tmp_path):
    (tmp_path / "a.html").write_text(
        '<img srcset="a.html 1x, https://example.org/c.png 2x"><style>@import "https://example.org/d.css";</style>'
    )
    asked = [fault.rpartition("/")[2] for fault in links.faults(tmp_path)]
    assert asked == ["c.png", "d.css"]
