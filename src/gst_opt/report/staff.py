"""Staff redeployment in words: coverage, who gains, who gives, what moves cannot do."""

from collections.abc import Iterator, Mapping

from gst_opt.core.grouping import Grouping
from gst_opt.model.problem import Cell, PlanTable
from gst_opt.pillars.staff.redeployment.plan import MoveKind, Reason, RedeploymentPlan
from gst_opt.pillars.staff.redeployment.problem import RedeploymentProblem
from gst_opt.report.pieces import fairness_told, pins_told, skill_names
from gst_opt.report.proof import is_best
from gst_opt.report.tables import columns_of, paragraph, text_table, totals_named
from gst_opt.solve.result import Result
from gst_opt.text import Lang, say
from gst_opt.text.words import figure, percent

MOST = 10
SKILLS_NAMED = 2


def redeployment(
    grouping: Grouping, problem: RedeploymentProblem, result: Result[RedeploymentPlan], lang: Lang
) -> Iterator[str]:
    """Yield the blocks of the story, the main one first."""
    plan = result.require()
    tables = {table.name: table for table in plan.tables()}
    radius = figure(problem.policy.max_travel, lang)
    yield "\n".join(
        [say("report.redeployment", lang), paragraph("report.redeployment_question", lang, {"radius": radius})]
    )
    if not any(team.need for team in plan.teams):
        yield paragraph("report.no_need", lang)
        return
    yield _overview(problem, result, tables, lang)
    yield from pins_told(problem.policy.pins, lang)
    yield _block("report.by_province", totals_named(columns_of(tables["provinces"], _COVERAGE), lang), lang, {})
    yield from _sides(grouping, plan, tables["establishments"], lang)
    yield from _short_skills(grouping, tables["skills"], lang)
    yield _limits(plan, result, radius, lang)


_COVERAGE = (
    "province",
    "need",
    "heads_today",
    "heads_planned",
    "heads_gained",
    "heads_given",
    "share_today",
    "share_planned",
)


def _overview(
    problem: RedeploymentProblem, result: Result[RedeploymentPlan], tables: Mapping[str, PlanTable], lang: Lang
) -> str:
    plan, radius = result.require(), figure(problem.policy.max_travel, lang)
    provinces = tables["provinces"]
    whole = dict(zip(provinces.columns, provinces.rows[-1], strict=True))
    short = {team.skill for team in plan.teams if team.need > team.heads_today}
    heads = sum(move.heads for move in plan.moves)
    minutes = sum(move.heads * move.minutes for move in plan.moves)
    need = {
        "need": figure(_number(whole["need"]), lang, 1),
        "short": figure(len(short), lang),
        "skills": figure(len({team.skill for team in plan.teams}), lang),
    }
    coverage = {
        "today": percent(_number(whole["share_today"]), lang),
        "planned": percent(_number(whole["share_planned"]), lang),
        "gain": figure(_number(whole["covered_planned"]) - _number(whole["covered_today"]), lang, 1),
    }
    if heads:
        moves = paragraph(
            "report.moves", lang, {"heads": figure(heads, lang), "minutes": figure(minutes / heads, lang)}
        )
    else:
        moves = paragraph("report.no_move" if is_best(result) else "report.no_move_found", lang, {"radius": radius})
    lines = [paragraph("report.need", lang, need), paragraph("report.coverage", lang, coverage), moves]
    return "\n".join([*lines, *_consequences(problem, plan, lang), *fairness_told(provinces, tables["fairness"], lang)])


def _consequences(problem: RedeploymentProblem, plan: RedeploymentPlan, lang: Lang) -> Iterator[str]:
    """Yield what the moves ask for and who fills posts of other skills, where there is any."""
    asking = sum(move.heads for move in plan.moves if move.needs_approval)
    away = sum(move.heads for move in plan.moves if move.kind is MoveKind.MISSION)
    paid, budget = sum(move.premium for move in plan.moves), problem.policy.premium_budget
    if asking:
        yield paragraph("report.approvals", lang, {"heads": figure(asking, lang)})
    if away:
        yield paragraph("report.missions", lang, {"heads": figure(away, lang)})
    if budget is not None:
        values = {"mad": figure(paid, lang), "budget": figure(budget, lang)}
        yield paragraph("report.premiums_budget", lang, values)
    elif paid:
        yield paragraph("report.premiums", lang, {"mad": figure(paid, lang)})
    if plan.fills:
        posts = sum(fill.whole_posts + fill.part_posts for fill in plan.fills)
        fte = sum(fill.covered for fill in plan.fills)
        yield paragraph("report.substitutes", lang, {"posts": figure(posts, lang), "fte": figure(fte, lang, 1)})


