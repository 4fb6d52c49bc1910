"""Copies of the lessons for Google Colab, each with a first cell that installs the package.

Colab opens one file of a branch on GitHub; it neither installs what lies beside it nor says
where it came from. So the address of the repository has to stand in the notebook. A lesson
in the repository cannot know it, since a fork has another; a copy written at build time can.
The workflow that publishes the site puts the copies on a branch of their own first.
"""

import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import nbformat
from sphinx.application import Sphinx

from lossbook.launch import home

#: The branch that holds the copies.
BRANCH = "colab"

_INSTALL = """\
# On Colab this installs the book's package and lets its figures move. Elsewhere it does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet "git+{address}"
    from google.colab import output

    output.enable_custom_widget_manager()"""


def write_copies(app: Sphinx, exception: Exception | None) -> None:
    """Write the copies to ``colab`` beside the site, in the folders of the lessons."""
    source, copies = Path(app.srcdir), Path(app.outdir).parent / "colab"
    found = home.find(source)
    if exception is not None or app.builder.name != "html" or found is None:
        return
    shutil.rmtree(copies, ignore_errors=True)
    cell = install_cell(found.url, home.revision(source) or found.branch)
    for name in sorted(app.env.found_docs):
        path = Path(app.env.doc2path(name))
        if path.suffix == ".ipynb":
            copy = copies / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            made = copied(path.read_text(encoding="utf-8"), cell, f"{found.base_url}{name}.html")
            copy.write_text(made, encoding="utf-8")


def install_cell(url: str, revision: str) -> str:
    """The source of a cell that installs the package from one commit or branch, on Colab only.

    Examples
    --------
    >>> print(install_cell("https://github.com/ada/lossnotes", "main").splitlines()[4].strip())
    %pip install --quiet "git+https://github.com/ada/lossnotes@main"
    """
    return _INSTALL.format(address=f"{url}@{revision}")


def copied(notebook: str, cell: str, page: str) -> str:
    """A notebook with one more code cell in front, whose links lead to the site around ``page``."""
    made = nbformat.reads(notebook, as_version=4)  # type: ignore[no-untyped-call]
    for text in made.cells:
        if text.cell_type == "markdown":
            text.source = linked_to(page, text.source)
    made.cells.insert(0, nbformat.v4.new_code_cell(cell, id="install"))  # type: ignore[no-untyped-call]
    return str(nbformat.writes(made)) + "\n"  # type: ignore[no-untyped-call]


def linked_to(page: str, markdown: str) -> str:
    """Markdown whose links to other pages and places lead to the site: on Colab nothing lies beside a notebook.

    Examples
    --------
    >>> linked_to("https://notes.example/book/a.html", "[b](b.ipynb#cell-c), [here](#d), [out](https://e.example)")
    '[b](https://notes.example/book/b.html#cell-c), [here](https://notes.example/book/a.html#d), [out](https://e.example)'
    """
    there = re.sub(r"\]\(([\w./-]+)\.(?:ipynb|md)(#[^()\s]+)?\)", r"](\1.html\2)", markdown)
    return re.sub(r"\]\(([\w./-]+\.html)?(#[^()\s]+)?\)", lambda link: f"]({urljoin(page, link[0][2:-1])})", there)
