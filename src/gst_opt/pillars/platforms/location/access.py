"""Rows of access: people within the time of a cover standard, shares guaranteed; journeys by their exponent."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gst_opt.model import linear
from gst_opt.model.formulation import Term
from gst_opt.model.linear import Affine, Entries, Floats, Reading, total
from gst_opt.pillars.platforms.location.covers import Covered, covered
from gst_opt.pillars.platforms.location.naming import dated, in_scenario
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.policy import Guarantee
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any


def access_variables(block: Block, problem: LocationProblem) -> None:
    """Sites that each zone misses within the time of every cover standard."""
    block.covered = sets = covered(problem, block.index)
    linear.variables(block, "uncovered", _cover_keys(problem, sets), upper=sets.wanted)


def access_values(block: Block) -> None:
    """Set the sites that each zone misses where the steps say that units are."""
    sets: Covered = block.covered
    lost = np.bincount(sets.row, linear.values(block.step)[sets.arc], len(sets.zone))
    linear.set_values(block.uncovered, np.maximum(sets.wanted - sets.near + lost, 0.0))


def cover(block: Block, problem: LocationProblem) -> None:
    """People have as many sites with units within the time as the standard wants, or are counted as not covered.

    ::

        v_cit + sum_{j: tau_ij <= tau_c} sum_q>=1 w_jkqt >= m_c    for every standard c of a type k, zone i and year t

    where v are sites missing and m sites wanted, no more than can be there. It is written with the steps into nothing:
    sum_q>=1 w = 1 - w_0. Source: cover standards, of emergency departments and ambulances.
    """
    sets: Covered = block.covered
    every = np.arange(len(sets.zone))
    entries = [Entries(block.uncovered, every, every), Entries(block.step, sets.row, sets.arc, -1.0)]
    rows = linear.rows(
        block, "cover", dated(problem, _cover_keys(problem, sets)), entries, lower=sets.wanted - sets.near
    )
    standards = np.array([float(row.sites) for row in problem.equipment.cover_standards])
    rows.reading = Reading(constant=sets.near + standards[sets.standard] - sets.wanted)


def guarantee(block: Block, problem: LocationProblem) -> None:
    """A share of the acts that people need is given within a time.

    ::

        sum_{h in g} sum_{a: tau_a <= tau_g} d_hts x_hats >= share_g sum_{h in g} d_hts
        for every guarantee g, province, year t and scenario s

    Source: the grouping's policy; needs that nothing can reach count, and of a service that it names, those that
    nothing makes.
    """
    used: Uses = block.uses
    found: Options = block.options
    keys: list[tuple[str, str, int, int]] = []
    entries, least = [], []
    for number, one in enumerate(problem.policy.guarantees, 1):
        for province, chosen in _chosen(problem, found, one):
            needed = _needed(problem, one, province)
            number_of = len(keys) + np.arange(needed.size).reshape(needed.shape)
            near = found.minutes <= (np.inf if one.minutes is None else one.minutes)
            uses = np.flatnonzero(chosen[used.stream[used.need]] & near[used.option])
            need = used.need[uses]
            entries.append(Entries(block.share, number_of[used.year[need], used.scenario[need]], uses, used.acts[need]))
            least.append(one.share * needed.reshape(-1))
            keys += [(f"{number}: {one.reason}", province, t, s) for t, s in np.ndindex(*needed.shape)]
    if keys:
        linear.rows(block, "guarantee", in_scenario(problem, keys), entries, lower=np.concatenate(least))


def _chosen(problem: LocationProblem, found: Options, one: Guarantee) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield every province of a guarantee, with the streams that it holds for."""
    zones = {zone.id: zone.province for zone in problem.region.zones}
    provinces = np.array([zones[stream.zone] for stream in found.streams])
    mine = np.array([one.service in (None, stream.service) for stream in found.streams], dtype=np.bool_)
    for province in sorted(set(zones.values())):
        if one.province in (None, province):
            yield province, mine & (provinces == province)


def _needed(problem: LocationProblem, one: Guarantee, province: str) -> Floats:
    """Return acts needed of what a guarantee holds for in a province, shape (years, scenarios)."""
    zones = {zone.id for zone in problem.region.zones if zone.province == province}
    every = problem.streams if one.service is None else problem.needed
    own = [row for row in every if row.zone in zones and one.service in (None, row.service)]
    factors = [[problem.factor(scenario, row.service, province) for scenario in problem.scenarios] for row in own]
    acts = np.array([row.acts for row in own]).reshape(len(own), len(problem.years))
    needed: Floats = acts.T @ np.array(factors).reshape(len(own), len(problem.scenarios))
    return needed


def access_terms(block: Block, problem: LocationProblem) -> dict[str, Term]:
    """Name people not covered, beyond those whom nothing can cover, and journeys by their exponent."""
    sets: Covered = block.covered
    return {
        "not_covered": Term(Affine((total(block.uncovered, sets.people),)), "inhabitant"),
        "kolm_pollak": Term(Affine(_kolm_pollak(block, problem)), "act"),
    }


def _kolm_pollak(block: Block, problem: LocationProblem) -> tuple[Entries, ...]:
    """Return acts by the exponent of their journey; one not given counts as the longest journey of its stream."""
    found: Options = block.options
    used: Uses = block.uses
    aversion = problem.policy.inequality_aversion
    longest = np.zeros(len(found.streams))
    np.maximum.at(longest, found.stream, found.minutes)
    acts = used.chance * used.acts
    given = acts[used.need] * np.exp(aversion * found.minutes[used.option])
    return total(block.share, given), total(block.unmet, acts * np.exp(aversion * longest[used.stream]))


def _cover_keys(problem: LocationProblem, sets: Covered) -> list[tuple[str, str, int, str, int]]:
    heads = [(row.equipment_type, str(row.min_level or ""), row.sites) for row in problem.equipment.cover_standards]
    zones = [zone.id for zone in problem.region.zones]
    columns = zip(sets.standard.tolist(), sets.zone.tolist(), sets.year.tolist(), strict=True)
    return [(*heads[standard], zones[zone], year) for standard, zone, year in columns]
