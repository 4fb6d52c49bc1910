"""Exact rational numbers and balls, and where an expression is evaluated."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq

#: An exact rational number, a real ball, or a complex one.
#: (Any, for a type checker: the kinds mix freely, and flint's stubs know no sums of two of them.)
Value = Any
#: A symbol, or a member of a family: its base and its subscripts.
Key = Any
#: An expression, compiled.
Run = Callable[["State"], Any]


#: How many nodes one evaluation may take.
STEPS = 200_000


class UndefinedError(ArithmeticError):
    """There is no value here, whatever the precision: 1/0, ln 0, no branch that applies."""


class UndecidedError(ArithmeticError):
    """No telling at this precision: a denominator or a comparison too close to zero."""


class KinkError(UndecidedError):
    """The slopes on both sides differ: there is no derivative here."""


class TooLongError(ArithmeticError):
    """The value takes more steps than are allowed."""


@dataclass
class State:
    """Where an expression is evaluated, and what the evaluation met on its way.

    Attributes
    ----------
    value
        Gives the number that a free symbol or a member of a family stands for.
    bound
        The present values of bound indices and variables.
    watch
        Whether to notice terms that the precision drowns; see ``lost``.
    lost
        Whether something that is not zero left no trace: a term far below the rounding of
        its sum, a function that has rounded to its limit.
    near
        What is closer to zero than this has the sign 0: the place is meant to lie on a
        switch, as that of |x² − 2|, which no rational number hits.
    steps
        How many nodes may still be evaluated.
    """

    value: Callable[[Key], Value]
    bound: dict[sp.Basic, Any] = field(default_factory=dict)
    watch: bool = False
    lost: bool = False
    near: arb | None = None
    steps: int = STEPS
    #: Inside an integral: Arb asks whether the integrand is analytic on a whole ball.
    analytic: bool = False
    integrating: bool = False
    memo: dict[Any, Any] = field(default_factory=dict)

    @contextmanager
    def binding(self, symbol: sp.Basic) -> Iterator[None]:
        """Keeps what the symbol is bound to outside of a sum or an integral."""
        before = self.bound.get(symbol)
        try:
            yield
        finally:
            if before is None:
                self.bound.pop(symbol, None)
            else:
                self.bound[symbol] = before

    def moved(self, key: Key, to: Value) -> "State":
        """The same place with one number exchanged."""
        found = State(lambda asked: to if asked == key else self.value(asked), dict(self.bound), steps=self.steps)
        if key in found.bound:
            found.bound[key] = to
        return found


def exact(number: sp.Expr) -> fmpq:
    """A rational number, or the fraction that a float is."""
    rational = sp.Rational(number)
    return fmpq(int(rational.p), int(rational.q))


def as_fmpq(number: Fraction) -> fmpq:
    return fmpq(number.numerator, number.denominator)


def as_fraction(number: Any) -> Fraction:
    """Of a rational number of flint or of SymPy, which both have a p and a q."""
    return Fraction(int(number.p), int(number.q))


def is_real(value: Value) -> bool:
    return not isinstance(value, acb)


def is_zero(value: Value) -> bool:
    """Whether it is zero beyond doubt."""
    return bool(value == 0)


def may_be_zero(value: Value) -> bool:
    return value == 0 if isinstance(value, fmpq) else bool(value.contains(0))


def finite(value: Value) -> Value:
    """The value, if it is one.

    Raises
    ------
    UndecidedError
        If the ball covers everything: a pole may lie in it.
    """
    if not isinstance(value, fmpq) and not value.is_finite():
        raise UndecidedError
    return value


def ball(value: Value) -> Value:
    return arb(value) if isinstance(value, fmpq) else value


def complex_ball(value: Value) -> acb:
    return value if isinstance(value, acb) else acb(ball(value))


def whole(value: Value) -> int:
    """A whole number as one.

    Raises
    ------
    UndefinedError
        If it is none.
    """
    if not isinstance(value, fmpq) or value.q != 1:
        raise UndefinedError
    return int(value.p)


_FLAT = arb("1e-100"), arb(20)


def notice_flat(state: State, x: Value, function: Callable[[Any], Any], result: Any) -> None:
    """Notice whether a function has rounded to a limit, or to its leading term, as sin t to t and asinh to ln 2t."""
    if not state.watch or may_be_zero(x):
        return
    state.lost |= bool(abs(ctx.dps * arb(10).log() / 2) < abs(abs(ball(x)).log()))
    # In between no such function is flat, to however many digits: an eighth more makes a difference.
    if not _FLAT[0] < abs(x) < _FLAT[1]:
        moved = function(ball(x) * arb(1.125))
        state.lost |= type(moved) is type(result) and bool(moved.overlaps(result))
