"""The ways in: a repository's own site and buttons, Colab, a notebook to keep, JupyterLab."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import types
from contextlib import contextmanager
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup
from IPython.core.inputtransformer2 import TransformerManager
from lab_server import kernel_values, open_notebook, run_to_the_first_error, running_lab, settled
from pages import ROOT, number
from scipy.special import expit
from small_books import jupyter_book

from lossbook.launch import colab, home

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LESSONS = sorted((ROOT / "book").glob("*.ipynb"))
#: What GitHub's runners say of the repository, and a person may say of the site.
SAID = ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "GITHUB_REF_NAME", "GITHUB_BASE_REF", "GITHUB_SHA", "BASE_URL")


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    """No server's environment, also where these tests run on one."""
    for name in SAID:
        monkeypatch.delenv(name, raising=False)


# Where home is


def git(folder, *arguments):
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def test_home_is_origin(tmp_path):
    git(tmp_path, "init", "--initial-branch", "trunk")
    assert home.find(tmp_path) is None
    git(tmp_path, "remote", "add", "origin", "git@github.com:ada/notes.git")
    assert home.find(tmp_path) == home.Home("https://github.com/ada/notes", "trunk", "https://ada.github.io/notes/")


RUNNER = {"GITHUB_REPOSITORY": "Grace/fork", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REF_NAME": "main"}
FORK = "https://github.com/Grace/fork"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, home.Home(FORK, "main", "https://grace.github.io/fork/")),
        ({"BASE_URL": "https://notes.example"}, home.Home(FORK, "main", "https://notes.example/")),
        ({"BASE_URL": ""}, home.Home(FORK, "main", "https://grace.github.io/fork/")),
        (
            {"GITHUB_REF_NAME": "12/merge", "GITHUB_BASE_REF": "trunk"},
            home.Home(FORK, "trunk", "https://grace.github.io/fork/"),
        ),
        (
            {"GITHUB_REPOSITORY": "grace/grace.github.io"},
            home.Home("https://github.com/grace/grace.github.io", "main", "https://grace.github.io/"),
        ),
        ({"GITHUB_SERVER_URL": "https://github.example.org"}, None),
    ],
    ids=["fork", "domain", "no domain", "pull request", "owner's site", "enterprise"],
)
def test_a_runner_knows_better_than_origin(tmp_path, monkeypatch, said, expected):
    git(tmp_path, "init")
    git(tmp_path, "remote", "add", "origin", "https://github.com/ada/notes")
    for name, value in (RUNNER | said).items():
        monkeypatch.setenv(name, value)
    assert home.find(tmp_path) == expected


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("https://github.com/ada/notes", "ada/notes"),
        ("https://github.com/ada/notes.git/", "ada/notes"),
        ("https://token@github.com/ada/notes.py.git", "ada/notes.py"),
        ("git@github.com:ada/notes.git", "ada/notes"),
        ("ssh://git@ssh.github.com:443/ada/notes.git", "ada/notes"),
        ("git@gitlab.com:ada/notes.git", None),
        ("https://github.example.org/ada/notes", None),
        ("https://mygithub.com/ada/notes", None),
        ("https://example.org/github.com/ada/notes", None),
        ("../notes", None),
        ("", None),
    ],
)
def test_only_github_launches(remote, name):
    assert home.github_name(remote) == name


# The buttons of a built page


def links(page):
    """Each button that is a link, by its text."""
    found = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("a.btn-sm")
    return {link.get_text(strip=True): link for link in found}


