"""The mathematics: the parts' own models side by side, tied at their ports.

Every part keeps its own variables and rows. Platforms lose one rule, that of hours in post today: the staff tie stands
for it. The tender is made for the most that the region could need; what the acts of the plan use of it is a row here.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyomo.environ as pyo

from gst_opt.core.ports import PortKey, money, ordered
from gst_opt.core.ports import staff_hours as hours_there
from gst_opt.grouping_plan.outcome import assemble
from gst_opt.grouping_plan.plan import GroupingPlan
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.grouping_plan.ties import Gathered, value_of
from gst_opt.grouping_plan.worlds import acts_needed, largest, recast, staffed, supplied, uses
from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, total
from gst_opt.model.problem import Plan, Problem
from gst_opt.pillars.platforms.location.model import FORMULATION as LOCATION
from gst_opt.pillars.purchasing.awards.model import FORMULATION as AWARDS
from gst_opt.pillars.purchasing.market import Bid, left_over
from gst_opt.pillars.staff.redeployment.model import FORMULATION as STAFF
from gst_opt.pillars.support.hubs.model import FORMULATION as SUPPORT

Block = Any
Ports = Mapping[PortKey, Affine]
FORMULATIONS: dict[str, Formulation[Any, Any]] = {
    "location": LOCATION,
    "staff": STAFF,
    "awards": AWARDS,
    "support": SUPPORT,
}


def variables(block: Block, problem: GroupingProblem) -> None:
    """Every part's own model on a block of its own; acts done by service and needs short, as shares of the most."""
    block.asked = _asked(problem)
    block.published = {}
    for name, question in block.asked.items():
        own = pyo.Block()
        block.add_component(name, own)
        formulation = FORMULATIONS[name]
        formulation.variables(own, question)
        for piece in formulation.constraints:
            if not (name == "location" and piece.__name__ == "staff_hours" and problem.tied_staff):
                piece(own, question)
        block.published[name] = formulation.ports(own, question)
    block.needed, block.demand, block.always = {}, {}, {}
    if problem.tied_supplies and problem.awards is not None:
        block.always = supplied(problem, problem.awards, {}).demand
        block.needed = {service: acts for service, acts in acts_needed(block.asked["location"]).items() if acts > 0}
        awards = block.asked["awards"]
        block.demand = {need: awards.demand[need] for need in sorted({bid.need for bid in awards.bids})}
    linear.variables(block, "done", list(block.needed), upper=1.0)
    linear.variables(block, "short", list(block.demand), upper=1.0)
    linear.variables(block, "least", [_key(bid) for bid in _bids(block) if bid.least > 0], upper=1.0, integer=True)
    if block.demand:
        lot = {need: label for (need, _), label in zip(block.awards.short, block.awards.short.together, strict=True)}
        block.short.together = np.array([lot[need] for need in block.demand], dtype=np.str_)
        of_least = [lot[bid.need] for bid in _bids(block) if bid.least > 0]
        block.least.together = np.array(of_least, dtype=np.str_)


def _bids(block: Block) -> list[Bid]:
    """Return the offers that acts use, in order."""
    return [bid for bid in block.asked["awards"].bids if bid.need in block.demand] if block.demand else []


def _key(bid: Bid) -> tuple[str, str]:
    return bid.offer.supplier, bid.offer.reference


def _asked(problem: GroupingProblem) -> dict[str, Problem[Any]]:
    """Return the questions as they are built: the tender for the most that can be needed."""
    found = dict(problem.parts)
    if problem.tied_supplies and problem.location is not None and problem.awards is not None:
        found["awards"] = largest(problem, problem.location, problem.awards)
    return found


def staff_tie(block: Block, problem: GroupingProblem) -> None:
    """Sessions, beds, experts and hubs take no more hours than the staff plan leaves at their site and hubs free.

    ::

        needed_jk(platforms) + sum_p needed_jkp(hubs) - sum_p freed_jkp(hubs) <= rho sum_p hours_jkp(staff)

    for every site j and skill k that has staff somewhere and that platforms or hubs take, where hours lent and given at
    a distance are in what is needed, and rho is the share of working time that platforms may use. Source: heads after
    moves, working times; it stands for the rule of hours in post of platforms.
    """
    if not problem.tied_staff:
        return
    taken = [
        (key[1:3], hours, 1.0 if key[0] == "staff_hours_needed" else -1.0)
        for name in ("location", "support")
        for key, hours in block.published.get(name, {}).items()
        if key[0] in ("staff_hours_needed", "staff_hours_freed") and (name == "location" or key[2] in problem.skills)
    ]
    teams = {team: row for row, team in enumerate(sorted({team for team, _, _ in taken}))}
    rows = Gathered(len(teams))
    for team, hours, sign in taken:
        rows.add(teams[team], hours, sign)
    share = block.asked["location"].policy.staff_share
    for (facility, skill), row in teams.items():
        for period in problem.periods:
            rows.add(row, block.published["staff"].get(hours_there(facility, skill, period), Affine()), -share)
    rows.at_most(block, "staff_tie", list(teams))


