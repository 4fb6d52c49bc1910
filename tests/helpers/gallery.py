"""Figures of every kind that ``explore`` can make, for the tests that look at them in a browser."""

import numpy as np
from sympy import Abs, Piecewise, Rational, exp, log, sign, sin, symbols, tanh

from lossnotes import Panel, Slider, explore
from lossnotes.figures import Arrows, Menu, held_probabilities
from lossnotes.functions import halfsquare, log1psquare, logcosh, sigmoid, softplus
from lossnotes.numerical import Lowest

r, y, z, z1, z2, a, r0 = symbols("r y z z1 z2 a r0", real=True)
k, t = symbols("k t", positive=True)
penalty, rate, step = symbols("penalty rate step")
HUBER = Piecewise((r**2 / 2, Abs(r) <= 1), (Abs(r) - Rational(1, 2), True))


def penalties():
    """Two axes, a menu, a point that the reader drags on both."""
    menu = Menu(penalty, ["half squared", "Huber", "log-cosh", "Cauchy"])
    rho = menu.choose(halfsquare(r), HUBER, logcosh(r), log1psquare(r))
    slope = rho.diff(r)
    return explore(
        sliders=[menu, Slider(r0, -4, 4, value=1.5, label="residual")],
        panels=[
            Panel(x=(r, -4, 4), y=(0, 8), curves={"loss": rho}, points={"here": (r0, rho.subs(r, r0))}, size=(4, 3)),
            Panel(x=(r, -4, 4), y=(-4, 4), curves={"slope": slope}, points={"here": (r0, slope.subs(r, r0))}),
        ],
        readouts={"loss": rho.subs(r, r0), "slope": slope.subs(r, r0)},
        caption="The tails decide.",
        alt="A loss above its slope; a point on each.",
        identifier="penalties",
    )


def powers():
    """Both axes logarithmic, and a curve that touches 0."""
    return explore(
        sliders=[Slider(k, 0.5, 3)],
        x=(t, 1e-3, 1e3),
        y=(1e-8, 1e4),
        log="xy",
        curves={"power": t**-k, "exponential": exp(-k * t), "dip": (t - 1) ** 2},
        caption="A power is straight here.",
        alt="Three curves on logarithmic axes.",
        identifier="powers",
    )


def gaps():
    """A pole, a jump, a logarithm of nothing, and a steep curve that does not jump."""
    return explore(
        sliders=[Slider(a, -2, 2, value=0.3)],
        x=(r, -3, 3),
        y=(-6, 6),
        curves={"pole": 1 / (r - a), "jump": sign(r - a), "log": log(r - a), "steep": 2 * tanh(200 * (r - a))},
        caption="Nothing joins what is apart.",
        alt="Four curves, three with a gap.",
        identifier="gaps",
    )


def triangle():
    """A simplex with a field of arrows, one arrow that moves, and a point that is dragged."""
    whole = exp(z1) + exp(z2) + 1
    p = (exp(z1) / whole, exp(z2) / whole, 1 / whole)
    u = symbols("u1:4", positive=True)
    rows = [(i / 5, j / 5, (5 - i - j) / 5) for i in range(6) for j in range(6 - i)]
    left, right, top = held_probabilities()
    pull = [(one - w) / 4 for one, w in zip((1, 0, 0), u, strict=True)]
    one = Arrows(symbols("n,"), [[0]], p, [one - w for one, w in zip((1, 0, 0), p, strict=True)])
    panel = Panel.simplex(
        ("cat", "dog", "fish"),
        points={"p": p},
        drag={"p": {z1: log(left / top), z2: log(right / top)}},
        arrows={"field": Arrows(u, rows, u, pull), "y − p": one},
    )
    return explore(
        sliders=[Slider(z1, -4, 4), Slider(z2, -4, 4)],
        panels=[panel],
        readouts={"p of cat": p[0], "p of dog": p[1]},
        caption="All arrows point to the truth.",
        alt="A triangle with arrows to its left corner.",
        identifier="triangle",
    )


def descent(rate):
    """Gradient descent on half a square, and the flow that it imitates."""
    steps = np.arange(40)
    return {
        "descent": (steps, 3 * (1 - rate) ** steps),
        "flow": (steps, np.where(steps < 30, 3 * np.exp(-rate * steps), np.nan)),
        "last": 3 * (1 - rate) ** 39,
    }


def measured():
    """Curves that a Python function computes."""
    return explore(
        function=descent,
        sliders=[Slider(rate, 0.1, 1.9, value=0.3, step=0.1, label="learning rate")],
        x=(step, 0, 39),
        y=(-3, 3),
        caption="Too large a step overshoots.",
        alt="Two curves that fall to 0.",
        identifier="measured",
    )


def shaded():
    """A band, stable functions and a read-out that becomes infinite."""
    return explore(
        sliders=[Slider(y, 0, 1)],
        x=(z, -6, 6),
        curves={"loss": softplus(z) - y * z, "slope": sigmoid(z) - y},
        bands={"between": (sin(z), softplus(z))},
        points={"optimum": (log(y / (1 - y)), 0)},
        readouts={"optimum": log(y / (1 - y))},
        digits=6,
        caption="The optimum has the log-odds of y.",
        alt="A loss, its slope and a shaded band.",
        identifier="shaded",
    )


def leaving():
    """A point that begins outside the frame, an arrow that begins as a dot, and a slider that one choice ignores."""
    kind = Menu(penalty, ["squared", "Huber"], label="kind")
    loss = kind.choose(a**2, Piecewise((a**2, Abs(a) <= k), (2 * k * Abs(a) - k**2, True)))
    return explore(
        sliders=[kind, Slider(a, -4, 4, value=3, label="miss"), Slider(k, 1, 2, label="bend")],
        x=(r, -4, 4),
        y=(0, 4),
        points={"loss": (a, loss)},
        arrows={"step": Arrows((t,), [[0]], (3, 1), (0, (a - 3) / 2), number=(a - 3) / 2)},
        readouts={"loss": loss},
        caption="What leaves the frame is not lost.",
        alt="A point that leaves the frame.",
        identifier="leaving",
    )


def bars():
    """Two bars, one on the other, with a line along the top; and a lowest place that jumps."""
    inside = Abs(r - k) <= Rational(1, 3)
    lower, upper = (Piecewise((height, inside), (0, True)) for height in (a, 1 + a))
    chosen = Lowest(t * (1 - r) + (1 - t) * r, (t, 0, 1))
    return explore(
        sliders=[Slider(a, 0, 1, value=0.6), Slider(k, 1, 2, value=1.5)],
        panels=[
            Panel(
                x=(r, 0, 3),
                y=(0, 2),
                bands={"lower": (0 * r, lower), "upper": (lower, upper)},
                curves={"top": Piecewise((1 + a, inside), (-1, True))},
                points={"on the right": (3, 2 * a), "above": (3 * a, 2)},
                legend=False,
            ),
            Panel(x=(r, 0, 1), y=(0, 1), curves={"chosen": chosen}),
        ],
        caption="Bars stand upright.",
        alt="A bar of two parts, and a step.",
        identifier="bars",
    )


FIGURES = [penalties, powers, gaps, triangle, measured, shaded, leaving, bars]
