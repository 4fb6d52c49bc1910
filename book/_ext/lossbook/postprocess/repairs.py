"""Small repairs to each written page, for readers who listen to it or walk it by keyboard."""

import re

#: What the theme, Sphinx and MyST write, and what they should have written.
_REPAIRS = (
    # All that a page shows belongs to a landmark, also the book's name above the sidebar's list.
    (
        '<div id="pst-primary-sidebar" class',
        '<div id="pst-primary-sidebar" role="complementary" aria-label="Sidebar" class',
    ),
    ('<dialog id="pst-primary-sidebar-modal">', '<dialog id="pst-primary-sidebar-modal" aria-label="Sidebar">'),
    (
        '<dialog id="pst-secondary-sidebar-modal">',
        '<dialog id="pst-secondary-sidebar-modal" aria-label="On this page">',
    ),
    ('<dialog id="pst-search-dialog">', '<dialog id="pst-search-dialog" aria-label="Search">'),
    # A name that is not what the reader sees cannot be spoken to: "Show the code", "Search Ctrl+K".
    (r'<summary aria-label="Toggle hidden content"', "<summary"),
    (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    # The icons of the theme switch have titles, and the button has a name.
    (r'(<i class="theme-switch[^>]*?) title="[^"]*"', r"\1"),
    # The old role wants a list of another kind around it.
    ('role="doc-biblioentry"', 'role="listitem"'),
    (r'<th class="head"><p></p></th>', '<td class="head"></td>'),
    # The theme's colours have two names only. Its script finds out which is meant, but it comes
    # after the first picture: so the page knows it at once, and is light where no script runs.
    (r'(<html[^>]*) data-theme="auto"', r'\1 data-theme="light"'),
    (
        r'document\.documentElement\.dataset\.theme = localStorage\.getItem\("theme"\) \|\| "auto";',
        'document.documentElement.dataset.theme = document.documentElement.dataset.mode !== "auto"'
        " ? document.documentElement.dataset.mode"
        ' : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";',
    ),
)


def repair(markup: str) -> str:
    """The same page, for everybody.

    Examples
    --------
    >>> repair('<dialog id="pst-search-dialog"></dialog>')
    '<dialog id="pst-search-dialog" aria-label="Search"></dialog>'
    """
    for found, wanted in _REPAIRS:
        markup = re.sub(found, wanted, markup)
    return markup
