"""Is money counted right, and within the budgets?"""

import math
from collections import defaultdict
from collections.abc import Iterator

from gst_opt.model.problem import Violation
from gst_opt.pillars.platforms.location.check_course import Course
from gst_opt.pillars.platforms.location.check_facts import TOLERANCE, Facts, above, same
from gst_opt.pillars.platforms.location.plan import LocationPlan
from gst_opt.pillars.platforms.location.policy import MONEY

Spent = dict[str, list[float]]
"""Money by line and year, not discounted."""


def spending(facts: Facts, plan: LocationPlan, course: Course) -> Spent:
    """Return what a plan spends, from its units, beds, sessions, contracts, rounds and hours."""
    found: Spent = {line: [0.0] * len(facts.years) for line in MONEY}
    works = {(row.facility, row.equipment_type): row.opening for row in facts.equipment.site_limits}
    tariffs = {(row.facility, row.equipment_type): row.mad_per_session for row in facts.equipment.session_sales}
    for row in plan.units:
        key, t, kind = (row.facility, row.equipment_type), facts.number[row.year], facts.kinds[row.equipment_type]
        stock = facts.stocks[key]
        before = course.amounts[key][t - 1] if t > stock.first else stock.today
        opens = works.get(key, 0.0) if before == 0 < row.units else 0.0
        found["purchases"][t] += kind.purchase * (row.bought + row.renewed) + kind.moving * row.moved_in + opens
        found["purchases"][t] += kind.closing * (row.closed + row.retired)
        found["upkeep"][t] += kind.upkeep * row.units
        found["sessions"][t] += kind.session_cost * row.sessions
        found["sales"][t] -= tariffs.get(key, 0.0) * row.sessions_sold
    for one in plan.upgrades:
        found["purchases"][facts.number[one.year]] += facts.upgrades[one.equipment_type, one.becomes] * one.units
    for beds in plan.beds:
        t, ward = facts.number[beds.year], facts.wards[str(beds.ward)]
        found["purchases"][t] += ward.opening * beds.opened + ward.closing * beds.closed
        found["upkeep"][t] += ward.upkeep * beds.beds
    for bought in plan.contracts:
        t = facts.number[bought.year]
        found["contracts"][t] += facts.offers[bought.facility, bought.service][t].price * bought.acts
    for key, t in course.fitted.items():
        found["purchases"][t] += facts.docks[key].opening
    for visit in plan.visits:
        price = facts.docks[visit.mobile_unit, visit.place].unit.session_cost
        found["mobile"][facts.number[visit.year]] += price * visit.sessions
    for lent in plan.lent_hours:
        found["lending"][facts.number[lent.year]] += facts.policy.lending_price * lent.hours
    for _, _, year in {(one.origin, one.host, one.year) for one in plan.remote_hours}:
        found["remote"][facts.number[year]] += facts.policy.remote_link
    return found


def budgets(facts: Facts, spent: Spent) -> Iterator[Violation]:
    """Yield the years that spend more than their budget and what the year before leaves."""
    others = [own for line, own in spent.items() if line != "purchases"]
    for rule, budget, yearly in (
        ("capex", facts.policy.capex_a_year, spent["purchases"]),
        ("opex", facts.policy.opex_a_year, [math.fsum(column) for column in zip(*others, strict=True)]),
    ):
        left = 0.0
        for year, mad in zip(facts.years, yearly, strict=True):
            if budget is None:
                break
            allowed = budget + facts.policy.carry_over * left
            if above(mad, allowed):
                yield Violation(rule, (str(year),), mad, allowed)
            left = max(allowed - mad, 0.0)


def lines(facts: Facts, plan: LocationPlan, spent: Spent) -> Iterator[Violation]:
    """Yield lines of money that are not what the plan's decisions cost."""
    written: Spent = defaultdict(lambda: [0.0] * len(facts.years))
    for row in plan.costs:
        written[row.line][facts.number[row.year]] = row.mad
    for line, own in spent.items():
        for t, mad in enumerate(own):
            if not same(written[line][t], mad):
                yield Violation("costs", (line, str(facts.years[t])), written[line][t], mad)


def prices(facts: Facts, plan: LocationPlan, course: Course) -> Iterator[Violation]:
    """Yield contracts and rounds of mobile units with a wrong price or cost."""
    for one in plan.contracts:
        place, price = (one.facility, one.service, str(one.year)), 0.0
        price = facts.offers[one.facility, one.service][facts.number[one.year]].price
        for found, right in ((one.mad_per_act, price), (one.cost, price * one.acts)):
            if not same(found, right):
                yield Violation("contract_cost", place, found, right)
    for visit in plan.visits:
        key, t = (visit.mobile_unit, visit.place), facts.number[visit.year]
        dock = facts.docks[key]
        cost = dock.unit.session_cost * visit.sessions + dock.opening * (course.fitted.get(key) == t)
        if visit.fitted_out != (course.fitted.get(key) == t):
            yield Violation("fitting", (*key, str(visit.year)), 1, 0)
        if abs(visit.cost - cost) > TOLERANCE * max(1.0, cost):
            yield Violation("visit_cost", (*key, str(visit.year)), visit.cost, cost)
