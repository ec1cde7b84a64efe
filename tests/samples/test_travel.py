"""Travel in the Tanger sample against the 17 known journeys between towns."""

from statistics import mean

import numpy as np

from gst_opt.core.grouping import Grouping
from gst_opt.network import Travel, travel
from gst_opt.samples.facts import facts
from gst_opt.samples.places import zone_id


def known() -> list[tuple[str, str, float]]:
    return [(zone_id(row["origin"]), zone_id(row["destination"]), float(row["minutes"])) for row in facts("town_roads")]


def test_no_path_on_roads_is_off_a_known_time_by_more_than_a_tenth(journeys: Travel) -> None:
    assert len(known()) == 17
    for origin, destination, minutes in known():
        assert abs(journeys.minutes(origin, destination) / minutes - 1) <= 0.10, (origin, destination)


def test_great_circles_alone_are_within_a_quarter_on_average(tanger: Grouping) -> None:
    alone = travel(tanger.region.replace(roads=()))
    errors = [abs(alone.minutes(origin, destination) / minutes - 1) for origin, destination, minutes in known()]
    assert mean(errors) <= 0.25


def test_every_place_is_reached_by_road(journeys: Travel) -> None:
    assert np.isfinite(journeys.matrix).all()
