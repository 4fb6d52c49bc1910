"""The package's scripts in V8: no page and no browser."""

import atexit
import json
from functools import cache

from py_mini_racer import MiniRacer

from lossnotes import assets

#: Scripts whose exports need no page.
ENTRIES = (
    "shared.js",
    "functions.js",
    "numerical.js",
    "formula.js",
    "parse.js",
    "numbers.js",
    "judge.js",
    "form.js",
    "ask.js",
    "mathml.js",
    "typed.js",
    "run.js",
    "figure.js",
    "draws.js",
    "measure.js",
    "trial.js",
    "known.js",
)


def engine(*scripts):
    """V8 in which these scripts have run."""
    started = MiniRacer()
    atexit.register(started.close)  # left open, it may keep the process from ending
    for script in scripts:
        started.eval(script)
    return started


@cache
def _engine():
    return engine(*(f"{{ {assets.bundle(entry)} Object.assign(globalThis, lossnotes); }}" for entry in ENTRIES))


def run(code):
    """The JSON value of an expression, in which the exports have their names."""
    return json.loads(_engine().eval(f"JSON.stringify({code})"))


def refusal(code):
    """The message of what an expression throws, with its kind; nothing where it throws nothing."""
    thrown = "`${e.constructor.name}: ${e.message}`"
    return run(f"(() => {{ try {{ {code}; return ''; }} catch (e) {{ return {thrown}; }} }})()")


def values(tree, names, rows):
    """A tree's value at each row of its names' values; JSON has no NaN and no infinity, so they come as words."""
    found = run(f"{json.dumps(rows)}.map((row) => String(compile({json.dumps(tree)}, {json.dumps(names)})(row)))")
    return [float(value.replace("Infinity", "inf")) for value in found]
