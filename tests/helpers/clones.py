"""A fresh copy of the repository, and the environment of someone who has only that."""

import os
import shutil
import subprocess

from pages import ROOT

#: The names of the outer environment that say where Python, Jupyter or make find things.
_OUTER = ("PYTHON", "VIRTUAL_ENV", "JUPYTER", "IPYTHON", "MAKE", "MPL", "COV_")


def tracked():
    """What a clone would have, as it stands here."""
    listed = subprocess.check_output(["git", "ls-files", "-z", "--cached"], cwd=ROOT, encoding="utf-8")
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def copy_to(folder):
    """Make the copy."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def without_outer():
    """This machine's environment, without what leads to the one around the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OUTER)}
