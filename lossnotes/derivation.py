"""A chain of equations in which each step is checked when it is added.

A step is tried at points of the domain first, with a bound on every rounding, and on each side
of whatever switches in it, and where two of these meet; a step that fails at one of them is
refused, and so is one that cannot be judged: too few points that say anything, or a side on
which none was found.

*Checked* promises that both sides agreed at all of these points: to 666 digits, or to 25 where
an integral, a limit or a derivative stands in them. It is no proof. Two smooth sides may differ
between the points, at sizes and whole numbers that were not tried, where more than two sides of
switches meet, or by less than those digits. *Proved* promises besides
that SymPy reduced the difference of the sides to zero (or what a step may drop to something
that it may drop); it is as good as SymPy's simplification. Only such a proof, by rewriting that
the assumptions allow everywhere, may do without points on each side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits

from lossnotes.chain_markup import Asking, Step, between, chain_html, chain_latex, derivative_latex, name_latex
from lossnotes.equality import (
    Agreement,
    Condition,
    Counterexample,
    Premises,
    Relation,
    Statement,
    compare,
    declared,
    inside_sums,
    require_known,
    require_one_meaning,
)
from lossnotes.functions import readable


class StepError(ValueError):
    """A step that is false, with a point where its two sides differ."""


class Derivation:
    r"""A chain of equations that begins with ``name = expr``.

    A *checked* line agreed with the one before at about 180 points, on each side of each switch
    (of an absolute value, a maximum, a case, a root, a logarithm), to 666 digits, or to 25 around
    integrals, limits and derivatives: evidence, no proof. For a *proved* line SymPy has reduced
    the difference to zero as well. Neither says anything of points where a side has no value.

    Parameters
    ----------
    name
        What the chain is about: a symbol, or the LaTeX of one, that is new to the line.
    expr
        The expression that the chain begins with.
    domain
        For a real symbol or a family, the open interval in which it lies, such as
        ``{p: (0, 1)}``. For a whole number, the range in which it lies, ends included, such
        as ``{y: (1, K)}`` for a label and ``{K: (2, oo)}`` for a size.

    Raises
    ------
    ValueError
        If ``expr`` has a part that cannot be computed, the name is no name or stands for
        something in ``expr``, or a domain is no domain of a symbol of ``expr``: an unknown
        symbol, ends in the wrong order, or outside its assumptions.

    Examples
    --------
    >>> r = sp.Symbol("r", real=True)
    >>> s = sp.Symbol("sigma", positive=True)
    >>> d = Derivation("L", -sp.log(sp.exp(-(r**2) / (2 * s**2)) / s))
    >>> d.step(r**2 / (2 * s**2) + sp.log(s), "the logarithm undoes the exponential").mark
    'proved'
    >>> d.step(r**2 / (2 * s**2), "drop log σ")
    Traceback (most recent call last):
    ...
    lossnotes.derivation.StepError: drop log σ: the two sides differ...
    >>> d.step(r**2 / (2 * s**2), "drop log σ: no r in it", up_to_constant_in=r).mark
    'proved'
    """

    # All that a chain keeps is replaced, never changed: a copy goes its own way.
    def __init__(self, name: Any, expr: sp.Expr, domain: Mapping[sp.Basic, tuple[Any, Any]] | None = None) -> None:
        expr = require_known("expr", expr)
        if not isinstance(name, str | sp.Symbol | sp.Indexed) or not str(name).strip():
            raise ValueError(f"name: expected a symbol, or the LaTeX of one; got {name!r}")
        require_one_meaning("expr", expr, name=name)
        self._name = name
        self._domain, self._conditions = declared({} if domain is None else domain, expr)
        self._steps: tuple[Step, ...] = (Step(name_latex(name), "equal", expr, "", "start"),)
        self._meaning: dict[sp.Symbol, sp.Expr] = {}
        self._derivatives: tuple[sp.Expr, ...] = ()
        #: In which variables the last line still says what the first one does; None: in all.
        self._faithful: frozenset[sp.Basic] | None = None
        self._scaled = False

    @property
    def name(self) -> Any:
        """What the chain is about."""
        return self._name

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines so far."""
        return self._steps

    @property
    def expr(self) -> sp.Expr:
        """The last line's right-hand side."""
        return self._steps[-1].expr

    @property
    def domain(self) -> Mapping[sp.Basic, tuple[Any, Any]]:
        """Where the chain's real symbols and families lie."""
        return MappingProxyType(self._domain)

    def step(
        self,
        expr: sp.Expr,
        reason: str,
        *,
        up_to_constant_in: sp.Basic | Sequence[sp.Basic] | None = None,
        up_to_positive_factor_in: sp.Basic | Sequence[sp.Basic] | None = None,
        where: Mapping[sp.Symbol, sp.Expr] | None = None,
        ask: Asking | None = None,
    ) -> Step:
        """Add a line, checked against the one before it.

        Parameters
        ----------
        expr, reason
            The right-hand side, and why it follows.
        up_to_constant_in
            Variables of the last line, real symbols or whole indexed families. The new line
            may differ from it by a term that does not depend on them.
        up_to_positive_factor_in
            The same for a factor that does not depend on them and is positive by the
            assumptions of its symbols.
        where
            Abbreviations that the line introduces: symbol → what it stands for.
        ask
            An :class:`~lossnotes.Ask`: the reader types the line.

        Raises
        ------
        StepError
            If the line does not follow; it names a point where the two sides differ.
        ValueError
            If both ``up_to_...`` are given; if a variable is no real variable of the last
            line, or an earlier step has dropped something that depends on it; if an
            abbreviation is no new name; if the reason is empty; or if the step cannot be
            judged: a part that cannot be computed, too few points that say anything, a side
            of a switch on which no point was found, a factor that is not known to be
            positive, or more than ten seconds of computing.
        """
        if up_to_constant_in is not None and up_to_positive_factor_in is not None:
            raise ValueError("step: expected one of up_to_constant_in and up_to_positive_factor_in; got both")
        meaning = self._meaning | self._abbreviations(where or {})
        if up_to_constant_in is not None:
            return self._drop("constant", "up_to_constant_in", up_to_constant_in, expr, reason, meaning, ask)
        if up_to_positive_factor_in is not None:
            return self._drop(
                "factor", "up_to_positive_factor_in", up_to_positive_factor_in, expr, reason, meaning, ask
            )
        return self._add("equal", expr, reason, meaning, ask=ask)

    def differentiate(
        self,
        variable: sp.Expr,
        expr: sp.Expr,
        reason: str,
        *,
        where: Mapping[sp.Symbol, sp.Expr] | None = None,
        ask: Asking | None = None,
    ) -> Step:
        """Add the derivative of the last line; SymPy and differences compute it, and ``expr`` must equal both.

        Parameters
        ----------
        variable
            A symbol of the last line, or a member of one of its indexed families. For a
            member whose family is summed, the line is stated for an index inside the sum,
            and the chain says so.
        where, ask
            As for :meth:`step`.

        Raises
        ------
        StepError
            If ``expr`` is not the derivative.
        ValueError
            If the variable does not occur, is an abbreviation or a whole number, or if an
            earlier step has dropped a factor, or a term that depends on it.
        """
        self._require_differentiable(variable)
        left = derivative_latex(self.name, [*self._derivatives, variable])
        inside = inside_sums(self._meant(self.expr), variable)
        known = {condition.index for condition in self._conditions}
        conditions = (*self._conditions, *(condition for condition in inside if condition.index not in known))
        meaning = self._meaning | self._abbreviations(where or {})
        step = self._add("derivative", expr, reason, meaning, (variable,), left=left, conditions=conditions, ask=ask)
        self._derivatives += (variable,)
        self._faithful = None
        return step

    def _drop(
        self,
        relation: Relation,
        argument: str,
        given: sp.Basic | Sequence[sp.Basic],
        expr: sp.Expr,
        reason: str,
        meaning: Mapping[sp.Symbol, sp.Expr],
        ask: Asking | None,
    ) -> Step:
        variables = tuple(given) if isinstance(given, list | tuple) else (given,)
        self._require_present(argument, variables)
        still = frozenset(variables) if self._faithful is None else self._faithful & frozenset(variables)
        if not still:
            kept = ", ".join(map(str, self._faithful or ()))
            raise ValueError(
                f"{argument}: expected some of {kept}, the only ones that the last line keeps to; got {given}"
            )
        step = self._add(relation, expr, reason, meaning, variables, ask=ask)
        self._faithful = still
        self._scaled = self._scaled or relation == "factor"
        return step

    def _require_present(self, argument: str, variables: tuple[sp.Basic, ...]) -> None:
        meant = self._meant(self.expr)
        families = meant.atoms(sp.IndexedBase)
        known = families | {s for s in meant.free_symbols if isinstance(s, sp.Symbol) and not s.is_integer}
        known -= {family.label for family in families}
        absent = [v for v in variables if not (isinstance(v, sp.Basic) and v in known)]
        if absent or not variables:
            names = ", ".join(sorted(map(str, known))) or "none: the line is a number"
            whole = [str(v) for v in absent if isinstance(v, sp.Symbol) and v.is_integer and v in meant.free_symbols]
            got = f"the whole number {whole[0]}" if whole else ", ".join(map(str, absent)) or "none"
            raise ValueError(
                f"{argument}: expected real variables of the last line ({names}), with its assumptions; got {got}"
            )

    def _require_differentiable(self, variable: sp.Expr) -> None:
        if isinstance(variable, sp.Basic) and variable in self._meaning:
            raise ValueError(f"variable: expected no abbreviation; got {variable}, which stands for other symbols")
        if not isinstance(variable, sp.Basic) or isinstance(variable, sp.IndexedBase):
            raise ValueError(f"variable: expected a symbol or a member of a family; got {variable!r}")
        whole = isinstance(variable, sp.Indexed)
        if not whole and getattr(variable, "is_integer", False):
            raise ValueError(f"variable: expected a real number to differentiate in; got the whole number {variable}")
        self._require_present("variable", (variable.base if whole else variable,))
        ranks = {member.rank for member in self._meant(self.expr).atoms(sp.Indexed)}
        if whole and not (variable.rank in ranks and all(index.is_integer for index in variable.indices)):
            raise ValueError(f"variable: expected a member of a family, with whole subscripts; got {variable}")
        if self._scaled:
            raise ValueError("differentiate: expected a line without a dropped factor; got one after ∼")
        if self._faithful is not None and (variable.base if whole else variable) not in self._faithful:
            kept = ", ".join(map(str, self._faithful))
            raise ValueError(f"variable: expected one of {kept}: the dropped constant may depend on {variable}")

    def _abbreviations(self, where: Mapping[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, sp.Expr]:
        if not isinstance(where, Mapping):
            raise ValueError(f"where: expected a dict, abbreviation to meaning; got {where!r}")
        lines = [*(step.expr for step in self.steps), *self._meaning.values(), *self._derivatives, *self.domain]
        lines += [end for c in self._conditions for end in (c.low, c.index, c.high)]
        meanings = [require_known("where", meaning) for meaning in where.values()]
        used = {str(self.name), *map(str, self._meaning)} | {
            s.name for line in [*lines, *meanings] for s in line.atoms(sp.Symbol)
        }
        wrong = [str(symbol) for symbol in where if not isinstance(symbol, sp.Symbol) or symbol.name in used]
        if wrong:
            raise ValueError(
                f"where: expected symbols that are new to the derivation; got {', '.join(wrong)}. "
                "A name that stands for something else in the chain cannot be an abbreviation"
            )
        return {symbol: self._meant(meaning) for symbol, meaning in zip(where, meanings, strict=True)}

    def _meant(self, expr: sp.Expr) -> sp.Expr:
        return expr.xreplace(self._meaning)

    def _add(
        self,
        relation: Relation,
        expr: sp.Expr,
        reason: str,
        meaning: Mapping[sp.Symbol, sp.Expr],
        variables: tuple[sp.Basic, ...] = (),
        *,
        left: str = "",
        conditions: tuple[Condition, ...] | None = None,
        ask: Asking | None = None,
    ) -> Step:
        if not isinstance(reason, str) or not reason.strip():
            raise ValueError(f"reason: expected why the step follows, in words; got {reason!r}")
        expr = require_known("expr", expr)
        conditions = self._conditions if conditions is None else conditions
        require_one_meaning(
            "expr", *(step.expr for step in self.steps), *meaning, *meaning.values(), expr, name=self.name
        )
        _require_no_capture(expr, meaning)
        premises = Premises(dict(self.domain), meaning, conditions)
        verdict = self._judged(relation, expr, reason, premises, variables)
        last, fresh = self.steps[-1], relation == "derivative"
        step = Step(
            left,
            relation,
            expr,
            reason,
            "proved" if verdict.proved else "checked",
            verdict.points,
            constant=relation == "constant" or (last.constant and not fresh),
            scaled=relation == "factor" or (last.scaled and not fresh),
            dropped=variables if relation in ("constant", "factor") else (),
            kinks=verdict.kinks,
            lacking=verdict.lacking,
            variable=variables[0] if fresh else None,
            names_only=relation == "equal" and len(meaning) > len(self._meaning) and self._renames(expr, meaning),
        )
        if ask is not None:
            step = replace(step, asked=ask.line(self.expr, step, premises, variables))
        # Only now: a refused step leaves no trace.
        self._meaning, self._conditions = dict(meaning), conditions
        self._steps += (step,)
        return step

    def _renames(self, expr: sp.Expr, meaning: Mapping[sp.Symbol, sp.Expr]) -> bool:
        """Whether a line is the last one in other names, up to the order of its parts."""
        before, after = (
            sp.expand(readable(line).replace(sp.UnevaluatedExpr, lambda inner: inner))
            for line in (self._meant(self.expr), expr.xreplace(dict(meaning)))
        )
        return bool(before == after)

    def _judged(
        self, relation: Relation, expr: sp.Expr, reason: str, premises: Premises, variables: tuple[sp.Basic, ...]
    ) -> Agreement:
        before, after = self._meant(self.expr), expr.xreplace(dict(premises.meaning))
        verdict = compare(Statement(before, after, relation, variables, premises))
        if isinstance(verdict, Counterexample):
            raise StepError(f"{reason}: {verdict}")
        return verdict

    def latex(self) -> str:
        """The chain as one ``aligned`` environment."""
        return chain_latex(self.steps)

    def _repr_html_(self) -> str:
        return chain_html(self.steps, self._facts())

    def _repr_mimebundle_(self, **_: Any) -> Any:
        asked = next((step.asked for step in self.steps if step.asked), None)
        return asked.displayed(self.steps, self._facts()) if asked else {}

    def _facts(self) -> list[str]:
        """What the abbreviations stand for, and where the chain holds: its domain, and the members it is told in."""
        inside = [
            between(low, r"\le" if symbol[1].is_integer else "<", symbol, high)
            if isinstance(symbol, sp.IndexedBase)
            else between(low, "<", symbol, high)
            for symbol, (low, high) in self.domain.items()
            if not (low.is_infinite and high.is_infinite)
        ]
        inside += [between(c.low, r"\le", c.index, c.high) for c in self._conditions]
        return [f"{name_latex(symbol)} = {name_latex(expr)}" for symbol, expr in self._meaning.items()] + inside

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def _require_no_capture(expr: sp.Expr, meaning: Mapping[sp.Symbol, sp.Expr]) -> None:
    """Check that no sum of a line binds an index that an abbreviation inside it leaves free."""
    for node in expr.atoms(ExprWithLimits, sp.Limit, sp.Derivative):
        bound = set(node.variables) if not isinstance(node, sp.Limit) else {node.args[1]}
        if bound & set(meaning):
            raise ValueError(f"expr: expected no abbreviation as a bound variable; got {(bound & set(meaning)).pop()}")
        if isinstance(node, sp.Derivative):
            continue
        for symbol in node.args[0].free_symbols & set(meaning):
            caught = meaning[symbol].free_symbols & bound
            if caught:
                what = "a limit in" if isinstance(node, sp.Limit) else "a sum over"
                raise ValueError(
                    f"expr: expected an abbreviation that means the same everywhere; got {symbol} inside {what} "
                    f"{caught.pop()}, which {symbol} = {meaning[symbol]} holds. Write it out there"
                )
