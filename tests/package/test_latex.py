"""Formulas are written as a person writes them."""

import pytest
import sympy as sp

from lossnotes.functions import difference, sigmoid
from lossnotes.printing import latex

p, y, q = sp.symbols("p y q", real=True)
z, r, s, tau, n = sp.symbols("z r sigma tau n", positive=True)
i, j, k = sp.symbols("i j k", integer=True)
w, t = sp.IndexedBase("w"), sp.IndexedBase("t")
total = sp.Sum(sp.exp(w[j]), (j, 1, n))


@pytest.mark.parametrize(
    ("expr", "written"),
    [
        (2 * sp.Mul(1 - sigmoid(z), sigmoid(z), sigmoid(z) - y), r"2 (\sigma{(z)} - y) \sigma{(z)} (1 - \sigma{(z)})"),
        (2 * p * (1 - p) * (p - y), "2 (p - y) p (1 - p)"),
        (p * (1 - p) * difference(p, y) ** 2, "(p - y)^{2} p (1 - p)"),
        (1 / (p * (1 - p)), r"\frac{1}{p (1 - p)}"),
        (p**y * (1 - p) ** (1 - y), "p^{y} (1 - p)^{1 - y}"),
        (sp.log(total) * sp.Sum(t[i], (i, 1, n)), r"\ln{(\sum_{j=1}^{n} e^{{w}_{j}} )} \sum_{i=1}^{n} {t}_{i}"),
        (sp.log(p) * y - sp.log(q), r"y \ln p - \ln q"),
        (sp.log(p) * sp.log(1 - p), r"\ln{(p )} \ln{(1 - p )}"),
        (sigmoid(-z) ** 2 * sigmoid(z), r"\sigma{(z)} \sigma^{2}{(- z)}"),
        (sp.log(sp.exp(z) + 1), r"\ln{(1 + e^{z} )}"),
        (sp.exp(z) - 1, "e^{z} - 1"),
        (sp.Float(0.5) * p, "0.5 p"),
        (
            sp.exp(-(r**2) / (2 * s**2)) / sp.sqrt(2 * sp.pi * s**2),
            r"\frac{e^{- r^{2}/(2 \sigma^{2})}}{\sqrt{2 \pi} \sigma}",
        ),
        (sp.sqrt(2) * r / 2, r"\frac{r}{\sqrt{2}}"),
        (sp.sqrt(8) * r, r"2 \sqrt{2} r"),
        (r / sp.sqrt(3 * sp.pi**3), r"\frac{r}{\pi \sqrt{3 \pi}}"),
        (r ** sp.Rational(-3, 2), r"\frac{1}{r^{3/2}}"),
        (sp.Sum(w[i] ** 2, (i, 1, n)) / (2 * s**2), r"\frac{1}{2 \sigma^{2}} \sum_{i=1}^{n} {w}_{i}^{2}"),
        (
            sp.exp(w[k]) * sp.Sum(t[i], (i, 1, n)) / total,
            r"\frac{e^{{w}_{k}} \sum_{i=1}^{n} {t}_{i}}{\sum_{j=1}^{n} e^{{w}_{j}}}",
        ),
        ((1 / (1 + 1 / (1 + p / q))), r"\frac{1}{1 + \frac{1}{p/q + 1}}"),
        (sp.exp((r - s) / (tau * n)), r"e^{\left(r - \sigma\right)/\left(n \tau\right)}"),
    ],
)
def test_a_formula_is_written_as_a_person_writes_it(expr, written):
    found = latex(expr)
    brackets = "left(" in written
    assert (found if brackets else found.replace(r"\left", "").replace(r"\right", "")) == written
