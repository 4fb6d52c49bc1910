"""How soon a figure answers its slider, and what it adds to a page, beside other ways.

The figure: four losses over 400 places, one slider. In the browser each move is timed
from the slider's event to the changed path, and to the next painted frame; in JupyterLab
beside ``ipywidgets.interact`` with a Matplotlib redraw. Sizes are of the same figure.
Beside it: a typed formula, a typed line of a derivation, and a bench that measures slopes.
"""

import gzip
import importlib.util
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
import sympy as sp
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / name) for name in (".", "book/_ext", "tests/helpers")]

from asked import CHAINS
from benches_made import gate, one_bit
from lab_server import run_all, running_lab
from pages import complete

from lossnotes import Formula, Slider, explore
from lossnotes.figures import markup, panel
from lossnotes.functions import logcosh, softplus
from tools.browser import find_browser

PLACES = 400
MOVES = 200
z, y = sp.symbols("z y", real=True)
CURVES = {
    "cross-entropy": softplus(z) - y * z,
    "squared error": (z - y) ** 2 / 2,
    "log-cosh": logcosh(z - y),
    "Huber": sp.Piecewise(((z - y) ** 2 / 2, sp.Abs(z - y) <= 1), (sp.Abs(z - y) - sp.Rational(1, 2), True)),
}

TIMED = """async moves => {
    const input = document.querySelector("input[data-key=y]"), script = [], frame = [];
    const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    for (let n = 0; n < moves; n += 1) {
        input.value = (n % 100) / 100;
        const start = performance.now();
        input.dispatchEvent(new Event("input", {bubbles: true}));
        script.push(performance.now() - start);
        await painted();
        frame.push(performance.now() - start);
    }
    return [script, frame];
}"""

TYPED = """([text, times]) => Array.from({length: times}, (_, n) => {
    const input = document.querySelector("input[data-key=L]");
    input.value = text + " ".repeat(n % 2);
    const start = performance.now();
    input.dispatchEvent(new Event("input", {bubbles: true}));
    return performance.now() - start;
})"""

#: From the key that sends a line to the verdict.
JUDGED = """([line, texts, times]) => {
    const form = document.querySelector(`form[data-line=${line}]`), field = form.querySelector("input");
    return Array.from({length: times}, (_, n) => {
        field.value = texts[n % texts.length];
        field.dispatchEvent(new Event("input", {bubbles: true}));
        const start = performance.now();
        form.requestSubmit();
        return performance.now() - start;
    });
}"""

#: From a moved control of a bench to its rows and its curve over h.
MEASURED = """([key, low, high, times]) => Array.from({length: times}, (_, n) => {
    const input = document.querySelector(`.ln-bench [data-key=${key}]`);
    input.value = low + (high - low) * n / times;
    const start = performance.now();
    input.dispatchEvent(new Event("input", {bubbles: true}));
    return performance.now() - start;
})"""

#: Milliseconds from an arrow key on the focused slider to a change below a node.
ANSWERED = """async ([slider, picture, moves]) => {
    const input = document.querySelector(slider), node = document.querySelector(picture), times = [];
    for (let n = 0; n < moves; n += 1) {
        const changed = new Promise(done => {
            const watch = new MutationObserver(() => { watch.disconnect(); done(); });
            watch.observe(node, {childList: true, subtree: true, attributes: true, attributeFilter: ["d", "src"]});
        });
        const start = performance.now();
        input.value = (n % 20) / 20 + 0.02;
        input.dispatchEvent(new Event("input", {bubbles: true}));
        input.dispatchEvent(new Event("change", {bubbles: true}));
        await changed;
        times.push(performance.now() - start);
        await new Promise(done => setTimeout(done, 150));
    }
    return times;
}"""

OURS = "import sys; sys.path.insert(0, {folder!r}); import figures; figures.ours()"
THEIRS = """%matplotlib inline
import ipywidgets, matplotlib.pyplot as plt, numpy as np
z = np.linspace(-6, 6, 400)
def draw(y=0.5):
    r = z - y
    huber = np.where(abs(r) <= 1, r**2 / 2, abs(r) - 0.5)
    for values in (np.logaddexp(0, z) - y * z, r**2 / 2, np.log(np.cosh(r)), huber):
        plt.plot(z, values)
    plt.ylim(-1, 8)
    plt.show()
ipywidgets.interact(draw, y=(0.0, 1.0, 0.01));"""


