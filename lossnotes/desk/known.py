"""Values at which losses stay or start, each with its formula and what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import sympy as sp
from sympy import Rational, exp, log, pi

#: Classes, or for a contrastive loss candidates; share of the commonest class, or of one of two answers; smoothing.
K = sp.Symbol("K", integer=True, positive=True)
s, epsilon = sp.symbols("s epsilon", positive=True)

#: What the reader may choose: a loss, as its library calls it.
LOSSES = MappingProxyType(
    {
        "softmax": "cross-entropy on logits (PyTorch CrossEntropyLoss, Keras from_logits=True, Optax)",
        "nll": "PyTorch NLLLoss",
        "keras": "Keras, categorical, on probabilities",
        "binary": "binary cross-entropy on logits (BCEWithLogitsLoss, from_logits=True)",
        "bce": "PyTorch BCELoss, on probabilities",
        "keras_binary": "Keras, binary, on probabilities",
        "log_loss": "scikit-learn log_loss",
        "own": "cross-entropy, written by hand",
        "kl": "PyTorch KLDivLoss",
        "squares": "squared error for classes (MSE, Brier)",
        "numbers": "squared error or a Gaussian for numbers",
        "pairs": "contrastive (InfoNCE; K counts the candidates)",
        "margin": "hinge or triplet",
        "gan": "GAN",
    }
)
_CLASSES = ("softmax", "nll", "keras", "log_loss", "own")
_BINARY = ("binary", "bce", "keras_binary", "log_loss", "own")

#: Numbers of classes that are tried where none is given: small ones, round ones, vocabularies in wide use.
SEARCHED = (*range(2, 1001), 10**4, 10**5, *(21_841, 28_996, 30_522, 32_000, 32_128, 50_257, 128_256, 151_936, 250_002))


@dataclass(frozen=True)
class Lesson:
    """The place that shows it: ``page`` without a suffix, ``anchor`` there, and what the link says."""

    page: str
    anchor: str
    title: str


_FLOATS = "floating-point"
TWICE = Lesson(_FLOATS, "q10", "Lesson 11, softmax twice")
FIRST = Lesson("floats-further", "q19", "Floating point, further")
CLIPPED = Lesson(_FLOATS, "a17", "Lesson 11, where a loss ends")
NAN = Lesson(_FLOATS, "q14", "Lesson 11, where NaN comes from")
GONE = Lesson(_FLOATS, "q15", "Lesson 11, when the gradient dies")
COIN = Lesson("one-bit", "", "Lesson 3")
SHARES = Lesson("entropy-and-one-label", "q7", "Lesson 6")
SMOOTHED = Lesson("soft-targets", "q7", "Lesson 12")
FUZZY = Lesson("soft-targets", "q6", "Lesson 12")
SQUARES = Lesson("proper-scores", "", "Lesson 9")
BELL = Lesson("gaussian-noise", "q20", "Lesson 2")
PAIRS = Lesson("past-the-default", "", "Lesson 13")


@dataclass(frozen=True)
class Known:
    """A value of a loss: what it is, whether it is a bug, what to do, and the lesson.

    Attributes
    ----------
    name
        What it is called.
    value
        Its formula in K, s and epsilon, in nats for logarithms.
    losses
        The keys of LOSSES that can show it.
    meaning, bug, do
        A sentence or two each.
    rank
        1 where it is met most often; equally good fits are told in this order.
    choices
        Symbol → values that are tried.
    searches
        Whether K is searched for where it is not given.
    wavers
        Whether a run wavers about it: then a value close by is worth a word.
    asked_for
        Whether it is told only where its loss is chosen.
    """

    name: str
    value: sp.Expr
    losses: tuple[str, ...]
    meaning: str
    bug: str
    do: str
    lesson: Lesson
    rank: int = 3
    choices: Mapping[sp.Symbol, tuple[float, ...]] = field(default_factory=dict)
    searches: bool = False
    wavers: bool = False
    asked_for: bool = False


def binary_entropy(p: sp.Expr) -> sp.Expr:
    """−p ln p − (1 − p) ln(1 − p), in nats.

    Examples
    --------
    >>> sp.N(binary_entropy(Rational(1, 10)), 4)
    0.3251
    """
    return -p * log(p) - (1 - p) * log(1 - p)


def smoothing_floor(e: sp.Expr, classes: sp.Expr) -> sp.Expr:
    """The entropy of a one-hot target of which the share e is spread over all classes, in nats.

    Examples
    --------
    >>> sp.N(smoothing_floor(Rational(1, 10), sp.Integer(10)), 4)
    0.5003
    """
    right, wrong = 1 - e + e / classes, e / classes
    return -right * log(right) - (classes - 1) * wrong * log(wrong)


_SURE_DO = "Print the outputs: they are all 0 or 1. Give the loss logits, lower the rate, scale the inputs."


def _capped(first: Known) -> tuple[Known, ...]:
    """A clipped loss where all answers are wrong, every second one, all but one in K, or a part that is given."""

    def part(words: str, wrong: sp.Expr, kinds: tuple[str, ...], later: int = 0) -> Known:
        losses = tuple(kind for kind in first.losses if kind in kinds)
        name, value = f"{first.name}, {words}", wrong * first.value
        return replace(first, name=name, value=value, losses=losses, rank=first.rank + later, searches=value.has(K))

    parts = (
        part("all wrong", sp.S.One, first.losses),
        part("every second answer wrong", sp.S.Half, _BINARY),
        part("always the same class of K", 1 - 1 / K, ("keras", "log_loss", "own")),
        part("wrong but for the share given", 1 - s, first.losses, 1),
        part("wrong in the share given", s, _BINARY, 1),
    )
    return tuple(one for one in parts if one.losses)


def _cap(name: str, value: sp.Expr, losses: tuple[str, ...], how: str, rank: int = 2) -> Known:
    meaning = f"{how} Each answer that is sure and wrong costs −ln of that, and the others nothing."
    bug = "Yes, as a rule: the outputs are stuck at 0 or 1, where the clipped loss has no slope."
    return Known(name, value, losses, meaning, bug, _SURE_DO, CLIPPED, rank)


_BIT = sp.Rational(1, 2**23)
_ANY_KERAS = ("keras", "keras_binary", "own")
_CAPS = (
    *_capped(_cap("clipped at 1e−7", 7 * log(10), _ANY_KERAS, "Keras clips probabilities at 1e−7.")),
    *_capped(
        _cap(
            "a no clipped at 1e−7 in float32",
            23 * log(2),
            ("keras_binary", "log_loss", "own"),
            "In float32, 1 − 1e−7 is rounded to 1 − 2⁻²³.",
        )
    ),
    *_capped(
        _cap(
            "a yes clipped, and 1e−7 added",
            7 * log(10) - log(2),
            ("keras_binary",),
            "TensorFlow's Keras clips at 1e−7 and adds 1e−7 in the logarithm.",
            3,
        )
    ),
    *_capped(
        _cap(
            "a no clipped, and 1e−7 added",
            7 * log(10) - log(1 + 10**7 * _BIT),
            ("keras_binary",),
            "TensorFlow's Keras clips at 1e−7 and adds 1e−7: in float32, 2⁻²³ + 1e−7.",
            3,
        )
    ),
    *_capped(
        _cap(
            "a no clipped, and 1e−7 added to the 1 first",
            22 * log(2),
            ("keras_binary",),
            "TensorFlow's Keras again: (1 + 1e−7) − (1 − 1e−7) is 2⁻²² in float32.",
            3,
        )
    ),
    *_capped(_cap("PyTorch's stop", sp.Integer(100), ("bce",), "BCELoss stops its logarithm at −100.")),
    *_capped(_cap("scikit-learn's clip", 52 * log(2), ("log_loss",), "log_loss clips float64 probabilities at 2⁻⁵².")),
    *_capped(
        _cap("a clip at 1e−15", 15 * log(10), ("log_loss", "own"), "Older scikit-learn and many scripts clip at 1e−15.")
    ),
    *(
        _cap(
            f"a constant of 1e−{m} in the logarithm",
            m * log(10),
            ("own",),
            f"The code takes ln(p + 1e−{m}), or clips p there.",
        )
        for m in (4, 5, 6, 8, 9, 10, 12, 16, 20)
    ),
    _cap("the smallest normal float32", 126 * log(2), ("own",), "The probability is 2⁻¹²⁶; smaller ones lose digits."),
    _cap("the smallest float32", 149 * log(2), ("own",), "The probability is 2⁻¹⁴⁹; the next smaller one is 0."),
)

_WAIT = "At the first step, no. If it stays, yes."
_UNLEARNT = (
    "Overfit ten examples. If even that fails: are labels and inputs in the same order, do gradients "
    "reach the first layer, is the rate 100 times too large or too small?"
)
_SECOND = "Take the {} out, and give the loss logits."

_ALIKE = Known(
    "every candidate gets 1/K",
    log(K),
    ("pairs",),
    "The pairs of the batch look alike; K counts the candidates of one row.",
    _WAIT,
    "Check the temperature, and whether all embeddings have become one vector.",
    PAIRS,
    1,
    wavers=True,
    asked_for=True,
)
_STARTS = (
    Known(
        "every class gets 1/K",
        log(K),
        _CLASSES,
        "The model says the same of all K classes: it has learnt nothing yet.",
        _WAIT,
        _UNLEARNT,
        FIRST,
        1,
        searches=True,
        wavers=True,
    ),
    _ALIKE,
    replace(
        _ALIKE,
        name="two views of K examples, all alike",
        value=log(2 * K - 1),
        meaning="Two views of K examples are 2K − 1 candidates, and the model tells none apart.",
    ),
    Known(
        "every answer gets ½",
        log(2),
        (*_BINARY, "gan"),
        "Each yes or no has the probability ½, of one output or of many: nothing is learnt yet.",
        _WAIT + " (In a GAN it is the aim, for one half of the discriminator's loss.)",
        _UNLEARNT,
        COIN,
        1,
        wavers=True,
    ),
    Known(
        "a sum over K outputs at ½",
        K * log(2),
        ("binary", "bce", "own"),
        "Binary cross-entropy is added up over K outputs, and each is at ½.",
        _WAIT,
        "Divide by K to compare it with ln 2 = 0.6931.",
        COIN,
    ),
    Known(
        "in bits, every class gets 1/K",
        log(K) / log(2),
        _CLASSES,
        "The same as ln K, with the logarithm to base 2.",
        _WAIT,
        _UNLEARNT,
        FIRST,
    ),
    Known(
        "the mean over all n·K numbers",
        log(K) / K,
        ("kl",),
        "One-hot targets, every class at 1/K, and KLDivLoss's default mean divides by K too.",
        "The mean is: the loss is K times too small.",
        'Say reduction="batchmean".',
        FUZZY,
        2,
    ),
    Known(
        "a yes as rare as 1 in K",
        binary_entropy(1 / K),
        _BINARY,
        "K outputs with a sigmoid, one yes in K: each output says 1/K, always. Only how rare a yes is has been learnt.",
        "If it stays, yes.",
        "For one label of K, use a softmax. Otherwise overfit ten examples first.",
        COIN,
        2,
        wavers=True,
    ),
    Known(
        "only the shares are learnt",
        binary_entropy(s),
        _BINARY,
        "Every example gets the same probability, the share given: the entropy of the labels.",
        "If it stays, yes: the inputs are not used.",
        "Overfit ten examples; then look at recall, not accuracy.",
        SHARES,
        1,
        wavers=True,
    ),
    Known(
        "only the commonest share is learnt",
        binary_entropy(s) + (1 - s) * log(K - 1),
        _CLASSES,
        "Every example gets the shares of the classes, if the rarer ones are equal among themselves.",
        "If it stays, yes: the inputs are not used.",
        "Overfit ten examples; then look at recall, not accuracy.",
        SHARES,
        1,
        wavers=True,
    ),
    Known(
        "a GAN at rest",
        2 * log(2),
        ("gan",),
        "The discriminator says ½ of everything; its two halves, ln 2 each, are added up.",
        "No: it is the aim. At the first step it says nothing.",
        "Look at samples: this value does not tell good ones from none.",
        PAIRS,
        1,
        wavers=True,
        asked_for=True,
    ),
)

_ONE_OF_K = log(1 + (K - 1) * exp(-1))
_INNER = "The loss is given probabilities where it wants logits, and takes the softmax again."
_YES = log(1 + exp(-1))
_TWICE_LOSSES = ("softmax", "own")
_SIGMOID_TWICE = "BCEWithLogitsLoss is given σ(z) and takes the sigmoid again."
_DOUBLED = (
    Known(
        "softmax twice, all sure and right",
        _ONE_OF_K,
        _TWICE_LOSSES,
        f"{_INNER} This is the floor; accuracy can be 100 %.",
        "Yes: softmax twice.",
        _SECOND.format("softmax"),
        TWICE,
        1,
        searches=True,
    ),
    Known(
        "softmax twice, always the same class",
        _ONE_OF_K + 1 - 1 / K,
        _TWICE_LOSSES,
        f"{_INNER} The floor, and 1 for each answer that is sure and wrong: here all but one in K.",
        "Yes: softmax twice, and stuck.",
        _SECOND.format("softmax"),
        TWICE,
        2,
    ),
    Known(
        "softmax twice, all sure and wrong",
        _ONE_OF_K + 1,
        _TWICE_LOSSES,
        f"{_INNER} This is the ceiling, 1 above the floor.",
        "Yes: softmax twice.",
        _SECOND.format("softmax"),
        TWICE,
    ),
    Known(
        "softmax twice, wrong but for the share given",
        _ONE_OF_K + 1 - s,
        _TWICE_LOSSES,
        f"{_INNER} The floor, and 1 for each answer that is sure and wrong.",
        "Yes: softmax twice.",
        _SECOND.format("softmax"),
        TWICE,
        2,
    ),
    Known(
        "sigmoid twice, a yes",
        _YES,
        ("binary",),
        f"{_SIGMOID_TWICE} Right and sure, a yes costs this much, and a no ln 2.",
        "Yes: sigmoid twice.",
        _SECOND.format("sigmoid"),
        GONE,
        2,
    ),
    Known(
        "sigmoid twice, as many yes as no",
        (_YES + log(2)) / 2,
        ("binary",),
        f"{_SIGMOID_TWICE} This is the floor if half of the answers are yes.",
        "Yes: sigmoid twice.",
        _SECOND.format("sigmoid"),
        GONE,
        2,
    ),
    Known(
        "sigmoid twice, the share of yes as given",
        s * _YES + (1 - s) * log(2),
        ("binary",),
        f"{_SIGMOID_TWICE} This is the floor if yes has the share given.",
        "Yes: sigmoid twice.",
        _SECOND.format("sigmoid"),
        GONE,
        2,
    ),
    Known(
        "probabilities for log-probabilities, at the start",
        -1 / K,
        ("nll",),
        "NLLLoss wants log-probabilities; given probabilities it says minus the right one, at first −1/K.",
        "Yes.",
        "Use log_softmax, or CrossEntropyLoss on logits.",
        BELL,
        1,
        searches=True,
    ),
    Known(
        "probabilities for log-probabilities, all right",
        sp.Integer(-1),
        ("nll",),
        "NLLLoss wants log-probabilities; given probabilities it says minus the right one, at best −1.",
        "Yes.",
        "Use log_softmax, or CrossEntropyLoss on logits.",
        BELL,
        1,
    ),
)

_SMOOTH = Known(
    "the floor of smoothed labels",
    smoothing_floor(epsilon, K),
    ("softmax", "keras", "own"),
    "The entropy of a smoothed target: no model gets below it.",
    "No: it is reached, and perfect.",
    "Report the loss without smoothing, or subtract this floor.",
    SMOOTHED,
    2,
    choices={epsilon: (0.05, 0.1, 0.2)},
)
_SURE = Known(
    "right and sure, in float32",
    _BIT,
    ("keras", "keras_binary", "softmax", "own"),
    "The step of float32 at 1: p is 1 − 2⁻²³, by a clip at 1e−7 or by rounding.",
    "No, after training. From the start, look for one output with a softmax.",
    "Nothing is left to learn on these examples; check them against held-out ones.",
    FIRST,
    2,
)
_FLOORS = (
    _SMOOTH,
    replace(
        _SMOOTH,
        name="the floor of smoothed yes and no",
        value=binary_entropy(epsilon / 2),
        losses=_BINARY,
        rank=3,
        choices={epsilon: (0.1, 0.2)},
    ),
    _SURE,
    replace(
        _SURE,
        name="right and sure, half a step in float32",
        value=_BIT / 2,
        losses=("softmax", "own"),
        meaning="Half the step of float32 at 1: p is 1 − 2⁻²⁴.",
        rank=3,
    ),
)

_UNCERTAIN = "If it stays, yes: nothing is learnt but the mean."
_ONE_HOT = "One-hot targets, and every class gets 1/K: {}"
_SQUARED = (
    Known(
        "every class gets 1/K, added up",
        1 - 1 / K,
        ("squares",),
        _ONE_HOT.format("the sum of squares over the classes."),
        _WAIT,
        _UNLEARNT,
        SQUARES,
        2,
        asked_for=True,
    ),
    Known(
        "every class gets 1/K, mean over classes",
        (1 - 1 / K) / K,
        ("squares",),
        _ONE_HOT.format("the mean of squares over the classes."),
        _WAIT,
        _UNLEARNT,
        SQUARES,
        1,
        wavers=True,
    ),
    Known(
        "every output is 0",
        1 / K,
        ("squares",),
        "One-hot targets and outputs of 0: the mean of squares over the classes.",
        "Yes: a mean of 1/K would be better.",
        "Look for dead units, or a last layer that cannot rise.",
        SQUARES,
        asked_for=True,
    ),
    Known(
        "always the same class",
        2 * (1 - 1 / K) / K,
        ("squares",),
        "One-hot targets, and always the same class, sure: the mean of squares over the classes.",
        "Yes: the softmax is stuck in a corner, where squared error has no slope.",
        "Change to cross-entropy on logits.",
        Lesson("squashed", "q3", "Lesson 7"),
    ),
    Known(
        "every output is ½",
        Rational(1, 4),
        ("squares",),
        "Every yes or no gets ½.",
        _WAIT,
        _UNLEARNT,
        SQUARES,
        1,
        wavers=True,
        asked_for=True,
    ),
    Known(
        "the mean of standardised targets",
        sp.Integer(1),
        ("numbers",),
        "Targets with variance 1, and the model says their mean.",
        _UNCERTAIN,
        _UNLEARNT,
        BELL,
        1,
        wavers=True,
        asked_for=True,
    ),
    Known(
        "the mean of standardised targets, with ½ ln 2π",
        (1 + log(2 * pi)) / 2,
        ("numbers",),
        "The entropy of a Gaussian with σ = 1: targets with variance 1, and the model says their mean.",
        _UNCERTAIN,
        _UNLEARNT,
        BELL,
        2,
        wavers=True,
    ),
    Known(
        "½ ln 2π",
        log(2 * pi) / 2,
        ("numbers",),
        "A Gaussian with σ = 1 and no error at all: the constant of its density.",
        "No: the loss can go lower only with a smaller σ.",
        "Let σ be learnt, or subtract the constant.",
        BELL,
        2,
    ),
    *(
        Known(
            f"a margin of {margin}",
            sp.nsimplify(margin),
            ("margin",),
            f"All scores or embeddings are equal, and the margin is {margin}.",
            _WAIT,
            "A triplet loss that sits at its margin has collapsed: mine easier negatives, lower the rate.",
            PAIRS,
            1,
            wavers=True,
            asked_for=True,
        )
        for margin in (0.2, 0.3, 0.5, 1)
    ),
)

KNOWN: tuple[Known, ...] = (*_STARTS, *_DOUBLED, *_CAPS, *_FLOORS, *_SQUARED)
