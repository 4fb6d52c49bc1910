"""The build refuses what is false, the second time too, and never shows a stale result."""

import re
import shutil
import subprocess

import nbformat
import pytest
from conftest import ROOT, jupyter_book, notebook

from lossbook import execute, links

LESSON = "gaussian-noise"


def write_lesson(book, *sources):
    (book / "book" / "lesson.ipynb").write_text(notebook(*sources))


def assert_refused_twice(book, *words):
    for attempt in ("first", "second"):
        code, output = jupyter_book(book)
        assert code != 0, f"the {attempt} build passed"
        for word in words:
            assert word in output, output


def test_a_true_book_passes_and_executes_once_for_each_change(book):
    code, output = jupyter_book(book)
    assert code == 0, output
    assert "Executing 1 of 1 lessons" in output
    assert "42" in (book / "_build/html/book/lesson.html").read_text()
    with (book / "book/_ext/lossbook/links.py").open("a") as code_of_no_lesson:
        code_of_no_lesson.write("# changed\n")
    code, output = jupyter_book(book)
    assert code == 0
    assert "Executing" not in output
    write_lesson(book, "print(6 * 8)")
    code, output = jupyter_book(book)
    assert code == 0, output
    assert "48" in (book / "_build/html/book/lesson.html").read_text()
    with (book / "requirements.txt").open("a") as pins:
        pins.write("# changed\n")
    assert "Executing 1 of 1 lessons" in jupyter_book(book)[1]


def test_a_change_of_the_package_executes_all_again(tmp_path, monkeypatch):
    package = tmp_path / "lossnotes"
    shutil.copytree(ROOT / "lossnotes", package)
    monkeypatch.setattr(execute, "_PACKAGE", package)
    before = execute.fingerprint(ROOT)
    for name in ("verify.py", "static/figure.js", "static/figure.css"):
        (package / name).write_text((package / name).read_text() + "\n")
        after = execute.fingerprint(ROOT)
        assert after != before, name
        before = after
    (package / "verify.py").rename(package / "checks.py")
    assert execute.fingerprint(ROOT) != before


@pytest.fixture
def two_lessons(book):
    """The small book with a second lesson, built once."""
    with (book / "_toc.yml").open("a") as contents:
        contents.write("- file: book/other\n")
    (book / "book" / "other.ipynb").write_text(notebook("print('old', 'words')"))
    code, output = jupyter_book(book)
    assert code == 0, output
    return book


def shown(book, name):
    return (book / "_build/html/book" / f"{name}.html").read_text()


def test_one_lesson_is_executed_and_the_others_stay(two_lessons):
    write_lesson(two_lessons, "print(6 * 8)")
    (two_lessons / "book" / "other.ipynb").write_text(notebook("print('new', 'words')"))
    code, output = jupyter_book(two_lessons, lesson="lesson")
    assert code == 0, output
    assert "Executing 1 of 2 lessons" in output
    assert "Shown as last built, not executed: other." in output
    assert "48" in shown(two_lessons, "lesson")
    assert "old words" in shown(two_lessons, "other")
    code, output = jupyter_book(two_lessons)
    assert code == 0, output
    assert "Executing 1 of 2 lessons" in output
    assert "new words" in shown(two_lessons, "other")
    assert "Shown as last built" not in output


def test_a_change_of_everything_else_executes_the_lesson_that_is_asked_for(two_lessons):
    with (two_lessons / "requirements.txt").open("a") as pins:
        pins.write("# changed\n")
    code, output = jupyter_book(two_lessons, lesson="book/lesson.ipynb")
    assert code == 0, output
    assert "Executing 1 of 2 lessons" in output
    assert "Shown as last built, not executed: other." in output
    assert "Executing 1 of 2 lessons" in jupyter_book(two_lessons)[1]
    assert "Executing" not in jupyter_book(two_lessons, lesson="lesson")[1]


def test_a_failure_or_a_warning_of_the_lesson_is_told_each_time(two_lessons):
    for source, told in ("1 / 0", "ZeroDivisionError"), ("print(7)", "gone.html"):
        made = nbformat.reads(notebook(source), as_version=4)
        made.cells[0].source += '\n\n<a href="gone.html">gone</a>'
        (two_lessons / "book" / "lesson.ipynb").write_text(nbformat.writes(made))
        for _ in range(2):
            code, output = jupyter_book(two_lessons, lesson="lesson")
            assert code != 0
            assert told in output


