"""Small random questions in which an upgrade is often worth it, equal to brute force.

Those of `test_brute`, with two types that make the same: rooms, and scanners, few of them, that make four to six times
as many acts. In 70 of the first 200, no plan without an upgrade is as good.
"""

import math

import pytest

from gst_opt.core.equipment import EquipmentUnits, SessionStandard, SiteLimit, Upgrade
from gst_opt.model.goals import Goal, weighted
from gst_opt.pillars.platforms.location.problem import LocationProblem
from tests.location.brute import Brute
from tests.location.test_brute import Draw, agrees, drawn
from tests.location.two_sites import SOURCE

FEWEST = 0.25
"""Share of the questions, at least, in which no plan without an upgrade is as good."""


class UpgradeDraw(Draw):
    """Draws small questions with rooms, which are slow, and with scanners, which make the same and are fast."""

    def problem(self) -> LocationProblem:
        """Draw a question, and platforms, needs and prices anew."""
        problem = super().problem()
        while len(problem.equipment.equipment_types) < 2:
            problem = super().problem()
        sites = [one.id for one in problem.region.facilities]
        slow, fast = problem.equipment.equipment_types
        minutes = {slow.id: 60.0, fast.id: self.choice([10.0, 15.0])}
        services = sorted({row.service for row in problem.equipment.session_standards})
        old = [row for row in problem.equipment.equipment_units if row.equipment_type == fast.id and self.some(0.4)]
        equipment = problem.equipment.replace(
            equipment_types=(
                slow.replace(upkeep=300.0),
                fast.replace(
                    life=self.choice([4, 5]),
                    purchase=1500.0,
                    upkeep=self.choice([100.0, 300.0]),
                    min_level=slow.min_level,
                ),
            ),
            equipment_units=tuple(
                EquipmentUnits(
                    facility=site,
                    equipment_type=slow.id,
                    units=self.choice([1, 1, 2]),
                    installed=self.choice([*[None] * 8, 2021, 2022]),
                )
                for site in sites
            )
            + tuple(old),
            site_limits=tuple(
                SiteLimit(
                    facility=site,
                    equipment_type=kind,
                    max_units=self.choice([1, 2]),
                    opening=self.choice([0.0, 200.0]),
                    source=SOURCE,
                )
                for site in sites
                for kind, chance in ((slow.id, 0.3), (fast.id, 0.9))
                if self.some(chance)
            ),
            session_standards=tuple(
                SessionStandard(equipment_type=kind, service=service, minutes_per_act=each, source=SOURCE)
                for kind, each in minutes.items()
                for service in services
            ),
            upgrades=tuple(
                Upgrade(equipment_type=one, becomes=other, price=self.choice([0.0, 100.0, 400.0]), source=SOURCE)
                for one, other in [(slow.id, fast.id), (fast.id, slow.id)][: self.choice([1, 1, 2])]
            ),
        )
        (stage,) = problem.chosen_goals.stages
        assert isinstance(stage, Goal)
        weights = {one.term: one.weight for one in stage.weights}
        weights |= {"unmet": self.choice([20.0, 100.0]), "purchases": 1.0, "upkeep": 1.0}
        policy = problem.policy.replace(
            close=True,
            staff_limit=problem.policy.staff_limit and self.some(0.4),
            capex_a_year=self.choice([None, None, 450.0, 1200.0]),
            opex_a_year=self.choice([None, None, 1500.0]),
            goals=weighted(*weights.items()),
        )
        needs = problem.needs.replace(demand=tuple(row.replace(acts=2 * row.acts) for row in problem.needs.demand))
        return problem.replace(equipment=equipment, needs=needs, policy=policy)


def agreed(seeds: range) -> int:
    """Compare questions with brute force, and return in how many no plan without an upgrade is as good."""
    found = 0
    for seed in seeds:
        problem = drawn(seed, UpgradeDraw)
        least = agrees(problem)
        without = problem.replace(equipment=problem.equipment.replace(upgrades=()))
        found += math.isfinite(least) and Brute(without).best() > least + 1e-3
    return found


def test_20_small_questions_of_upgrades_equal_brute_force() -> None:
    assert agreed(range(20)) >= FEWEST * 20


@pytest.mark.slow
@pytest.mark.parametrize("first", range(20, 200, 45))
def test_200_small_questions_of_upgrades_equal_brute_force(first: int) -> None:
    assert agreed(range(first, first + 45)) >= FEWEST * 45