def _sides(grouping: Grouping, plan: RedeploymentPlan, establishments: PlanTable, lang: Lang) -> Iterator[str]:
    """Yield those that gain the most and those that give the most, with the skills that move."""
    own = {team.facility: team.establishment for team in plan.teams}
    names = {facility.id: facility.name for facility in grouping.region.facilities}
    for column, key in (("heads_gained", "report.gain_most"), ("heads_given", "report.give_most")):
        moved: dict[str, dict[str, int]] = {}
        for move in plan.moves:
            skills = moved.setdefault(own[move.host if column == "heads_gained" else move.origin], {})
            skills[move.skill] = skills.get(move.skill, 0) + move.heads
        table = columns_of(establishments, ("establishment", column, "share_today", "share_planned"))
        rows = [row for row in table.rows[:-1] if row[1]]
        rows.sort(key=lambda row: (-_number(row[1]), row[0]))
        named = tuple(
            (names[str(row[0])], *row[1:], _skills(moved[str(row[0])], skill_names(grouping, lang), lang))
            for row in rows[:MOST]
        )
        if named:
            shown = table.replace(columns=(*table.columns, "skills"), rows=named)
            yield _block(key, shown, lang, {"shown": figure(len(named), lang), "all": figure(len(rows), lang)})


def _short_skills(grouping: Grouping, skills: PlanTable, lang: Lang) -> Iterator[str]:
    """Yield the skills that stay the most uncovered after the moves."""
    names = skill_names(grouping, lang)
    table = columns_of(skills, ("skill", "need", "covered_planned", "share_today", "share_planned"))
    left = {row[0]: _number(row[1]) - _number(row[2]) for row in table.rows[:-1]}
    rows = sorted((row for row in table.rows[:-1] if left[row[0]] > 0.05), key=lambda row: (-left[row[0]], row[0]))
    if rows:
        shown = tuple((names[str(row[0])], row[1], left[row[0]], row[3], row[4]) for row in rows[:MOST])
        columns = ("skill", "need", "uncovered_planned", "share_today", "share_planned")
        values = {"shown": figure(len(shown), lang), "all": figure(len(rows), lang)}
        yield _block("report.short_skills", PlanTable(name="skills", columns=columns, rows=shown), lang, values)


def _limits(plan: RedeploymentPlan, result: Result[RedeploymentPlan], radius: str, lang: Lang) -> str:
    values = {"left": figure(sum(team.need - team.covered_planned for team in plan.teams), lang, 1), "radius": radius}
    lines = [say("report.limits_title", lang), paragraph("report.limits", lang, values)]
    if plan.unmet:
        lost: dict[Reason, float] = {}
        for row in plan.unmet:
            lost[row.reason] = lost.get(row.reason, 0.0) + row.uncovered
        ranked = sorted(lost, key=lambda reason: (-lost[reason], reason))
        lines.append(say("report.unmet", lang))
        for reason in ranked:
            said = {"reason": say(f"report.unmet_{reason}", lang), "fte": figure(lost[reason], lang, 1)}
            lines.append(say("report.unmet_reason", lang, said))
    return "\n".join(lines)


def _skills(heads: Mapping[str, int], names: Mapping[str, str], lang: Lang) -> str:
    """Name the skills that move the most."""
    ranked = sorted(heads, key=lambda skill: (-heads[skill], skill))
    named = ", ".join(f"{names[skill]} {heads[skill]}" for skill in ranked[:SKILLS_NAMED])
    others = sum(heads[skill] for skill in ranked[SKILLS_NAMED:])
    return say("report.and_others", lang, {"named": named, "others": others}) if others else named


def _block(key: str, table: PlanTable, lang: Lang, values: Mapping[str, str]) -> str:
    return f"{say(key, lang, values)}\n{text_table(table, lang)}"


def _number(cell: Cell) -> float:
    return float(cell or 0.0)
