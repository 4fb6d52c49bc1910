"""Where there is no browser, the suite says what it left out; on a server that is a failure."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

ONE = "tests/test_printing.py::test_javascript_agrees_with_50_digits_in_the_browser"


def run_without_browser(tmp_path, *options, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "BROWSER_PATH")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, ONE]
    done = subprocess.run(
        command, cwd=ROOT, env=kept | {"PATH": str(tmp_path)} | environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps browsers in a place of its own")
@pytest.mark.parametrize("options", [[], ["-n2"]], ids=["one process", "two"])
@pytest.mark.parametrize(("environment", "code"), [({}, 0), ({"CI": "true"}, 1)], ids=["at home", "on a server"])
def test_left_out_tests_are_named(tmp_path, environment, code, options):
    returned, output = run_without_browser(tmp_path, *options, **environment)
    assert returned == code
    assert "left out: these need a Chromium-family browser" in output
    assert f"\n{ONE}\n" in output
    assert "apt-get install chromium" in output


def test_a_named_browser_must_exist(tmp_path):
    returned, output = run_without_browser(tmp_path, BROWSER_PATH="/no/such/browser")
    assert returned != 0
    assert "BROWSER_PATH: expected a browser's path; got /no/such/browser" in output
