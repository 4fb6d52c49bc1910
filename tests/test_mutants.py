"""Break each gradient and each kernel, one sign or term at a time: the suite must see it.

A mutant is judged on the points and by the tolerances of ``test_losses.py``.
"""

import ast
import copy
import types
from pathlib import Path

import numpy as np
import points
import pytest
import sympy as sp
from judge import SCALAR, UNITS, errors_of_numbers

from lossnotes.functions import spelled_out
from lossnotes.losses import CATALOGUE, rowwise
from lossnotes.printing import numpy_function


def mutants_of(expr):
    """The expression with a sign flipped, a term dropped or a factor doubled, one at a time."""
    if isinstance(expr, sp.Piecewise):
        for at, (branch, condition) in enumerate(expr.args):
            for changed in mutants_of(branch):
                yield expr.func(*expr.args[:at], (changed, condition), *expr.args[at + 1 :])
        return
    if expr != 0:
        yield -expr
        yield 2 * expr
    if isinstance(expr, sp.Add):
        for term in expr.args:
            yield expr - term
            yield expr - 2 * term
    elif len(expr.args) > 1:
        for at, argument in enumerate(expr.args):
            for changed in (-argument, argument + 1):
                yield expr.func(*expr.args[:at], changed, *expr.args[at + 1 :])


def is_caught(loss, mutant, kind=np.float64):
    predictions, targets, parameters = points.of_numbers(loss.name, kind)
    symbols = [loss.prediction, loss.target, *(p.symbol for p in loss.parameters.values())]
    with np.errstate(all="ignore"):
        got = numpy_function(mutant, symbols)(predictions, targets, *parameters.values())
    judged = errors_of_numbers(loss.name, "gradient_expr", np.broadcast_to(got, predictions.shape), kind)
    return any(error > UNITS for error, _ in judged)


@pytest.mark.parametrize("name", SCALAR)
def test_every_broken_gradient_is_caught(name):
    loss = CATALOGUE[name]
    truth = loss.gradient_expr
    mutants = [m for m in dict.fromkeys(mutants_of(truth)) if sp.simplify(spelled_out(m - truth)) != 0]
    assert len(mutants) >= 2
    assert [m for m in mutants if not is_caught(loss, m)] == []


SWAPS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


class Flip(ast.NodeTransformer):
    """Turns the n-th + into −, − into +, × into ÷, or takes the n-th minus sign away."""

    def __init__(self, number):
        self.left = number
        self.what = None

    def _turn(self, node, what):
        self.left -= 1
        if self.left == -1:
            self.what = f"line {node.lineno}: {what}"
            return True
        return False

    def visit_BinOp(self, node):
        self.generic_visit(node)
        swap = SWAPS.get(type(node.op))
        if swap and self._turn(node, ast.unparse(node)):
            node.op = swap()
        return node

    visit_AugAssign = visit_BinOp  # noqa: N815  # the name that ast looks for

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.USub) and self._turn(node, ast.unparse(node)):
            return node.operand
        return node


SOURCE = ast.parse(Path(rowwise.__file__).read_text(encoding="utf-8"))
KERNELS = {
    "cross_entropy_labels": {}, "brier_labels": {}, "spherical_labels": {}, "info_nce": {"temperature": 0.25},
    "smoothed_labels": {"epsilon": 0.125}, "cross_entropy_rows": {}, "brier_rows": {},
    "smoothed_rows": {"epsilon": 0.125}, "divergence": {},
}  # fmt: skip
#: Sizes of logits: nearly even, ordinary, sure, far apart, larger than half of the largest number.
SCALES = (1e-3, 1.0, 30.0, 300.0, 1e308)


def outcomes(module):
    """Values and gradients of every kernel on logits of all sizes, some tied."""
    rng = np.random.default_rng(6)
    found = []
    with np.errstate(all="ignore"):
        for scale in SCALES:
            logits = scale * np.clip(rng.normal(0, 1, (24, 4)), -1.7, 1.7)
            labels = np.arange(24) % 4
            rows = rng.dirichlet([0.5] * 4, 24)
            rows[:8] = np.eye(4)[labels[:8]]
            rows[8:12] = rows[8:12].round(3)  # they add up to 1 in few digits only
            # Two tied or nearly tied, far above the others.
            logits[16:, :2], rows[16:] = logits[16:].max(axis=1, keepdims=True) + 2 * scale % 1e300, [0.5, 0.5, 0, 0]
            logits[20:] = [0, 1e-14, -290, -290]
            for name, parameters in KERNELS.items():
                target = labels if name.endswith("labels") or name == "info_nce" else rows
                prediction = logits
                if name == "divergence":
                    prediction = rng.dirichlet([0.5] * 4, 24)
                    if scale <= 1:
                        prediction = rows * (1 - scale / 10) + scale / 10 * prediction
                    if scale == 300:
                        prediction[:, 0] = 1e-310  # p/q leaves the range
                out = np.empty_like(prediction)
                found += [getattr(module, name)(prediction, target, out, **parameters), out]
            for name, temperature in (("info_nce", scale * 1e-3), ("info_nce", 1e308)):
                out = np.empty_like(logits)
                found += [getattr(module, name)(logits, labels, out, temperature=temperature), out]
    return found


def differs(module, truth):
    """Whether a value or gradient is off by more than rounding, however small it is."""
    try:
        got = outcomes(module)
    except (ValueError, IndexError, TypeError, ZeroDivisionError):
        return True
    return any(
        not np.allclose(a, b, rtol=1e-9, atol=1e-13 * np.abs(b[np.isfinite(b)]).max(initial=0), equal_nan=True)
        or not np.allclose(a[some] / b[some], 1, rtol=1e-3)
        for a, b in zip(got, truth, strict=True)
        for some in [np.isfinite(b) & (b != 0)]
    )


#: Mutants that compute the same: which of two equally accurate ways a block takes.
EQUIVALENT = {"-_DIRECT"}


def run(tree):
    module = types.ModuleType("mutant")
    exec(compile(tree, "mutant", "exec"), module.__dict__)
    return module


def test_every_broken_kernel_is_caught():
    truth = outcomes(rowwise)
    assert not differs(run(SOURCE), truth), "the judge condemns the innocent"
    survivors, number = [], 0
    while True:
        flip = Flip(number)
        tree = ast.fix_missing_locations(flip.visit(copy.deepcopy(SOURCE)))
        if flip.what is None:
            break
        number += 1
        try:
            module = run(tree)
        except (TypeError, ZeroDivisionError):
            continue  # it does not even load
        if flip.what.split(": ")[1] not in EQUIVALENT and not differs(module, truth):
            survivors.append(flip.what)
    assert number > 60
    assert survivors == []
