"""Small repairs to each page, and buttons that lead to the repository of this build."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def point_buttons_home(app: Sphinx, config: Config) -> None:
    """Launch and source buttons for the repository that the book is built from; none without one."""
    home = repository(Path(app.srcdir))
    if home is None:
        return
    url, branch = home
    config.html_theme_options |= {
        "repository_url": url,
        "repository_branch": branch,
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {"notebook_interface": "jupyterlab", "binderhub_url": "https://mybinder.org"},
    }


def repository(source: Path) -> tuple[str, str] | None:
    """Address and branch of the GitHub repository: CI's environment, else the ``origin`` remote."""
    if "GITHUB_REPOSITORY" in os.environ:
        return f"https://github.com/{os.environ['GITHUB_REPOSITORY']}", os.environ.get("GITHUB_REF_NAME", "main")
    name = github_name(_git(source, "remote", "get-url", "origin"))
    if name is None:
        return None
    return f"https://github.com/{name}", _git(source, "branch", "--show-current") or "main"


def github_name(remote: str) -> str | None:
    """``owner/name`` of a GitHub remote; None for any other.

    Examples
    --------
    >>> github_name("git@github.com:ada/lossnotes.git")
    'ada/lossnotes'
    >>> github_name("https://github.com/ada/lossnotes")
    'ada/lossnotes'
    >>> github_name("../lossnotes")
    """
    found = re.search(r"github\.com[:/]([\w.-]+/[\w.-]+?)(\.git)?/?$", remote)
    return found[1] if found else None


def _git(source: Path, *arguments: str) -> str:
    try:
        answer = subprocess.run(["git", *arguments], cwd=source, capture_output=True, text=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        return ""  # no git: a downloaded archive
    return answer.stdout.strip() if answer.returncode == 0 else ""


def drop_unneeded_scripts(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Take out scripts that stand twice, and widget state that no page shows.

    sphinx-thebe, which this book does not use, declares its constants twice: an error in
    each page's console. The figures are plain HTML on the page, so the state of their
    widgets is dead weight.
    """
    scripts = context.get("script_files")
    if scripts is None:
        return
    seen, kept = set(), []
    for script in scripts:
        attributes = getattr(script, "attributes", {})
        key = (str(getattr(script, "filename", script) or ""), attributes.get("body"))
        thebe = "sphinx-thebe" in key[0] or "THEBE_JS_URL" in (key[1] or "")
        if thebe or key in seen or attributes.get("type") == _WIDGET_STATE:
            continue
        seen.add(key)
        kept.append(script)
    scripts[:] = kept