def test_buttons_lead_home_and_launch_the_very_lesson(book, monkeypatch):
    for name, value in (RUNNER | {"GITHUB_REF_NAME": "a/b", "GITHUB_SHA": "c0ffee"}).items():
        monkeypatch.setenv(name, value)
    code, output = jupyter_book(book)
    assert code == 0, output
    found = {text: link["href"] for text, link in links(book / "_build/html/book/lesson.html").items()}
    launched = "https://mybinder.org/v2/gh/Grace/fork/a%2Fb?urlpath=lab/tree/book/lesson.ipynb"
    assert found["Binder"] == launched
    assert found["Colab"] == "https://colab.research.google.com/github/Grace/fork/blob/colab/book/lesson.ipynb"
    assert found["Repository"] == FORK
    assert not {"Binder", "Colab"} & set(links(book / "_build/html/book/intro.html"))
    page = (book / "_build/html/book/lesson.html").read_text()
    assert '<link rel="canonical" href="https://grace.github.io/fork/book/lesson.html"' in page
    (copy,) = (book / "_build/colab").rglob("*.ipynb")
    assert copy.relative_to(book / "_build/colab") == Path("book/lesson.ipynb")
    cells = nbformat.read(copy, as_version=4).cells
    assert f"git+{FORK}@c0ffee" in cells[0].source
    assert cells[1:] == nbformat.read(book / "book" / "lesson.ipynb", as_version=4).cells


def test_without_a_home_there_is_no_dead_button(book):
    code, output = jupyter_book(book)
    assert code == 0, output
    page = book / "_build/html/book/lesson.html"
    assert [link["href"] for link in links(page).values() if "://" in link["href"]] == []
    assert "canonical" not in page.read_text()
    assert not (book / "_build/colab").exists()


# Colab


@pytest.fixture(scope="module")
def install():
    """The first cell of a copy, as Python that asks ``get_ipython`` for each magic."""
    source = colab.install_cell("https://github.com/ada/notes", "c0ffee")
    return compile(TransformerManager().transform_cell(source), "install", "exec")


def run_install(code):
    """The magics that the cell runs."""
    asked = []
    shell = types.SimpleNamespace(run_line_magic=lambda *words: asked.append(words))
    exec(code, {"get_ipython": lambda: shell})
    return asked


def test_install_cell_does_nothing_elsewhere(install):
    assert "google.colab" not in sys.modules
    assert run_install(install) == []


def test_install_cell_installs_on_colab_and_lets_figures_move(install, monkeypatch):
    moves = []
    output = types.SimpleNamespace(enable_custom_widget_manager=lambda: moves.append("enabled"))
    package = types.ModuleType("google.colab")
    package.output = output
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", package)
    assert run_install(install) == [("pip", 'install --quiet "git+https://github.com/ada/notes@c0ffee"')]
    assert moves == ["enabled"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_copy_is_its_lesson_after_the_cell(path, site):
    lesson = nbformat.read(path, as_version=4)
    root = "https://ada.github.io/notes/"
    made = colab.copied(path.read_text(encoding="utf-8"), "first", f"{root}book/{path.stem}.html")
    copy = nbformat.reads(made, as_version=4)
    nbformat.validate(copy)
    assert copy.cells.pop(0).source == "first"
    assert [cell.id for cell in copy.cells] == [cell.id for cell in lesson.cells]
    for cell, original in zip(copy.cells, lesson.cells, strict=True):
        if cell.cell_type == "code":
            assert cell == original
            continue
        led = re.findall(r"\]\(([^()]*)\)", cell.source)
        assert len(led) == len(re.findall(r"\]\(([^()]*)\)", original.source))
        inside = [link.removeprefix(root).partition("#")[0] for link in led if link.startswith(root)]
        assert [name for name in inside if not (site / name).is_file()] == []
        assert not [link for link in led if re.search(r"\.(ipynb|md)\b|^#", link)]


# The workflows


def steps(path):
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
    ],
    ids=["workflows", "timeouts", "dependabot"],
)
def test_workflows_keep_to_their_schema(schema, files):
    assert files
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_workflows_call_make_as_everyone_does():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    called = {path.name: re.findall(r"\bmake (\w+)", json.dumps(steps(path))) for path in WORKFLOWS}
    assert called == {"machines.yml": ["book"], "pages.yml": ["book"], "test.yml": ["test"]}
    assert {name for names in called.values() for name in names} <= set(targets)


