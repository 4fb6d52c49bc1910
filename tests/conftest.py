"""The built site, a real browser, and what to say where there is none."""

import os
import threading
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby

import hypothesis
import pytest
from pages import ROOT, open_page
from playwright.sync_api import sync_playwright

from tools.browser import CLOSED, HOW, find_browser

# More examples: `make test-all`.
hypothesis.settings.register_profile("daily", deadline=None, max_examples=40)
hypothesis.settings.register_profile("weekly", deadline=None, max_examples=500)
hypothesis.settings.load_profile("daily")

_NO_BROWSER = f"no Chromium-family browser found. {HOW.format(command='make test')}"


def pytest_collection_modifyitems(items):
    """Leave out what needs a browser where there is none; on a server, where nobody reads that, end."""
    wanting = [item for item in items if "chromium" in item.fixturenames]
    try:
        if not wanting or find_browser():
            return
    except FileNotFoundError as error:
        raise pytest.UsageError(str(error)) from error
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(_NO_BROWSER)
    for item in wanting:
        item.add_marker(pytest.mark.skip(reason=_NO_BROWSER))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"left out: {len(skipped)}", sep="!")
    for reason, reports in groupby(sorted(skipped, key=_why), key=_why):
        files = Counter(report.nodeid.partition("::")[0] for report in reports)
        terminalreporter.line(reason)
        terminalreporter.line("  " + ", ".join(f"{count} of {name}" for name, count in files.items()))


def _why(report):
    _file, _line, reason = report.longrepr
    return reason.removeprefix("Skipped: ")


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
def driver():
    """What drives browsers; one for all tests, for there can be no second in one process."""
    try:
        started = sync_playwright().start()
    except Exception as error:
        pytest.fail(f"the browser's driver did not start ({error}); on a bare Debian: apt-get install libatomic1")
    yield started
    started.stop()


@pytest.fixture(scope="session")
def browser(driver, chromium):
    """One browser for all tests; whatever lies outside this machine has no address in it."""
    started = driver.chromium.launch(executable_path=chromium, args=CLOSED)
    yield started
    started.close()


@pytest.fixture
def browser_page(browser):
    """Opens pages, and holds what went wrong on them: ``page.faults``."""
    contexts = []

    def opened(url, **kind):
        page = open_page(browser, url, **kind)
        contexts.append(page.context)
        return page

    yield opened
    for context in contexts:
        context.close()
