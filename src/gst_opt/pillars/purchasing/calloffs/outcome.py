"""From quantities to a plan: lines and orders, totals, payments, and what each need lacks and why; no solver."""

import math
from collections.abc import Iterator, Mapping

from gst_opt.pillars.purchasing.calloffs.calls import Call, Want
from gst_opt.pillars.purchasing.calloffs.plan import (
    CallOff,
    CallOffPlan,
    ContractTotal,
    GroupMember,
    NeedInPeriod,
    OfferTotal,
    Reason,
    SupplierOrder,
    Use,
)
from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
from gst_opt.pillars.purchasing.payments import Payment

ROUNDING = 1e-6
"""Room for rounding, relative to the figure that it is compared with."""

Receipts = Mapping[tuple[str, str, int], float]
"""Units by supplier, reference and period of receipt (position)."""
Uses = Mapping[tuple[str, str, int, int, int], float]
"""Units by supplier, reference, period of receipt, group and period of use."""


def plan_of(problem: CallOffProblem, receipts: Receipts, uses: Uses) -> CallOffPlan:
    """Return the plan that quantities stand for."""
    periods = [period.id for period in problem.horizon.periods]
    calls = tuple(_calls(problem, periods, receipts, uses))
    return CallOffPlan(
        calls=calls,
        uses=tuple(
            Use(supplier=j, reference=r, received=periods[s], period=periods[t], group=group, units=units)
            for (j, r, s, group, t), units in sorted(uses.items())
            if units > 0
        ),
        orders=tuple(_orders(calls)),
        offers=tuple(_offers(problem, receipts)),
        contracts=tuple(_contracts(problem, receipts)),
        needs=tuple(_needs(problem, receipts, uses)),
        payments=tuple(_payments(problem, periods, calls)),
        from_stock=problem.opened.uses,
        groups=tuple(
            GroupMember(group=group, facility=facility)
            for group, facilities in sorted(problem.wanted.members.items())
            for facility in facilities
        ),
    )


def _calls(problem: CallOffProblem, periods: list[str], receipts: Receipts, uses: Uses) -> Iterator[CallOff]:
    used: dict[tuple[str, str, int], list[float]] = {}
    for (supplier, reference, received, _, _), units in uses.items():
        used.setdefault((supplier, reference, received), []).append(units)
    for call in problem.calls:
        for s in sorted(call.window):
            units = receipts.get((*call.key, s), 0.0)
            if units <= 0:
                continue
            due = call.due[s]
            yield CallOff(
                supplier=call.supplier,
                reference=call.reference,
                need=call.need,
                received=periods[s],
                order_by=call.order_by[s],
                units=units,
                left=max(units - math.fsum(used.get((*call.key, s), ())), 0.0),
                paid=units * call.price,
                due=None if due is None else periods[due],
            )


def _orders(calls: tuple[CallOff, ...]) -> Iterator[SupplierOrder]:
    own: dict[tuple[str, str], list[float]] = {}
    for call in calls:
        own.setdefault((call.supplier, call.received), []).append(call.paid)
    for (supplier, received), paid in sorted(own.items()):
        yield SupplierOrder(supplier=supplier, received=received, lines=len(paid), paid=math.fsum(paid))


def _total(call: Call, receipts: Receipts) -> float:
    return math.fsum(receipts.get((*call.key, s), 0.0) for s in call.window)


def _missing(found: float, least: float) -> float:
    """Return what is missing to a least figure; nothing where rounding explains it."""
    return least - found if found < least * (1 - ROUNDING) else 0.0


def _offers(problem: CallOffProblem, receipts: Receipts) -> Iterator[OfferTotal]:
    for call in problem.calls:
        units = _total(call, receipts)
        yield OfferTotal(
            supplier=call.supplier,
            reference=call.reference,
            least=call.least,
            most=call.most if math.isfinite(call.most) else None,
            units=units,
            owed=call.price * _missing(units, call.least),
        )


def _contracts(problem: CallOffProblem, receipts: Receipts) -> Iterator[ContractTotal]:
    for contract in problem.contracts:
        own = [call for call in problem.calls if (call.lot, call.supplier) == (contract.lot, contract.supplier)]
        totals = {call.key: _total(call, receipts) for call in own}
        value = math.fsum(call.list_price * totals[call.key] for call in own)
        owed = math.fsum(call.price * _missing(totals[call.key], call.least) for call in own)
        yield ContractTotal(
            lot=contract.lot,
            supplier=contract.supplier,
            value=value,
            min_amount=contract.min_amount,
            max_amount=contract.max_amount,
            owed=_missing(value + owed, contract.min_amount),
        )


def _payments(problem: CallOffProblem, periods: list[str], calls: tuple[CallOff, ...]) -> Iterator[Payment]:
    limits = {limit.period: limit.mad for limit in problem.policy.cash_limits}
    due: dict[str | None, list[float]] = {}
    for call in calls:
        due.setdefault(call.due, []).append(call.paid)
    for period in periods:
        yield Payment(period=period, mad=math.fsum(due.get(period, ())), max_amount=limits.get(period))


def _needs(problem: CallOffProblem, receipts: Receipts, uses: Uses) -> Iterator[NeedInPeriod]:
    calls = {call.key: call for call in problem.calls}
    periods = [period.id for period in problem.horizon.periods]
    got: dict[tuple[str, int, int], list[float]] = {}
    for (supplier, reference, _, group, period), units in uses.items():
        call = calls[supplier, reference]
        got.setdefault((call.need, group, period), []).append(units * call.factor)
    wants: dict[tuple[str, int], list[Want]] = {}
    for want in problem.wanted.wants:
        wants.setdefault((want.need, want.period), []).append(want)
    by_need: dict[str, list[Call]] = {}
    for call in problem.calls:
        by_need.setdefault(call.need, []).append(call)
    for (need, period), own in sorted(wants.items()):
        missing = [(want, _missing(math.fsum(got.get((need, want.group, period), ())), want.units)) for want in own]
        yield NeedInPeriod(
            need=need,
            period=periods[period],
            demand=math.fsum(want.units for want in own),
            short=math.fsum(units for _, units in missing),
            reason=_reason([want for want, units in missing if units], by_need.get(need, []), receipts),
        )


def _reason(short: list[Want], calls: list[Call], receipts: Receipts) -> Reason | None:
    """Say why groups lack something: the reason that the grouping can do most about."""
    if not short:
        return None
    able = [call for call in calls if any(call.supplier in want.suppliers for want in short)]
    slots = [
        (call, s)
        for call in able
        for s, last in call.window.items()
        if any(call.supplier in want.suppliers and s <= want.period <= last for want in short)
    ]
    if not slots:
        return Reason.LEAD_TIME if able else Reason.NO_OFFER
    full = all(
        receipts.get((*call.key, s), 0.0) >= call.largest * (1 - ROUNDING)
        or _total(call, receipts) >= call.most * (1 - ROUNDING)
        for call, s in slots
    )
    return Reason.CAPACITY if full else Reason.LIMITED
