"""The region as a network: its graph, the minutes between all places, who is served where."""

from gst_opt.network.areas import Nearest, catchments, nearest
from gst_opt.network.distances import distances
from gst_opt.network.graphs import graph
from gst_opt.network.journeys import Method, Travel
from gst_opt.network.minutes import travel

__all__ = ["Method", "Nearest", "Travel", "catchments", "distances", "graph", "nearest", "travel"]
