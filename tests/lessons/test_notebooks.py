"""Lessons as they are committed, and as the build executed them."""

import ast
import json

import pytest
from lessons import executed, load
from pages import ROOT

LESSONS = sorted((ROOT / "book").glob("*.ipynb"))
#: Their value is True or False, which a page shows and nobody reads.
VERDICTS = {"allclose", "isclose", "array_equal", "equals", "all", "any"}


def code_cells(path):
    return [cell for cell in load(path).cells if cell.cell_type == "code"]


def silent_verdict(source):
    """Whether a cell ends in a comparison, or in an ``allclose(...)``, that nothing asserts."""
    body = ast.parse(source).body
    if not body or not isinstance(body[-1], ast.Expr):
        return False
    value = body[-1].value
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return name in VERDICTS
    negation = isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
    return negation or isinstance(value, ast.Compare | ast.BoolOp)


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("np.allclose(1, 2)", True),
        ("x = 1\nx == 2", True),
        ("a.equals(b)", True),
        ("x > 1 and y", True),
        ("not x", True),
        ("assert x == 2", False),
        ("verify.equal('x', 1, 1)", False),
        ("x == 2\nx", False),
    ],
)
def test_a_silent_verdict_is_recognised(source, refused):
    assert silent_verdict(source) is refused


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_no_cell_ends_in_a_verdict_that_nothing_asserts(path):
    assert not [cell.source for cell in code_cells(path) if silent_verdict(cell.source)]


def test_there_are_lessons():
    assert LESSONS


def carries_outputs(notebook):
    return [
        cell["id"] for cell in notebook["cells"]
        if cell.get("outputs") or cell.get("execution_count") is not None
    ]  # fmt: skip


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_committed_without_outputs(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert not carries_outputs(notebook), "run: make strip"
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}


def test_outputs_are_recognised():
    cell = {"cell_type": "code", "id": "x", "outputs": [], "execution_count": 3}
    assert carries_outputs({"cells": [cell]}) == ["x"]
    assert carries_outputs({"cells": [cell | {"outputs": [{}], "execution_count": None}]}) == ["x"]
    assert carries_outputs({"cells": [cell | {"execution_count": None}]}) == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_cells_have_names_that_links_can_hold_on_to(path):
    names = [cell.id for cell in load(path).cells]
    assert len(set(names)) == len(names)
    assert all((name.replace("-", "").isalnum() and "-" in name) or name.isalpha() for name in names), names
    assert [cell.id for cell in load(path).cells if not cell.source.strip()] == [], "JupyterLab skips empty cells"


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_executed_from_a_fresh_kernel_without_error_or_warning(path, site):
    outputs = [output for cell in executed(path, site).cells for output in cell.get("outputs", [])]
    assert outputs
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_every_figure_tells_what_it_shows(path, site):
    for cell in executed(path, site).cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                assert len(output.data["text/plain"]) > 40, f"{cell.id}: no alternative text"
