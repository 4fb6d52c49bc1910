"""The lessons in a real JupyterLab: Run All reaches the bottom, and figures talk to Python."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

LESSONS = sorted(path.name for path in (ROOT / "book").glob("*.ipynb"))
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

EXERCISES = """
import sympy as sp
from lossnotes import exercise
p, y = sp.symbols("p y", real=True)
half = exercise("What is the derivative of $\\\\tfrac12(p-y)^2$ in $p$?", answer=p - y, domain={p: (0, 1), y: (0, 1)},
                replies={2 * (p - y): "Without the $\\\\frac12$."})
display(half)
display(exercise("Which?", answer="one", choices=["one", "two", "three"]))
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the lessons."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "book", folder / "book")
    cells = [nbformat.v4.new_code_cell(source) for source in (EXERCISES, "print(half.answered, half.verdict)")]
    # Without a kernel's name JupyterLab asks for one.
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "exercises.ipynb")
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
    pytest.fail(f"JupyterLab did not start: {log.read_text()}")


def run_all(page):
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.context?.isReady", timeout=60_000)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.ready")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cells = page.evaluate(OUTPUTS)
    assert cells
    assert all(cell["count"] for cell in cells), "Run All did not reach the bottom"
    return [output for cell in cells for output in cell["outputs"]]


@pytest.mark.parametrize("lesson", LESSONS)
def test_run_all_reaches_the_bottom_without_a_warning(browser_page, lab, lesson):
    page = browser_page(f"{lab}/lab/tree/book/{lesson}?reset", wait="load")
    outputs = run_all(page)
    assert not [o for o in outputs if o["type"] == "error" or o["name"] == "stderr"], json.dumps(outputs, indent=1)


def test_slider_moves_the_figure_and_python_follows(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/book/02-gaussian-noise.ipynb?reset", wait="load")
    run_all(page)
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    figure = page.locator(".ln-explore").first
    figure.scroll_into_view_if_needed()
    curve = figure.locator(".ln-panel >> nth=1").locator("[data-gid=curve-0] path").first
    before = curve.get_attribute("d")
    row = figure.locator("tr", has_text="surprise per point")
    slider = figure.get_by_label("his noise")
    slider.focus()
    page.keyboard.press("Home")
    assert float(slider.input_value()) == -1.2
    assert curve.get_attribute("d") != before
    by_script = float(row.locator("td").first.inner_text())
    by_numpy, by_digits = settled(
        lambda: kernel_values(row), lambda texts: float(texts[0]) == pytest.approx(by_script, rel=1e-5)
    )
    assert float(by_digits) == pytest.approx(float(by_numpy), rel=1e-12)
    assert len(by_digits) > 45


def kernel_values(row):
    return row.locator(".ln-kernel").all_inner_texts()


def settled(read, right):
    """What ``read`` gives once it is right; the kernel answers in its own time."""
    for _ in range(100):
        values = read()
        if values and right(values):
            return values
        time.sleep(0.1)
    pytest.fail(f"the kernel's read-outs did not follow: {read()}")


def test_python_judges_what_is_typed_in_the_lab(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/exercises.ipynb?reset", wait="load")
    outputs = run_all(page)
    assert not [o for o in outputs if o["type"] == "error"], outputs
    question = page.locator(".ln-exercise").first
    question.locator("mjx-container").first.wait_for()
    assert "$" not in question.inner_text()
    field = question.get_by_role("textbox")
    field.fill("p−y")
    field.press("Enter")
    # The script alone would say at how many points they agree.
    verdict = question.get_by_role("status")
    settled(verdict.inner_text, lambda text: "✓ Right. SymPy proves it." in text)
    field.fill("2(p-y)")
    field.press("Enter")
    settled(verdict.inner_text, lambda text: "✗ Not yet. At p = " in text and "Without the" in text)
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    printed = settled(lambda: run_outputs(page), lambda texts: texts and "2(p-y)" in texts[-1])[-1]
    assert "'status': 'wrong'" in printed
    assert "'reply': 0" in printed


def test_arrow_keys_choose_and_do_not_leave_the_cell(browser_page, lab):
    page = browser_page(f"{lab}/lab/tree/exercises.ipynb?reset", wait="load")
    run_all(page)
    choice = page.locator(".ln-exercise").nth(1)
    choice.get_by_label("two").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert choice.get_by_label("one").is_checked()
    settled(choice.get_by_role("status").inner_text, lambda text: text == "✓ Right.")


def run_outputs(page):
    return [output["text"] for cell in page.evaluate(OUTPUTS) for output in cell["outputs"] if output["text"]]
