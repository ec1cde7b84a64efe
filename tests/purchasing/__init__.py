"""Tests of purchasing."""
