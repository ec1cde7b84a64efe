"""The library's own source, parsed: what the tests of this folder and of tests/text read."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "gst_opt"


class Module(NamedTuple):
    """One module of gst_opt: its dotted name, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def is_command_line(self) -> bool:
        return self.name == "gst_opt.cli" or self.name.startswith("gst_opt.cli.")


@cache
def modules() -> tuple[Module, ...]:
    """Read every module of gst_opt."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        text = path.read_text(encoding="utf-8")
        found.append(Module(name, text, ast.parse(text)))
    return tuple(found)


def names(*last: str) -> list[str]:
    """Return the modules whose last name is one of these, such as ``problem``."""
    return [module.name for module in modules() if module.name.rpartition(".")[2] in last]


def dotted(node: ast.expr) -> str:
    """Return the name that an expression reads as, such as ``logging.basicConfig``; empty if it is not a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


class PublicFunction(NamedTuple):
    """A function that a user can call: its place and its definition."""

    place: str
    node: ast.FunctionDef | ast.AsyncFunctionDef


def public_functions() -> Iterator[PublicFunction]:
    """Walk over public functions, and over the public methods and the ``__init__`` of public classes."""
    for module in modules():
        yield from _public(module.tree.body, module.name)


def _public(body: list[ast.stmt], place: str) -> Iterator[PublicFunction]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            not node.name.startswith("_") or node.name in ("__init__", "__call__")
        ):
            yield PublicFunction(f"{place}.{node.name}", node)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public(node.body, f"{place}.{node.name}")