def test_a_lesson_that_does_not_exist_is_met_with_the_nearest(two_lessons):
    code, output = jupyter_book(two_lessons, lesson="leson")
    assert code != 0
    assert "expected the name of a page; got 'leson'. Did you mean 'lesson'?" in output


def test_processor_time_counts_the_work_of_kernel_and_children_only(book):
    busy = "import time\nwhile time.process_time() < 1:\n    pass"
    child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}], check=True)"
    write_lesson(book, busy.replace("< 1", "< 2"), child)
    code, output = jupyter_book(book)
    assert code == 0, output
    (seconds,) = re.findall(r"book/lesson\.ipynb: ([\d.]+) s of processor time", output)
    assert 3 <= float(seconds) < 8


def test_a_slow_lesson_is_named(tmp_path, capsys):
    results = execute.Results(tmp_path, "state")
    lessons = {name: nbformat.reads(notebook(f"'{name}'"), as_version=4) for name in ("book/quick", "book/long")}
    for (name, lesson), seconds in zip(lessons.items(), (19.4, 30.6), strict=True):
        results.keep(tmp_path / name, lesson, seconds)
    execute.warn_of_slow(results, lessons)
    assert capsys.readouterr().out.splitlines() == [
        "Slow: book/long takes 31 s of processor time; a lesson should take at most 20."
    ]


def test_a_kernel_that_dies_is_named(book):
    write_lesson(book, "import os\nos._exit(1)")
    code, output = jupyter_book(book)
    assert code != 0
    assert "book/lesson.ipynb: FAILED" in output
    assert "died" in output.lower()


def test_a_false_number_is_refused(book):
    write_lesson(book, "assert round(0.1 + 0.2, 2) == 0.31")
    assert_refused_twice(book, "FAILED", "AssertionError")


def test_a_failing_check_is_refused_after_a_good_build(book):
    assert jupyter_book(book)[0] == 0
    write_lesson(book, "from lossnotes import verify", "verify.equal('ln 2', 0.7, 0.6931471805599453)")
    assert_refused_twice(book, "VerificationError", "ln 2")


def test_a_false_step_is_refused(book):
    write_lesson(
        book,
        "import sympy as sp\nfrom lossnotes import Derivation\na, b = sp.symbols('a b', positive=True)",
        "Derivation('L', sp.log(a * b)).step(sp.log(a) * sp.log(b), 'the log of a product')",
    )
    assert_refused_twice(book, "StepError", "the two sides differ")


def test_a_wrong_sign_in_the_real_lesson_is_refused(book):
    source = (ROOT / "book" / f"{LESSON}.ipynb").read_text()
    right = "gradient = (y_hat[k, m] - y[k, m]) / sigma**2"
    assert source.count(right) == 1
    (book / "book" / "lesson.ipynb").write_text(source.replace(right, "gradient = (y[k, m] - y_hat[k, m]) / sigma**2"))
    code, output = jupyter_book(book)
    assert code != 0
    assert "StepError" in output
    assert "each ŷ stands in one term only" in output


#: What a page may hold → what the build says of it.
FAULTS = {
    "[gone](gone.md)": "gone.md",
    "[gone](lesson.ipynb#no-anchor)": "no-anchor",
    '<a href="gone.html">gone</a>': "dead link gone.html",
    "<a href='#no-id'>gone</a>": "no #no-id on that page",
    '<img src="https://example.org/a.png" alt="a">': "asks another host for https://example.org/a.png",
    "<img src='gone.png' alt='gone'>": "missing file gone.png",
    '<script src="//example.org/a.js"></script>': "asks another host for //example.org/a.js",
    '<p style="background:url(https://example.org/b.png)">b</p>': "asks another host for https://example.org/b.png",
    "{cite}`nobody2000`": "nobody2000",
    "{doc}`nowhere`": "nowhere",
}


def test_dead_links_and_other_hosts_are_refused(book):
    assert jupyter_book(book)[0] == 0
    (book / "book" / "intro.md").write_text("# Intro\n\n" + "\n\n".join(FAULTS))
    assert_refused_twice(book, *FAULTS.values())


