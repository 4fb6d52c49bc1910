"""Build the site: ``python -m tools.book``, or of one page what has changed: ``python -m tools.book one-bit``."""

import os
import shutil
import sys
from pathlib import Path

#: What a build from the sources must not find. The lessons' results, beside these, are kept.
_WRITTEN = ("html", ".doctrees", "jupyter_execute")


def main() -> None:
    """Run Jupyter Book, strictly. Named pages are written into the site that is there."""
    pages = sys.argv[1:]
    if not pages:
        for name in _WRITTEN:
            shutil.rmtree(Path("_build", name), ignore_errors=True)
    os.environ["LESSON"] = " ".join(pages)
    # jsonschema asks for it, and does without where it is not installed. Importing it takes
    # two seconds; no format that it checks occurs in a Jupyter Book's configuration.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from jupyter_book.cli.main import main as jupyter_book

    everything = [] if pages else ["--all"]
    jupyter_book(["build", ".", *everything, "-W", "-n", "--keep-going", "--quiet"])


if __name__ == "__main__":
    main()
