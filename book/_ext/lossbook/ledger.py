"""The claims ledger: ``book/ledger.yml`` as a page, one entry for each claim of the source documents."""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

Claim = dict[str, Any]

#: Verdicts from the best to the worst, as the page words them; the last three judge nothing.
VERDICTS = {
    "true": "True",
    "conditional": "True, if …",
    "overstated": "Overstated",
    "wrong": "Wrong",
    "definition": "Definition",
    "usage": "Usage",
    "opinion": "Opinion",
}


class Ledger(SphinxDirective):
    """``{ledger} A``: the claims whose number begins with this letter, and how they fared."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """One container for each claim: number and verdict, quotation, answer, links."""
        (letter,) = self.arguments
        return [self._entry(number, claim) for number, claim in _claims(self).items() if number.startswith(letter)]

    def _entry(self, number: str, claim: Claim) -> nodes.container:
        verdict = claim["verdict"]
        entry = nodes.container(classes=["ln-claim", f"ln-{verdict}"], ids=[number.lower()])
        head = nodes.paragraph("", "", nodes.inline("", number, classes=["ln-number"]), nodes.Text(" "))
        head += nodes.inline("", VERDICTS[verdict], classes=["ln-verdict"])
        entry += head
        lines = [f"“{claim['says']}”", "", f"{claim['answer']} {self._links(claim)}"]
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), self.content_offset, entry)
        return entry

    def _links(self, claim: Claim) -> str:
        places = [f"[{self._called(place)}]({_address(place)})" for place in claim["where"]]
        if "check" in claim:
            places.append(f"[the check]({_address(claim['check'].replace('#', '#cell-'))})")
        return f"({', '.join(places)})"

    def _called(self, place: str) -> str:
        """A lesson by its number; the other pages have none."""
        lessons = [item for part in self.config.external_site_map.root.subtrees if part.numbered for item in part.items]
        page = f"book/{place.partition('#')[0]}"
        if page in lessons:
            return f"lesson {lessons.index(page) + 1}"
        return "the comparison" if page == "book/compare" else "a further page"


class Tally(SphinxDirective):
    """``{ledger-tally}``: how many claims have which verdict, as a choice of what the page shows."""

    def run(self) -> list[nodes.Node]:
        """Radio buttons; the style sheet hides what is not chosen, so that no script is needed."""
        counts = Counter(claim["verdict"] for claim in _claims(self).values())
        options = [_option("all", "All", counts.total(), " checked")]
        options += [_option(verdict, word, counts[verdict]) for verdict, word in VERDICTS.items() if counts[verdict]]
        markup = f'<fieldset class="ln-tally"><legend>Show</legend>{"".join(options)}</fieldset>'
        return [nodes.raw("", markup, format="html")]


def _claims(directive: SphinxDirective) -> dict[str, Claim]:
    path = Path(directive.env.srcdir, "book", "ledger.yml")
    directive.env.note_dependency(str(path))
    claims: dict[str, Claim] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return claims


def _address(place: str) -> str:
    """``k-classes#a5`` as a link.

    Examples
    --------
    >>> _address("k-classes#a5"), _address("k-classes")
    ('k-classes.ipynb#a5', 'k-classes.ipynb')
    """
    stem, mark, name = place.partition("#")
    return f"{stem}.ipynb{mark}{name}"


def _option(verdict: str, word: str, count: int, state: str = "") -> str:
    name = f"ln-show-{verdict}"
    control = f'<input type="radio" name="ln-show" id="{name}"{state}>'
    return f'<label for="{name}" class="ln-{verdict}">{control} {word} <b>{count}</b></label>'
