"""What pages of the built site are asked: by ``tests/site`` in some sizes and themes, by ``tests/weekly`` in all.

Each check returns what is wrong, or nothing.
"""

import gzip

from axe_playwright_python.sync_playwright import Axe
from pages import LESSON, PAGES

#: Widths and themes.
VIEWS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")]
#: Each page once, width and theme in turn, and one page in all of them.
SOME_VIEWS = list(
    dict.fromkeys(
        [*((name, *VIEWS[n % 4]) for n, name in enumerate(PAGES)), *((LESSON, *view) for view in VIEWS)],
    )
)
#: Pages that hold, between them, every kind of element: figures, exercises, derivations, tables, forms, code.
KINDS = ["book/intro.html", LESSON, "book/k-classes.html", "book/ledger.html", "book/api.html", "book/faq.html"]
#: The pages that Sphinx makes.
MADE = ["genindex.html", "search.html?q=residual"]


def fold_out(page):
    """Open all that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true; })")


# Whole, quiet and offline


def disturbances(page, width, theme):
    """Errors, requests to other hosts, a missing title, a bar to scroll sideways, the wrong theme."""
    found = list(page.faults)
    if not page.title():
        found.append("no title")
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        found.append(f"scrolls sideways: {wide} px")
    if (shown := page.evaluate("document.documentElement.dataset.theme")) != theme:
        found.append(f"shows the {shown} theme")
    return found


# For readers who do not see the page

#: All rules that axe has on by default, and these two.
RULES = {
    "rules": {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
#: Takes out what is drawn for the eye and said beside it, and the colours of code, which are those of one page:
#: together nine tenths of what axe would look at.
PLAIN = """() => {
    document.querySelectorAll("mjx-math, mjx-assistive-mml, .ln-panel svg").forEach(node => node.replaceChildren());
    document.querySelectorAll(".highlight pre").forEach(node => { node.textContent = node.textContent; });
}"""
#: Whether the keyboard reaches all that scrolls sideways; the theme sees to it a while after a page's last change.
REACHED = """() => [...document.querySelectorAll("article *")].every(node =>
    !/auto|scroll/.test(getComputedStyle(node).overflowX) || node.scrollWidth <= node.clientWidth + 1
    || !node.checkVisibility() || node.tabIndex >= 0 || node.querySelector("a[href], button, input, [tabindex='0']"))"""


def show(page, width, theme="light"):
    """Show a page in another size and theme, and wait until it has adapted."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
    page.wait_for_function(REACHED)


def violations(page):
    """What axe finds: rule → the elements."""
    found = Axe().run(page, options=RULES).response["violations"]
    return {fault["id"]: [node["html"][:200] for node in fault["nodes"]] for fault in found}


# On paper

#: What fits on A4 and on Letter, in CSS pixels: 210 − 36 mm across, 279 − 36 mm down.
ACROSS, DOWN = 657, 920
#: What is wider than the paper, or a figure, derivation or exercise longer than it.
CUT = """([across, down]) => {
    const over = node => node.matches("pre") && node.scrollWidth > node.clientWidth + 1;
    const right = node => (node.querySelector(":scope > mjx-math") ?? node).getBoundingClientRect().right;
    const seen = [...document.querySelectorAll("article *")].filter(node => node.checkVisibility());
    const wide = seen.filter(node => node.matches("mjx-container, table, pre, p, figure, svg, dt, code")
        && (over(node) || right(node) > across + 1));
    const long = seen.filter(node => node.matches("figure, .ln-derivation, .ln-exercise")
        && node.getBoundingClientRect().height > down);
    return [...wide, ...long].map(node => node.outerHTML.slice(0, 120));
}"""


def cut_off(page):
    """What does not fit on the paper; the page is as wide as that."""
    page.emulate_media(media="print")
    return page.evaluate(CUT, [ACROSS, DOWN])


# Weight

#: Bytes of a page's first load, as a server that compresses sends them.
LIMIT = 350_000
#: Kinds of file that a server compresses.
COMPRESSED = {".html", ".css", ".js", ".svg"}
#: Adds up the layout shifts of a page, and says what moved.
SHIFTS = """
window.shift = 0;
window.moved = [];
const place = ({x, y, width, height}) => [x, y, width, height].map(Math.round);
const told = ({node, previousRect, currentRect}) =>
    [node?.nodeName, node?.textContent?.trim().slice(0, 30), place(previousRect), place(currentRect)];
new PerformanceObserver(list => list.getEntries().forEach(entry => {
    window.shift += entry.value;
    window.moved.push(...entry.sources.map(told));
})).observe({type: "layout-shift", buffered: true});
"""
#: A busy machine may paint a page of which a part has come: what moves each time is the page's own fault.
LOADS = 3
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"
#: Two frames later the observers have been told of all that has moved.
MOVED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(shift))))"


class Late:
    """Keeps back what a page asks for until ``release``."""

    def __init__(self, page, pattern):
        self.waiting = []
        self.open = False
        page.route(pattern, self._take)

    def _take(self, route):
        if self.open:
            route.continue_()
        else:
            self.waiting.append(route)

    def release(self):
        self.open = True
        while self.waiting:
            self.waiting.pop().continue_()


def burdens(page, address, site, name):
    """What is heavy on a page, or moves as it loads; ``page`` is an empty one."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(SHIFTS)
    _load(page, f"{address}/{name}")
    files = {site / url.removeprefix(f"{address}/").split("?")[0] for url in asked}
    heavy = {"fontawesome.js", "tex-chtml.js", *([] if name.startswith("search") else ["searchtexts.js"])}
    found = [f"loads {path.name}" for path in files if path.name in heavy]
    if (total := sum(map(_transferred, files))) >= LIMIT:
        largest = sorted((_transferred(path), path.name) for path in files)[-5:]
        found.append(f"{total} bytes, among them {largest}")
    return [*found, *_moves(page, f"{address}/{name}")]


def _load(page, url):
    """Open a page whose scripts come after its first picture: what they add must find its place kept."""
    late_scripts = Late(page, "**/*.js*")
    page.goto(url, wait_until="commit")
    page.wait_for_function(PAINTED)
    late_scripts.release()
    page.wait_for_load_state("networkidle")
    page.unroute("**/*.js*")


def _moves(page, url):
    for load in range(LOADS):
        if load:
            page.goto("about:blank")
            _load(page, url)
        if (shift := page.evaluate(MOVED)) < 0.02:
            return []
    return [f"moves by {shift}: {page.evaluate('moved')}"]


def _transferred(path):
    content = path.read_bytes()
    return len(gzip.compress(content, 6)) if path.suffix in COMPRESSED else len(content)
