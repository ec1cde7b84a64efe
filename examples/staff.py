"""Cells of `staff.ipynb`: the staff of one province, from need to shared time."""

from examples.kinds import CODE, TEXT

CELLS = (
    (
        TEXT,
        """# From need to shared time

The staff of one province and of the hospital next door: what is needed, who could change post, whom to recruit, who
could help elsewhere some half-days a week. 46 sites, 1,400 people. The staff by facility is **synthetic**: no public
source gives it. With your own tables, replace `load_sample` by `gst.read("my_grouping")`.
""",
    ),
    (
        CODE,
        """\
import gst_opt as gst
from gst_opt.model.problem import PlanTable
from gst_opt.report.summary import names
from gst_opt.report.tables import text_table

grouping = gst.load_sample("province")
words = names(grouping, gst.Lang.EN)


def show(table: PlanTable, columns: str, by: str = "", most: int = 8) -> None:
    "Print some columns of a table, with names for ids; the rows with the most of one column first."
    kept = columns.split()
    place = [table.columns.index(column) for column in kept]
    rows = [row for row in table.rows if row[0] != "*"]
    if by:
        rows.sort(key=lambda row: -abs(row[table.columns.index(by)]))
    named = [words.get(column, {}) for column in kept]
    cells = tuple(tuple(own.get(row[p], row[p]) for own, p in zip(named, place, strict=True)) for row in rows[:most])
    print(text_table(PlanTable(name=table.name, columns=tuple(kept), rows=cells), gst.Lang.EN))


def tables(plan: object) -> dict[str, PlanTable]:
    return {table.name: table for table in plan.tables()}""",
    ),
    (
        TEXT,
        """## What staff is needed

From the acts done where they are recorded (WHO's Workload Indicators of Staffing Need), from norms elsewhere. As many
people as are needed, in all; not where they are needed.
""",
    ),
    (
        CODE,
        """\
need = tables(gst.staffing_need(grouping))
show(need["provinces"], "province need heads difference ratio teams_short teams_surplus")
print()
show(need["skills"], "skill need heads difference ratio teams_short", by="difference")""",
    ),
    (
        TEXT,
        """## Who changes post

At most 45 minutes away, premiums of at most 100,000 MAD a year. The worse-off province first; nobody is taken from a
team that is short.
""",
    ),
    (
        CODE,
        """\
policy = gst.RedeploymentPolicy(max_travel=45.0, premium_budget=100_000.0)
moved = gst.solve(gst.RedeploymentProblem.of(grouping, policy))
plan = moved.require()
print(f"{sum(move.heads for move in plan.moves)} people move; largest gap {moved.gap:.2%}; checked: {moved.checked}")
show(tables(plan)["moves"], "origin host skill heads minutes premium needs_approval", by="heads")""",
    ),
    (
        CODE,
        """\
import matplotlib.pyplot as plt

after = tables(plan)["establishments"]
rows = [dict(zip(after.columns, row, strict=True)) for row in after.rows if row[0] != "*"]
rows = sorted((row for row in rows if row["heads_gained"] + row["heads_given"] > 2), key=lambda row: row["need"])
labels = [words["establishment"][row["establishment"]] for row in rows]
figure, axes = plt.subplots(figsize=(7, 3), dpi=72, layout="constrained")
axes.barh(labels, [100 * row["share_planned"] for row in rows], color="tab:green", label="planned")
axes.barh(labels, [100 * row["share_today"] for row in rows], color="tab:grey", height=0.45, label="today")
axes.set(xlabel="need covered, %", xlim=(50, 100))
axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=2, frameon=False)
plt.show()""",
    ),
    (
        TEXT,
        """## Whom to recruit

Four quarters: people leave and retire, posts of the year's envelope are opened where they are filled and count most.
One sum in dirhams is minimised, at the prices of the policy.
""",
    ),
    (
        CODE,
        """\
course = gst.WorkforcePlanningProblem.of(grouping, gst.WorkforcePolicy(periods=4))
planned = gst.solve(course, gst.SolveOptions(gap=1e-3))
years = tables(planned.require())
show(years["periods"], "period heads_start moved_in departures retirements filled heads_end share_planned")
print()
show(years["professions"], "profession need heads_today heads_planned share_today share_planned", most=12)
print()
show(years["posts"], "facility skill posts filled", by="posts")""",
    ),
    (
        TEXT,
        """## Who shares time

Suppose that the moves above are made, and nobody is recruited: which half-days a week could sites lend one another?
Every record is frozen, so the staff after the moves makes another grouping.
""",
    ),
    (
        CODE,
        """\
heads = {(team.facility, team.skill): team.heads_planned for team in plan.teams}
before = {(row.facility, row.skill): row for row in grouping.workforce.staff}
staff = tuple(
    row.replace(heads=heads[key], protected=min(row.protected, heads[key]))
    for key, row in before.items()
    if key in heads
) + tuple(
    grouping.workforce.staff[0].replace(facility=facility, skill=skill, heads=count, protected=0)
    for (facility, skill), count in heads.items()
    if count and (facility, skill) not in before
)
workforce = grouping.workforce.replace(staff=staff, staff_ages=())
later = grouping.replace(workforce=workforce)
nearby = gst.SharedTimeProblem.of(later, gst.SharedTimePolicy(max_travel=30.0))
shared = gst.solve(nearby, gst.SolveOptions(gap=1e-2))
time = tables(shared.require())
show(time["provinces"], "province need half_days_lent half_days_received share_today share_planned")
print()
show(time["exchanges"], "origin host skill people half_days effective premium", by="effective")""",
    ),
    (
        TEXT,
        """What no question covers is listed with its reason: `unmet` of the moves, `shortages` of the workforce plan,
`reason` of the teams of shared time. The words, the equations and the limits are in `docs/staff.md`.
""",
    ),
)