def test_each_job_says_what_it_may_write():
    pages = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text())
    writes = {name: [k for k, v in job["permissions"].items() if v == "write"] for name, job in pages["jobs"].items()}
    assert pages["permissions"] == {"contents": "read"}
    assert writes == {"build": [], "colab": ["contents"], "deploy": ["pages", "id-token"]}


def test_the_copies_reach_their_branch_each_time(tmp_path):
    """The workflow's own step, with a repository on this machine in the place of GitHub."""
    (push,) = (
        step for step in steps(ROOT / ".github" / "workflows" / "pages.yml") if "git push" in step.get("run", "")
    )
    git(tmp_path, "init", "--bare", "hub.git")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GITHUB_REPOSITORY": "ada/notes",
        "TOKEN": "secret",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{tmp_path}/hub.git.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://x-access-token:secret@github.com/ada/notes",
    }
    for commit in ("first", "second"):
        copies = tmp_path / commit
        (copies / "book").mkdir(parents=True)
        (copies / "book" / "lesson.ipynb").write_text(commit)
        command = ["bash", "-e", "-o", "pipefail", "-c", push["run"]]
        done = subprocess.run(
            command, cwd=copies, env=environment | {"GITHUB_SHA": commit}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        shown = ["git", "-C", str(tmp_path / "hub.git"), "log", "--format=%s", colab.BRANCH]
        assert subprocess.check_output(shown, text=True) == f"Lessons for Colab, from {commit}\n"


# A notebook to keep


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_download_is_the_notebook(browser_page, address, javascript):
    page = browser_page(f"{address}/book/{LESSONS[0].stem}.html", javascript=javascript)
    page.locator(".dropdown-download-buttons > button").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name=".ipynb").press("Enter")
    assert download.value.suggested_filename == LESSONS[0].name
    assert download.value.path().read_bytes() == LESSONS[0].read_bytes()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_from_a_folder_the_button_leads_to_the_notebook(site, path):
    page = site / "book" / f"{path.stem}.html"
    button = links(page)[".ipynb"]
    assert button.has_attr("download")
    assert (page.parent / button["href"]).read_bytes() == path.read_bytes()


# JupyterLab


@contextmanager
def opened_by_make(folder):
    """What ``make lab`` opens in a browser, in a copy of the lessons: the address of a file that leads on."""
    shutil.copytree(ROOT / "book", folder / "book")
    told = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "lab"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    command = shlex.split(told.stdout.splitlines()[-1])
    assert (Path(command[0]).name, command[1]) == ("jupyter", "lab")
    note = folder / "opened"
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {note}\n')
    browser.chmod(0o755)
    with running_lab(folder, *command[2:], browser=f"{browser} %s"):
        for _ in range(100):
            if note.exists() and note.read_text().endswith("\n"):
                break
            time.sleep(0.1)
        yield note.read_text().split()