def test_cells_and_marked_places_can_be_linked_to(book):
    lesson = nbformat.reads(notebook("print(6 * 7)"), as_version=4)
    lesson.cells[0].source += '\n\n<a id="a16"></a>It is no distance.'
    lesson.cells[1].id = "derive-it"
    shown = "from IPython.display import HTML\nHTML('<section id=\"huber\">Huber</section>')"
    lesson.cells.append(nbformat.v4.new_code_cell(shown))
    (book / "book" / "lesson.ipynb").write_text(nbformat.writes(lesson))
    places = ("a16", "cell-derive-it", "huber")
    (book / "book" / "intro.md").write_text("# Intro\n\n" + "".join(f"[x](lesson.ipynb#{name})\n" for name in places))
    code, output = jupyter_book(book)
    assert code == 0, output
    page = (book / "_build/html/book/intro.html").read_text()
    assert [name for name in places if f'href="lesson.html#{name}"' not in page] == []


#: What a page may hold → what the build says of it.
FORMULAS = {
    r"Let $\frac{1$ be.": r"formula \frac{1: Missing close brace",
    r"$$\nosuch x$$": r"Undefined control sequence \nosuch",
    "\\begin{align}\na &= \\noalign b\n\\end{align}": r"Undefined control sequence \noalign",
}


def test_a_formula_that_cannot_be_read_is_refused(book):
    (book / "book" / "intro.md").write_text("# Intro\n\n" + "\n\n".join(FORMULAS))
    write_lesson(book, "from lossnotes import exercise\nexercise(r'What is $\\sqrt{2$?', answer=1)")
    assert_refused_twice(book, *FORMULAS.values(), r"formula \sqrt{2: Missing close brace")


DEAD = {
    "known to Sphinx": "[gone](gone.md)",
    "raw": '<a href="gone.html">gone</a>',
    "a cell": "[gone](lesson.ipynb#cell-gone)",
}


@pytest.mark.parametrize("text", DEAD.values(), ids=DEAD)
def test_one_dead_link_is_enough(book, text):
    (book / "book" / "intro.md").write_text(f"# Intro\n\n{text}\n")
    assert_refused_twice(book, "gone")


def test_what_a_cell_displays_is_read_too(book):
    picture = "from IPython.display import HTML\nHTML('<img src=\"https://example.org/a.png\">')"
    write_lesson(book, picture)
    assert_refused_twice(book, "asks another host for https://example.org/a.png")


def test_links_of_all_kinds(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="https://example.org">out</a><a href="b.html#here">in</a><a href="mailto:a@b.c">mail</a>'
        '<link rel="canonical" href="https://example.org/a"><img srcset="c.png 1x, https://example.org/c.png 2x">'
        '<p id="twice"></p><p id="twice"></p><style>@import "https://example.org/d.css";</style>'
    )
    (tmp_path / "b.html").write_text('<a name="here"></a>')
    (tmp_path / "c.png").write_text("")
    assert links.faults(tmp_path) == [
        "a.html: asks another host for https://example.org/c.png",
        "a.html: asks another host for https://example.org/d.css",
        "a.html: id 'twice' stands twice",
    ]


@pytest.fixture
def clone(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text("")
    return tmp_path


def test_without_a_suitable_python_make_says_so_and_creates_nothing(clone):
    before = sorted(clone.iterdir())
    done = subprocess.run(
        ["make", "book", "CANDIDATES=no-such-python false"], cwd=clone, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13" in done.stdout
    assert sorted(clone.iterdir()) == before


def test_exercise_on_the_site_has_its_math_and_follows_the_theme(book, browser_page):
    source = """
from sympy import symbols
from lossnotes import exercise
p, y = symbols("p y", real=True)
exercise("Derive $(p-y)^2/2$ in $p$.", answer=p - y, domain={p: (0, 1), y: (0, 1)}, solution=p - y)
"""
    write_lesson(book, source)
    assert jupyter_book(book)[0] == 0
    page = browser_page((book / "_build/html/book/lesson.html").as_uri(), theme="dark")
    question = page.locator(".ln-exercise")
    question.locator("mjx-container").nth(1).wait_for()
    assert not {"$", "\\"} & set(question.inner_text())
    panel = page.locator(".output.text_html:has(.ln-exercise)")
    assert panel.evaluate("panel => getComputedStyle(panel).backgroundColor") == "rgba(0, 0, 0, 0)"
    question.get_by_role("textbox").fill("p − y")
    question.get_by_role("textbox").press("Enter")
    assert "✓ Right." in question.get_by_role("status").inner_text()
