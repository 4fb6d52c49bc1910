"""Made data from a stated seed: the same numbers here and in ``js/draws.js``."""

import math
from dataclasses import dataclass
from typing import Literal

from lossnotes.style import as_number

#: What can be drawn → the names of its parameters.
KINDS = {"normal": ("mean", "sd"), "uniform": ("low", "high"), "bernoulli": ("p",)}
_WORD = 2**32
#: 2³² over the golden ratio, an odd number: its multiples are spread evenly.
_GOLDEN = 0x9E3779B9


@dataclass(frozen=True, init=False)
class Draws:
    """Numbers drawn at random, by a seed that the reader sees and can renew.

    Number k of a seed depends on the two alone: it is made of ``mix(mix(seed) + k)``, mix being a
    32-bit hash, so that the page draws what Python draws. Numbers are rounded to two decimals.

    Parameters
    ----------
    kind
        ``"normal"`` with mean and standard deviation, ``"uniform"`` with low and high, or
        ``"bernoulli"`` with the probability of 1.
    parameters
        One number for each of these.
    count
        How many are drawn, 2 to 12.
    seed
        The first seed, a whole number from 0 to 4,294,967,295. Each press of *Draw* takes the next.
    far
        Where the last number stands instead, if it is to be far out.

    Raises
    ------
    ValueError
        If the kind is another, parameters are missing or make no distribution, or a number is out
        of its range.

    Examples
    --------
    >>> Draws("normal", 0, 1, count=3, seed=1).sample()
    (-0.29, 0.78, -1.16)
    >>> Draws("bernoulli", 0.7, count=5).sample(seed=2)
    (1.0, 1.0, 1.0, 1.0, 1.0)
    """

    kind: Literal["normal", "uniform", "bernoulli"]
    parameters: tuple[float, ...]
    count: int
    seed: int
    far: float | None

    def __init__(
        self,
        kind: Literal["normal", "uniform", "bernoulli"],
        *parameters: float,
        count: int,
        seed: int = 1,
        far: float | None = None,
    ) -> None:
        if kind not in KINDS:
            raise ValueError(f"draws, kind: expected {', '.join(map(repr, KINDS))}; got {kind!r}")
        names = KINDS[kind]
        if len(parameters) != len(names):
            raise ValueError(f"draws {kind}: expected {' and '.join(names)}; got {len(parameters)} numbers")
        given = tuple(as_number(f"draws {kind}, {name}", p) for name, p in zip(names, parameters, strict=True))
        if kind == "normal" and not given[1] > 0:
            raise ValueError(f"draws normal, sd: expected a number above 0; got {given[1]:g}")
        if kind == "uniform" and not given[0] < given[1]:
            raise ValueError(f"draws uniform: expected low < high; got {given[0]:g} and {given[1]:g}")
        if kind == "bernoulli" and not 0 <= given[0] <= 1:
            raise ValueError(f"draws bernoulli, p: expected a probability, 0 to 1; got {given[0]:g}")
        _require_whole("count", count, 2, 12)
        _require_whole("seed", seed, 0, _WORD - 1)
        settled = {"kind": kind, "parameters": given, "count": int(count), "seed": int(seed)}
        for name, value in {**settled, "far": None if far is None else as_number("draws, far", far)}.items():
            object.__setattr__(self, name, value)

    def sample(self, seed: int | None = None) -> tuple[float, ...]:
        """The numbers of a seed; of the first one where none is given."""
        start = mix(self.seed if seed is None else int(seed))
        drawn = [self._number(start, k) for k in range(self.count)]
        if self.far is not None:
            drawn[-1] = self.far
        return tuple(drawn)

    def _number(self, start: int, k: int) -> float:
        first, *others = self.parameters
        u = uniform(start, 2 * k)
        if self.kind == "bernoulli":
            return float(u < first)
        (second,) = others
        if self.kind == "uniform":
            return _rounded(first + (second - first) * u)
        # Box and Muller
        turn = 2 * math.pi * uniform(start, 2 * k + 1)
        return _rounded(first + second * math.sqrt(-2 * math.log(u)) * math.cos(turn))


def mix(x: int) -> int:
    """A 32-bit hash that changes each bit of the result with each bit of x; Wellons' "lowbias32".

    >>> mix(1), mix(2)
    (2672842292, 127880910)
    """
    x = (x + _GOLDEN) % _WORD
    x = (x ^ x >> 16) * 0x7FEB352D % _WORD
    x = (x ^ x >> 15) * 0x846CA68B % _WORD
    return x ^ x >> 16


def uniform(start: int, k: int) -> float:
    """Number k of a stream, above 0 and below 1."""
    return (mix(start + k * _GOLDEN) + 0.5) / _WORD


def _rounded(x: float) -> float:
    return math.floor(x * 100 + 0.5) / 100


def _require_whole(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"draws, {name}: expected a whole number from {low:,} to {high:,}; got {value!r}")
