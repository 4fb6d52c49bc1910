"""Derivations with lines that are asked, for the tests that type them; and what must be true of any such line."""

import json
from functools import cache

import sympy as sp
import v8

from lossnotes import Ask, Derivation, sigmoid, softplus

y, z, r = sp.symbols("y z r", real=True)
p, s = sp.symbols("p sigma", positive=True)
K = sp.Symbol("K", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True, positive=True)
scores, targets = sp.IndexedBase("z", real=True), sp.IndexedBase("t", nonnegative=True)
S, T, p_k = sp.symbols("S T p_k", positive=True)
total = sp.Sum(sp.exp(scores[j]), (j, 1, K))
weight = sp.Sum(targets[i], (i, 1, K))


@cache
def cost():
    """One bit: from the product to the sum."""
    d = Derivation("L", -sp.log(p**y * (1 - p) ** (1 - y)), domain={p: (0, 1)})
    replies = {
        y * sp.log(p) + (1 - y) * sp.log(1 - p): "The minus sign is lost.",
        -y * sp.log(p) - sp.log(1 - p): "The second factor has an exponent too, $1-y$.",
    }
    reason = "The logarithm of a product is a sum."
    d.step(-y * sp.log(p) - (1 - y) * sp.log(1 - p), reason, ask=Ask("cost", replies=replies))
    return d


@cache
def slope():
    """One bit: the slope, and what follows it."""
    d = Derivation("L", softplus(z) - y * z)
    replies = {
        sigmoid(z) + y: "The slope of $-yz$ is $-y$.",
        y - sigmoid(z): "That is the push, downhill.",
        sigmoid(z): "And the slope of $-yz$?",
        sigmoid(z) * (1 - sigmoid(z)) - y: "That is the slope of σ itself.",
    }
    forms = [sp.exp(z) / (1 + sp.exp(z)) - y]
    ask = Ask("slope", where={p: sigmoid(z)}, forms=forms, replies=replies)
    d.differentiate(z, sigmoid(z) - y, "The slope of softplus is σ.", ask=ask)
    d.differentiate(z, sigmoid(z) * (1 - sigmoid(z)), "The slope of σ.", ask=Ask("curvature"))
    d.step(sigmoid(z) * sigmoid(-z), "1 − σ(z) is σ(−z).")
    return d


@cache
def squared():
    """Squared error through a squashing function."""
    d = Derivation("L", (sigmoid(z) - y) ** 2)
    d.differentiate(z, 2 * (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)), "Chain rule.", ask=Ask("squared"))
    return d


@cache
def lse():
    """K classes: the slope of the logarithm of a sum."""
    d = Derivation(r"\ln S", sp.log(total))
    replies = {
        1 / S: "That is the outer half: times the slope of S.",
        sp.exp(scores[k]): "That is the inner half.",
        sp.Integer(1): "You moved every term.",
    }
    ask = Ask("lse", where={S: total, p_k: sp.exp(scores[k]) / S}, replies=replies)
    d.differentiate(scores[k], sp.exp(scores[k]) / total, "Only one term of S holds $z_k$.", ask=ask)
    return d


@cache
def general():
    """K classes: targets that need not add up to 1."""
    d = Derivation("L", weight * sp.log(total) - sp.Sum(targets[j] * scores[j], (j, 1, K)))
    d.step(T * sp.log(S) - sp.Sum(targets[j] * scores[j], (j, 1, K)), "Short names.", where={T: weight, S: total})
    ask = Ask("general", replies={p_k - targets[k]: "True where $T = 1$."})
    d.differentiate(
        scores[k], p_k * T - targets[k], "The slope of ln S is $p_k$.", where={p_k: sp.exp(scores[k]) / S}, ask=ask
    )
    return d


@cache
def dropped():
    """What does not depend on r is dropped."""
    d = Derivation("L", r**2 / (2 * s**2) + sp.log(s))
    d.step(r**2 / (2 * s**2), "No r in ln σ.", up_to_constant_in=r, ask=Ask("dropped"))
    return d


@cache
def bell():
    """The factor before e is a root of 2π."""
    d = Derivation("L", -sp.log(sp.exp(-(r**2) / 2) / sp.sqrt(2 * sp.pi)))
    d.step(
        r**2 / 2 + sp.log(2 * sp.pi) / 2, "The logarithm of a product is a sum.", ask=Ask("bell", gone=["exponential"])
    )
    return d


CHAINS = {chain.__name__: chain for chain in (cost, slope, squared, lse, general, dropped, bell)}


def data(identifier):
    """What the page knows of a line."""
    asked = (step.asked for chain in CHAINS.values() for step in chain().steps if step.asked)
    return next(line for line in asked if line.identifier == identifier).data()


def judge(line, typed):
    """The verdict on a typed line."""
    return v8.run(f"judgeLine({json.dumps(line)}, {json.dumps(typed)})")


def faults(line):
    """What is wrong with a declared line, by the judge that the page has."""

    def verdict(tree):
        typed = v8.run(f"written({json.dumps(tree)})")
        return typed, judge(line, typed)

    found = []
    for name, tree in [("the line itself", line["goal"]), *(("a form", form) for form in line["forms"])]:
        typed, said = verdict(tree)
        if said["status"] != "there":
            found.append(f"{line['identifier']}: {name}, {typed}, is not there: {said['status']}, {said['text']}")
        gone = (part for part in line["gone"] or () if v8.run(f"!!partThatIs('{part}', formOf({json.dumps(tree)}))"))
        found += [f"{line['identifier']}: {name}, {typed}, holds what must be gone: {part}" for part in gone]
    for number, tree in enumerate(line["replies"]):
        typed, said = verdict(tree)
        if (said["status"], said["reply"]) != ("apart", number):
            found.append(
                f"{line['identifier']}: the slip {typed} is answered otherwise: {said['status']}, {said['text']}"
            )
    return found
