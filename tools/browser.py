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
#: Where Windows keeps them, below the folders that these variables name.
_ON_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
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
    """BROWSER_PATH, else a Chromium-family browser on the PATH, else where macOS or Windows keeps one.

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
    folders = [Path(os.environ[name]) for name in _FOLDERS if name in os.environ]
    places = [*_PLACES, *(str(folder / name) for folder in folders for name in _ON_WINDOWS)]
    return next(filter(None, on_path), None) or next((p for p in places if Path(p).is_file()), None)
