"""Public names = documented names; importing them costs nothing until they are used."""

import ast
import inspect
import re
import statistics
import subprocess
import sys
import time

import pytest

import gst_opt
from tests.architecture.source import PACKAGE, ROOT, modules, names

MOST_SECONDS = 0.3
SOLVERS = ("pyomo", "highspy")


def fresh(code: str) -> str:
    """Run code in a new interpreter and return what it printed."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_homes_type_checking_imports_and_all_agree() -> None:
    homes = {name: module for module, exported in gst_opt._HOMES.items() for name in exported}
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    branch = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imported = {
        alias.name: node.module for node in branch.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported == homes
    assert sorted(homes) == gst_opt.__all__


@pytest.mark.parametrize("name", gst_opt.__all__)
def test_public_name_resolves_and_is_documented(name: str) -> None:
    value = getattr(gst_opt, name)
    assert not inspect.ismodule(value)
    assert inspect.getdoc(value)


def test_api_page_lists_the_public_names_and_no_other() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)
    assert sorted(listed) == gst_opt.__all__


def test_dir_is_the_public_names_and_an_unknown_one_is_refused() -> None:
    assert dir(gst_opt) == gst_opt.__all__
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = gst_opt.nothing_of_the_kind


def test_names_win_over_subpackages_of_the_same_name() -> None:
    """`solve` and `samples` are also folders: importing these must not hide the functions."""
    code = (
        "import gst_opt.solve.result, gst_opt.samples.shelf, gst_opt as gst; "
        "from gst_opt.solve import options; gst.Status; gst.load_sample; "
        "print(callable(gst.solve), callable(gst.samples))"
    )
    assert fresh(code) == "True True"


def test_import_is_light() -> None:
    assert fresh(f"import sys, gst_opt; dir(gst_opt); print([x for x in {SOLVERS} if x in sys.modules])") == "[]"
    bare = statistics.median(seconds("pass") for _ in range(5))
    ours = statistics.median(seconds("import gst_opt") for _ in range(5))
    assert ours - bare < MOST_SECONDS


def seconds(code: str) -> float:
    started = time.perf_counter()
    fresh(code)
    return time.perf_counter() - started


def test_data_questions_plans_and_checks_load_no_solver() -> None:
    wanted = names("problem", "plan", "check", "need", "diagnosis", "goals", "result", "options")
    wanted += [
        module.name
        for module in modules()
        if module.name.startswith(("gst_opt.core", "gst_opt.text", "gst_opt.network", "gst_opt.io"))
    ]
    code = (
        f"import sys, importlib\nfor name in {wanted}: importlib.import_module(name)\n"
        f"print([x for x in {SOLVERS} if x in sys.modules])"
    )
    assert fresh(code) == "[]"


def test_host_never_loads_highs() -> None:
    code = (
        "import sys, gst_opt as gst\n"
        "gst.solve(gst.RedeploymentProblem.of(gst.load_sample('two_towns'))).require()\n"
        "print('highspy' in sys.modules)"
    )
    assert fresh(code) == "False"
