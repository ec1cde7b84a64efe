"""Platforms: which site hosts what, and who is served where."""
