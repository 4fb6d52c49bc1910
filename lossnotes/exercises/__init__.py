"""Questions whose answers are checked, on the page as with a kernel.

A typed formula is parsed and never run as code. One script renders the widget and the
static page; there it also judges, by the same rules as Python.
"""

from lossnotes.exercises.widget import Exercise, exercise

__all__ = ["Exercise", "exercise"]
