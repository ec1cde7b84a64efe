"""Settings of all tests: a property may take its time on a busy machine, and fails the same way every time."""

from hypothesis import settings

settings.register_profile("gst_opt", deadline=None, derandomize=True)
settings.load_profile("gst_opt")
