"""What is to be judged, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sympy as sp

Relation = Literal["equal", "derivative", "constant", "factor"]


@dataclass(frozen=True)
class Condition:
    """That a whole number lies in a range, both ends included: 1 ≤ k ≤ n."""

    low: sp.Expr
    index: sp.Expr
    high: sp.Expr

    def __str__(self) -> str:
        return f"{self.low} <= {self.index} <= {self.high}"


@dataclass(frozen=True)
class Premises:
    """What a step may rely on, besides the assumptions of its symbols.

    Attributes
    ----------
    domain
        A real symbol or a family → the open interval in which it lies.
    meaning
        Abbreviation → what it stands for. Its assumptions are tried at each point.
    conditions
        Ranges of whole numbers, as the index in which a member is differentiated has.
    """

    domain: Mapping[sp.Basic, tuple[Any, Any]] = field(default_factory=dict)
    meaning: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Statement:
    """That one expression follows from another.

    Attributes
    ----------
    before, after
        The two sides, abbreviations put back.
    relation
        ``"equal"``: the same value. ``"derivative"``: ``after`` is the derivative of
        ``before`` in the one variable. ``"constant"``: the difference does not depend on
        the variables. ``"factor"``: the ratio is positive and does not depend on them.
    variables
        Symbols, whole families, or (for a derivative) a member of one.
    """

    before: sp.Expr
    after: sp.Expr
    relation: Relation = "equal"
    variables: tuple[sp.Basic, ...] = ()
    premises: Premises = field(default_factory=Premises)


@dataclass(frozen=True)
class Agreement:
    """Nothing speaks against the statement.

    Attributes
    ----------
    proved
        Whether SymPy also reduced what is left to nothing.
    points
        At how many points both sides were compared.
    kinks
        What is zero where the derivative does not exist.
    lacking
        A point at which a side has no value, or an abbreviation is not what it is declared to be; empty where
        none was found.
    """

    proved: bool
    points: int
    kinks: tuple[sp.Expr, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counterexample:
    """A point where the two sides differ, with their values there, as text."""

    before: sp.Expr
    after: sp.Expr
    point: Mapping[str, str]
    values: tuple[str, str]
    claim: str = ""

    def __str__(self) -> str:
        where = ", ".join(f"{name} = {value}" for name, value in self.point.items()) or "every point"
        return (
            f"the two sides differ{self.claim}.\n  before: {self.before}\n  after:  {self.after}\n"
            f"  at {where}\n  the first gives {self.values[0]}, the second {self.values[1]}"
        )
