"""What is searched together, what a search finds, and what it proves."""

import numpy as np
import pytest

import gst_opt as gst
from gst_opt.grouping_plan import neighbours
from gst_opt.grouping_plan.arrays import OWN, Bools, Tied, held
from gst_opt.grouping_plan.case import Case
from gst_opt.grouping_plan.model import FORMULATION
from gst_opt.grouping_plan.neighbours import neighbourhoods
from gst_opt.grouping_plan.policy import GroupingPolicy
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.search import Search
from gst_opt.grouping_plan.sequential import _Proving
from gst_opt.model.goals import Goal
from gst_opt.model.linear import Floats
from gst_opt.solve.compiled import Compiled, compile_model
from gst_opt.solve.highs import minimise
from gst_opt.solve.once import Limits
from gst_opt.solve.preflight import prepared
from gst_opt.solve.standard import holds
from tests.grouping_plan import toys

EVERY = ("location", "staff", "awards", "support")


def compiled(problem: GroupingProblem) -> tuple[Compiled, Floats]:
    """Return the model as arrays, its bounds derived, and the point where nothing changes."""
    model = FORMULATION.build(problem)
    found = compile_model(model, FORMULATION.terms(model, problem))
    FORMULATION.write(model, problem, None)
    return prepared(found), found.stored()


def searched(problem: GroupingProblem) -> tuple[Search, Floats, float]:
    """Return a search of a question, today's point, and what no decision changes."""
    model, today = compiled(problem)
    (goal,) = FORMULATION.goals(problem).stages
    assert isinstance(goal, Goal)
    constant = sum(one.weight * model.terms[one.term].constant for one in goal.weights)
    limits = Limits(1e-6, None, 1)
    return Search(Tied.of(model, model.costs(goal)), limits, neighbourhoods(problem, model)), today, constant


def keys_in(model: Compiled, free: Bools, family: str) -> set[tuple[str, ...]]:
    """Return the keys of the free columns of a family."""
    start, columns = next((start, one) for start, one in model.families if str(one.name) == family)
    return {key for column, key in enumerate(columns.keys(), start) if free[column]}


def test_a_type_is_searched_with_its_services_and_skills_a_province_with_its_places() -> None:
    """Two towns, a province each: ct takes nurses and doctors who read, and is not searched with beds or midwives."""
    problem = GroupingProblem.of(gst.load_sample("two_towns"))
    model, _ = compiled(problem)
    rooms, ct, ward, north, south = neighbourhoods(problem, model)
    assert {key[1] for key in keys_in(model, rooms, "location.step")} == {"consulting_room"}
    assert {key[1] for key in keys_in(model, ct, "location.step")} == {"ct", "ct_64"}
    assert {key[1] for key in keys_in(model, ct, "location.share")} == {"ct"}
    assert {key[1] for key in keys_in(model, ward, "location.share")} == {"admission"}
    assert keys_in(model, ct, "staff.moves") == {
        ("hp-north", "csu-north", "doctor"),
        ("hp-north", "csu-south", "nurse"),
    }
    assert {key[2] for key in keys_in(model, ward, "location.lent")} == {"nurse"}
    assert {key[0] for key in keys_in(model, north, "location.step")} == {"hp-north"}
    assert len(keys_in(model, south, "staff.moves")) == 3
    assert all(keys_in(model, one, "location.joined") for one in (rooms, ct, ward))
    assert not any(keys_in(model, one, "awards.share") for one in (rooms, ct, ward, north, south))


def test_types_that_share_a_skill_are_searched_together_unless_they_are_most_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Scanner and beds both take nurses; of the two towns' columns they are more than an eighth."""
    problem = GroupingProblem.of(gst.load_sample("two_towns"))
    model, _ = compiled(problem)

    def with_both() -> int:
        every = neighbourhoods(problem, model)[:-2]
        wards = [
            one for one in every if {key[1] for key in keys_in(model, one, "location.share")} >= {"ct", "admission"}
        ]
        return len(wards)

    assert with_both() == 0
    monkeypatch.setattr(neighbours, "SHARED", 1.0)
    assert with_both() == 1


def test_parts_in_turn_stay_and_together_somebody_goes() -> None:
    """Platforms alone plan no scan at b, nobody being there: 575,200. A technician and its scans together: 70,400."""
    search, today, constant = searched(toys.twins())
    search.relax()
    search.in_turn(EVERY[:3], today)
    assert search.value + constant == pytest.approx(toys.STAY[0])
    assert search.best is not None
    x = search.together(["location", "staff"], search.best)
    search.in_turn(["awards"], x)
    assert search.value + constant == pytest.approx(toys.BEST[0])


def test_pieces_prove_more_than_the_relaxation_and_no_more_than_the_best_plan() -> None:
    """Types and wards apart, in whole numbers, at the prices of the relaxation."""
    problem = GroupingProblem.of(gst.load_sample("two_towns"), GroupingPolicy(budget=4_000_000.0))
    best = gst.solve(problem, gst.SolveOptions(workers=1, gap=1e-6)).objective
    assert best is not None
    search, _, constant = searched(problem)
    search.relax()
    relaxed = search.bound
    search.prove(search.limits)
    assert relaxed < search.bound <= best - constant + 1e-3


def test_nothing_is_proven_or_searched_without_prices() -> None:
    search, today, _ = searched(toys.twins())
    search.prove(search.limits)
    assert search.bound == -np.inf
    assert search.together(["location", "staff"], today) is today


def test_a_part_short_of_money_is_proven_with_money_at_its_price() -> None:
    """The poor twins: 520 tubes of 1,040 are bought, 10 each, the others missing, 30 each; 10,400 without the limit."""
    case = Case(FORMULATION, toys.poor())
    limits = Limits(1e-6, None, 1)
    proving, search = _Proving(case.tied, limits, case.near), case.search(limits)
    search.relax()
    best = search.together(["location", "staff"], case.today)
    free = case.tied.owned(["awards", OWN])
    part, costs = held(case.tied.part, free, best), case.tied.costs[free]
    money = np.flatnonzero(np.isin(part.rows, case.tied.money))
    x = best[free]
    for rows, value in ((money, 10_400.0), (money[:0], 20_800.0)):
        found = minimise(part.dropping_rows(rows), costs, (), limits, None).x
        assert found is not None
        assert costs @ found == pytest.approx(value)
        x = found
    bound, best = proving._priced(part, costs, x)
    assert bound == pytest.approx(20_800.0)
    assert holds(part, best)
    assert costs @ best == pytest.approx(20_800.0)
