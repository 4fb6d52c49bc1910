"""Judging by numbers: a point refutes, or speaks for a statement, or is silent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq
from sympy.core.relational import Relational

from lossnotes.balls.calculus import slope
from lossnotes.balls.formula import BoundedFormula
from lossnotes.balls.values import (
    Key,
    KinkError,
    Run,
    State,
    UndefinedError,
    Value,
    as_fraction,
    ball,
    is_zero,
    may_be_zero,
)
from lossnotes.balls.vocabulary import require_known
from lossnotes.equality.places import placements
from lossnotes.equality.points import STYLES, Places, SamplePoint, fits, integers, unknowns
from lossnotes.equality.proof import apart_from
from lossnotes.equality.statement import Counterexample, Statement
from lossnotes.equality.switches import Placed, Side, Switch, points_at, switches, together
from lossnotes.equality.visits import Visits
from lossnotes.functions import spelled_out

#: A statement is judged at each of these numbers of digits; one with an integral, a limit or a
#: derivative in it at the last, and believed to as many digits as in ``_TRUSTED``.
_DIGITS, _ROUGH_DIGITS = (60, 2000), (70,)
_TRUSTED, _ROUGH_TRUSTED = {60: 20, 2000: 666}, {70: 25}
#: How many points a statement gets, and how many nodes may be evaluated for all of them.
_POINTS, _ROUGH_POINTS, _STEPS = 180, 36, 100_000
#: What lies on a switch to a hundred digits tells sides apart that differ by more than this.
_NEARLY = 70
#: What is nearer to 0 than this, where a point was put on a switch to a hundred digits, is meant to be 0.
_NEAR = arb("1e-85")
#: How near to a switch both sides are looked at; around an integral, whose slope takes a wide step.
_BESIDE = (Fraction(1, 10**9), Fraction(1, 10**24))
_COARSE_BESIDE = (Fraction(1, 10**4), Fraction(1, 10**7))
#: How near to the ends of a domain, in digits, both sides are looked at.
_SLIVERS = (10, 20, 40, 80, 160, 320)
#: At most so many switches are looked at for kinks.
_MOST = 40
#: Fewer that speak are too few.
_ENOUGH = 8


class Verdict(Enum):
    """What a point says."""

    AGREE = "agree"
    SILENT = "silent"
    #: A side could not be computed: it takes too long, or does not settle.
    NOT_COMPUTED = "not computed"
    #: One side has a value, the other has none: nothing is said of such a place.
    NO_VALUE = "no value"


@dataclass(frozen=True)
class Gap:
    """Where two sides differ: their values, and what they were allowed to differ by."""

    values: tuple[str, str]
    claim: str = ""


@dataclass
class Numbers:
    """What the points said: how many agreed, at which switches there is no derivative, where a side has no value."""

    points: int
    kinks: list[sp.Expr]
    lacking: dict[str, str]
    #: Which side of what no point was found on, and what to do: only a proof can do without.
    missing: str


def judged(statement: Statement) -> Numbers | Counterexample:
    """Whether any point speaks against a statement.

    Raises
    ------
    ValueError
        If too few points speak, or an abbreviation's meaning contradicts its assumptions.
    """
    trial = _Trial(statement)
    for placed in chain(trial.points(), trial.ties(), trial.unvisited()):
        point = placed.point
        if not trial.premises_hold(point):
            continue
        nearly = placed.where == "nearly on"
        if placed.where in ("on", "nearly on") and statement.relation == "derivative":
            trial.note_kink(placed)
        outcome = trial.nearly(placed) if nearly else trial.at(point)
        if isinstance(outcome, Gap):
            return Counterexample(statement.before, statement.after, point.described(), outcome.values, outcome.claim)
        trial.count(point, outcome, nearly=nearly)
    trial.require_enough()
    missing = trial.not_judged()
    return Numbers(trial.agreed, trial.kinks, trial.lacking, missing)


def _near(found: Value, claimed: Value, small: arb, *, strict: bool) -> Verdict | Gap:
    """What a slope by differences says of a claimed one: strictly, or with the same error allowed both ways."""
    difference, size = found - claimed, small * abs(ball(found)).upper().max(arb(1))
    if not may_be_zero(difference) and (strict or abs(ball(difference)) > size):
        return Gap(_told_apart(found, claimed))
    return Verdict.AGREE if abs(ball(difference)).upper() <= size else Verdict.SILENT


class _Trial:
    """One statement, ready to be tried."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.about = unknowns(statement)
        self.before, self.after = BoundedFormula(statement.before), BoundedFormula(statement.after)
        self.derivative = self._by_sympy()
        sides = (statement.before, statement.after)
        rough = any(side.has(sp.Integral, sp.Limit, sp.Derivative) for side in sides)
        self.digits: tuple[int, ...]
        self.trusted: dict[int, int]
        self.digits, self.trusted = (_ROUGH_DIGITS, _ROUGH_TRUSTED) if rough else (_DIGITS, _TRUSTED)
        self.total, self.budget = (_ROUGH_POINTS, 15 * _STEPS) if rough else (_POINTS, _STEPS)
        self.has_unknowns = any(side.free_symbols for side in sides)
        self.meaning = [(s, BoundedFormula(m)) for s, m in statement.premises.meaning.items()]
        meanings = statement.premises.meaning.items()
        if statement.relation == "derivative":
            sides = (sp.Derivative(statement.before, *statement.variables, evaluate=False), statement.after)
        found = switches(*sides, *statement.premises.meaning.values())
        for symbol, meaning in meanings:
            # Where a meaning has another sign than its abbreviation, the line says nothing.
            wrong: tuple[Side, ...] = ("negative",) if symbol.is_nonnegative else ()
            wrong += ("positive",) if symbol.is_nonpositive else ()
            found += [Switch(spelled_out(meaning), (), wrong, meaning, False)] if wrong else []
        self.visits = Visits(statement, found)
        # A root, an inverse function and a denominator may have kinks and jumps at zeros of what they are taken of.
        lines = [s for s in found if isinstance(s.argument, sp.Expr) and _is_line(s)]
        decide = [s for s in lines if not s.is_plain and (s.node.is_Pow or s.sides == ("negative", "positive"))]
        self.bent = sorted(decide, key=lambda s: s.argument.count_ops()) if statement.relation == "derivative" else []
        self.switches = [s for s in lines if s.is_plain] + self.bent
        self.on: dict[sp.Expr, Any] = {}
        self.kinks: list[sp.Expr] = []
        #: The point with the fewest unknowns at which one side has a value and the other has none.
        self.lacking: dict[str, str] = {}
        #: How many digits finer differences step beside numbers far from 1, as in sin(10^80 x).
        self.finer = 2 * max((len(str(int(n))) for n in self.about.numbers if n > 10**12), default=0)
        #: At how many places the zeros of curved switches are still looked for.
        self.scans = 3
        self.agreed = self.ordinary = self.tried = self.steps = 0
        self.places = placements(statement)

    def _by_sympy(self) -> BoundedFormula | None:
        """SymPy's derivative, as a second opinion beside differences; none where it is out of reach."""
        if self.statement.relation != "derivative":
            return None
        try:
            derivative = sympy_derivative(self.statement.before, self.statement.variables[0])
            return BoundedFormula(require_known("derivative", derivative))
        except ValueError:
            return None

    # --- which points

    def points(self) -> Iterator[Placed]:
        """Points of every style at all places, and then at, beside and between the switches."""
        places = self.places
        each = max(1, self.total // len(places))
        for at, place in enumerate(places):
            spent = self.steps
            for number in range(at * each, (at + 1) * each):
                # Where a point costs much, the places share what there is.
                if number > at * each and (self.steps - spent) * len(places) > self.budget:
                    break
                yield Placed(SamplePoint(self.about, place, STYLES[number % len(STYLES)], number))
                if not self.has_unknowns:
                    return
        yield from self._at_ends()
        for at, place in enumerate(places):
            # Looking for the zeros of a curved switch takes long: at the first places, and some later ones.
            if at < 4 or at % 5 == 0:
                yield from self._at_switches(place, 3 if len(places) < 9 else 1)

    def _at_ends(self) -> Iterator[Placed]:
        """Points just inside each end of a domain, where 0 may lie."""
        start = SamplePoint(self.about, self.places[0], "ordinary", 4000)
        for key, (low, high) in self.about.domain.items():
            if low is not None and high is not None and isinstance(key, sp.Symbol) and not key.is_integer:
                for power in _SLIVERS if self.digits == _DIGITS else _SLIVERS[1:3]:
                    inward = (high - low) / Fraction(10) ** power
                    yield from (Placed(start.with_(key, at)) for at in (low + inward, high - inward))

    def _at_switches(self, place: Places, each: int) -> Iterator[Placed]:
        found = self.switches[:_MOST]
        for number in range(each):
            curved = number == 0 and self.scans > 0
            self.scans -= curved
            start = SamplePoint(self.about, place, "ordinary", 1000 + number)
            first = _key_at(self.statement.variables[0], start) if self.statement.relation == "derivative" else None
            for switch in found:
                yield from points_at(switch, start, first, curved=curved)
            for order in (found, found[::-1]):
                joined = together(order, start)
                if joined is not None:
                    yield Placed(joined)

    def premises_hold(self, point: SamplePoint) -> bool:
        for symbol, formula in self.meaning:
            try:
                with ctx.workdps(60):
                    value = formula.run(State(point))
            except ArithmeticError:
                self.tried += point.ordinary
                return False
            if not _has_assumptions(value, symbol):
                if not point.ordinary and may_be_zero(value):
                    self.note_lacking(point)  # an edge, as S = 0 for a sum of squares: outside the domain
                    return False
                where = ", ".join(f"{k} = {v}" for k, v in point.described().items())
                raise ValueError(
                    f"where: expected {symbol} to be what it is declared; got {_text(value, 6)} at {where}"
                )
        return True

    def count(self, point: SamplePoint, outcome: Verdict, *, nearly: bool = False) -> None:
        self.tried += point.ordinary
        if outcome is Verdict.AGREE:
            self.agreed += 1
            self.ordinary += point.ordinary
        if outcome is Verdict.NOT_COMPUTED:
            self.visits.note_unknown(point)
        if outcome in (Verdict.AGREE, Verdict.NO_VALUE):
            only: set[Side] = {"zero"} if outcome is Verdict.NO_VALUE else set()
            if only:
                self.note_lacking(point)
            self.visits.note(point, _NEAR if nearly else None, only)

    def note_lacking(self, point: SamplePoint) -> None:
        """Keep the point with the fewest unknowns of which the line says nothing."""
        if not self.lacking or len(point.described()) < len(self.lacking):
            self.lacking = point.described()

    def ties(self) -> Iterator[Placed]:
        """More points on switches at which no kink was found: of Max(x, y, z), x = y has one only above z."""
        if self.statement.relation != "derivative":
            return
        place = self.places[-1]
        origin = SamplePoint(self.about, place, "zero", 3000)
        key = _key_at(self.statement.variables[0], origin)
        if not isinstance(origin(key), acb):
            for switch in self.bent:
                if "zero" in self.visits.sides(switch, origin):
                    yield Placed(origin, "on", switch.argument, key)
        for switch in [s for s in self.switches[:_MOST] if s.sides == ("negative", "positive")]:
            for number in range(3000, 3024):
                start = SamplePoint(self.about, place, "ordinary", number)
                found = points_at(switch, start, _key_at(self.statement.variables[0], start), curved=False)
                yield from (placed for placed in found if placed.where == "on")
                if self.is_known(switch.argument):
                    break

    def unvisited(self) -> Iterator[Placed]:
        """Points on the sides of switches where none was."""
        conditions = self.statement.premises.conditions
        for switch, side in self.visits.missing():
            for number, place in enumerate(self.places[:: -(-len(self.places) // 4)][::-1]):
                start = SamplePoint(self.about, place, "ordinary", 2000 + number)
                if side == "zero" and _is_line(switch):
                    yield from points_at(switch, start, None, curved=True)
                if side not in switch.sides and self.visits.looks < 0:
                    break
                for point in self.visits.search(switch, side, start, conditions):
                    if side in self.visits.open[switch]:
                        yield Placed(point)
                if side not in self.visits.open[switch]:
                    break
        yield from map(Placed, self.visits.cornered(conditions))
        yield from map(Placed, self.visits.mixed(conditions, 16 if self.digits == _DIGITS else 6))

    def not_judged(self) -> str:
        """Which side of what had no point, and what to do."""
        for switch, side in self.visits.missing():
            if (switch, side) in self.visits.unknown:
                self.note_lacking(self.visits.unknown[switch, side])  # a proof may do without its value
            elif side not in switch.sides:
                continue
            what = f"{switch.argument} is {side}" if switch.argument != switch.node else f"it is {side}"
            return (
                f"step: expected points on each side of {switch.node}; got none at which {what}: not judged. "
                "Give a domain that excludes it, write the case that holds, or take a smaller step"
            )
        return ""

    def require_enough(self) -> None:
        if self.ordinary < (_ENOUGH if self.has_unknowns else 1) or self.ordinary * 2 < self.tried:
            statement = self.statement
            if not self.agreed and self.digits == _ROUGH_DIGITS:
                raise ValueError(
                    "step: expected integrals, limits and derivatives that can be computed to 25 digits; got none at "
                    f"any point of {statement.before} and {statement.after}. An integrand that is infinite at "
                    "an end, a slow tail or a slow limit cannot: substitute first, as u = exp(-t) for log(u)"
                )
            raise ValueError(
                f"step: expected finite values, known to {self.trusted[self.digits[-1]]} digits, at enough points of "
                f"the domain; got {self.ordinary} of {self.tried} for {statement.before} and {statement.after}. "
                "State it where its terms are of comparable size, or give the domain in which it has a value"
            )

    # --- what a point says

    def at(self, point: SamplePoint) -> Verdict | Gap:
        relation = self.statement.relation
        if relation == "derivative":
            return self._slope(point)
        if relation == "equal":
            return self._same(self.before, self.after, point)
        return self._dropped(point)

    def nearly(self, placed: Placed) -> Verdict | Gap:
        """What a point says that lies on a switch, but for a hundredth digit."""
        relation, variables, point = self.statement.relation, self.statement.variables, placed.point
        if relation == "factor":
            return Verdict.SILENT
        before: Run | None = self.before.run
        after: Run | None = self.after.run
        if relation != "derivative" and not self.statement.before.has(sp.Derivative):
            before, after, others = self._on(placed.zero)
            if any(self._is_tiny(other, point) for other in others):
                return Verdict.SILENT
        if before is None or after is None:
            return Verdict.SILENT if before is after else Verdict.NO_VALUE
        with ctx.workdps(200):
            state = State(point, near=_NEAR)
            try:
                a, b = before(state), after(state)
                if relation == "derivative":
                    a = slope(self.before.run, State(point), [_key_at(variables[0], point)])
                elif relation == "constant":
                    there = State(point.elsewhere(variables))
                    b += self.before.run(there) - self.after.run(there)
            except ArithmeticError:
                return Verdict.SILENT
            if abs(ball(a - b)) > arb(10) ** -_NEARLY * (1 + abs(ball(a))):
                return Gap(_told_apart(a, b))
        return Verdict.AGREE

    def _on(self, zero: sp.Expr) -> tuple[Run | None, Run | None, list[BoundedFormula]]:
        """Both sides where something is 0 in truth, None without a value; and what else depends on a sign there."""
        if zero not in self.on:
            sides = [_put_zero(side, zero) for side in (self.statement.before, self.statement.after)]
            others = [BoundedFormula(s.argument) for s in switches(*sides) if not s.bound and s.argument.is_Add]
            runs = (None if side.has(sp.zoo, sp.nan) else BoundedFormula(side).run for side in sides)
            self.on[zero] = (*runs, others)
        return self.on[zero]

    def _is_tiny(self, formula: BoundedFormula, point: SamplePoint) -> bool:
        """Whether something that is 0 on a switch is only nearly so."""
        value = _at(formula, point)
        return value is not None and not is_zero(value) and bool(abs(value) < _NEAR)

    def _is_zero(self, kink: sp.Expr, point: SamplePoint) -> bool:
        """Whether a kink that is known lies at a point, as x = 1 where x² − 2x + 1 is 0."""
        value = None if kink.has(sp.Indexed) else _at(BoundedFormula(kink), point)
        return value is not None and bool(abs(value) < arb("1e-9"))

    def note_kink(self, placed: Placed) -> None:
        """Notice whether the slopes on both sides of a switch differ, or the values, however near to it."""
        key, place = placed.key, placed.point.taken[placed.key]
        if key != _key_at(self.statement.variables[0], placed.point) or isinstance(place, tuple):
            return
        coarse = self.statement.before.has(sp.Integral)
        steps = _COARSE_BESIDE if coarse else _BESIDE
        beside = [[placed.point.with_(key, place + way * step) for way in (1, -1)] for step in steps]
        if self.is_known(placed.zero) or any(self._is_zero(kink, placed.point) for kink in self.kinks):
            return
        at = [[right, placed.point] for right, _ in beside]  # a point of its own, as 5 where x = 1

        def value(point: SamplePoint) -> Value:
            return self.before.run(State(point, near=_NEAR if point is placed.point else None))

        def steepness(point: SamplePoint) -> Value:
            return slope(self.before.run, State(point), [key], coarse)

        rising = [[right] for right, _ in beside]
        if not _grow(value, rising) and (
            _stay_apart(steepness, beside)
            or _stay_apart(value, beside)
            or _stay_apart(value, at)
            or _grow(steepness, rising)
        ):
            self.kinks.append(placed.zero)

    def is_known(self, zero: sp.Expr) -> bool:
        """Whether a kink was found there."""
        return bool({zero, -zero} & set(self.kinks))

    def _same(self, left: BoundedFormula, right: BoundedFormula, point: SamplePoint) -> Verdict | Gap:
        outcome: Verdict | Gap = Verdict.SILENT
        for digits in self.digits:
            with ctx.workdps(digits):
                (a, b), lost = self._values((left, right), point, digits)
                if UndefinedError in (a, b) or None in (a, b):
                    outcome = self._undefined(a, b, point)
                    continue
                outcome = self._compared(a, b, digits)
                if isinstance(outcome, Gap):
                    return outcome
        return Verdict.SILENT if lost and outcome is Verdict.AGREE else outcome

    def _values(self, formulas: Sequence[BoundedFormula], point: SamplePoint, digits: int) -> tuple[list[object], bool]:
        """Their values; ``UndefinedError`` where there is none, ``None`` where the precision cannot tell."""
        found: list[object] = []
        state = State(point, watch=digits == self.digits[-1])
        start = state.steps
        for formula in formulas:
            try:
                found.append(formula.run(state))
            except UndefinedError:
                found.append(UndefinedError)
            except KinkError:
                # Two slopes that differ are no accident at a special point.
                found.append(None if point.ordinary else UndefinedError)
            except ArithmeticError:
                found.append(None)
        self.steps += start - state.steps
        return found, state.lost

    def _undefined(self, a: object, b: object, point: SamplePoint) -> Verdict | Gap:
        one = (a is UndefinedError) != (b is UndefinedError) and None not in (a, b)
        # At a special point a factor that cancels, as in (x² − 1)/(x − 1), may be 0/0.
        if one and point.ordinary and not self.visits.at_pole(point):
            return Gap(tuple("no value" if v is UndefinedError else _text(v, 6) for v in (a, b)))  # type: ignore[arg-type]
        return Verdict.NO_VALUE if one else Verdict.NOT_COMPUTED if None in (a, b) else Verdict.SILENT

    def _compared(self, a: object, b: object, digits: int) -> Verdict | Gap:
        difference = a - b  # type: ignore[operator]
        if not may_be_zero(difference):
            return Gap(_told_apart(a, b))
        return Verdict.AGREE if self._is_small(difference, (a, b), digits) else Verdict.SILENT

    def _is_small(self, difference: Value, terms: Sequence[object], digits: int) -> bool:
        """Whether enough digits cancelled."""
        if is_zero(difference):
            return True
        size = max((abs(ball(term)).upper() for term in terms), default=arb(0))
        small = arb(10) ** -self.trusted[digits]
        return bool(abs(ball(difference)).upper() <= small * size.max(arb(1)))

    def _slope(self, point: SamplePoint) -> Verdict | Gap:
        coarse = self.statement.before.has(sp.Integral)
        found: Value | None = None
        seen: Verdict | Gap = Verdict.SILENT
        try:
            with ctx.workdps(70 + self.finer):
                key = _key_at(self.statement.variables[0], point)
                found = ball(slope(self.before.run, State(point), [key], coarse, self.finer))
                claimed = self.after.run(State(point))
                seen = _near(found, claimed, arb("1e-8" if coarse else "1e-20"), strict=not coarse)
        except KinkError:
            return Verdict.SILENT
        except ArithmeticError:
            with ctx.workdps(70):
                (a, b), _ = self._values((self.before, self.after), point, self.digits[0])
            if a is None or (a is UndefinedError and b not in (None, UndefinedError)):
                return self._undefined(a, b, point)
        if isinstance(seen, Gap):
            # A wide step may cross a kink that lies beside a special point.
            return seen if point.ordinary or not coarse else Verdict.SILENT
        if self.derivative is None:
            return Verdict.SILENT if coarse else seen  # eight digits alone are no opinion
        by_sympy = self._same(self.derivative, self.after, point)
        if isinstance(by_sympy, Gap) and seen is Verdict.AGREE and not self._is_credible(point, found):
            return Verdict.SILENT if coarse else seen
        return seen if by_sympy is Verdict.AGREE and seen is Verdict.SILENT else by_sympy

    def _is_credible(self, point: SamplePoint, found: Value) -> bool:
        """Whether SymPy's derivative is the one that differences find; of a jump inside an integral it loses half."""
        with ctx.workdps(70):
            try:
                theirs = self.derivative.run(State(point))  # type: ignore[union-attr]
            except ArithmeticError:
                return False
            return isinstance(_near(found, theirs, arb("1e-8"), strict=False), Verdict)

    def _dropped(self, point: SamplePoint) -> Verdict | Gap:
        variables = self.statement.variables
        other = point.elsewhere(variables)
        if not self.premises_hold(other):
            return Verdict.SILENT
        outcome: Verdict | Gap = Verdict.SILENT
        lost = False
        for digits in self.digits:
            with ctx.workdps(digits):
                (a, b), lost_here = self._values((self.before, self.after), point, digits)
                (c, d), lost_there = self._values((self.before, self.after), other, digits)
                if any(v is None or v is UndefinedError for v in (a, b, c, d)):
                    wanting = any(v is None or v is UndefinedError for v in (a, b))
                    outcome = self._undefined(*((a, b) if wanting else (c, d)), point)
                    if isinstance(outcome, Gap):
                        return outcome
                    continue
                lost = lost_here or lost_there
                names = ", ".join(map(str, variables))
                if self.statement.relation == "constant":
                    outcome = self._same_constant(a, b, c, d, digits, names)
                else:
                    outcome = self._same_factor(a, b, c, d, digits, names)
                if isinstance(outcome, Gap):
                    return outcome
        return Verdict.SILENT if lost else outcome

    def _same_constant(self, a, b, c, d, digits: int, names: str) -> Verdict | Gap:  # type: ignore[no-untyped-def]
        moved = (a - b) - (c - d)
        if not may_be_zero(moved):
            return Gap(_told_apart(a, b), f" by more than a constant in {names}")
        return Verdict.AGREE if self._is_small(moved, (a, b, c, d), digits) else Verdict.SILENT

    def _same_factor(self, a, b, c, d, digits: int, names: str) -> Verdict | Gap:  # type: ignore[no-untyped-def]
        gap = Gap(_told_apart(a, b), f" by more than a positive factor free of {names}")
        for one, two in ((a, b), (c, d)):
            if is_zero(one) and is_zero(two):
                return Verdict.SILENT  # 0 = c·0 for every c: says nothing
            if (is_zero(one) and not may_be_zero(two)) or (is_zero(two) and not may_be_zero(one)):
                return gap
            if may_be_zero(one) or may_be_zero(two):
                return Verdict.SILENT
            ratio = ball(one) / ball(two)
            if isinstance(ratio, acb):
                if not ratio.imag.contains(0):
                    return gap
                ratio = ratio.real
            if ratio < 0:
                return gap
        crossed = a * d - c * b
        if not may_be_zero(crossed):
            return gap
        return Verdict.AGREE if self._is_small(crossed, (a * d, c * b), digits) else Verdict.SILENT


def _stay_apart(of: Callable[[SamplePoint], Value], beside: Sequence[Sequence[SamplePoint]]) -> bool:
    """Whether what is found on both sides does not come together nearer by: what only bends does."""
    gaps = []
    for right, left in beside:
        try:
            with ctx.workdps(90):
                gaps.append(ball(of(right) - of(left)))
        except ArithmeticError:
            return False
    wide, narrow = gaps
    return bool(not narrow.contains(0) and abs(narrow) > abs(wide) / 2)


def _at(formula: BoundedFormula, point: SamplePoint) -> Value | None:
    try:
        with ctx.workdps(200):
            return formula.run(State(point))
    except ArithmeticError:
        return None


def _grow(of: Callable[[SamplePoint], Value], nearer: Sequence[Sequence[SamplePoint]]) -> bool:
    """Whether what is found grows without end towards a switch: a pole, or a slope that stands upright."""
    try:
        with ctx.workdps(90):
            wide, narrow = (abs(ball(of(point))) for (point,) in nearer)
            return bool(narrow > 2 * wide + 1)
    except ArithmeticError:
        return False


def _is_line(switch: Switch) -> bool:
    """Whether its zeros can be looked for along the line of a real number."""
    whole = all(s.is_integer for s in switch.argument.free_symbols)
    around = {kind for *_, kind in switch.bound} & {sp.Integral, sp.Limit}
    return isinstance(switch.argument, sp.Expr) and not (whole or around or switch.argument.has(sp.Integral, sp.Limit))


def _put_zero(expr: sp.Expr, zero: sp.Expr) -> sp.Expr:
    """An expression in which another one is 0: a symbol of that one solved for, or a term."""
    expr = spelled_out(expr)
    terms = [term.as_coeff_Mul() for term in sp.Add.make_args(zero)]
    for factor, term in sorted((pair for pair in terms if pair[1].free_symbols), key=lambda pair: not pair[1].is_Atom):
        rest = sp.expand(term - zero / factor)
        if term.is_Symbol and not rest.has(term):
            return expr.xreplace({term: rest})
        return expr.subs(term, rest)
    return expr


def _key_at(variable: sp.Basic, point: SamplePoint) -> Key:
    if not isinstance(variable, sp.Indexed):
        return variable
    places = integers(point.places)
    return variable.base, tuple(int(index.xreplace(places)) for index in variable.indices)


@lru_cache(maxsize=1)  # the proof asks for what the numbers have had
def sympy_derivative(expr: sp.Expr, variable: sp.Expr) -> sp.Expr:
    """SymPy's derivative, of an expression whose bound indices have names of their own.

    Without these, the derivative of Σ_k z_k in z_k would take the bound k for the free one.
    """
    derivative = sp.diff(_split_at_jumps(apart_from(expr, variable.free_symbols)), variable)
    if any(node.has(sp.DiracDelta) for node in derivative.atoms(sp.Integral)):
        raise ValueError("derivative: expected no pulse inside an integral; got one, whose value SymPy leaves open")
    # Away from its zero, where there is no derivative, a pulse is nothing.
    return derivative.replace(sp.DiracDelta, lambda *args: sp.S.Zero)


def _split_at_jumps(expr: sp.Basic) -> sp.Basic:
    """Each integral in two where a condition inside turns: SymPy's derivative loses what a moving jump adds."""
    if not expr.has(sp.Integral):
        return expr
    if not isinstance(expr, sp.Integral):
        return expr.func(*map(_split_at_jumps, expr.args))
    ((variable, low, high),) = expr.limits
    function = expr.function.replace(lambda node: isinstance(node, sp.Heaviside | sp.sign), _as_cases)
    for condition in sorted(function.atoms(Relational), key=str):
        gap = condition.lhs - condition.rhs
        steep = sp.diff(gap, variable)
        has_way = steep.is_positive or steep.is_negative
        if has_way and not steep.has(variable) and condition.rel_op not in ("==", "!="):
            at = sp.Max(low, sp.Min(high, sp.expand(variable - gap / steep)))
            below = sp.true if (condition.rel_op in ("<", "<=")) == bool(steep.is_positive) else sp.false
            cases = (function.xreplace({condition: case}) for case in (below, sp.Not(below)))
            parts = zip(cases, ((low, at), (at, high)), strict=True)
            return sp.Add(*(_split_at_jumps(sp.Integral(case, (variable, *ends))) for case, ends in parts))
    return expr


def _as_cases(node: sp.Expr) -> sp.Expr:
    one = node.args[0]
    return sp.Piecewise((1, one > 0), (-1 if isinstance(node, sp.sign) else 0, True))


def _has_assumptions(value: Value, symbol: sp.Symbol) -> bool:
    if isinstance(value, fmpq):
        return fits(as_fraction(value), symbol)
    if isinstance(value, acb):
        return not symbol.is_extended_real
    sign_known = {"positive": value > 0, "nonnegative": value >= 0, "negative": value < 0, "nonpositive": value <= 0}
    wrong = [name for name, holds in sign_known.items() if getattr(symbol, f"is_{name}") and not holds]
    exact = any(getattr(symbol, f"is_{name}") for name in ("integer", "rational", "algebraic"))
    return not wrong and not (symbol.is_nonzero and value.contains(0)) and not exact


def _told_apart(a: object, b: object) -> tuple[str, str]:
    """Both values with as many digits as it takes to see the difference."""
    for digits in (6, 12, 20, 60, 400):
        shown = _text(a, digits), _text(b, digits)
        if shown[0] != shown[1]:
            return shown
    return _text(a, 700), _text(b, 700)


def _text(value: object, digits: int) -> str:
    if isinstance(value, acb):
        return f"{_text(value.real, digits)} + {_text(value.imag, digits)}*I"
    return str(ball(value).mid().str(digits, radius=False))