def activity(block: Block, problem: GroupingProblem) -> None:
    """Acts of a service are those that all sites do.

    ::

        N_s a_s = sum_j acts_js(platforms)    for every service s planned

    where a is the share of the acts needed, N. Source: definition; acts bought elsewhere use nothing of ours.
    """
    services = list(block.needed)
    rows = Gathered(len(services))
    for key, acts in block.published.get("location", {}).items():
        if key[0] == "acts" and key[2] in block.needed:
            rows.add(services.index(key[2]), acts)
    needed = np.array([block.needed[service] for service in services])
    rows.put(block.done, range(len(services)), (-needed).tolist())
    rows.equal(block, "activity", services, 1e3 / needed)


def supply_tie(block: Block, problem: GroupingProblem) -> None:
    """Acts use no more than what is bought, or what stays short at a price.

    ::

        c_i + sum_s use_is N_s a_s <= sum_jr factor_r o_jr(tender) + D_i u_i    for every need i on offer

    where o are units ordered, c what is needed whatever the plan, u what is short as a share of D, the most there can
    be. Source: units of every need that an act uses.
    """
    needs, bought, used = _supplies(block, problem)
    rows = Gathered(len(needs))
    for row, need in enumerate(needs):
        rows.add(row, used[need])
        rows.add(row, bought[need], -1.0)
    demand = np.array([block.demand[need] for need in needs])
    rows.put(block.short, range(len(needs)), (-demand).tolist())
    rows.at_most(block, "supply_tie", needs, 1 / demand)


def surplus_tie(block: Block, problem: GroupingProblem) -> None:
    """No more is bought than acts use, but for a minimum order, or the surplus that the policy allows.

    ::

        sum_jr factor_r o_jr(tender) <= (1 + surplus) (c_i + sum_s use_is N_s a_s) + step_i    for every need i on offer
        step_i = max_jr factor_r least_jr

    Source: the rule of the tender, for the acts of the plan.
    """
    needs, bought, used = _supplies(block, problem)
    awards = block.asked.get("awards")
    rows = Gathered(len(needs))
    for row, need in enumerate(needs):
        rows.add(row, bought[need])
        rows.add(row, used[need], -(1 + awards.policy.surplus))
        own = [bid for bid in awards.bids if bid.need == need]
        rows.constant[row] -= left_over(own, 0.0, 0.0)
    demand = np.array([block.demand[need] for need in needs])
    rows.at_most(block, "surplus_tie", needs, 1 / demand)


def offer_tie(block: Block, problem: GroupingProblem) -> None:
    """No offer alone is taken for more than acts use, but up to its minimum order.

    ::

        factor_r o_jr(tender) <= (1 + surplus) (c_i + sum_s use_is N_s a_s) + factor_r least_jr q_jr

    for every offer (j, r) for a need i, where q says that the minimum order is as much as is taken. Source: the largest
    order of the tender, for the acts of the plan.
    """
    _, _, used = _supplies(block, problem)
    bids, least = _bids(block), {key: position for position, key in enumerate(block.least)}
    rows = Gathered(len(bids))
    for row, bid in enumerate(bids):
        rows.add(row, block.published["awards"][ordered(*_key(bid))], bid.factor)
        rows.add(row, used[bid.need], -(1 + block.asked["awards"].policy.surplus))
        if _key(bid) in least:
            rows.add(row, Affine((total(block.least, -bid.factor * bid.least, [least[_key(bid)]]),)))
    demand = np.array([block.demand[bid.need] for bid in bids])
    rows.at_most(block, "offer_tie", [_key(bid) for bid in bids], 1 / demand)


def least_tie(block: Block, problem: GroupingProblem) -> None:
    """Where no more than the minimum order is taken, it is no more than that.

    ::

        o_jr(tender) <= most_jr - (most_jr - least_jr) q_jr    for every offer (j, r) with a minimum order

    Source: the largest order of the tender, for the acts of the plan.
    """
    bids = [bid for bid in _bids(block) if bid.least > 0]
    rows = Gathered(len(bids))
    for row, bid in enumerate(bids):
        rows.add(row, block.published["awards"][ordered(*_key(bid))])
        rows.add(row, Affine((total(block.least, bid.most - bid.least, [row]),), -bid.most))
    rows.at_most(block, "least_tie", [_key(bid) for bid in bids], 1 / np.array([bid.most for bid in bids]))


def _supplies(block: Block, problem: GroupingProblem) -> tuple[list[str], dict[str, Affine], dict[str, Affine]]:
    """Return needs on offer, units bought of each, and units that acts use of each."""
    needs = list(block.demand)
    if not needs or problem.awards is None:
        return [], {}, {}
    awards, services = block.asked["awards"], list(block.needed)
    bought: dict[str, Affine] = dict.fromkeys(needs, Affine())
    for bid in awards.bids:
        units = block.published["awards"][ordered(bid.offer.supplier, bid.offer.reference)]
        scaled = tuple(
            total(entry.variable, bid.factor * entry.arrays()[2], entry.arrays()[1]) for entry in units.entries
        )
        bought[bid.need] = Affine((*bought[bid.need].entries, *scaled))
    used = {need: Affine((), block.always.get(need, 0.0)) for need in needs}
    for (need, service), units_per_act in uses(problem, problem.awards).items():
        if need in used and service in block.needed:
            each = total(block.done, units_per_act * block.needed[service], [services.index(service)])
            used[need] = Affine((*used[need].entries, each), used[need].constant)
    return needs, bought, used


