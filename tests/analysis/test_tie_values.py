"""What ties are worth: counted by hand where one of them is worth a known sum, and added up on drawn groupings."""

import signal

import pytest

import gst_opt as gst
from gst_opt.core.catalogue import Requirement
from gst_opt.core.tenders import Offer
from gst_opt.grouping_plan.check import check
from gst_opt.grouping_plan.plan import TieKind
from gst_opt.grouping_plan.search import Search
from gst_opt.grouping_plan.sequential import in_turn
from gst_opt.model.goals import Goal, Goals, TermWeight
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.policy import LocationPolicy
from gst_opt.pillars.staff.redeployment.problem import MovePin
from tests.grouping_plan import random_cases, toys

ONE = gst.SolveOptions(workers=1, gap=1e-7)
NOBODY = (MovePin(kind=PinKind.FORBID, skill="technician", reason="nobody moves"),)
DRAWN = 12


def values_of(problem: gst.GroupingProblem) -> gst.TieValues:
    return gst.tie_values(problem, gst.solve(problem, ONE), ONE)


def worth(values: gst.TieValues) -> dict[TieKind, float]:
    return {one.tie: one.worth for one in values.ties}


def films() -> gst.GroupingProblem:
    """Return two uses of 30,000: scans of 100 that save 150 each, films of 10 that cost 30 where they are short.

    520 scans could be done at a, and 5,200 films are needed. In turn: 300 scans, no film. Together: no scan, 3,000.
    """
    twins = toys.twins(
        (Offer(supplier="atlas", reference="film-1", price=10.0),),
        used=("film",),
        pins=NOBODY,
        unmet_price=150.0,
        budget=30_000.0,
    )
    grouping = twins.grouping
    needed = Requirement(need="film", facility="a", period="2026", units=5_200.0)
    (scanner,) = grouping.equipment.equipment_types
    return twins.replace(
        grouping=grouping.replace(
            catalogue=grouping.catalogue.replace(consumption=(), requirements=(needed,)),
            equipment=grouping.equipment.replace(equipment_types=(scanner.replace(session_cost=800.0),)),
        )
    )


def gel() -> gst.GroupingProblem:
    """Return a tube of gel of 850: worth it for the people of alone, 5 minutes from a, not for those of near, at 10.

    A minute of a patient's journey counts 20: a scan costs 950 or 1,050, and is worth 1,000.
    """
    platforms = LocationPolicy(years=1, staff_share=1.0, max_lending=0.0, travel_price=20.0, close=False)
    offers = (Offer(supplier="atlas", reference="gel-1", price=850.0),)
    twins = toys.twins(offers, pins=NOBODY, location=platforms)
    region = twins.grouping.region
    times = tuple(
        row.replace(minutes=5.0) if {row.origin, row.destination} == {"a", "alone"} else row
        for row in region.travel_times
    )
    return twins.replace(grouping=twins.grouping.replace(region=region.replace(travel_times=times)))


@pytest.mark.parametrize(
    ("problem", "tie", "known", "sequential", "joint"),
    [
        (films(), TieKind.BUDGET, 45_000.0, 347_000.0, 302_000.0),
        (gel(), TieKind.SUPPLIES, 26_000.0, 1_610_000.0, 1_584_000.0),
        (toys.twins(), TieKind.STAFF, 504_800.0, toys.STAY[0], toys.BEST[0]),
    ],
)
def test_one_tie_is_worth_what_it_is_by_hand_and_the_others_nothing(
    problem: gst.GroupingProblem, tie: TieKind, known: float, sequential: float, joint: float
) -> None:
    """Films: 30,000 spent where a dirham saves 3, not 1.5. Gel: 520 x (1,050 - 1,000). Staff: who goes."""
    values = values_of(problem)
    assert values.sequential == pytest.approx(sequential)
    assert values.joint == pytest.approx(joint)
    found = worth(values)
    assert found.pop(tie) == pytest.approx(known)
    assert list(found.values()) == pytest.approx([0.0] * len(found), abs=0.1)
    assert values.remainder == pytest.approx(0.0, abs=0.1)
    assert values.accounted == pytest.approx(1.0)


def test_a_plan_in_turn_that_lacks_money_is_told_with_what_it_lacks() -> None:
    """300 scans take all: no film is bought, no part could have gained anything in its turn."""
    best, other = values_of(films()).in_turn
    assert (best.order[0], other.order[0]) == ("location", "staff")
    assert [tie.slack for tie in best.plan.ties if tie.subject == "film"] == pytest.approx([-5_200.0])
    parts = {one.part: one for one in best.parts}
    assert parts["awards"].planned == pytest.approx(156_000.0)
    assert all(one.bound == pytest.approx(one.planned, abs=0.1) and one.reached for one in best.parts)


