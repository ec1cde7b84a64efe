"""The accounts of a grouping over five years: what comes in and what goes out, to the centime."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate

from pydantic import Field

from gst_opt.analysis.accounts_flows import COMMON, Case, Flow, Side, in_force
from gst_opt.analysis.accounts_income import income
from gst_opt.analysis.accounts_spending import spending
from gst_opt.analysis.plans import Plans
from gst_opt.core.errors import expect
from gst_opt.core.finances import IncomeKind
from gst_opt.core.frozen import Frozen
from gst_opt.core.grouping import Grouping
from gst_opt.core.rounding import largest_remainder
from gst_opt.core.units import Year
from gst_opt.model.problem import PlanTable
from gst_opt.text import Lang, say
from gst_opt.text.words import figure

MONTHS = 12


class Entry(Frozen):
    """Money due on one line, for one establishment, in one year."""

    side: Side = Field(description="income or spending")
    line: str = Field(description="Line")
    establishment: str = Field(description="Establishment; * for the grouping as such")
    year: Year = Field(description="Year")
    centimes: int = Field(description="Amount", json_schema_extra={"unit": "centime"})


class Month(Frozen):
    """Money received and spent in one month."""

    month: str = Field(description="Month")
    received: int = Field(description="Money received", json_schema_extra={"unit": "centime"})
    spent: int = Field(description="Money spent", json_schema_extra={"unit": "centime"})
    balance: int = Field(description="All received less all spent so far", json_schema_extra={"unit": "centime"})


class Accounts(Frozen):
    """Income and spending by line, establishment and year, and the cash of every month.

    Amounts are whole centimes, so that they sum to the same whatever they are summed by.
    """

    scenario: str = Field(description="Funding scenario")
    title: tuple[str, str] = Field(description="Its name in French and English")
    names: dict[str, tuple[str, str]] = Field(description="Names of lines of the data, in French and English")
    entries: tuple[Entry, ...] = Field(description="Amounts due, by side, line, year and establishment")
    months: tuple[Month, ...] = Field(description="Cash, month by month")

    @property
    def income(self) -> int:
        """All that is due to the grouping, in centimes."""
        return sum(entry.centimes for entry in self.entries if entry.side is Side.INCOME)

    @property
    def spending(self) -> int:
        """All that it spends, in centimes."""
        return sum(entry.centimes for entry in self.entries if entry.side is Side.SPENDING)

    @property
    def outstanding(self) -> int:
        """What is due to the grouping and not yet received when the last year ends, in centimes."""
        return self.income - sum(month.received for month in self.months)

    @property
    def lowest(self) -> Month | None:
        """The month with the lowest balance, the first of them; None without any."""
        return min(self.months, key=lambda month: month.balance, default=None)

    def tables(self) -> tuple[PlanTable, ...]:
        """Describe them, in dirhams: by line, by year, by establishment, month by month, and every entry."""
        cash = tuple((one.month, one.received / 100, one.spent / 100, one.balance / 100) for one in self.months)
        every = tuple((one.side, one.line, one.establishment, one.year, one.centimes / 100) for one in self.entries)
        return (
            self._lines(),
            self._balances("account_years", "year", lambda entry: entry.year),
            self._balances("account_establishments", "establishment", lambda entry: entry.establishment),
            PlanTable(name="account_months", columns=("month", "cash_in", "cash_out", "cash"), rows=cash),
            PlanTable(name="account_entries", columns=("side", "line", "establishment", "year", "mad"), rows=every),
        )

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say them: every line over the years, what is left, and the cash."""
        years = sorted({entry.year for entry in self.entries})
        if not years:
            return say("accounts.nothing", lang)
        lines = [
            say("accounts.head", lang, {"scenario": self.title[lang is Lang.EN], "first": years[0], "last": years[-1]})
        ]
        for side, line, *amounts in self._lines().rows:
            first, last, total = (_mad(float(amount or 0), lang) for amount in amounts)
            values = {"line": self._name(str(line), lang), "first": first, "last": last, "total": total}
            lines.append(say("accounts.income" if side == Side.INCOME else "accounts.spending", lang, values))
        values = {"income": _mad(self.income / 100, lang), "spending": _mad(self.spending / 100, lang)}
        values |= {"result": _mad((self.income - self.spending) / 100, lang)}
        lines.append(say("accounts.result", lang, values))
        lines.append(say("accounts.salaries", lang))
        if self.lowest is not None:
            below = sum(month.balance < 0 for month in self.months)
            values = {"month": self.lowest.month, "balance": _mad(self.lowest.balance / 100, lang)}
            values |= {"below": figure(below, lang), "outstanding": _mad(self.outstanding / 100, lang)}
            lines.append(say("accounts.cash", lang, values))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _name(self, line: str, lang: Lang) -> str:
        if line in self.names:
            return self.names[line][lang is Lang.EN]
        return say(f"accounts.line_{line}", lang)

    def _lines(self) -> PlanTable:
        """Return the first year, the last and the total of every line."""
        years = sorted({entry.year for entry in self.entries})
        sums: dict[tuple[Side, str], list[int]] = {}
        for entry in self.entries:
            own = sums.setdefault((entry.side, entry.line), [0, 0, 0])
            for place, counts in enumerate((entry.year == years[0], entry.year == years[-1], True)):
                own[place] += counts * entry.centimes
        rows = tuple((*key, *(cents / 100 for cents in own)) for key, own in sums.items())
        return PlanTable(name="account_lines", columns=("side", "line", "first_year", "last_year", "total"), rows=rows)

    def _balances(self, name: str, column: str, key: Callable[[Entry], str | int]) -> PlanTable:
        """Return income, spending and what is left, by something and in all."""
        sums: dict[str | int, dict[Side, int]] = {}
        for entry in self.entries:
            own = sums.setdefault(key(entry), dict.fromkeys(Side, 0))
            own[entry.side] += entry.centimes
        ordered = sorted(sums.items(), key=lambda item: str(item[0]))
        amounts = [(one, own[Side.INCOME], own[Side.SPENDING]) for one, own in ordered]
        amounts.append(("total", self.income, self.spending))
        rows = tuple((str(one), got / 100, spent / 100, (got - spent) / 100) for one, got, spent in amounts)
        return PlanTable(name=name, columns=(column, "income", "spending", "result"), rows=rows)


