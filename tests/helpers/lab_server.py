"""A JupyterLab of its own, for tests and benchmarks that open it in a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

#: The outputs of all cells, as JupyterLab holds them.
OUTPUTS = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    return cells.filter(cell => cell.type === "code").map(cell => ({
        id: cell.id,
        source: cell.sharedModel.getSource().slice(0, 60),
        count: cell.executionCount,
        outputs: cell.sharedModel.getOutputs().map(
            o => ({type: o.output_type, name: o.name, text: o.text || o.evalue})),
    }));
}"""


@contextmanager
def running_lab(folder, *files, browser=None):
    """The address of a JupyterLab on a folder; a browser's command, if given, opens the files."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "jupyter-lab"), *files, "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    # Its settings and workspaces go to the copy too, not to the reader's home.
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTERLAB_SETTINGS_DIR": str(folder)}
    environment["JUPYTERLAB_WORKSPACES_DIR"] = str(folder / "workspaces")
    if browser:
        environment["BROWSER"] = browser
    else:
        command.append("--no-browser")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{address}/api/status", process, folder / "log"), "JupyterLab did not start")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()  # it waits without end for a kernel that was just starting
            process.wait()


def answers(url, process, log):
    """Whether a server answers yet; one that has ended never will."""
    assert process.poll() is None, log.read_text()
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def wait_until(condition, otherwise, seconds=60):
    """The first true value of ``condition()``, which is asked ten times a second."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
    return value


def run_all(page):
    """Run all cells, see that the last is reached, and return the outputs."""
    cells = run_to_the_first_error(page)
    assert all(cell["count"] for cell in cells), f"Run All did not reach the bottom: {cells}"
    return [output for cell in cells for output in cell["outputs"]]


def run_to_the_first_error(page):
    """Run all cells and return them; after an error JupyterLab stops."""
    open_notebook(page)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cells = page.evaluate(OUTPUTS)
    assert cells
    return cells


def open_notebook(page):
    """Wait until the notebook is read and its kernel ready."""
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context?.isReady", timeout=60_000)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.ready")


def kernel_values(row):
    """What NumPy and 50-digit arithmetic say in a figure's row of read-outs."""
    return row.locator(".ln-kernel").all_inner_texts()


def settled(read, right):
    """What ``read`` gives once it is right; the kernel answers in its own time."""

    def values():
        now = read()
        return now if now and right(now) else None

    return wait_until(values, "the kernel's answer did not come", seconds=30)
