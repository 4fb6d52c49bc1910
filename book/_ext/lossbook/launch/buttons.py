"""Buttons that lead out of a page: to its repository, to Binder, to Colab, to its notebook."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.config import Config

from lossbook.launch import colab, home


def point_home(app: Sphinx, config: Config) -> None:
    """Launch and source buttons, and the site's address, for the book's home; none without one."""
    # Before the theme's, which stand in this list too.
    config.templates_path.insert(0, str(Path(__file__).parent / "templates"))
    found = home.find(Path(app.srcdir))
    if found is None:
        return
    config.html_baseurl = found.base_url
    config.html_theme_options |= {
        "repository_url": found.url,
        "repository_branch": quote(found.branch, safe=""),  # a slash would end its name in an address
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        },
    }


def send_colab_to_copies(app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Let Colab open the copy that installs the package; the theme knows one branch for all buttons."""
    branch = app.config.html_theme_options.get("repository_branch")
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button["text"] == "Colab":
                button["url"] = button["url"].replace(f"/blob/{branch}/", f"/blob/{colab.BRANCH}/", 1)
