"""Kinds of cell of a notebook."""

TEXT, CODE = "markdown", "code"
