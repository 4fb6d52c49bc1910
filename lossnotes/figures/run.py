"""Steps of gradient descent that a reader takes in a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from sympy.logic.boolalg import Boolean

from lossnotes.figures.controls import Menu, Slider, as_key, require_symbol
from lossnotes.trees import free

#: The most steps that a run may be declared to take: a reader with reduced motion waits for all of them at once.
MOST = 1_000_000
#: How a run may step.
METHODS = ("gradient descent", "Adam")


@dataclass(frozen=True)
class Run:
    """A run of gradient descent under a button: from where its sliders stand, step by step.

    Each step moves each variable by ``-size`` times the exact derivative g of the loss. Adam
    (Kingma & Ba 2015, algorithm 1), from m = v = 0, moves it at step t by
    ``-size * M / (sqrt(V) + 1e-8)``, where

    m = 0.9 m + 0.1 g,  v = 0.999 v + 0.001 g²,  M = m / (1 - 0.9**t),  V = v / (1 - 0.999**t).

    A slider that one run alone descends follows it, in full precision. Sliders that several runs
    of a figure descend stay at the start from which all of these set off.

    Parameters
    ----------
    loss
        An expression in the controls' symbols.
    variable
        The symbol of the slider that is moved, or several.
    size
        The step size: a number, or an expression, as the symbol of a slider of its own.
    until
        A condition that ends the run, such as ``sigmoid(z) >= 0.9``.
    goal
        The condition in words, as in "p reaches 0.9", for what is said at the end.
    most
        The number of steps at which the run ends in any case.
    name
        What the reader calls it; needed where there are several.
    at
        Horizontal and vertical place of the dot that each step leaves; ``(variable, loss)`` where
        not given and there is one variable.
    panel
        The number of the panel that shows the dots.
    method
        "gradient descent" or "Adam", or a :class:`Menu` among the figure's controls that offers these.

    Raises
    ------
    ValueError
        If the size is not above 0, ``most`` is no whole number from 1 to 1,000,000, ``at`` is no
        pair, or is not given for several variables, or a method has another name.
    TypeError
        If a variable is no symbol, ``until`` no condition, or the method neither a name nor a menu.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> run = Run(z**2, z, size=0.1)
    >>> run.slopes, run.steps
    ((2*z,), steps)
    """

    loss: sp.Expr
    variable: sp.Symbol | Sequence[sp.Symbol]
    size: Any = 0.1
    until: Boolean | None = None
    goal: str = ""
    most: int = 10_000
    name: str = ""
    at: tuple[sp.Expr, sp.Expr] | None = None
    panel: int = 0
    method: str | Menu = METHODS[0]

    def __post_init__(self) -> None:
        for variable in self.variables:
            require_symbol("run, variable", variable)
        for part in ("name", "goal"):
            if not isinstance(getattr(self, part), str):
                raise TypeError(f"run, {part}: expected words; got {getattr(self, part)!r}")
        for part in ("loss", "size"):
            expr = sp.sympify(getattr(self, part), strict=True)
            if not isinstance(expr, sp.Expr):
                raise TypeError(f"run, {part}: expected an expression; got {expr!r}")
            object.__setattr__(self, part, expr)
        if self.size.is_number and not self.size > 0:
            raise ValueError(f"run, size: expected a step above 0; got {self.size}")
        if self.until is not None and not isinstance(self.until, Boolean):
            raise TypeError(f"run, until: expected a condition, as z >= 2; got {self.until!r}")
        if isinstance(self.most, bool) or not isinstance(self.most, int | np.integer) or not 1 <= self.most <= MOST:
            raise ValueError(f"run, most: expected a whole number of steps from 1 to {MOST:,}; got {self.most!r}")
        if self.at is None and len(self.variables) > 1:
            raise ValueError("run, at: expected the place of a dot where there are several variables; got none")
        if self.at is not None and (isinstance(self.at, str) or len(tuple(self.at)) != 2):
            raise ValueError(f"run, at: expected two expressions; got {self.at}")
        if not isinstance(self.method, str | Menu):
            raise TypeError(f"run, method: expected a name or a Menu of names; got {self.method!r}")
        if unknown := [name for name in self.methods if name not in map(str.lower, METHODS)]:
            raise ValueError(f"run, method: expected {' or '.join(map(repr, METHODS))}; got {unknown[0]!r}")

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of its methods in small letters: one, or the choices of its menu."""
        names = self.method.options if isinstance(self.method, Menu) else [self.method]
        return tuple(name.lower() for name in names)

    @property
    def variables(self) -> tuple[Any, ...]:
        """The symbols that it moves."""
        return tuple(self.variable) if isinstance(self.variable, list | tuple) else (self.variable,)

    @property
    def slopes(self) -> tuple[sp.Expr, ...]:
        """The derivative of the loss by each variable."""
        # Of symbols that may be complex, SymPy would differentiate |z| by real and imaginary part.
        named = {part for part in free(self.loss) | set(self.variables) if part not in self.loss.atoms(sp.Indexed)}
        real = {part: _real(part) for part in named}
        back = {dummy: symbol for symbol, dummy in real.items()}
        return tuple(sp.diff(self.loss.xreplace(real), real[v]).xreplace(back) for v in self.variables)

    @property
    def steps(self) -> sp.Symbol:
        """The number of steps so far, for read-outs and for what in a run changes from step to step."""
        return sp.Symbol(f"steps_{as_key(sp.Symbol(self.name))}" if self.name else "steps", real=True)

    @property
    def places(self) -> tuple[sp.Symbol, ...]:
        """A symbol for each variable that says where the run stands, for points and read-outs."""
        ending = as_key(sp.Symbol(self.name)) if self.name else "run"
        return tuple(sp.Symbol(f"{as_key(variable)}_{ending}", real=True) for variable in self.variables)

    @property
    def place(self) -> sp.Symbol:
        """The first of :attr:`places`."""
        return self.places[0]

    @property
    def dot(self) -> tuple[sp.Expr, sp.Expr]:
        """Where a step leaves its dot."""
        across, up = self.at if self.at is not None else (self.variables[0], self.loss)
        return sp.sympify(across, strict=True), sp.sympify(up, strict=True)

    @property
    def ends(self) -> sp.Expr | None:
        """1 where the run is over, else 0."""
        return None if self.until is None else sp.Piecewise((1, self.until), (0, True))


