"""Lessons execute in parallel, never stale, and a failure ends the build.

Jupyter Book's own cache looks at the cells of a notebook only. Ours is a folder of that
cache for each state of everything else that a lesson depends on: the package, the pins
and the Python that runs it.
"""

import hashlib
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sphinx.application import Sphinx
from sphinx.config import Config as SphinxConfig
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from traitlets.config import Config

import lossnotes

_PACKAGE = Path(lossnotes.__file__).parent


def choose_cache(app: Sphinx, config: SphinxConfig) -> None:
    """Let MyST-NB read results of exactly this package, these pins and this Python."""
    caches = Path(app.outdir).parent / ".execution"
    current = caches / fingerprint(Path(app.srcdir))
    for old in caches.glob("*"):
        if old != current:
            shutil.rmtree(old)
    config.nb_execution_mode = "cache"
    config.nb_execution_cache_path = str(current)


def fingerprint(source: Path) -> str:
    """A name for the state of everything but the notebooks that results depend on."""
    state = hashlib.sha256(sys.version.encode())
    # Not its scripts and style sheets: pages and widgets bring these, and outputs hold none.
    for path in [*sorted(_PACKAGE.rglob("*.py")), source / "requirements.txt"]:
        state.update(path.name.encode() + path.read_bytes())
    return state.hexdigest()[:16]


def execute_lessons(app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
    """Execute, on all cores, each notebook that has no result yet.

    Raises
    ------
    ExtensionError
        If a cell of any of them fails; the message shows each failure.
    """
    cache = get_cache(app.config.nb_execution_cache_path)
    notebooks = {path: _read(path) for path in _notebooks(env)}
    waiting = {path: nb for path, nb in notebooks.items() if not _has_result(cache, nb)}
    if not waiting:
        return
    # Printed, not logged: a quiet build too must show that it is alive.
    print(f"Executing {len(waiting)} of {len(notebooks)} lessons, {_workers()} at a time ...", flush=True)
    failures = []
    with ThreadPoolExecutor(_workers()) as pool:
        running = {
            pool.submit(_execute, path, nb, app.config.nb_execution_timeout): path for path, nb in waiting.items()
        }
        for done, future in enumerate(as_completed(running), 1):
            path, result = running[future], future.result()
            name = path.relative_to(app.srcdir)
            print(f"  [{done}/{len(waiting)}] {name}: {result}", flush=True)
            if result.failure:
                failures.append(f"{name}\n{result.failure}")
                continue
            bundle = CacheBundleIn(waiting[path], str(path), data={"execution_seconds": result.seconds})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    if failures:
        raise ExtensionError(f"{len(failures)} of {len(waiting)} lessons failed.\n" + "\n".join(failures))


def _notebooks(env: BuildEnvironment) -> list[Path]:
    paths = [Path(env.doc2path(name)) for name in sorted(env.found_docs)]
    return [path for path in paths if path.suffix == ".ipynb"]


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]


def _has_result(cache: object, notebook: nbformat.NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)  # type: ignore[attr-defined]
    except KeyError:
        return False
    return True


@dataclass(frozen=True)
class Execution:
    """How long a lesson took, and what went wrong, if anything."""

    seconds: float
    failure: str = ""

    def __str__(self) -> str:
        return f"FAILED after {self.seconds:.1f} s" if self.failure else f"{self.seconds:.1f} s"


def _execute(path: Path, notebook: nbformat.NotebookNode, timeout: int) -> Execution:
    """Run every cell; the outputs go into ``notebook``."""
    start = time.perf_counter()
    with TemporaryDirectory() as sockets:
        client = NotebookClient(
            notebook,
            timeout=timeout,
            resources={"metadata": {"path": str(path.parent)}},
            # Times would go into the cells' metadata, by which the cache knows a notebook.
            record_timing=False,
            # Sockets of the file system: no port that two kernels could both take.
            config=Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"}),
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return Execution(time.perf_counter() - start, failure=str(error))
    return Execution(time.perf_counter() - start)


def _workers() -> int:
    return os.cpu_count() or 1
