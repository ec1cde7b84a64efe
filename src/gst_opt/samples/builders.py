"""How each sample is made anew from the fact tables."""

from gst_opt.core.grouping import Grouping
from gst_opt.samples.province import province
from gst_opt.samples.tanger import tanger
from gst_opt.samples.two_towns import two_towns


def build_all() -> dict[str, Grouping]:
    """Build every sample, by name."""
    whole = tanger()
    return {"tanger": whole, "province": province(whole), "two_towns": two_towns()}
