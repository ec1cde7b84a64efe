"""Terms: needs not met, by province too, money, journeys, acts above the lowest capable level, and what others add."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gst_opt.model.formulation import Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Floats, total
from gst_opt.model.provinces import province_terms
from gst_opt.pillars.platforms.location.access import access_terms
from gst_opt.pillars.platforms.location.money import money_terms
from gst_opt.pillars.platforms.location.options import Options, lowest_ranks
from gst_opt.pillars.platforms.location.plan import Mode
from gst_opt.pillars.platforms.location.problem import UNMET_IN, LocationProblem
from gst_opt.pillars.platforms.location.tails import tail_terms
from gst_opt.pillars.platforms.location.uses import Uses, by_mode
from gst_opt.pillars.platforms.location.waiting import waiting_terms

Block = Any


def terms(block: Block, problem: LocationProblem) -> Mapping[str, Term]:
    """Name the parts of the objective, expected over scenarios; needs that nothing can reach are a constant beside."""
    return {
        "unmet": Term(Affine((total(block.unmet, _unmet(block.uses)),)), "act"),
        **access_terms(block, problem),
        **_provinces(block, problem),
        **money_terms(block, problem),
        "journeys": Term(Affine((total(block.share, _travel(block)),)), "min"),
        "above_level": Term(Affine((_above_level(block, problem),)), "act"),
        **waiting_terms(block, problem),
        **tail_terms(block, problem),
    }


def _unmet(used: Uses) -> Floats:
    weighted: Floats = used.chance * used.acts * used.weight
    return weighted


def _travel(block: Block) -> Floats:
    found: Options = block.options
    used: Uses = block.uses
    minutes: Floats = (used.chance * used.acts)[used.need] * found.minutes[used.option]
    return minutes


def _above_level(block: Block, problem: LocationProblem) -> Any:
    """Return acts of counter-referral at sites above the lowest level that some site near home has in their year."""
    found: Options = block.options
    used: Uses = block.uses
    uses = by_mode(found, used, Mode.ON_SITE)
    option, need = used.option[uses], used.need[uses]
    uses = uses[found.rank[option] > lowest_ranks(found)[used.stream[need], used.year[need]]]
    return total(block.share, (used.chance * used.acts)[used.need[uses]], uses)


def _provinces(block: Block, problem: LocationProblem) -> dict[str, Term]:
    """Return the unmet need of every province that has any need, that which nothing can reach included."""
    found: Options = block.options
    used: Uses = block.uses
    zones = {zone.id: zone.province for zone in problem.region.zones}
    own = np.array([zones[one.zone] for one in found.streams])
    weight = {one.id: one.weight for one in problem.services}
    each = np.array(
        [
            weight[one.service] * sum(one.acts) * problem.expected_factor(one.service, zones[one.zone])
            for one in found.streams
        ]
    )
    beyond = np.where(found.served, 0.0, each)
    terms = {}
    for name, term in province_terms(problem.weighted_needs, UNMET_IN).items():
        mine = own == name
        columns = np.flatnonzero(mine[used.stream])
        quantity = Affine((total(block.unmet, _unmet(used)[columns], columns),), float(beyond[mine].sum()))
        terms[term] = Term(quantity, "act")
    return terms


def goals(problem: LocationProblem) -> Goals:
    """Take the goals from the question."""
    return problem.chosen_goals