def test_make_lab_opens_the_first_lesson(browser_page, tmp_path):
    with opened_by_make(tmp_path) as (only,):
        page = browser_page(only)
        open_notebook(page)
        shown = page.evaluate("window.jupyterapp.shell.currentWidget.context.path")
        assert shown == f"book/{LESSONS[0].name}"
        assert page.locator(".jp-Notebook h1").first.inner_text().startswith("What should a loss ask for?")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab: its folder and its address."""
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder) as address:
        yield folder, address


#: Squared error with a ½ in front: (cell, what stands there, what a reader types).
HALVED = [
    ("figure-push", "sigmoid(-z) ** 2  #", "sigmoid(-z) ** 2 / 2  #"),
    ("figure-push", "2 * sigmoid(z) * sigmoid(-z) ** 2", "sigmoid(z) * sigmoid(-z) ** 2"),
    (
        "figure-push",
        "3 * z / 2 + exp(2 * z) / 4 + 3 * exp(z) / 2 - exp(-z) / 2",
        "3 * z + exp(2 * z) / 2 + 3 * exp(z) - exp(-z)",
    ),
    ("derive-slope", "(s - y) ** 2", "(s - y) ** 2 / 2"),
    ("derive-slope", "2 * gap * s", "gap * s"),
    ("derive-slope", "2 * p * (1 - p)", "p * (1 - p)"),
    ("derive-time-se", "(1 + exp(z)) ** 2 / 2", "(1 + exp(z)) ** 2"),
    (
        "derive-time-se",
        "exp(-z) / 2 + Rational(3, 2) + 3 * exp(z) / 2 + exp(2 * z) / 2",
        "exp(-z) + 3 + 3 * exp(z) + exp(2 * z)",
    ),
]

#: Type into a cell.
TYPE = """([id, before, after]) => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    const model = cells.find(cell => cell.id === id).sharedModel;
    const parts = model.getSource().split(before);
    if (parts.length !== 2) throw new Error(`${id}: ${parts.length - 1} times ${before}`);
    model.setSource(parts.join(after));
}"""

#: Bring a cell into view.
SHOW = """id => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = [...notebook.model.cells].findIndex(cell => cell.id === id);
}"""


def edited(browser_page, lab, edits):
    """The ninth lesson in JupyterLab after these edits and Run All, and the lesson's cells by name."""
    folder, address = lab
    shutil.copy(ROOT / "book" / "squashed.ipynb", folder)  # afresh: JupyterLab may have saved the last edits
    page = browser_page(f"{address}/lab/tree/squashed.ipynb?reset")
    open_notebook(page)
    for edit in edits:
        page.evaluate(TYPE, edit)
    return page, {cell["id"]: cell for cell in run_to_the_first_error(page)}


def errors(cells):
    return [
        (name, output["text"])
        for name, cell in cells.items()
        for output in cell["outputs"]
        if output["type"] == "error"
    ]


def test_derivation_check_and_figure_follow_an_edit(browser_page, lab):
    page, cells = edited(browser_page, lab, HALVED)
    # Up to the descent, which nobody has edited: its count is twice what the new formula says.
    ((stopped, why),) = errors(cells)
    assert stopped == "escape-verdict"
    assert "counted over predicted" in why
    assert cells["derive-time-se"]["count"]
    page.evaluate(SHOW, "figure-push")
    page.locator("#push").scroll_into_view_if_needed()
    z, odds = -4, np.log(9)
    assert_reads(page, "push, squared error", expit(z) * expit(-z) ** 2)
    assert_reads(page, "steps to p = 0.9, squared error", 2 * (halved_time(odds) - halved_time(z)))
    page.evaluate(SHOW, "derive-slope")
    derivation = page.locator(".ln-derivation").first
    derivation.scroll_into_view_if_needed()
    lines = settled(derivation.locator("ol mjx-assistive-mml").all_text_contents, lambda texts: len(texts) == 3)
    assert (lines[0], lines[2]) == ("L=(σ(z)−y)22", "=p(1−p)(p−y)")  # the square, and the half
    assert derivation.locator(".ln-mark").all_inner_texts() == ["✓ proved"] * 2


def halved_time(z):
    return 3 * z + np.exp(2 * z) / 2 + 3 * np.exp(z) - np.exp(-z)


def assert_reads(page, name, value):
    """The first figure's script, NumPy and 50 digits all say so."""
    row = page.locator("#push tr", has_text=name)
    by_numpy, by_digits = settled(lambda: kernel_values(row), all)
    assert float(by_numpy) == pytest.approx(value, rel=1e-12)
    assert float(by_digits) == pytest.approx(value, rel=1e-12)
    assert number(row.locator("td").first.text_content()) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("left_out", ["derive-slope", "derive-time-se"])
def test_half_an_edit_is_refused(browser_page, lab, left_out):
    """The formula is edited, its slope or its integral is not: the line that is now false says so."""
    last = [edit for edit in HALVED if edit[0] == left_out][1]
    _, cells = edited(browser_page, lab, [edit for edit in HALVED if edit != last])
    ((stopped, why),) = errors(cells)
    assert stopped == left_out
    assert "the two sides differ" in why
    after = list(cells)[list(cells).index(left_out) + 1 :]
    assert not any(cells[name]["count"] for name in after)
