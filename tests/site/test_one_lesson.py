"""One lesson is built in seconds from what is kept; what each costs is told."""

import re

import nbformat
import pytest
from small_books import jupyter_book, notebook, write_book

from lossbook import execute

PAGES = {
    "intro.md": "# Intro\n",
    "lesson.ipynb": notebook("print(6 * 7)"),
    "other.ipynb": notebook("print('old', 'words')"),
}


@pytest.fixture
def two_lessons(tmp_path):
    """A book of two lessons, built once."""
    write_book(tmp_path, PAGES)
    code, output = jupyter_book(tmp_path)
    assert code == 0, output
    return tmp_path


def shown(book, name):
    return (book / "_build/html/book" / f"{name}.html").read_text(encoding="utf-8")


def test_one_lesson_is_executed_and_the_others_stay(two_lessons):
    write_book(two_lessons, PAGES | {"lesson.ipynb": notebook("print(6 * 8)")})
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


def test_processor_time_counts_the_work_of_kernel_and_children_only(tmp_path):
    busy = "import time\nwhile time.process_time() < 1:\n    pass"
    child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}], check=True)"
    write_book(tmp_path, {"intro.md": "# Intro\n", "lesson.ipynb": notebook(busy.replace("< 1", "< 2"), child)})
    code, output = jupyter_book(tmp_path)
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


def test_a_kernel_that_dies_is_named(tmp_path):
    write_book(tmp_path, {"intro.md": "# Intro\n", "lesson.ipynb": notebook("import os\nos._exit(1)")})
    code, output = jupyter_book(tmp_path)
    assert code != 0
    assert "book/lesson.ipynb: FAILED" in output
    assert "died" in output.lower()
