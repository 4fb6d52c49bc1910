"""What a bench tests, and the errors of a declaration that cannot work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp

from lossnotes import printing, trees
from lossnotes.benches.measured import Measured
from lossnotes.exercises.question import spellings
from lossnotes.figures.controls import Slider
from lossnotes.figures.entries import Entries, as_entries
from lossnotes.figures.members import in_numbers
from lossnotes.style import as_number, require_words

#: A number or a list of numbers for each control, by its key.
Values = Mapping[str, float | tuple[float, ...]]

#: The heads of a tree that a reader can type: those of ``parse.js``.
TYPED = {*"+-*/^", "pi", "e", *trees.TYPED}

#: By what part of their size −ln density, the loss and the constant between them may miss each other.
_RELATIVE = 1e-9


@dataclass(frozen=True)
class Line:
    """A derived slope: of one number, or of each entry of a family, told apart by an index."""

    variable: sp.Symbol | sp.Indexed
    slope: sp.Expr
    #: The control that moves the variable.
    key: str
    #: The asked line whose answer takes the place of the derived slope.
    typed: str

    @property
    def index(self) -> sp.Symbol | None:
        return self.variable.indices[0] if isinstance(self.variable, sp.Indexed) else None


#: The most entries of a list here.
MOST = 8


@dataclass(frozen=True)
class BenchDeclaration:
    """A quantity, its derived slopes, and what the reader sets."""

    quantity: sp.Expr
    #: The same, as the page writes it.
    written: sp.Expr
    slopes: Mapping[sp.Basic, sp.Expr]
    controls: tuple[Slider | Entries, ...]
    identifier: str
    what: str
    letter: sp.Symbol
    where: Mapping[sp.Symbol, sp.Expr]
    #: A density, and what −ln of it has that the loss has not.
    likelihood: tuple[sp.Expr, sp.Expr] | None
    presets: Mapping[str, Mapping[Any, Any]]
    typed: str | Mapping[sp.Basic, str]
    h: float

    def __post_init__(self) -> None:
        require_words(identifier=self.identifier, what=self.what)
        for control in self.controls:
            if not isinstance(control, Slider | Entries):
                raise TypeError(f"controls: expected Sliders and Entries; got {control!r} ({type(control).__name__})")
        if not self.slopes and not self.likelihood:
            raise ValueError("slopes: expected a variable and its derived slope, as {z: sigmoid(z) - y}; got none")
        if not 1e-15 <= as_number("h", self.h) <= 0.1:
            raise ValueError(f"h: expected a step from 1e-15 to 0.1; got {self.h}")
        self._require_one_size()
        self._require_own_names()
        for name, expr in self._expressions():
            self.tree(name, expr)
        for name, values in {"controls": self.starts, **self.positions}.items():
            self._require_finite(name, values)
            self._require_same(name, values)
        self._require_constant()

    # What may stand in the formulas

    @property
    def families(self) -> tuple[Entries, ...]:
        return tuple(control for control in self.controls if isinstance(control, Entries))

    @property
    def size(self) -> sp.Symbol | None:
        """What stands for the number of entries."""
        return self.families[0].size if self.families else None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The derived slopes, each with the control that moves its variable."""
        keys = {self._moved(control): control.key for control in self.controls}
        lines = []
        for variable, slope in self.slopes.items():
            base = variable.base if isinstance(variable, sp.Indexed) else variable
            if base not in keys or not isinstance(variable, sp.Symbol | sp.Indexed):
                moved = ", ".join(map(str, keys))
                raise ValueError(
                    f"slopes: expected a variable that a control moves ({moved}), of a family a member as z[k]; "
                    f"got {variable}"
                )
            if isinstance(variable, sp.Indexed) and not isinstance(variable.indices[0], sp.Symbol):
                raise ValueError(f"slopes: expected a member with a symbol for an index, as z[k]; got {variable}")
            lines.append(Line(variable, slope, keys[base], self._asked(variable)))
        return tuple(lines)

    def _moved(self, control: Slider | Entries) -> sp.Basic:
        return control.family if isinstance(control, Entries) else control.symbol

    def _asked(self, variable: sp.Symbol | sp.Indexed) -> str:
        if isinstance(self.typed, str):
            if self.typed and len(self.slopes) != 1:
                raise ValueError(f"typed: expected {{variable: identifier}} where slopes are more; got {self.typed!r}")
            return self.typed
        return self.typed.get(variable, "")

    @cached_property
    def called(self) -> dict[sp.Basic, str]:
        """What formulas call each symbol and family."""
        symbols = [control.symbol for control in self.controls if isinstance(control, Slider)]
        sizes = [self.size] if self.size is not None else []
        families = {entries.family: str(entries.family) for entries in self.families}
        return {**families, **{symbol: spellings(symbol)[0] for symbol in (*symbols, *sizes)}}

    def members(self, index: sp.Symbol) -> dict[sp.Symbol, sp.Indexed]:
        """What the reader calls the member of each family that an index stands for: z_k."""
        return {sp.Symbol(f"{entries.family}_{index}"): entries.family[index] for entries in self.families}

    def definitions(self, line: Line) -> dict[sp.Symbol, sp.Expr]:
        """The short names that may stand in a slope, each with what it stands for; later ones may use earlier."""
        others = {other.index for other in self.lines} - {line.index}
        names = {s: meaning for s, meaning in self.where.items() if not self.whole(meaning).free_symbols & others}
        return {**(self.members(line.index) if line.index is not None else {}), **names}

    def tree(self, name: str, expr: sp.Expr, line: Line | None = None) -> trees.Tree:
        """An expression as the script has it; in a line, members of its index and short names stay names.

        Raises
        ------
        ValueError
            If it has a symbol that nothing moves, or a part that no script can evaluate.
        """
        known = dict(self.called)
        if line:
            definitions = self.definitions(line)
            expr = expr.xreplace({member: symbol for symbol, member in definitions.items() if member.is_Indexed})
            known |= {symbol: spellings(symbol)[0] for symbol in definitions}
            if line.index is not None:
                known[line.index] = str(line.index)
        else:
            expr = self.whole(expr)
        try:
            return trees.to_tree(expr, known)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error

    def whole(self, expr: sp.Expr) -> sp.Expr:
        """The expression with what its short names stand for."""
        for symbol, meaning in reversed(list(self.where.items())):
            expr = expr.xreplace({symbol: meaning})
        return expr

    def _expressions(self) -> list[tuple[str, sp.Expr]]:
        density, constant = self.likelihood or (sp.S.One, sp.S.Zero)
        return [
            ("quantity", self.quantity),
            ("written", self.written),
            ("likelihood, density", density),
            ("likelihood, constant", constant),
        ]

    # Where the controls stand

    @property
    def starts(self) -> dict[str, float | tuple[float, ...]]:
        """Where the controls stand at first."""
        return {c.key: c.values if isinstance(c, Entries) else c.value for c in self.controls}  # type: ignore[misc]

    @cached_property
    def positions(self) -> dict[str, dict[str, float | tuple[float, ...]]]:
        """Each preset's name → where the controls stand after it."""
        return {label: {**self.starts, **moves} for label, moves in self.moves.items()}

    @cached_property
    def moves(self) -> dict[str, dict[str, float | tuple[float, ...]]]:
        """Each preset's name → the controls that it sets."""
        return {label: self._preset(label, moves) for label, moves in self.presets.items()}

    def _preset(self, label: str, moves: Mapping[Any, Any]) -> dict[str, float | tuple[float, ...]]:
        require_words(**{"name of a preset": label})
        name = f"presets[{label!r}]"
        controls = {self._moved(control): control for control in self.controls}
        settled: dict[str, float | tuple[float, ...]] = {}
        for moved, value in moves.items():
            if moved not in controls:
                raise ValueError(
                    f"{name}: expected what a control moves ({', '.join(map(str, controls))}); got {moved}"
                )
            is_list = isinstance(controls[moved], Entries)
            words = f"{name}, {moved}"
            settled[controls[moved].key] = as_entries(words, value, MOST) if is_list else as_number(words, value)
        return settled

    # Values

    def function(self, expr: sp.Expr, values: Values, index: tuple[sp.Symbol, int] | None = None) -> Any:
        """An expression at these lengths and rows, and its symbols in the order of :meth:`flat`."""
        return _numbered(self, self.whole(expr), self._shape(values), index)

    def flat(self, values: Values) -> list[float]:
        """All numbers in a row: those of a list one after the other."""
        return [number for value in values.values() for number in (value if isinstance(value, tuple) else (value,))]

    def evaluate(self, expr: sp.Expr, values: Values, index: tuple[sp.Symbol, int] | None = None) -> float:
        """Its value by NumPy; NaN where it has none."""
        function, _ = _compiled(self.function(expr, values, index))
        with np.errstate(all="ignore"):
            return float(function(*map(np.float64, self.flat(values))))

    def rows(self, values: Values) -> list[tuple[Line, int | None]]:
        """Each component of the gradient: its line, and its place in the family."""
        return [
            (line, place)
            for line in self.lines
            for place in ([None] if line.index is None else range(1, len(values[line.key]) + 1))  # type: ignore[arg-type]
        ]

    def derived(self, line: Line, place: int | None, values: Values) -> float:
        """The derived slope of a component."""
        return self.evaluate(line.slope, values, self._index(line, place))

    def measured(self, line: Line, place: int | None, values: Values) -> Measured:
        """The derived slope of a component beside the one that the quantity alone gives."""
        function, _ = _compiled(self.function(self.quantity, values))
        flat = self.flat(values)
        at = self._slot(line.key, place, values)

        def along(x: float) -> float:
            with np.errstate(all="ignore"):
                return float(function(*map(np.float64, [*flat[:at], x, *flat[at + 1 :]])))

        return Measured(along, flat[at], self.derived(line, place, values))

    def digits(self, line: Line, place: int | None, values: Values) -> str:
        """The derived slope of a component to 50 digits."""
        expr, symbols = self.function(line.slope, values, self._index(line, place))
        try:
            return str(printing.digits(expr, dict(zip(symbols, self.flat(values), strict=True))))
        except printing.VanishingError:
            return "0"
        except ValueError:  # no finite real value here
            return "undefined"

    def _index(self, line: Line, place: int | None) -> tuple[sp.Symbol, int] | None:
        return None if line.index is None or place is None else (line.index, place)

    def _slot(self, key: str, place: int | None, values: Values) -> int:
        before = list(values)[: list(values).index(key)]
        return len(self.flat({name: values[name] for name in before})) + (place or 1) - 1

    def _shape(self, values: Values) -> tuple[tuple[str, float | int], ...]:
        """How long the lists are, and which rows of theirs are meant."""
        counted = {c.key for c in self.rows_of}
        return tuple(
            (key, len(value) if isinstance(value, tuple) else value)
            for key, value in values.items()
            if isinstance(value, tuple) or key in counted
        )

    @cached_property
    def rows_of(self) -> tuple[Slider, ...]:
        """The sliders that choose an entry: their symbols are indices."""
        exprs = [self.quantity, *self.slopes.values(), *self.where.values()]
        indices = {index for expr in exprs for member in expr.atoms(sp.Indexed) for index in member.indices}
        return tuple(c for c in self.controls if isinstance(c, Slider) and c.symbol in indices)

    # What is refused

    def _require_one_size(self) -> None:
        for entries in self.families:
            as_entries(f"entries {entries.family}, in a bench", entries.values, MOST)
            if entries.draws or not entries.field:
                raise ValueError(
                    f"entries {entries.family}, in a bench: expected numbers in a field; got Draws or field=False"
                )
        if len({entries.size for entries in self.families}) > 1 or len({len(e.values) for e in self.families}) > 1:
            found = ", ".join(f"{entries.family}: {len(entries.values)} ({entries.size})" for entries in self.families)
            raise ValueError(f"controls: expected families of one size and one symbol for it; got {found}")
        for label, position in self.positions.items():
            if len({len(value) for value in position.values() if isinstance(value, tuple)}) > 1:
                raise ValueError(f"presets[{label!r}]: expected lists of one length; got {position}")
        for slider in self.rows_of:
            if slider.low != 1 or slider.step != 1 or slider.value > len(self.families[0].values):
                raise ValueError(
                    f"slider {slider.symbol}: expected rows 1, 2, 3, ... of the lists, as it is an index; got "
                    f"{slider.low:g} to {slider.high:g} in steps of {slider.step:g}. "
                    f"Write Slider({slider.symbol}, 1, {len(self.families[0].values)}, value=1, step=1)"
                )

    def _require_own_names(self) -> None:
        keys = [control.key for control in self.controls]
        names = [*self.called.values(), *(spellings(symbol)[0] for symbol in self.where)]
        twice = [name for group in (keys, names) for name in group if group.count(name) > 1]
        if twice:
            raise ValueError(f"controls, where: expected one meaning for each name; got two for {twice[0]}")
        if "h" in keys:
            raise ValueError("controls: expected names other than h, the step of the differences. Rename the symbol")
        for line in self.lines:
            self._require_typed(line, self.tree(f"slope in {line.variable}", line.slope, line))
            for symbol, meaning in self.definitions(line).items():
                if symbol in self.where:
                    self.tree(f"where[{symbol}]", meaning, line)

    def _require_typed(self, line: Line, tree: trees.Tree) -> None:
        """The reader starts from the derived line, so it is one that can be typed."""
        if not isinstance(tree, list):
            return
        head, *parts = tree
        if head not in TYPED:
            raise ValueError(
                f"slope in {line.variable}: expected what a reader can type; got {head!r} in {line.slope}. Give that "
                "part a short name, in where="
            )
        for part in parts:
            self._require_typed(line, part)

    def _require_finite(self, name: str, values: Values) -> None:
        for line, place in self.rows(values):
            at = f"{line.variable}" + ("" if place is None else f", entry {place}")
            for what, number in (
                (f"the {self.what}", self.evaluate(self.quantity, values)),
                ("the derived slope", self.derived(line, place, values)),
            ):
                if not np.isfinite(number):
                    raise ValueError(f"{name}: expected a finite value of {what} in {at}; got {number} at {values}")

    def _require_same(self, name: str, values: Values) -> None:
        """What the page writes is what the script computes."""
        computed, written = (self.evaluate(expr, values) for expr in (self.quantity, self.written))
        if not abs(computed - written) <= _RELATIVE * abs(computed):
            raise ValueError(
                f"written: expected the {self.what}, {computed:.9g} at {values} ({name}); got {written:.9g}"
            )

    def _require_constant(self) -> None:
        if not self.likelihood:
            return
        for name, values in {"controls": self.starts, **self.positions}.items():
            cost, loss, constant = self.costs(values)
            if not abs(cost - loss - constant) <= _RELATIVE * max(abs(cost), abs(loss), abs(constant)):
                raise ValueError(
                    f"likelihood: expected −ln density − {self.what} = constant; got {cost:.6g} − {loss:.6g} = "
                    f"{cost - loss:.6g} and the constant {constant:.6g} at {values} ({name})"
                )

    def costs(self, values: Values) -> tuple[float, float, float]:
        """−ln density, loss and derived constant."""
        density, constant = self.likelihood or (sp.S.One, sp.S.Zero)
        cost, loss = -sp.log(density), self.quantity
        return self.evaluate(cost, values), self.evaluate(loss, values), self.evaluate(constant, values)


@lru_cache(maxsize=512)
def _compiled(numbered: tuple[sp.Expr, tuple[sp.Symbol, ...]]) -> tuple[Any, tuple[sp.Symbol, ...]]:
    expr, symbols = numbered
    return printing.numpy_function(expr, symbols), symbols


def _numbered(
    bench: BenchDeclaration,
    expr: sp.Expr,
    shape: Sequence[tuple[str, float | int]],
    index: tuple[sp.Symbol, int] | None,
) -> tuple[sp.Expr, tuple[sp.Symbol, ...]]:
    """An expression with a symbol for each entry in place of its families."""
    numbers = {key: int(number) for key, number in shape}
    fixed = {c.symbol: numbers[c.key] for c in bench.rows_of}
    if index:
        fixed[index[0]] = index[1]
    counts = [numbers[entries.key] for entries in bench.families]
    symbols: list[sp.Symbol] = []
    for control in bench.controls:
        symbols += [control.symbol] if isinstance(control, Slider) else control.members(numbers[control.key])
    return in_numbers(expr.subs(fixed), bench.families, counts).doit(), tuple(symbols)
