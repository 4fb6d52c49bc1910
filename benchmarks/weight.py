"""What a page of the site weighs and how fast it is, beside a stock Jupyter Book of the same sources.

Both are built from the same executed notebooks and served on loopback with gzip, as GitHub
Pages serves them. Bytes are what a browser with an empty cache has received when the page
is idle. Lighthouse (mobile setting) runs where it is installed: ``npm install --global
lighthouse``, or LIGHTHOUSE=/path/to/lighthouse.

    python benchmarks/weight.py            every page
    python benchmarks/weight.py 05 intro   pages whose name holds one of these
"""

import gzip
import json
import mimetypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / name) for name in (".", "book/_ext", "tests/helpers")]

from pages import go

from lossbook.links import pages_of
from tools.browser import find_browser

LIGHTHOUSE = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
#: What Lighthouse judges, and the measures that the table shows.
CATEGORIES = {"performance": "perf", "accessibility": "access", "best-practices": "best", "seo": "seo"}
MEASURES = {
    "first-contentful-paint": "paint s",
    "total-blocking-time": "blocked ms",
    "cumulative-layout-shift": "shift",
}
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-quic --no-first-run"


@contextmanager
def served(folder):
    """The address of a folder on loopback; text is compressed, as by a real server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = folder / self.path.split("?")[0].lstrip("/")
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                self.send_error(404)
                return
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            content, compressed = path.read_bytes(), re.search("text|javascript|json|svg", kind)
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text") else kind)
            if compressed:
                content = gzip.compress(content, 6)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Cache-Control", "max-age=600")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def stock_book(folder):
    """The same sources in Jupyter Book as it comes, with MathJax from the site itself."""
    for name in ("book", "_toc.yml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    plain = {"nb_execution_cache_path": str(ROOT / "_build" / ".execution")}
    kept = {name: config[name] for name in ("title", "author", "only_build_toc_files", "parse", "bibtex_bibfiles")}
    config = kept | {
        "execute": {"execute_notebooks": "cache"},
        "sphinx": {"extra_extensions": ["sphinx-mathjax-offline"], "config": plain},
    }
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    book = Path(sys.executable).parent / "jupyter-book"
    subprocess.run([book, "build", folder, "--quiet"], capture_output=True, check=True)
    return folder / "_build" / "html"


def weigh(browser, address):
    """Bytes over the wire, and the part of them that is the page itself."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    go(page, address, wait="networkidle")
    context.close()
    return sum(received)


def lighthouse(program, address):
    """Scores of 100, and the measures behind them."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [*program, address, "--quiet", f"--chrome-flags={FLAGS}", "--output=json", f"--output-path={report}"]
        subprocess.run(command, capture_output=True, check=True, env=os.environ | {"CHROME_PATH": find_browser()})
        found = json.loads(report.read_text(encoding="utf-8"))
    scores = [round(100 * found["categories"][name]["score"]) for name in CATEGORIES]
    paint, blocked, shift = (found["audits"][name]["numericValue"] for name in MEASURES)
    return [*scores, f"{paint / 1000:.2f}", f"{blocked:.0f}", f"{shift:.3f}"]


def main():
    wanted = sys.argv[1:] or [""]
    site = ROOT / "_build" / "html"
    names = [str(path.relative_to(site)) for path in pages_of(site) if any(part in path.name for part in wanted)]
    heads = [*CATEGORIES.values(), *MEASURES.values()] if LIGHTHOUSE else []
    print(f"{'page':34}{'KB':>8}{'stock':>8}{'ratio':>8}" + "".join(f"{head:>11}" for head in heads), flush=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        stock = stock_book(Path(folder))
        browser = driver.chromium.launch(executable_path=find_browser())
        with served(site) as ours, served(stock) as theirs:
            for name in names:
                bytes_ours = weigh(browser, f"{ours}/{name}")
                bytes_stock = weigh(browser, f"{theirs}/{name}") if (stock / name).is_file() else float("nan")
                row = [f"{bytes_ours / 1000:.0f}", f"{bytes_stock / 1000:.0f}", f"{bytes_stock / bytes_ours:.1f}"]
                judged = lighthouse([LIGHTHOUSE], f"{ours}/{name}") if LIGHTHOUSE else []
                print(
                    f"{name:34}" + "".join(f"{cell:>8}" for cell in row) + "".join(f"{c:>11}" for c in judged),
                    flush=True,
                )
        browser.close()
    if not LIGHTHOUSE:
        print("Lighthouse was not found: npm install --global lighthouse")


if __name__ == "__main__":
    main()
