"""A loss of one number, from one SymPy expression."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike
from sympy.core.relational import Relational

from lossnotes.losses import checks
from lossnotes.losses.checks import Parameter
from lossnotes.losses.display import Displayed
from lossnotes.printing import latex, numpy_function

#: Numbers worked on at a time: what this many take fits into a core's cache.
_BLOCK = 1 << 13


@dataclass(frozen=True)
class Loss(Displayed):
    """A loss of one number per example, made of one SymPy expression.

    Attributes
    ----------
    name
        Its name in the catalogue.
    expr
        The loss in ``prediction``, ``target`` and the parameters' symbols, in nats where
        it is a negative log-likelihood.
    prediction, target
        The symbols.
    domain
        What prediction and target may be, as SymPy sets.
    parameters
        Keyword → :class:`Parameter`.
    likelihood
        The density or probability whose negative logarithm the loss is, where it is one.
    short_gradient
        Its derivative in the prediction as the field writes it, where SymPy's is longer or loses digits.
    where
        What symbols of ``short_gradient`` stand for.
    offset
        What the loss leaves out of that negative logarithm, where it leaves something out.
    reference
        Where it comes from.
    """

    name: str
    expr: sp.Expr
    prediction: sp.Symbol
    target: sp.Symbol
    domain: Mapping[sp.Symbol, sp.Set]
    reference: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    likelihood: sp.Expr | None = None
    offset: sp.Expr = field(default_factory=lambda: sp.S.Zero)
    short_gradient: sp.Expr | None = None
    where: Mapping[sp.Expr, sp.Expr] = field(default_factory=dict)

    @cached_property
    def gradient_expr(self) -> sp.Expr:
        """The derivative of ``expr`` in the prediction."""
        return sp.diff(self.expr, self.prediction) if self.short_gradient is None else self.short_gradient

    def value(self, prediction: ArrayLike, target: ArrayLike, **parameters: ArrayLike) -> Any:
        """The loss of each example, not averaged.

        Parameters
        ----------
        prediction, target
            Numbers or arrays of one shape; either may be a single number.
        parameters
            The loss's parameters: single numbers, arrays of that shape, or one number for each
            place of its last axis (of predictions (N, D), a ``sigma`` of shape (D,)).

        Returns
        -------
        Numbers of that shape, float32 where prediction and target are, else float64; a
        number where all are numbers. They are computed in double precision.

        Raises
        ------
        ValueError
            If the shapes differ, an array is empty, a value is NaN or outside its domain,
            or an infinite prediction has no limit.
        TypeError
            If a value is not a real number, or a parameter has no such name or is missing.
        """
        (result,) = self._run(self._value_function, 1, prediction, target, parameters)
        return result

    def gradient(self, prediction: ArrayLike, target: ArrayLike, **parameters: ArrayLike) -> Any:
        """The derivative of each example's loss in its prediction; see :meth:`value`."""
        (result,) = self._run(self._gradient_function, 1, prediction, target, parameters)
        return result

    def value_and_gradient(self, prediction: ArrayLike, target: ArrayLike, **parameters: ArrayLike) -> tuple[Any, Any]:
        """Both in one pass; see :meth:`value`."""
        value, gradient = self._run(self._both_function, 2, prediction, target, parameters)
        return value, gradient

    @cached_property
    def _chosen_by(self) -> list[sp.Expr]:
        """What the branches of the loss are chosen by."""
        return [side for choice in self.expr.atoms(Relational) for side in choice.args]

    @cached_property
    def _symbols(self) -> list[sp.Symbol]:
        return [self.prediction, self.target, *(parameter.symbol for parameter in self.parameters.values())]

    @cached_property
    def _sides_function(self) -> Callable[..., Any]:
        return numpy_function(sp.Tuple(*self._chosen_by), self._symbols)

    @cached_property
    def _value_function(self) -> Callable[..., Any]:
        return numpy_function(sp.Tuple(self.expr), self._symbols)

    @cached_property
    def _gradient_function(self) -> Callable[..., Any]:
        return numpy_function(sp.Tuple(self.gradient_expr), self._symbols)

    @cached_property
    def _both_function(self) -> Callable[..., Any]:
        return numpy_function(sp.Tuple(self.expr, self.gradient_expr), self._symbols)

    def _run(
        self,
        function: Callable[..., Any],
        count: int,
        prediction: ArrayLike,
        target: ArrayLike,
        parameters: Mapping[str, ArrayLike],
    ) -> list[Any]:
        given = self._arrays(prediction, target, parameters)
        kind = np.float32 if all(array.dtype == np.float32 for array in given[:2]) else np.float64
        shape = np.broadcast_shapes(*(array.shape for array in given))
        results = [np.empty(shape, kind) for _ in range(count)]
        self._fill(function, given, results)
        return [result if shape else result[()] for result in results]

    def _arrays(self, prediction: ArrayLike, target: ArrayLike, parameters: Mapping[str, ArrayLike]) -> list[Any]:
        given = [checks.as_floats("prediction", prediction), checks.as_floats("target", target)]
        checks.same_shape(*given)
        shape = np.broadcast_shapes(given[0].shape, given[1].shape)
        settings = checks.parameters(self.name, self.parameters, parameters, shape)
        return [*given, *settings.values()]

    def _fill(self, function: Callable[..., Any], given: list[Any], results: list[Any]) -> None:
        """Check and compute block by block, so that each number is fetched from memory once."""
        flat = [array.reshape(-1) if array.ndim else array for array in given]
        outs = [result.reshape(-1) for result in results]
        looks = [checks.suspicion(self.domain[symbol]) for symbol in (self.prediction, self.target)]
        # Terms may overflow on the way to a limit that exists.
        with np.errstate(all="ignore"):
            for start in range(0, outs[0].size, _BLOCK):
                block = slice(start, start + _BLOCK)
                parts = [(array[block] if array.ndim else array).astype(float, copy=False) for array in flat]
                if any(suspect(part) for suspect, part in zip(looks, parts, strict=False)):
                    self._refuse(given)
                for out, part in zip(outs, function(*parts), strict=True):
                    out[block] = part
                    if self._chosen_by and np.isinf(parts[1]).any():
                        out[block][self._is_torn(parts)] = np.nan
                    if np.isnan(out[block].min()):
                        self._refuse_limit(out[block], parts)

    def _is_torn(self, parts: list[Any]) -> Any:
        """Where a choice between branches would hide that ∞ − ∞ is no number."""
        torn = np.isinf(parts[0]) & (parts[0] == parts[1])
        for side in self._sides_function(*parts):
            torn = torn | np.isnan(side)
        return torn

    def _refuse_limit(self, result: Any, parts: list[Any]) -> None:
        at = np.isnan(result).argmax()
        here = [float(np.broadcast_to(part, result.shape)[at]) for part in parts]
        names = ("target", *self.parameters)
        also = [f", {name} {value}" for name, value in zip(names, here[1:], strict=True) if math.isinf(value)]
        raise ValueError(f"prediction: expected a value at which the loss has a limit; got {here[0]}{''.join(also)}")

    def _refuse(self, given: list[Any]) -> None:
        prediction, target = given[:2]
        domains = self.domain[self.prediction], self.domain[self.target]
        checks.in_domain("prediction", checks.numbers("prediction", prediction), domains[0])
        other = prediction if domains[0] != domains[1] else None
        checks.in_domain("target", checks.numbers("target", target), domains[1], other)

    def _domains(self) -> list[str]:
        return [rf"{latex(symbol)} \in {latex(where)}" for symbol, where in self.domain.items()]
