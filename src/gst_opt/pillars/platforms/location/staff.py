"""Rows of staff: hours of sessions, beds and experts, hours lent between sites, expert hours given at a distance."""

from typing import Any

import numpy as np

from gst_opt.model import linear
from gst_opt.model.linear import Entries, Floats, Positions
from gst_opt.pillars.platforms.location.naming import dated, in_scenario
from gst_opt.pillars.platforms.location.problem import LocationProblem
from gst_opt.pillars.platforms.location.teams import Sources, Take, Teams, teams
from gst_opt.pillars.platforms.location.uses import Uses

Block = Any


def staff_variables(block: Block, problem: LocationProblem) -> None:
    """Hours lent, hours given at a distance, and the links that these need."""
    sources = Sources(block.index, block.options, block.uses, block.session_slots, block.dock_years)
    block.staff = staff = teams(problem, sources)
    linear.variables(block, "lent", staff.pair_keys(staff.lending), upper=staff.lending.most)
    linear.variables(block, "remote", staff.pair_keys(staff.remote), upper=staff.remote.most)
    sites = staff.sites
    links = [(sites[i], sites[j], t) for i, j, t in zip(*(one.tolist() for one in staff.links), strict=True)]
    linear.variables(block, "joined", links, upper=1.0, integer=True)


def staff_hours(block: Block, problem: LocationProblem) -> None:
    """Sessions, beds and experts take no more hours than the staff of a site has, with what is lent and given.

    ::

        sum_r hours_rk sig_jrt + sum_wq hours_wk n_q w_jwqt + sum_ha hours_ak d_hts x_hats
            + sum_j' (l_jj'kt + r_jj'kt) - sum_i (1 - 2 tau_ij / D) l_ijkt - sum_i r_ijkt <= rho heads_jk H_k
        for every site j, skill k, year t and scenario s

    where sig are sessions (rounds of a mobile unit at its base), w beds, x acts that take an expert, l hours lent and r
    hours given at a distance; tau are minutes of a journey, D those of a day, rho the share of working time that
    platforms may use. Staff of sessions hired out is not the grouping's. Source: staff of a session, of a block of beds
    and of an act; heads in post, working times.
    """
    staff: Teams = block.staff
    if not staff.limited:
        return
    row, team, scenario = _rows(block, staff)
    known = [_always(family, row, take) for family, take in _known(block)]
    entries = [*known, _by_scenario(block, row, staff.experts)]
    pairs = zip(team.tolist(), scenario.tolist(), strict=True)
    keys = in_scenario(problem, ((*staff.key(one), s) for one, s in pairs))
    linear.rows(block, "staff_hours", keys, entries, upper=staff.available[team])


def remote_need(block: Block, problem: LocationProblem) -> None:
    """No more expert hours are given at a distance to a site than its acts take of such experts.

    ::

        sum_i r_ijkt <= sum_ha hours_ak d_hts x_hats    for every site j, skill k, year t and scenario s

    over acts that an expert of another site may give. Source: times of experts, remote or not.
    """
    staff: Teams = block.staff
    remote = staff.remote
    team, scenarios = np.unique(remote.host), len(problem.scenarios)
    row = np.full((len(staff.available), scenarios), -1, dtype=np.intp)
    row[team] = np.arange(len(team) * scenarios).reshape(len(team), scenarios)
    distant = _by_scenario(block, row, staff.distant)
    entries = [
        _always(block.remote, row, Take(np.arange(len(remote.host)), remote.host, np.ones(len(remote.host)))),
        Entries(distant.variable, distant.rows, distant.columns, -np.asarray(distant.coefficients)),
    ]
    keys = in_scenario(problem, ((*staff.key(one), s) for one in team.tolist() for s in range(scenarios)))
    linear.rows(block, "remote_need", keys, entries, upper=0.0)


def remote_link(block: Block, problem: LocationProblem) -> None:
    """Expert hours are given at a distance only between sites that are joined.

    ::

        r_ijkt <= M_ijkt g_ijt    for every pair of sites (i, j), skill k and year t

    where M is derived: the hours that the experts of i have, with those they may borrow, or that acts at j can take,
    whichever is less. Source: one link serves all skills.
    """
    staff: Teams = block.staff
    every = np.arange(len(staff.link))
    entries = [Entries(block.remote, every, every), Entries(block.joined, every, staff.link, -staff.remote.most)]
    linear.rows(block, "remote_link", dated(problem, staff.pair_keys(staff.remote)), entries, upper=0.0)


