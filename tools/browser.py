"""The Chromium that prints the book and in which the tests open it."""

import os
import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "brave")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
#: Where there is none; ``{command}`` is what the reader wanted to run.
HOW = (
    "Install one (Debian, Ubuntu: apt-get install chromium libatomic1; macOS: brew install --cask chromium), "
    "or name one: BROWSER_PATH=/path/to/chrome {command}"
)
#: Whatever lies outside this machine has no address in it.
CLOSED = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-quic",
)


def find_browser() -> str | None:
    """BROWSER_PATH, else a Chromium-family browser on the PATH, else where macOS keeps one.

    Raises
    ------
    FileNotFoundError
        If BROWSER_PATH names nothing.
    """
    named = os.environ.get("BROWSER_PATH")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"BROWSER_PATH: expected a browser's path; got {named}, which does not exist")
        return named
    on_path = (shutil.which(name) for name in _NAMES)
    return next(filter(None, on_path), None) or next((p for p in _PLACES if Path(p).is_file()), None)
