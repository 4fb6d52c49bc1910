"""A typed formula and a run of gradient descent in a real JupyterLab."""

import nbformat
from lab_server import kernel_values, run_all, running_lab, settled

FIGURE = """
import sympy as sp
from lossnotes import Formula, Run, Slider, explore
r, a = sp.symbols("r a", real=True)
L = Formula(sp.Symbol("L"), r, r**2 / 2)
figure = explore(x=(r, -4, 4), curves={"loss": L(r)}, sliders=[L, Slider(a, -4, 4, 3)], readouts={"loss": L(a)},
                 run=Run(L(a), a, size=0.5, until=abs(a) < 1), caption="Type.", alt="A loss.", identifier="own")
figure
"""


def test_python_sees_the_formula_the_steps_and_the_place(browser_page, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(FIGURE)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "own.ipynb")
    with running_lab(tmp_path) as lab:
        page = browser_page(f"{lab}/lab/tree/own.ipynb?reset")
        run_all(page)
        figure = page.locator("#own")
        figure.get_by_role("button", name="One step").click()
        rows = {name: figure.locator("tr", has_text=name) for name in ("loss", "steps")}
        settled(lambda: kernel_values(rows["steps"]), lambda texts: texts[0] == "1")
        assert kernel_values(rows["loss"])[0] == "1.125"
        field = figure.get_by_role("textbox")
        field.click()
        page.keyboard.press("Control+a")
        page.keyboard.type("abs(r)")
        settled(lambda: kernel_values(rows["loss"]), lambda texts: list(texts) == ["", ""])
        assert figure.locator("td").first.inner_text() == "1.5"
