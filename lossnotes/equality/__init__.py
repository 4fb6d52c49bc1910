"""Does one expression follow from another? Numbers first, then symbols.

A number can refute and SymPy can prove. Numbers come first, computed with a bound on every
rounding; SymPy's word is only asked for where none speaks against the statement. What cannot
be judged is refused: there is no third way.
"""

from lossnotes.balls.vocabulary import require_known
from lossnotes.equality.declared import declared, inside_sums, require_one_meaning
from lossnotes.equality.process import JUDGE
from lossnotes.equality.statement import Agreement, Condition, Counterexample, Premises, Relation, Statement

__all__ = [
    "Agreement",
    "Condition",
    "Counterexample",
    "Premises",
    "Relation",
    "Statement",
    "compare",
    "declared",
    "inside_sums",
    "require_known",
    "require_one_meaning",
]


def compare(statement: Statement) -> Agreement | Counterexample:
    """Whether a statement holds.

    Raises
    ------
    ValueError
        If the statement has a part that cannot be computed, too few points say anything
        about it, an abbreviation's meaning contradicts its assumptions, or it is not judged
        within ten seconds of processor time.
    """
    sides = {"before": statement.before, "after": statement.after}
    meanings = {str(symbol): meaning for symbol, meaning in statement.premises.meaning.items()}
    for name, expr in (sides | meanings).items():
        require_known(name, expr)
    verdict = JUDGE.verdict(statement)
    if statement.relation == "factor" and isinstance(verdict, Agreement) and not verdict.proved:
        raise ValueError(
            f"step: expected a factor that is positive by the assumptions of its symbols; got {statement.before} "
            f"against {statement.after}. Declare its symbols with positive=True, or give their domain"
        )
    return verdict
