"""Lessons as they are committed, and with the results that the build got: no test executes one again."""

import nbformat
from jupyter_cache import get_cache
from pages import ROOT

#: What the curriculum asks of each lesson: group → item → the cell or the mark that answers it.
LISTS = sorted((ROOT / "tests" / "lessons" / "curriculum").glob("*.yml"))
#: What a cell of a group has in its source: nothing that merely talks.
PROVES = {
    "derivations": r"Derivation\(|\.step\(|\.differentiate\(|assert |verify\.|up_to_|StepError",
    "numbers": r"assert |verify\.",
    "figures": r"explore\(|Picture\(|new_figure\(|figure",
    "experiments": r"assert |verify\.|print\(|Picture\(|explore\(",
    "exercises": r"exercise\(",
}


def load(path):
    return nbformat.read(path, as_version=4)


def executed(path, site):
    """A lesson with the results that the site shows."""
    cache = get_cache(site.parent / ".execution")
    try:
        return cache.merge_match_into_notebook(load(path))[1]
    finally:
        cache.db.dispose()  # Python 3.13 warns of a database left open
