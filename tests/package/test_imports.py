"""The package by itself: how its floors stand on each other, and what an install of it brings along."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from importlib.util import resolve_name
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pages import ROOT

#: From the ground up. A module imports what stands below it or in its own package, and no neighbour on its floor.
FLOORS = (
    {"arrays", "experiments", "palette", "stable", "words"},
    {"assets", "functions", "numerical"},
    {"balls", "latex_printer", "trees", "widgets"},
    {"printing"},
    {"equality", "losses", "_differences"},
    {"chain_markup"},
    {"derivation", "verify"},
    {"style"},
    {"figures", "exercises", "desk"},
    {"benches"},
    {"lossnotes"},  # the package's own names, which lessons import
)
HEIGHT = {part: height for height, floor in enumerate(FLOORS) for part in floor}


def modules():
    """Name → path of each module of the package."""
    paths = (ROOT / "lossnotes").rglob("*.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def imports(name, path, known):
    """Each module that this one imports, at its top or within a function, by its full name."""
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            full = (f"{source}.{alias.name}" for alias in node.names)
            yield from (one if one in known else source for one in full)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield ast.literal_eval(node.args[0])


def part(name):
    """What of the package a module belongs to: ``lossnotes.balls.values`` to ``balls``."""
    return name.split(".")[1] if "." in name else name


def edges():
    known = modules()
    return {(name, found) for name, path in known.items() for found in imports(name, path, known)}


def test_each_module_stands_on_a_floor():
    assert {part(name) for name in modules()} == set(HEIGHT)


def test_imports_go_down_only():
    inside = {(above, below) for above, below in edges() if below.partition(".")[0] == "lossnotes"}
    assert len(inside) > 100
    up = [
        f"{above} imports {below}"
        for above, below in sorted(inside)
        if part(above) != part(below) and HEIGHT[part(above)] <= HEIGHT[part(below)]
    ]
    assert up == []


def declared():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


def brought_along():
    """The distributions that an install of the package alone has."""
    wanted, found = declared(), set()
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found.add(name)
            wanted += distribution(name).requires or []
    return found


def offered(distributions):
    """The modules of these distributions."""
    here = packages_distributions().items()
    return {name for name, owners in here if distributions & set(map(canonicalize_name, owners))}


#: Imports every module of the package, and lets others find no module that is barred.
ALONE = """
import json, pkgutil, sys
from importlib import import_module

barred = set(json.load(sys.stdin))

class Bar:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in barred:
            raise ModuleNotFoundError(f"{name} does not come with lossnotes", name=name)

sys.meta_path.insert(0, Bar())
names = [found.name for found in pkgutil.walk_packages(import_module("lossnotes").__path__, "lossnotes.")]
for name in names:
    import_module(name)
print(json.dumps(names))
"""


def test_every_module_can_be_imported_where_the_package_is_installed_alone():
    barred = {*packages_distributions(), "lossbook", "tools"} - offered(brought_along()) - {"lossnotes"}
    assert {"sphinx", "docutils", "tinycss2", "py_mini_racer", "playwright", "bs4", "pytest", "scipy"} <= barred
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=ROOT, input=json.dumps(sorted(barred)), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert {"lossnotes", *json.loads(done.stdout)} == set(modules())


def test_what_is_imported_is_declared():
    direct = {canonicalize_name(Requirement(line).name) for line in declared()}
    # What SymPy, ipywidgets and Matplotlib have in their own interfaces.
    known = sys.stdlib_module_names | offered(direct | {"mpmath", "traitlets", "cycler"}) | {"lossnotes"}
    assert [f"{name} imports {found}" for name, found in sorted(edges()) if found.partition(".")[0] not in known] == []


def test_a_wheel_holds_the_package_and_nothing_else(tmp_path):
    quick = ("--quiet", "--no-deps", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "wheel", *quick, "--wheel-dir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and "Retrying (" in done.stderr and os.environ.get("CI") != "true":
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for path in (ROOT / "lossnotes").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert held == {path.relative_to(ROOT).as_posix() for path in files}


def test_no_two_modules_or_classes_have_one_name():
    files = [path for part in ("lossnotes", "book/_ext", "tools") for path in sorted((ROOT / part).rglob("*.py"))]
    names = [path.stem for path in files if path.stem != "__init__"]
    names += [
        node.name
        for path in files
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in set(names) if names.count(name) > 1] == []
