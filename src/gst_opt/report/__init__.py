"""A result in words and tables, for people."""