def lending_spent(block: Block, problem: LocationProblem) -> Entries:
    """Return what hours lent cost, in MAD; rows are positions of the year."""
    staff: Teams = block.staff
    year = staff.lending.origin % staff.years
    return Entries(block.lent, year, np.arange(len(year)), problem.policy.lending_price)


def remote_spent(block: Block, problem: LocationProblem) -> Entries:
    """Return what links cost, in MAD; rows are positions of the year."""
    staff: Teams = block.staff
    return Entries(block.joined, staff.links.year, np.arange(len(staff.links.year)), problem.policy.remote_link)


def remote_given(block: Block, problem: LocationProblem, share: Floats) -> Floats:
    """Return the hours given at a distance over the links that stand, no more than the acts of their site take.

    Parameters
    ----------
    block, problem
        A solved block and its question.
    share
        Share of its need that each use has in the plan: what the solver leaves where it means nothing is not in it.
    """
    staff: Teams = block.staff
    used: Uses = block.uses
    distant, host = staff.distant, staff.remote.host
    hours = np.where(linear.values(block.joined)[staff.link] > 0.5, linear.values(block.remote), 0.0)
    taken = np.zeros((len(staff.available), len(problem.scenarios)))
    np.add.at(taken, (distant.team, used.scenario[used.need[distant.column]]), distant.hours * share[distant.column])
    asked = np.bincount(host, hours, len(taken))
    fits = np.divide(taken.min(axis=1), asked, out=np.ones(len(taken)), where=asked > 0)
    given: Floats = hours * np.minimum(fits, 1.0)[host]
    return given


def hours_needed(block: Block, problem: LocationProblem) -> tuple[list[tuple[str, str, int]], list[Entries]]:
    """Return the hours that sites need of their own staff, on average over scenarios, less what others give them.

    Returns
    -------
    tuple of two lists
        (site, skill, position of the year) of every row, and the entries.
    """
    staff: Teams = block.staff
    used: Uses = block.uses
    row = np.full((len(staff.available), 1), -1, dtype=np.intp)
    row[staff.rows, 0] = np.arange(len(staff.rows))
    experts = staff.experts._replace(hours=staff.experts.hours * used.chance[used.need[staff.experts.column]])
    takes = [*_known(block), (block.share, experts)]
    return [staff.key(team) for team in staff.rows.tolist()], [_always(family, row, take) for family, take in takes]


def _known(block: Block) -> list[tuple[Any, Take]]:
    """Return what takes hours of teams, or gives them some, whatever demand turns out to be."""
    staff: Teams = block.staff
    lending, remote, worked = staff.lending, staff.remote, staff.worked
    lent, given = np.arange(len(lending.origin)), np.arange(len(remote.origin))
    return [
        (block.sessions, staff.sessions),
        (block.step, staff.beds),
        (block.rounds, staff.rounds),
        (block.lent, Take(lent, lending.origin, np.ones(len(lent)))),
        (block.lent, Take(lent, lending.host, -worked)),
        (block.remote, Take(given, remote.origin, np.ones(len(given)))),
        (block.remote, Take(given, remote.host, -np.ones(len(given)))),
    ]


def _rows(block: Block, staff: Teams) -> tuple[Positions, Positions, Positions]:
    """Number the rows: one a team, and one a scenario too where experts depend on it.

    Returns
    -------
    tuple of three arrays
        Row by team and scenario, -1 where there is none; team and scenario of every row.
    """
    used: Uses = block.uses
    there = np.zeros((len(staff.available), int(used.scenario.max(initial=0)) + 1), dtype=np.bool_)
    there[staff.rows, 0] = True
    there[np.unique(staff.experts.team)] = True
    team, scenario = np.nonzero(there)
    row = np.full(there.shape, -1, dtype=np.intp)
    row[team, scenario] = np.arange(len(team))
    return row, team, scenario


def _always(family: Any, row: Positions, take: Take) -> Entries:
    """Return entries that stand in every scenario's row of their team; none where the team has no row."""
    own, scenario = np.nonzero(row[take.team] >= 0)
    return Entries(family, row[take.team[own], scenario], take.column[own], take.hours[own])


def _by_scenario(block: Block, row: Positions, take: Take) -> Entries:
    """Return entries of uses, each in the row of its team and scenario."""
    used: Uses = block.uses
    rows = row[take.team, used.scenario[used.need[take.column]]]
    kept = np.flatnonzero(rows >= 0)
    return Entries(block.share, rows[kept], take.column[kept], take.hours[kept])
