"""The mathematics: half-days lent along arcs with losses, in agreements of whole people, each step of a premium apart.

People of a team are alike, so agreements are counted, not named: ``n`` people of a team work at a host for between
``low`` and ``high`` half-days a week each, ``h`` in all. That is exact. ``low n <= h <= high n`` in whole numbers can
be shared out into ``n`` such agreements. People are counted by the hosts ``m`` that they may have, and so are their
agreements. Given to them in turn, host after host, no one gets a host twice or more hosts than allowed: no host has
more agreements than there are people, and all hosts together have at most ``m`` times as many. Nobody is away for too
long, as `SharedTimeProblem.longest` gives each of ``m`` hosts an even share.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.formulation import Formulation, Term
from gst_opt.model.goals import Goals
from gst_opt.model.linear import Affine, Entries, Positions, total
from gst_opt.model.provinces import province_terms
from gst_opt.pillars.staff.shared_time.index import Index, index
from gst_opt.pillars.staff.shared_time.plan import Agreement, SharedTimePlan
from gst_opt.pillars.staff.shared_time.ports import ports
from gst_opt.pillars.staff.shared_time.problem import SharedTimePin, SharedTimeProblem
from gst_opt.pillars.staff.shared_time.read import Decided, plan_of

Block = Any


def variables(block: Block, problem: SharedTimeProblem) -> None:
    """People and half-days of every step of every arc, people by hosts, half-days bought, half-days uncovered."""
    block.index = sets = index(problem)
    lendable = sets.lendable[sets.origin[sets.arc]]
    people = lendable // np.maximum(sets.shortest, 1)
    most = np.minimum(lendable, people * sets.longest)
    linear.variables(block, "people", sets.step_keys, upper=people.astype(np.float64), integer=True)
    linear.variables(block, "half_days", sets.step_keys, upper=most.astype(np.float64), integer=True)
    team, hosts, _ = sets.groups
    groups = [(*sets.teams[one], many) for one, many in zip(team.tolist(), hosts.tolist(), strict=True)]
    linear.variables(block, "lending", groups, upper=sets.lenders[team].astype(np.float64), integer=True)
    linear.variables(block, "bought", sets.keys(sets.offer), upper=sets.on_sale.astype(np.float64), integer=True)
    teams = sets.exposed
    worst = sets.need[teams] * sets.week[teams] - sets.heads[teams] * sets.week[teams] + sets.lendable[teams]
    linear.variables(block, "short", sets.keys(teams), upper=worst)


def need(block: Block, problem: SharedTimeProblem) -> None:
    """What the half-days at work leave of the need stays uncovered; journeys are paid from the time lent.

    ::

        u_jk + sum_is (1 - 2 tau_ij / v_k) h_ijks + b_jk - sum_j's h_jj'ks >= w_k (need_jk - heads_jk)
        for every team (j, k) that can be helped or left short

    where u are half-days uncovered, h lent in step s, b bought; tau is the journey and v the minutes of a half-day;
    w is the half-days of a week. Source: a half-day lent is one that the person would have worked at home.
    """
    sets = block.index
    row = np.full(len(sets.teams), -1, dtype=np.intp)
    row[sets.exposed] = np.arange(len(sets.exposed))
    given, taken = row[sets.origin[sets.arc]], row[sets.host[sets.arc]]
    leaves = np.flatnonzero(given >= 0)
    missing = sets.week * (sets.need - sets.heads)
    linear.rows(
        block,
        "need",
        sets.keys(sets.exposed),
        [
            Entries(block.short, np.arange(len(sets.exposed)), np.arange(len(sets.exposed))),
            Entries(block.half_days, taken, np.arange(len(sets.arc)), sets.yields[sets.arc]),
            Entries(block.half_days, given[leaves], leaves, -1.0),
            Entries(block.bought, row[sets.offer], np.arange(len(sets.offer))),
        ],
        lower=missing[sets.exposed],
    )


def kept(block: Block, problem: SharedTimeProblem) -> None:
    """A team lends no more half-days than it has above those that it keeps.

    ::

        sum_js h_ijks <= floor(w_k heads_ik - kept_ik)    for every lending team (i, k)
        kept_ik = w_k max(minimum_team_ik, kept_share min(heads_ik, need_ik))

    Source: minimum staff at the origin; the share is the grouping's policy.
    """
    sets = block.index
    senders, row = np.unique(sets.origin[sets.arc], return_inverse=True)
    entries = [Entries(block.half_days, row, np.arange(len(sets.arc)))]
    linear.rows(block, "kept", sets.keys(senders), entries, upper=sets.lendable[senders].astype(np.float64))


def shortest_agreement(block: Block, problem: SharedTimeProblem) -> None:
    """Each person lent works at the host for as many half-days a week as the step begins with.

    ::

        low_s n_ijks <= h_ijks    for every arc (i, j, k) and step s

    where n are people. Source: minimum length of an agreement, the grouping's policy; thresholds of the premium.
    """
    _lengths(block, "shortest_agreement", -block.index.shortest, lower=0.0, upper=np.inf)


def longest_agreement(block: Block, problem: SharedTimeProblem) -> None:
    """Each person lent works at the host for no more half-days a week than the step ends with.

    ::

        h_ijks <= high_s n_ijks    for every arc (i, j, k) and step s

    With the shortest length this is the hull of the pairs (n, h) that whole agreements can make. Source: maximum length
    of an agreement, the grouping's policy; thresholds of the premium.
    """
    _lengths(block, "longest_agreement", -block.index.longest, lower=-np.inf, upper=0.0)


def _lengths(block: Block, name: str, of_people: Positions, *, lower: float, upper: float) -> None:
    every = np.arange(len(block.index.arc))
    entries = [Entries(block.half_days, every, every), Entries(block.people, every, every, of_people)]
    linear.rows(block, name, block.index.step_keys, entries, lower=lower, upper=upper)


def distinct_people(block: Block, problem: SharedTimeProblem) -> None:
    """A person has one agreement with one host.

    ::

        sum_s n_ijkms <= p_ikm    for every arc (i, j, k) and number of hosts m

    where p are the people who may have m hosts, n those of them lent to j. Only for teams that can have more agreements
    than people. Source: one person has one agreement with one host.
    """
    sets: Index = block.index
    _, _, group = sets.groups
    both = np.stack([sets.arc[sets.crowded], sets.hosts[sets.crowded]], axis=1)
    found, row = np.unique(both, axis=0, return_inverse=True)
    own = np.zeros(len(found), dtype=np.intp)
    own[row.reshape(-1)] = group
    keys = [(*sets.arc_keys[arc], many) for arc, many in found.tolist()]
    entries = [
        Entries(block.people, row.reshape(-1), sets.crowded),
        Entries(block.lending, np.arange(len(found)), own, -1.0),
    ]
    linear.rows(block, "distinct_people", keys, entries, upper=0.0)


def hosts_per_person(block: Block, problem: SharedTimeProblem) -> None:
    """People have no more agreements than each may have hosts.

    ::

        sum_js n_ijkms <= m p_ikm    for every lending team (i, k) and number of hosts m

    Agreements given in turn then leave nobody with more hosts than allowed; with m hosts, none is of more half-days
    than an m-th of those that one person may be away. Source: the grouping's policy.
    """
    sets: Index = block.index
    team, hosts, group = sets.groups
    keys = [(*sets.teams[one], many) for one, many in zip(team.tolist(), hosts.tolist(), strict=True)]
    entries = [
        Entries(block.people, group, sets.crowded),
        Entries(block.lending, np.arange(len(team)), np.arange(len(team)), -hosts.astype(np.float64)),
    ]
    linear.rows(block, "hosts_per_person", keys, entries, upper=0.0)


def lenders(block: Block, problem: SharedTimeProblem) -> None:
    """A team lends the time of no more people than it may.

    ::

        sum_m p_ikm <= heads_ik - protected_ik    for every lending team (i, k)

    Source: heads in post; who may not be moved is not lent.
    """
    sets: Index = block.index
    senders, row = np.unique(sets.groups[0], return_inverse=True)
    entries = [Entries(block.lending, row, np.arange(len(sets.groups[0])))]
    linear.rows(block, "lenders", sets.keys(senders), entries, upper=sets.lenders[senders].astype(np.float64))


def premium_budget(block: Block, problem: SharedTimeProblem) -> None:
    """Premiums of a year stay within their budget.

    ::

        sum_ijks premium_ijs n_ijks <= premium_budget

    Source: the grouping's budget; steps of the premium by half-days a week.
    """
    _budget(block, "premium_budget", total(block.people, block.index.premium), problem.policy.premium_budget)


def private_budget(block: Block, problem: SharedTimeProblem) -> None:
    """Half-days bought in a year stay within their budget.

    ::

        sum_jk weeks_k price_jk b_jk <= private_budget

    where weeks are those that the staff works in a year, so that a half-day bought is worth one of theirs. Source: the
    grouping's budget; working times.
    """
    _budget(block, "private_budget", total(block.bought, block.index.cost), problem.policy.private_budget)


def _budget(block: Block, name: str, spent: Entries, budget: float | None) -> None:
    if budget is not None:
        linear.rows(block, name, ["*"], [spent], upper=budget)


def pins(block: Block, problem: SharedTimeProblem) -> None:
    """Decisions already taken about half-days lent hold.

    ::

        low_p <= sum of h_ijks over the arcs that pin p selects <= high_p    for every pin p

    Source: the grouping's policy; every pin carries its reason. Today nothing is lent, so "keep" means nothing.
    """
    entries = [_selected(block, position, pin) for position, pin in enumerate(problem.policy.pins)]
    sides = [pin.sides(today=0.0) for pin in problem.policy.pins]
    if entries:
        low, high = (np.array(side) for side in zip(*sides, strict=True))
        keys = [f"{number}: {pin.reason}" for number, pin in enumerate(problem.policy.pins, 1)]
        linear.rows(block, "pins", keys, entries, lower=low, upper=high)


def _selected(block: Block, row: int, pin: SharedTimePin) -> Entries:
    columns = [position for position, key in enumerate(block.index.step_keys) if pin.selects(*key[:3])]
    return Entries(block.half_days, row, np.array(columns, dtype=np.intp))


def terms(block: Block, problem: SharedTimeProblem) -> Mapping[str, Term]:
    """Name the parts of the objective; need that no decision can reach is left out of `uncovered` (it is a constant).

    The terms of the provinces hold all of their uncovered need, so that shares of the whole need are compared.
    """
    sets = block.index
    uncovered = total(block.short, 1 / sets.week[sets.exposed])
    return {
        "uncovered": Term(Affine((uncovered,)), "FTE"),
        "spending": Term(Affine((total(block.bought, sets.cost),)), "MAD"),
        "premiums": Term(Affine((total(block.people, sets.premium),)), "MAD"),
        "weekly_travel": Term(Affine((total(block.half_days, 2 * sets.minutes[sets.arc]),)), "min"),
        "agreements": Term(Affine((total(block.people),)), "agreements"),
        **_provinces(block, problem),
    }


def _provinces(block: Block, problem: SharedTimeProblem) -> dict[str, Term]:
    sets: Index = block.index
    province = {facility.id: facility.province for facility in problem.region.facilities}
    own = [province[facility] for facility, _ in sets.teams]
    beyond = np.maximum(sets.need - sets.heads, 0.0)
    beyond[sets.exposed] = 0.0
    found = {}
    for name, term in province_terms(problem.needs_by_province()).items():
        mine = np.array([one == name for one in own], dtype=np.bool_)
        columns = np.flatnonzero(mine[sets.exposed])
        weights = 1 / sets.week[sets.exposed[columns]]
        found[term] = Term(Affine((total(block.short, weights, columns),), float(beyond[mine].sum())), "FTE")
    return found


def goals(problem: SharedTimeProblem) -> Goals:
    """Take the goals from the policy."""
    return problem.policy.chosen_goals


def write(block: Block, problem: SharedTimeProblem, plan: SharedTimePlan | None) -> None:
    """Set the agreements and the half-days bought of a plan (none: nothing), as far as they are still allowed."""
    sets: Index = block.index
    people, half_days = np.zeros(len(sets.arc)), np.zeros(len(sets.arc))
    lending, bought = np.zeros(len(sets.groups[0])), np.zeros(len(sets.offer))
    if plan is not None:
        group = np.full(len(sets.arc), -1, dtype=np.intp)
        group[sets.crowded] = sets.groups[2]
        for own in _by_person(plan):
            found = _steps_of(problem, sets, own)
            for one, step in found:
                people[step] += 1
                half_days[step] += one.half_days
            if found and group[found[0][1]] >= 0:
                lending[group[found[0][1]]] += 1
        offers = {key: position for position, key in enumerate(sets.keys(sets.offer))}
        for sessions in plan.private_sessions:
            if (sessions.facility, sessions.skill) in offers:
                bought[offers[sessions.facility, sessions.skill]] += sessions.half_days
    linear.set_values(block.people, people)
    linear.set_values(block.half_days, half_days)
    linear.set_values(block.lending, lending)
    linear.set_values(block.bought, bought)
    missing = sets.week * (sets.need - sets.heads)
    np.add.at(missing, sets.origin[sets.arc], half_days)
    np.subtract.at(missing, sets.host[sets.arc], half_days * sets.yields[sets.arc])
    np.subtract.at(missing, sets.offer, bought)
    linear.set_values(block.short, np.maximum(missing[sets.exposed], 0.0))


def _by_person(plan: SharedTimePlan) -> Iterable[list[Agreement]]:
    found: dict[tuple[str, str, int], list[Agreement]] = {}
    for one in plan.agreements:
        found.setdefault((one.origin, one.skill, one.person), []).append(one)
    return found.values()


def _steps_of(problem: SharedTimeProblem, sets: Index, own: list[Agreement]) -> list[tuple[Agreement, int]]:
    """Return one person's agreements that are still allowed, each with its step, all for the same number of hosts."""
    found: list[tuple[Agreement, int]] = []
    for hosts in range(len(own), problem.policy.hosts_per_person + 1):
        places = [(one, sets.step_of.get((one.origin, one.host, one.skill, hosts, one.half_days))) for one in own]
        known = [(one, step) for one, step in places if step is not None]
        found = max(found, known, key=len)
    return found


def read(block: Block, problem: SharedTimeProblem) -> SharedTimePlan:
    """Read who goes where for how long and what is bought, and give the agreements to people."""
    people, half_days, bought = (
        np.rint(linear.values(family)).astype(np.intp) for family in (block.people, block.half_days, block.bought)
    )
    return plan_of(problem, block.index, Decided(people, half_days, bought))


FORMULATION: Formulation[SharedTimeProblem, SharedTimePlan] = Formulation(
    variables=variables,
    constraints=(
        need,
        kept,
        shortest_agreement,
        longest_agreement,
        distinct_people,
        hosts_per_person,
        lenders,
        premium_budget,
        private_budget,
        pins,
    ),
    terms=terms,
    goals=goals,
    ports=ports,
    write=write,
    read=read,
    hard=frozenset({"need"}),
)
