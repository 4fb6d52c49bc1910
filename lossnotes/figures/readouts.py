"""Read-outs that check a gradient while the reader moves it."""

import sympy as sp

#: Half of the distance between the nearest two places of the stencil.
STEP = sp.Rational(1, 1000)


def gradient_readouts(loss: sp.Expr, symbol: sp.Symbol) -> dict[str, sp.Expr]:
    r"""The loss at a slider's position, its exact slope, the slope by differences, and how far they are apart.

    By differences, at distances of :math:`h = 1/1000`: the four-point stencil
    :math:`\frac{8(f(z+h)-f(z-h))-(f(z+2h)-f(z-2h))}{12h}`, off by about :math:`h^4/30` of the
    fifth derivative.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> found = gradient_readouts(z**4, z)
    >>> found["exact slope"], sp.expand(found["apart by"])
    (4*z**3, 0)
    """
    exact = sp.diff(loss, symbol)
    near, far = (loss.subs(symbol, symbol + k * STEP) - loss.subs(symbol, symbol - k * STEP) for k in (1, 2))
    differences = (8 * near - far) / (12 * STEP)
    return {"loss": loss, "exact slope": exact, "slope by differences": differences, "apart by": differences - exact}
