"""A line of a derivation that the reader types: what is asked, and the errors of a declaration that cannot work."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from lossnotes import trees
from lossnotes.chain_markup import Step
from lossnotes.equality import Counterexample, Premises, Relation, Statement, compare, require_known
from lossnotes.exercises.asked_chain import AskedChain
from lossnotes.exercises.question import require_spelled, spellings
from lossnotes.style import require_words

#: What an author may want gone from a line; ``form.js`` knows each when it sees one.
PARTS = (
    "product in a logarithm",
    "power in a logarithm",
    "logarithm of a sigmoid",
    "sigmoid of a logarithm",
    "sum",
    "brackets",
    "fraction",
    "logarithm",
    "exponential",
    "outer sum",
)
#: Where symbols are tried whose domain has no end, or none that is given.
_REACH = 4.0
_NEAR_ZERO = 0.05
#: Whole numbers that are no sizes and no indices.
_WHOLE_REACH = 6


@dataclass(frozen=True)
class Ask:
    r"""Ask the reader for a line of a derivation, as ``d.step(expr, reason, ask=Ask(...))``.

    What is typed is judged against the line above and against ``expr``. It is *there* where it
    equals ``expr`` at every point, holds nothing that must be gone and is at most three nodes
    longer, or where it has the form of ``expr`` or of one of ``forms``. The order of summands
    and factors, and where a minus stands, make no other form.

    Parameters
    ----------
    identifier
        The line's id on the page and in the reader's storage.
    gone
        What the line must not hold any more, of ``PARTS``; what the line above has of the
        first five and ``expr`` has not, where nothing is given.
    forms
        Other ways to write the line that are as good.
    replies
        Known slip → what to say to it.
    names
        Symbol or family → how it may be typed, the name that is shown first.
    where
        Short names that may be typed, besides the abbreviations of the chain: symbol → what it
        stands for.
    tried
        Symbol → ``(low, high)``: where it is tried, if not all over its domain; a reader who has
        read that y is a share does not expect to hear of y = 3.
    hint
        The second hint; how the line begins, where nothing is given.

    Raises
    ------
    TypeError, ValueError
        If a part is of another kind. More is found when the line is added: a form that does
        not equal the line, a slip that does, a name for two things.

    Examples
    --------
    >>> from lossnotes import Derivation, sigmoid, softplus
    >>> y, z = sp.symbols("y z", real=True)
    >>> d = Derivation("L", softplus(z) - y * z)
    >>> slips = {sigmoid(z) + y: "The slope of $-yz$ is $-y$."}
    >>> d.differentiate(z, sigmoid(z) - y, "softplus′ = σ", ask=Ask("slope", replies=slips)).asked.identifier
    'slope'
    """

    identifier: str
    gone: Sequence[str] | None = None
    forms: Sequence[sp.Expr] = ()
    replies: Mapping[sp.Expr, str] = field(default_factory=dict)
    names: Mapping[sp.Basic, str | Sequence[str]] = field(default_factory=dict)
    where: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    tried: Mapping[sp.Symbol, tuple[float, float]] = field(default_factory=dict)
    hint: str = ""

    def __post_init__(self) -> None:
        require_words(identifier=self.identifier, **{f"replies[{k}]": words for k, words in self.replies.items()})
        if not re.fullmatch(r"[\w-]+", self.identifier):
            raise ValueError(f"identifier: expected letters, digits and -, as slope-of-loss; got {self.identifier!r}")
        if isinstance(self.gone, str):
            raise TypeError(f"gone: expected a list; got the text {self.gone!r}. Write [{self.gone!r}]")
        if unknown := [name for name in self.gone or () if name not in PARTS]:
            raise ValueError(f"gone: expected some of {', '.join(PARTS)}; got {', '.join(map(str, unknown))}")
        if not isinstance(self.forms, list | tuple):
            raise TypeError(f"forms: expected a list of expressions; got {self.forms!r}")

    def line(self, above: sp.Expr, step: Step, premises: Premises, variables: tuple[sp.Basic, ...]) -> "AskedLine":
        """The line as it is asked, after its forms and slips were compared with it."""
        if step.relation == "factor":
            raise ValueError("ask: expected a step that keeps the factor; got up_to_positive_factor_in")
        meaning = {**premises.meaning, **{s: require_known("where", m) for s, m in self.where.items()}}
        # What stands for something may stand for it through another short name.
        meaning = {symbol: expr.xreplace(meaning) for symbol, expr in meaning.items()}
        line = AskedLine(self, above, step, Premises(premises.domain, meaning, premises.conditions), variables)
        line.data()
        line.require_right()
        return line


@dataclass(frozen=True)
class AskedLine:
    """A line that is asked, in its chain."""

    ask: Ask
    above: sp.Expr
    step: Step
    premises: Premises
    variables: tuple[sp.Basic, ...]
    #: What came of what the reader typed where the chain was last shown: ``status``, ``text``, ``reply``.
    verdict: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def identifier(self) -> str:
        """Its id on the page."""
        return self.ask.identifier

    @cached_property
    def spelled(self) -> "Spelled":
        """What its symbols are, and how they may be typed."""
        return Spelled(self)

    def displayed(self, steps: Sequence[Step], facts: Sequence[str]) -> Any:
        """The chain as a widget, and as a page that needs no kernel."""
        return AskedChain(steps, facts)._repr_mimebundle_()

    def require_right(self) -> None:
        """Check that each form equals the line and that no slip does."""
        for form in self.ask.forms:
            if isinstance(found := self._compared("forms", form), Counterexample):
                raise ValueError(f"forms: expected other ways to write {self.step.expr}; got {form}: {found}")
        for slip in self.ask.replies:
            if not isinstance(self._compared("replies", slip), Counterexample):
                raise ValueError(f"replies: expected wrong lines; got {slip}, which equals {self.step.expr}")

    def _compared(self, name: str, given: Any) -> Any:
        expr = require_known(name, given)
        is_constant = self.step.relation == "constant"
        relation: Relation = "constant" if is_constant else "equal"
        variables = self.variables if is_constant else ()
        line, other = (side.xreplace(dict(self.premises.meaning)) for side in (self.step.expr, expr))
        try:
            return compare(Statement(line, other, relation, variables, self.premises))
        except ValueError as error:
            raise ValueError(f"{name}: {expr} cannot be compared with the line: {error}") from error

    def data(self) -> dict[str, Any]:
        """What the judge needs to know."""
        spelled = self.spelled
        return {
            "identifier": self.identifier,
            "relation": self.step.relation,
            "spellings": [list(names) for symbol, names in spelled.names.items() if symbol not in spelled.families],
            "classes": {
                "families": [list(spelled.names[family]) for family in spelled.families],
                "indices": [str(index) for index in spelled.indices],
                "size": spelled.size,
            },
            "scalars": [[spelled.names[s][0], *self._range(s)] for s in spelled.scalars],
            "members": [[spelled.names[f][0], *self._range(f)] for f in spelled.families],
            "variables": [spelled.names[v][0] for v in self.variables if v in spelled.names],
            "where": [[spelled.names[s][0], spelled.tree("where", m)] for s, m in self.premises.meaning.items()],
            "above": spelled.tree("expr", self.above),
            "goal": spelled.tree("expr", self.step.expr),
            "forms": [spelled.tree("forms", form) for form in self.ask.forms],
            "replies": [spelled.tree("replies", slip) for slip in self.ask.replies],
            "gone": None if self.ask.gone is None else list(self.ask.gone),
        }

    def _range(self, symbol: sp.Basic) -> tuple[float, float, bool]:
        """Where a symbol or a family is tried: both ends, and whether it is a whole number, ends included."""
        one = symbol[1] if isinstance(symbol, sp.IndexedBase) else symbol
        is_whole = bool(one.is_integer)
        given = dict(self.premises.domain).get(symbol, (-sp.oo, sp.oo))
        given = next(((c.low, c.high) for c in self.premises.conditions if c.index == symbol), given)
        given = self.ask.tried.get(symbol, given)
        least = (1 if one.is_positive else 0 if one.is_nonnegative else -_WHOLE_REACH) if is_whole else -_REACH
        if not is_whole and one.is_nonnegative:
            least = _NEAR_ZERO if one.is_positive else 0.0
        low, high = (float(end) if end.is_number and end.is_finite else None for end in map(sp.sympify, given))
        reach = _WHOLE_REACH if is_whole else _REACH
        if low is None:
            low = least if high is None else high - reach
        if high is None:
            high = low + reach if low >= 0 else max(reach, low + reach)
        return low, high, is_whole


class Spelled:
    """The symbols of a line: what each is, and how it may be typed."""

    def __init__(self, line: AskedLine) -> None:
        ask, meaning = line.ask, line.premises.meaning
        exprs = [line.above, line.step.expr, *ask.forms, *ask.replies, *meaning.values()]
        exprs = [require_known("ask", expr) for expr in exprs]
        ends = {
            end for expr in exprs for s in expr.atoms(sp.Sum, sp.Product) for limit in s.limits for end in limit[2:]
        }
        ends |= {c.high for c in line.premises.conditions if isinstance(c.high, sp.Symbol)}
        sizes = sorted({str(end) for end in ends if isinstance(end, sp.Symbol)})
        if len(sizes) > 1:
            raise ValueError(f"ask: expected sums of one length; got {', '.join(sizes)}")
        size = {end for end in ends if isinstance(end, sp.Symbol)}
        free = set().union(*(trees.free(expr) for expr in exprs))
        self.families = sorted((s for s in free if isinstance(s, sp.IndexedBase)), key=str)
        at = {i for expr in exprs for member in expr.atoms(sp.Indexed) for i in member.indices}
        self.indices = sorted((s for s in free & at if isinstance(s, sp.Symbol)), key=str)
        self.scalars = sorted(free - size - set(self.families) - set(self.indices) - set(meaning), key=str)
        # A family that no sum runs over has members all the same.
        self.size = sizes[0] if sizes else "N" if self.families else ""
        if long := [str(index) for index in self.indices if not re.fullmatch(r"[^\W\d_]", str(index))]:
            raise ValueError(f"ask: expected indices of one letter, as k; got {', '.join(long)}")
        spelled = [*self.scalars, *sorted(size, key=str), *meaning, *self.families]
        given = {s: (one,) if isinstance(one, str) else tuple(one) for s, one in ask.names.items()}
        for name, wanted in (("names", given), ("tried", ask.tried)):
            if strangers := sorted(str(s) for s in set(wanted) - set(spelled)):
                raise ValueError(f"{name}: expected symbols of the line; got {', '.join(strangers)}")
        self.names = {s: given.get(s) or spellings(sp.Symbol(str(s))) for s in spelled}
        require_spelled(self.names)
        self._called = {symbol: names[0] for symbol, names in self.names.items()}
        self._called |= {index: str(index) for index in self.indices}

    def tree(self, name: str, expr: sp.Expr) -> trees.Tree:
        """An expression in these names."""
        try:
            return trees.to_tree(expr, self._called)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
