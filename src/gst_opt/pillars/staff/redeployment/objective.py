"""What is minimised, in which order, and what other questions may bind."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.core.ports import PortKey, money, staff_hours
from gst_opt.model.formulation import Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Entries, by_group, total
from gst_opt.model.provinces import province_terms
from gst_opt.pillars.staff.redeployment.equity_rows import fills
from gst_opt.pillars.staff.redeployment.fairness import default_goals
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.pillars.staff.redeployment.teams import Index

Block = Any


def terms(block: Block, problem: RedeploymentProblem) -> Mapping[str, Term]:
    """Name the parts of the objective.

    In ``uncovered``, need that no decision touches is left out (it is a constant); in the terms of the provinces
    (``short_in[...]``) all need counts, since shares of it are compared.
    """
    sets, teams = block.index, block.index.teams
    found = fills(block, sets)
    reachable = float((teams.weight * teams.need)[sets.active].sum())
    weighed = tuple(total(variable, -teams.weight[team] * value) for variable, team, value in found)
    premiums = total(block.moves, sets.premium), total(block.missions, sets.mission_premium)
    travel = total(block.moves, sets.minutes), total(block.missions, sets.minutes[sets.mission])
    return {
        "uncovered": Term(Affine(weighed, reachable), "FTE"),
        "premiums": Term(Affine(premiums), "MAD"),
        "travel": Term(Affine(travel), "min"),
        "moves": Term(Affine((total(block.moves), total(block.missions))), "heads"),
        **_provinces(block, sets),
    }


def _provinces(block: Block, sets: Index) -> dict[str, Term]:
    """Return the uncovered need of every province that has a need."""
    teams = sets.teams
    today = np.maximum(teams.need - teams.heads, 0.0)
    short = np.where(np.isin(np.arange(len(teams.keys)), sets.active), teams.need, today)
    need = np.bincount(teams.province, weights=teams.need, minlength=len(teams.provinces))
    constant = np.bincount(teams.province, weights=short, minlength=len(teams.provinces))
    needy = [position for position in range(len(teams.provinces)) if need[position] > 0]
    names = province_terms(teams.provinces[position] for position in needy)
    result = {}
    for position in needy:
        entries = []
        for variable, team, value in fills(block, sets):
            own = np.flatnonzero((teams.province[team] == position) & (value > 0))
            entries.append(total(variable, -value[own], own))
        result[names[teams.provinces[position]]] = Term(Affine(tuple(entries), float(constant[position])), "FTE")
    return result


def goals(problem: RedeploymentProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.goals or default_goals(problem)


def ports(block: Block, problem: RedeploymentProblem) -> Mapping[PortKey, Affine]:
    """Publish the hours of the staff present after the moves, and the premiums, by period.

    Hours are those of the skills with a working time. Without periods, ``*`` stands for a year.
    """
    sets, teams = block.index, block.index.teams
    hours, years = problem.hours_a_year, problem.years
    count = len(teams.keys)
    gone, come = by_group(sets.origin, count), by_group(sets.host, count)
    sent, back = by_group(sets.origin[sets.mission], count), by_group(sets.host[sets.mission], count)
    result: dict[PortKey, Affine] = {}
    for team, (facility, skill) in enumerate(teams.keys):
        for period, length in years.items() if skill in hours else ():
            one = hours[skill] * length
            entries = (
                total(block.moves, -one, gone[team]),
                total(block.moves, one, come[team]),
                total(block.missions, -one, sent[team]),
                total(block.missions, one, back[team]),
            )
            result[staff_hours(facility, skill, period)] = Affine(entries, one * float(teams.heads[team]))
    for period, length in years.items():
        paid: tuple[Entries, ...] = (
            total(block.moves, length * sets.premium),
            total(block.missions, length * sets.mission_premium),
        )
        result[money("premiums", period)] = Affine(paid)
    return result
