"""Cells of `platforms.ipynb`: the imaging of a region."""

from examples.kinds import CODE, TEXT

CELLS = (
    (
        TEXT,
        """# Imaging in the region

Scanners, MRI, mammographs, X-ray rooms and ultrasound machines of the Tanger sample, eight provinces: what there is,
who is too far from it, what 40 million dirhams would change, what the new hospital of Tétouan would, and what a promise
to one province costs the others. Units of scanners and MRI at hospitals are public facts; **most other figures are
estimates**, labelled so in the tables. With your own, replace `load_sample` by `gst.read("my_grouping")`.
""",
    ),
    (
        CODE,
        """\
from datetime import date

import gst_opt as gst
from gst_opt.model.problem import PlanTable
from gst_opt.report.summary import names, result_text
from gst_opt.report.tables import columns_of, text_table

IMAGES = {"ct", "mri", "mammography", "x_ray", "ultrasound"}  # services, made by the types of the same id
TYPES = IMAGES | {"ct_64"}  # a scanner that may become one of 64 slices


def imaging(grouping: gst.Grouping) -> gst.Grouping:
    "Keep the types, their services, and of the pathways with imaging the first step and the imaging."
    whole = grouping.equipment
    followed = {one.pathway for one in grouping.pathway_steps if one.service in IMAGES}
    steps = tuple(one for one in grouping.pathway_steps if one.pathway in followed and one.step <= 2)
    services = IMAGES | {one.service for one in steps}

    def of_types(rows):
        return tuple(row for row in rows if getattr(row, "equipment_type", getattr(row, "service", "ct")) in TYPES)

    def of_services(rows):
        return tuple(row for row in rows if row.service in services)

    tables = {name: of_types(getattr(whole, name)) for name in type(whole).model_fields}
    tables["equipment_types"] = tuple(one for one in whole.equipment_types if one.id in TYPES)
    beds = dict.fromkeys(("ward_standards", "ward_limits", "ward_staff", "stay_standards"), ())
    standards = of_services(grouping.workforce.activity_standards)
    return gst.Grouping(
        id="imaging",
        name=grouping.name,
        horizon=grouping.horizon,
        region=grouping.region,
        services=tuple(one for one in grouping.services if one.id in services),
        pathways=tuple(one for one in grouping.pathways if one.id in followed),
        pathway_steps=steps,
        activity=of_services(grouping.activity),
        demand_rates=of_services(grouping.demand_rates),
        service_totals=of_services(grouping.service_totals),
        workforce=grouping.workforce.replace(activity_standards=standards),
        equipment=whole.replace(**(tables | beds)),
        sources=grouping.sources,
    )


region = imaging(gst.load_sample("tanger"))
words = names(region, gst.Lang.EN)


def show(table: PlanTable, columns: str, most: int = 10) -> None:
    "Print some columns of the first rows, with names for ids."
    kept = columns_of(table, tuple(columns.split()))
    named = [words.get(column, {}) for column in kept.columns]
    rows = tuple(tuple(own.get(cell, cell) for own, cell in zip(named, row, strict=True)) for row in kept.rows[:most])
    print(text_table(kept.replace(rows=rows), gst.Lang.EN))


def tell(problem: gst.LocationProblem, result: gst.Result, *openings: str) -> None:
    "Print the parts of the report that begin so."
    for part in result_text(region, problem, result, gst.Lang.EN).split("\\n\\n"):
        if part.startswith(openings):
            print(part, end="\\n\\n")""",
    ),
    (
        TEXT,
        """## Today, without a solver

Use from the acts recorded; people whose nearest site able to give a service is beyond its longest journey.
""",
    ),
    (
        CODE,
        """\
today = {table.name: table for table in gst.diagnose(region).tables()}
show(today["types"], "equipment_type sites units hours_open hours_used share_used")
print()
far = today["province_reach"]
far = far.replace(rows=tuple(sorted((row for row in far.rows if row[0] in IMAGES), key=lambda row: -row[3])))
show(far, "service province inhabitants people_beyond share_beyond acts_beyond")
print()
print(f"{len(today['duplicates'].rows)} pairs of sites half an hour apart do not fill one unit together")""",
    ),
    (
        TEXT,
        """## One year, 40 million dirhams

First as few needs unmet as can be, then the province met least, then money and journeys. Units are bought, moved,
upgraded or closed; sites lend hours of technicians, radiologists read at a distance, a mobile mammography unit goes
round, private scans may be bought.
""",
    ),
    (
        CODE,
        """\
policy = gst.LocationPolicy(years=1, capex_a_year=40_000_000)
problem = gst.LocationProblem.of(region, policy)
options = gst.SolveOptions(gap=0.02)
planned = gst.solve(problem, options)
tell(problem, planned, "Needs:", "Needs met", "Units bought", "Who reads", "Rounds", "Duplicates")""",
    ),
    (
        CODE,
        """\
import matplotlib.pyplot as plt

from gst_opt.pillars.platforms.location.today import today as network_of_today
from gst_opt.report.location_tables import Compared

plan = planned.require()
needs = Compared(problem, plan, network_of_today(problem)).needs("zone", lambda row: row.zone)
acts, before, after = ({row[0]: row[place] for row in needs.rows} for place in (1, 2, 3))
zones = [zone for zone in region.region.zones if zone.id in acts]
sites = {one.id: one for one in region.region.facilities}
new = [sites[row.facility] for row in plan.units if row.bought]
figure, axes = plt.subplots(1, 2, figsize=(9, 4.2), dpi=72, layout="constrained", sharex=True, sharey=True)
for axis, title, share in zip(axes, ("today", "planned"), (before, after), strict=True):
    dots = axis.scatter(
        [zone.longitude for zone in zones],
        [zone.latitude for zone in zones],
        s=[max(8, acts[zone.id] / 400) for zone in zones],
        c=[100 * share[zone.id] for zone in zones],
        cmap="RdYlGn",
        vmin=0,
        vmax=100,
        edgecolors="grey",
        linewidths=0.4,
    )
    axis.set(title=title, aspect=1.2, xticks=[], yticks=[])
axes[1].scatter([one.longitude for one in new], [one.latitude for one in new], marker="^", c="black", label="bought")
axes[1].legend(loc="lower left", frameon=False)
figure.colorbar(dots, ax=axes, label="imaging needs met, % (dots: communes, by acts)", shrink=0.8)
plt.show()""",
    ),
    (
        TEXT,
        """What stays unmet is mostly beyond reach of every site that may have a unit. The roadmap says where people
go: here for the scans of cancer patients, in the communes of Chefchaouen with most of them.
""",
    ),
    (
        CODE,
        """\
tell(problem, planned, "Needs that stay")
roadmap = gst.pathway_roadmap(problem, plan)
column = roadmap.columns.index
rows = [row for row in roadmap.rows if (row[column("pathway")], row[column("province")]) == ("oncology", "Chefchaouen")]
rows.sort(key=lambda row: -row[column("acts")])
show(roadmap.replace(rows=tuple(rows)), "commune service acts seen_at level minutes delay wait share", most=8)""",
    ),
    (
        TEXT,
        """## What if: the 380-bed hospital of Tétouan opens

It is planned for July 2027; here it opens at once, with the imaging that comes with it, which need not be bought. What
stays unmet is nearly all out of its reach. Every record is frozen, so a what-if is another problem.
""",
    ),
    (
        CODE,
        """\
at_once = tuple(one.replace(opens=date(2026, 1, 1)) for one in region.region.openings)
opened = problem.replace(
    region=region.region.replace(openings=at_once),
    policy=policy.replace(opened=tuple(one.facility for one in at_once)),
)
larger = gst.solve(opened, options, start=plan)
terms = {
    title: {term.name: term.planned + term.constant for term in result.terms}
    for title, result in (("without", planned), ("with it", larger))
}
for name in ("unmet", "purchases", "upkeep", "sessions", "contracts", "lending", "journeys"):
    print(f"{name:10}" + "".join(f"  {title} {own[name]:>12,.0f}" for title, own in terms.items()))""",
    ),
    (
        TEXT,
        """## A promise to one province, and its price

In the plan, 57 % of the imaging that Chefchaouen needs is given within an hour of home. Promise it 60 %: the difference
of every goal, proven between two sides.
""",
    ),
    (
        CODE,
        """\
chefchaouen = {zone.id for zone in region.region.zones if zone.province == "Chefchaouen"}
within = sum(row.acts for row in plan.served if row.zone in chefchaouen and row.minutes <= 60)
needed = sum(row.acts for row in (*plan.served, *plan.unmet) if row.zone in chefchaouen)
print(f"Without the promise: {within / needed:.1%}")
promise = gst.Guarantee(province="Chefchaouen", minutes=60, share=0.6, reason="the region's promise to Chefchaouen")
promised = problem.replace(policy=policy.replace(guarantees=(promise,)))
prices = gst.rule_prices(problem, (gst.Change("60 % within the hour", promised),), options, base=planned)
for goal in prices.rules[0].goals[:2]:
    print(goal.text())
print(f"Spending, journeys and waits: {prices.rules[0].goals[2].price:+,.0f} dirhams")""",
    ),
    (
        TEXT,
        """The promise is kept at the cost of needs met elsewhere: with one budget, that is what it means. Prices,
sources and limits are in `docs/platforms.md`.
""",
    ),
)