def ours():
    """The figure, drawn at 400 places."""
    panel.SAMPLES = markup.SAMPLES = PLACES
    return explore(
        x=(z, -6, 6),
        y=(-1, 8),
        curves=CURVES,
        sliders=[Slider(y, 0, 1)],
        caption="Four losses.",
        alt="Four curves over the logit.",
    )


def show(name, times):
    ordered = sorted(times)
    print(f"  {name:<44}median {statistics.median(ordered):7.2f} ms   worst {ordered[-1]:7.2f} ms")


def on_the_page(browser, folder):
    (folder / "page.html").write_text(complete(ours()._repr_mimebundle_()[0]["text/html"]), encoding="utf-8")
    page = browser.new_page()
    page.goto(f"file://{folder}/page.html")
    script, frame = page.evaluate(TIMED, MOVES)
    print(f"\nslider event to answer, {len(CURVES)} curves of {PLACES} places, {MOVES} moves")
    show("page: changed path", script)
    show("page: next painted frame", frame)


def typed_by_a_reader(browser, folder):
    """A formula of one variable: each key changes the curve, its slope and its curvature."""
    L, at = Formula(sp.Symbol("L"), z, z**2 / 2), sp.Symbol("at")
    figure = explore(
        x=(z, -4, 4),
        y=(-3, 5),
        curves={"loss": L(z), "slope": L.slope(z), "curvature": L.curvature(z)},
        sliders=[L, Slider(at, -4, 4)],
        readouts={"loss": L(at), "slope": L.slope(at)},
        caption="A loss.",
        alt="Three curves.",
    )
    (folder / "typed.html").write_text(complete(figure._repr_mimebundle_()[0]["text/html"]), encoding="utf-8")
    page = browser.new_page()
    page.goto(f"file://{folder}/typed.html")
    print(f"\ntyped formula to its path, slope and curvature, of {PLACES} places each")
    for text in ("z^2/2", "abs(z)", "sqrt(1+z^2)-1+abs(z-1)", "softplus(-z)", "sin(1000z)", "z^z^z^z"):
        show(f"page: {text}", page.evaluate(TYPED, [text, 40]))


def typed_lines(browser, folder):
    """Verdicts on lines that follow, that do not, and that are not there yet."""
    lines = {
        "slope": ["sigma(z)+y", "sigma(z)(1-sigma(z))-y", "1/(1+e^(-z))-y-0"],
        "lse": ["1/S", "e^{z_k}", "p_k(1-p_k)"],
        "general": ["p_k-t_k", "p_k T", "p_k T - t_k + 0 S"],
    }
    print("\na typed line to its verdict")
    for line, texts in lines.items():
        chain = CHAINS[line]()._repr_mimebundle_()[0]["text/html"]
        (folder / f"{line}.html").write_text(complete(chain), encoding="utf-8")
        page = browser.new_page()
        page.goto(f"file://{folder}/{line}.html")
        show(f"page: {line}", page.evaluate(JUDGED, [line, texts, 30]))


def measured_slopes(browser, folder):
    """Derived beside measured slopes, and the curve of their disagreement."""
    print("\na moved control of a bench to its numbers and its curve")
    moves = {"one bit": (one_bit(), "z", -9, 9), "through a sigmoid": (gate(), "z", -14, 14)}
    for name, (made, key, low, high) in moves.items():
        (folder / "bench.html").write_text(complete(made._without_kernel()["text/html"]), encoding="utf-8")
        page = browser.new_page()
        page.goto(f"file://{folder}/bench.html")
        show(f"page: {name}", page.evaluate(MEASURED, [key, low, high, 60]))


def in_jupyterlab(browser, folder):
    cells = [OURS.format(folder=str(Path(__file__).parent)), THEIRS]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, cells)], metadata=metadata)
    nbformat.write(notebook, folder / "figure.ipynb")
    with running_lab(folder) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        page.goto(f"{address}/lab/tree/figure.ipynb?reset")
        run_all(page)
        page.wait_for_selector(".ln-explore [data-gid=curve-0]")
        page.wait_for_selector(".widget-interact img")
        slider = ".widget-interact .noUi-handle"
        show("JupyterLab: lossnotes", page.evaluate(ANSWERED, ["input[data-key=y]", ".ln-explore", 40]))
        show("JupyterLab: interact + Matplotlib", keyed(page, slider))


