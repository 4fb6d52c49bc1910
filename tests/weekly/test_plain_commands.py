"""The README's plain commands, in an environment of their own, as they stand there but for a free port."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from clones import copy_to, without_outer
from lab_server import answers, wait_until
from pages import ROOT

#: The commands by shell: ``sh``, and ``bat`` for Windows.
BLOCKS = dict(
    re.findall(r"^```(sh|bat)\n(.+?)^```$", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
)
CREATE, INSTALL, BUILD, SERVE, LAB = BLOCKS["bat" if os.name == "nt" else "sh"].splitlines()


def test_windows_has_the_same_commands():
    translated = (
        BLOCKS["bat"].replace("\\Scripts\\", "/bin/").replace("\\", "/").replace("python -m venv", "python3 -m venv")
    )
    assert translated == BLOCKS["sh"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Of someone who has this Python and no more. JupyterLab may run as root, and opens no browser."""
    folder = tmp_path_factory.mktemp("config")
    (folder / "jupyter_server_config.py").write_text(
        "c.ServerApp.allow_root = True\nc.ServerApp.open_browser = False\n"
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return without_outer() | {"PATH": path, "JUPYTER_CONFIG_DIR": str(folder), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory, environment):
    """A fresh clone, in which the commands that end have been run."""
    folder = copy_to(tmp_path_factory.mktemp("clone"))
    for command in (CREATE, INSTALL, BUILD):
        done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
        if done.returncode and "Retrying (" in done.stderr and os.environ.get("CI") != "true":
            pytest.skip("no package index can be reached")
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return folder


@contextmanager
def running(command, folder, environment):
    """The address that a command says it serves; it ends with the block."""
    program, *arguments = command.split()
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            [folder / program, *arguments], cwd=folder, env=environment, stdout=said, stderr=said
        )
    try:
        address = address_said(process, folder / "said")
        wait_until(lambda: answers(address, process, folder / "said"), "no server answered")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def address_said(process, said):
    """The first address of this machine that is said, perhaps before the server listens."""
    for _ in range(600):
        if found := re.search(r"http://(?:127\.0\.0\.1|localhost):\d+\S*", said.read_text("utf-8")):
            return found[0]
        assert process.poll() is None, said.read_text("utf-8")
        time.sleep(0.1)
    raise TimeoutError(said.read_text("utf-8"))


def read(address):
    with urllib.request.urlopen(address) as page:
        return page.read().decode()


def test_the_site_is_built_and_served(clone, environment):
    with running(f"{SERVE} 0", clone, environment) as address:
        assert "One bit" in read(f"{address}/book/one-bit.html")


def test_the_lab_opens_and_holds_the_lessons(clone, environment):
    with running(f"{LAB} --port 0", clone, environment) as address:
        assert "JupyterLab" in read(address)
        assert '"nbformat"' in read(address.replace("/lab?", "/api/contents/one-bit.ipynb?"))
