"""Why there is no plan: only rules that somebody could change, at places named by year and scenario."""

import gst_opt as gst
from gst_opt.model.problem import PinKind
from gst_opt.pillars.platforms.location.policy import DemandScenario, Guarantee, LocationPolicy
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.solve.result import Conflict
from tests.location.contract_toys import ROOM_FOR_TWO, STAY, rule, scanners

EVERYBODY = Guarantee(share=1.0, reason="everybody")
TWICE = DemandScenario(id="twice", probability=1.0, factor=2.0)


def conflict(problem: LocationProblem) -> Conflict:
    """Return why a problem has no plan."""
    found = gst.solve(problem, gst.SolveOptions(workers=1))
    assert (found.status, found.plan) == (gst.Status.INFEASIBLE, None)
    assert found.conflict is not None
    return found.conflict


def test_a_promise_without_room_is_told_by_year_and_scenario() -> None:
    """6,000 scans are promised, and two scanners make 4,000 in 2026: the promise gives way, or sessions have no end."""
    why = conflict(rule("unmet", scans=1500, policy=STAY | {"guarantees": (EVERYBODY,), "scenarios": (TWICE,)}))
    assert set(why.rules) == {"session_time", "guarantee"}
    assert why.proven
    assert {one.rule for one in why.relaxations} <= {"capacity", "session_time", "guarantee"}
    assert all("2026" in one.place and "twice" in one.place for one in why.relaxations)


def test_a_unit_that_comes_from_nowhere_is_no_explanation() -> None:
    """Three scanners are wanted where two are, and one costs 1,000: the budget or the decision gives way, no move."""
    wanted = scanners(PinKind.AT_LEAST, 3)
    policy = {"pins": (wanted,), "capex_a_year": 500.0, "years": 2, "carry_over": 0.0}
    why = conflict(rule("purchases", policy=policy, site_limits=ROOM_FOR_TWO))
    assert set(why.rules) == {"capex", "pins"}
    assert {one.rule for one in why.relaxations} <= {"capex", "pins"}
    assert all("202" in one.place for one in why.relaxations)


def test_a_rule_that_only_tightens_is_no_explanation() -> None:
    """Units and beds of two towns stay and cost 3,110,000 a year: the budget of a million alone can give way.

    The years of operation that it pays, a sum of its rows, are a figure of ours that nobody decides.
    """
    policy = LocationPolicy(years=2, close=False, opex_a_year=1_000_000)
    why = conflict(LocationProblem.of(gst.load_sample("two_towns"), policy))
    assert why.rules == ("opex",)
    assert [(one.rule, one.place, one.needed) for one in why.relaxations] == [
        ("opex", "2026", 3_110_000),
        ("opex", "2027", 3_110_000),
    ]
    assert "(2026): at most 1,000,000 is allowed, 3,110,000 would be needed" in why.text(gst.Lang.EN)
    french = why.text(gst.Lang.FR).replace("\u00a0", " ")
    assert "(2026) : au plus 1 000 000 est permis, il faudrait 3 110 000" in french