def accounts(grouping: Grouping, plans: Plans, scenario: str) -> Accounts:
    """Return the accounts of five years under a funding scenario.

    Income due to the grouping, each in the share that the scenario pays (`funding_shares`):

    - tariffs x acts: those that the plan of platforms gives, contracts left out; recorded acts where it has no say;
    - capitation x people served by first-contact facilities, who grow as their province does;
    - the territorial sum, shared by inhabitants and need index;
    - the State's subsidy, to the grouping as such; sessions sold, and other income of the data.

    Spending: the money tables of the plans, and what the data say beside them; salaries are the State's and are in
    no line. Every total is rounded to the centime once, then shared by establishments (`establishments`) in whole
    centimes, in proportion to what their sites take.

    Cash: an instalment of the subsidy is received `months_late` months after it is due, all else in twelve equal
    parts; what is due from before the first year is not counted.

    Parameters
    ----------
    grouping
        The data.
    plans
        Plans of its questions, each may be missing (`Plans`).
    scenario
        Id of a funding scenario of the data.

    Raises
    ------
    GstOptError
        If there is no such scenario, or platforms were planned for several ways that demand may turn out.

    Examples
    --------
    >>> import gst_opt as gst
    >>> towns = gst.load_sample("two_towns")
    >>> found = gst.accounts(towns, gst.Plans(), "subsidy_only")
    >>> found.income / 100, found.spending / 100
    (60000000.0, 45000000.0)
    """
    expect(grouping, Grouping)
    expect(plans, Plans)
    case = Case(grouping, plans, scenario)
    found = tuple(entry for flow in _ordered(case) for entry in _entries(case, flow))
    return Accounts(
        scenario=scenario,
        title=(case.scenario.name_fr, case.scenario.name_en),
        names={row.id: (row.name_fr, row.name_en) for row in grouping.finances.budget_lines},
        entries=found,
        months=tuple(_months(case, found)),
    )


