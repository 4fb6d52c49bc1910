"""The process that judges: it takes statements from its input and writes verdicts to its output.

SymPy swallows an exception that is raised into it, and is left in an uncertain state when it
does not; so what runs too long is ended with its process. While it works it says four times a
second how much processor time the present statement has taken.
"""

import os
import pickle
import signal
import sys
import threading
import time
from typing import Any, BinaryIO

from lossnotes.equality import numbers, proof
from lossnotes.equality.statement import Agreement, Counterexample, Statement

#: Seconds between two signs of life.
_BEAT = 0.25


def main() -> None:
    """Judge what comes until the input ends."""
    source, sink = sys.stdin.buffer, _Sink(os.fdopen(os.dup(1), "wb"))
    # Ctrl-C goes to all processes of a terminal or a kernel; the one that asks ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What SymPy or a user's function prints must not be taken for a verdict.
    os.dup2(2, 1)
    sys.setrecursionlimit(20_000)
    sink.say("ready", None)
    threading.Thread(target=sink.beat, daemon=True).start()
    while True:
        try:
            statement = pickle.load(source)  # noqa: S301  # our own parent wrote it
        except EOFError:
            return
        sink.begin()
        judge(statement, sink.say)
        sink.say("done", None)


def judge(statement: Statement, say: Any) -> None:
    """Say ``("refused", why)``, or ``("numbers", …)`` if they agree, and ``("judged", verdict)``."""
    try:
        found = numbers.judged(statement)
    except ValueError as refusal:
        say("refused", str(refusal))
        return
    except Exception as fault:  # a fault of SymPy's or ours: not judged is refused, by name
        say("refused", f"step: expected what can be judged; got {type(fault).__name__}: {fault}, at {statement.after}")
        return
    if isinstance(found, Counterexample):
        say("judged", found)
        return
    kinks = tuple(found.kinks)
    if not found.missing:
        say("numbers", (found.points, kinks, found.lacking))
    # A proof that leans on no number needs none.
    proved = _proved(statement, everywhere=bool(found.missing))
    if found.missing and not proved:
        say("refused", found.missing)
        return
    left = None if proved else _remainder(statement)
    if left is not None:
        say("refused", f"step: expected equal sides; SymPy's closed forms differ by {left}, at {statement.after}")
        return
    say("judged", Agreement(proved, found.points, kinks, found.lacking))


def _remainder(statement: Statement) -> Any:
    try:
        return proof.remainder(statement)
    except Exception:  # SymPy stumbles: the numbers have to do
        return None


def _proved(statement: Statement, *, everywhere: bool) -> bool:
    derivative = None
    try:
        if statement.relation == "derivative":
            derivative = numbers.sympy_derivative(statement.before, statement.variables[0])
        return proof.is_proved(statement, derivative, everywhere=everywhere)
    except Exception:  # SymPy stumbles: the numbers have to do
        return False


class _Sink:
    """The output, on which messages and signs of life take turns."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.lock = stream, threading.Lock()
        self.started: float | None = None

    def begin(self) -> None:
        self.started = time.process_time()

    def say(self, kind: str, content: Any) -> None:
        message = pickle.dumps((kind, content))
        with self.lock:
            self.stream.write(message)
            self.stream.flush()
            if kind == "done":
                self.started = None

    def beat(self) -> None:
        while True:
            time.sleep(_BEAT)
            started = self.started
            if started is not None:
                self.say("beat", time.process_time() - started)


if __name__ == "__main__":
    main()