def keyed(page, slider):
    """Milliseconds from an arrow key to the new picture, as the reader of ``interact`` has it."""
    page.locator(slider).focus()
    times = []
    for _ in range(20):
        before = page.locator(".widget-interact img").get_attribute("src")
        waiting = """before => new Promise(done => {
            const node = document.querySelector(".widget-interact"), start = performance.now();
            new MutationObserver((_, watch) => {
                const src = node.querySelector("img")?.src;
                if (src && src !== before) { watch.disconnect(); done(performance.now() - start); }
            }).observe(node, {childList: true, subtree: true, attributes: true});
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
        })"""
        times.append(page.evaluate(waiting, before))
        page.wait_for_timeout(150)
    return times


def sizes():
    html = ours()._repr_mimebundle_()[0]["text/html"]
    rows = {
        "lossnotes, with its script": complete(html),
        "lossnotes, each further one": html,
        "Matplotlib to_jshtml, 50 frames": by_jshtml(),
    }
    if importlib.util.find_spec("plotly"):
        figure = by_plotly()
        rows["Plotly, 50 frames, with its script"] = figure.to_html(include_plotlyjs=True)
        rows["Plotly, 50 frames, each further one"] = figure.to_html(include_plotlyjs=False, full_html=False)
    if importlib.util.find_spec("bokeh"):
        rows["Bokeh, JavaScript callback, with its script"] = by_bokeh()
    print("\nbytes that the figure adds to a page, and gzipped")
    for name, text in rows.items():
        print(f"  {name:<44}{len(text.encode()):10,}{len(gzip.compress(text.encode())):10,}")


def samples(at):
    places = np.linspace(-6, 6, PLACES)
    return places, [sp.lambdify((z, y), curve, "numpy")(places, at) for curve in PLAIN]


#: The same curves in functions that every library knows.
PLAIN = [
    sp.log(1 + sp.exp(z)) - y * z, CURVES["squared error"], sp.log(sp.cosh(z - y)), CURVES["Huber"],
]  # fmt: skip


def by_jshtml():
    from matplotlib.animation import FuncAnimation
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.2, 3.1))
    axes = figure.subplots()
    places, rows = samples(0)
    lines = [axes.plot(places, row)[0] for row in rows]
    axes.set_ylim(-1, 8)

    def move(n):
        for line, row in zip(lines, samples(n / 49)[1], strict=True):
            line.set_ydata(row)

    return FuncAnimation(figure, move, frames=50).to_jshtml()


def by_plotly():
    import plotly.graph_objects as go

    frames = []
    for n in range(50):
        places, rows = samples(n / 49)
        frames.append(go.Frame(data=[go.Scatter(x=places, y=row) for row in rows], name=str(n)))
    steps = [{"args": [[str(n)]], "method": "animate"} for n in range(50)]
    return go.Figure(data=frames[0].data, frames=frames, layout={"sliders": [{"steps": steps}]})


def by_bokeh():
    from bokeh.embed import file_html
    from bokeh.layouts import column
    from bokeh.models import ColumnDataSource, CustomJS
    from bokeh.models import Slider as BokehSlider
    from bokeh.plotting import figure
    from bokeh.resources import INLINE

    places, rows = samples(0.5)
    source = ColumnDataSource({"x": places} | {f"c{n}": row for n, row in enumerate(rows)})
    plot, slider = figure(width=620, height=310), BokehSlider(start=0, end=1, step=0.01, value=0.5)
    for n in range(len(rows)):
        plot.line("x", f"c{n}", source=source)
    slider.js_on_change("value", CustomJS(args={"source": source}, code="source.change.emit()"))
    return file_html(column(plot, slider), INLINE)


if __name__ == "__main__":
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as temporary:
        chromium = driver.chromium.launch(executable_path=find_browser())
        on_the_page(chromium, Path(temporary))
        in_jupyterlab(chromium, Path(temporary))
        typed_by_a_reader(chromium, Path(temporary))
        typed_lines(chromium, Path(temporary))
        measured_slopes(chromium, Path(temporary))
        chromium.close()
    sizes()