def funding_table(books: Iterable[Accounts], lang: Lang = Lang.EN) -> PlanTable:
    """Return accounts under several funding scenarios side by side, in dirhams: a row each.

    Columns: all income, all spending, what is left; the lowest cash and its month; months with cash below zero; what is
    due and not received when the last year ends.
    """
    columns = ("funding", "income", "spending", "result", "cash_lowest", "month", "months_below", "outstanding")
    rows = []
    for book in books:
        low = book.lowest
        rows.append(
            (
                book.title[lang is Lang.EN],
                *(amount / 100 for amount in (book.income, book.spending, book.income - book.spending)),
                None if low is None else low.balance / 100,
                None if low is None else low.month,
                sum(month.balance < 0 for month in book.months),
                book.outstanding / 100,
            )
        )
    return PlanTable(name="funding", columns=columns, rows=tuple(rows))


def _ordered(case: Case) -> list[Flow]:
    """Return the flows, income first, each line year by year; lines of nothing are left out."""
    flows = [*income(case), *spending(case)]
    lines = dict.fromkeys((flow.side, flow.line) for flow in flows)
    used = {(flow.side, flow.line) for flow in flows if round(100 * flow.mad)}
    order = {line: number for number, line in enumerate(lines)}
    kept = [flow for flow in flows if (flow.side, flow.line) in used]
    return sorted(kept, key=lambda flow: (flow.side, order[flow.side, flow.line], flow.year))


def _entries(case: Case, flow: Flow) -> Iterator[Entry]:
    """Share a flow between the establishments, in whole centimes."""
    shares: dict[str, float] = {}
    for place, weight in flow.weights.items():
        home = case.homes.get(place, COMMON)
        shares[home] = shares.get(home, 0.0) + weight
    names = sorted(name for name, weight in shares.items() if weight > 0) or [COMMON]
    centimes = largest_remainder([shares.get(name, 1.0) for name in names], round(100 * flow.mad))
    for name, amount in zip(names, centimes, strict=True):
        yield Entry(side=flow.side, line=flow.line, establishment=name, year=flow.year, centimes=amount)


def _months(case: Case, entries: tuple[Entry, ...]) -> Iterator[Month]:
    """Yield the cash of every month."""
    first, count = case.years[0], MONTHS * len(case.years)
    received, spent = [0] * count, [0] * count
    for (side, line, year), total in _by_line(entries).items():
        into = received if side is Side.INCOME else spent
        for month, amount in _due(case, line, year, total):
            position = MONTHS * (year - first) + month - 1
            if line == IncomeKind.SUBSIDY:
                position += case.scenario.months_late
            if position < count:
                into[position] += amount
    balance = accumulate(got - gone for got, gone in zip(received, spent, strict=True))
    for number, left in enumerate(balance):
        name = f"{first + number // MONTHS}-{number % MONTHS + 1:02d}"
        yield Month(month=name, received=received[number], spent=spent[number], balance=left)


def _by_line(entries: tuple[Entry, ...]) -> Mapping[tuple[Side, str, int], int]:
    sums: dict[tuple[Side, str, int], int] = {}
    for entry in entries:
        key = entry.side, entry.line, entry.year
        sums[key] = sums.get(key, 0) + entry.centimes
    return sums


def _due(case: Case, line: str, year: int, total: int) -> list[tuple[int, int]]:
    """Return the months when the money of a line is due, with the centimes of each."""
    rows = in_force(case.grouping.finances.subsidies, year) if line == IncomeKind.SUBSIDY else ()
    weights = {row.month: row.mad for row in rows} or dict.fromkeys(range(1, MONTHS + 1), 1.0)
    return list(zip(weights, largest_remainder(list(weights.values()), total), strict=True))


def _mad(value: float, lang: Lang) -> str:
    return figure(value, lang)
