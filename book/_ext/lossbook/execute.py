"""Lessons execute in parallel, never stale, and a failure ends the build.

Jupyter's cache knows a notebook by its cells only. Each result here also says in which state of
everything else it was made: the package, the pins and the Python. A result of another state is
made anew, except where ``LESSON`` in the environment names the pages to build
(``LESSON="one-bit k-classes"``): then all others show what they last showed.
"""

import hashlib
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import psutil
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

import lossnotes

_PACKAGE = Path(lossnotes.__file__).parent
#: Processor seconds that a lesson should stay under: readers wait for it, and every build does.
LIMIT = 20


def choose_cache(app: Sphinx, config: Config) -> None:
    """Let MyST-NB read results from the cache that :func:`execute_lessons` fills."""
    config.nb_execution_mode = "cache"
    config.nb_execution_cache_path = str(Path(app.outdir).parent / ".execution")


def fingerprint(source: Path) -> str:
    """A name for the state of everything but the notebooks that results depend on."""
    state = hashlib.sha256(sys.version.encode())
    # Not its scripts and style sheets: pages and widgets bring these, and outputs hold none.
    for path in [*sorted(_PACKAGE.rglob("*.py")), source / "requirements.txt"]:
        name = path.relative_to(_PACKAGE if path.suffix == ".py" else source).as_posix()
        state.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]


def execute_lessons(app: Sphinx) -> None:
    """Execute, on all cores, each notebook whose result is of another state, or only those that are asked for.

    Raises
    ------
    ExtensionError
        If a cell of any of them fails; the message shows each failure. If ``LESSON`` names
        no page of the book; the message has the nearest name.
    """
    env = app.env
    env.find_files(app.config, app.builder)
    results = Results(Path(app.config.nb_execution_cache_path), fingerprint(Path(app.srcdir)))
    notebooks = {name: _read(path) for name in sorted(env.found_docs) if (path := _path(env, name)).suffix == ".ipynb"}
    late = [name for name, notebook in notebooks.items() if not results.are_of(notebook)]
    asked = chosen(os.environ.get("LESSON", ""), env.found_docs)
    # A page that was never built has nothing to show: it is executed too.
    kept = [name for name in late if asked and name not in asked and _is_shown(env, results, name, notebooks[name])]
    executed = [name for name in late if name not in kept]
    _execute_all(app, {_path(env, name): notebooks[name] for name in executed}, len(notebooks), results)
    app.builder.pages = Pages(kept, {*asked, *executed}, {name for name in kept if not results.has(notebooks[name])})  # type: ignore[attr-defined]
    if not asked:
        results.forget_all_but(notebooks.values())
    warn_of_slow(results, notebooks)


class Pages(NamedTuple):
    """Which lessons show results of another state, which pages are read anew, and which are not."""

    kept: list[str]
    read: set[str]
    not_read: set[str]


def choose_pages(app: Sphinx, _env: BuildEnvironment, docnames: list[str]) -> None:
    """Let Sphinx read each page with new results, and none whose cells have changed since its results were made."""
    pages = app.builder.pages  # type: ignore[attr-defined]
    docnames[:] = sorted({*docnames, *pages.read} - pages.not_read)


def tell_kept(app: Sphinx, exception: Exception | None) -> None:
    """Name the lessons that this build shows as they last were."""
    if exception is None and (kept := app.builder.pages.kept):  # type: ignore[attr-defined]
        names = ", ".join(name.rpartition("/")[2] for name in kept)
        print(f"Shown as last built, not executed: {names}. `make book` without LESSON= executes them.", flush=True)


def chosen(names: str, pages: Iterable[str]) -> set[str]:
    """The pages of which these are the names, with or without folder and suffix.

    Examples
    --------
    >>> chosen("one-bit book/faq.md", ["book/faq", "book/one-bit", "book/squashed"]) == {"book/faq", "book/one-bit"}
    True
    >>> chosen("one-bat", ["book/faq", "book/one-bit"])
    Traceback (most recent call last):
      ...
    sphinx.errors.ExtensionError: LESSON: expected the name of a page; got 'one-bat'. Did you mean 'one-bit'?
    """
    known = {page.rpartition("/")[2]: page for page in sorted(pages)}
    found = set()
    for name in names.split():
        stem = Path(name).name.removesuffix(".ipynb").removesuffix(".md")
        if stem not in known:
            near = get_close_matches(stem, known, n=1, cutoff=0)
            raise ExtensionError(f"LESSON: expected the name of a page; got {name!r}. Did you mean {near[0]!r}?")
        found.add(known[stem])
    return found


