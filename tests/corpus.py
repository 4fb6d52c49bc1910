"""What the tests of the curriculum's derivations share: symbols, and how an item is put to the test.

An item is a pair of sides. It is accepted within ten seconds, and refused with a sign, a
factor or a term wrong.
"""

import inspect
import time

import pytest
import sympy as sp
from sympy import IndexedBase, Sum, exp, log, symbols

from lossnotes import Derivation, StepError

K, n, d = symbols("K n d", integer=True, positive=True)
i, j, k, m = symbols("i j k m", integer=True, positive=True)
z, t, v = IndexedBase("z", real=True), IndexedBase("t", real=True), IndexedBase("v", real=True)
x, y, c, q, r, a = symbols("x y c q r a", real=True)
p, sigma, tau = symbols("p sigma tau", positive=True)
logit = symbols("z_0", real=True)
PROBABILITY = {p: (0, 1)}
PROBABILITIES = {p: (0, 1), q: (0, 1)}


def total(term, index=j):
    return Sum(term, (index, 1, K))


def softmax(index, scores=z):
    return exp(scores[index]) / total(exp(scores[j]))


lse = log(total(exp(z[j])))
#: Softmax stands for every distribution with full support: it adds up to 1 by itself.
u = IndexedBase("u", real=True)


def within_ten_seconds(work):
    start = time.process_time()
    result = work()
    assert time.process_time() - start < 10
    return result


def twins(expr):
    """The expression with its sign turned, doubled, and without each of its terms."""
    if expr == 0:
        return [sp.Integer(1)]
    terms = sp.Add.make_args(expr)
    return [-expr, 2 * expr, *(expr - term for term in terms if len(terms) > 1)]


def equal(before, after, domain=None):
    """``after`` follows from ``before``, its broken twins do not; what SymPy has to work out comes as a function."""
    before = within_ten_seconds(before) if inspect.isfunction(before) else before
    # The items of a table share one domain; a line holds only some of its symbols.
    held = {symbol: ends for symbol, ends in (domain or {}).items() if symbol in before.free_symbols}

    def chain():
        return Derivation("L", before, domain=held)

    step = within_ten_seconds(lambda: chain().step(after, "it follows"))
    assert step.points >= (30 if before.free_symbols else 1)
    for twin in twins(after):
        with pytest.raises(StepError):
            chain().step(twin, "it does not")


def derivative(before, variable, after, domain=None):
    """``after`` is the derivative of ``before``, its broken twins are not."""

    def chain():
        return Derivation("L", before, domain=domain or {})

    step = within_ten_seconds(lambda: chain().differentiate(variable, after, "it is"))
    assert step.points >= 30
    for twin in twins(after):
        with pytest.raises(StepError):
            chain().differentiate(variable, twin, "it is not")


def tables(equalities, derivatives):
    """The tests of a file's two tables."""

    @pytest.mark.parametrize("name", equalities)
    def test_equalities(name):
        equal(*equalities[name])

    @pytest.mark.parametrize("name", derivatives)
    def test_derivatives(name):
        derivative(*derivatives[name])

    return test_equalities, test_derivatives


def lowest(loss, variable, at, curvature, domain=None):
    """The slope is 0 at ``at``, not at twice that, and the second derivative there is positive."""
    slope = sp.diff(loss, variable)
    equal(slope.subs(variable, at), sp.Integer(0), domain)
    with pytest.raises(StepError):
        Derivation("L", slope.subs(variable, 2 * at + 1), domain=domain or {}).step(sp.Integer(0), "elsewhere")
    equal(sp.diff(slope, variable).subs(variable, at), curvature, domain)
    assert curvature.is_positive


def refused(before, after, **premises):
    """What must not pass."""
    with pytest.raises(StepError):
        Derivation("L", before, **premises).step(after, "as if it followed")
