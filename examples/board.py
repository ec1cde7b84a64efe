"""Cells of `board.ipynb`: from data to the board's table on one page."""

from examples.kinds import CODE, TEXT

CELLS = (
    (
        TEXT,
        """# From data to the board's table

One grouping, one plan, and what a board asks of it: what is decided together, what each establishment would do alone,
who pays under which funding, and where that leaves the indicators. The two towns are **invented**, small enough to be
counted by hand. With your own tables, replace `load_sample` by `gst.read("my_grouping")`.
""",
    ),
    (
        CODE,
        """\
import gst_opt as gst
from gst_opt.model.problem import PlanTable
from gst_opt.report.summary import names
from gst_opt.report.tables import columns_of, named, text_table
from gst_opt.text.words import goal_in_words, unit_in_words

grouping = gst.load_sample("two_towns")
words = names(grouping, gst.Lang.EN)


def show(table: PlanTable, columns: str = "", decimals: int = 1) -> None:
    "Print some columns of a table, with names for ids."
    print(text_table(named(columns_of(table, tuple(columns.split()) or table.columns), words), gst.Lang.EN, decimals))


def table(tables: tuple[PlanTable, ...], name: str) -> PlanTable:
    return next(one for one in tables if one.name == name)""",
    ),
    (
        TEXT,
        """## Plan

Platforms and beds, staff, purchases and support functions of one year, tied: platforms run with the staff that moves
leave, acts use what is bought, one sum in dirhams is minimised.
""",
    ),
    (
        CODE,
        """\
problem = gst.GroupingProblem.of(grouping)
result = gst.solve(problem)
plan = result.require()
print(f"{result.status}, gap {result.gap:.3%}, checked: {result.checked}")
print()
spending = table(plan.tables(), "spending")
lines = tuple((goal_in_words(line, gst.Lang.EN), mad) for line, mad in spending.rows if mad)
show(spending.replace(rows=lines))""",
    ),
    (
        TEXT,
        """How good is each part by itself, the others staying as they are? What goes from one establishment to another?
""",
    ),
    (
        CODE,
        """\
from gst_opt.analysis.parts import proofs_table
from gst_opt.analysis.transfers import transfers_table

show(proofs_table(gst.part_proofs(problem, result)))
print()
show(transfers_table(gst.transfers(problem, plan)))""",
    ),
    (
        TEXT,
        """## Alone

Every establishment (a hospital with what refers to it) asks the same question with its own staff, platforms and
people. Pooled against alone against today, line by line; then the need that is met, by establishment and province.
""",
    ),
    (
        CODE,
        """\
silo = gst.silo(gst.GroupingProblem.of, grouping)
print("\\n".join(line for line in str(silo).splitlines() if "Salaries" in line))
goals, terms, places, _ = silo.tables()
changing = tuple(row for row in terms.rows if len({round(value or 0, 6) for value in row[2:5]}) > 1)
said = tuple((goal_in_words(row[0], gst.Lang.EN), unit_in_words(row[1], gst.Lang.EN), *row[2:]) for row in changing)
print()
show(terms.replace(rows=said))
print()
show(places)""",
    ),
    (
        TEXT,
        """## Accounts

What comes in and what goes out over five years, to the centime, under four ways of being funded. Salaries stay on the
State budget and are in no line.
""",
    ),
    (
        CODE,
        """\
plans = gst.Plans.of(plan)
scenarios = {row.id: row for row in grouping.finances.funding_scenarios}
books = {name: gst.accounts(grouping, plans, name) for name in scenarios}
show(gst.funding_table(books.values()), decimals=0)
print()
print(books["hybrid"])
print()
show(table(books["hybrid"].tables(), "account_establishments"), decimals=0)""",
    ),
    (
        CODE,
        """\
import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(7, 2.8), dpi=72, layout="constrained")
for name, book in books.items():
    axes.plot([month.balance / 1e8 for month in book.months], label=scenarios[name].name_en)
axes.axhline(0, color="black", linewidth=0.8)
axes.set(xlabel="month", ylabel="cash, million MAD", xlim=(0, 59))
axes.legend(frameon=False, ncols=2, fontsize=8)
plt.show()""",
    ),
    (
        TEXT,
        """## The board's table

Every indicator today, alone, with the plan, its target, and how much of the data behind it is estimated; then how
provinces compare: the Gini coefficient (0: all equal) and the lowest over the highest.
""",
    ),
    (
        CODE,
        """\
alone = {name: gst.Plans.of(one.require()) for name, one in silo.alone.items()}
board, provinces, areas, formulas = gst.indicators(grouping, plans, alone).tables(gst.Lang.EN)
show(board, "indicator unit today alone planned target year share_estimate", decimals=2)
print()
show(provinces, "indicator gini_today gini_alone gini_planned lowest_today lowest_alone lowest_planned")""",
    ),
    (
        CODE,
        """\
told = ("Needs of care met", "People within the time limit: CT scan", "Need of staff covered")
show(areas.replace(rows=tuple(row for row in areas.rows if row[0] in told)))""",
    ),
    (
        TEXT,
        """The same from the command line, with every part told in full: `gst-opt plan my_grouping --budget 4000000`.
What each word means, and the limits: `docs/grouping.md`, `docs/accounts.md`.
""",
    ),
)
