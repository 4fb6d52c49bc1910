"""Repairs to each written page: for readers who listen to it, walk it by keyboard, or print it.

Each mends a fault of one version of the theme or of its neighbours, and says so. Where that
version's markup is no longer found, the fault may be gone, or may be written otherwise: the
build ends, and someone looks.
"""

import re
from typing import NamedTuple

from sphinx.errors import ExtensionError


class Repair(NamedTuple):
    """On a page that holds ``place``, ``found`` stands at least once, and becomes ``wanted``."""

    place: str
    found: str
    wanted: str


#: A page of the theme, and not one that only leads to another.
_PAGE = r"<html[^>]* data-content_root="

REPAIRS = (
    # pydata-sphinx-theme 0.17.1: the book's name above the sidebar's list belongs to no landmark.
    Repair(
        _PAGE,
        '<div id="pst-primary-sidebar" class',
        '<div id="pst-primary-sidebar" role="complementary" aria-label="Sidebar" class',
    ),
    # pydata-sphinx-theme 0.17.1: dialogs have no name.
    Repair(
        _PAGE, '<dialog id="pst-primary-sidebar-modal">', '<dialog id="pst-primary-sidebar-modal" aria-label="Sidebar">'
    ),
    Repair(
        r'\bid="pst-secondary-sidebar',
        '<dialog id="pst-secondary-sidebar-modal">',
        '<dialog id="pst-secondary-sidebar-modal" aria-label="On this page">',
    ),
    Repair(_PAGE, '<dialog id="pst-search-dialog">', '<dialog id="pst-search-dialog" aria-label="Search">'),
    # pydata-sphinx-theme 0.17.1: the button reads "Search Ctrl+K", but is called "Search"; who speaks to it cannot say
    # what is written on it.
    Repair(_PAGE, r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    # pydata-sphinx-theme 0.17.1: the icons of the theme switch have titles beside the button's own name.
    Repair(_PAGE, r'(<i class="theme-switch[^>]*?) title="[^"]*"', r"\1"),
    # pydata-sphinx-theme 0.17.1: its colours have two names, "light" and "dark", and not "auto". Its script finds out
    # which is meant after the first picture: so the page knows at once, and is light where no script runs.
    Repair(_PAGE, r'(<html[^>]*) data-theme="auto"', r'\1 data-theme="light"'),
    Repair(
        _PAGE,
        r'document\.documentElement\.dataset\.theme = localStorage\.getItem\("theme"\) \|\| "auto";',
        'document.documentElement.dataset.theme = document.documentElement.dataset.mode !== "auto"'
        " ? document.documentElement.dataset.mode"
        ' : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";',
    ),
    # MyST-NB 1.4.0: what reads "Show the solution" is called "Toggle hidden content". Paper needs its noun only.
    Repair(
        r'<details class="[^"]*\bhide\b',
        r'<summary aria-label="Toggle hidden content">(?=\s*<p class="collapsed[^>]*>Show the (\w+)</p>)',
        r'<summary data-paper="\1">',
    ),
    # docutils 0.21.2: the role wants a list of another kind around it.
    Repair(r'class="citation"', 'role="doc-biblioentry"', 'role="listitem"'),
    # docutils 0.21.2: an empty corner of a table is the head of nothing.
    Repair(r"<th[^>]*>\s*(?:<p>\s*</p>\s*)?</th>", r'<th class="head"><p></p></th>', '<td class="head"></td>'),
)


def repair(markup: str) -> str:
    """The same page, repaired.

    Raises
    ------
    ExtensionError
        If a page has the place of a repair, but not the markup that the repair is for.

    Examples
    --------
    >>> repair('<div class="citation" role="doc-biblioentry">')
    '<div class="citation" role="listitem">'
    """
    for place, found, wanted in REPAIRS:
        mended, count = re.subn(found, wanted, markup)
        if not count and re.search(place, markup):
            raise ExtensionError(f"repair: expected {found!r} on a page; found none. Has the theme or MyST-NB changed?")
        markup = mended
    return markup
