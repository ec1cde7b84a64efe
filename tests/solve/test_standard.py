"""What a model allows: within the solver's tolerance, and never as much as one unit more of something whole."""

import numpy as np
import pytest
from benchmarks.bug_panel import INF, named

from gst_opt.solve.components import whole
from gst_opt.solve.standard import holds


@pytest.mark.parametrize(
    ("side", "room"), [(0.0, 1e-6), (1.0, 1e-6), (1e4, 0.01), (1e6, 1.0), (1e7, 1.0), (1e9, 1.0), (1e12, 1e3)]
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_room_of_a_row_grows_with_its_side_up_to_one_unit(side: float, room: float, sign: float) -> None:
    """Beyond 1e9 a unit is less than a billionth of the side, and sums are not that exact."""
    row = ([1.0], -INF, side) if sign > 0 else ([1.0], -side, INF)
    model = whole(named([0], [row], [(-INF, INF)]))
    assert holds(model, np.array([sign * (side + 0.9 * room)]))
    assert not holds(model, np.array([sign * (side + 1.1 * room)]))


@pytest.mark.parametrize("point", [[10_000, 0, 9], [10_000, 0, 1], [0, 10_001, 0]])
def test_a_row_of_whole_numbers_is_not_broken_by_one_unit(point: list[int]) -> None:
    model = whole(named([0] * 3, [([1e3, 1e3, 1], -INF, 1e7)], [(0, 2e4, 1)] * 3))
    assert not holds(model, np.array(point, dtype=float))
    assert holds(model, np.array([9_999, 0, 1000.0]))
    floor = whole(named([0] * 3, [([1e3, 1e3, 1], 1e7 + 1010, INF)], [(0, 2e4, 1)] * 3))
    assert not holds(floor, np.array(point, dtype=float))
