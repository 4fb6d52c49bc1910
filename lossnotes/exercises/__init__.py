"""Questions whose answers are checked, on the page as with a kernel.

A typed formula is parsed and never run as code. One script asks and judges, on the static
page and in the widget, which tells Python.
"""

from lossnotes.exercises.exercise_widget import Exercise, exercise
from lossnotes.exercises.guess_widget import Guess, guess

__all__ = ["Exercise", "Guess", "exercise", "guess"]
