"""What a page says in running text."""

import re

from docutils import nodes

_END = re.compile(r"(?<=[.!?])\s+")
_HARD = re.compile(r"[\\{}^_]")
#: Commands of TeX that plain text can show.
_LETTERS = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "varepsilon": "ε", "eta": "η", "lambda": "λ"}
_LETTERS |= {"mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "ln": "ln", "log": "log"}
_SIGNS = {"cdot": "·", "times": "×", "le": "≤", "ge": "≥", "approx": "≈", "to": "→", "infty": "∞", "pm": "±"}
_SIGNS |= {"frac12": "½", "tfrac12": "½", "%": "%", ",": " "}
_COMMAND = re.compile(r"\\(t?frac12|[a-z]+|[%,])|\{(,)\}")


def stands_in(text: nodes.Node, *kinds: type[nodes.Node]) -> bool:
    """Whether a text stands in a node of these kinds, in a cell's code or output, or in the references."""
    above = text.parent
    while above is not None:
        if isinstance(above, kinds) or above.get("nb_element") == "cell_code" or "references" in above.get("ids", ()):
            return True
        above = above.parent
    return False


def sentences(paragraph: nodes.Element) -> list[str]:
    """The sentences of a paragraph in plain text; "" for one with a formula that plain text cannot show.

    Examples
    --------
    >>> formulas = nodes.math("", "p"), nodes.math("", r"\\frac34")
    >>> sentences(nodes.paragraph("", "", nodes.Text("Take "), formulas[0], nodes.Text(". Then "), formulas[1]))
    ['Take p.', '']
    """
    return ["" if "\0" in sentence else sentence for sentence in _END.split(plain(paragraph))]


def plain(paragraph: nodes.Element) -> str:
    """The text of a paragraph, with a zero character for each formula that plain text cannot show."""
    texts = [text for text in paragraph.findall(nodes.Text) if not isinstance(text.parent, nodes.raw)]
    parts = [_shown(text) if isinstance(text.parent, nodes.math) else text for text in texts]
    return " ".join("".join(parts).split())


def _shown(formula: str) -> str:
    """A formula in plain text; a zero character for one that is more than a line of signs."""
    known = _LETTERS | _SIGNS
    told = _COMMAND.sub(lambda found: found[2] or known.get(found[1], found[0]), formula)
    return "\0" if _HARD.search(told) else told
