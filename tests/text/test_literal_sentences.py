"""No sentence is written in the code where a user would read it: in an error, in an echo, in the help of a command."""

import ast
import re

import pytest

from tests.architecture.source import Module, dotted, modules

WORD = re.compile(r"[A-Za-z0-9_.\-]*")
SENTENCE = re.compile(r"[^\W\d]+[,;:]? +[^\W\d]+")
ECHOES = ("print", "echo", "secho", "write")


def literals(node: ast.AST) -> list[str]:
    """Return the text written out in an expression, that of f-strings included."""
    return [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)]


def sentences_in_raises(tree: ast.AST) -> list[tuple[int, str]]:
    """Return the sentences given to exceptions; a bare word (an id, the name of an extra) is not one."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
            continue
        given = [*node.exc.args, *(word.value for word in node.exc.keywords)]
        texts = {text for one in given for text in literals(one) if SENTENCE.search(text)}
        texts |= {
            text
            for one in given
            if isinstance(one, ast.Constant | ast.JoinedStr)
            for text in literals(one)
            if isinstance(one, ast.JoinedStr) or not WORD.fullmatch(text)
        }
        found += [(node.lineno, text) for text in sorted(texts)]
    return found


def sentences_echoed(tree: ast.AST) -> list[tuple[int, str]]:
    """Return the sentences that are printed, or are the help of a command."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        given = list(node.args) if dotted(node.func).rpartition(".")[2].strip("_") in ECHOES else []
        given += [word.value for word in node.keywords if word.arg == "help"]
        found += [(node.lineno, text) for one in given for text in literals(one) if SENTENCE.search(text)]
    return found


@pytest.fixture(params=modules(), ids=lambda module: module.name)
def module(request: pytest.FixtureRequest) -> Module:
    chosen: Module = request.param
    return chosen


def test_errors_speak_from_the_catalogue(module: Module) -> None:
    assert sentences_in_raises(module.tree) == []


def test_output_speaks_from_the_catalogue(module: Module) -> None:
    assert sentences_echoed(module.tree) == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('raise ValueError("The gap is negative")', 1),
        ('raise GstOptError(f"{name} is unknown")', 1),
        ('raise DataError([DataProblem("t", 1, "c", "v", "a number above zero")])', 1),
        ('raise MissingExtraError("cli")', 0),
        ('raise GstOptError(Message("model.unknown_term", {"name": n, "known": ", ".join(k)}))', 0),
        ("raise ValueError", 0),
    ],
)
def test_the_test_sees_sentences(code: str, count: int) -> None:
    assert len(sentences_in_raises(ast.parse(code))) == count
