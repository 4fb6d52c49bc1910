"""The judge, its clock and its end, where there is nothing that only POSIX has: as on Windows."""

import os
import subprocess
import sys

from pages import ROOT

#: Run at the start of this Python and of the judge's, for it lies on both their paths.
WITHOUT_POSIX = """
import os, signal, sys
for module in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[module] = None
for name in ("fork", "forkpty", "getloadavg", "killpg", "register_at_fork", "setsid", "sched_getaffinity", "wait3"):
    vars(os).pop(name, None)
for name in ("SIGALRM", "SIGCHLD", "SIGHUP", "SIGPIPE", "SIGUSR1", "alarm", "setitimer", "pthread_kill"):
    vars(signal).pop(name, None)
"""
JUDGED = """
import os, signal
assert not hasattr(os, "fork") and not hasattr(signal, "SIGALRM")
from sympy import Sum, exp, symbols
from lossnotes import Derivation, StepError
from lossnotes.equality import process

x, y = symbols("x y", positive=True)
i, j, k, n = symbols("i j k n", positive=True, integer=True)
assert Derivation("L", (x + y) ** 2).step(x**2 + 2 * x * y + y**2, "multiplied out").mark == "proved"
try:
    Derivation("L", x + y).step(x - y, "a wrong sign")
except StepError:
    print("refused what is false")
process.LIMIT = 0.5
try:
    long = Sum(exp(x * i * j * k / 10**9), (i, 1, 90 * n), (j, 1, 90 * n), (k, 1, 90 * n))
    Derivation("L", x + n).step(long, "many terms")
except ValueError as refusal:
    print(refusal)
process.LIMIT = 10.0
judge = process.JUDGE._process
assert Derivation("L", x + y).step(y + x, "turned round").mark == "proved"
print(f"ended the slow judge: {judge is None}, and began another: {process.JUDGE._process is not None}")
"""


def test_the_judge_refuses_ends_what_is_slow_and_goes_on(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_POSIX, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONWARNDEFAULTENCODING": "1"}
    done = subprocess.run([sys.executable, "-c", JUDGED], env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    false, slow, ended = done.stdout.splitlines()
    assert false == "refused what is false"
    assert "can be judged in 0.5 seconds" in slow
    assert ended == "ended the slow judge: True, and began another: True"
    # Text is written and read in UTF-8, whatever the machine takes where nothing is said.
    assert f"{ROOT / 'lossnotes'}" not in done.stderr
