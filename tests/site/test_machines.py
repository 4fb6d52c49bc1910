"""On a fresh machine: which Python is taken, a busy port, names that any system can hold."""

import subprocess
import sys

import pytest
from pages import ROOT

from tools.serve import open_server

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
