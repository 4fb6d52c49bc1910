"""The ways in: where a book finds its repository, what Colab opens, a notebook to keep."""

import re
import subprocess
import sys
import types

import nbformat
import pytest
from bs4 import BeautifulSoup, SoupStrainer
from IPython.core.inputtransformer2 import TransformerManager
from pages import ROOT
from small_books import SAID

from lossbook.launch import colab, home

LESSONS = sorted((ROOT / "book").glob("*.ipynb"))


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


# A notebook to keep


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_download_is_the_notebook(browser_page, address, javascript):
    page = browser_page(f"{address}/book/{LESSONS[0].stem}.html", javascript=javascript)
    page.locator(".dropdown-download-buttons > button").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name=".ipynb").press("Enter")
    assert download.value.suggested_filename == LESSONS[0].name
    assert download.value.path().read_bytes() == LESSONS[0].read_bytes()


#: Of a page, all that ``links`` builds.
LINKS = SoupStrainer("a")


def links(page):
    """Each button that is a link, by its text."""
    found = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser", parse_only=LINKS).select("a.btn-sm")
    return {link.get_text(strip=True): link for link in found}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_from_a_folder_the_button_leads_to_the_notebook(site, path):
    page = site / "book" / f"{path.stem}.html"
    button = links(page)[".ipynb"]
    assert button.has_attr("download")
    assert (page.parent / button["href"]).read_bytes() == path.read_bytes()
