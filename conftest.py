"""README.md is a test: its Python blocks run in a folder of their own."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[None]:
    """Work in an empty folder."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        yield
        os.chdir(before)


pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["README.md"], fixtures=["elsewhere"]).pytest()
