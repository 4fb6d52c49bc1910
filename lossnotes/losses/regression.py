"""Losses of a real number, and of a score against a yes or no."""

from functools import partial

import sympy as sp

from lossnotes.functions import (
    bernoulli_cost,
    bernoulli_slope,
    difference,
    focal_cost,
    gaussian_cost,
    halfsquare,
    hinged,
    laplace_cost,
    linear_tail,
    logcosh,
    mix,
    poisson_cost,
    scaled,
    sigmoid,
    student_cost,
)
from lossnotes.losses.checks import Parameter
from lossnotes.losses.scalar import Loss

_y_hat, _y, _z = sp.symbols("yhat y z", real=True)
_r = difference(_y_hat, _y)
_sigma, _b, _s, _nu, _delta = sp.symbols("sigma b s nu delta", positive=True)
_q, _gamma = sp.symbols("q gamma", positive=True)
_k = sp.Symbol("k", nonnegative=True)

_REAL = {_y_hat: sp.Reals, _y: sp.Reals}
_LOGIT = {_z: sp.Reals, _y: sp.Interval(0, 1)}
#: A loss of one real number against another.
_of_residual = partial(Loss, prediction=_y_hat, target=_y, domain=_REAL)


half_squared_error = _of_residual(
    name="half_squared_error",
    expr=halfsquare(_r),
    likelihood=sp.exp(-(_r**2) / 2) / sp.sqrt(2 * sp.pi),
    offset=sp.log(2 * sp.pi) / 2,
    reference="Gauss 1809",
)

squared_error = _of_residual(
    name="squared_error",
    expr=_r**2,
    likelihood=sp.exp(-(_r**2)) / sp.sqrt(sp.pi),
    offset=sp.log(sp.pi) / 2,
    reference="Gauss 1809; without the ½",
)

absolute_error = _of_residual(
    name="absolute_error",
    expr=sp.Abs(_r),
    likelihood=sp.exp(-sp.Abs(_r)) / 2,
    offset=sp.log(2),
    reference="Laplace 1774",
)

quartic_error = _of_residual(
    name="quartic_error",
    expr=_r**4,
    likelihood=2 * sp.exp(-(_r**4)) / sp.gamma(sp.Rational(1, 4)),
    offset=sp.log(sp.gamma(sp.Rational(1, 4)) / 2),
    reference="Jackson 2020, as a rival of squared error",
)

huber = _of_residual(
    name="huber",
    expr=sp.Piecewise((halfsquare(_r), sp.Abs(_r) <= _delta), (linear_tail(_y_hat, _y, _delta), True)),
    parameters={"delta": Parameter(_delta, 1.0)},
    reference="Huber 1964",
)

log_cosh = _of_residual(
    name="log_cosh",
    expr=logcosh(_r),
    likelihood=1 / (sp.pi * sp.cosh(_y_hat - _y)),
    offset=sp.log(sp.pi),
    reference="the hyperbolic secant distribution",
)

pinball = _of_residual(
    name="pinball",
    expr=sp.Piecewise((scaled(_y, _y_hat, _q), _y >= _y_hat), (scaled(_y_hat, _y, 1 - _q), True)),
    parameters={"q": Parameter(_q, None, sp.Interval.open(0, 1))},
    reference="Koenker and Bassett 1978",
)

gaussian_nll = _of_residual(
    name="gaussian_nll",
    expr=gaussian_cost(_y_hat, _y, _sigma),
    parameters={"sigma": Parameter(_sigma, 1.0)},
    likelihood=sp.exp(-(((_y_hat - _y) / _sigma) ** 2) / 2) / (_sigma * sp.sqrt(2 * sp.pi)),
    reference="Gauss 1809",
)

laplace_nll = _of_residual(
    name="laplace_nll",
    expr=laplace_cost(_y_hat, _y, _b),
    parameters={"b": Parameter(_b, 1.0)},
    likelihood=sp.exp(-sp.Abs(_r) / _b) / (2 * _b),
    reference="Laplace 1774",
)

_t = (_y_hat - _y) / (_s * sp.sqrt(_nu))
student_t_nll = _of_residual(
    name="student_t_nll",
    expr=student_cost(_y_hat, _y, _nu, _s),
    parameters={"nu": Parameter(_nu, 3.0), "s": Parameter(_s, 1.0)},
    likelihood=sp.gamma((_nu + 1) / 2)
    / (sp.gamma(_nu / 2) * sp.sqrt(sp.pi * _nu) * _s)
    * (1 + _t**2) ** (-(_nu + 1) / 2),
    reference="Lange, Little and Taylor 1989",
)

poisson_nll = Loss(
    name="poisson_nll",
    expr=poisson_cost(_z, _k),
    prediction=_z,
    target=_k,
    domain={_z: sp.Reals, _k: sp.Interval(0, sp.oo)},
    likelihood=sp.exp(_z * _k - sp.exp(_z)) / sp.factorial(_k),
    reference="McCullagh and Nelder 1989; the prediction is the logarithm of the rate, the target a count or a rate",
)

binary_cross_entropy = Loss(
    name="binary_cross_entropy",
    expr=bernoulli_cost(_z, _y),
    prediction=_z,
    target=_y,
    domain=_LOGIT,
    likelihood=sigmoid(_z) ** _y * sigmoid(-_z) ** (1 - _y),
    reference="Cox 1958; the prediction is a logit",
)

focal = Loss(
    name="focal",
    expr=mix(_y, focal_cost(-_z, _gamma), focal_cost(_z, _gamma)),
    prediction=_z,
    target=_y,
    domain={_z: sp.Reals, _y: sp.FiniteSet(0, 1)},
    parameters={"gamma": Parameter(_gamma, 2.0, sp.Interval(0, sp.oo))},
    reference="Lin et al. 2017, without their class weight; the prediction is a logit",
)

sigmoid_squared_error = Loss(
    name="sigmoid_squared_error",
    expr=bernoulli_slope(_z, _y) ** 2,
    prediction=_z,
    target=_y,
    domain=_LOGIT,
    reference="Brier 1950, on a logit",
)

_near, _far, _margin = sp.symbols("d_p d_n m", nonnegative=True)
_gap = hinged(_near, _far, _margin)

triplet = Loss(
    name="triplet",
    expr=sp.Piecewise((_gap, _gap > 0), (0, True)),
    prediction=_near,
    target=_far,
    domain={_near: sp.Interval(0, sp.oo), _far: sp.Interval(0, sp.oo)},
    parameters={"margin": Parameter(_margin, 1.0, sp.Interval(0, sp.oo))},
    reference="Schroff et al. 2015; distances from the anchor to the positive and to the negative",
)

hinge = Loss(
    name="hinge",
    expr=sp.Piecewise((1 - _y * _z, _y * _z < 1), (0, True)),
    prediction=_z,
    target=_y,
    domain={_z: sp.Reals, _y: sp.FiniteSet(-1, 1)},
    reference="Cortes and Vapnik 1995; the prediction is a score, the target −1 or 1",
)
