"""Points on the map, and identifiers made from names."""

import re
import unicodedata
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from gst_opt.network.minutes import EARTH_KM

KM_PER_DEGREE = 111.195  # of latitude
GOLDEN_ANGLE = 137.50776405  # degrees; spreads any number of points evenly on a disc


class Sector(NamedTuple):
    """The directions open to what is built around a point: a bearing and the width about it, in degrees."""

    bearing: float
    width: float


EVERYWHERE = Sector(180, 360)


class Point(NamedTuple):
    """Latitude and longitude in degrees, WGS 84."""

    latitude: float
    longitude: float

    def km_to(self, other: "Point") -> float:
        """Return the great-circle distance (haversine)."""
        half = (
            sin(radians(other.latitude - self.latitude) / 2) ** 2
            + cos(radians(self.latitude))
            * cos(radians(other.latitude))
            * sin(radians(other.longitude - self.longitude) / 2) ** 2
        )
        return 2 * EARTH_KM * asin(sqrt(half))

    def spread(self, number: int, step_km: float, sector: Sector) -> "Point":
        """Return the place of the `number`-th site (from 1) on a spiral around this point, folded into a sector."""
        turn = number * GOLDEN_ANGLE % 360 / 360
        angle, radius = radians(sector.bearing + (turn - 0.5) * sector.width), step_km * sqrt(number)
        north, east = radius * cos(angle), radius * sin(angle)
        return Point(
            round(self.latitude + north / KM_PER_DEGREE, 4),
            round(self.longitude + east / (KM_PER_DEGREE * cos(radians(self.latitude))), 4),
        )


def slug(name: str) -> str:
    """Return a name as an identifier: lower case, without accents, words joined by hyphens.

    Examples
    --------
    >>> slug("Tanger - Médina")
    'tanger-medina'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")
