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
        source: cell.sharedModel.getSource().slice(0, 60),
        count: cell.executionCount,
        outputs: cell.sharedModel.getOutputs().map(
            o => ({type: o.output_type, name: o.name, text: o.text || o.evalue})),
    }));
}"""


@contextmanager
def running_lab(folder):
    """The address of a JupyterLab on a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "jupyter-lab"), "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    # Its settings and workspaces go to the copy too, not to the reader's home.
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTERLAB_SETTINGS_DIR": str(folder)}
    environment["JUPYTERLAB_WORKSPACES_DIR"] = str(folder / "workspaces")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api/status", process, folder / "log")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url, process, log):
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
    raise TimeoutError(f"JupyterLab did not start: {log.read_text()}")


def run_all(page):
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context?.isReady", timeout=60_000)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.ready")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cells = page.evaluate(OUTPUTS)
    assert cells
    assert all(cell["count"] for cell in cells), f"Run All did not reach the bottom: {cells}"
    return [output for cell in cells for output in cell["outputs"]]
