"""Where this copy of the book has its home: a repository on GitHub, and the site published from it."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

# After a host's name, scp-like remotes have a colon and URLs a slash, perhaps after a port.
_REMOTE = re.compile(r"(?:\w+://)?(?:[^@/]+@)?(?:ssh\.|www\.)?github\.com(?::\d+/|[:/])([\w.-]+/[\w.-]+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Home:
    """A repository on GitHub, and the site that is published from it.

    Attributes
    ----------
    url : str
        The repository's address.
    branch : str
        The branch that the book is built from.
    base_url : str
        The address of the site's root, with a slash at its end.
    """

    url: str
    branch: str
    base_url: str


def find(source: Path) -> Home | None:
    """The home of the book in ``source``, by CI's environment, else by ``origin``; None off GitHub."""
    name = github_name(_remote(source))
    if name is None:
        return None
    base_url = os.environ.get("BASE_URL", "") or pages_url(name)
    return Home(f"https://github.com/{name}", _branch(source), base_url.rstrip("/") + "/")


def revision(source: Path) -> str:
    """The commit that the book is built from; empty where there is none."""
    return os.environ.get("GITHUB_SHA", "") or _git(source, "rev-parse", "--verify", "HEAD")


def github_name(remote: str) -> str | None:
    """``owner/name`` of a remote on github.com; None for any other.

    Examples
    --------
    >>> github_name("git@github.com:ada/lossnotes.git")
    'ada/lossnotes'
    >>> github_name("https://github.com/ada/lossnotes")
    'ada/lossnotes'
    >>> github_name("https://github.example.org/ada/lossnotes")
    """
    found = _REMOTE.fullmatch(remote)
    return found[1] if found else None


def pages_url(name: str) -> str:
    """Where GitHub Pages shows the site of a repository.

    Examples
    --------
    >>> pages_url("Ada/lossnotes")
    'https://ada.github.io/lossnotes/'
    >>> pages_url("ada/ada.github.io")
    'https://ada.github.io/'
    """
    owner, repository = name.split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if repository.lower() == host else f"https://{host}/{repository}/"


def _remote(source: Path) -> str:
    if "GITHUB_REPOSITORY" in os.environ:
        server = os.environ.get("GITHUB_SERVER_URL", "") or "https://github.com"
        return f"{server}/{os.environ['GITHUB_REPOSITORY']}"
    return _git(source, "remote", "get-url", "origin")


def _branch(source: Path) -> str:
    if "GITHUB_REPOSITORY" in os.environ:
        # On a pull request the ref is one that no launcher knows, such as "12/merge".
        branch = os.environ.get("GITHUB_BASE_REF", "") or os.environ.get("GITHUB_REF_NAME", "")
    else:
        branch = _git(source, "branch", "--show-current")
    return branch or "main"


def _git(source: Path, *arguments: str) -> str:
    try:
        answer = subprocess.run(["git", *arguments], cwd=source, capture_output=True, encoding="utf-8", check=False)  # noqa: S603, S607
    except FileNotFoundError:
        return ""  # no git: a downloaded archive
    return answer.stdout.strip() if answer.returncode == 0 else ""
