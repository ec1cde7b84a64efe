"""Buying several items from suppliers with total quantity discounts, from plain arrays."""

import time
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from gst_opt.core.errors import DataError, DataProblem, expect
from gst_opt.model.arrays import floats, matrix, wrong
from gst_opt.model.linear import Floats
from gst_opt.pillars.purchasing.classic.schedule import TierSchedule, wrong_schedule
from gst_opt.pillars.purchasing.classic.total_quantity.audit import check
from gst_opt.pillars.purchasing.classic.total_quantity.market import market_of
from gst_opt.pillars.purchasing.classic.total_quantity.model import FORMULATION, plan_of
from gst_opt.pillars.purchasing.classic.total_quantity.records import TotalQuantityPlan, TotalQuantityProblem
from gst_opt.pillars.purchasing.tier_search.proof import Ended, Teller, proven
from gst_opt.pillars.purchasing.tier_search.search import search
from gst_opt.solve.interrupts import Interruption
from gst_opt.solve.options import SolveOptions
from gst_opt.solve.parallel import limits_of
from gst_opt.solve.result import Result
from gst_opt.solve.run import direct
from gst_opt.text import Message


def total_quantity_discount(
    prices: ArrayLike,
    demand: ArrayLike,
    schedules: Sequence[TierSchedule],
    capacity: ArrayLike,
    options: SolveOptions | None = None,
) -> Result[TotalQuantityPlan]:
    """Buy every item in full at least cost, where a supplier's rate depends on the quantity of all items bought there.

    The capacitated total quantity discount problem with activation costs. It is solved by a tree over the suppliers'
    tiers with Lagrangean bounds (`search`); where no first plan is found, or another executor is asked for, by the MIP
    of `model`.

    Parameters
    ----------
    prices
        List price of one unit of item i from supplier j, shape (suppliers, items), not negative.
    demand
        Quantity needed of item i, shape (items,), not negative.
    schedules
        Tiers of each supplier, in the order of the rows of `prices`. Incremental tiers need one price for all items
        that the supplier offers.
    capacity
        Quantity that supplier j can sell of item i, shape (suppliers, items), not negative; 0 where it has no offer.
    options
        As for `gst_opt.solve`.

    Returns
    -------
    Result
        Its plan holds the `purchases` and the `tiers` reached. Its terms are what the quantities cost and what
        suppliers are paid once. Infeasible, with what is missing, where the suppliers cannot sell what is needed.

    Raises
    ------
    DataError
        If a shape is wrong, a number is negative, NaN or infinite, thresholds do not rise, rates do not fall, or a
        supplier with incremental tiers has several prices: every one of them.
    SolverError
        If a quantity is too small or too large for the solver (outside 1e-6 to 1e6): another unit helps.

    Examples
    --------
    >>> regular, bulk = TierSchedule(thresholds=(0,), rates=(1,)), TierSchedule(thresholds=(0, 100), rates=(1.1, 0.9))
    >>> result = total_quantity_discount([[5], [5]], [100], [regular, bulk], [[100], [100]])
    >>> result.objective, [one.tier for one in result.require().tiers]
    (450.0, [1])
    """
    started = time.monotonic()
    options = SolveOptions() if options is None else options
    expect(options, SolveOptions)
    problem = problem_of(prices, demand, schedules, capacity)
    with Interruption(options.cancel) as cancelled:
        found = None
        if any(problem.demand) and options.executor is None and not options.in_process:
            teller = Teller(options, cancelled, started)
            market = market_of(problem)
            found = search(market, limits_of(options, started, cancelled), teller.tell)
        if found is not None:
            plan = plan_of(problem, market.by_item(found.bought))
            ended = Ended(options, cancelled, time.monotonic() - started, found)
            return proven(problem, plan, check(problem, plan), ended)
    return direct(FORMULATION, problem, check, options)


def problem_of(
    prices: ArrayLike, demand: ArrayLike, schedules: Sequence[TierSchedule], capacity: ArrayLike
) -> TotalQuantityProblem:
    """Return the question as a record, or everything that is wrong with the arrays."""
    for schedule in schedules:
        expect(schedule, TierSchedule)
    listed, needed, most = floats(prices), floats(demand), floats(capacity)
    problems = [*wrong("prices", listed, (len(schedules), -1), low=0.0)]
    items = listed.shape[1] if listed.ndim == 2 else -1
    problems += wrong("demand", needed, (items,), low=0.0)
    problems += wrong("capacity", most, (len(schedules), items), low=0.0)
    for row, schedule in enumerate(schedules):
        problems += wrong_schedule("schedules", row + 1, schedule)
    if not problems:
        problems += _several_prices(listed, most, schedules)
    if problems:
        raise DataError(problems)
    return TotalQuantityProblem(
        prices=matrix(listed), demand=tuple(needed.tolist()), schedules=tuple(schedules), capacity=matrix(most)
    )


def _several_prices(prices: Floats, capacity: Floats, schedules: Sequence[TierSchedule]) -> Iterator[DataProblem]:
    """Yield the prices of a supplier with incremental tiers that are not its first one."""
    for supplier, schedule in enumerate(schedules):
        offered = np.flatnonzero(capacity[supplier] > 0)
        for item in offered[1:] if schedule.incremental else ():
            if prices[supplier, item] != prices[supplier, offered[0]]:
                price = str(prices[supplier, item])
                yield DataProblem("prices", supplier + 1, str(item), price, Message("pillars.one_price"))