def _real(part: sp.Basic) -> sp.Basic:
    """A real symbol, or a family of real numbers, in place of one that may be complex."""
    name = sp.Dummy(str(part), real=True)
    return sp.IndexedBase(name) if isinstance(part, sp.IndexedBase) else name


def as_runs(run: Any) -> tuple[Run, ...]:
    """One run or several, as a row."""
    if run is None:
        return ()
    return tuple(run) if isinstance(run, list | tuple) else (run,)


def require_runs(runs: Sequence[Run], controls: Sequence[Any], panels: Sequence[Any]) -> None:
    """Refuse runs that their figure cannot hold.

    Raises
    ------
    ValueError
        If a variable has no slider, a menu of methods is no control, a panel is not there or is a simplex without
        places for its dots, two runs have one name, one moves what the loss of another holds, or a count has the name
        of a control.
    TypeError
        If one is no run.
    """
    sliders = {control.symbol for control in controls if isinstance(control, Slider)}
    for run in runs:
        if not isinstance(run, Run):
            raise TypeError(f"run: expected a Run; got {run!r} ({type(run).__name__})")
        for variable in run.variables:
            if variable not in sliders:
                known = ", ".join(map(str, sliders)) or "none"
                raise ValueError(f"run, variable: expected the symbol of a slider, {known}; got {variable}")
        if isinstance(run.method, Menu) and run.method not in controls:
            raise ValueError(f"run, method: expected a menu among the controls; got {run.method.symbol}")
        if run.panel not in range(len(panels)):
            raise ValueError(f"run, panel: expected the number of a panel, 0 to {len(panels) - 1}; got {run.panel}")
        if panels[run.panel].corners and run.at is None:
            raise ValueError("run, at: expected the place of a dot in a simplex; got none")
    counted = [as_key(symbol) for run in runs for symbol in (run.steps, *run.places)]
    if len(set(counted)) < len(counted):
        names = ", ".join(repr(run.name) for run in runs)
        raise ValueError(f"run: expected a name for each of several runs, and different ones; got {names}")
    for run in runs:
        others = {v for other in runs if other is not run for v in other.variables} - set(run.variables)
        if moved := sorted(map(str, others & (run.loss.free_symbols | run.size.free_symbols))):
            raise ValueError(
                f"run {run.name!r}: expected a loss that no other run moves; got {', '.join(moved)} in {run.loss}. "
                "Declare one run of both variables"
            )
    if taken := set(counted) & {control.key for control in controls}:
        raise ValueError(f"run: expected no control that has the name of a run's count; got {', '.join(taken)}")


def follows(run: Run, runs: Sequence[Run]) -> bool:
    """Whether its sliders follow a run: no other one moves them."""
    others = {variable for other in runs if other is not run for variable in other.variables}
    return not others.intersection(run.variables)


def counters(runs: Sequence[Run]) -> Mapping[sp.Symbol, sp.Symbol | None]:
    """What runs count → what it is before the first step: a slider's value, or 0."""
    found: dict[sp.Symbol, sp.Symbol | None] = {}
    for run in runs:
        found |= {run.steps: None, **dict(zip(run.places, run.variables, strict=True))}
    return found


def markup(runs: Sequence[Run]) -> str:
    """The buttons, and room for a line on each run."""
    buttons = "".join(
        f'<button type="button" data-run="{name}">{label}</button>'
        for name, label in (("run", "Run"), ("step", "One step"), ("back", "Back to start"))
    )
    return (
        f'<div class="ln-run" role="group" aria-label="Gradient descent">{buttons}'
        f'<p class="ln-said" role="status" style="--runs:{len(runs)}"></p></div>'
    )
