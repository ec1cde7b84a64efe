"""The rules that place people and points: totals kept, nothing at random."""

from math import cos, radians, sin

from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.rounding import largest_remainder
from gst_opt.samples.geography import EVERYWHERE, KM_PER_DEGREE, Point, Sector, slug

weights = st.lists(st.floats(min_value=0.001, max_value=1000), min_size=1, max_size=40)


@given(weights, st.integers(min_value=0, max_value=5000))
def test_shares_add_up_and_each_is_its_quota_rounded_down_or_up(values: list[float], total: int) -> None:
    shares = largest_remainder(values, total)
    assert sum(shares) == total
    assert all(abs(share - total * value / sum(values)) < 1 + 1e-6 for share, value in zip(shares, values, strict=True))


def test_of_equal_remainders_the_first_is_served_first() -> None:
    assert largest_remainder([1, 1, 1], 4) == [2, 1, 1]


def test_a_spiral_keeps_its_distance() -> None:
    centre = Point(35.0, -5.0)
    points = [centre.spread(number, 1.0, EVERYWHERE) for number in range(1, 30)]
    assert len(set(points)) == 29
    for number, point in enumerate(points, 1):
        assert abs(centre.km_to(point) - number**0.5) < 0.02


@given(st.floats(min_value=0, max_value=360), st.integers(min_value=1, max_value=40))
def test_a_spiral_stays_in_its_sector(bearing: float, number: int) -> None:
    """With 120 degrees, at least half of the step (cosine of 60) is made towards the bearing."""
    centre = Point(35.0, -5.0)
    point = centre.spread(number, 1.0, Sector(bearing, 120))
    north = (point.latitude - centre.latitude) * KM_PER_DEGREE
    east = (point.longitude - centre.longitude) * KM_PER_DEGREE * cos(radians(centre.latitude))
    ahead = north * cos(radians(bearing)) + east * sin(radians(bearing))
    assert ahead >= number**0.5 / 2 - 0.02


def test_a_degree_of_latitude_is_about_111_km() -> None:
    assert round(Point(35, -5).km_to(Point(36, -5)), 1) == 111.2


def test_names_become_identifiers() -> None:
    assert slug("M'diq") == "mdiq"
    assert slug("Souk L'qolla") == "souk-lqolla"
    assert slug("Tanger - Bni Makada") == "tanger-bni-makada"
