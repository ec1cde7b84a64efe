"""Plans for groupings of public health facilities, with a proof.

>>> import gst_opt as gst
>>> grouping = gst.load_sample("two_towns")
>>> result = gst.solve(gst.RedeploymentProblem.of(grouping))
>>> result.status
<Status.OPTIMAL: 'optimal'>
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gst_opt.analysis.accounts import Accounts, accounts, funding_table
    from gst_opt.analysis.comparison import Comparison, compare
    from gst_opt.analysis.establishments import establishments, without_floors
    from gst_opt.analysis.indicator_table import Indicators
    from gst_opt.analysis.indicators import Indicator, board, indicators
    from gst_opt.analysis.part_proofs import part_proofs
    from gst_opt.analysis.pins import PinPrices, pin_prices
    from gst_opt.analysis.plans import Plans
    from gst_opt.analysis.price_table import RulePrices
    from gst_opt.analysis.prices import rule_prices
    from gst_opt.analysis.silo import Silo, silo
    from gst_opt.analysis.tie_values import TieValues, tie_values
    from gst_opt.analysis.transfers import transfers
    from gst_opt.api import solve
    from gst_opt.core.errors import DataError, DataProblem, GstOptError, MissingExtraError, NoPlanError, SolverError
    from gst_opt.core.grouping import Grouping
    from gst_opt.core.restriction import restrict
    from gst_opt.grouping_plan.plan import GroupingPlan
    from gst_opt.grouping_plan.policy import GroupingPolicy
    from gst_opt.grouping_plan.problem import GroupingProblem
    from gst_opt.io import read, write_folder, write_json
    from gst_opt.io.saved import read_result
    from gst_opt.model.changes import Change
    from gst_opt.model.goals import (
        Goal,
        Goals,
        TermLimit,
        TermWeight,
        WorstFirst,
        leximax,
        leximin,
        max_min,
        min_max,
        minimise,
        weighted,
    )
    from gst_opt.model.problem import PinKind
    from gst_opt.network import Travel, catchments, graph, travel
    from gst_opt.pillars.platforms.classic import cflp
    from gst_opt.pillars.platforms.diagnosis import Diagnosis, DiagnosisPolicy, diagnose
    from gst_opt.pillars.platforms.location.changes import LocationChanges
    from gst_opt.pillars.platforms.location.plan import LocationPlan
    from gst_opt.pillars.platforms.location.policy import DemandScenario, Guarantee, LocationPin, LocationPolicy
    from gst_opt.pillars.platforms.location.problem import LocationProblem
    from gst_opt.pillars.platforms.location.roadmap import pathway_roadmap
    from gst_opt.pillars.platforms.location.unreachable import unreachable
    from gst_opt.pillars.purchasing.awards.changes import AwardChanges
    from gst_opt.pillars.purchasing.awards.plan import AwardPlan
    from gst_opt.pillars.purchasing.awards.policy import AwardPin, AwardPolicy, NeedRule
    from gst_opt.pillars.purchasing.awards.problem import AwardProblem
    from gst_opt.pillars.purchasing.calloffs.awarded import AwardedOffer, FrameworkContract
    from gst_opt.pillars.purchasing.calloffs.changes import CallOffChanges
    from gst_opt.pillars.purchasing.calloffs.plan import CallOffPlan
    from gst_opt.pillars.purchasing.calloffs.policy import CallOffPin, CallOffPolicy
    from gst_opt.pillars.purchasing.calloffs.problem import CallOffProblem
    from gst_opt.pillars.purchasing.classic.joint_replenishment import joint_replenishment
    from gst_opt.pillars.purchasing.classic.lot_sizing import capacitated_lot_sizing
    from gst_opt.pillars.purchasing.classic.order_quantity import eoq_discount
    from gst_opt.pillars.purchasing.classic.schedule import TierSchedule
    from gst_opt.pillars.purchasing.classic.single_award import single_award
    from gst_opt.pillars.purchasing.classic.total_quantity.method import total_quantity_discount
    from gst_opt.pillars.purchasing.distribution.arrivals import Arrival
    from gst_opt.pillars.purchasing.distribution.changes import DistributionChanges
    from gst_opt.pillars.purchasing.distribution.facility import facility_receipts
    from gst_opt.pillars.purchasing.distribution.plan import DistributionPlan
    from gst_opt.pillars.purchasing.distribution.policy import DistributionPin, DistributionPolicy
    from gst_opt.pillars.purchasing.distribution.problem import DistributionProblem
    from gst_opt.pillars.purchasing.months import purchases_by_month
    from gst_opt.pillars.purchasing.payments import CashLimit
    from gst_opt.pillars.staff.classic import generalised_assignment, linear_assignment
    from gst_opt.pillars.staff.need import StaffingNeed, needs, staffing_need
    from gst_opt.pillars.staff.redeployment.plan import RedeploymentPlan
    from gst_opt.pillars.staff.redeployment.problem import (
        Equity,
        EquityKind,
        MovePin,
        Priority,
        RedeploymentPolicy,
        RedeploymentProblem,
    )
    from gst_opt.pillars.staff.shared_time.plan import SharedTimePlan
    from gst_opt.pillars.staff.shared_time.problem import SharedTimePin, SharedTimePolicy, SharedTimeProblem
    from gst_opt.pillars.staff.workforce_planning.plan import WorkforcePlan
    from gst_opt.pillars.staff.workforce_planning.problem import (
        WorkforcePin,
        WorkforcePlanningProblem,
        WorkforcePolicy,
    )
    from gst_opt.pillars.support.hubs.plan import HubPlan
    from gst_opt.pillars.support.hubs.policy import HubPin, HubPolicy
    from gst_opt.pillars.support.hubs.problem import HubProblem
    from gst_opt.samples import load_sample, samples
    from gst_opt.solve.interrupts import Cancellation
    from gst_opt.solve.options import Progress, SolveOptions
    from gst_opt.solve.result import Result, Stage, Status, Stop
    from gst_opt.text import Lang

_HOMES = {
    "gst_opt.analysis.accounts": (
        "accounts",
        "Accounts",
        "funding_table",
    ),
    "gst_opt.analysis.comparison": (
        "Comparison",
        "compare",
    ),
    "gst_opt.analysis.establishments": ("establishments", "without_floors"),
    "gst_opt.analysis.indicator_table": ("Indicators",),
    "gst_opt.analysis.indicators": (
        "indicators",
        "Indicator",
        "board",
    ),
    "gst_opt.analysis.part_proofs": ("part_proofs",),
    "gst_opt.analysis.pins": ("PinPrices", "pin_prices"),
    "gst_opt.analysis.plans": ("Plans",),
    "gst_opt.analysis.price_table": ("RulePrices",),
    "gst_opt.analysis.prices": ("rule_prices",),
    "gst_opt.analysis.silo": (
        "silo",
        "Silo",
    ),
    "gst_opt.analysis.tie_values": ("TieValues", "tie_values"),
    "gst_opt.analysis.transfers": ("transfers",),
    "gst_opt.api": ("solve",),
    "gst_opt.core.errors": (
        "DataError",
        "DataProblem",
        "GstOptError",
        "MissingExtraError",
        "NoPlanError",
        "SolverError",
    ),
    "gst_opt.core.grouping": ("Grouping",),
    "gst_opt.core.restriction": ("restrict",),
    "gst_opt.grouping_plan.plan": ("GroupingPlan",),
    "gst_opt.grouping_plan.policy": ("GroupingPolicy",),
    "gst_opt.grouping_plan.problem": ("GroupingProblem",),
    "gst_opt.io": ("read", "write_folder", "write_json"),
    "gst_opt.io.saved": ("read_result",),
    "gst_opt.model.changes": ("Change",),
    "gst_opt.model.goals": (
        "Goal",
        "Goals",
        "TermLimit",
        "TermWeight",
        "WorstFirst",
        "leximax",
        "leximin",
        "max_min",
        "min_max",
        "minimise",
        "weighted",
    ),
    "gst_opt.model.problem": ("PinKind",),
    "gst_opt.network": ("Travel", "catchments", "graph", "travel"),
    "gst_opt.pillars.platforms.classic": ("cflp",),
    "gst_opt.pillars.platforms.diagnosis": ("Diagnosis", "DiagnosisPolicy", "diagnose"),
    "gst_opt.pillars.purchasing.awards.changes": ("AwardChanges",),
    "gst_opt.pillars.purchasing.awards.plan": ("AwardPlan",),
    "gst_opt.pillars.purchasing.awards.policy": ("AwardPin", "AwardPolicy", "NeedRule"),
    "gst_opt.pillars.purchasing.awards.problem": ("AwardProblem",),
    "gst_opt.pillars.purchasing.calloffs.awarded": ("AwardedOffer", "FrameworkContract"),
    "gst_opt.pillars.purchasing.calloffs.changes": ("CallOffChanges",),
    "gst_opt.pillars.purchasing.calloffs.plan": ("CallOffPlan",),
    "gst_opt.pillars.purchasing.calloffs.policy": ("CallOffPin", "CallOffPolicy"),
    "gst_opt.pillars.purchasing.calloffs.problem": ("CallOffProblem",),
    "gst_opt.pillars.purchasing.distribution.arrivals": ("Arrival",),
    "gst_opt.pillars.purchasing.distribution.changes": ("DistributionChanges",),
    "gst_opt.pillars.purchasing.distribution.facility": ("facility_receipts",),
    "gst_opt.pillars.purchasing.distribution.plan": ("DistributionPlan",),
    "gst_opt.pillars.purchasing.distribution.policy": ("DistributionPin", "DistributionPolicy"),
    "gst_opt.pillars.purchasing.distribution.problem": ("DistributionProblem",),
    "gst_opt.pillars.purchasing.months": ("purchases_by_month",),
    "gst_opt.pillars.purchasing.payments": ("CashLimit",),
    "gst_opt.pillars.purchasing.classic.joint_replenishment": ("joint_replenishment",),
    "gst_opt.pillars.purchasing.classic.lot_sizing": ("capacitated_lot_sizing",),
    "gst_opt.pillars.purchasing.classic.order_quantity": ("eoq_discount",),
    "gst_opt.pillars.purchasing.classic.schedule": ("TierSchedule",),
    "gst_opt.pillars.purchasing.classic.single_award": ("single_award",),
    "gst_opt.pillars.purchasing.classic.total_quantity.method": ("total_quantity_discount",),
    "gst_opt.pillars.staff.classic": ("generalised_assignment", "linear_assignment"),
    "gst_opt.pillars.staff.need": ("StaffingNeed", "needs", "staffing_need"),
    "gst_opt.pillars.staff.redeployment.plan": ("RedeploymentPlan",),
    "gst_opt.pillars.staff.redeployment.problem": (
        "Equity",
        "EquityKind",
        "MovePin",
        "Priority",
        "RedeploymentPolicy",
        "RedeploymentProblem",
    ),
    "gst_opt.pillars.staff.shared_time.plan": ("SharedTimePlan",),
    "gst_opt.pillars.platforms.location.changes": ("LocationChanges",),
    "gst_opt.pillars.platforms.location.plan": ("LocationPlan",),
    "gst_opt.pillars.platforms.location.policy": ("DemandScenario", "Guarantee", "LocationPin", "LocationPolicy"),
    "gst_opt.pillars.platforms.location.problem": ("LocationProblem",),
    "gst_opt.pillars.platforms.location.unreachable": ("unreachable",),
    "gst_opt.pillars.platforms.location.roadmap": ("pathway_roadmap",),
    "gst_opt.pillars.staff.shared_time.problem": ("SharedTimePin", "SharedTimePolicy", "SharedTimeProblem"),
    "gst_opt.pillars.staff.workforce_planning.plan": ("WorkforcePlan",),
    "gst_opt.pillars.staff.workforce_planning.problem": (
        "WorkforcePin",
        "WorkforcePlanningProblem",
        "WorkforcePolicy",
    ),
    "gst_opt.pillars.support.hubs.plan": ("HubPlan",),
    "gst_opt.pillars.support.hubs.policy": ("HubPin", "HubPolicy"),
    "gst_opt.pillars.support.hubs.problem": ("HubProblem",),
    "gst_opt.samples": ("load_sample", "samples"),
    "gst_opt.solve.interrupts": ("Cancellation",),
    "gst_opt.solve.options": ("Progress", "SolveOptions"),
    "gst_opt.solve.result": ("Result", "Stage", "Status", "Stop"),
    "gst_opt.text": ("Lang",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Accounts",
    "Arrival",
    "AwardChanges",
    "AwardPin",
    "AwardPlan",
    "AwardPolicy",
    "AwardProblem",
    "AwardedOffer",
    "CallOffChanges",
    "CallOffPin",
    "CallOffPlan",
    "CallOffPolicy",
    "CallOffProblem",
    "Cancellation",
    "CashLimit",
    "Change",
    "Comparison",
    "DataError",
    "DataProblem",
    "DemandScenario",
    "Diagnosis",
    "DiagnosisPolicy",
    "DistributionChanges",
    "DistributionPin",
    "DistributionPlan",
    "DistributionPolicy",
    "DistributionProblem",
    "Equity",
    "EquityKind",
    "FrameworkContract",
    "Goal",
    "Goals",
    "Grouping",
    "GroupingPlan",
    "GroupingPolicy",
    "GroupingProblem",
    "GstOptError",
    "Guarantee",
    "HubPin",
    "HubPlan",
    "HubPolicy",
    "HubProblem",
    "Indicator",
    "Indicators",
    "Lang",
    "LocationChanges",
    "LocationPin",
    "LocationPlan",
    "LocationPolicy",
    "LocationProblem",
    "MissingExtraError",
    "MovePin",
    "NeedRule",
    "NoPlanError",
    "PinKind",
    "PinPrices",
    "Plans",
    "Priority",
    "Progress",
    "RedeploymentPlan",
    "RedeploymentPolicy",
    "RedeploymentProblem",
    "Result",
    "RulePrices",
    "SharedTimePin",
    "SharedTimePlan",
    "SharedTimePolicy",
    "SharedTimeProblem",
    "Silo",
    "SolveOptions",
    "SolverError",
    "StaffingNeed",
    "Stage",
    "Status",
    "Stop",
    "TermLimit",
    "TermWeight",
    "TieValues",
    "TierSchedule",
    "Travel",
    "WorkforcePin",
    "WorkforcePlan",
    "WorkforcePlanningProblem",
    "WorkforcePolicy",
    "WorstFirst",
    "accounts",
    "board",
    "capacitated_lot_sizing",
    "catchments",
    "cflp",
    "compare",
    "diagnose",
    "eoq_discount",
    "establishments",
    "facility_receipts",
    "funding_table",
    "generalised_assignment",
    "graph",
    "indicators",
    "joint_replenishment",
    "leximax",
    "leximin",
    "linear_assignment",
    "load_sample",
    "max_min",
    "min_max",
    "minimise",
    "needs",
    "part_proofs",
    "pathway_roadmap",
    "pin_prices",
    "purchases_by_month",
    "read",
    "read_result",
    "restrict",
    "rule_prices",
    "samples",
    "silo",
    "single_award",
    "solve",
    "staffing_need",
    "tie_values",
    "total_quantity_discount",
    "transfers",
    "travel",
    "unreachable",
    "weighted",
    "without_floors",
    "write_folder",
    "write_json",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOME_OF:
        raise AttributeError(name)
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Names(ModuleType):
    """Keeps `solve` and `samples` the functions, although two subpackages have these names.

    Python binds a subpackage to its parent when it is imported; here the public name stays.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Names
