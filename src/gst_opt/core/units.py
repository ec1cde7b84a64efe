"""Numbers with a unit, and identifiers with the table that they refer to.

The unit of a number and the target of a reference are kept in the JSON Schema (``unit``, ``references``),
so that readers, templates and checks find them on the field itself.
"""

from typing import Annotated, Any, get_args

from pydantic import Field, StringConstraints
from pydantic.fields import FieldInfo

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:\-]*$", min_length=1, max_length=64)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Note = Annotated[str, StringConstraints(max_length=500)]


def _reference(table: str) -> Any:
    return Field(json_schema_extra={"references": table})


def _unit(name: str) -> Any:
    return Field(ge=0, json_schema_extra={"unit": name})


FacilityId = Annotated[Identifier, _reference("facilities")]
ZoneId = Annotated[Identifier, _reference("zones")]
PlaceId = Annotated[Identifier, _reference("places")]
SkillId = Annotated[Identifier, _reference("skills")]
ServiceId = Annotated[Identifier, _reference("services")]
PeriodId = Annotated[Identifier, _reference("periods")]
EquipmentTypeId = Annotated[Identifier, _reference("equipment_types")]
NeedId = Annotated[Identifier, _reference("needs")]
PathwayId = Annotated[Identifier, _reference("pathways")]
MobileUnitId = Annotated[Identifier, _reference("mobile_units")]
SupplierId = Annotated[Identifier, _reference("suppliers")]
ReferenceId = Annotated[Identifier, _reference("product_references")]
LotId = Annotated[Identifier, _reference("lots")]
ScheduleId = Annotated[Identifier, _reference("discount_schedules")]
DepotId = Annotated[Identifier, _reference("depots")]
SupportFunctionId = Annotated[Identifier, _reference("support_functions")]
BudgetLineId = Annotated[Identifier, _reference("budget_lines")]
FundingScenarioId = Annotated[Identifier, _reference("funding_scenarios")]

Minutes = Annotated[float, _unit("min")]
Days = Annotated[float, _unit("day")]
Hours = Annotated[float, _unit("h")]
HalfDays = Annotated[float, _unit("half-day")]
SessionCount = Annotated[float, _unit("session")]
SquareMetres = Annotated[float, _unit("m2")]
CubicMetres = Annotated[float, _unit("m3")]
Km = Annotated[float, _unit("km")]
Mad = Annotated[float, _unit("MAD")]
Fte = Annotated[float, _unit("FTE")]
Heads = Annotated[int, _unit("head")]
Beds = Annotated[int, _unit("bed")]
Units = Annotated[int, _unit("unit")]
Quantity = Annotated[float, _unit("unit")]
Acts = Annotated[float, _unit("act")]
Inhabitants = Annotated[int, _unit("inhabitant")]
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "share"})]
Year = Annotated[int, Field(ge=1900, le=2200, json_schema_extra={"unit": "year"})]
Latitude = Annotated[float, Field(ge=-90, le=90, json_schema_extra={"unit": "degree"})]
Longitude = Annotated[float, Field(ge=-180, le=180, json_schema_extra={"unit": "degree"})]


def reference_of(field: FieldInfo) -> str:
    """Return the table that a field refers to, or an empty string."""
    return _extra(field, "references")


def unit_of(field: FieldInfo) -> str:
    """Return the unit of a field, or an empty string."""
    return _extra(field, "unit")


def _extra(field: FieldInfo, name: str) -> str:
    """Look on the field, then inside an optional annotation (``FacilityId | None``)."""
    nested = [meta for arg in get_args(field.annotation) for meta in get_args(arg) if isinstance(meta, FieldInfo)]
    for info in (field, *nested):
        if isinstance(info.json_schema_extra, dict) and name in info.json_schema_extra:
            return str(info.json_schema_extra[name])
    return ""
