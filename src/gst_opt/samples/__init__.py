"""Sample groupings, ready to load, and the small fact tables that they are drawn from."""

from gst_opt.samples.shelf import SampleInfo, load_sample, samples

__all__ = ["SampleInfo", "load_sample", "samples"]
