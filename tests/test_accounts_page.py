"""docs/accounts.md: its Python blocks run, its excerpts are what they print."""

from tests.page import DOCS, missing

PAGE = DOCS / "accounts.md"


def test_examples_print_what_is_shown() -> None:
    for code, lines in missing(PAGE):
        assert lines == [], code
