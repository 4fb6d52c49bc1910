"""What Binder does, without its containers: an empty environment, the pins, every lesson."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from clones import copy_to, tracked, without_outer
from pages import ROOT

RUNTIME = (ROOT / "runtime.txt").read_text().strip()


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A fresh copy of the repository."""
    return copy_to(tmp_path_factory.mktemp("clone"))


def test_everything_stands_at_the_root():
    assert RUNTIME == "python-3.11"
    pins = (ROOT / "requirements.txt").read_text().splitlines()
    assert pins[0] == "-e ."
    assert all("==" in pin for pin in pins[1:])
    # Either folder would make Binder ignore the root.
    assert not {"binder", ".binder"} & {Path(name).parts[0] for name in tracked()}


@pytest.mark.skipif(not shutil.which("jupyter-repo2docker"), reason="jupyter-repo2docker is not installed")
def test_repo2docker_takes_both_files(clone):
    command = ["jupyter-repo2docker", "--no-build", "--debug", str(clone)]
    told = subprocess.check_output(command, stderr=subprocess.STDOUT, text=True)
    assert f"{RUNTIME.replace('-', '=')}\n" in told
    installs = [line.split("bin/pip ")[1] for line in told.splitlines() if "bin/pip install" in line]
    assert installs == ['install --no-cache-dir -r "requirements.txt"', "install --no-cache-dir ."]


class Environment:
    """An environment of its own, whose commands see nothing of the one around it."""

    def __init__(self, folder):
        self.bin = folder / "bin"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, env=without_outer())

    def run(self, *command, cwd):
        environment = without_outer() | {"PATH": f"{self.bin}{os.pathsep}/usr/bin{os.pathsep}/bin"}
        return subprocess.run(
            [self.bin / command[0], *command[1:]], cwd=cwd, env=environment, capture_output=True, text=True
        )


def install(environment, clone):
    """The commands that repo2docker writes for Binder: the second replaces the editable package by a copy."""
    for what in (["-r", "requirements.txt"], ["."]):
        quick = ("--quiet", "--disable-pip-version-check", "--no-compile")
        done = environment.run("pip", "install", *quick, *what, cwd=clone)
        if done.returncode and "Retrying (" in done.stderr and os.environ.get("CI") != "true":
            pytest.skip("no package index can be reached")
        assert done.returncode == 0, done.stdout + done.stderr


def execute(environment, lesson):
    """What went wrong in a lesson, run as ``jupyter execute`` does."""
    done = environment.run("jupyter", "execute", "--inplace", "--timeout=120", lesson.name, cwd=lesson.parent)
    if done.returncode:
        return [done.stderr]
    cells = nbformat.read(lesson, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert outputs, "nothing was executed"
    return [str(o) for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]


@pytest.mark.skipif(f"python-{sys.version_info[0]}.{sys.version_info[1]}" != RUNTIME, reason=f"Binder runs {RUNTIME}")
def test_every_lesson_runs_where_only_the_pins_are_installed(clone, tmp_path):
    environment = Environment(tmp_path / "environment")
    install(environment, clone)
    where = environment.run("python", "-c", "import lossnotes; print(lossnotes.__file__)", cwd=clone / "book")
    assert Path(where.stdout.strip()).is_relative_to(tmp_path), where.stdout + where.stderr
    lessons = sorted((clone / "book").glob("*.ipynb"))
    assert len(lessons) == len(list((ROOT / "book").glob("*.ipynb")))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = dict(zip(lessons, pool.map(lambda lesson: execute(environment, lesson), lessons), strict=True))
    assert {lesson.name: found for lesson, found in faults.items() if found} == {}
