"""Keeps a process that judges, and ends it when it takes too long."""

import atexit
import os
import pickle
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from lossnotes.equality.statement import Agreement, Counterexample, Statement

#: Seconds of processor time for one statement, numbers and proof together.
LIMIT = 10.0
#: How many of them a proof may take.
_PROOF = 4.0
#: Seconds until the first sign of life: a fresh or busy machine may need a minute to import SymPy.
_START = 300.0
#: Seconds without a further one: some long sum of whole numbers keeps even those back.
_SILENCE = 30.0


class _GoneError(Exception):
    """The process has ended by itself."""


class Judge:
    """A process that judges statements one after the other.

    It is started with the first statement, kept, and started again after one that took too
    long. Any thread may ask; they take turns.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._turn = threading.Lock()
        self._busy = False
        self._alive = False

    def verdict(self, statement: Statement) -> Agreement | Counterexample:
        """What the numbers and SymPy say.

        Raises
        ------
        ValueError
            If the statement cannot be judged, or not in time.
        """
        with self._turn:
            try:
                return self._asked(statement)
            except _GoneError:
                self.close()
            try:
                return self._asked(statement)  # it had ended before it was asked
            except _GoneError:
                self.close()
                raise ValueError(
                    f"step: expected a statement that can be judged; its judge ended at {statement.after}"
                ) from None

    def _asked(self, statement: Statement) -> Agreement | Counterexample:
        self._send(statement)
        found: Agreement | None = None
        limit, spent = LIMIT, 0.0
        while True:
            kind, content = self._next()
            spent = content if kind == "beat" else spent
            if kind == "late" or spent > limit:
                self.close()
                if found is not None:
                    return found
                raise ValueError(
                    f"step: expected a statement that can be judged in {LIMIT:g} seconds; {statement.before} and "
                    f"{statement.after} took longer. Make it several steps, or smaller ones"
                )
            if kind == "numbers":
                found = Agreement(False, *content)
                limit = min(LIMIT, spent + _PROOF)
            elif kind == "refused":
                self._finish()
                raise ValueError(content)
            elif kind == "judged":
                self._finish()
                return content

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            with suppress(OSError):  # what it did not read goes with it
                process.stdin.close()  # type: ignore[union-attr]
            self._listener.join()

    def _finish(self) -> None:
        while self._next()[0] != "done":
            pass
        self._busy = False

    def _send(self, statement: Statement) -> None:
        if self._busy or self._process is None or self._process.poll() is not None:
            self.close()  # busy: whoever asked was interrupted, and did not take the answer
            self._start()
        self._busy = True
        assert self._process is not None
        entrance = self._process.stdin
        assert entrance is not None
        message = pickle.dumps(statement)
        try:
            entrance.write(message)
            entrance.flush()
        except OSError:
            raise _GoneError from None

    def _start(self) -> None:
        places = [place or os.getcwd() for place in sys.path]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lossnotes.equality.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        )
        self._messages = queue.SimpleQueue()
        self._alive = False
        self._listener = threading.Thread(target=_listen, args=(self._process, self._messages), daemon=True)
        self._listener.start()

    def _next(self) -> tuple[str, Any]:
        try:
            message = self._messages.get(timeout=_SILENCE if self._alive else _START)
        except queue.Empty:
            return "late", None
        self._alive = True
        if message[0] == "gone":
            raise _GoneError
        return message


def _listen(process: "subprocess.Popen[bytes]", messages: "queue.SimpleQueue[tuple[str, Any]]") -> None:
    assert process.stdout is not None
    try:
        while True:
            messages.put(pickle.load(process.stdout))  # noqa: S301  # our own child wrote it
    except (EOFError, pickle.UnpicklingError, OSError, ValueError, RecursionError):
        messages.put(("gone", None))
        process.stdout.close()


#: The one judge of this process.
JUDGE = Judge()
atexit.register(JUDGE.close)
if hasattr(os, "register_at_fork"):
    # A fork has no share in its parent's judge, nor in a turn that another thread has.
    os.register_at_fork(after_in_child=JUDGE.__init__)  # type: ignore[misc]
