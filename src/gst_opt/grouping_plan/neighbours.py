"""What is searched together around a plan: all of one kind of platform, of kinds that share a skill, of a province."""

from collections.abc import Collection, Mapping

import numpy as np

from gst_opt.grouping_plan.arrays import Bools
from gst_opt.grouping_plan.problem import GroupingProblem
from gst_opt.solve.compiled import Compiled

PARTS = "location", "staff"
"""Parts of which columns are searched together: a unit comes with the staff that runs it."""

SHARED = 1 / 8
"""Kinds that share a skill are searched together where they have no larger part of all columns than this."""


def neighbourhoods(problem: GroupingProblem, model: Compiled) -> list[Bools]:
    """Return sets of columns of platforms and staff: of every type or ward, of those that share a skill, of a province.

    A column is of a type or ward when the first type, ward, service or skill in its key is that type or ward, a service
    that it makes or a skill that it takes, or when its key has none; it is of a province when a place in its key is.
    """
    about, places = _kinds(problem), _provinces(problem)
    known = problem.skills.union(*about.values())
    subjects, provinces = [], []
    own = np.zeros(model.matrix.shape[1], dtype=bool)
    for start, family in model.families:
        mine = str(family.name).partition(".")[0] in PARTS
        own[start : start + len(family)] = mine
        for key in family.keys() if mine else [()] * len(family):
            words = [word for word in (key if isinstance(key, tuple) else (key,)) if isinstance(word, str)]
            subjects.append(next((word for word in words if word in known), ""))
            provinces.append({places[word] for word in words if word in places})
    subject = np.array(subjects)
    of_kind = {kind: own & np.isin(subject, ["", *words]) for kind, words in about.items()}
    skills = sorted(problem.skills & set().union(*about.values()))
    of_skill = [np.any([of_kind[kind] for kind in about if skill in about[kind]], axis=0) for skill in skills]
    few = [one for one in of_skill if np.count_nonzero(one) <= SHARED * np.count_nonzero(own)]
    of_province = [
        own & np.array([province in found for found in provinces]) for province in sorted(set(places.values()))
    ]
    return list({one.tobytes(): one for one in [*of_kind.values(), *few, *of_province]}.values())


def _kinds(problem: GroupingProblem) -> Mapping[str, Collection[str]]:
    """Return every type and ward with the services that it makes, the skills that it takes and what it becomes."""
    equipment = problem.grouping.equipment
    found: dict[str, set[str]] = {}
    for made in equipment.session_standards:
        found.setdefault(made.equipment_type, {made.equipment_type}).add(made.service)
    for stay in equipment.stay_standards:
        found.setdefault(str(stay.ward), {str(stay.ward)}).add(stay.service)
    for cover in equipment.cover_standards:
        found.setdefault(cover.equipment_type, {cover.equipment_type})
    for upgrade in equipment.upgrades:
        found.setdefault(upgrade.equipment_type, {upgrade.equipment_type}).add(upgrade.becomes)
    for staff in equipment.session_staff:
        found.setdefault(staff.equipment_type, {staff.equipment_type}).add(staff.skill)
    for expert in equipment.expert_times:
        found.setdefault(expert.equipment_type, {expert.equipment_type}).add(expert.skill)
    for nurse in equipment.ward_staff:
        found.setdefault(str(nurse.ward), {str(nurse.ward)}).add(nurse.skill)
    return found


def _provinces(problem: GroupingProblem) -> dict[str, str]:
    """Return the province of every facility and zone."""
    region = problem.grouping.region
    return {one.id: one.province for one in region.facilities} | {one.id: one.province for one in region.zones}