def year_budget(block: Block, problem: GroupingProblem) -> None:
    """Platforms, premiums, purchases and support stay within one budget.

    ::

        annuity purchases(platforms) + other lines(platforms) + premiums(staff) + paid(tender)
            + annuity openings and migrations(support) + other lines(support) <= B

    Source: the grouping's budget; the annuity spreads what is paid once over its years.
    """
    if problem.policy.budget is None:
        return
    rows = Gathered(1)
    for spent in _spent(block, problem).values():
        rows.add(0, spent)
    rows.constant[0] -= problem.policy.budget
    most = max((float(np.abs(one.coefficients).max(initial=0.0)) for one in rows.entries(np.ones(1))), default=0.0)
    rows.at_most(block, "year_budget", ["*"], np.array([1e3 / max(most, 1.0)]))


def terms(block: Block, problem: GroupingProblem) -> Mapping[str, Term]:
    """Name the parts of the objective: those of every part, shortages for the acts of the plan."""
    found: dict[str, Term] = {}
    for name, question in block.asked.items():
        found |= FORMULATIONS[name].terms(getattr(block, name), question)
    if problem.tied_supplies:
        prices = [block.asked["awards"].shortage_prices[need] * units for need, units in block.demand.items()]
        found["shortages"] = Term(Affine((total(block.short, np.array(prices)),)), "MAD")
    return found


def goals(problem: GroupingProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.chosen_goals


def ports(block: Block, problem: GroupingProblem) -> Mapping[PortKey, Affine]:
    """Publish what every line takes of the year's budget."""
    return {money(line, str(problem.year)): spent for line, spent in _spent(block, problem).items()}


def _spent(block: Block, problem: GroupingProblem) -> dict[str, Affine]:
    """Return what every line takes of the year's budget, with what support functions cost whatever is decided."""
    named, found = terms(block, problem), {}
    for line, share in problem.borne.items():
        rows = Gathered(1)
        rows.add(0, named[line].quantity, share)
        found[line] = Affine(tuple(rows.entries(np.ones(1))), float(rows.constant[0]))
    if "as_today" in found:
        always = [one.constant for key, one in block.published["support"].items() if key[0] == "money"]
        found["as_today"] = Affine(found["as_today"].entries, found["as_today"].constant + sum(always))
    return found


def write(block: Block, problem: GroupingProblem, plan: GroupingPlan | None) -> None:
    """Give every variable its value under a plan, or when nothing changes."""
    for name, question in block.asked.items():
        own: Any = None if plan is None else plan.parts.get(name)
        if own is not None and name == "awards" and problem.tied_supplies:
            own = recast(question, own)
        FORMULATIONS[name].write(getattr(block, name), question, own)
    acts = dict.fromkeys(block.needed, 0.0)
    for key, done in block.published.get("location", {}).items():
        if key[0] == "acts" and key[2] in acts:
            acts[key[2]] += value_of(done)
    linear.set_values(block.done, [acts[service] / needed for service, needed in block.needed.items()])
    needs, bought, used = _supplies(block, problem)
    short = [max(value_of(used[need]) - value_of(bought[need]), 0.0) / block.demand[need] for need in needs]
    reach = {need: (1 + block.asked["awards"].policy.surplus) * value_of(used[need]) for need in needs}
    limited = [bid for bid in _bids(block) if bid.least > 0]
    linear.set_values(block.least, [float(bid.factor * bid.least > reach[bid.need]) for bid in limited])
    linear.set_values(block.short, [share if share > NOTHING else 0.0 for share in short])


NOTHING = 1e-9
"""A share of a need that is rounding."""


def read(block: Block, problem: GroupingProblem) -> GroupingPlan:
    """Read every part in the world that the others leave it, and the ties."""
    parts: dict[str, Plan] = {}
    for name, question in block.asked.items():
        given = question
        if name == "location" and problem.tied_staff:
            given = staffed(question, STAFF.read(block.staff, block.asked["staff"]))
        parts[name] = FORMULATIONS[name].read(getattr(block, name), given)
    return assemble(problem, parts)


def _hard() -> frozenset[str]:
    return frozenset(f"{part}.{rule}" for part, own in FORMULATIONS.items() for rule in own.hard) | {"activity"}


TIES: tuple[Callable[[Block, GroupingProblem], None], ...] = (
    staff_tie,
    activity,
    supply_tie,
    surplus_tie,
    offer_tie,
    least_tie,
    year_budget,
)

FORMULATION: Formulation[GroupingProblem, GroupingPlan] = Formulation(
    variables=variables,
    constraints=TIES,
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    hard=_hard(),
)
