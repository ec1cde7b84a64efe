"""When suppliers are paid: what falls due in a period, and the money that there is for it; no solver."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from gst_opt.core.frozen import Frozen, Row
from gst_opt.core.time import Period
from gst_opt.core.units import Mad, PeriodId


class CashLimit(Row):
    """Money that may fall due to suppliers in a period."""

    key: ClassVar[tuple[str, ...]] = ("period",)

    period: PeriodId = Field(description="Period")
    mad: Mad = Field(description="Payments to suppliers that fall due in it, at most")


class Payment(Frozen):
    """What falls due to suppliers in a period."""

    period: str = Field(description="Period")
    mad: Mad = Field(description="Payments that fall due")
    max_amount: Mad | None = Field(description="Most that may fall due; empty: no limit")


def due(periods: Sequence[Period], received: int, delay: float) -> int | None:
    """Return the period (position) that pays what another receives on its first day; none after the calendar.

    Parameters
    ----------
    periods
        The calendar.
    received
        Position of the period that receives.
    delay
        Days from receipt to payment.
    """
    day = periods[received].start + timedelta(days=math.ceil(delay))
    return next((t for t in range(received, len(periods)) if day <= periods[t].end), None)
