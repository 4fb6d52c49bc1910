"""What the checker says of its corpus. Of true steps ``tests/package`` takes a sample, ``tests/weekly`` the rest."""

from functools import cache
from typing import NamedTuple

import checker_attacks
import checker_corpus
from checker_corpus import Case

from lossnotes import Derivation, StepError


def _joined(group):
    attacks = {f"attack: {kind}": cases for kind, cases in getattr(checker_attacks, group).items()}
    return getattr(checker_corpus, group) | attacks


FALSE, TRUE, MALFORMED = map(_joined, ("FALSE", "TRUE", "MALFORMED"))
#: Kinds of which a true step takes a quarter of a second and more. A false one takes a hundredth: none is left out.
SLOW = (
    "abbreviations", "algebra", "attack: domains", "attack: integrals", "attack: jumps that move", "ends", "entropy",
    "gamma", "integrals", "members", "nested sums", "slopes", "softmax", "sums", "tails", "triangles",
)  # fmt: skip
#: Kind → the true steps of a sample: one of two, of slow kinds one of six.
SOME_TRUE = {kind: dict(list(cases.items())[:: 6 if kind in SLOW else 2]) for kind, cases in TRUE.items()}
#: Kind → the others, where there are any.
OTHER_TRUE = {
    kind: {name: case for name, case in cases.items() if name not in SOME_TRUE[kind]}
    for kind, cases in TRUE.items()
    if len(cases) > len(SOME_TRUE[kind])
}


class Judgement(NamedTuple):
    """What came of a step: "proved", "checked", "false" (StepError), "refused" (ValueError), "broken: …" (another)."""

    outcome: str
    message: str = ""


@cache
def judged(case: Case) -> Judgement:
    """What the checker says of the last step of a case."""
    try:
        chain = Derivation("L", case.before, domain=case.domain)
        for before in case.earlier:
            _take(chain, before)
        return Judgement(_take(chain, case).mark)
    except StepError as error:
        return Judgement("false", str(error))
    except ValueError as error:
        return Judgement("refused", str(error))
    except Exception as error:
        return Judgement(f"broken: {type(error).__name__}", str(error))


def _take(chain, case):
    if case.relation == "derivative":
        return chain.differentiate(case.variable, case.after, "as the case says")
    dropped = {"constant": "up_to_constant_in", "factor": "up_to_positive_factor_in"}.get(case.relation)
    arguments = {dropped: case.variable} if dropped else {}
    return chain.step(case.after, "as the case says", where=case.where, **arguments)


def accepted(cases):
    """The cases that are neither found false nor refused, one a line."""
    return _unlike(cases, ("false", "refused"))


def not_accepted(cases):
    """The cases that are neither proved nor checked, one a line."""
    return _unlike(cases, ("proved", "checked"))


def _unlike(cases, outcomes):
    found = {name: judged(case) for name, case in cases.items()}
    return "\n".join(f"{name}: {j.outcome} {j.message}" for name, j in found.items() if j.outcome not in outcomes)
