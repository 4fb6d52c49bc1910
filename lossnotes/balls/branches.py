"""Comparisons and what depends on them: branches, absolute values, the larger of two."""

from flint import acb, fmpq

from lossnotes.balls.values import (
    Run,
    State,
    UndecidedError,
    UndefinedError,
    Value,
    ball,
    complex_ball,
    finite,
    is_real,
    is_zero,
    may_be_zero,
)


def sign(state: State, value: Value) -> int:
    """−1, 0 or 1; inside an integral, of the real part.

    Raises
    ------
    UndecidedError
        If the ball holds zero and more.
    UndefinedError
        If the value is not real.
    """
    if isinstance(value, acb):
        if not (state.integrating or is_zero(value.imag)):
            raise UndefinedError
        value = value.real
    if value == 0 or (state.near is not None and abs(value) < state.near):
        return 0
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise UndecidedError


def either(state: State, branches: list[Run]) -> acb:
    """A ball that holds the values of all branches: what a tiny piece of an integral needs at a jump."""
    balls = [complex_ball(branch(state)) for branch in branches]
    real, imag = balls[0].real, balls[0].imag
    for other in balls[1:]:
        real, imag = real.union(other.real), imag.union(other.imag)
    return acb(real, imag)


def absolute(state: State, x: Value) -> Value:
    if state.integrating and isinstance(x, acb):
        return x.real_abs(analytic=state.analytic)
    return fmpq(0) if state.near is not None and is_real(x) and abs(x) < state.near else abs(x)


def signum(state: State, x: Value) -> Value:
    if state.integrating and isinstance(x, acb):
        return x.real_sgn(analytic=state.analytic)
    if isinstance(x, acb):
        return finite(x / abs(x))
    return fmpq(sign(state, x))


def heaviside(state: State, x: Value, middle: Value = fmpq(1, 2)) -> Value:  # noqa: B008  # immutable
    if state.integrating and isinstance(x, acb):
        return x.real_heaviside(analytic=state.analytic)
    return {1: fmpq(1), 0: middle, -1: fmpq(0)}[sign(state, x)]


def largest(state: State, *values: Value) -> Value:
    if state.integrating and any(isinstance(value, acb) for value in values):
        within = complex_ball(values[0])
        for value in values[1:]:
            within = within.real_max(complex_ball(value), analytic=state.analytic)
        return within
    if any(isinstance(value, acb) for value in values):
        raise UndefinedError
    if all(isinstance(value, fmpq) for value in values):
        return max(values)
    result: Value = ball(values[0])
    for value in values[1:]:
        result = result.max(ball(value))
    return result


def smallest(state: State, *values: Value) -> Value:
    return -largest(state, *(-value for value in values))


def delta(state: State, i: Value, j: Value) -> Value:
    gap = i - j
    if is_zero(gap) or (state.near is not None and abs(gap) < state.near):
        return fmpq(1)
    if may_be_zero(gap):
        raise UndecidedError
    return fmpq(0)