def test_what_support_frees_pays_for_purchases_once_the_budget_is_known() -> None:
    """Two towns, 4 million: in turn 89,230 are left, what pooling frees last, while supplies lack.

    Functions cost 1,710,000 today and 1,620,770 pooled. With support before purchases, nothing is left to gain.
    """
    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"), gst.GroupingPolicy(budget=4_000_000.0))
    values = values_of(problem)
    (budget,) = (tie for tie in values.in_turn[0].plan.ties if tie.tie is TieKind.BUDGET)
    assert budget.slack == pytest.approx(1_710_000 - 1_620_770.27, abs=1)
    assert all(part.reached for one in values.in_turn for part in one.parts)
    short = {one.part: one.planned for one in values.in_turn[0].parts}["awards"]
    assert short > 400_000
    assert worth(values) == pytest.approx({TieKind.BUDGET: 322_323, TieKind.SUPPLIES: 0, TieKind.STAFF: 0}, abs=1)
    assert values.remainder == pytest.approx(0, abs=1)


def test_platforms_in_turn_stop_what_costs_more_than_it_is_worth_by_itself() -> None:
    """A scan of 375 that saves 150, 520 of them today: 78,000 of needs unmet, and no session."""
    problem = films()
    equipment = problem.grouping.equipment
    (scanner,) = equipment.equipment_types
    dear = equipment.replace(equipment_types=(scanner.replace(session_cost=3_000.0),))
    asked = problem.replace(
        grouping=problem.grouping.replace(equipment=dear), policy=problem.policy.replace(budget=None)
    )
    plan = gst.solve(asked, ONE, method=in_turn).require()
    assert plan.location is not None
    assert not [row for row in plan.location.served if row.acts > 0]


@pytest.mark.parametrize("seed", range(DRAWN))
def test_steps_add_up_and_no_tie_is_worth_less_than_nothing(seed: int) -> None:
    problem = random_cases.problem(random_cases.drawn(seed))
    joint = gst.solve(problem, ONE)
    if joint.plan is None:
        return
    values = gst.tie_values(problem, joint, ONE)
    assert [one.tie for one in values.ties] == [
        tie for tie in (TieKind.BUDGET, TieKind.SUPPLIES, TieKind.STAFF) if tie in worth(values)
    ]
    assert (TieKind.BUDGET in worth(values)) == (problem.policy.budget is not None)
    steps = [*worth(values).values(), values.remainder]
    assert [row[2] for row in values.table().rows] == [None, *steps]
    assert sum(steps) == pytest.approx(values.sequential - values.joint)
    assert min(steps) >= -1e-6 * max(abs(values.sequential), 1.0)
    for one in values.in_turn:
        assert not check(problem, one.plan).violations
        assert one.value >= values.sequential
        assert all(part.bound is None or part.bound <= part.planned for part in one.parts)


def test_it_is_said_in_both_languages() -> None:
    values = values_of(films())
    assert values.text().splitlines() == [
        "Parts in turn (platforms and beds, staff, purchases, support functions): 347,000 MAD. Together: 302,000 MAD. "
        "Of the 45,000 MAD between, ties account for 100.0%:",
        "  45,000 MAD: the budget, told to platforms and staff by what a dirham is worth; what support frees pays for "
        "purchases",
        "  0 MAD: purchases, told by what the acts use",
        "  0 MAD: staff, planned together with platforms",
        "  0 MAD: no tie, the rest of the search of the whole",
    ]
    assert values.text(gst.Lang.FR).startswith("Parties l'une après l'autre (plateaux et lits, personnel, achats, ")
    assert str(values) == values.text()


def test_only_a_sum_in_mad_has_ties_of_a_worth() -> None:
    goals = Goals(stages=tuple(Goal(weights=(TermWeight(term=term),)) for term in ("unmet", "upkeep")))
    problem = toys.twins(goals=goals)
    with pytest.raises(gst.GstOptError, match="one goal"):
        gst.tie_values(problem, gst.solve(problem, ONE))


def test_searches_cut_by_an_interruption_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C as prices are made: in the two towns the budget is worth 322,323 MAD, which nobody has found out then."""
    relax = Search.relax

    def pressed(search: Search) -> None:
        signal.raise_signal(signal.SIGINT)
        relax(search)

    problem = gst.GroupingProblem.of(gst.load_sample("two_towns"), gst.GroupingPolicy(budget=4_000_000))
    joint = gst.solve(problem)
    monkeypatch.setattr(Search, "relax", pressed)
    found = gst.tie_values(problem, joint)
    assert found.cut_by_time
    assert str(found).splitlines()[-1].strip() == "time, or an interruption, ended searches: a tie may be worth more"
