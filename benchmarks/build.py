"""How much longer a cold build of the book takes than executing its notebooks alone, on the same cores."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]


def copy_sources(folder):
    """What the build reads, without anything that an earlier one left."""
    for name in ("book", "lossnotes", "_config.yml", "_toc.yml", "requirements.txt"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)


def execute(path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def notebooks_alone(folder):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(execute, sorted((folder / "book").glob("*.ipynb"))))


def cold_build(folder):
    command = [Path(sys.executable).parent / "jupyter-book", "build", folder, "--all", "-W", "-n", "--keep-going"]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(folder)})


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_sources(folder)
        alone = seconds(lambda: notebooks_alone(folder))
        build = seconds(lambda: cold_build(folder))
    print(f"notebooks alone {alone:.0f} s, cold build of the book {build:.0f} s, ratio {build / alone:.2f}")


if __name__ == "__main__":
    main()
