"""Prices of everything that a plan may pay for, for the model and for the plan's figures; the check has its own.

No solver.
"""

from typing import NamedTuple

import numpy as np

from gst_opt.pillars.platforms.location.index import Floats, Index
from gst_opt.pillars.platforms.location.options import Options
from gst_opt.pillars.platforms.location.problem import LocationProblem


class Prices(NamedTuple):
    """Prices in MAD.

    Attributes
    ----------
    purchase, closing, works, moving, upkeep
        One a platform: a unit bought (a bed opened), taken out, the first one at its site, moved, kept up for a year.
    session, sale
        One a platform: a session run, and one hired out; 0 for beds.
    contract
        An act, shape (offers, years).
    fitting, round
        One a docking point: fitting out, and a session.
    """

    purchase: Floats
    closing: Floats
    works: Floats
    moving: Floats
    upkeep: Floats
    session: Floats
    sale: Floats
    contract: Floats
    fitting: Floats
    round: Floats


def prices(problem: LocationProblem, sets: Index, found: Options) -> Prices:
    """Derive the prices from the data."""
    equipment = problem.equipment
    types = {one.id: one for one in equipment.equipment_types}
    wards = {str(one.ward): one for one in equipment.ward_standards}
    works = {(row.facility, row.equipment_type): row.opening for row in equipment.site_limits}
    sales = {(row.facility, row.equipment_type): row.mad_per_session for row in equipment.session_sales}
    rows: list[tuple[float, ...]] = []
    for one in sets.platforms:
        site = one.facility, one.resource
        if one.block:
            ward = wards[one.resource]
            rows.append((ward.opening, ward.closing, 0.0, 0.0, ward.upkeep, 0.0, 0.0))
        else:
            kind = types[one.resource]
            own = (kind.purchase, kind.closing, works.get(site, 0.0), kind.moving, kind.upkeep, kind.session_cost)
            rows.append((*own, sales.get(site, 0.0)))
    purchase, closing, before, moving, upkeep, session, sale = np.array(rows, dtype=np.float64).reshape(-1, 7).T
    return Prices(
        purchase=purchase,
        closing=closing,
        works=before,
        moving=moving,
        upkeep=upkeep,
        session=session,
        sale=sale,
        contract=np.array([offer.price for offer in found.offers], dtype=np.float64).reshape(-1, sets.years),
        fitting=np.array([dock.opening for dock in found.docks], dtype=np.float64),
        round=np.array([dock.unit.session_cost for dock in found.docks], dtype=np.float64),
    )