class Results:
    """The results that are kept, and for each notebook whether they are of this state of all else."""

    def __init__(self, folder: Path, state: str) -> None:
        self._cache = get_cache(folder)
        self._state = state

    def has(self, notebook: nbformat.NotebookNode) -> bool:
        """Whether there are results of these cells, of whatever state."""
        return self._record(notebook) is not None

    def are_of(self, notebook: nbformat.NotebookNode) -> bool:
        """Whether there are results of these cells and this state."""
        record = self._record(notebook)
        return record is not None and (record.data or {}).get("state") == self._state

    def seconds(self, notebook: nbformat.NotebookNode) -> float:
        """The processor seconds that they took; 0 where none are kept."""
        record = self._record(notebook)
        return float((record.data or {}).get("processor_seconds", 0)) if record else 0.0

    def keep(self, path: Path, notebook: nbformat.NotebookNode, seconds: float) -> None:
        """Keep an executed notebook in place of what was kept of the same cells."""
        data = {"state": self._state, "processor_seconds": seconds}
        bundle = CacheBundleIn(notebook, str(path), data=data)
        self._cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    def forget_all_but(self, notebooks: Iterable[nbformat.NotebookNode]) -> None:
        """Let go of what an earlier wording of a lesson has left."""
        used = {record.pk for notebook in notebooks if (record := self._record(notebook))}
        for record in self._cache.list_cache_records():
            if record.pk not in used:
                self._cache.remove_cache(record.pk)

    def _record(self, notebook: nbformat.NotebookNode) -> Any:
        try:
            return self._cache.match_cache_notebook(notebook)
        except KeyError:
            return None


def warn_of_slow(results: Results, notebooks: dict[str, nbformat.NotebookNode]) -> None:
    """Name each lesson whose results took longer than :data:`LIMIT`."""
    for name, notebook in notebooks.items():
        if (seconds := results.seconds(notebook)) > LIMIT:
            print(f"Slow: {name} takes {seconds:.0f} s of processor time; a lesson should take at most {LIMIT}.")


@dataclass(frozen=True)
class Execution:
    """What executing a lesson took of the processor, and what went wrong, if anything."""

    seconds: float
    failure: str = ""

    def __str__(self) -> str:
        return "FAILED" if self.failure else f"{self.seconds:.1f} s of processor time"


def _execute_all(app: Sphinx, waiting: dict[Path, nbformat.NotebookNode], total: int, results: Results) -> None:
    if not waiting:
        return
    # Printed, not logged: a quiet build too must show that it is alive.
    print(f"Executing {len(waiting)} of {total} lessons, {_workers()} at a time ...", flush=True)
    failures = []
    with ThreadPoolExecutor(_workers()) as pool:
        running = {
            pool.submit(_execute, path, nb, app.config.nb_execution_timeout): path for path, nb in waiting.items()
        }
        for done, future in enumerate(as_completed(running), 1):
            path, run = running[future], future.result()
            name = path.relative_to(app.srcdir).as_posix()
            print(f"  [{done}/{len(waiting)}] {name}: {run}", flush=True)
            if run.failure:
                failures.append(f"{name}\n{run.failure}")
            else:
                results.keep(path, waiting[path], run.seconds)
    if failures:
        raise ExtensionError(f"{len(failures)} of {len(waiting)} lessons failed.\n" + "\n".join(failures))


def _execute(path: Path, notebook: nbformat.NotebookNode, timeout: int) -> Execution:
    """Run every cell; the outputs go into ``notebook``."""
    used = 0.0

    def read_clock(**_: object) -> None:
        nonlocal used
        used = _processor_seconds(client.km.provisioner.pid)  # type: ignore[union-attr]

    client = NotebookClient(
        notebook,
        timeout=timeout,
        resources={"metadata": {"path": str(path.parent)}},
        # Times would go into the cells' metadata, by which the cache knows a notebook.
        record_timing=False,
        on_cell_executed=read_clock,
        # A kernel warns that this machine's own processes could listen.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return Execution(used, failure=str(error))
    return Execution(used)


def _processor_seconds(kernel: int) -> float:
    """What a kernel and the processes that it started have used. Other work on the machine does not count."""
    process = psutil.Process(kernel)
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            # User and system time, its own and that of children that have ended.
            total += sum(each.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return total


def _is_shown(env: BuildEnvironment, results: Results, name: str, notebook: nbformat.NotebookNode) -> bool:
    """Whether the site can show a lesson without executing it."""
    return results.has(notebook) or (name in env.all_docs and Path(env.doctreedir, f"{name}.doctree").is_file())


def _path(env: BuildEnvironment, name: str) -> Path:
    return Path(env.doc2path(name))


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]


def _workers() -> int:
    return os.cpu_count() or 1
