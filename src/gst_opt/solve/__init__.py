"""The only layer that meets HiGHS: compile, split, run in a guarded worker, merge, check."""
