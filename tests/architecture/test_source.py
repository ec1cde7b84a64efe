"""What no module may hold, read from the source."""

import ast

import pytest

from tests.architecture.source import Module, dotted, modules, public_functions

MOST_LINES = 400
MOST_PARAMETERS = 6

TAKES_KEYWORDS = {"gst_opt.core.frozen.Frozen.replace"}
"""Functions that take any keyword: see docs/decisions/0003-replace-takes-keywords.md."""

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "breakpoint", "input", "logging.basicConfig"}
FORBIDDEN_IMPORTS = {
    *("pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"),
    *("socket", "socketserver", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc", "requests", "httpx", "aiohttp"),
}


@pytest.fixture(params=modules(), ids=lambda module: module.name)
def module(request: pytest.FixtureRequest) -> Module:
    chosen: Module = request.param
    return chosen


def test_module_is_small(module: Module) -> None:
    assert len(module.text.splitlines()) <= MOST_LINES


def test_module_says_what_it_is(module: Module) -> None:
    assert (ast.get_docstring(module.tree) or "").strip()


def test_module_calls_nothing_forbidden(module: Module) -> None:
    forbidden = FORBIDDEN_CALLS if module.is_command_line else FORBIDDEN_CALLS | {"print"}
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    assert not [(dotted(call.func), call.lineno) for call in calls if dotted(call.func) in forbidden]
    handlers = [call for call in calls if dotted(call.func).endswith((".addHandler", ".setLevel"))]
    quiet = [call for call in handlers if "NullHandler" in ast.unparse(call)]
    assert [call.lineno for call in handlers if call not in quiet] == []


def test_module_imports_nothing_forbidden(module: Module) -> None:
    imported = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported.append(node.module or "")
    assert not FORBIDDEN_IMPORTS & {name.split(".")[0] for name in imported}


def test_public_functions_take_no_keyword_bag() -> None:
    found = {place for place, node in public_functions() if node.args.kwarg is not None}
    assert found == TAKES_KEYWORDS


def test_public_functions_take_six_parameters_at_most() -> None:
    too_many = {}
    for place, node in public_functions():
        parameters = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        count = len([name for name in parameters if name not in ("self", "cls")])
        if count > MOST_PARAMETERS:
            too_many[place] = count
    assert too_many == {}


def test_every_public_function_and_class_is_documented() -> None:
    missing = [
        place
        for place, node in public_functions()
        if node.name not in ("__init__", "__call__") and not ast.get_docstring(node)
    ]
    classes = [
        f"{module.name}.{node.name}"
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert missing + classes == []
