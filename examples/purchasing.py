"""Cells of `purchasing.ipynb`: the yearly tender of a region's laboratories, then its call-offs."""

from examples.kinds import CODE, TEXT

CELLS = (
    (
        TEXT,
        """# The yearly tender, then its call-offs

Haematology, rapid tests and sampling material of the Tanger sample. What each site needs follows from the acts done.
Suppliers are coded and **invented**, their prices drawn around orders of magnitude: savings below say what gst_opt
does, not what a tender would bring. With your own catalogue and bids, replace `load_sample` by
`gst.read("my_grouping")`.
""",
    ),
    (
        CODE,
        """\
import gst_opt as gst
from gst_opt.model.problem import PlanTable
from gst_opt.report.tables import columns_of, text_table

FAMILIES = ("haematology", "rapid_tests", "sampling")


def only(section, **kept):
    "Keep the rows that name nothing but what is kept."

    def stays(row):
        named = ((getattr(row, column, None), ids) for column, ids in kept.items())
        return all(name is None or name in ids for name, ids in named)

    return section.replace(**{name: tuple(filter(stays, getattr(section, name))) for name in section.tables_of()})


def laboratories(grouping: gst.Grouping) -> gst.Grouping:
    "Keep some families of lots, their needs, and what is offered for these."
    lots = {lot.id for lot in grouping.tenders.lots if lot.id.rsplit("-", 1)[0] in FAMILIES}
    needs = {item.need for item in grouping.tenders.lot_items if item.lot in lots}
    references = {one.id for one in grouping.catalogue.product_references if one.need in needs}
    tenders = only(grouping.tenders, lot=lots, reference=references)
    tenders = only(tenders, schedule={one.id for one in tenders.discount_schedules})
    catalogue = only(grouping.catalogue, need=needs, reference=references)
    return grouping.replace(
        id="laboratories",
        catalogue=catalogue.replace(needs=tuple(one for one in catalogue.needs if one.id in needs)),
        tenders=tenders.replace(lots=tuple(one for one in tenders.lots if one.id in lots)),
    )


region = laboratories(gst.load_sample("tanger"))
needs = {one.id: one.name_en for one in region.catalogue.needs}
boxes = {one.id: f"{needs[one.need]} ({one.factor:.0f})" for one in region.catalogue.product_references}


def table(plan, name: str) -> PlanTable:
    return next(one for one in plan.tables() if one.name == name)


def show(shown: PlanTable, columns: str, by: str = "", most: int = 10) -> None:
    "Print some columns, those with the most of one column first; references by need and units of a box."
    rows = sorted(shown.rows, key=lambda row: -row[shown.columns.index(by)]) if by else shown.rows
    named = tuple(tuple(boxes.get(cell, cell) for cell in row) for row in rows[:most])
    print(text_table(columns_of(shown.replace(rows=named), tuple(columns.split())), gst.Lang.EN), end="\\n\\n")


tenders = region.tenders
firms = {offer.supplier for offer in tenders.offers}
print(f"{len(needs)} needs, {len(boxes)} references, {len(tenders.offers)} offers of {len(firms)} suppliers")
print(f"{len(tenders.lots)} lots, {sum(lot.forecast for lot in tenders.lots):,.0f} dirhams forecast")""",
    ),
    (
        TEXT,
        """## The tender

31 needs in lots of one family. A lot goes to one supplier, who bids for all of it or, where partial bids are allowed,
for a part; some may go to two. Three tenths of what lots are forecast to cost are reserved to small firms; every rapid
test and sampling device of a lot for two must come from two sources, each with a fifth of it at least.
""",
    ),
    (
        CODE,
        """\
two = {lot.id for lot in region.tenders.lots if lot.max_awards == 2}
rules = tuple(
    gst.NeedRule(need=item.need, min_sources=2, source_share=0.2, reason="two sources")
    for item in region.tenders.lot_items
    if item.lot in two
)
tender = gst.AwardProblem.of(region, gst.AwardPolicy(rules=rules))
options = gst.SolveOptions(gap=1e-2)
awarded = gst.solve(tender, options)
plan = awarded.require()
gap = (awarded.objective - awarded.bound) / awarded.objective
print(f"{awarded.objective:,.0f} dirhams, at most {gap:.2%} above the best; checked: {awarded.checked}", end="\\n\\n")
show(table(plan, "suppliers"), "supplier orders value paid share")
show(table(plan, "categories"), "category needs needs_short paid at_today_prices saving")
show(table(plan, "tiers"), "schedule supplier measured saved to_next", by="saved", most=6)""",
    ),
    (
        CODE,
        """\
import matplotlib.pyplot as plt

small = {one.id for one in region.tenders.suppliers if one.small_firm}
forecast = {lot.lot: lot.forecast for lot in plan.lots}
reserved = {lot.lot for lot in plan.lots if lot.reserved}
lots = sorted(forecast, key=lambda lot: forecast[lot])
figure, axes = plt.subplots(figsize=(7.5, 3.6), dpi=72, layout="constrained")
axes.barh(lots, [forecast[lot] / 1e6 for lot in lots], color="lightgrey", height=0.85, label="forecast")
left = dict.fromkeys(lots, 0.0)
for award in plan.awards:
    colour = "tab:orange" if award.supplier in small else "tab:blue"
    axes.barh(award.lot, award.paid / 1e6, left=left[award.lot] / 1e6, color=colour, edgecolor="white", height=0.5)
    left[award.lot] += award.paid
axes.barh(lots[0], 0, color="tab:orange", label="awarded to a small firm")
axes.barh(lots[0], 0, color="tab:blue", label="awarded to another")
axes.set(xlabel="million MAD")
axes.set_yticks(range(len(lots)), [f"{lot} (reserved)" if lot in reserved else lot for lot in lots])
axes.legend(loc="lower right", frameon=False)
plt.show()""",
    ),
    (
        TEXT,
        """## What the rules cost

The same tender without one of its rules. The goal also counts what preference adds to prices of firms from abroad when
offers are compared, which nobody pays; best goals differ by something between the two sides that the gaps leave.
""",
    ),
    (
        CODE,
        """\
one_source = gst.Change("one source is enough", tender.replace(policy=gst.AwardPolicy()))
prices = gst.rule_prices(tender, (*gst.AwardChanges(tender).limits(), one_source), options, base=awarded)
for rule in prices.rules:
    paid = sum(term.price for term in rule.terms if term.term != "preference")
    print(f"{rule.change.text(gst.Lang.EN)}: {paid:+,.0f} dirhams paid")
    for goal in rule.goals:
        print(f"    goal {goal.price:+,.0f}; proven: between {goal.lowest:+,.0f} and {goal.highest:+,.0f}")""",
    ),
    (
        TEXT,
        """Without the reserve no better plan is found: what it costs, if anything, is at most the side proven.

## Twelve months of call-offs

Orders are by month: what arrives when, of what was awarded. Reagents keep for four to six months, an order costs 500
dirhams, goods in store a fifth of their price a year.
""",
    ),
    (
        CODE,
        """\
year = gst.purchases_by_month(region)
calling = gst.CallOffProblem.of(year, awards=plan)
called = gst.solve(calling, options)
calls = called.require()
gap = (called.objective - called.bound) / called.objective
print(f"{called.objective:,.0f} dirhams, at most {gap:.2%} above the best; checked: {called.checked}", end="\\n\\n")
show(table(calls, "orders"), "supplier received lines paid", by="paid", most=6)
show(table(calls, "calls"), "reference supplier received order_by units due", by="paid", most=6)
print({term.name: round(term.planned) for term in called.terms})""",
    ),
    (
        CODE,
        """\
months = [period.id for period in year.horizon.periods]
paid, due = dict.fromkeys(months, 0.0), dict.fromkeys(months, 0.0)
for order in calls.orders:
    paid[order.received] += order.paid
for payment in calls.payments:
    due[payment.period] += payment.mad
figure, axes = plt.subplots(figsize=(7.5, 2.6), dpi=72, layout="constrained")
axes.bar(months, [paid[month] / 1e6 for month in months], color="tab:blue", width=0.6, label="received")
axes.step(months, [due[month] / 1e6 for month in months], where="mid", color="black", label="payments due")
axes.set(ylabel="million MAD", ylim=(0, None))
axes.tick_params(axis="x", rotation=45)
axes.legend(loc="upper left", ncols=2, frameon=False, bbox_to_anchor=(0, 1.2))
plt.show()""",
    ),
    (
        TEXT,
        """Payments fall due after the delay of each supplier. How goods reach every site, straight or through a depot,
and what each pays: `gst.DistributionProblem`, in `docs/purchasing.md`.
""",
    ),
)
