"""On a fresh machine: which Python is taken, a busy port, names that any system can hold."""

import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from clones import tracked
from pages import ROOT

from tools.browser import find_browser
from tools.serve import open_server

# Which Python


@pytest.fixture
def clone(tmp_path):
    """The Makefile alone, and a folder of commands with which it gets along."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text("")
    (tmp_path / "bin").mkdir()
    for name in ("bash", "make", "mkdir", "touch", "cat", "chmod"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return tmp_path


def make(clone, *arguments):
    return subprocess.run(
        ["make", *arguments], cwd=clone, env={"PATH": str(clone / "bin")}, capture_output=True, encoding="utf-8"
    )


def add_command(clone, name, script):
    (clone / "bin" / name).write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
    (clone / "bin" / name).chmod(0o755)


def test_without_a_suitable_python_make_says_so_and_creates_nothing(clone):
    add_command(clone, "python3", "exit 1")  # too old, or without venv as on a bare Debian
    before = sorted(clone.iterdir())
    done = make(clone, "book")
    assert done.returncode != 0
    assert "needs Python 3.11, 3.12, 3.13 or 3.14" in done.stdout
    assert "apt-get install python3 python3-venv" in done.stdout
    assert sorted(clone.iterdir()) == before


def test_without_a_suitable_python_uv_brings_one(clone):
    add_command(clone, "uv", 'echo "$@" > uv.said; mkdir -p .venv/bin; touch .venv/bin/python')
    done = make(clone, ".venv/bin/python")
    assert done.returncode == 0, done.stderr
    assert "one that uv finds or downloads" in done.stdout
    # pip comes with --seed: the Makefile installs with it.
    assert (clone / "uv.said").read_text().split() == ["venv", "--quiet", "--seed", "--python", ">=3.11,<3.15", ".venv"]


def test_a_suitable_python_comes_before_uv(clone):
    add_command(clone, "python3", 'if [ "$1" = -m ]; then echo "$@" > python.said; fi')
    add_command(clone, "uv", "exit 1")
    done = make(clone, ".venv/bin/python")
    assert done.returncode == 0, done.stderr
    assert (clone / "python.said").read_text() == "-m venv .venv\n"


# The site on this machine


def test_a_busy_port_is_told_with_the_next_free_one(tmp_path):
    with open_server(tmp_path, 0) as first:
        busy = first.server_port
        with pytest.raises(OSError, match=rf"port {busy} cannot be had \(.+\); \d+ is free: make serve PORT=") as told:
            open_server(tmp_path, busy)
    free = int(str(told.value).rpartition(" ")[2])
    assert free > busy
    open_server(tmp_path, free).server_close()


def serve(folder, *arguments):
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tools.serve import main; main()",
    ]
    return subprocess.run([*command, *arguments], cwd=folder, capture_output=True, encoding="utf-8")


def test_serving_says_in_one_line_what_is_wrong(tmp_path):
    done = serve(tmp_path)
    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        ["the site is not built: run `make book` first, or `jupyter-book build .`"],
    )
    (tmp_path / "_build/html").mkdir(parents=True)
    (tmp_path / "_build/html/index.html").write_text("")
    with open_server(tmp_path, 0) as other:
        done = serve(tmp_path, str(other.server_port))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"port {other.server_port} cannot be had")


@pytest.mark.parametrize("port", ["-1", "65536", "eighty"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    done = serve(tmp_path, "--", port)
    assert done.returncode == 2
    assert f"expected a whole number from 0 to 65535; got {port}" in done.stderr


# What other systems call things


#: What Windows takes for a device, whatever stands behind its dot.
DEVICES = {"aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}


def test_each_name_is_one_on_any_system():
    names = tracked()
    assert [name for name in names if not re.fullmatch(r"[\w./ +-]+", name, re.ASCII)] == []
    parts = {part for name in names for part in name.lower().split("/")}
    assert {part for part in parts if part.partition(".")[0] in DEVICES or part.endswith((".", " "))} == set()
    assert [name for name, times in Counter(map(str.lower, names)).items() if times > 1] == []
    assert [name for name in names if (ROOT / name).is_symlink()] == []


def test_windows_browsers_are_found_where_it_keeps_programs(tmp_path, monkeypatch):
    edge = tmp_path / "Microsoft/Edge/Application/msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_text("")
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    assert find_browser() == str(edge)
