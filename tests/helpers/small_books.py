"""Books of a page or two, with the real book's configuration, and how they are built."""

import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from pages import ROOT

#: What GitHub's runners say of the repository, and a person may say of the site.
SAID = ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "GITHUB_REF_NAME", "GITHUB_BASE_REF", "GITHUB_SHA", "BASE_URL")


#: Loads once what every build loads, and starts each build from there: half of the time of a small book.
_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(
    [
        "jupyter_book.cli.main",
        "jupyter_book.sphinx",
        "myst_nb",
        "pydata_sphinx_theme",
        "lossnotes",
        "tinycss2",
        "PIL.Image",
    ]
)


def _build(arguments, environment, output):
    """What the command ``jupyter-book`` does with these arguments; what it says goes to a file."""
    from jupyter_book.cli.main import main

    with Path(output).open("wb") as said:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
    os.environ.clear()
    os.environ.update(environment)
    main(arguments, prog_name="jupyter-book")


def jupyter_book(source, lesson="", **said):
    """Build a book as ``make book`` does, but keep what an earlier build left: (exit code, output)."""
    everything = [] if lesson else ["--all"]
    arguments = ["build", str(source), *everything, "-W", "-n", "--keep-going"]
    environment = {name: value for name, value in os.environ.items() if name not in SAID} | {"LESSON": lesson} | said
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # Read when the process that loads begins: text is in UTF-8, also where the system prefers another.
        patch.setenv("PYTHONWARNDEFAULTENCODING", "1")
        patch.setenv("PYTHONWARNINGS", "ignore::EncodingWarning:matplotlib.font_manager")
        output = Path(folder, "output")
        build = _LOADED.Process(target=_build, args=(arguments, environment, output))
        build.start()
        build.join()
        text = output.read_text(encoding="utf-8")
    ours = (str(ROOT / "lossnotes"), str(source))
    assert [line for line in text.splitlines() if line.startswith(ours) and "EncodingWarning" in line] == []
    return build.exitcode, re.sub(r"\x1b\[[\d;]*m", "", text)


def make_pdf(source, *options, **environment):
    """Print a book that is built, as ``make pdf`` does: (exit code, output)."""
    command = [sys.executable, "-m", "tools.pdf", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    run = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def notebook(*sources):
    """A notebook with a heading and these cells, as text."""
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells = [nbformat.v4.new_markdown_cell("# Lesson"), *(nbformat.v4.new_code_cell(s) for s in sources)]
    return nbformat.writes(made)


def cell(name, source, tag=None, **metadata):
    """A code cell with this id."""
    made = nbformat.v4.new_code_cell(source, metadata=metadata | ({"tags": [tag]} if tag else {}))
    made.id = name
    return made


def configure(folder):
    """Give a folder all of the real book but its pages, and the addresses that these had before."""
    shutil.copy(ROOT / "requirements.txt", folder)
    config = re.sub(
        r"redirects:\n(?: +book/.+\n)+", "redirects: {}\n", (ROOT / "_config.yml").read_text(encoding="utf-8")
    )
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    for name in ("_ext", "_static", "_root"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    (folder / "book" / "references.bib").write_text("")


def write_book(folder, pages):
    """Write a book of these pages, the first of them first; what is configured already stays."""
    if not (folder / "_config.yml").exists():
        configure(folder)
    first, *others = (name.partition(".")[0] for name in pages)
    chapters = "".join(f"- file: book/{name}\n" for name in others)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: book/{first}\nchapters:\n{chapters}")
    for name, text in pages.items():
        (folder / "book" / name).write_text(text, encoding="utf-8")
