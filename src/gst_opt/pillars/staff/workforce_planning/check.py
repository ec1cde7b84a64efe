"""Does a plan keep every rule? Read from the data and the plan alone; no code is shared with the model.

Journey times come from `network` and needs from `need`, which turn the data into both.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from gst_opt.model.problem import Check, Violation
from gst_opt.pillars.staff.question import broken_pins
from gst_opt.pillars.staff.workforce_planning.facts import Course, Facts, Place
from gst_opt.pillars.staff.workforce_planning.outcome import Reach, spent, targets, terms, uncovered
from gst_opt.pillars.staff.workforce_planning.plan import Reason, TargetYear, WorkforcePlan
from gst_opt.pillars.staff.workforce_planning.problem import Decision, WorkforcePlanningProblem

TOLERANCE = 1e-6
NOTHING = WorkforcePlan(
    moves=(), posts=(), trainings=(), placements=(), teams=(), targets=(), spending=(), shortages=()
)


def check(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Check:
    """Recompute every rule and every term of a workforce plan.

    Rules, by name: ``known_decisions``, ``whole_heads``, ``one_row``, ``max_travel``, ``minutes``, ``short_host``,
    ``stock``, ``release``, ``leaving``, ``leaving_site``, ``moves_cap``, ``approval``, ``envelope``, ``budgeted``,
    ``reception``, ``places``, ``placement``, ``supervision``, ``budget``, ``pins``, ``post_figures``,
    ``training_figures``, ``teams``, ``team_place``, ``team_figures``, ``targets``, ``spending``, ``shortages``.
    """
    facts = Facts(problem)
    unknown = list(_known(facts, plan))
    if unknown:
        return Check(violations=tuple(unknown))
    course = Course(facts, plan)
    reach = Reach(facts)
    violations = (
        *_decisions(facts, plan),
        *_teams_limits(facts, plan, course),
        *_sites_limits(facts, course),
        *_envelopes(facts, plan),
        *_trainees(facts, plan),
        *_pins(problem, plan),
        *_figures(facts, plan),
        *_teams(facts, plan, course),
        *_results(facts, plan, course, reach),
    )
    today = Course(facts, NOTHING)
    beyond = set(facts.places) - reach.changes
    return Check(
        violations=violations,
        terms=terms(facts, plan, course, reach),
        today=terms(facts, NOTHING, today, reach),
        constants={
            "uncovered": uncovered(facts, today, beyond),
            "target_shortfall": math.fsum(one.shortfall for one in targets(facts, today, reach, within=False)),
        },
    )


def _known(facts: Facts, plan: WorkforcePlan) -> Iterator[Violation]:
    """Yield decisions about what does not exist: nothing else can be said of such a plan."""
    teams = set(facts.places)
    for move in plan.moves:
        ends = {(move.origin, move.skill), (move.host, move.skill)}
        if len(ends) < 2 or not ends <= teams or move.period not in facts.ids:
            yield Violation("known_decisions", (move.period, move.origin, move.host, move.skill), 0, 1)
    for post in plan.posts:
        key = (post.year, facts.profession.get(post.skill, ""))
        if (post.facility, post.skill) not in teams or post.year not in facts.years or key not in facts.envelopes:
            yield Violation("known_decisions", (str(post.year), post.facility, post.skill), 0, 1)
    for one in plan.trainings:
        ends = {(one.facility, one.origin_skill), (one.facility, one.skill)}
        if (one.origin_skill, one.skill) not in facts.courses or not ends <= teams or one.period not in facts.ids:
            yield Violation("known_decisions", (one.period, one.facility, one.origin_skill, one.skill), 0, 1)
    for placed in plan.placements:
        place = placed.facility, placed.skill
        if place not in teams or not facts.heads(place) or placed.period not in facts.ids:
            yield Violation("known_decisions", (placed.period, *place), 0, 1)


def _decisions(facts: Facts, plan: WorkforcePlan) -> Iterator[Violation]:
    rows: list[tuple[str, ...]] = []
    for move in plan.moves:
        place = (move.period, move.origin, move.host, move.skill)
        rows.append(("move", *place))
        if move.heads < 1:
            yield Violation("whole_heads", place, move.heads, 1)
        minutes = facts.journeys.minutes(move.origin, move.host)
        if minutes > facts.problem.policy.max_travel + TOLERANCE:
            yield Violation("max_travel", place, minutes, facts.problem.policy.max_travel)
        if not _same(minutes, move.minutes):
            yield Violation("minutes", place, move.minutes, minutes)
        if not facts.short((move.host, move.skill)):
            yield Violation("short_host", place, move.heads, 0)
    for post in plan.posts:
        rows.append(("post", str(post.year), post.facility, post.skill))
        plain = post.posts - post.with_incentive
        useless = [
            count
            for count, paid in ((plain, False), (post.with_incentive, True))
            if count > 0 and facts.filled(post.facility, post.skill, paid) == 0
        ]
        if plain < 0 or post.posts < 1 or useless or facts.need((post.facility, post.skill)) == 0:
            yield Violation("whole_heads", rows[-1], post.posts, 1)
    for one in plan.trainings:
        rows.append(("training", one.period, one.facility, one.origin_skill, one.skill))
        if one.heads < 1:
            yield Violation("whole_heads", rows[-1], one.heads, 1)
    for placed in plan.placements:
        rows.append(("placement", placed.period, placed.facility, placed.skill))
        if placed.trainees < 1:
            yield Violation("whole_heads", rows[-1], placed.trainees, 1)
    for row, count in Counter(rows).items():
        if count > 1:
            yield Violation("one_row", row, count, 1)


def _teams_limits(facts: Facts, plan: WorkforcePlan, course: Course) -> Iterator[Violation]:
    """Yield what breaks a rule of one team."""
    opened: dict[tuple[Place, int], int] = defaultdict(int)
    for post in plan.posts:
        opened[(post.facility, post.skill), post.year] += post.posts
    changed = {place for place, _ in opened}
    for flow in (course.moved_in, course.moved_out, course.begun, course.back):
        changed |= {place for place, figures in flow.items() if any(figures)}
    for place in sorted(changed):
        room, natural, limits = facts.room(place), facts.natural(place), facts.posts.get(place)
        most = max(1, math.floor(facts.problem.policy.leaving_share * facts.heads(place) + 1e-9))
        gives = any(course.moved_out[place]) or any(course.begun[place])
        for t, period in enumerate(facts.ids):
            if course.end[place][t] < -TOLERANCE:
                yield Violation("stock", (period, *place), course.end[place][t], 0)
            if gives and course.gone[place][t] > room[t] + TOLERANCE:
                yield Violation("release", (period, *place), course.gone[place][t], room[t])
            leavers = course.moved_out[place][t] + course.begun[place][t]
            if leavers > most + TOLERANCE:
                yield Violation("leaving", (period, *place), leavers, most)
            if limits is not None and limits.budgeted is not None:
                new = sum(count for (where, year), count in opened.items() if where == place and year <= facts.years[t])
                allowed = max(float(limits.budgeted), natural[t]) + new
                if course.end[place][t] > allowed + TOLERANCE:
                    yield Violation("budgeted", (period, *place), course.end[place][t], allowed)
        if limits is not None and limits.newcomers is not None:
            for year in sorted(set(facts.years)):
                own = [t for t, other in enumerate(facts.years) if other == year]
                come = math.fsum(course.moved_in[place][t] + course.filled[place][t] for t in own)
                allowed = facts.within(limits.newcomers, year)
                if come > allowed + TOLERANCE:
                    yield Violation("reception", (str(year), *place), come, allowed)


def _sites_limits(facts: Facts, course: Course) -> Iterator[Violation]:
    """Yield the facilities that too many heads leave in one period."""
    teams: dict[str, list[Place]] = defaultdict(list)
    for place in facts.places:
        teams[place[0]].append(place)
    for site, own in teams.items():
        heads = sum(facts.heads(place) for place in own)
        most = max(1, math.floor(facts.problem.policy.leaving_share * heads + 1e-9))
        for t, period in enumerate(facts.ids):
            leavers = math.fsum(course.moved_out[place][t] + course.begun[place][t] for place in own)
            if leavers > most + TOLERANCE:
                yield Violation("leaving_site", (period, site), leavers, most)


def _envelopes(facts: Facts, plan: WorkforcePlan) -> Iterator[Violation]:
    """Yield what breaks a limit over all teams."""
    policy = facts.problem.policy
    moved, opened, begun = Counter[str](), Counter[tuple[int, str]](), Counter[tuple[int, str, str]]()
    year_of = dict(zip(facts.ids, facts.years, strict=True))
    flagged = {skill.id for skill in facts.problem.workforce.skills if skill.needs_approval}
    for move in plan.moves:
        moved[move.period] += move.heads
    for post in plan.posts:
        opened[post.year, facts.profession[post.skill]] += post.posts
    for one in plan.trainings:
        begun[year_of[one.period], one.origin_skill, one.skill] += one.heads
    for period, heads in sorted(moved.items()):
        if policy.moves_per_period is not None and heads > policy.moves_per_period:
            yield Violation("moves_cap", (period,), heads, policy.moves_per_period)
    approved = sum(move.heads for move in plan.moves if move.skill in flagged)
    if policy.approved_moves is not None and approved > policy.approved_moves:
        yield Violation("approval", ("*",), approved, policy.approved_moves)
    for (year, profession), posts in sorted(opened.items()):
        if posts > facts.envelopes[year, profession]:
            yield Violation("envelope", (str(year), profession), posts, facts.envelopes[year, profession])
    for (year, *skills), heads in sorted(begun.items()):
        places = facts.within(facts.courses[skills[0], skills[1]].places, year)
        if heads > places:
            yield Violation("places", (str(year), *skills), heads, places)
    if policy.yearly_budget is not None:
        yearly: dict[int, float] = defaultdict(float)
        for year, (incentives, trainings) in zip(facts.years, spent(facts, plan), strict=True):
            yearly[year] += incentives + trainings
        for year, money in sorted(yearly.items()):
            if money > policy.yearly_budget + TOLERANCE * max(1.0, policy.yearly_budget):
                yield Violation("budget", (str(year),), money, policy.yearly_budget)


def _trainees(facts: Facts, plan: WorkforcePlan) -> Iterator[Violation]:
    learning: dict[tuple[int, str], int] = defaultdict(int)
    for one in plan.trainings:
        t = facts.ids.index(one.period)
        lasts = facts.lasts(facts.courses[one.origin_skill, one.skill].months)
        for number in range(t, min(t + lasts, len(facts.ids))):
            learning[number, one.skill] += one.heads
    placed: dict[tuple[int, str], int] = defaultdict(int)
    for row in plan.placements:
        placed[facts.ids.index(row.period), row.skill] += row.trainees
        limits = facts.posts.get((row.facility, row.skill))
        if limits is not None and limits.trainees is not None and row.trainees > limits.trainees:
            yield Violation("supervision", (row.period, row.facility, row.skill), row.trainees, limits.trainees)
    for t, skill in sorted(learning.keys() | placed.keys()):
        if learning[t, skill] != placed[t, skill]:
            yield Violation("placement", (facts.ids[t], skill), placed[t, skill], learning[t, skill])


def _pins(problem: WorkforcePlanningProblem, plan: WorkforcePlan) -> Iterator[Violation]:
    rows = [(Decision.MOVES, one.period, (one.origin, one.host), one.skill, one.heads) for one in plan.moves]
    rows += [(Decision.POSTS, str(one.year), (one.facility,) * 2, one.skill, one.posts) for one in plan.posts]
    rows += [(Decision.TRAINEES, one.period, (one.facility,) * 2, one.skill, one.heads) for one in plan.trainings]
    return broken_pins(
        (pin, sum(heads for decision, when, ends, skill, heads in rows if pin.selects(decision, when, ends, skill)))
        for pin in problem.policy.pins
    )


def _figures(facts: Facts, plan: WorkforcePlan) -> Iterator[Violation]:
    """Yield decisions whose own figures are not those of the data."""
    for post in plan.posts:
        place = post.facility, post.skill
        row = facts.attraction.get((post.facility, facts.profession[post.skill]))
        paid = post.with_incentive * facts.filled(*place, paid=True)
        filled = (post.posts - post.with_incentive) * facts.filled(*place, paid=False) + paid
        incentives = paid * row.incentive if row else 0.0
        if not (_same(post.filled, filled) and _same(post.incentives, incentives)):
            yield Violation("post_figures", (str(post.year), *place), post.filled, filled)
    for one in plan.trainings:
        course = facts.courses[one.origin_skill, one.skill]
        number = facts.ids.index(one.period) + facts.lasts(course.months)
        back = facts.ids[number] if number < len(facts.ids) else ""
        successes, cost = one.heads * course.success_share, one.heads * course.cost
        if one.back != back or not (_same(one.successes, successes) and _same(one.cost, cost)):
            yield Violation("training_figures", (one.period, one.facility, one.skill), one.successes, successes)


def _teams(facts: Facts, plan: WorkforcePlan, course: Course) -> Iterator[Violation]:
    expected = [(period, *place) for period in facts.ids for place in facts.places]
    listed = [(team.period, team.facility, team.skill) for team in plan.teams]
    if listed != expected:
        wrong = sorted(set(listed) ^ set(expected))
        yield Violation("teams", wrong[0] if wrong else ("*",), len(listed), len(expected))
        return
    for position, team in enumerate(plan.teams):
        t, place = position // len(facts.places), (team.facility, team.skill)
        site = facts.sites[team.facility]
        own = (site.province, site.establishment or site.id, facts.profession[team.skill])
        if (team.province, team.establishment, team.profession) != own:
            yield Violation("team_place", (team.period, *place), 0, 1)
        for found, allowed in (
            (team.need, facts.need(place)),
            (team.heads_start, course.start[place][t]),
            (team.moved_in, course.moved_in[place][t]),
            (team.moved_out, course.moved_out[place][t]),
            (team.training_begun, course.begun[place][t]),
            (team.training_back, course.back[place][t]),
            (team.departures, course.departures[place][t]),
            (team.retirements, course.retirements[place][t]),
            (team.filled, course.filled[place][t]),
            (team.heads_end, course.end[place][t]),
            (team.covered, min(course.end[place][t], facts.need(place))),
        ):
            if not _same(found, allowed):
                yield Violation("team_figures", (team.period, *place), found, allowed)


def _results(facts: Facts, plan: WorkforcePlan, course: Course, reach: Reach) -> Iterator[Violation]:
    """Yield targets, expenses and shortages that are not what the decisions amount to."""
    yield from _agree("targets", plan.targets, list(targets(facts, course, reach, within=True)))
    paid = spent(facts, plan)
    listed = [(one.period, one.year) for one in plan.spending]
    if listed != list(zip(facts.ids, facts.years, strict=True)):
        yield Violation("spending", ("*",), len(listed), len(facts.ids))
    else:
        for one, pair in zip(plan.spending, paid, strict=True):
            if not (_same(one.incentives, pair[0]) and _same(one.trainings, pair[1])):
                yield Violation("spending", (one.period,), one.incentives + one.trainings, sum(pair))
    left = {
        place: (facts.need(place) - course.end[place][-1], Reason.SCARCE if place in reach.gains else Reason.NO_MEANS)
        for place in facts.places
        if facts.need(place) - course.end[place][-1] > TOLERANCE
    }
    said = {
        (one.facility, one.skill): (one.uncovered, one.reason) for one in plan.shortages if one.uncovered > TOLERANCE
    }
    for place in sorted(left.keys() | said.keys()):
        (found, reason), (allowed, expected) = said.get(place, (0.0, None)), left.get(place, (0.0, None))
        if reason is not expected or not _same(found, allowed):
            yield Violation("shortages", place, found, allowed)


def _agree(rule: str, found: Sequence[TargetYear], expected: Sequence[TargetYear]) -> Iterator[Violation]:
    if [_who(one) for one in found] != [_who(one) for one in expected]:
        yield Violation(rule, ("*",), len(found), len(expected))
        return
    for one, other in zip(found, expected, strict=True):
        pairs = ((one.target, other.target), (one.heads, other.heads), (one.shortfall, other.shortfall))
        if not all(_same(*pair) for pair in pairs):
            yield Violation(rule, _who(one), one.heads, other.heads)


def _who(one: TargetYear) -> tuple[str, str, str]:
    return str(one.year), one.province, one.profession


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(1.0, abs(other))
