"""Buttons that lead out of a page: to its repository and to Binder."""

from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.config import Config

from lossnotes.sphinxext import home


def point_home(app: Sphinx, config: Config) -> None:
    """Launch and source buttons, and the site's address, for the book's home; none without one."""
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
        },
    }
