"""Centres of coastal communes stand on land, and still next to the point of their commune."""

from math import cos, radians, sin

import pytest

from gst_opt.core.grouping import Grouping
from gst_opt.samples.places import point_of, zone_id

COMPASS = {"E": 90, "SE": 135, "S": 180, "SW": 225, "W": 270}
LANDWARD = {  # where the land is, seen from the town: read on a map, not in the fact tables
    "Ajdir": "SW",
    "Al Hoceima": "S",
    "Assilah": "SE",
    "Azla": "SW",
    "Belyounech": "S",
    "Fnideq": "W",
    "Ksar Sghir": "S",
    "Larache": "SE",
    "Martil": "W",
    "M'diq": "SW",
    "Oued Laou": "SW",
    "Sahel Chamali": "E",
    "Tizgane": "SW",
}


@pytest.mark.parametrize("town", LANDWARD)
def test_centres_stand_on_the_landward_side_of_their_town(tanger: Grouping, town: str) -> None:
    home = next(zone for zone in tanger.region.zones if zone.id == zone_id(town))
    centres = [site for site in tanger.region.facilities if site.commune == town and not site.level.is_hospital]
    assert centres
    toward = radians(COMPASS[LANDWARD[town]])
    for centre in centres:
        north = point_of(centre).latitude - point_of(home).latitude
        east = (point_of(centre).longitude - point_of(home).longitude) * cos(radians(point_of(home).latitude))
        assert north * cos(toward) + east * sin(toward) > 0, centre.id


def test_centres_of_tanger_stand_between_the_strait_and_the_ocean(tanger: Grouping) -> None:
    centres = [site for site in tanger.region.facilities if site.commune == "Tanger" and not site.level.is_hospital]
    assert len(centres) == 28
    for centre in centres:
        point = point_of(centre)
        assert point.latitude < 35.785, centre.id  # the beach of the bay
        assert point.longitude > -5.925, centre.id  # the ocean beaches


def test_centres_are_minutes_from_the_point_of_their_commune(tanger: Grouping) -> None:
    centres = {site.id for site in tanger.region.facilities if not site.level.is_hospital}
    links = [road.minutes for road in tanger.region.roads if road.origin in centres]
    assert len(links) == len(centres)
    assert max(links) <= 8
