"""Support functions: which are done by whom, for whom."""
