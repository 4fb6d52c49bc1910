"""The built site, a real browser, and what to say where there is none."""

import os
import re
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
import pytest
from pages import ROOT, go
from playwright.sync_api import sync_playwright

from tools.browser import CLOSED, HOW, find_browser

_HOW = HOW.format(command="make test")
_NO_BROWSER = "no Chromium-family browser found"


def pytest_collection_modifyitems(items):
    try:
        if find_browser():
            return
    except FileNotFoundError as error:
        raise pytest.UsageError(str(error)) from error
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker(pytest.mark.skip(reason=_NO_BROWSER))


def left_out(config):
    """The tests that wanted a browser; only the process that reports knows them, so ask its reporter."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    return [report.nodeid for report in skipped if _NO_BROWSER in str(report.longrepr)]


def pytest_terminal_summary(terminalreporter, config):
    names = left_out(config)
    if names:
        terminalreporter.section("left out: these need a Chromium-family browser, and none was found", sep="!")
        for name in names:
            terminalreporter.line(name)
        terminalreporter.line(_HOW)


def pytest_sessionfinish(session):
    # On a server nobody reads the summary.
    if left_out(session.config) and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def jupyter_book(source, lesson=""):
    """Build a book as ``make book`` does, but keep what an earlier build left: (exit code, output)."""
    everything = [] if lesson else ["--all"]
    command = ["jupyter-book", "build", str(source), *everything, "-W", "-n", "--keep-going"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "LESSON": lesson}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    return done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)


def notebook(*sources):
    """A notebook with a heading and these cells, as text."""
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    made.cells = [nbformat.v4.new_markdown_cell("# Lesson"), *(nbformat.v4.new_code_cell(s) for s in sources)]
    return nbformat.writes(made)


def configure(folder):
    """Give a folder all of the real book but its pages, and the addresses that these had before."""
    shutil.copy(ROOT / "requirements.txt", folder)
    config = re.sub(
        r"redirects:\n(?: +book/.+\n)+", "redirects: {}\n", (ROOT / "_config.yml").read_text(encoding="utf-8")
    )
    (folder / "_config.yml").write_text(config, encoding="utf-8")
    for name in ("_ext", "_static", "_root"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    (folder / "book" / "references.bib").write_text("")


@pytest.fixture
def book(tmp_path):
    """A book of two small pages with the real book's configuration."""
    configure(tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/intro\nchapters:\n- file: book/lesson\n")
    (tmp_path / "book" / "intro.md").write_text("# Intro\n\n[the lesson](lesson.ipynb)\n")
    (tmp_path / "book" / "lesson.ipynb").write_text(notebook("print(6 * 7)"))
    return tmp_path


@pytest.fixture(scope="session")
def site():
    """The folder of the built site; ``make test`` builds it first."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail("the site is not built: run `make book` first")
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    """Where the browser is; a test that has this is left out where there is none."""
    return find_browser()


@pytest.fixture(scope="session")
def browser(chromium):
    """One browser for all tests; whatever lies outside this machine has no address in it."""
    try:
        driver = sync_playwright().start()
    except Exception as error:
        pytest.fail(f"the browser's driver did not start ({error}); on a bare Debian: apt-get install libatomic1")
    started = driver.chromium.launch(executable_path=chromium, args=CLOSED)
    yield started
    started.close()
    driver.stop()


@pytest.fixture
def browser_page(browser):
    """Opens pages, and holds what went wrong on them: ``page.faults``."""
    contexts = []

    def open_page(url, *, width=1280, theme="light", javascript=True, wait="load"):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=theme, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.faults = faults = []
        page.on("console", lambda m: faults.append(f"console: {m.text}") if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("requestfailed", lambda r: faults.append(f"failed: {r.url}"))
        page.on("response", lambda r: faults.append(f"status {r.status}: {r.url}") if r.status >= 400 else None)
        page.on("request", lambda r: None if _inside(r.url) else faults.append(f"asks another host: {r.url}"))
        go(page, url, wait)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _inside(url):
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "file:", "data:", "blob:"))
